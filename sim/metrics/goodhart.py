"""Divergence 6, Goodhart: does a metric still tell the truth once it is the target?

How far the answers an organisation collects go with what its customers decide by, before a day and after it. The
difference of the two, arm minus its untargeted twin on the same draws (paired by replication, as every comparison
is), is a difference of differences: what customers' ageing and leaving do to the association cancels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import SAME_DAY, Flags, Floats, coded, floats, identity, is_only, need
from sim.metrics.long import Measure, Rows
from sim.metrics.ranks import correlation
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "metric_truth": Measure(
        "Correlation over customers and waves of the metric with V, what the customer's decisions weigh, after the "
        "stated month. View fielded: answers and readings as the organisation has them; respondents: answers to "
        "the audit survey, which nobody games; truth: everybody's answer without noise.",
        "correlation",
        view="fielded",
    ),
    "metric_truth_before": Measure("The same before the stated month.", "correlation", view="fielded"),
    "metric_truth_shift": Measure(
        "metric_truth minus metric_truth_before. The arm minus its untargeted twin is divergence 6: below 0 the "
        "metric tells less since it is the target.",
        "correlation",
        view="fielded",
    ),
    "metric_inflation_shift": Measure(
        "Mean metric as collected minus mean true answer of everybody at the same waves, after the stated month "
        "minus before it: how much better things look than they are since the metric is the target.",
        "scale points",
        higher_is_better=False,
        view="fielded",
    ),
}
VIEWS: Final = {"fielded": "answered", "respondents": "audit_answered", "truth": None}


def goodhart(run: Run, *, from_months: float, instrument: str) -> pd.DataFrame:
    """Family `goodhart` (see MEASURES) of every instrument asked at waves; n answers after the month.

    from_months: when the metric becomes the target; `instrument` stands under segment `all`, beside it its hold-out,
    which is never gamed.
    """
    columns = ("trigger", "instrument", "value", "true_answer", "answer", "gamed", "answered", "audit_answered")
    need(run.surveys, "surveys", columns, "goodhart")
    waves = run.surveys[is_only(run.surveys, "trigger", "wave")]
    held = identity(run.customers)[run.customers["hold_out"].to_numpy(dtype=np.bool_)]
    rows = Rows()
    for name in (instrument, *(other for other in coded(waves, "instrument")[1] if other != instrument)):
        asked = waves[is_only(waves, "instrument", name)]
        _shifts(rows, asked, from_months, "all" if name == instrument else name)
        if name == instrument:
            _shifts(rows, asked[np.isin(identity(asked), held)], from_months, "hold_out")
    return rows.frame()


def _shifts(rows: Rows, asked: pd.DataFrame, from_months: float, segment: str) -> None:
    """One instrument in every view."""
    late: Flags = floats(asked, "time_days") >= days(from_months) - SAME_DAY
    value, true = floats(asked, "value"), floats(asked, "true_answer")
    for view, column in VIEWS.items():
        given = np.ones(late.size, np.bool_) if column is None else asked[column].to_numpy(dtype=np.bool_)
        told = true if column is None else floats(asked, "answer")
        if view == "fielded":
            told = told + floats(asked, "gamed")
        after, before = (correlation(told[given & when], value[given & when]) for when in (late, ~late))
        n, earlier = int((given & late).sum()), int((given & ~late).sum())
        rows.add("metric_truth", after, n, view=view, segment=segment)
        rows.add("metric_truth_before", before, earlier, view=view, segment=segment)
        rows.add("metric_truth_shift", after - before, min(n, earlier), view=view, segment=segment)
        lifted = _gap(told, given & late, true, late) - _gap(told, given & ~late, true, ~late)
        rows.add("metric_inflation_shift", lifted, min(n, earlier), view=view, segment=segment)


def _gap(told: Floats, given: Flags, true: Floats, there: Flags) -> float:
    """Mean of what was told minus mean truth of everybody who was there."""
    return float(told[given].mean() - true[there].mean()) if given.any() else math.nan
