"""Readings of experience and outcome, each joined to the next decision of the same contract.

Like is compared with like: both predictors come from the same customer, the same reading and the same
lead. The unit is a voluntary renewal decision, read at the last moment of one kind that lies in the term
the decision ends, at least a lead before it. It is made at the end of the term, or on the day on which notice
is given. Involuntary churn is no decision and is left out, and nothing is read across a decision: a reading
foretells the next one only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.metrics.facts import SAME_DAY, Codes, Flags, Floats, Index, floats, identity, is_any, is_only, need
from sim.metrics.upcoming import decided_days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

Rows = NDArray[np.intp]

READING = "outcome_reading"
VIEWS = ("truth", "surveyed", "respondents", "observed")
"""Pairings of a score of experience with one of outcome, see `Readings.pairing`."""


class Decisions(NamedTuple):
    """Voluntary renewal decisions: contract, start of the term they end, time, result."""

    contract: Codes
    term_start: Floats
    """Previous renewal of the contract, -inf in its first term."""
    time: Floats
    """When it was made."""
    renewed: Flags


def contract_key(frame: pd.DataFrame) -> Codes:
    """Contract identity: (replication, customer, contract) in one number."""
    keys: Codes = (identity(frame) << 10) + frame["contract"].to_numpy(dtype=np.int64)
    return keys


def decisions(run: Run) -> Decisions:
    """Every voluntary decision; a term starts at the previous renewal of the same contract."""
    events = run.events
    ended = events[is_any(events, "event", ("renewed", "churned"))]
    contract, time = contract_key(ended), floats(ended, "time_days")
    order = np.lexsort((time, contract))
    contract, time, made = contract[order], time[order], decided_days(events, ended)[order]
    start = np.full(time.size, -np.inf)
    same = contract[1:] == contract[:-1]
    start[1:][same] = time[:-1][same]
    renewed = is_only(ended, "event", "renewed")[order]
    voluntary = ~is_only(ended, "detail", "involuntary")[order] | renewed
    return Decisions(contract[voluntary], start[voluntary], made[voluntary], renewed[voluntary])


class Track:
    """Moments of one kind in order of contract and time, asked for the last one before each decision."""

    def __init__(self, moments: pd.DataFrame, made: Decisions) -> None:
        self._made = made
        contract, time = contract_key(moments), floats(moments, "time_days")
        self._order = np.lexsort((time, contract))
        self._contract, self._time = contract[self._order], time[self._order]
        # Moments and decisions share one ranking: contracts as whole numbers, time squeezed below 1.
        self._scale = 2.0 * max(float(time.max(initial=1.0)), float(made.time.max(initial=1.0)))
        number = np.unique(np.r_[contract, made.contract])
        self._place = np.searchsorted(number, self._contract) + self._time / self._scale
        self._rank = np.searchsorted(number, made.contract)

    def rows(self, lead_days: float) -> Rows:
        """Row of the moments for each decision, -1 where its term has none early enough."""
        made = self._made
        if not self._order.size:
            return np.full(made.time.size, -1, dtype=np.intp)
        latest = self._rank + (made.time - max(lead_days, SAME_DAY)) / self._scale
        at = np.searchsorted(self._place, latest, side="right") - 1
        found = np.maximum(at, 0)
        own = (self._contract[found] == made.contract) & (self._time[found] > made.term_start - SAME_DAY)
        return np.where((at >= 0) & own, self._order[found], -1)


class Readings(NamedTuple):
    """One reading per decision that has one; arrays share their length."""

    decision: Rows
    """Row in `Decisions`."""
    lead_days: Floats
    """From the reading to the decision."""
    experience: Floats
    outcome: Floats
    """Perceived, as decisions weigh it."""
    attained: Floats
    """Outcome itself, as readings measure it."""
    true_answer: Floats
    answer: Floats
    """Potential answer of everybody; which of them was given is said by the flags."""
    invited: Flags
    answered: Flags
    """By and to the audit survey."""
    fielded: Flags
    """Answered to the organisation's own survey."""
    measured: Floats
    """The outcome reading of the same moment; nan where there is none."""
    measured_for_audit: Flags
    obtained: Flags
    """Whether anybody, organisation or audit, got that outcome reading."""
    renewed: Flags
    held_out: Flags
    told: Floats
    """The answer as given to the organisation's own survey, gamed or not."""
    taken: Floats
    """The outcome reading as the organisation, or else the audit, noted it."""

    def pairing(self, view: str) -> tuple[Floats, Floats, Flags]:
        """(score of experience, score of outcome, decisions for which both exist) in a view.

        truth: latent states of everybody; surveyed: answer and reading of everybody the audit invited, as
        if all had answered; respondents: both given to the audit, which is the same in every arm;
        observed: the answer given to the organisation's own survey, and a reading that was obtained.
        """
        if view == "truth":
            return self.experience, self.outcome, np.ones(self.renewed.size, dtype=np.bool_)
        readable = np.isfinite(self.measured)
        both = {
            "surveyed": self.invited & readable,
            "respondents": self.answered & self.measured_for_audit,
            "observed": self.fielded & self.obtained,
        }
        own = view == "observed"
        return (self.told if own else self.answer), (self.taken if own else self.measured), both[view]


