"""Where metrics part from what they stand for: which of experience and outcome foretells renewal.

Decisions and readings are those of `sim.metrics.prediction`: both predictors of a gap come from the same
customers, the same wave and the same lead. The curve over lead times follows one set of decisions, those
read at every lead, so that it never compares different customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.facts import Flags, Floats, need
from sim.metrics.long import Measure, Rows
from sim.metrics.prediction import (
    VIEWS,
    Decisions,
    Readings,
    Track,
    decisions,
    joined,
    moments,
    readings,
)
from sim.metrics.ranks import auc, correlation
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

__all__ = ["MEASURES", "Decisions", "Readings", "decisions", "divergence", "gap", "readings"]

MEASURES: Final = {
    "auc_experience": Measure(
        "Chance that a customer who renews had the higher score of experience at the last wave before the decision "
        "than one who left (area under the ROC curve, ties count half); who gives notice decides on that day. View "
        "truth: latent experience; surveyed, respondents, observed: the NPS answer, potential of those the audit "
        "invited, given to the audit, or given to the organisation's own survey.",
        "AUC",
    ),
    "auc_outcome": Measure(
        "The same for outcome, on the same decisions and readings. View truth: latent outcome as perceived; the "
        "other views: the outcome reading of the same wave.",
        "AUC",
    ),
    "predictive_gap": Measure(
        "auc_experience minus auc_outcome: positive where experience foretells renewal better. Truth against truth "
        "(view truth) or survey answer against outcome reading, both there for the same decision (other views).",
        "AUC",
    ),
    "auc_attained": Measure(
        "The area under the curve of the outcome itself, what readings measure, beside that of the outcome as "
        "perceived, what customers weigh.",
        "AUC",
    ),
    "decisions_lost": Measure(
        "Voluntary decisions against renewal among the decisions read (n); an area under the curve rests on them.",
        "decisions",
        higher_is_better=False,
    ),
    "auc_experience_by_lead": Measure(
        "auc_experience at the last wave at least the stated days before the decision, on the decisions that were "
        "read at every one of the leads.",
        "AUC",
    ),
    "auc_outcome_by_lead": Measure("auc_outcome in the same way.", "AUC"),
    "predictive_gap_by_lead": Measure("predictive_gap in the same way.", "AUC"),
    "corr_nps_renewal": Measure(
        "Correlation of the NPS answer at the last wave before a voluntary renewal decision with renewing: "
        "answers without noise (truth) or answers given to the audit survey (respondents).",
        "correlation",
        view="respondents",
    ),
}


class Gap(NamedTuple):
    """Two areas under the curve on the same decisions."""

    experience: float
    outcome: float
    n: int
    lost: int

    @property
    def value(self) -> float:
        """experience minus outcome"""
        return self.experience - self.outcome


def gap(read: Readings, view: str, who: Flags | None = None) -> Gap:
    """The pairing of a view on the decisions of `who` for which both scores exist."""
    first, second, both = read.pairing(view)
    chosen = both if who is None else both & who
    stayed = read.renewed[chosen]
    return Gap(auc(first[chosen], stayed), auc(second[chosen], stayed), stayed.size, int((~stayed).sum()))


def divergence(run: Run, *, lead_days: float, curve_months: Sequence[float]) -> pd.DataFrame:
    """Family `divergence` (see MEASURES), for all and beside it hold-out and treated; n decisions.

    lead_days: shortest time from reading to decision; curve_months: leads of the curve.
    """
    columns = ("contract", "instrument", "trigger", "experience", "perceived_outcome", "true_answer")
    need(run.surveys, "surveys", (*columns, "answer", "audit_answered"), "divergence")
    need(run.customers, "customers", ("hold_out",), "divergence")
    rows, made, waves = Rows(), decisions(run), moments(run)
    track = Track(waves.asked, made)
    read = joined(run, made, waves, track.rows(lead_days))
    everyone = np.ones(read.renewed.size, dtype=np.bool_)
    for segment, who in (("all", everyone), ("hold_out", read.held_out), ("treated", ~read.held_out)):
        for view in VIEWS:
            _gap(rows, gap(read, view, who), view, segment)
        rows.add("auc_attained", auc(read.attained[who], read.renewed[who]), int(who.sum()), segment=segment)
        for view, scores, chosen in (("truth", read.true_answer, who), ("respondents", read.answer, read.answered)):
            _correlation(rows, scores, read.renewed, chosen & who, view, segment)
    _curve(rows, [joined(run, made, waves, track.rows(days(month))) for month in curve_months], curve_months)
    return rows.frame()


def _gap(rows: Rows, found: Gap, view: str, segment: str) -> None:
    """Both areas under the curve, their difference and the leavers they rest on."""
    for metric, value in (
        ("auc_experience", found.experience),
        ("auc_outcome", found.outcome),
        ("predictive_gap", found.value),
        ("decisions_lost", found.lost),
    ):
        rows.add(metric, value, found.n, view=view, segment=segment)


def _correlation(rows: Rows, scores: Floats, renewed: Flags, who: Flags, view: str, segment: str) -> None:
    value = correlation(scores[who], renewed[who].astype(np.float64))
    rows.add("corr_nps_renewal", value, int(who.sum()), view=view, segment=segment)


def _curve(rows: Rows, at_leads: Sequence[Readings], months: Sequence[float]) -> None:
    """The gap at each lead, on decisions read at every lead that any decision was read at."""
    reached = [read.decision for read in at_leads if read.decision.size]
    panel = reached[0] if reached else np.empty(0, dtype=np.intp)
    for decided in reached[1:]:
        panel = np.intersect1d(panel, decided, assume_unique=True)
    for read, month in zip(at_leads, months, strict=True):
        same = np.isin(read.decision, panel, assume_unique=True)
        for view in VIEWS:
            found = gap(read, view, same)
            rows.add("auc_experience_by_lead", found.experience, found.n, view=view, time_days=days(month))
            rows.add("auc_outcome_by_lead", found.outcome, found.n, view=view, time_days=days(month))
            rows.add("predictive_gap_by_lead", found.value, found.n, view=view, time_days=days(month))
