"""What the support desk did besides solving: promises, refusals, self-service, and how people parted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import floats, is_only, need
from sim.metrics.long import Measure, Rows, ratio

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "promises_kept": Measure("Promises that ended with a solution in time, of all that fell due.", "share"),
    "tickets_refused": Measure(
        "Tickets whose owner was told that nothing can be done, of all raised.", "share", higher_is_better=False
    ),
    "self_served": Measure("Would-be tickets answered by an article, of all needs for help.", "share"),
    "incident_tickets": Measure("Tickets raised about a systemic failure, of all raised.", "share", False),
    "csat_of_leavers": Measure(
        "Share of satisfied answers (two best boxes) to the exit survey: potential answers of everybody who left, or "
        "those given. High values say how people parted, not that all is well.",
        "share",
        view="surveyed",
    ),
}


def desk(run: Run, *, csat_satisfied_from: float) -> pd.DataFrame:
    """Family `desk` (see MEASURES). Reads events and surveys; n promises, tickets, needs or leavers."""
    need(run.events, "events", ("event",), "desk")
    need(run.surveys, "surveys", ("trigger", "instrument", "answer", "answered"), "desk")
    rows, events = Rows(), run.events

    def count(kind: str) -> int:
        return int(is_only(events, "event", kind).sum())

    kept, raised, served = count("promise_kept"), count("ticket_raised"), count("self_served")
    due = kept + count("promise_broken")
    rows.add("promises_kept", ratio(kept, due), due)
    rows.add("tickets_refused", ratio(count("refused"), raised), raised)
    rows.add("self_served", ratio(served, served + raised), served + raised)
    from_incidents = raised_by_incident(events)
    rows.add("incident_tickets", ratio(from_incidents, raised), raised)
    left = run.surveys[is_only(run.surveys, "trigger", "exit") & is_only(run.surveys, "instrument", "csat")]
    content = floats(left, "answer") >= csat_satisfied_from - 0.5
    for view, members in (("surveyed", np.full(len(left), True)), ("fielded", left["answered"].to_numpy(np.bool_))):
        rows.add("csat_of_leavers", ratio(int(content[members].sum()), int(members.sum())), int(members.sum()), view)
    return rows.frame()


def raised_by_incident(events: pd.DataFrame) -> int:
    """Tickets numbered as those of incidents are."""
    from sim.agents.incidents import FIRST_TICKET

    raised = events[is_only(events, "event", "ticket_raised")]
    return int((raised["occurrence"].to_numpy() >= FIRST_TICKET).sum())
