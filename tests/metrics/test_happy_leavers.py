"""What the study of happy leavers says: pooled counts, intervals over replications, odds ratios by hand."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest

from sim import load_scenario, replicate
from sim.metrics.odds import Table, pooled_log_odds
from sim.statements.happy_leavers import QUADRANTS, happy_leavers, jackknifed


def study(counts: dict[str, list[tuple[int, int]]]) -> pd.DataFrame:
    """(left, decided) by replication of each quadrant; margins follow."""
    table: list[tuple[int, str, str, float, int]] = []
    replications = len(counts[QUADRANTS[0]])
    for replication in range(replications):
        cells = {q: counts[q][replication] for q in QUADRANTS}
        for group in ("everyone", "happy", "unhappy", *QUADRANTS):
            inside = [
                cell for q, cell in cells.items() if group == "everyone" or q == group or q.startswith(group + "_")
            ]
            left, n = sum(cell[0] for cell in inside), sum(cell[1] for cell in inside)
            for metric in ("leaving_share", "leaving_share_if_independent", "leaving_share_if_experience_only"):
                table.append((replication, metric, group, left / n if n else math.nan, n))
            table += [(replication, name, group, 0.25, n) for name in ("term_bound_share", "held_share")]
        table.append((replication, "happy_share_of_leavers", "everyone", 0.5, 4))
        table.append((replication, "unhappy_share_of_stayers", "everyone", 0.5, 4))
    frame = pd.DataFrame(table, columns=["replication", "metric", "segment", "value", "n"])
    return frame.assign(context="free", arm="balanced", view="truth", time_days=math.nan)


COUNTS = {
    "happy_reached": [(1, 40), (2, 60), (1, 50)],
    "happy_missed": [(4, 30), (6, 40), (3, 30)],
    "unhappy_reached": [(2, 20), (1, 30), (2, 25)],
    "unhappy_missed": [(9, 30), (8, 35), (7, 30)],
}


def told(lines: list[str], what: str) -> dict[str, float]:
    """The numbers of one line."""
    (line,) = [line for line in lines if line.split()[3] == what]
    return {name: float(value) for name, value in re.findall(r"(\w+)=([-0-9.]+)", line)}


def test_counts_of_all_replications_are_pooled() -> None:
    lines = happy_leavers(study(COUNTS))
    happy = told(lines, "happy")
    assert happy["decisions"] == 250
    assert happy["leaving"] == pytest.approx(17 / 250, abs=1e-4)
    assert happy["staying"] == pytest.approx(233 / 250, abs=1e-4)
    assert happy["beyond_experience"] == 0.0
    assert told(lines, "unhappy_missed")["leaving"] == pytest.approx(24 / 95, abs=1e-4)
    odds = told(lines, "odds_ratio_of_staying")
    by_hand = [Table(146, 4, 87, 13), Table(70, 5, 71, 24)]
    assert odds["outcome_given_experience"] == pytest.approx(math.exp(pooled_log_odds(by_hand)), abs=1e-3)
    assert all(line.startswith("happy_leavers free balanced ") for line in lines)


def test_jackknife_has_the_error_of_the_spread_between_replications() -> None:
    """Against 400 studies of 20 replications each: mean jackknife error within 15 % of the true spread."""
    rng, found = np.random.default_rng(2), []
    for _ in range(400):
        cells = rng.poisson([[[40.0], [4.0], [30.0], [8.0]], [[30.0], [5.0], [25.0], [9.0]]], size=(2, 4, 20))
        found.append(jackknifed(cells.astype(float))[:2])
    logs, errors = np.array(found).T
    assert errors.mean() == pytest.approx(logs.std(), rel=0.15)


def test_nobody_left_is_said() -> None:
    lines = happy_leavers(study({q: [(0, 5), (0, 6)] for q in QUADRANTS}))
    assert "too_few" in next(line for line in lines if "odds_ratio" in line)
    empty = happy_leavers(study({q: [(0, 0)] for q in QUADRANTS}))
    assert "leaving=none" in empty[0]


def all_of(metrics: pd.DataFrame, metric: str, segment: str = "everyone") -> np.ndarray:
    kept = (metrics["metric"] == metric) & (metrics["segment"] == segment) & (metrics["view"] == "truth")
    return metrics.loc[kept, "value"].to_numpy()


def test_the_outcome_tells_leavers_apart_where_it_decides_and_lock_in_holds() -> None:
    """The real engine on seeds of its own: signs only, the sizes are the study's business."""
    world = ("metrics=[quadrants]", "candidates_share=0.5", "world=outcomes_decide")
    free = replicate(load_scenario(*world), seed=417, replications=6).metrics
    odds = told(happy_leavers(free.assign(arm="a", context="c")), "odds_ratio_of_staying")
    assert odds["outcome_given_experience"] > 2.0 > odds["experience_given_outcome"]
    assert not all_of(free, "held_share").any(), "no switching cost, nobody held"
    hard = replicate(load_scenario(*world, "world.deciding.switching_cost=2"), seed=417, replications=6).metrics
    fewer = all_of(free, "leaving_share").mean() - all_of(hard, "leaving_share").mean()
    held = all_of(hard, "held_share").mean()
    assert fewer > 0.03
    assert held == pytest.approx(fewer, rel=0.35), "those held are those who would have left"
    assert all_of(hard, "held_share", "unhappy_missed").mean() > all_of(hard, "held_share", "happy_reached").mean()
