"""What was assumed: grades and sources from the files, published ranges for metrics that exist."""

from __future__ import annotations

from pathlib import Path

import yaml
from builder import write_result

from sim.experiments.benchmarks import BENCHMARKS, MARKETS, published
from sim.metrics.catalogue import about
from sim.report.result import read_result
from sim.report.sections.assumed import section
from sim.report.sections.differs import section as differs
from sim.report.sections.emerged import outside


def rows_of(folder: Path) -> dict[str, list[tuple[str | None, ...]]]:
    found = section(read_result(folder))
    assert found is not None
    rows: dict[str, list[tuple[str | None, ...]]] = {}
    for table in found.tables():
        if table.name.startswith("assumed-"):
            for row in table.rows:
                rows.setdefault(str(row[0]), []).append(row)
    return rows


def with_config(folder: Path, config: dict[str, object]) -> Path:
    for path in (write_result(folder) / "arms").rglob("config.yaml"):
        path.write_text(yaml.safe_dump(config))
    return folder


def test_published_ranges_belong_to_metrics_and_are_intervals() -> None:
    known = {one.metric for one in BENCHMARKS if about(one.metric).unit}
    assert len(known) > 12, "the others are readings of calibration"
    for one in BENCHMARKS:
        assert one.low < one.high and one.grade in ("A", "B", "C", "data") and one.source
    for market in MARKETS:
        readings = [one.reading for one in published(market)]
        assert len(readings) == len(set(readings))
    assert {one.metric for one in published("mine")} < {one.metric for one in published("mid_market")}


def test_shipped_defaults_carry_their_grade_and_changed_ones_say_so(tmp_path: Path) -> None:
    config = {"seed": 0, "replications": 7, "discount_rate_per_year": 0.1}
    rows = rows_of(with_config(tmp_path / "a", config))
    assert rows["seed"][0][3] == "assumption"
    assert rows["discount_rate_per_year"][0][4] == "usual cost of capital of a software firm"
    assert rows["replications"][0][3:] == ("changed", "ships as 40")


def test_a_varied_key_says_where_it_has_which_value(tmp_path: Path) -> None:
    rows = rows_of(write_result(tmp_path / "b"))["world.share_experience"]
    assert {str(row[1]) for row in rows} == {"0.8\nexperience decides", "0.5\nboth matter", "0.2\noutcomes decide"}
    rows = rows_of(write_result(tmp_path / "c"))["policy.sales.promise"]
    assert {str(row[1]) for row in rows} == {"0.9\nexperience focused", "0.4\noutcome focused"}


def test_what_was_varied_lists_differing_keys_only(tmp_path: Path) -> None:
    found = differs(read_result(write_result(tmp_path / "d")))
    assert found is not None
    arms, contexts = found.tables()
    assert arms.rows == (("policy.sales.promise", "0.9", "0.4"),)
    assert contexts.rows == (("world.share_experience", "0.8", "0.5", "0.2"),)


def test_a_company_of_another_size_is_not_called_another_market() -> None:
    """At full size it is (negative control)."""
    whole, quarter = outside([{"candidates_share": 1.0}]), outside([{"candidates_share": 0.25}] * 2)
    assert "this market is not like those" in whole and "queues" not in whole
    assert "this market is not like those" not in quarter
    assert "25 % of the candidates: a smaller company queues more" in quarter
