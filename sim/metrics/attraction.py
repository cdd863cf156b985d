"""How people came: put off at a gate, found by calls, warned, turned away by sellers or by a hidden charge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import floats, is_only, need
from sim.metrics.long import Measure, Rows, ratio

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

FOUND = ("contact", "cold")
"""Leads that sellers found: left an address, or were called out of the blue."""
MEASURES: Final = {
    "put_off_share": Measure("Of those who would have asked for more, share that a gate put off.", "share", False),
    "found_share": Measure(
        "Share of leads that sellers found by calling, of all leads; segment: why they were called.", "share"
    ),
    "calls_answered": Measure("Share of calls that made a lead; segment: why they were called.", "share"),
    "deterred_share": Measure(
        "Of those who would have asked for more, share kept away by what others say.", "share", False
    ),
    "days_to_answer": Measure("Mean days until a bad story or review was answered in public.", "days", False),
    "meetings_refused": Measure("Share of leads that did not want to meet the seller.", "share", False),
    "checkout_abandoned": Measure(
        "Share of those who would have bought at the quote that left when a hidden charge showed.", "share", False
    ),
    "touches_per_won": Measure("Touches of sellers per customer won: activity, not success.", "touches", False),
}


def attraction(run: Run) -> pd.DataFrame:
    """Family `attraction` (see MEASURES). Reads events; n leads, calls, answers, buyers or customers won."""
    need(run.events, "events", ("event", "detail", "value"), "attraction")
    rows, events = Rows(), run.events

    def count(kind: str) -> int:
        return int(is_only(events, "event", kind).sum())

    _found(rows, events)
    leads, put_off, deterred, won = (count(kind) for kind in ("lead", "put_off", "deterred", "won"))
    rows.add("put_off_share", ratio(put_off, leads + put_off), leads + put_off)
    rows.add("deterred_share", ratio(deterred, leads + deterred), leads + deterred)
    answered = is_only(events, "event", "answered") & is_only(events, "detail", "bad")
    took = floats(events, "value")[answered]
    rows.add("days_to_answer", float(np.mean(took)) if took.size else np.nan, took.size)
    rows.add("meetings_refused", ratio(count("meeting_refused"), leads), leads)
    left = count("checkout_abandoned")
    rows.add("checkout_abandoned", ratio(left, left + won), left + won)
    rows.add("touches_per_won", ratio(count("sales_touch"), won), won)
    return rows.frame()


def _found(rows: Rows, events: pd.DataFrame) -> None:
    """What calls have come to, all and by their reason."""
    lead, called = is_only(events, "event", "lead"), is_only(events, "event", "called")
    reasons = {why: is_only(events, "detail", why) for why in FOUND}
    either = np.logical_or(*reasons.values())
    answers = floats(events, "value")
    for segment, here in {"all": either, **reasons}.items():
        calls = called & here
        made = int((lead & here).sum())
        rows.add("found_share", ratio(made, int(lead.sum())), int(lead.sum()), segment=segment)
        rows.add(
            "calls_answered", ratio(float(answers[calls].sum()), int(calls.sum())), int(calls.sum()), segment=segment
        )
