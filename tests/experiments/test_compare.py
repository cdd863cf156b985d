"""Comparison of arms: pairing, margins, roles, lines."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim.checks import InputError
from sim.experiments.compare import Comparison, compare
from sim.experiments.margin import margins
from sim.experiments.verdict_lines import told, unjudged_lines, verdict_line, verdict_lines
from sim.metrics.catalogue import about, definitions, shipped

REPLICATIONS = 20


def arm(shift: float = 0.0, seed: int = 0, **more: float) -> pd.DataFrame:
    """Long metrics of one arm; every arm shares its luck by replication."""
    luck = np.random.default_rng(seed).normal(0, 100, REPLICATIONS)
    own = np.random.default_rng(int(shift) + 77).normal(0, 5, REPLICATIONS) if shift else np.zeros(REPLICATIONS)
    values = {
        ("net_cash_per_candidate", "truth", math.nan): 1000 + luck + shift + own,
        ("revenue_per_candidate", "truth", math.nan): 3000 + luck,
        ("logo_retention_12", "truth", 365.25): np.full(REPLICATIONS, 0.8),
        ("payback_months", "truth", math.nan): 15 + (shift + own) / 10,
        ("nps", "respondents", math.nan): 30 + luck / 50,
        ("nps", "truth", math.nan): 20 + luck / 50,
        ("nps", "respondents", 365.25): 30 + luck / 50,
    }
    values |= {(name, "truth", math.nan): np.full(REPLICATIONS, value) for name, value in more.items()}
    rows = [
        (replication, metric, view, "all", time, value, 100)
        for (metric, view, time), numbers in values.items()
        for replication, value in enumerate(numbers)
    ]
    return pd.DataFrame(rows, columns=["replication", "metric", "view", "segment", "time_days", "value", "n"])


def row(table: pd.DataFrame, metric: str, **chosen: str) -> pd.Series:
    kept = table["metric"] == metric
    for name, value in chosen.items():
        kept &= table[name] == value
    return table[kept].iloc[0]


def test_paired_difference_and_direction() -> None:
    table = compare({"base": arm(), "rich": arm(200.0)}, "base", context="world=both_matter")
    cash, payback = row(table, "net_cash_per_candidate"), row(table, "payback_months")
    assert cash["verdict"] == "better"
    assert cash["difference"] == pytest.approx(200, abs=5)
    assert cash["high"] - cash["low"] < 10, "common luck cancels in pairs"
    assert payback["verdict"] == "worse", "a longer payback is worse"
    assert row(table, "logo_retention_12")["verdict"] == "identical"
    assert list(table.columns) == list(Comparison._fields)


def test_unpaired_replications_would_be_twenty_times_wider() -> None:
    """Negative control: give the arm its own luck."""
    table = compare({"base": arm(), "rich": arm(200.0, seed=9)}, "base")
    cash = row(table, "net_cash_per_candidate")
    assert cash["high"] - cash["low"] > 60


def test_margins() -> None:
    arms = {"base": arm(), "rich": arm(20.0)}
    table = compare(arms, "base")
    assert row(table, "net_cash_per_candidate")["margin"] == pytest.approx(30, rel=0.05), "1 % of revenue, not of cash"
    assert row(table, "logo_retention_12")["margin"] == pytest.approx(0.008)
    assert row(table, "net_cash_per_candidate")["verdict"] == "practically-equal"
    strict = compare(arms, "base", worthwhile_difference=1.0)
    assert row(strict, "net_cash_per_candidate")["verdict"] == "better"
    assert row(strict, "logo_retention_12")["margin"] == pytest.approx(0.008), "it is about the decision metric only"


def test_money_of_the_firm_or_of_a_customer_is_judged_against_its_own_level() -> None:
    """Negative control: per candidate it is judged against revenue, at whatever level it stands."""
    base = arm(recurring_revenue=4e6, cac=900.0, spending_per_candidate=5.0)
    table = compare({"a": base, "b": base})
    assert row(table, "recurring_revenue")["margin"] == pytest.approx(4e4)
    assert row(table, "cac")["margin"] == pytest.approx(9.0)
    assert row(table, "spending_per_candidate")["margin"] == pytest.approx(30.0, rel=0.05)


def test_the_margin_after_each_replication_is_that_of_the_comparison() -> None:
    levels, revenues = np.array([math.nan, -4.0, 8.0]), np.array([math.nan, 200.0, 400.0])
    assert margins("money per candidate", levels, revenues)[1:] == pytest.approx([2.0, 3.0])
    assert margins("money", levels, revenues)[1:] == pytest.approx([0.04, 0.02])
    assert np.isnan(margins("money", levels, revenues)[0])


def test_roles_and_lines() -> None:
    table = compare({"base": arm(), "rich": arm(200.0), "base#2": arm()}, "base", context="world=both_matter")
    assert table["role"].iloc[0] == "headline"
    assert row(table, "nps", view="truth")["role"] == "detail"
    lines = verdict_lines(table)
    assert lines[0].split()[:5] == ["verdict", "net_cash_per_candidate", "rich", "base", "better"]
    assert all(len(line.split(" ")) == 9 for line in lines)
    assert "verdict logo_retention_12 base#2 base identical 0 0 0 world=both_matter" in lines
    assert len([line for line in lines if " nps rich " in line]) == 1, "one line per metric"


def test_what_was_to_be_decided_is_told_first() -> None:
    """In all contexts, with a note before the rest; a declared primary metric is no secondary one."""
    tables = [compare({"base": arm(), "rich": arm(200.0)}, "base", context=name) for name in ("x", "y")]
    for asked in (["net_cash_per_candidate"], ["net_cash_per_candidate", "logo_retention_12"]):
        lines = told(tables, asked)
        note = next(i for i, line in enumerate(lines) if line.startswith("note: "))
        head, rest = lines[:note], lines[note + 1 :]
        assert sorted({(line.split()[1], line.split()[8]) for line in head}) == sorted(
            (metric, place) for metric in asked for place in "xy"
        )
        assert lines[note].startswith(f"note: {len(rest)} verdicts on secondary metrics")
        assert lines[note].endswith(", ".join(asked)) and not any(line.split()[1] in asked for line in rest)
        assert sorted(head + rest) == sorted(line for table in tables for line in verdict_lines(table))
    assert all("net_cash_per_candidate" in line for line in told(tables, ["net_cash_per_candidate"], brief=True))


def test_no_field_holds_a_space() -> None:
    table = compare({"my base": arm(), "a b": arm(200.0)}, context="market=my market")
    assert verdict_line(table.iloc[0]).split(" ")[2:4] == ["a_b", "my_base"]
    assert verdict_line(table.iloc[0]).split(" ")[-1] == "market=my_market"


def test_equal_arms_are_identical_everywhere() -> None:
    table = compare({"balanced": arm(), "balanced#2": arm()})
    assert set(table["verdict"]) == {"identical"}
    assert not table[["difference", "low", "high"]].to_numpy().any()


def test_undefined_in_either_arm_gives_no_row() -> None:
    for one, two in ((math.nan, 1.0), (1.0, math.nan)):
        table = compare({"a": arm(cac=one), "b": arm(5.0, cac=two)})
        assert "cac" not in set(table["metric"])
    assert "cac" not in set(compare({"a": arm(), "b": arm(cac=2.0)})["metric"])


def _late(table: pd.DataFrame, metric: str, replications: list[int]) -> pd.DataFrame:
    """The arm never attains the metric in these replications."""
    never = (table["metric"] == metric) & table["replication"].isin(replications)
    return table.assign(value=table["value"].mask(never))


def test_what_one_arm_alone_attained_is_not_judged_by_the_others() -> None:
    """The arm never pays back in 2 of 20 replications and is quicker in the rest: no verdict, and the reason is said.

    Negative controls: a pair that neither attained is left out, and so is one of a metric that cases lack for.
    """
    base, quick = arm(), arm(-30.0)
    judged = compare({"base": base, "quick": quick})
    assert row(judged, "payback_months")["verdict"] == "better" and not unjudged_lines(judged)
    for arms in ({"base": base, "quick": _late(quick, "payback_months", [3, 5])},
                 {"base": _late(base, "payback_months", [3, 5]), "quick": quick}):  # fmt: skip
        found = row(table := compare(arms), "payback_months")
        assert (found["verdict"], found["one_sided"], found["replications"]) == ("undecided", 2, 18)
        assert math.isnan(found["difference"]) and math.isnan(found["low"]) and math.isnan(found["arm_mean"])
        (line,) = unjudged_lines(table)
        assert "payback_months of quick against base" in line and "in 2 replications" in line
        assert row(table, "net_cash_per_candidate")["one_sided"] == 0
        apart = row(compare(arms, paired=False), "payback_months")
        assert (apart["verdict"], apart["one_sided"]) == ("undecided", 2)
    both = {"base": _late(base, "payback_months", [3]), "quick": _late(quick, "payback_months", [3])}
    assert row(compare(both), "payback_months")["verdict"] == "better"
    few = compare({"base": base, "quick": _late(quick, "logo_retention_12", [3, 5])})
    assert row(few, "logo_retention_12")["verdict"] == "identical"


def test_never_attained_in_one_arm_is_told_and_in_both_is_nothing() -> None:
    never = _late(arm(5.0), "payback_months", list(range(REPLICATIONS)))
    found = row(compare({"a": arm(), "b": never}), "payback_months")
    assert (found["verdict"], found["one_sided"], found["replications"]) == ("undecided", REPLICATIONS, 0)
    assert "payback_months" not in set(compare({"a": never, "b": never})["metric"])


def test_pairs_missing_in_one_arm_are_left_out_and_counted() -> None:
    short = arm(200.0)
    table = compare({"base": arm(), "rich": short[short["replication"] >= 5]})
    assert row(table, "net_cash_per_candidate")["replications"] == 15


def test_row_order_does_not_matter() -> None:
    one = compare({"base": arm(), "rich": arm(200.0)})
    other = compare({"base": arm().sample(frac=1, random_state=1), "rich": arm(200.0).sample(frac=1, random_state=2)})
    keys = ["metric", "view", "time_days"]
    pd.testing.assert_frame_equal(one.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True))


def test_bad_input_is_one_sentence() -> None:
    with pytest.raises(InputError, match="baseline must be one of a, b, got c"):
        compare({"a": arm(), "b": arm()}, "c")
    with pytest.raises(InputError, match="worthwhile_difference must be"):
        compare({"a": arm(), "b": arm()}, worthwhile_difference=-1.0)
    with pytest.raises(InputError, match="metrics of arm b lack the column value"):
        compare({"a": arm(), "b": arm().drop(columns="value")})


def test_every_shipped_metric_is_defined_in_sentences() -> None:
    for name, measure in shipped().items():
        assert measure.definition.endswith("."), name
        assert measure.unit, name
    assert about("logo_retention_12") == shipped()["logo_retention"]
    assert definitions(["grr_24", "nps"])["nps"].startswith("Net promoter score")
