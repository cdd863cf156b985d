"""The cash view: when money comes and goes, whose money it is, and how bad the bad cases are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import SAME_DAY, Floats, Index, floats, identity, is_any, is_only, need, of_rows
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.recurring import REVENUE
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR, days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "funding_need": Measure(
        "Deepest point of cumulative cash over the horizon, by month: receipts and refunds when they are paid, hosting "
        "and all spending when booked, undiscounted; 0 if it never falls below the start.",
        "money",
        higher_is_better=False,
    ),
    "break_even_month": Measure(
        "Month from whose end on cumulative cash stays at or above the start; the month after the horizon if it does "
        "not by then.",
        "months",
        higher_is_better=False,
    ),
    "runway_months": Measure(
        "Whole months until an opening balance of so many months of mean spending is used up; the horizon if never.",
        "months",
    ),
    "days_to_payment": Measure(
        "Days from the middle of the time an invoice covers to its payment, weighted by money; below 0: paid ahead. "
        "What covers no period is left out.",
        "days",
        higher_is_better=False,
    ),
    "failed_payment_share": Measure(
        "Share of the terms that ended in a failed payment, of all terms that came to their end.",
        "share",
        higher_is_better=False,
    ),
    "paid_back_share": Measure(
        "Share of the customers won from candidates of the entry phase, followed so long, whose receipts after hosting "
        "have reached the mean cost of acquiring one by the stated tenure.",
        "share",
        timed=True,
    ),
    "revenue_of_top_tenth": Measure(
        "Share of all revenue that the tenth of the paying customers with most of it brings.",
        "share",
        higher_is_better=False,
    ),
    "effective_customers": Measure(
        "Number of equal customers with the same concentration of revenue: 1 / sum of squared shares.", "customers"
    ),
    "worst_tenth_of_fees": Measure(
        "Mean revenue of the worst tenth of customer-years over the mean of all: how thin the lower tail is (expected "
        "shortfall as a share of the mean).",
        "1",
    ),
}

TENTH = 0.1


def cash(
    run: Run, *, opening_months: float, months: tuple[float, ...] | list[float], acquisition_accounts: tuple[str, ...]
) -> pd.DataFrame:
    """Family `cash` (see MEASURES). Reads customers, events, ledger; n as each definition says.

    `opening_months`: opening balance in months of the mean spending; `months`: tenures of `paid_back_share`.
    """
    need(run.ledger, "ledger", ("party", "account", "amount", "time_days", "covers_from_days"), "cash")
    need(run.events, "events", ("event", "detail"), "cash")
    rows = Rows()
    _course(rows, run, opening_months)
    _timing(rows, run)
    _failures(rows, run)
    _paid_back(rows, run, [float(month) for month in months], tuple(acquisition_accounts))
    _spread(rows, run)
    return rows.frame()


def _flows(run: Run) -> tuple[Floats, Floats]:
    """(months,) money in and out by month of payment."""
    ledger = run.ledger
    count = max(1, math.ceil(run.windows.horizon_days / DAYS_PER_MONTH - SAME_DAY))
    month = np.clip((floats(ledger, "time_days") / DAYS_PER_MONTH + SAME_DAY).astype(int), 0, count - 1)
    amount = floats(ledger, "amount")
    own = ledger["party"].to_numpy() < 0
    out = is_any(ledger, "account", ("budget", "reserve")) & own
    inside = ~own
    earned = np.bincount(month[inside], weights=amount[inside], minlength=count)
    # budget + spending + reserve = 0: what was spent is the budget less the reserve
    spent = np.bincount(month[out], weights=amount[out], minlength=count)
    return earned.astype(np.float64), spent.astype(np.float64)


def _course(rows: Rows, run: Run, opening_months: float) -> None:
    earned, spent = _flows(run)
    balance = np.cumsum(earned - spent)
    rows.add("funding_need", max(0.0, -float(balance.min())), balance.size)
    under = np.flatnonzero(balance < 0.0)
    after = int(under[-1]) + 1 if under.size else 0
    rows.add("break_even_month", float(after + 1), balance.size)
    left = opening_months * float(spent.mean()) + balance
    gone = np.flatnonzero(left < 0.0)
    rows.add("runway_months", float(gone[0]) if gone.size else float(balance.size), balance.size)


def _timing(rows: Rows, run: Run) -> None:
    ledger = run.ledger
    start, end = floats(ledger, "covers_from_days"), floats(ledger, "covers_to_days")
    kept = is_any(ledger, "account", REVENUE) & (ledger["party"].to_numpy() >= 0) & (end > start)
    amount = floats(ledger, "amount")[kept]
    late = floats(ledger, "time_days")[kept] - 0.5 * (start + end)[kept]
    rows.add("days_to_payment", ratio(float(np.dot(amount, late)), float(amount.sum())), int(kept.sum()))


def _failures(rows: Rows, run: Run) -> None:
    ended = is_any(run.events, "event", ("renewed", "churned"))
    failed = is_only(run.events, "event", "churned") & is_only(run.events, "detail", "involuntary")
    rows.add("failed_payment_share", ratio(int(failed.sum()), int(ended.sum())), int(ended.sum()))


def _paid_back(rows: Rows, run: Run, months: list[float], accounts: tuple[str, ...]) -> None:
    people, ledger = run.customers, run.ledger
    won, entry = floats(people, "won_days"), run.windows.counted_days
    counted = np.isfinite(won) & (floats(people, "candidate_days") < entry)
    spent = is_any(ledger, "account", accounts) & (floats(ledger, "time_days") < entry - SAME_DAY)
    cost = ratio(-float(floats(ledger, "amount")[spent].sum()), int(counted.sum()))
    row = Index(identity(people)).rows(identity(ledger, "party"))
    tenure = floats(ledger, "time_days") - of_rows(won, row)
    for month in months:
        inside = (row >= 0) & (tenure < days(month) - SAME_DAY)
        earned = np.bincount(row[inside], weights=floats(ledger, "amount")[inside], minlength=won.size)
        followed = counted & (won + days(month) <= run.windows.horizon_days)
        back = int((earned[followed] >= cost).sum())
        n = int(followed.sum())
        rows.add(f"paid_back_share_{month:g}", ratio(back, n), n, time_days=days(month))


def _spread(rows: Rows, run: Run) -> None:
    """Concentration over customers, and the lower tail over customer-years."""
    ledger = run.ledger
    kept = is_any(ledger, "account", REVENUE) & (ledger["party"].to_numpy() >= 0)
    amount, party = floats(ledger, "amount")[kept], identity(ledger, "party")[kept]
    _, place = np.unique(party, return_inverse=True)
    total = np.sort(np.bincount(place, weights=amount))[::-1] if place.size else np.zeros(0)
    whole = float(total.sum())
    top = total[: max(1, round(TENTH * total.size))].sum() if total.size else math.nan
    rows.add("revenue_of_top_tenth", ratio(float(top), whole), total.size)
    rows.add("effective_customers", ratio(whole**2, float((total**2).sum())), total.size)
    start, end = floats(ledger, "covers_from_days")[kept], floats(ledger, "covers_to_days")[kept]
    year = ((0.5 * (start + end)) / DAYS_PER_YEAR).astype(np.int64)
    _, cell = np.unique(np.stack([place, year]), axis=1, return_inverse=True)
    fees = np.sort(np.bincount(cell.ravel(), weights=amount)) if place.size else np.zeros(0)
    worst = fees[: max(1, round(TENTH * fees.size))].mean() if fees.size else math.nan
    rows.add("worst_tenth_of_fees", ratio(float(worst), float(fees.mean()) if fees.size else 0.0), fees.size)
