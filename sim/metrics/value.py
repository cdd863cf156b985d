"""Money per candidate: the primary estimand, LTV, CAC, payback, customer surplus.

The estimand counts candidates, not customers, because policies decide who becomes a customer:
averaging over the won would compare different people. Everything is realised cash within the follow-up
time, discounted to time 0 at the run's yearly rate; an invoice counts when it is paid.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.metrics.facts import (
    SAME_DAY,
    Flags,
    Floats,
    Index,
    discounted,
    floats,
    identity,
    is_any,
    is_only,
    need,
    of_rows,
    segments,
)
from sim.metrics.lifetime import payback_months
from sim.metrics.long import MONEY_PER_CANDIDATE, Measure, Rows, ratio
from sim.metrics.recurring import PAID, REVENUE, billing
from sim.metrics.surplus import worth_of_outcome
from sim.metrics.tail import tail_per_customer
from sim.units import DAYS_PER_MONTH, days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MARGIN: Final = ("hosting",)
RECEIPTS: Final = (*REVENUE, *MARGIN)

MEASURES: Final = {
    "net_cash_per_candidate": Measure(
        "Receipts minus spending per primary candidate of the acquisition window, discounted to time 0; "
        "each candidate is followed the same time from becoming one, referrals arising in the window "
        "are credited to it, unspent budget is kept.",
        MONEY_PER_CANDIDATE,
    ),
    "receipts_per_candidate": Measure(
        "Invoices, discounts booked to revenue, refunds and hosting of the window's candidates and "
        "referrals within the follow-up time, discounted, per primary candidate of the window.",
        MONEY_PER_CANDIDATE,
    ),
    "revenue_per_candidate": Measure(
        "Receipts before hosting: invoices and discounts minus refunds, discounted, per primary candidate "
        "of the window.",
        MONEY_PER_CANDIDATE,
    ),
    "spending_per_candidate": Measure(
        "Budget minus reserve over window and follow-up, discounted, times the window's share of the primary "
        "candidates of the entry phase, per primary candidate of the window.",
        MONEY_PER_CANDIDATE,
        higher_is_better=False,
    ),
    "ltv_per_won": Measure(
        "Selected (winners only): discounted receipts of the window's candidates per customer won among "
        "them, realised within the follow-up time, no tail; n is the number won.",
        "money per customer",
    ),
    "ltv_with_tail_per_won": Measure(
        "Selected (winners only): ltv_per_won plus the constant-retention tail of those still under their first "
        "contract at the end of follow-up: m r/(1 + d - r), m the receipts of their last year, r the yearly "
        "Kaplan-Meier retention over the longest whole number of years followed.",
        "money per customer",
    ),
    "won_share": Measure("Share of the window's candidates (referrals included) that signed.", "share"),
    "cac": Measure(
        "Marketing and sales spending of the entry phase per customer won among its candidates, undiscounted.",
        "money per customer",
        higher_is_better=False,
    ),
    "payback_months": Measure(
        "CAC divided by revenue per month under contract in the first year times the margin after hosting; the margin "
        "of what is paid once at the signature is taken off CAC first. Undefined where no margin is left: an arm is "
        "not judged where one alone has it.",
        "months",
        higher_is_better=False,
        attained=True,
    ),
    "ltv_to_cac": Measure("ltv_per_won divided by cac.", "1"),
    "customer_surplus_per_candidate": Measure(
        "Goal value times true outcome over the follow-up time minus what was paid, discounted, per primary "
        "candidate of the window.",
        MONEY_PER_CANDIDATE,
    ),
    "candidates": Measure("Primary candidates of the acquisition window: the denominator.", "candidates"),
}


class Cohort(NamedTuple):
    """The people counted: rows of `customers`."""

    people: Index
    start: Floats
    in_window: Flags
    in_entry: Flags
    primary: Flags
    won: Flags


def cohort(run: Run) -> Cohort:
    """Who belongs to the window and to the entry phase."""
    people = run.customers
    start = floats(people, "candidate_days")
    return Cohort(
        Index(identity(people)),
        start,
        start < run.windows.window_days,
        start < run.windows.counted_days,
        is_only(people, "stream", "primary"),
        np.isfinite(floats(people, "won_days")),
    )


class Cash(NamedTuple):
    """Discounted money per row of `customers`, within each customer's own follow-up time."""

    revenue: Floats
    receipts: Floats
    paid: Floats


def cash(run: Run, who: Cohort) -> Cash:
    """What each candidate brought in, what it cost to host and what it paid itself."""
    ledger = run.ledger
    row = who.people.rows(identity(ledger, "party"))
    time = floats(ledger, "time_days")
    age = time - of_rows(who.start, row)
    counted = (age >= -SAME_DAY) & (age < run.windows.follow_days - SAME_DAY)
    worth = floats(ledger, "amount") * discounted(time, run.discount_rate_per_year)

    def per_customer(kept: Flags) -> Floats:
        chosen = counted & kept
        return np.bincount(row[chosen], weights=worth[chosen], minlength=who.start.size).astype(np.float64)

    revenue = per_customer(is_any(ledger, "account", REVENUE))
    paid = per_customer(is_any(ledger, "account", PAID))
    return Cash(revenue, revenue + per_customer(is_any(ledger, "account", MARGIN)), paid)


