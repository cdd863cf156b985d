"""What the study of the success ratio says at its end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.statements.success_ratio import success_ratio


def long(rows: list[tuple[str, str, str, int, float, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["metric", "view", "segment", "replication", "value", "n"])
    return frame.assign(context="-", arm="one")


def told(areas: dict[str, list[float]], lost: list[float]) -> list[str]:
    rows = [("decisions_lost", "truth", "all", r, left, 20) for r, left in enumerate(lost)]
    for form, values in areas.items():
        for r, value in enumerate(values):
            rows.append(("success_ratio_auc", "truth", form, r, value, 20))
            for name in ("best", "level", "corr_experience"):
                rows.append((f"success_ratio_{name}", "truth", form, r, 0.5, 20))
    return success_ratio(long(rows))


def test_best_first_and_weighted_by_pairs() -> None:
    """A replication with one leaver says little: 19 pairs against 100."""
    lines = told({"literal": [0.9, 0.4, 0.4], "outcome": [0.2, 0.6, 0.6]}, [1.0, 10.0, 10.0])
    assert [line.split()[1:3] for line in lines] == [["1", "outcome"], ["2", "literal"]]
    assert f"auc={(19 * 0.2 + 200 * 0.6) / 219:.3f}[" in lines[0]
    assert " n=60 lost=21 " in lines[0]
    assert "observed" not in lines[0]


def test_too_few_replications_with_a_leaver_give_no_area() -> None:
    lines = told({"literal": [0.9, 0.4, np.nan]}, [1.0, 2.0, 0.0])
    assert "auc=too_few" in lines[0]
