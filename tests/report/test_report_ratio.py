"""The section on the success ratio: best form first, areas weighted by the pairs they compare."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.report.result import Place
from sim.report.sections.ratio import points, section

AREAS = {"literal": (0.4, 0.4, 0.6), "outcome": (0.6, 0.6, 0.9)}
LOST, N = (10.0, 10.0, 1.0), 50


def result(views: tuple[str, ...] = ("truth",)) -> Any:
    """Three replications of one arm in one context; in the last one nearly nobody left."""
    rows = []
    for replication, lost in enumerate(LOST):
        for view in views:
            rows.append((replication, "decisions_lost", view, "all", lost))
            for form, areas in AREAS.items():
                rows.append((replication, "success_ratio_auc", view, form, areas[replication]))
                rows.append((replication, "success_ratio_corr_experience", view, form, -0.5))
    table = pd.DataFrame(rows, columns=["replication", "metric", "view", "segment", "value"])
    table = table.assign(context="c", arm="a", n=N, time_days=float("nan"))
    return SimpleNamespace(metrics=table, places=[Place("c", "a", Path())], arms=["a"])


def test_the_best_form_comes_first_and_a_replication_counts_by_its_pairs() -> None:
    table = points(result())
    assert table["label"].tolist() == ["outcome", "outcome", "literal", "literal"]
    table = table[table["series"] == "true states"].reset_index(drop=True)
    pairs = [lost * (N - lost) for lost in LOST]
    exact = sum(w * a for w, a in zip(pairs, AREAS["outcome"], strict=True)) / sum(pairs)
    assert table["mean"][0] == pytest.approx(exact)
    assert exact < 0.62 < sum(AREAS["outcome"]) / 3, "an unweighted mean would show"
    assert table["follows"].tolist() == [-0.5, -0.5]


def test_a_form_that_was_not_measured_says_so() -> None:
    told = section(result())
    assert told is not None
    (figure,) = told.blocks
    assert [row[2] for row in figure.table.rows[1:]] == ["n/a", "n/a"]
    assert points(result(("truth", "observed")))["mean"].notna().all()
