"""Regret, minimax regret and satisficing on a table made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.experiments.designs.regret import Asked, regret_lines, regrets, robustness
from sim.experiments.designs.table import design_table, points_of

LEVELS = {
    "point=1": {"bold": 100.0, "safe": 80.0, "poor": 10.0},
    "point=2": {"bold": 0.0, "safe": 70.0, "poor": 60.0},
    "point=3": {"bold": 90.0, "safe": 90.0, "poor": 0.0},
}
"""Regrets: bold 0 70 0, safe 20 0 0, poor 90 10 90."""


def long_table(noise: float = 0.0) -> pd.DataFrame:
    rows = []
    for number, (context, arms) in enumerate(LEVELS.items()):
        for place, (arm, level) in enumerate(arms.items()):
            luck = np.random.default_rng(place).normal(0.0, noise, 6)
            for replication in range(6):
                for metric, value in (("net_cash_per_candidate", level), ("revenue_per_candidate", 200.0)):
                    label = {"arm": arm, "context": context, "point": str(number + 1), "world.share_experience": "0.5"}
                    shared = 5.0 * replication
                    value = value + shared + luck[replication] if metric.startswith("net") else value
                    rows.append(
                        {**label, "replication": replication, "metric": metric, "view": "truth", "segment": "all",
                         "time_days": np.nan, "value": value, "n": 1}
                    )  # fmt: skip
    return pd.DataFrame(rows)


def over_points(asked: Asked, noise: float = 0.0) -> pd.DataFrame:
    metrics = long_table(noise)
    (points,) = points_of(metrics)
    return regrets(metrics, points, asked, "safe")


def test_regret_by_hand() -> None:
    table = over_points(Asked("net_cash_per_candidate"))
    found = table.pivot(index="arm", columns="context", values="regret").loc[["bold", "safe", "poor"]].to_numpy()
    assert np.allclose(found, [[0, 70, 0], [20, 0, 0], [90, 10, 90]]), "luck shared by the arms cancels"
    assert np.allclose(table["margin"], 2.0), "1 % of the baseline's revenue"
    assert table["is_clear"].tolist() == (table["regret"] > 0.0).tolist()


def test_minimax_and_satisficing_by_hand() -> None:
    rows = robustness(over_points(Asked("net_cash_per_candidate"))).set_index("arm")
    assert rows["largest_regret"].to_dict() == {"bold": 70.0, "safe": 20.0, "poor": 90.0}
    assert rows["largest_at"].to_dict() == {"bold": "point=2", "safe": "point=1", "poor": "point=1"}
    assert rows["is_minimax"].to_dict() == {"bold": False, "safe": True, "poor": False}
    assert np.allclose(rows["mean_regret"], [70 / 3, 20 / 3, 190 / 3])
    assert np.allclose(rows["satisfied_share"], [2 / 3, 2 / 3, 0.0]), "within the margin of the best"
    limited = robustness(over_points(Asked("net_cash_per_candidate", satisfied_at=65.0))).set_index("arm")
    assert np.allclose(limited["satisfied_share"], [2 / 3, 1.0, 0.0]), "means are 12.5 above the table, half-widths 9.8"
    assert regret_lines(rows.reset_index())[-1] == "minimax_regret - net_cash_per_candidate safe"


def test_undecided_does_not_satisfy() -> None:
    """At the third point bold and safe are alike; with luck of their own neither is good enough beyond doubt."""
    table = over_points(Asked("net_cash_per_candidate"), noise=30.0)
    here = table[(table["context"] == "point=3") & (table["arm"] != "poor")]
    assert len(here) == 2 and not here["satisfies"].any(), "not even the one that came out best"
    assert not here["is_clear"].any()


def test_points_are_read_back_with_words_numbered() -> None:
    metrics = long_table().assign(**{"world.process": lambda f: np.where(f["point"] == "2", "symmetric", "natural")})
    names = list(metrics.columns)
    names.insert(names.index("replication"), names.pop(names.index("world.process")))
    (points,) = points_of(metrics[names])
    assert points.keys == ("world.share_experience", "world.process")
    assert points.places.tolist() == [[0.5, 0.0], [0.5, 1.0], [0.5, 0.0]]
    assert points.words("world.process") == ("natural", "symmetric")
    assert len(design_table([points])) == 6
    assert points_of(metrics.drop(columns="point")) == []
