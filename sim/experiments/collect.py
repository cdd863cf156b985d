"""After the jobs: put their tables together, compare the arms context by context, write the study's files."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.command_keys import OF_A_JOB, PLACES
from sim.experiments.across import write_across
from sim.experiments.claims import Judged, claim_line, judge
from sim.experiments.compare import compare
from sim.experiments.designs.answers import write_answers
from sim.experiments.equal_result import equal_result_lines, is_base, with_equal_results
from sim.experiments.files import METRICS
from sim.experiments.job import CONFIG, FAILURE, config_text
from sim.experiments.manifest import combined_hash, read_manifest, write_manifest
from sim.experiments.statement import statement_lines
from sim.experiments.steady_state import write_steady_state
from sim.experiments.tariffs import tariff_lines, timing_note
from sim.experiments.together import primary_metrics, write_together
from sim.experiments.until import Ended, contexts_of, until_lines
from sim.experiments.verdict_lines import told
from sim.metrics.catalogue import definitions, measures_of
from sim.tables import write_atomically, write_result

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.plan import Job, Study

MISSING = ("context", "arm", "overrides", "reason")
"""What the manifest says of a scenario that left no result."""


SAID = "said.txt"
"""What the study says besides its verdicts and claims, as printed; turning points and associations of firms too."""


@dataclass
class Outcome:
    """What the jobs of a study left behind."""

    study: Study
    folder: Path
    families: tuple[Any, ...] = ()
    ended: dict[str, Ended] = field(default_factory=dict)
    """How each context ended its replications; empty without `until`."""
    manifests: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of the jobs with at least one replication, by job folder."""
    missing: list[dict[str, Any]] = field(default_factory=list)
    """Of the others: context, arm, overrides, reason, wrong_input."""

    @property
    def complete(self) -> bool:
        """Every job ran every replication."""
        return not self.missing and all(m["complete"] for m in self.manifests.values())

    @property
    def finished_jobs(self) -> list[Job]:
        """Jobs with something to show, in the study's order."""
        return [job for job in self.study.jobs if job.folder in self.manifests]


def gather(study: Study, folder: Path, families: tuple[Any, ...], ended: dict[str, Ended]) -> Outcome:
    """Read which jobs finished and why the others did not."""
    outcome = Outcome(study, folder, families, ended)
    for job in study.jobs:
        manifest = read_manifest(folder / job.folder)
        if manifest is not None and manifest["finished"] > 0:
            outcome.manifests[job.folder] = manifest
        else:
            row = {"context": job.context.name, "arm": job.arm, "overrides": own_overrides(study, job)}
            outcome.missing.append({**row, **_why(study, folder / job.folder)})
    return outcome


def own_overrides(study: Study, job: Job) -> list[str]:
    """What sets a job apart from the others of its study."""
    return [word for word in job.overrides if word not in study.overrides and not word.startswith("++")]


def _why(study: Study, folder: Path) -> dict[str, Any]:
    path = folder / FAILURE
    if not path.exists():
        others = study.settings.on_failure == "stop" and any(folder.parents[1].glob(f"*/*/{FAILURE}"))
        reason = "it was stopped before it had left a result"
        reason = "it was not begun, because another had failed" if others else reason
        return {"reason": reason, "wrong_input": others, "stopped": not others}
    facts = json.loads(path.read_text(encoding="utf-8"))
    return {"reason": facts["reason"], "wrong_input": facts["wrong_input"], "stopped": False}


def write_study(outcome: Outcome) -> list[str]:
    """Write metrics, comparison, definitions and config.yaml; return the lines to print."""
    import pandas as pd

    study, folder = outcome.study, outcome.folder
    metrics = pd.concat([_metrics(outcome, job) for job in outcome.finished_jobs], ignore_index=True)
    known = measures_of(outcome.families)
    metrics = with_equal_results(study, metrics, known)
    write_result(metrics, folder / METRICS)
    _tabulate(outcome, metrics)
    defined = json.dumps(definitions(metrics["metric"].astype(str), known), indent=2)
    write_atomically(folder / "definitions.json", (defined + "\n").encode())
    hidden = (*OF_A_JOB, *PLACES)
    text = config_text({key: value for key, value in study.tree.items() if key not in hidden})
    write_atomically(folder / CONFIG, text)
    contexts = dict.fromkeys(job.context.name for job in outcome.finished_jobs if is_base(study, job.context))
    compared = [table for name in contexts if (table := _compare(outcome, metrics, name)) is not None]
    whole = pd.concat(compared, ignore_index=True) if compared else None
    if whole is not None:
        write_result(whole, folder / "comparison.parquet")
    across = write_across(outcome, metrics) + write_steady_state(outcome, metrics)
    together = write_together(outcome, metrics, compared)
    if study.design is None:
        verdicts = told(compared, primary_metrics(study.settings))
    else:
        verdicts = told(compared, [study.settings.decision_metric], brief=True)
    tariffs = tariff_lines(outcome.manifests.values()) + _timing(outcome)
    answers = write_answers(study, folder, metrics, whole, known)
    said = statement_lines(study.tree, metrics) + equal_result_lines(study, metrics) + answers + across
    if said:
        write_atomically(folder / SAID, ("\n".join(said) + "\n").encode())
    return tariffs + said + until_lines(study, outcome.ended) + verdicts + together + _claims(outcome, metrics)