def spent_until(run: Run, accounts: tuple[str, ...], until_days: float, rate: float) -> float:
    """Money booked before `until_days` (a month is booked at its start), the horizon's closing included."""
    ledger = run.ledger
    time = floats(ledger, "time_days")
    limit = math.inf if until_days >= run.windows.horizon_days - SAME_DAY else until_days - SAME_DAY
    kept = is_any(ledger, "account", accounts) & (time < limit)
    return float(np.dot(floats(ledger, "amount")[kept], discounted(time[kept], rate)))


def spending(run: Run, who: Cohort) -> float:
    """Discounted money of the organisation that the window's candidates are charged with."""
    until = run.windows.window_days + run.windows.follow_days
    spent = spent_until(run, ("budget", "reserve"), until, run.discount_rate_per_year)
    arrived = int((who.primary & who.in_entry).sum())
    return spent * ratio(int((who.primary & who.in_window).sum()), arrived)


class FirstYear(NamedTuple):
    revenue_per_month: float
    """For periods of service; what is paid once is no monthly revenue."""
    margin_share: float
    """Of all revenue, once paid or not."""
    once: float
    """Mean revenue per customer that covers no period: due at the signature and not again."""


def first_year(run: Run, who: Cohort) -> FirstYear:
    """Revenue per month under contract, what is paid once, and margin; first contracts, first year of tenure."""
    people, ledger = run.customers, run.ledger
    won = floats(people, "won_days")
    year_end = won + days(12)
    bills = billing(ledger, who.people, won.size)
    seen = np.minimum(np.fmin(floats(people, "end_days"), year_end), run.windows.horizon_days - bills.lag_days)
    low, high = np.maximum(bills.start, won[bills.row]), np.minimum(bills.end, seen[bills.row])
    earned = float(np.sum(bills.amount * np.maximum(high - low, 0.0) / (bills.end - bills.start)))
    exposed = np.maximum(seen - won, 0.0)[who.won].sum() / DAYS_PER_MONTH
    revenue = float(floats(ledger, "amount")[is_any(ledger, "account", REVENUE)].sum())
    hosting = float(floats(ledger, "amount")[is_any(ledger, "account", MARGIN)].sum())
    once = ratio(_paid_once(run, who, won), int(who.won.sum()))
    return FirstYear(ratio(earned, exposed), 1.0 + ratio(hosting, revenue), once)


def _paid_once(run: Run, who: Cohort, won: Floats) -> float:
    """What first contracts were billed in their first year that covers no period."""
    ledger = run.ledger
    single = ledger[is_only(ledger, "account", "invoice_once") & (ledger["contract"].to_numpy() == 1)]
    tenure = floats(single, "time_days") - of_rows(won, who.people.rows(identity(single, "party")))
    return float(floats(single, "amount")[tenure < days(12) - SAME_DAY].sum())


def _acquisition(rows: Rows, run: Run, who: Cohort, ltv: float, accounts: tuple[str, ...]) -> None:
    won = int((who.won & who.in_entry).sum())
    cac = ratio(-spent_until(run, accounts, run.windows.counted_days, 0.0), won)
    year = first_year(run, who)
    rows.add("cac", cac, won)
    rows.add("payback_months", payback_months(cac, *year) if won else math.nan, won)
    rows.add("ltv_to_cac", ratio(ltv, cac), won)


def value(run: Run, *, acquisition_accounts: tuple[str, ...] | list[str]) -> pd.DataFrame:
    """Family `value` (see MEASURES). Reads customers, ledger, surveys; n as each definition says."""
    need(run.customers, "customers", ("stream", "segment", "candidate_days", "won_days", "end_days"), "value")
    need(run.ledger, "ledger", ("party", "account", "amount", "time_days", "covers_from_days"), "value")
    who, rows = cohort(run), Rows()
    money = cash(run, who)
    worth = worth_of_outcome(run, who.people, who.start, run.windows.follow_days)
    tail = tail_per_customer(run, who.people, who.start, RECEIPTS)
    ltv = math.nan
    for name, members in segments(run.customers):
        inside = who.in_window & _flags(members, who.start.size)
        n, won = int((inside & who.primary).sum()), int((inside & who.won).sum())
        receipts = float(money.receipts[inside].sum())
        rows.add("receipts_per_candidate", ratio(receipts, n), n, segment=name)
        rows.add("revenue_per_candidate", ratio(float(money.revenue[inside].sum()), n), n, segment=name)
        surplus = float((worth - money.paid)[inside].sum())
        rows.add("customer_surplus_per_candidate", ratio(surplus, n), n, segment=name)
        rows.add("ltv_per_won", ratio(receipts, won), won, segment=name)
        rows.add("ltv_with_tail_per_won", ratio(receipts + float(tail[inside].sum()), won), won, segment=name)
        rows.add("won_share", ratio(won, int(inside.sum())), int(inside.sum()), segment=name)
        rows.add("candidates", n, n, segment=name)
        if name == "all":
            spent, ltv = spending(run, who), ratio(receipts, won)
            rows.add("spending_per_candidate", ratio(spent, n), n)
            rows.add("net_cash_per_candidate", ratio(receipts - spent, n), n)
    _acquisition(rows, run, who, ltv, tuple(acquisition_accounts))
    return rows.frame()


def _flags(members: Flags | slice, size: int) -> NDArray[np.bool_]:
    flags = np.zeros(size, dtype=np.bool_)
    flags[members] = True
    return flags
