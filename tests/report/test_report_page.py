"""The page: self-contained, small, the same bytes every time, readable without seeing, nothing hidden."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from builder import EFFECTS, Effect, write_result
from divergent import add_divergence

from sim.report import build_report
from sim.report.page import page, sections
from sim.report.result import read_result

VOID = {"meta", "link", "br", "img", "input", "hr", "path", "use", "rect", "line", "polygon", "circle"}


class Reader(HTMLParser):
    """Collects what the tests ask for and checks that tags close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    assert not reader.open
    return reader


def values(reader: Reader, name: str) -> list[str]:
    return [value for _, attrs in reader.tags for key, value in attrs.items() if key == name and value]


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(style|svg).*?</\1>", "", html, flags=re.DOTALL)))


def test_figures_drawn_by_two_processes_are_the_same_bytes(folder: Path, html: str) -> None:
    assert page(read_result(folder), n_jobs=2) == html


def test_nothing_is_fetched(html: str, read: Reader) -> None:
    assert "http" not in html
    assert "@import" not in html
    tags = {tag for tag, _ in read.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "base"}
    assert not values(read, "src")
    assert all(value.startswith(("#", "data:,")) for value in values(read, "href"))
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", html))


def test_one_file_below_a_megabyte(html: str) -> None:
    assert len(html.encode()) < 1_000_000


def test_equal_results_give_equal_bytes(folder: Path, html: str) -> None:
    assert page(read_result(folder)) == html


def test_ids_are_unique_and_references_resolve(html: str, read: Reader) -> None:
    ids = values(read, "id")
    assert len(ids) == len(set(ids))
    wanted = {name[1:] for name in values(read, "href") if name.startswith("#")}
    wanted |= set(re.findall(r"url\(#([^)]+)\)", html))
    wanted |= {word for name in ("aria-labelledby",) for value in values(read, name) for word in value.split()}
    assert wanted <= set(ids)


def test_every_figure_asks_a_question_and_has_text_and_numbers(folder: Path, html: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", html, flags=re.DOTALL)
    assert len(figures) == 4
    for figure in figures:
        assert re.search(r"<h3[^>]*>[^<]*\?</h3>", figure)
        assert all(len(label) > 60 for label in re.findall(r'role="img" aria-label="([^"]*)"', figure))
        assert figure.count('role="img"') == figure.count("<svg") == 2
        assert "<table" in figure and "<caption" in figure


def test_headings_language_and_landmarks(html: str, read: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    tags = [tag for tag, _ in read.tags]
    assert {"main", "nav", "header", "footer"} <= set(tags)
    assert ("html", {"lang": "en"}) in read.tags


def test_shows_what_the_issue_asks_for(html: str) -> None:
    text = text_of(html)
    for words in (
        "Experience against outcome",
        "The answer flips.",
        "95 % interval",
        "All 4,200 candidates together: +3.98 million",
        "12 months",
        "at risk",
        "9,600,000",
        "outcomelab run experiment=experience_vs_outcome",
        "Discounted receipts minus discounted spending",
    ):
        assert words in text.replace("\N{NO-BREAK SPACE}", " "), words


def test_a_tenure_nobody_was_followed_for_is_not_reached(folder: Path) -> None:
    (tenure,) = [one for one in sections(read_result(folder)) if one.name == "tenure"]
    (table,) = tenure.tables()
    assert {row[4] for row in table.rows if row[4]} == {"not reached\nn = 0"}
    assert table.frame is not None
    assert table.frame.loc[table.frame["months"] == 60, "n"].eq(0).all()


def test_a_missing_arm_is_named_before_everything_else(tmp_path: Path) -> None:
    lost = {"context": "both_matter", "arm": "outcome_focused", "reason": "promise must be in [0, 3], got 7"}
    path = build_report(write_result(tmp_path / "lost", missing=(lost,), complete=False))
    text = text_of(path.read_text(encoding="utf-8"))
    warning = text.index("promise must be in [0, 3], got 7")
    assert "outcome focused" in text[warning - 80 : warning]
    assert warning < text.rindex("The answer flips")
    assert "stopped before it was finished" in text


def test_a_result_with_one_arm_has_a_page(tmp_path: Path) -> None:
    folder = write_result(tmp_path / "one", {"-": Effect("better", 1.0, 0.5, 1.5)}, arms=("balanced",))
    (folder / "comparison.parquet").unlink()
    text = text_of(build_report(folder).read_text(encoding="utf-8"))
    assert "One arm, balanced: nothing to compare it with" in text
    assert " better" not in text


def test_one_replication_gives_no_interval_and_no_direction(tmp_path: Path) -> None:
    nan = float("nan")
    effects = {"-": Effect("undecided", 900.0, nan, nan, nan)}
    text = text_of(build_report(write_result(tmp_path / "r1", effects, replications=1)).read_text(encoding="utf-8"))
    assert "one replication gives no interval" in text
    assert "better" not in text.replace("is better or worse", "")


@pytest.mark.full
def test_many_contexts_stay_below_a_megabyte(tmp_path: Path) -> None:
    effects = {f"world.share_experience={i / 40:g}": Effect("undecided", 1.0, -2.0, 3.0) for i in range(40)}
    folder = add_divergence(write_result(tmp_path / "many", effects, replications=2))
    for name in ("reversal", "twins"):
        (folder / f"{name}.parquet").unlink()  # written for other contexts
    path = build_report(folder)
    assert path.stat().st_size < 1_000_000
    assert "more rows: outcomelab report --csv" in path.read_text(encoding="utf-8")


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>"
    html = build_report(write_result(tmp_path / "x", title=name)).read_text(encoding="utf-8")
    assert "<script" not in html and "&lt;script" in html


def test_the_curve_is_kaplan_meier_and_not_reached_is_not_zero(folder: Path) -> None:
    from sim.metrics.survival import kaplan_meier, level_at
    from sim.report.facts import survival
    from sim.units import days

    path = folder / "arms" / next(iter(EFFECTS)) / "outcome_focused" / "customers.parquet"
    rows = pd.read_parquet(path)
    curve = survival(rows, 60.0)
    levels = []
    for _, one in rows.groupby("replication"):
        ended = one["end_days"].notna().to_numpy()
        duration = one["end_days"].fillna(days(60)).to_numpy() - one["won_days"].to_numpy()
        levels.append(level_at(kaplan_meier(duration, ended), days(24) + 1e-6))
    assert curve.loc[curve["months"] == 24, "share"].item() == pytest.approx(sum(levels) / len(levels))
    assert curve.loc[curve["months"] == 60, "at_risk"].item() == 0
    assert curve.loc[curve["months"] == 60, "share"].isna().all()
