"""How far the simulated renewals are from a published retention series, and the fitted law alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.checks import InputError
from sim.fitting.curve import curve_of
from sim.fitting.likelihood import maximum_likelihood

if TYPE_CHECKING:
    import pandas as pd


def published_retention(
    metrics: pd.DataFrame, *, percent_surviving: Sequence[float], fitted_years: int, year: int
) -> list[str]:
    """Errors at `year` in percentage points: simulated (mean of `logo_retention`) and fitted minus published.

    metrics: the study's long table; percent_surviving: the published series at years 0, 1, 2, ...
    """
    published = tuple(float(percent) for percent in percent_surviving)
    if not 2 <= fitted_years <= year < len(published):
        raise InputError(f"year must be in [fitted_years, {len(published) - 1}], got {year}")
    law = maximum_likelihood(curve_of(published).up_to(fitted_years).lifetimes).law
    alone = 100 * law.survival(year) - published[year]
    mean, error = _simulated(metrics, f"logo_retention_{12 * year}")
    if math.isnan(mean):
        return [f"year-{year} error: not reached, lengthen horizon_months (fitted curve alone: {alone:+.2f})"]
    return [
        f"fitted on years 1-{fitted_years}: alpha {law.alpha:.6f}, beta {law.beta:.6f};"
        f" standard error of the simulated survival {error:.2f} percentage points",
        f"year-{year} error: {mean - published[year]:+.2f} (fitted curve alone: {alone:+.2f})",
    ]


def _simulated(metrics: pd.DataFrame, metric: str) -> tuple[float, float]:
    """Mean and standard error over replications, in percent; nan where undefined."""
    chosen = (metrics["metric"] == metric) & (metrics["segment"] == "all")
    values = 100 * metrics.loc[chosen, "value"].dropna()
    spread = float(values.std(ddof=1)) if len(values) > 1 else math.nan
    return float(values.mean()), spread / math.sqrt(max(1, len(values)))
