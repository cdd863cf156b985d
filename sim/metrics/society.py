"""What people do to each other: lost to a bad story, bound by feeling, content for which use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import Flags, Index, coded, floats, identity, is_only, need
from sim.metrics.long import Measure, Rows, ratio
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

ATTACHED_SD = 1.0
"""Emotionally engaged is who lies a standard deviation above the mean."""
STRATA = 5
KEPT_MONTHS = 24
MEASURES: Final = {
    "deterred_per_story": Measure(
        "Possible customers who stayed away because of what they heard, per bad story or review.", "people", False
    ),
    "important_share": Measure("Share of recommendations that hold for important uses as well.", "share"),
    "kept_share": Measure(
        f"Share of the customers won {KEPT_MONTHS} months before the horizon or earlier whose first contract lasted "
        f"{KEPT_MONTHS} months; segment: the persona.",
        "share",
    ),
    "attached_repurchase": Measure(
        "Share of voluntary decisions in favour among the emotionally engaged, over that among the others; view truth: "
        "as an analyst who sees feelings would count, view adjusted: among customers whom the product fits alike.",
        "ratio",
    ),
    "attached_recommend": Measure("The same of waves at which a customer advocates.", "ratio"),
}


def society(run: Run) -> pd.DataFrame:
    """Family `society` (see MEASURES). Reads customers, events and surveys; n stories, recommendations, customers,
    decisions, waves."""
    need(run.customers, "customers", ("persona", "attachment", "fit", "won_days", "end_days"), "society")
    rows, events = Rows(), run.events
    _stories(rows, events)
    good = is_only(events, "event", "advocacy") & (floats(events, "value") > 0.0)
    wide = good & is_only(events, "detail", "everything")
    limited = int(wide.sum() + (good & is_only(events, "detail", "ordinary")).sum())
    rows.add("important_share", ratio(int(wide.sum()), limited), limited)
    _kept(rows, run)
    decided = is_only(events, "event", "renewed") | (
        is_only(events, "event", "churned") & ~is_only(events, "detail", "involuntary")
    )
    stayed = is_only(events, "event", "renewed")[decided]
    _compare(rows, "attached_repurchase", run, identity(events)[decided], stayed)
    asked = is_only(run.surveys, "trigger", "wave")
    asked &= is_only(run.surveys, "instrument", "nps")
    met = identity(run.surveys)[asked]
    when = floats(run.surveys, "time_days")[asked]
    spoken = set(zip(identity(events)[good].tolist(), floats(events, "time_days")[good].tolist(), strict=True))
    said = np.array([pair in spoken for pair in zip(met.tolist(), when.tolist(), strict=True)], dtype=np.bool_)
    _compare(rows, "attached_recommend", run, met, said)
    return rows.frame()


def _stories(rows: Rows, events: pd.DataFrame) -> None:
    """Lost acquisitions per story."""
    bad = is_only(events, "event", "told") & is_only(events, "detail", "bad")
    bad |= is_only(events, "event", "reviewed") & (floats(events, "value") < 0.0)
    stories = int(bad.sum())
    rows.add("deterred_per_story", ratio(int(is_only(events, "event", "deterred").sum()), stories), stories)


def _kept(rows: Rows, run: Run) -> None:
    """Customers kept, all and by persona."""
    people = run.customers
    won, end = floats(people, "won_days"), floats(people, "end_days")
    followed = won + days(KEPT_MONTHS) <= run.windows.horizon_days
    kept = followed & ~(end <= won + days(KEPT_MONTHS))
    rows.add("kept_share", ratio(int(kept.sum()), int(followed.sum())), int(followed.sum()))
    codes, names = coded(people, "persona")
    for code, name in enumerate(names):
        here = followed & (codes == code)
        if name:
            rows.add("kept_share", ratio(int((kept & here).sum()), int(here.sum())), int(here.sum()), segment=name)


def _compare(rows: Rows, metric: str, run: Run, who: np.ndarray, yes: Flags) -> None:
    """Both views of one ratio; nan where the others never say yes."""
    at = Index(identity(run.customers)).rows(who)
    attached = floats(run.customers, "attachment")[at] > ATTACHED_SD
    fit = floats(run.customers, "fit")
    edges = np.quantile(fit, np.linspace(0.0, 1.0, STRATA + 1)[1:-1]) if fit.size else np.zeros(STRATA - 1)
    alike = np.searchsorted(edges, fit[at])
    n = who.size if attached.any() else 0
    rows.add(metric, risk_ratio(yes, attached, np.zeros(who.size)), n)
    rows.add(metric, risk_ratio(yes, attached, alike), n, view="adjusted")


def risk_ratio(yes: Flags, marked: Flags, stratum: np.ndarray) -> float:
    """Ratio of the shares of `yes` among `marked` and the others, pooled over strata (Mantel & Haenszel 1959)."""
    up, down = 0.0, 0.0
    for s in np.unique(stratum):
        here = stratum == s
        a, b = int((yes & marked & here).sum()), int((yes & ~marked & here).sum())
        with_mark, without = int((marked & here).sum()), int((~marked & here).sum())
        up += a * without / (with_mark + without)
        down += b * with_mark / (with_mark + without)
    return ratio(up, down)