class Moments(NamedTuple):
    """Answers to one question at one kind of moment, with the outcome readings of the same moments."""

    asked: pd.DataFrame
    measured: Floats
    measured_for_audit: Flags
    obtained: Flags
    taken: Floats


def moments(run: Run, trigger: str = "wave", instrument: str = "nps") -> Moments:
    """Moments of `trigger` at which `instrument` was asked."""
    need(run.surveys, "surveys", ("trigger", "instrument", "contract", "occurrence"), "prediction")
    there = is_only(run.surveys, "trigger", trigger)
    asked, taken = (
        run.surveys.take(np.flatnonzero(there & is_only(run.surveys, "instrument", name)))
        for name in (instrument, READING)
    )
    at = _same_moment(taken, asked)
    audit, own = (np.r_[taken[name].to_numpy(dtype=np.bool_), False][at] for name in ("audit_answered", "answered"))
    reading = floats(taken, "answer")
    noted = reading + floats(taken, "gamed")
    return Moments(asked, np.r_[reading, np.nan][at], audit, audit | own, np.r_[noted, np.nan][at])


def _same_moment(taken: pd.DataFrame, asked: pd.DataFrame) -> Rows:
    """Row of `taken` that belongs to each row of `asked`, -1 without one."""
    contracts = (contract_key(taken), contract_key(asked))
    occurrences = [frame["occurrence"].to_numpy(dtype=np.int64) for frame in (taken, asked)]
    number, span = np.unique(contracts[0]), 1 + max(int(o.max(initial=0)) for o in occurrences)
    rank = [np.searchsorted(number, keys) for keys in contracts]
    known = np.isin(contracts[1], number)
    at = Index(rank[0] * span + occurrences[0]).rows(rank[1] * span + occurrences[1])
    return np.where(known, at, -1)


def joined(run: Run, made: Decisions, seen: Moments, rows: Rows) -> Readings:
    """The readings in `rows` of the moments (-1: none), one for each decision that has one."""
    has = np.flatnonzero(rows >= 0)
    at = rows[has]
    read = seen.asked.take(at)
    person = Index(identity(run.customers)).rows(identity(read))
    return Readings(
        has,
        made.time[has] - floats(read, "time_days"),
        floats(read, "experience"),
        floats(read, "perceived_outcome"),
        floats(read, "outcome"),
        floats(read, "true_answer"),
        floats(read, "answer"),
        read["audit_invited"].to_numpy(dtype=np.bool_),
        read["audit_answered"].to_numpy(dtype=np.bool_),
        read["answered"].to_numpy(dtype=np.bool_),
        seen.measured[at],
        seen.measured_for_audit[at],
        seen.obtained[at],
        made.renewed[has],
        run.customers["hold_out"].to_numpy(dtype=np.bool_)[person],
        floats(read, "answer") + floats(read, "gamed"),
        seen.taken[at],
    )


def readings(run: Run, lead_days: float, trigger: str = "wave", instrument: str = "nps") -> Readings:
    """The last reading of this kind at least `lead_days` before each decision of `run`."""
    made, seen = decisions(run), moments(run, trigger, instrument)
    return joined(run, made, seen, Track(seen.asked, made).rows(lead_days))
