"""What the command line says about itself."""

from __future__ import annotations

from typing import NamedTuple


class Subcommand(NamedTuple):
    """Where a sub-command lives; an empty `usage` means that its module prints its own help."""

    module: str
    about: str
    usage: str


_RUN = """usage: outcomelab run [-m] [--config-dir DIR] [--cfg job|all] [KEY=VALUE ...]

Simulate, compare, report. The last line printed is the path of the report.

  outcomelab run policy=outcome_focused                            one organisation
  outcomelab run -m policy=experience_focused,outcome_focused      a sweep; the first arm is the baseline
  outcomelab run experiment=experience_vs_outcome size=small       an experiment, shrunk

  -m, --multirun     sweep over comma-separated values; policy, pricing and survey keys make arms,
                     every other key makes contexts, and arms are compared within the same context only
  --config-dir DIR   also read options from DIR (DIR/policy/mine.yaml is then policy=mine)
  --cfg job|all      print the composed configuration instead of running

`outcomelab keys` lists the keys. output=DIR chooses the folder (default results/<name>/<time>)."""

_KEYS = """usage: outcomelab keys [--config-dir DIR] [WORD]

List keys with default, unit, range, grade and source, and metrics with their definitions; WORD selects those that
contain it, and metrics, decision_metric or primary_metrics list every metric."""

_REPORT = """usage: outcomelab report [--csv] [--figure FILE] [--page FILE] [DIR]

Write the report of a result folder again (default: results/latest) and print its path;
--csv also writes every table as CSV into DIR/csv, --figure the figure that FILE is named after,
--page figure and tables into the block of the document FILE between the marks `produced`."""

_DEFINE = """usage: outcomelab define [DIR] [METRIC]

Compute a metric of a result folder (default: results/latest) under several published definitions from the
same tables: what each one is and who published it, its value per arm, what moves one to the next, and one
line `flip ...` wherever two definitions put two arms in opposite order (clear: both intervals exclude 0).

  outcomelab define                                                every metric of the latest result
  outcomelab define latest nrr                                     one metric

METRIC is nrr, grr, churn, ltv, cac, payback, ttv, activation, ttr or nps."""

_COMPARE = """usage: outcomelab compare [--metric NAME] DIR[:ARM] DIR[:ARM]

Compare arms of two results, the first being the baseline: each arm of the second against its namesake, or else
against the first's baseline, in every context they share; the same folder twice sets its arms against its baseline.
Paired by replication where seed, candidates, horizon and code agree; else it says so and the interval is Welch's;
refused where currency, market, discount rate or length of follow-up differ. A folder of one arm
(DIR/arms/CONTEXT/ARM) will do, too, and latest is the newest result.

  outcomelab compare results/run/before results/run/after
  outcomelab compare results/a:balanced latest:outcome_focused
  outcomelab compare --metric nps results/a results/b"""

_TRAP = """usage: outcomelab trap [--score NAME] [--value NAME] [--page FILE] experiment=NAME [KEY=VALUE ...]

Search the smallest change of assumptions after which a score (default nps) and a value (default nrr_24) clearly order
an experiment's two arms in opposite ways: along each of its design.uncertainties alone, then along pairs, both arms
on the same luck. Prints the change in words and what following the score costs there, on fresh replications, or that
there is none within the ranges. --page writes it into the block of FILE between the marks `produced`.

  outcomelab trap experiment=nps_trap
  outcomelab trap --value logo_retention_12 experiment=nps_trap replications=6
  outcomelab trap experiment=when_does_experience_win 'metrics=[value,scores,retention]'"""

_CLASSROOM = """usage: outcomelab classroom --out FILE.html [--policies A,B] [--config-dir DIR] [KEY=VALUE ...]

Write a lesson as one offline page: do happy customers leave? A slider moves what customers' decisions weigh, from
what they get to how they are treated, in eleven steps; the same question is asked at three moments, and two policies
stand side by side. Simulates configs/experiment/classroom.yaml (a minute or two the first time; the store keeps it).

  outcomelab classroom --out lesson.html
  outcomelab classroom --out lesson.html --policies traditional,outcome_focused
  outcomelab classroom --out lesson.html survey.instruments.nps.share_experience=null
  outcomelab classroom --out quick.html replications=4

docs/classroom.md is a plan for five minutes in front of a class."""

_STORY = """usage: outcomelab story RUN CUSTOMER [--replication R] [--width COLUMNS]
       outcomelab story RUN --happy-leaver | --unhappy-stayer [--replication R]

Tell one simulated life: dates, touches, what was felt, what was answered, what was owed, why it ended;
the same person's life under the other policies stands beside it.

  outcomelab story latest --happy-leaver
  outcomelab story results/latest/arms/both_matter/outcome_focused 81

RUN is a result folder (its baseline in its first context), the folder of one arm, or latest."""

_RUNS = """usage: outcomelab runs list [WORD]
       outcomelab runs show KEY
       outcomelab runs clean [KEY ...] [--older-than DAYS] [--all]

The store keeps every finished replication, so that nothing is simulated twice and an interrupted command goes on
where it stopped. list shows scenarios with their replications by state; show one scenario's configuration and
failures; clean without a choice removes what another version of the code made.

--store DIR names another store (default $OUTCOMELAB_STORE, else results/store); `outcomelab run store=null` keeps
nothing, store_gigabytes=N bounds it."""

