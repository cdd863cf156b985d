"""Theses on prevention, account management and budgets come out true in one shipped context and false in another.

Contexts and bundles were made on seeds 3 to 23; the seeds here were looked at once, and everything came out. With two
thirds of the replications, on other fresh seeds, some stayed undecided: fewer replications do not decide them all.
A claim hard-wired one way always fails.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.checks import InputError
from sim.experiments.claims import Judged, try_claims
from sim.statements.factorial import CELLS, effects, factorial


def tried(experiment: str, seed: int, replications: int) -> list[Judged]:
    found = try_claims(experiment, f"replications={replications}", "n_jobs=2", seed=seed)
    return [one for one in found if one.expected != "-"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("experiment", "seed", "replications", "claims"),
    [
        ("corrective_or_preventative", 9100, 12, 2),
        pytest.param("experience_or_outcome_budget", 9200, 16, 1, marks=pytest.mark.full),
        ("operations_without_fit", 9300, 12, 1),
    ],
)
def test_each_thesis_is_true_somewhere_and_false_elsewhere(
    experiment: str, seed: int, replications: int, claims: int
) -> None:
    found = tried(experiment, seed, replications)
    assert len(found) == 2 * claims and {one.expected for one in found} == {"true", "false"}
    for one in found:
        assert one.as_expected, one


def test_a_factorial_splits_what_two_factors_add() -> None:
    """2 for the first, 3 for the second, 4 more for the two together, the same luck in all four cells."""
    import pandas as pd

    luck = np.sin(np.arange(6.0))
    cells = dict(zip(CELLS, (luck, luck + 2.0, luck + 3.0, luck + 9.0), strict=True))
    first, second, together = effects(*cells.values())
    assert first == pytest.approx(4.0) and second == pytest.approx(5.0) and together == pytest.approx(4.0)
    rows = [("here", cell, r, value) for cell, values in cells.items() for r, value in enumerate(values)]
    table = pd.DataFrame(rows, columns=["context", "arm", "replication", "value"])
    table = table.assign(metric="m", view="truth", segment="all", time_days=np.nan)
    arms = {cell: cell for cell in CELLS}
    assert factorial(table, metric="m", arms=arms) == [
        "factorial here m first 4 4 4",
        "factorial here m second 5 5 5",
        "factorial here m together 4 4 4",
    ]
    with pytest.raises(InputError, match=r"statement\.arms"):
        factorial(table, metric="m", arms={"neither": "x"})
