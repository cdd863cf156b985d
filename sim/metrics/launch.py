"""Before and after a launch: the same customers asked the same question on both sides of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import Codes, Flags, Floats, Index, floats, is_only, need
from sim.metrics.long import Measure, Rows
from sim.metrics.prediction import contract_key

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "launch_change": Measure(
        "Mean answer after a release minus before it, over customers and releases with both answers (n pairs); the "
        "question is the family's parameter, CES as shipped. What would have changed without the release is in it.",
        "scale points",
        view="respondents",
    ),
}
VIEWS: Final = {"truth": None, "respondents": "audit_answered", "fielded": "answered"}


def launch(run: Run, *, instrument: str) -> pd.DataFrame:
    """Family `launch` (see MEASURES); needs a programme that asks before_launch and after_launch."""
    columns = ("trigger", "instrument", "contract", "occurrence", "true_answer", "answer", "gamed", "answered")
    need(run.surveys, "surveys", (*columns, "audit_answered"), "launch")
    asked = run.surveys[is_only(run.surveys, "instrument", instrument)]
    before, after = (asked[is_only(asked, "trigger", f"{side}_launch")] for side in ("before", "after"))
    at = Index(_launch_key(before)).rows(_launch_key(after))
    rows = Rows()
    for view, column in VIEWS.items():
        (first, given), (second, again) = (_told(side, view, column) for side in (before, after))
        both = (at >= 0) & again & np.r_[given, False][at]
        change = second[both] - np.r_[first, np.nan][at][both]
        rows.add("launch_change", float(change.mean()) if change.size else np.nan, change.size, view=view)
    return rows.frame()


def _launch_key(frame: pd.DataFrame) -> Codes:
    """One number per (replication, customer, contract, launch)."""
    keys: Codes = (contract_key(frame) << 10) + frame["occurrence"].to_numpy(dtype=np.int64)
    return keys


def _told(frame: pd.DataFrame, view: str, column: str | None) -> tuple[Floats, Flags]:
    """(answers as they count in a view, which were given)."""
    if column is None:
        return floats(frame, "true_answer"), np.ones(len(frame), dtype=np.bool_)
    told = floats(frame, "answer") + (floats(frame, "gamed") if view == "fielded" else 0.0)
    return told, frame[column].to_numpy(dtype=np.bool_)