_QUERY = """usage: outcomelab query [--csv] [--store DIR] "SELECT ..."

SQL over one table, metrics, that holds what every finished study measured: experiment, study, context, settings,
arm, seed, replication, metric, view, segment, time_days, value, n. Nothing else can be read, and nothing written.

  outcomelab query "SELECT context, arm, avg(value) FROM metrics WHERE metric = 'won_share' GROUP BY ALL"
  outcomelab query "DESCRIBE metrics"

Needs DuckDB (.venv/bin/pip install -c constraints.txt -e '.[query]' in the project's folder);
docs/store.md shows the same from pandas."""

_VERIFY = """usage: outcomelab verify [--quick] [--seed N] [FAMILY ...] [FAMILY.KEY=VALUE ...]

Drive the simulator's own parts with parameters of your choice and compare what they do with exact formulas. One line
per quantity: family, quantity, simulated, exact, standard error, pass or fail; exit code 1 if one fails.

  outcomelab verify --quick                                        all four families, in a few seconds
  outcomelab verify --quick mmc.arrivals=8 mmc.servers=10          a desk of ten people
  outcomelab verify sbg.alpha=0.8 sbg.beta=3 collar                ten times as much of two families

  sbg      retention of contracts: alpha, beta of the churn probability; discount per term, terms
  mmc      waiting at a desk: arrivals and served per day (of one person), servers
  nps      a score's margin of error: promoters, detractors (shares), answers of one survey
  collar   a fee with floor and cap: base, share, floor, cap; mean and deviation of the outcome's worth"""

_OPTIMISE = """usage: outcomelab optimise policy=A,B over=KEYS [trials=N] [within=F] [--config-dir DIR] [KEY=VALUE ...]

Give each policy its best allocation before comparing them, so that none is a straw man. Every trial runs the same
replications, and its gain is the paired difference of the decision metric to the policy as shipped. The best trial is
confirmed under the next seed, and adopted only if it is better there too.

  outcomelab optimise policy=experience_focused,outcome_focused over='policy.staffing.*' size=small

over lists keys of the levers (* matches several); each positive number moves between its value divided and
multiplied by within (default 2), zeros and counts stay. trials (default 40) are those of each policy. The folder
printed last holds trials.parquet, confirmation.parquet and an experiment with the policies as adopted:

  outcomelab run --config-dir FOLDER experiment=optimised

Needs optuna (.venv/bin/pip install -c constraints.txt -e '.[optimise]' in the project's folder)."""

_COMPLETION = """usage: outcomelab completion bash|zsh|fish

Print the shell's completion script, for example:  eval "$(outcomelab completion bash)" """

SUBCOMMANDS = {
    "run": Subcommand("sim.command.run", "simulate one or several organisations, compare, report", _RUN),
    "keys": Subcommand("sim.command.keys", "list what can be set: unit, range, default, source, grade", _KEYS),
    "report": Subcommand("sim.report.command", "write a result's report again, or its tables as CSV", _REPORT),
    "define": Subcommand("sim.command.define", "one metric, several definitions, and where they disagree", _DEFINE),
    "compare": Subcommand("sim.command.compare", "arms of two results, paired where that is allowed", _COMPARE),
    "trap": Subcommand("sim.command.trap", "how far a score is from misleading: the smallest change", _TRAP),
    "classroom": Subcommand(
        "sim.command.classroom", "a lesson as one offline page: do happy customers leave?", _CLASSROOM
    ),
    "story": Subcommand("sim.story.command", "tell one customer's life, and its twin's beside it", _STORY),
    "runs": Subcommand("sim.store.command", "what the store holds: list, show, clean", _RUNS),
    "query": Subcommand("sim.store.query", "SQL over what all studies measured", _QUERY),
    "verify": Subcommand("sim.verify.command", "the simulator's own parts against exact formulas", _VERIFY),
    "optimise": Subcommand("sim.command.optimise", "each policy at its best allocation, then compared", _OPTIMISE),
    "fit": Subcommand("sim.experiments.fit", "turn a customer file into a market", ""),
    "bench": Subcommand("sim.experiments.bench", "measure simulation, store or experiment; one JSON line", ""),
    "reference": Subcommand("sim.experiments.reference", "remake the frozen reference of a market", ""),
    "calibration": Subcommand("sim.experiments.calibration", "published ranges beside what the markets do", ""),
    "completion": Subcommand("sim.command.completion", "shell completion", _COMPLETION),
}

EXAMPLES = """  outcomelab run experiment=experience_vs_outcome
  outcomelab run -m policy=experience_focused,outcome_focused world=no_effect size=small
  outcomelab keys promise"""

OVERVIEW = "\n".join(
    [
        "outcomelab: two organisations serve the very same simulated customers; which was worth more?",
        "",
        "usage: outcomelab COMMAND [ARGUMENTS]",
        "",
        *(f"  {name:<11} {command.about}" for name, command in SUBCOMMANDS.items()),
        "",
        "examples:",
        EXAMPLES,
        "",
        "outcomelab COMMAND --help says more.",
    ]
)