def _timing(outcome: Outcome) -> list[str]:
    tariffs = [manifest["tariff"] for manifest in outcome.manifests.values() if manifest.get("tariff")]
    said = timing_note(tariffs, outcome.study.settings.decision_metric)
    return [f"note: {said}"] if said else []


def _tabulate(outcome: Outcome, metrics: pd.DataFrame) -> None:
    """Add the study to the store's table, unless it was interrupted."""
    from sim.store.code import code_version
    from sim.store.table import Scenario, write_part

    study, root = outcome.study, outcome.study.settings.store_folder
    whole = all(m["complete"] for m in outcome.manifests.values()) and not any(
        row["stopped"] for row in outcome.missing
    )
    if root is None or not whole:
        return
    scenarios = []
    for job in outcome.finished_jobs:
        swept = ",".join(f"{key}={value}" for key, value in job.context.columns if key != "context")
        rows = metrics[(metrics["context"] == job.context.name) & (metrics["arm"] == job.arm)]
        facts = outcome.manifests[job.folder]
        key, seed = str(facts["made_from"]), int(facts["seed"])
        scenarios.append(Scenario(key, job.context.name, swept, job.arm, seed, rows))
    try:
        write_part(root, study.name, code_version(study.settings.allow_code), scenarios)
    except InputError as error:
        print(f"outcomelab: the store's table lacks this study: {error}", file=sys.stderr)


def _claims(outcome: Outcome, metrics: pd.DataFrame) -> list[str]:
    """Write `claims.parquet` where the experiment declares claims; lines to print."""
    import pandas as pd

    found = judge(outcome.study, metrics, outcome.families)
    if found:
        write_result(pd.DataFrame(found, columns=list(Judged._fields)), outcome.folder / "claims.parquet")
    return [claim_line(one) for one in found]


def _metrics(outcome: Outcome, job: Job) -> pd.DataFrame:
    import pandas as pd

    frame = pd.read_parquet(outcome.folder / job.folder / METRICS)
    return frame.astype({"arm": "str", "context": "str", "metric": "str", "view": "str", "segment": "str"})


def _compare(outcome: Outcome, metrics: pd.DataFrame, context: str) -> pd.DataFrame | None:
    """The arms of one context that finished; the first of them stands in for a missing baseline."""
    here = metrics[metrics["context"] == context]
    arms = {arm: here[here["arm"] == arm] for arm in dict.fromkeys(here["arm"])}
    if len(arms) < 2:
        return None
    wanted = outcome.study.settings
    baseline = outcome.study.baseline if outcome.study.baseline in arms else next(iter(arms))
    return compare(
        arms,
        baseline,
        wanted.decision_metric,
        wanted.worthwhile_difference,
        context,
        measures_of(outcome.families),
        wanted.until == "clear",
    )


def finish(outcome: Outcome, command: str, started: float) -> None:
    """Write the study's manifest, last of all."""
    study = outcome.study
    done = list(outcome.manifests.values())
    facts = {
        "complete": outcome.complete,
        "name": study.name,
        "title": study.settings.title,
        "command": command,
        "seed": study.settings.seed,
        "replications": study.settings.replications,
        "until": list(contexts_of(outcome.ended)),
        "baseline": study.baseline,
        "decision_metric": study.settings.decision_metric,
        "arms": [
            {"context": job.context.name, "arm": job.arm, "folder": job.folder, "finished": manifest["finished"]}
            for job in outcome.finished_jobs
            for manifest in [outcome.manifests[job.folder]]
        ],
        "missing": [{key: row[key] for key in MISSING} for row in outcome.missing],
        "events": sum(manifest["events"] for manifest in done),
        "config_hash": combined_hash([manifest["config_hash"] for manifest in done]),
        "wall_seconds": round(time.perf_counter() - started, 3),
    }
    write_manifest(outcome.folder, facts)
