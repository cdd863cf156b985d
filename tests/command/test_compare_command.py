"""`outcomelab compare` on results written by hand: paired where that is allowed, Welch's or a refusal elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.command.main import main
from sim.experiments.compare import compare

EFFECT = {"balanced": 0.0, "outcome_focused": 9.0}
METRICS = ("net_cash_per_candidate", "revenue_per_candidate", "nps")
CONFIG = {
    "currency": "EUR", "discount_rate_per_year": 0.1, "horizon_months": 60.0, "candidates_share": 1.0, "panel": None,
    "decision_metric": "net_cash_per_candidate", "worthwhile_difference": None, "budget_scale": 1.0, "until": None,
    "market": {"contract": {"term_months": 12}}, "world": {},
}  # fmt: skip


class Said:
    """What one command line did."""

    def __init__(self, code: int, out: list[str], err: str) -> None:
        self.code, self.out, self.sentence = code, out, err.strip()


def say(capsys: pytest.CaptureFixture[str], *argv: str) -> Said:
    code = main(["compare", *argv])
    said = capsys.readouterr()
    return Said(code, said.out.splitlines(), said.err)


def cash(said: Said) -> list[list[str]]:
    """Fields of the headline verdicts."""
    assert said.code == 0, said.sentence
    lines = [line.split() for line in said.out if line.startswith("verdict net_cash_per_candidate ")]
    assert all(len(fields) == 9 for fields in lines)
    return lines


def long(arm: str, seed: int) -> pd.DataFrame:
    """Six replications with an effect of the policy that is the same in all of them."""
    view = {"nps": "respondents"}
    rows = [
        (r, name, view.get(name, "truth"), "all", np.nan, 100.0 + seed + np.sin(r + i + 5 * seed) + EFFECT[arm], 50)
        for r in range(6)
        for i, name in enumerate(METRICS)
    ]
    return pd.DataFrame(rows, columns=["replication", "metric", "view", "segment", "time_days", "value", "n"])


def result(folder: str, *arms: str, seed: int = 0, contexts: tuple[str, ...] = ("-",)) -> None:
    rows = []
    for context in contexts:
        for arm in arms:
            place = Path(folder) / "arms" / context / arm
            place.mkdir(parents=True)
            (place / "config.yaml").write_text(yaml.safe_dump(CONFIG | {"seed": seed}))
            facts = {"arm": arm, "context": context, "finished": 6, "code": "here"}
            (place / "manifest.json").write_text(json.dumps(facts))
            long(arm, seed).to_parquet(place / "metrics.parquet")
            rows.append({"context": context, "arm": arm, "folder": f"arms/{context}/{arm}"})
    (Path(folder) / "manifest.json").write_text(json.dumps({"baseline": arms[0], "arms": rows}))


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """before: one arm; after: two; other: one with another seed."""
    monkeypatch.chdir(tmp_path)
    result("before", "balanced")
    result("after", "balanced", "outcome_focused")
    result("other", "outcome_focused", seed=3)


def edit(folder: str, file: str = "config.yaml", **values: object) -> None:
    """Change top-level entries of every job's file."""
    for path in Path(folder).glob(f"arms/*/*/{file}"):
        tree = yaml.safe_load(path.read_text()) | values
        path.write_text(json.dumps(tree) if file.endswith("json") else yaml.safe_dump(tree))


def test_namesakes_and_the_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    """The namesake is the very same run; the other arm meets the baseline and its paired effect is exact."""
    said = say(capsys, "before", "after")
    same, other = cash(said)
    assert same[2:5] == ["after:balanced", "before:balanced", "identical"]
    assert other[2:5] == ["after:outcome_focused", "before:balanced", "better"]
    assert float(other[5]) == pytest.approx(9.0) == pytest.approx(float(other[6])) == pytest.approx(float(other[7]))
    assert said.out[0].startswith("paired: after:balanced and before:balanced") and "6 replications" in said.out[0]


