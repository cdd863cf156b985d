"""A lesson of full size: every number on the page is the long table's, and the file stays small and self-contained."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from lessons import FACTS, GROUPS, MOMENTS, POLICIES, REPLICATIONS, SHARES, Whole, long_table

from sim.checks import InputError
from sim.classroom.lesson import lesson
from sim.classroom.page import page

LEVELS = {
    "score": ("moment_score", "respondents", True, 1.0),
    "outcome": ("moment_outcome", "truth", True, 100.0),
    "kept": ("logo_retention_24", "truth", False, 100.0),
    "cash": ("net_cash_per_candidate", "truth", False, 1.0),
}


def embedded(html: str) -> dict:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)


def test_every_state_holds_the_numbers_of_the_long_table(whole: Whole) -> None:
    told = embedded(page(whole.lesson, FACTS))
    assert told["shares"] == list(SHARES.values())
    cells = dict(iter(whole.table.groupby(["context", "arm", "metric", "view", "segment"])))
    checked = 0
    for step, context in enumerate(SHARES):
        for place, moment in enumerate(MOMENTS):
            for position, arm in enumerate(POLICIES):
                scene = told["stages"][step][place]["scenes"][position]
                for name, (metric, view, at_moment, factor) in LEVELS.items():
                    rows = cells[context, arm, metric, view, moment if at_moment else "all"]
                    assert scene[name]["value"] == pytest.approx(factor * rows["value"].mean())
                    assert scene[name]["n"] == rows["n"].sum()
                    error = rows["value"].std() / np.sqrt(REPLICATIONS)
                    half = (scene[name]["high"] - scene[name]["low"]) / 2.0 / factor
                    assert half == pytest.approx(2.200985 * error)  # t(11, .975)
                for group, shown in zip(("happy", "passive", "unhappy"), scene["groups"], strict=True):
                    rows = cells[context, arm, "moment_leaving", "surveyed", f"{moment}@{group}"]
                    left = round(float((rows["value"] * rows["n"]).sum()))
                    assert shown["n"] == rows["n"].sum() == REPLICATIONS * GROUPS[group]
                    assert (shown["left"], shown["stayed"]) == (str(left), f"{shown['n'] - left:,}")
                checked += 1
    assert checked == 11 * 3 * 2


def test_the_page_is_small_asks_for_nothing_and_is_made_alike_twice(whole: Whole) -> None:
    html = page(whole.lesson, FACTS)
    assert len(html.encode()) < 1_000_000
    assert html == page(whole.lesson, FACTS)
    addresses = set(re.findall(r"https?://[^\s\"'<]+", html))
    assert addresses == {"http://www.w3.org/2000/svg"}, "the name of a vocabulary, not an address"
    assert not re.findall(r"<(?:link|img|iframe|script)[^>]*(?:src|href)=\"(?!data:)", html)


def test_the_sentences_turn_along_the_slider(whole: Whole) -> None:
    """The table was made so that the unhappy leave more as experience weighs more, and alike where it does not."""
    headings = [[scene.by_score.low > 0.0 for scene in row[0].scenes] for row in whole.lesson.stages]
    assert headings[0] == [False, False] and headings[-1] == [True, True]


def test_text_cannot_break_out_of_the_page(whole: Whole) -> None:
    html = page(whole.lesson._replace(policies=("</script><b>", "b")), replace(FACTS, title="</script>"))
    assert html.count("</script>") == 2


def test_what_cannot_be_shown_is_refused_in_a_sentence(whole: Whole) -> None:
    table = whole.table
    few = {name: SHARES[name] for name in ("share_0", "share_10")}
    for broken, shares, said in (
        (table[table["metric"] != "moment_score"], few, "moment_scores"),
        (table[table["metric"] != "logo_retention_24"], few, "retention"),
        (table[table["metric"] != "net_cash_per_candidate"], few, "net_cash_per_candidate"),
        (table[table["arm"] == "outcome_focused"], few, "two policies"),
        (table, {"share_0": 0.5, "share_10": 0.5}, "must differ in world.share_experience"),
    ):
        with pytest.raises(InputError, match=said):
            lesson(broken, shares, "EUR")


def test_one_replication_shows_no_interval_and_decides_nothing() -> None:
    few = {name: SHARES[name] for name in ("share_0", "share_100")}
    told = embedded(page(lesson(long_table(few, 1), few, "EUR"), FACTS))
    stage = told["stages"][0][0]
    assert stage["scenes"][0]["score"]["interval"] == "no interval" and stage["scenes"][0]["score"]["low"] is None
    assert stage["kept"].startswith("This cannot be told") and "Too few" in stage["scenes"][0]["heading"]


def test_two_replications_show_no_share_that_cannot_be() -> None:
    """Control: the table's own intervals go beyond what shares and their differences can be."""
    made = lesson(long_table(SHARES, 2), SHARES, "EUR")
    scenes = [scene for row in made.stages for stage in row for scene in stage.scenes]
    assert min(scene.kept.low for scene in scenes) < 0.0 and max(scene.score.high for scene in scenes) > 100.0
    text = re.sub(r"<[^>]+>", "\n", page(made, FACTS)).replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ")
    found = re.findall(r"([+-]?\d+(?:\.\d+)?) to ([+-]?\d+(?:\.\d+)?) (%|percentage points)", text)
    ends = {
        unit: [float(end) for *pair, of in found for end in pair if of == unit] for unit in ("%", "percentage points")
    }
    assert (min(ends["%"]), max(ends["%"])) == (0.0, 100.0)
    assert (min(ends["percentage points"]), max(ends["percentage points"])) == (-100.0, 100.0)
