"""How hard people worked for the outcome, and how often customers argued about its measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.metrics.facts import floats, is_only, need
from sim.metrics.long import Measure, Rows, ratio

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "effort_for_outcome": Measure(
        "Mean effort for the outcome over signatures and bills, relative to what the policy asks for; undefined where "
        "nobody works for what is at stake.",
        "effort",
    ),
    "disputed_bills": Measure(
        "Disputes by bills for a measured outcome; undefined where no such bill was paid.",
        "share",
        higher_is_better=False,
    ),
}


def stakes(run: Run) -> pd.DataFrame:
    """Family `stakes` (see MEASURES). Reads events and ledger; n pledges or bills."""
    need(run.events, "events", ("event", "value"), "stakes")
    rows, staked = Rows(), run.events[is_only(run.events, "event", "staked")]
    rows.add("effort_for_outcome", floats(staked, "value").mean() if len(staked) else 0.0, len(staked))
    disputed = int(is_only(run.events, "event", "disputed").sum())
    bills = int(is_only(run.ledger, "account", "invoice_outcome").sum())
    rows.add("disputed_bills", ratio(disputed, bills), bills)
    return rows.frame()
