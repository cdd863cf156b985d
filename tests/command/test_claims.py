"""Claims: declared in an experiment, judged by the paired verdict, printed and stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from sim.experiments.claims import word

from .conftest import Said

Say = Callable[..., Said]
METRIC = "net_cash_per_candidate"
ARMS = {"traditional": ["policy=traditional"], "o": ["policy=outcome_focused"], "x": ["policy=experience_focused"]}
CONTEXTS = {"free": ["world=both_matter"], "held": ["world=lock_in"]}
CLAIM = {"metric": METRIC, "arm": "o", "baseline": "x", "sign": "higher"}


def experiment(say: Say, node: object, *argv: str) -> Said:
    """An experiment of the user's own."""
    folder = Path("mine/experiment")
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text(f"# @package _global_\n{yaml.safe_dump(node, sort_keys=False)}")
    return say("run", "--config-dir", "mine", "experiment=own", *argv)


def lines(said: Said) -> list[list[str]]:
    return [line.split() for line in said.out if line.startswith("claim ")]


def test_claims_are_judged_on_their_own_two_arms_in_every_context(say: Say) -> None:
    # The stand-in gives o four units more than x, in every replication and context; traditional is the baseline.
    claims = {sign: {**CLAIM, "sign": sign} for sign in ("higher", "lower", "same")}
    claims["higher"] |= {"true_in": ["free"], "false_in": ["held"]}
    said = experiment(say, {"arms": ARMS, "contexts": CONTEXTS, "claims": claims}, "replications=3")
    assert said.code == 0
    assert [" ".join(row) for row in lines(said)] == [
        "claim higher free holds 4 4 4 expected=true",
        "claim higher held holds 4 4 4 expected=false",
        *(f"claim {sign} {context} fails 4 4 4 expected=-" for sign in ("lower", "same") for context in CONTEXTS),
    ]
    table = pd.read_parquet(Path(said.out[-1]).parent / "claims.parquet")
    assert table[["arm", "baseline"]].drop_duplicates().to_numpy().tolist() == [["o", "x"]]


def test_with_a_swept_lever_a_claim_is_tried_with_each_value_and_one_replication_decides_nothing(say: Say) -> None:
    arms = {name: ARMS[name] for name in ("x", "o")}
    swept = ("-m", "pricing=seat_subscription,usage_based", "replications=1")
    said = experiment(say, {"arms": arms, "claims": {"better": {**CLAIM, "true_in": ["-"]}}}, *swept)
    assert [[row[1], row[3], row[7]] for row in lines(said)] == [
        ["better+seat_subscription", "undecided", "expected=true"],
        ["better+usage_based", "undecided", "expected=true"],
    ]


@pytest.mark.parametrize(
    ("verdict", "difference", "words"),
    [
        ("better", 1.0, ("holds", "fails", "fails")),
        ("worse", 1.0, ("holds", "fails", "fails")),  # more of what should be less
        ("worse", -1.0, ("fails", "holds", "fails")),
        ("practically-equal", 0.1, ("fails", "fails", "holds")),
        ("identical", 0.0, ("fails", "fails", "holds")),
        ("undecided", 5.0, ("undecided", "undecided", "undecided")),
    ],
)
def test_words_follow_the_sign(verdict: str, difference: float, words: tuple[str, ...]) -> None:
    assert tuple(word(sign, verdict, difference) for sign in ("higher", "lower", "same")) == words


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sign": "more"}, "claims.better.sign must be one of higher, lower, same, got 'more'"),
        ({"arm": "y"}, "claims.better.arm must be one of the arms traditional, o, x, got y"),
        ({"arm": "x"}, "claims.better.baseline must differ from its arm, got x"),
        ({"true_in": ["frei"]}, "claims.better.true_in must name contexts of free, held, got frei"),
        ({"true_in": ["free"], "false_in": ["free"]}, "claims.better cannot be expected true and false in free"),
        ({"sing": "same"}, "claims.better has no key sing: did you mean sign?"),
    ],
)
def test_a_wrong_claim_is_refused_in_one_sentence(say: Say, wrong: dict[str, object], sentence: str) -> None:
    said = experiment(say, {"arms": ARMS, "contexts": CONTEXTS, "claims": {"better": {**CLAIM, **wrong}}})
    assert said.code == 2 and said.sentence == f"outcomelab: {sentence}"


def test_claims_belong_to_the_whole_command(say: Say) -> None:
    said = experiment(say, {"arms": {"a": ["claims={}"]}})
    assert said.code == 2 and "must not set claims" in said.sentence