def test_arms_chosen_and_folders_of_one_arm(capsys: pytest.CaptureFixture[str]) -> None:
    (chosen,) = cash(say(capsys, "after:balanced", "after:outcome_focused"))
    (folders,) = cash(say(capsys, "before/arms/-/balanced", "after/arms/-/outcome_focused"))
    assert chosen[4:8] == folders[4:8] and chosen[4] == "better"


def test_the_command_agrees_with_a_comparison_in_one_study(capsys: pytest.CaptureFixture[str]) -> None:
    own = compare({name: long(name, 0) for name in EFFECT}).query("metric == 'net_cash_per_candidate'").iloc[0]
    (fields,) = cash(say(capsys, "after", "after:outcome_focused"))
    assert [float(x) for x in fields[5:8]] == pytest.approx([own["difference"], own["low"], own["high"]])


def test_another_seed_is_not_paired(capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, "before", "other")
    assert said.out[0].startswith("unpaired:") and "seed 0 and 3" in said.out[0] and "Welch" in said.out[0]
    (fields,) = cash(said)
    assert float(fields[6]) < float(fields[5]) < float(fields[7])


def test_another_code_or_horizon_is_not_paired(capsys: pytest.CaptureFixture[str]) -> None:
    edit("after", "manifest.json", code="elsewhere")
    assert "different versions of the code" in say(capsys, "before", "after").out[0]
    edit("after", "manifest.json", code=None)
    assert "not known to agree" in say(capsys, "before", "after").out[0]
    assert say(capsys, "after:balanced", "after:outcome_focused").out[0].startswith("paired:")
    edit("after", horizon_months=72.0)
    assert "horizon_months 60" in say(capsys, "before", "after").out[0]


def test_fewer_candidates_are_not_paired_and_another_world_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    edit("after", candidates_share=0.5)
    assert "other candidates" in say(capsys, "before", "after").out[0]
    edit("after", candidates_share=1.0, budget_scale=2.0)
    assert "they also differ in budget_scale 1.0 and 2.0" in say(capsys, "before", "after").out[1]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"currency": "USD"}, "differ in currency (EUR and USD)"),
        ({"discount_rate_per_year": 0.2}, "discount_rate_per_year"),
        ({"horizon_months": 24.0}, "time that customers are followed"),
        ({"entry": "throughout"}, "differ in entry (cohort and throughout)"),
        ({"market": {"contract": {"term_months": 1}}}, "differ in market"),
        ({"panel": {"firms": 3}}, "differ in panel"),
        ({"decision_metric": "nps"}, "choose with --metric"),
    ],
)
def test_what_means_nothing_is_refused(
    capsys: pytest.CaptureFixture[str], changes: dict[str, object], sentence: str
) -> None:
    edit("after", **changes)
    said = say(capsys, "before", "after:outcome_focused")
    assert said.code == 2 and sentence in said.sentence and said.out == []


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (("before",), "two folders"),
        (("before", "nowhere"), "result folder"),
        (("before", "after:outcome_focussed"), "did you mean outcome_focused?"),
        (("before", "."), "without manifest.json"),
        (("before", "before"), "no arm besides"),
        (("--metric", "npss", "before", "after"), "has no npss"),
        (("--metrics=nps", "before", "after"), "did you mean --metric?"),
    ],
)
def test_wrong_input_is_one_sentence(capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], sentence: str) -> None:
    said = say(capsys, *argv)
    assert said.code == 2 and sentence in said.sentence and said.out == []


def test_contexts_that_do_not_match_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    result("worlds", "balanced", "outcome_focused", contexts=("world=no_effect", "world=both_matter"))
    said = say(capsys, "before", "worlds")
    assert said.code == 2 and "share no context" in said.sentence
    (fields,) = cash(say(capsys, "before", "worlds/arms/world=no_effect/outcome_focused"))
    assert fields[8] == "world=no_effect/-"
