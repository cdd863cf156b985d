"""Where metrics part from what they stand for: which of experience and outcome foretells renewal.

Like is compared with like: the same customers, the same reading, the same lead to the decision. The unit
is a voluntary renewal decision of a contract, read at the last wave of the same term that lies
at least `lead_days` before it. Involuntary churn is no decision and is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.metrics.facts import SAME_DAY, Codes, Flags, Floats, Index, floats, identity, is_any, is_only, need
from sim.metrics.long import Measure, Rows
from sim.metrics.ranks import auc, correlation

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "auc_experience": Measure(
        "Chance that a customer who renews had the higher true experience at the last wave before the decision "
        "than one who left (area under the ROC curve, ties count half). Views surveyed and respondents: the "
        "potential or given NPS answer of those the audit survey invited, where the outcome was measured too.",
        "AUC",
    ),
    "auc_outcome": Measure(
        "The same for the true perceived outcome, on the same customers and readings. Views surveyed and "
        "respondents: the outcome reading of the same wave.",
        "AUC",
    ),
    "predictive_gap": Measure(
        "auc_experience minus auc_outcome: positive where experience foretells renewal better; truth against "
        "truth, or (surveyed, respondents) survey answer against outcome reading.",
        "AUC",
    ),
    "corr_nps_renewal": Measure(
        "Correlation of the NPS answer at the last wave before a voluntary renewal decision with renewing: "
        "answers without noise (truth) or answers given to the audit survey (respondents).",
        "correlation",
        view="respondents",
    ),
}
DEFINITIONS: Final = {name: measure.definition for name, measure in MEASURES.items()}


class Decisions(NamedTuple):
    """Voluntary renewal decisions: contract, start of the term they end, time, result."""

    contract: Codes
    term_start: Floats
    time: Floats
    renewed: Flags


def _contract(frame: pd.DataFrame) -> Codes:
    """Contract identity: (replication, customer, contract) in one number."""
    keys: Codes = (identity(frame) << 10) + frame["contract"].to_numpy(dtype=np.int64)
    return keys


def decisions(run: Run) -> Decisions:
    """Every voluntary decision; a term starts at the previous renewal of the same contract."""
    events = run.events
    ended = events[is_any(events, "event", ("renewed", "churned"))]
    contract, time = _contract(ended), floats(ended, "time_days")
    order = np.lexsort((time, contract))
    contract, time = contract[order], time[order]
    start = np.full(time.size, -np.inf)
    same = contract[1:] == contract[:-1]
    start[1:][same] = time[:-1][same]
    renewed = is_only(ended, "event", "renewed")[order]
    voluntary = ~is_only(ended, "detail", "involuntary")[order] | renewed
    return Decisions(contract[voluntary], start[voluntary], time[voluntary], renewed[voluntary])


class Readings(NamedTuple):
    """One reading per decision that has one; arrays share their length."""

    experience: Floats
    outcome: Floats
    true_answer: Floats
    answer: Floats
    invited: Flags
    answered: Flags
    measured: Floats
    """The outcome reading of the same wave; nan where there is none."""
    measured_for_audit: Flags
    """Whether that reading was returned to the audit."""
    renewed: Flags
    held_out: Flags


def _last_before(wave: pd.DataFrame, made: Decisions, lead_days: float) -> NDArray[np.intp]:
    """Row of `wave` for each decision, -1 where the term has no reading early enough."""
    contract, time = _contract(wave), floats(wave, "time_days")
    if not contract.size:
        return np.full(made.time.size, -1, dtype=np.intp)
    order = np.lexsort((time, contract))
    # Readings and decisions share one ranking: contracts as whole numbers, time squeezed below 1.
    scale = 2.0 * max(float(time.max()), float(made.time.max(initial=1.0)), 1.0)
    number = np.unique(np.r_[contract, made.contract])
    place = np.searchsorted(number, contract[order]) + time[order] / scale
    latest = np.searchsorted(number, made.contract) + (made.time - max(lead_days, SAME_DAY)) / scale
    at = np.searchsorted(place, latest, side="right") - 1
    row = order[np.maximum(at, 0)]
    fits = (at >= 0) & (contract[row] == made.contract) & (time[row] > made.term_start - SAME_DAY)
    return np.where(fits, row, -1)


def _measured(asked: pd.DataFrame, read: pd.DataFrame) -> tuple[Floats, Flags]:
    """Outcome readings of the waves of `read` for the same customers, and whether the audit got them."""

    def moment(frame: pd.DataFrame) -> Codes:
        keys: Codes = (identity(frame) << 16) + frame["occurrence"].to_numpy(dtype=np.int64)
        return keys

    taken = asked[is_only(asked, "instrument", "outcome_reading")]
    at = Index(moment(taken)).rows(moment(read))
    returned = taken["audit_answered"].to_numpy(dtype=np.bool_)
    return np.r_[floats(taken, "answer"), np.nan][at], np.r_[returned, False][at]


def readings(run: Run, lead_days: float) -> Readings:
    """The wave readings behind the voluntary decisions."""
    made, asked = decisions(run), run.surveys[is_only(run.surveys, "trigger", "wave")]
    wave = asked[is_only(asked, "instrument", "nps")]
    at = _last_before(wave, made, lead_days)
    read = wave.take(at[at >= 0])
    person = Index(identity(run.customers)).rows(identity(read))
    return Readings(
        floats(read, "experience"),
        floats(read, "perceived_outcome"),
        floats(read, "true_answer"),
        floats(read, "answer"),
        read["audit_invited"].to_numpy(dtype=np.bool_),
        read["audit_answered"].to_numpy(dtype=np.bool_),
        *_measured(asked, read),
        made.renewed[at >= 0],
        run.customers["hold_out"].to_numpy(dtype=np.bool_)[person],
    )


def divergence(run: Run, *, lead_days: float) -> pd.DataFrame:
    """Family `divergence` (see MEASURES), for all and beside it hold-out and treated; n decisions."""
    columns = ("contract", "instrument", "trigger", "experience", "perceived_outcome", "true_answer")
    need(run.surveys, "surveys", (*columns, "answer", "audit_answered"), "divergence")
    need(run.customers, "customers", ("hold_out",), "divergence")
    rows, read = Rows(), readings(run, lead_days)
    everyone = np.ones(read.renewed.size, dtype=np.bool_)
    for name, who in (("all", everyone), ("hold_out", read.held_out), ("treated", ~read.held_out)):
        gave = who & read.answered
        _gap(rows, read.experience, read.outcome, read.renewed, who, "truth", name)
        potential = who & read.invited & np.isfinite(read.measured)
        for view, both in (("surveyed", potential), ("respondents", gave & read.measured_for_audit)):
            _gap(rows, read.answer, read.measured, read.renewed, both, view, name)
        for view, scores, chosen in (("truth", read.true_answer, who), ("respondents", read.answer, gave)):
            found = correlation(scores[chosen], read.renewed[chosen].astype(np.float64))
            rows.add("corr_nps_renewal", found, int(chosen.sum()), view=view, segment=name)
    return rows.frame()


def _gap(rows: Rows, experience: Floats, outcome: Floats, renewed: Flags, who: Flags, view: str, segment: str) -> None:
    """Both areas under the curve on the same decisions, and their difference."""
    first, second, n = auc(experience[who], renewed[who]), auc(outcome[who], renewed[who]), int(who.sum())
    rows.add("auc_experience", first, n, view=view, segment=segment)
    rows.add("auc_outcome", second, n, view=view, segment=segment)
    rows.add("predictive_gap", first - second, n, view=view, segment=segment)
