"""Time to value and the share that reaches it: whose time, and what becomes of those who leave before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.defined.definition import COMPARED, OWN, Definition, Metric
from sim.metrics.facts import SAME_DAY, Floats, floats
from sim.metrics.long import Rows, ratio
from sim.metrics.service import first_values
from sim.metrics.survival import cumulative_incidence, kaplan_meier, level_at, quantile, restricted_mean

if TYPE_CHECKING:
    from sim.recorder import Run

TTV: Final = Metric(
    "ttv",
    "Time from signature to first value.",
    "days",
    False,
    (
        Definition("median_of_all", "day by which half of all won have reached value; cumulative incidence, leaving "
                   "competes", OWN),
        Definition("median_censored", "day by which a Kaplan-Meier curve that censors leavers has fallen to one half",
                   "Kaplan & Meier 1958, used as if leavers could still reach value", "median_of_all",
                   "who left before value counts as not yet followed, as if value still awaited them"),
        Definition("median_of_attainers", "median among those seen to reach value",
                   "GrowPanel academy, Time to Value", "median_of_all", "who never reached value is left out"),
        Definition("mean_of_attainers", "mean among those seen to reach value",
                   "Clynto, What is Time to Value (averaged)", "median_of_attainers", "mean instead of median"),
        Definition("mean_with_limit", "mean of min(days to value, limit); who never reaches it counts with the limit",
                   "Aalen & Johansen 1978 (area over the cumulative incidence)", "mean_of_attainers",
                   "who never reached value counts, with the limit"),
        Definition("mean_to_go_live", "mean days from signature to go-live among those who went live",
                   "criticised by Blake 2026 (ClientSuccess): onboarding completion taken for value",
                   "mean_of_attainers", "the clock stops when onboarding ends, not when value is felt"),
    ),
    attained=True,
)  # fmt: skip
ACTIVATION: Final = Metric(
    "activation",
    "Share of customers that reaches first value within the limit.",
    "share",
    True,
    (
        Definition("of_all", "cumulative incidence at the limit among all won, leaving competes", OWN),
        Definition("censored", "1 - Kaplan-Meier at the limit, leavers censored",
                   "Kaplan & Meier 1958, used as if leavers could still reach value", "of_all",
                   "who left before value counts as not yet followed"),
        Definition("counted", "seen to reach value within the limit / all won", "MetricKit, Activation rate",
                   "of_all", "who has not been followed to the limit counts as not reaching it"),
        Definition("of_live", "seen to reach value within the limit / all who went live",
                   COMPARED, "counted",
                   "who cancelled before go-live is left out"),
    ),
)  # fmt: skip
METRICS: Final = (TTV, ACTIVATION)


def ttv(rows: Rows, run: Run, limit_days: float) -> None:
    """Every definition of time to value and of activation; n customers counted."""
    found, limit = first_values(run), min(limit_days, run.windows.follow_days)
    incidence = cumulative_incidence(found.duration, found.cause, 1)
    censored = kaplan_meier(found.duration, found.cause == 1)
    reached, n = found.reached[np.isfinite(found.reached)], found.reached.size
    people = run.customers
    live = floats(people, "go_live_days") - floats(people, "won_days")
    live = live[np.isfinite(live)]

    def add(name: str, value: float, count: int) -> None:
        rows.add(TTV.row_name, value, count, view=name)

    add("median_of_all", quantile(incidence, 0.5), n)
    add("median_censored", quantile(censored, 0.5), n)
    add("median_of_attainers", float(np.median(reached)) if reached.size else math.nan, reached.size)
    add("mean_of_attainers", _mean(reached), reached.size)
    add("mean_with_limit", limit - restricted_mean(incidence, limit), n)
    add("mean_to_go_live", _mean(live), live.size)
    within = float((reached <= limit + SAME_DAY).sum())
    shares = {
        "of_all": (level_at(incidence, limit + SAME_DAY), n),
        "censored": (1.0 - level_at(censored, limit + SAME_DAY), n),
        "counted": (ratio(within, n), n),
        "of_live": (ratio(within, live.size), live.size),
    }
    for name, (share, count) in shares.items():
        rows.add(ACTIVATION.row_name, share, count, view=name)


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else math.nan
