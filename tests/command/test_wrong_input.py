"""Every wrong input: one sentence with the nearest valid name, exit 2, no traceback, no folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim import load_scenario
from sim.checks import InputError

from .conftest import Said

Say = Callable[..., Said]

CASES = [
    (["replications=0"], "replications must be in [1, 100000], got 0"),
    (["replications=2.5"], "replications must be a whole number"),
    (["seed=-1"], "seed must be in [0, 4294967295], got -1"),
    (["seed=1.5"], "seed must be a whole number in [0, 4294967295], got 1.5"),
    (["seed=abc"], "got 'abc'"),
    (["seed=true"], "got True"),
    (["seed=null"], "seed must be a whole number"),
    (["horizon_months=0"], "horizon_months must be in [1, 240], got 0"),
    (["horizon_months=-3"], "got -3"),
    (["horizon_months=nan"], "got nan"),
    (["horizon_months=inf"], "got inf"),
    (["horizon_months=.inf"], "got '.inf'"),
    (["horizon_months=abc"], "horizon_months must be a number in [1, 240], got 'abc'"),
    (["n_jobs=0"], "n_jobs must be -1 or at least 1, got 0"),
    (["n_jobs=two"], "n_jobs must be a whole number"),
    (["discount_rate_per_year=2"], "discount_rate_per_year must be in [0, 1], got 2"),
    (["worthwhile_difference=-1"], "worthwhile_difference must be in"),
    (["currency=3"], "currency must be a word, got 3"),
    (["baseline=balaned"], "got balaned: did you mean balanced?"),
    (["baseline=nobody"], "baseline must be one of the arms balanced, got nobody"),
    (["allow_code=3"], "allow_code must be names of packages"),
    (["allow_code=[a.b]"], "allow_code must be names of packages"),
    (["sed=3"], "there is no key sed: did you mean seed?"),
    (["horizon=3"], "did you mean horizon_months?"),
    (["polcy=balanced"], "did you mean policy?"),
    (["policy=outcome_focussed"], "policy has no option outcome_focussed: did you mean outcome_focused?"),
    (["policy.sales.promis=1"], "did you mean policy.sales.promise?"),
    (["policy/sale=qualify"], "did you mean policy/sales?"),
    (["policy/sales=qualfy"], "did you mean qualify?"),
    (["experiment=experience_vs_outcomes"], "did you mean experience_vs_outcome?"),
    (["size=tiny"], "size has no option tiny"),
    (["+nonsense=1"], "there is no key nonsense"),
    (["policy=balanced,outcome_focused"], "add -m to sweep"),
    (["seed=range(0,3)"], "add -m to sweep"),
    (["-m", "policy.sales.promise=interval(0,1)"], "is no list of values"),
    (["-m", "output=a,b"], "output cannot be swept"),
    (["-m", "policy=balanced,nobody"], "policy has no option nobody"),
    (["policy"], "is neither KEY=VALUE nor a flag"),
    (["--mutlirun"], "did you mean --multirun?"),
    (["--config-dir", "nowhere"], "--config-dir must be a folder, got 'nowhere'"),
    (["--experimental-rerun=x"], "run has no flag"),
    (["title=a=b=[c"], "cannot read"),
    (["pricing.cap_share=2"], """arms.NAME='["pricing=outcome_based","pricing.cap_share=VALUE"]'"""),
    (["+contexts.a=[world/rivals=entrant, seed=3]"], """contexts.a='["world/rivals=entrant","seed=3"]'"""),
    (["market.contract.term_months=${nowhere}"], "does not resolve"),
    (["policy=3"], "policy must name an option of its group, got policy=3"),
    (["policy=null"], "policy must name an option of its group, got policy=null"),
    (["policy=[balanced]"], "policy must name one option of its group, got none"),
    (["~policy"], "policy must name one option of its group, got none"),
    (["=3"], "'=3' is neither KEY=VALUE nor a flag"),
    (["-m", "policy=balanced,"], "cannot read 'policy=balanced,': a value is missing after the last comma"),
    (["metrics=[value,]"], "a value is missing after the last comma"),
    (["-m", "seed=,1"], "a value is missing before the first comma"),
    (["-m", "seed=1,,2"], "a value is missing between commas"),
    (["world/aggregate=minimum"], "world/aggregate is chosen as world/aggregate@world.value.aggregate=OPTION"),
    (["policy=transforming", "policy/sales=qualify"], "or policy/sales@policy.target.sales=OPTION"),
    (["policy/rollout=piloted"], "no part of what is chosen here: it comes with policy=transforming"),
    (["metrics=[valeu]"], "metrics has no option valeu: did you mean value?"),
    (["only_fill=true"], "only_fill is set by the program for each scenario and must be left out, got True"),
    (["statement=3"], "statement has keys of its own (outcomelab keys statement), got 3"),
    (["panel=3"], "panel has keys of its own (outcomelab keys panel), got 3"),
    (["panel={_target_:sim.context.panel.Panel}"], "panel cannot be made: "),
    (["-m", "seed=range(0,0)"], "'seed=range(0,0)' must give 1 to 100000 values to sweep over, got none"),
    (["-m", "seed=range(0,1,0)"], "'seed=range(0,1,0)' cannot be swept: range() arg 3 must not be zero"),
    (["-m", "policy=glob(zzz*)"], "'policy=glob(zzz*)' must give 1 to 100000 values to sweep over, got none"),
    (["-m", "seed=range(0,1000000000)"], "must give 1 to 100000 values to sweep over, got more"),
    (["-m", "seed=range(0,1000)", "horizon_months=range(1,200)"], "at most 100000 scenarios, got 199000"),
    (["-m", "replications=1,2"], "replications cannot be swept"),
    (["design={kind:grid,points:2,levers:{polcy.sales.promise:[.1]}}"], "did you mean policy.sales.promise?"),
    (["design={kind:grid,points:2,levers:{policy.sales.promis:[.1]}}"], "did you mean policy.sales.promise?"),
    (["--config-dir"], "--config-dir needs a value"),
    (["--config-dir", ""], "--config-dir must be a folder, got ''"),
    (["output=/dev/null/x"], "output must be a folder that can be written"),
]


@pytest.mark.parametrize(("argv", "sentence"), CASES, ids=[" ".join(argv) for argv, _ in CASES])
def test_one_sentence_and_nothing_left(say: Say, tree: Path, argv: list[str], sentence: str) -> None:
    said = say("run", *argv)
    assert (said.code, said.out) == (2, [])
    assert sentence in said.err
    assert len(said.err.strip().splitlines()) == 1 and "Traceback" not in said.err
    assert list(tree.iterdir()) == []


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["rnu"], "unknown command 'rnu': did you mean run?"),
        (["simulate"], "unknown command 'simulate'; outcomelab --help lists them"),
        (["keys", "seeed"], "no key contains 'seeed': did you mean seed?"),
        (["keys", "a", "b"], "keys takes one word"),
        (["completion", "tcsh"], "completion needs one of bash, zsh, fish"),
        (["report", "nowhere"], "nowhere"),
        (["report"], "results/latest"),
        (["trap", "--score"], "--score needs a value"),
        (["compare", "--metric"], "--metric needs a value"),
        (["bench", "nothing"], "what must be one of simulation, store, experiment, got 'nothing'"),
        (["bench", "stroe"], "did you mean store?"),
        (["runs", "lst"], "action must be one of list, show, clean, got 'lst': did you mean list?"),
        (["runs", "list", "--nothing"], "runs has no flag '--nothing'"),
        (["report", "--figure"], "--figure needs a value"),
        (["report", "--page="], "--page needs a value"),
        (["report", "--csvv"], "report has no flag '--csvv': did you mean --csv?"),
        (["report", "--csv=3"], "--csv takes no value, got '--csv=3'"),
        (["keys", "--config-dir"], "--config-dir needs a value"),
        (["reference", "foo"], "unknown market 'foo'; there are consumer, enterprise, mid_market, smb"),
        (["runs", "clean", "--older-than", "-1"], "--older-than must be in [0, 1e+06], got -1"),
        (
            ["trap", "experiment=nps_trap", "--page", "nowhere.md"],
            "--page must be a document that exists, got nowhere.md",
        ),
    ],
)
def test_other_commands(say: Say, argv: list[str], sentence: str) -> None:
    said = say(*argv)
    assert said.code == 2 and sentence in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_no_metrics_at_all_is_a_choice() -> None:
    """The frozen reference of a changed market is measured so."""
    assert load_scenario("metrics=[]").metrics == ()


@pytest.mark.parametrize(
    "override",
    [
        *("world.attracting.gate=1", "policy.sales=oversell", "policy.sales=null", "world.process=null"),
        *("pricing.conditions=null", "market.tickets=null", "survey.instruments=null", "survey.instruments.nps=null"),
        *("survey.halo=null", "world.society.personas.kinds=null"),
    ],
)
def test_a_number_a_word_or_null_in_the_place_of_a_part_is_refused(override: str) -> None:
    key, _, value = override.partition("=")
    with pytest.raises(InputError, match=rf"^{key} has keys of its own \(outcomelab keys [\w.]+\), got '?{value}'?$"):
        load_scenario(override)


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("metrics.value=null", "metrics.value must not be null: leave it out"),
        ("survey.instruments.ces=null", "survey.instruments.ces must not be null: leave it out"),
        ("metrics.retention.months=null", "metrics.retention.months must be a list, got null"),
        ("metrics.retention.months=[12,0]", r"metrics.retention.months\[1\] must be in \[0.1, 1200\], got 0"),
        ("metrics.retention.base_months=null", "metrics.retention.base_months must be a number, got null"),
        ("metrics.definitions.marketing_accounts=null", "metrics.definitions.marketing_accounts must not be null"),
    ],
)
def test_what_a_run_would_fall_over_is_refused_before_it(override: str, sentence: str) -> None:
    chosen = "metrics=[value,retention,definitions]"
    with pytest.raises(InputError, match=f"^{sentence}$"):
        load_scenario(chosen, override)


def test_full_error_shows_the_traceback(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    said = say("run", "sed=3")
    assert said.code == 2
    assert "Traceback" in said.err and said.sentence == "outcomelab: there is no key sed: did you mean seed?"


def test_a_crash_is_no_wrong_input(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("sim.experiments.plan.plan", broken)
    said = say("run")
    assert said.code == 1
    assert said.sentence == "outcomelab: stopped by RuntimeError: a bug (HYDRA_FULL_ERROR=1 shows where)"


def test_an_output_with_a_result_is_not_written_over(say: Say) -> None:
    assert say("run", "replications=2", "output=mine").code == 0
    said = say("run", "replications=2", "output=mine")
    assert said.code == 2 and "which holds one" in said.err


def test_a_folder_without_manifest_is_used_again(say: Say, tree: Path) -> None:
    (tree / "mine").mkdir()
    (tree / "mine" / "notes.txt").write_text("kept")
    assert say("run", "replications=2", "output=mine").code == 0
    assert (tree / "mine" / "notes.txt").read_text() == "kept"
    assert (tree / "mine" / "manifest.json").exists()
