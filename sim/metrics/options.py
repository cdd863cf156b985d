"""Customers of a menu by the option they took: who they are, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.earned import all_billed, revenue_within
from sim.metrics.facts import SAME_DAY, coded, floats, identity, is_only, need
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.value import cohort
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

KEPT_MONTHS: Final = 24

MEASURES: Final = {
    "fit_of_option": Measure(
        "Mean fit of the window's customers by the option they took; drawn before anybody chose, so that options "
        "differ in it by who takes them and by nothing else.",
        "share",
    ),
    "kept_of_option": Measure(
        f"Share of the window's customers, by the option they took, whose first contract ran longer than {KEPT_MONTHS} "
        "months.",
        "share",
    ),
    "earned_of_option": Measure(
        "Discounted revenue earned in the stated first months (see earned_per_candidate) per customer of the window by "
        "the option taken, whenever it is paid; undefined where bills in arrears may come after the horizon.",
        "money per customer",
    ),
}


def options(run: Run, *, earned_months: float) -> pd.DataFrame:
    """Family `options` (see MEASURES): segment = option of a menu, `all` for everybody who signed. Reads customers,
    events, ledger; n customers."""
    need(run.events, "events", ("event", "customer", "detail"), "options")
    need(run.customers, "customers", ("fit", "won_days", "end_days", "candidate_days"), "options")
    rows, won = Rows(), run.events[is_only(run.events, "event", "won")]
    who = cohort(run)
    at, (codes, names) = who.people.rows(identity(won)), coded(won, "detail")
    signed, ended = floats(run.customers, "won_days"), floats(run.customers, "end_days")
    of_each = {
        "fit_of_option": floats(run.customers, "fit"),
        "kept_of_option": (~(ended <= signed + days(KEPT_MONTHS) + SAME_DAY)).astype(np.float64),
    }
    span = days(earned_months)
    revenue, billed = revenue_within(run, who, span).earned, all_billed(run, span)
    inside = who.in_window[at]
    taken = {"all": inside} | {name: inside & (codes == code) for code, name in enumerate(names) if name}
    for option, members in taken.items():
        n = int(members.sum())
        for metric, values in of_each.items():
            rows.add(metric, ratio(float(values[at[members]].sum()), n), n, segment=option)
        known = n if billed else 0
        rows.add("earned_of_option", ratio(float(revenue[at[members]].sum()), n), known, segment=option)
    return rows.frame()
