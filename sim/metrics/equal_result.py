"""What an equal result costs: the budget at which an arm's result equals the reference, and people and money there.

Arms run on a grid of budgets with the same customers and the same luck. An arm's mean result is made to rise with
its budget (pooling neighbours that fall), drawn straight between budgets, and cut at the reference's result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.metrics.facts import Floats
from sim.metrics.long import MONEY_PER_CANDIDATE, Measure

_HOW: Final = (
    "Each replication's value is its jackknife pseudo-value, so that the mean is the estimate of all and the spread "
    "between replications gives its interval."
)
MEASURES: Final = {
    "budget_at_equal_result": Measure(
        "Budget, relative to the baseline's, at which the arm's mean result equals the baseline's; the end of the "
        f"grid of budgets where it lies beyond. {_HOW}",
        "1",
        higher_is_better=False,
    ),
    "spending_at_equal_result": Measure(
        f"spending_per_candidate at that budget. {_HOW}", MONEY_PER_CANDIDATE, higher_is_better=False
    ),
    "people_at_equal_result": Measure(f"people at that budget. {_HOW}", "people", higher_is_better=False),
    "service_people_at_equal_result": Measure(
        f"service_people at that budget. {_HOW}", "people", higher_is_better=False
    ),
}
COSTS: Final = {
    "spending_at_equal_result": "spending_per_candidate",
    "people_at_equal_result": "people",
    "service_people_at_equal_result": "service_people",
}
"""What is read off at the equal result, and the metric it is read from."""


class Curves(NamedTuple):
    """One arm on the grid, paired by replication; budgets rise."""

    budgets: Floats
    """(k,) relative to the baseline's"""
    results: Floats
    """(n, k), the higher the better"""
    costs: Mapping[str, Floats]
    """name in COSTS -> (n, k)"""
    target: Floats
    """(n,) the baseline's result at its own budget, likewise"""


def rising(values: Floats) -> Floats:
    """The nearest sequence that never falls (pool adjacent violators, equal weights)."""
    sums: list[tuple[float, int]] = []
    for value in values:
        total, count = float(value), 1
        while sums and sums[-1][0] / sums[-1][1] >= total / count:
            before = sums.pop()
            total, count = total + before[0], count + before[1]
        sums.append((total, count))
    return np.concatenate([np.full(count, total / count) for total, count in sums])


def equal_budget(budgets: Floats, results: Floats, target: float) -> float:
    """The smallest budget at which the rising curve through `results` (k,) reaches `target`; an end if none does."""
    curve = rising(results)
    place = int(np.searchsorted(curve, target))
    if place == 0:
        return float(budgets[0])
    if place == budgets.size:
        return float(budgets[-1])
    part = (target - curve[place - 1]) / (curve[place] - curve[place - 1])
    return float(budgets[place - 1] + part * (budgets[place] - budgets[place - 1]))


def pseudo_values(curves: Curves) -> dict[str, Floats]:
    """Name in MEASURES -> (n,) jackknife pseudo-values: n x the estimate of all - (n - 1) x that without one."""
    count = curves.target.size
    everybody = np.arange(count)
    whole = _estimates(curves, everybody)
    without = [_estimates(curves, np.delete(everybody, one)) for one in everybody] if count > 1 else []
    return {
        name: np.array([count * value - (count - 1) * one[name] for one in without] or [value])
        for name, value in whole.items()
    }


def _estimates(curves: Curves, kept: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int64]]) -> dict[str, float]:
    """Estimates from the means over these replications."""
    target = float(curves.target[kept].mean())
    budget = equal_budget(curves.budgets, curves.results[kept].mean(axis=0), target)
    read = {n: float(np.interp(budget, curves.budgets, c[kept].mean(axis=0))) for n, c in curves.costs.items()}
    return {"budget_at_equal_result": budget, **read}
