"""Rank reversal and regret on tables whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.experiments.reversal import Levels, kendall, order, reversal

DECISION = "net_cash_per_candidate"


def long(values: dict[str, dict[str, np.ndarray]], view: str = "truth") -> pd.DataFrame:
    """{metric: {arm: values by replication}} as a long table."""
    rows = [
        (arm, r, metric, "respondents" if metric == "nps" else view, "all", np.nan, float(x), 10)
        for metric, arms in values.items()
        for arm, numbers in arms.items()
        for r, x in enumerate(numbers)
    ]
    columns = ["arm", "replication", "metric", "view", "segment", "time_days", "value", "n"]
    return pd.DataFrame(rows, columns=columns)


def only(table: pd.DataFrame, metric: str = "nps") -> pd.Series:
    (row,) = [row for _, row in table[table["metric"] == metric].iterrows()]
    return row


def test_a_metric_that_misleads_costs_what_the_better_arm_is_worth_more() -> None:
    r = np.arange(8.0)
    row = only(
        reversal(
            long({"nps": {"a": 30 + r % 2, "b": 10 + r % 3}, DECISION: {"a": 100 + r, "b": 150 + r + r % 4 / 4}}),
            DECISION,
            "here",
        )
    )
    assert (row["chosen_by_metric"], row["chosen_by_decision"], row["order"]) == ("a", "b", "reversed")
    assert row["reversed_share"] == 1.0 and row["rank_correlation"] == -1.0
    even = np.array([0.0, 2.0, 0.0, 2.0]) / 4
    assert row["regret"] == pytest.approx(50 + even.mean())
    assert row["regret_low"] < row["regret"] < row["regret_high"]
    assert row["regret_chance"] == pytest.approx(row["regret"] / 2)
    assert (row["replications_odd"], row["replications_even"]) == (4, 4)


def test_a_metric_that_leads_right_costs_nothing() -> None:
    r = np.arange(6.0)
    row = only(reversal(long({"nps": {"a": 3 + r, "b": 9 + r}, DECISION: {"a": r, "b": 9 + r}}), DECISION, "here"))
    assert row["order"] == "same" and row["regret"] == 0.0 and row["reversed_share"] == 0.0


def test_lower_is_better_where_the_metric_says_so() -> None:
    r = np.arange(6.0)
    table = long({"ttr_mean_hours": {"a": 3 + r, "b": 9 + r}, DECISION: {"a": r, "b": 9 + r}}, "truth")
    assert only(reversal(table, DECISION, "here"), "ttr_mean_hours")["order"] == "reversed"


def test_choice_and_score_never_share_a_replication() -> None:
    """The luck of odd replications lifts score and money alike; the money of even ones does not follow."""
    odd = np.arange(8) % 2 == 1
    luck = np.where(odd, 100.0, 0.0)
    row = only(
        reversal(long({"nps": {"a": luck, "b": 0 * luck}, DECISION: {"a": luck - 10, "b": 0 * luck}}), DECISION, "here")
    )
    assert row["chosen_by_metric"] == "a" and row["chosen_by_decision"] == "a" and row["reversed_share"] == 1.0


def test_without_any_relation_reversals_come_at_chance() -> None:
    """Money and score share the luck of each replication and nothing else: the share is .5 within 4 SE.

    Negative control: within one replication they would agree in nearly every case.
    """
    rng = np.random.default_rng(3)
    luck = rng.normal(size=(2, 4000))
    values = {"nps": dict(zip("ab", luck, strict=True)), DECISION: dict(zip("ab", luck + 0.1, strict=True))}
    row = only(reversal(long(values), DECISION, "here"))
    error = (row["reversed_high"] - row["reversed_low"]) / 2 / 1.96
    assert abs(row["reversed_share"] - row["reversed_chance"]) < 4 * error
    same = np.sign(luck[0] - luck[1]) == np.sign(luck[0] - luck[1])
    assert same.mean() == 1.0


def _without_information(arms: int, rng: np.random.Generator) -> str:
    """The verdict where money orders the arms clearly and the metric is noise."""
    noise = rng.normal(size=(2, arms, 40))
    names = tuple(map(str, range(arms)))
    return order(Levels(names, np.arange(40.0), noise[0], noise[1] + 10.0 * np.arange(arms)[:, None]))


def test_noise_reverses_eight_arms_no_more_often_than_its_interval_says() -> None:
    """One side of a 95 % interval: 2.5 % within 4 SE. Judged on all replications it would be 8 % (4,000 trials)."""
    rng, trials = np.random.default_rng(5), 3000
    found = [_without_information(8, rng) for _ in range(trials)]
    assert abs(found.count("reversed") / trials - 0.025) < 4 * (0.025 * 0.975 / trials) ** 0.5


def test_an_order_that_only_the_choosing_replications_show_is_undecided() -> None:
    """Odd replications alone put the arms in opposite orders; negative control: even ones do so as well."""
    odd = np.arange(40) % 2 == 1
    wiggle = np.random.default_rng(6).normal(size=40)
    metric, money = np.where(odd, 50.0, 0.0) + wiggle, 100.0 + wiggle
    for gap, verdict in ((0.0, "undecided"), (50.0, "reversed")):
        lead = metric + np.where(odd, 0.0, gap)
        levels = Levels(("a", "b"), np.arange(40.0), np.stack([lead, wiggle[::-1]]), np.stack([wiggle, money]))
        assert order(levels) == verdict


def test_undefined_replications_and_lonely_arms_are_left_out() -> None:
    r = np.array([1.0, np.nan, 3.0, 4.0, 5.0])
    row = only(reversal(long({"nps": {"a": r, "b": r + 1}, DECISION: {"a": r, "b": r}}), DECISION, "here"))
    assert row["replications_odd"] + row["replications_even"] == 4
    assert reversal(long({"nps": {"a": r}, DECISION: {"a": r}}), DECISION, "here").empty


def test_kendall() -> None:
    first = np.array([1.0, 2.0, 3.0, 4.0])
    assert kendall(first, np.array([1.0, 3.0, 2.0, 4.0])) == pytest.approx(4 / 6)
    assert kendall(first, -first) == -1.0
