"""People: how many the organisation pays, and how much of their time work fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import Flags, floats, is_any, is_only, need
from sim.metrics.long import Measure, Rows, ratio

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

SERVICE: Final = ("support", "success")
MEASURES: Final = {
    "people": Measure(
        "Full-time people on the payroll of all teams and those whom the product's money pays, mean over the months.",
        "people",
        False,
    ),
    "service_people": Measure(
        "Full-time people on the payroll of support and success management, mean over the months.", "people", False
    ),
    "service_busy": Measure("Share of the time of support and success management that work fills.", "share", False),
}


def staff(run: Run, *, builder_per_month: float) -> pd.DataFrame:
    """Family `staff` (see MEASURES). Reads resources and ledger; n rows of resources (a team's month).

    `builder_per_month`: what one person who works on the product costs.
    """
    need(run.resources, "resources", ("time_days", "team", "busy", "capacity", "headcount"), "staff")
    rows, table = Rows(), run.resources
    months = np.unique(floats(table, "time_days")).size
    service = is_any(table, "team", SERVICE)

    def sums(column: str, chosen: Flags) -> float:
        return float(floats(table, column)[chosen].sum())

    everybody = np.ones(service.size, dtype=np.bool_)
    building = -float(floats(run.ledger, "amount")[is_only(run.ledger, "account", "spend_product")].sum())
    people = sums("headcount", everybody) + building / builder_per_month
    rows.add("people", ratio(people, months), everybody.size)
    rows.add("service_people", ratio(sums("headcount", service), months), int(service.sum()))
    rows.add("service_busy", ratio(sums("busy", service), sums("capacity", service)), int(service.sum()))
    return rows.frame()
