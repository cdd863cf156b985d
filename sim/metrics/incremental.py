"""What a metric adds to what a firm knows anyway: tenure, contract, price, usage, tickets.

Two laws of renewal are fitted, one on what is known and one with the metric added, and both are judged
on customers they have not seen: folds by customer, every decision of a customer in one fold, leavers
spread evenly over folds. So adding noise gains nothing on average, as it would on the data of the fit.
Areas under the curve compare customers of one fold, whose scores come from one law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.facts import SAME_DAY, Codes, Flags, Floats, Index, floats, identity, is_any, is_only, need
from sim.metrics.logit import fit, log_loss
from sim.metrics.long import Measure, Rows
from sim.metrics.prediction import Decisions, Readings, Track, contract_key, decisions, joined, moments
from sim.metrics.ranks import auc
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

INVOICES: Final = ("invoice_regular", "invoice_usage", "invoice_outcome", "invoice_once", "discount")
PREDICTORS: Final = ("experience", "outcome", "both")
VIEWS: Final = ("truth", "surveyed", "observed")

MEASURES: Final = {
    "known_auc": Measure(
        "Area under the curve of renewal foretold from tenure, term, contract, price paid, usage and tickets alone, "
        "for customers the law was not fitted to.",
        "AUC",
    ),
    "added_auc": Measure(
        "Gain of that area by adding a metric (segment: experience, outcome, both; in views surveyed and observed the "
        "NPS answer and the outcome reading), on the same decisions and folds.",
        "AUC",
    ),
    "added_log_loss": Measure(
        "Reduction of the mean log-loss of customers the law was not fitted to, in nats per decision.", "nats"
    ),
    "added_lift": Measure(
        "Gain in lift: share of leavers among the customers held most likely to leave, over the share among all.",
        "ratio",
    ),
}


class Judged(NamedTuple):
    """How well renewal was foretold for customers the law had not seen."""

    auc: float
    log_loss: float
    lift: float


class Trial(NamedTuple):
    """Folds and what happened, shared by the laws that are compared."""

    renewed: Flags
    fold: Codes
    penalty: float
    top_share: float

    def judge(self, columns: Floats) -> Judged:
        """Fit on all folds but one, judge on that one; areas weighted by the pairs they compare."""
        logits = np.zeros(self.renewed.size)
        areas, pairs = 0.0, 0.0
        for number in np.unique(self.fold):
            out = self.fold == number
            logits[out] = fit(columns[~out], self.renewed[~out], self.penalty).logits(columns[out])
            here = int(self.renewed[out].sum()) * int((~self.renewed[out]).sum())
            if here:
                areas, pairs = areas + here * auc(logits[out], self.renewed[out]), pairs + here
        return Judged(areas / pairs if pairs else np.nan, log_loss(logits, self.renewed), self._lift(logits))

    def _lift(self, logits: Floats) -> float:
        """Leavers among the `top_share` with the lowest logits over leavers among all; ties share a place."""
        count = max(1, round(self.top_share * logits.size))
        cut = np.partition(logits, count - 1)[count - 1]
        below, level = logits < cut, logits == cut
        caught = (~self.renewed[below]).sum() + (count - below.sum()) * (~self.renewed[level]).mean()
        return float(caught / count / (~self.renewed).mean())


def folds(customer: Codes, renewed: Flags, count: int) -> Codes:
    """A fold per decision: whole customers, those who left and those who stayed dealt out in turn."""
    people, place = np.unique(customer, return_inverse=True)
    left = np.zeros(people.size, dtype=np.bool_)
    left[place[~renewed]] = True
    fold = np.zeros(people.size, dtype=np.int64)
    for who in (left, ~left):
        fold[who] = np.arange(int(who.sum())) % count
    dealt: Codes = fold[place]
    return dealt


def known(run: Run, asked: pd.DataFrame, read: Readings, made: Decisions) -> Floats:
    """What an organisation knows at each reading (n, 6): tenure, term, contract value, price, usage, tickets.

    asked: the rows of `surveys` behind `read`. Price is what was charged this term over the list price at first
    purchase, so that it also tells of seats added; tickets are a rate over the term so far.
    """
    who, contract, now = identity(asked), contract_key(asked), floats(asked, "time_days")
    people = Index(identity(run.customers)).rows(who)
    won = run.events[is_only(run.events, "event", "won") | is_only(run.events, "event", "won_back")]
    signed = np.r_[floats(won, "time_days"), np.nan][Index(contract_key(won)).rows(contract)]
    since = np.fmax(made.term_start[read.decision], np.nan_to_num(signed, nan=0.0))
    paid = run.ledger[is_any(run.ledger, "account", INVOICES) & (run.ledger["party"].to_numpy() >= 0)]
    spans = np.maximum(floats(paid, "covers_to_days") - floats(paid, "covers_from_days"), 0.0) / DAYS_PER_MONTH
    whose = (identity(paid, "party") << 10) + paid["contract"].to_numpy(dtype=np.int64)
    charged = _sum_between(whose, floats(paid, "time_days"), floats(paid, "amount"), contract, since, now)
    months = _sum_between(whose, floats(paid, "time_days"), spans, contract, since, now)
    list_price = floats(run.customers, "list_price_per_month")[people]
    raised = run.events[is_only(run.events, "event", "ticket_raised")]
    ones = np.ones(len(raised))
    count = _sum_between(contract_key(raised), floats(raised, "time_days"), ones, contract, since, now)
    elapsed = np.maximum(now - since, 1.0) / DAYS_PER_MONTH
    return np.column_stack(
        (
            np.log1p(np.maximum(now - np.nan_to_num(signed, nan=0.0), 0.0)),
            np.isneginf(made.term_start[read.decision]).astype(np.float64),
            np.log(np.maximum(list_price, 1e-9)),
            np.where(months > 0.0, charged / np.maximum(months * list_price, 1e-9), 1.0),
            floats(asked, "adoption"),
            np.log1p(count / elapsed),
        )
    )


def _sum_between(key: Codes, time: Floats, amount: Floats, wanted: Codes, since: Floats, until: Floats) -> Floats:
    """Sum of amounts of each wanted key from `since` to `until`, both included."""
    order = np.lexsort((time, key))
    number = np.unique(np.r_[key, wanted])
    scale = 2.0 * max(float(time.max(initial=1.0)), float(until.max(initial=1.0)))
    place = np.searchsorted(number, key[order]) + time[order] / scale
    rank, total = np.searchsorted(number, wanted), np.r_[0.0, np.cumsum(amount[order])]
    first = np.searchsorted(place, rank + (since - SAME_DAY) / scale)
    last = np.searchsorted(place, rank + (until + SAME_DAY) / scale)
    summed: Floats = total[last] - total[first]
    return summed


def incremental(
    run: Run, *, lead_days: float, fold_count: int, penalty: float, top_share: float, least_lost: int
) -> pd.DataFrame:
    """Family `incremental` (see MEASURES); n decisions judged.

    lead_days: shortest time from reading to decision; penalty: of each standardised slope; top_share: customers
    taken as most likely to leave for the lift; least_lost: leavers (and stayers) below which nothing is fitted.
    """
    need(run.ledger, "ledger", ("party", "contract", "account", "covers_from_days", "covers_to_days"), "incremental")
    need(run.surveys, "surveys", ("adoption", "experience", "perceived_outcome"), "incremental")
    rows, made, waves = Rows(), decisions(run), moments(run)
    at = Track(waves.asked, made).rows(lead_days)
    read, asked = joined(run, made, waves, at), waves.asked.take(at[at >= 0])
    base, who = known(run, asked, read, made), identity(asked)
    for view in VIEWS:
        first, second, both = read.pairing(view)
        stayed = read.renewed[both]
        enough = least_lost <= int((~stayed).sum()) <= stayed.size - least_lost
        n = stayed.size if enough else 0
        trial = Trial(stayed, folds(who[both], stayed, fold_count), penalty, top_share)
        added = dict(zip(PREDICTORS, ((first,), (second,), (first, second)), strict=True))
        _add(rows, trial, base[both], {name: [x[both] for x in columns] for name, columns in added.items()}, view, n)
    return rows.frame()


def _add(rows: Rows, trial: Trial, base: Floats, added: dict[str, list[Floats]], view: str, n: int) -> None:
    """Rows of one view: the law on what is known, and what each metric adds to it."""
    nothing = Judged(np.nan, np.nan, np.nan)
    plain = trial.judge(base) if n else nothing
    rows.add("known_auc", plain.auc, n, view=view)
    for name, columns in added.items():
        more = trial.judge(np.column_stack((base, *columns))) if n else nothing
        segment = "all" if name == "both" else name
        rows.add("added_auc", more.auc - plain.auc, n, view=view, segment=segment)
        rows.add("added_log_loss", plain.log_loss - more.log_loss, n, view=view, segment=segment)
        rows.add("added_lift", more.lift - plain.lift, n, view=view, segment=segment)
