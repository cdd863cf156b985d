"""The sales funnel: leads, qualification, win rate, cycle."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import Index, floats, identity, is_any, is_only, need
from sim.metrics.long import Measure, Rows, ratio

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

AGAINST: Final = ("lost", "checkout_abandoned", "broke_off", "stopped_free")
"""Ways in which somebody decides not to buy."""
MEASURES: Final = {
    "leads": Measure("Candidates that became leads, whole run.", "leads"),
    "qualified": Measure("Leads that the seller did not drop.", "leads"),
    "win_rate": Measure(
        "Won by (won + lost) among qualified leads that came to a decision; leads dropped by the seller, gone "
        "before an answer or still open at the horizon are left out. Who leaves at the checkout, breaks the purchase "
        "off or stops using a free plan has decided.",
        "share",
    ),
    "cycle_median_days": Measure(
        "Conditional: median time from lead to signature among the won.", "days", higher_is_better=False
    ),
    "leads_abandoned": Measure("Share of leads that gave up waiting for an answer.", "share", higher_is_better=False),
}


def _cycle(rows: Rows, run: Run) -> None:
    events = run.events
    leads = events[is_only(events, "event", "lead")]
    at = Index(identity(leads)).rows(identity(run.customers))
    won = floats(run.customers, "won_days")
    known = np.isfinite(won) & (at >= 0)
    cycle = won[known] - floats(leads, "time_days")[at[known]]
    rows.add("cycle_median_days", float(np.median(cycle)) if cycle.size else math.nan, cycle.size)


def sales(run: Run) -> pd.DataFrame:
    """Family `sales` (see MEASURES). Reads events and customers; n leads or decisions."""
    need(run.events, "events", ("event", "customer", "contract", "time_days"), "sales")
    rows, events = Rows(), run.events

    def count(*kinds: str) -> int:
        return int(is_any(events, "event", kinds).sum())

    leads, won = count("lead"), int(np.isfinite(floats(run.customers, "won_days")).sum())
    qualified, decided = leads - count("disqualified"), won + count(*AGAINST)
    rows.add("leads", leads, leads)
    rows.add("qualified", qualified, leads)
    rows.add("win_rate", ratio(won, decided), decided)
    rows.add("leads_abandoned", ratio(count("lead_abandoned"), leads), leads)
    _cycle(rows, run)
    return rows.frame()
