"""What knowing is worth: money gained per unit of money spent on measuring, arm by arm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.checks import InputError
from sim.metrics.by_replication import by_replication
from sim.metrics.facts import Floats

if TYPE_CHECKING:
    import pandas as pd

MEASURING: Final = "measuring_per_candidate"
NET: Final = "net_cash_per_candidate"
DIGITS: Final = 6
"""Of money: what is left below when equal amounts were subtracted is rounding."""


class Ratio(NamedTuple):
    """A ratio of two means with its Fieller interval (95 %); infinite where the data allow any value."""

    value: float
    low: float
    high: float


def metric_value(metrics: pd.DataFrame, *, baseline: str) -> list[str]:
    """Lines `metric_value <context> <arm> <baseline> <gain> <spent> <per unit> <low> <high> <pays|loses|open>`.

    metrics: the study's long table with the families `value` and `measuring`. gain: net cash per candidate more than
    in the arm `baseline`, with what was spent on measuring added back; spent: on measuring, more than there. Per unit:
    their ratio; above 1 measuring pays for itself. Paired by replication.
    """
    if baseline not in set(metrics["arm"]):
        raise InputError(
            f"statement.baseline must be one of {', '.join(dict.fromkeys(metrics['arm']))}, got {baseline}"
        )
    return [
        _line(str(context), str(arm), baseline, here)
        for context, here in metrics.groupby("context", sort=False, observed=True)
        for arm in dict.fromkeys(here["arm"])
        if arm != baseline
    ]


def _line(context: str, arm: str, baseline: str, here: pd.DataFrame) -> str:
    net, spent = (_differences(here, metric, arm, baseline) for metric in (NET, MEASURING))
    gain = np.round(net + spent, DIGITS)
    found = fieller(gain, spent)
    word = "pays" if found.low > 1.0 else "loses" if found.high < 1.0 else "open"
    numbers = (f"{one:.6g}" for one in (_mean(gain), _mean(spent), *found))
    return " ".join(("metric_value", context, arm, baseline, *numbers, word))


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else math.nan


def _differences(here: pd.DataFrame, metric: str, arm: str, baseline: str) -> Floats:
    """Arm minus baseline, replication by replication."""
    table = by_replication(here[here["arm"].isin([arm, baseline])], metric)
    both: Floats = (table[arm] - table[baseline]).to_numpy(np.float64)
    return both


def fieller(top: Floats, bottom: Floats) -> Ratio:
    """mean(top) / mean(bottom) of paired values: the ratios r at which mean(top - r bottom) = 0 is not rejected.

    Fieller (1954), Journal of the Royal Statistical Society B 16:175-185.
    """
    from scipy.special import stdtrit

    count = top.size
    if count < 2:
        return Ratio(math.nan, -math.inf, math.inf)
    mean_top, mean_bottom = float(top.mean()), float(bottom.mean())
    share = float(stdtrit(count - 1, 0.975)) ** 2 / count
    (var_top, both), (_, var_bottom) = np.cov(top, bottom) * share
    a, b, c = mean_bottom**2 - var_bottom, mean_top * mean_bottom - both, mean_top**2 - var_top
    value = mean_top / mean_bottom if mean_bottom else math.nan
    inside = b * b - a * c
    if a <= 0.0 or inside < 0.0:
        return Ratio(value, -math.inf, math.inf)
    return Ratio(value, float((b - math.sqrt(inside)) / a), float((b + math.sqrt(inside)) / a))
