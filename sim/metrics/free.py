"""A plan without a price: who takes it, who pays in the end, and what those who do not pay cost and bring."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import SAME_DAY, Flags, Floats, Index, floats, identity, is_only, need
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.survival import cumulative_incidence, level_at
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "signed_up": Measure("Leads that took the plan without a price, whole run.", "users"),
    "conversion": Measure(
        "Share of those who signed up that pay by this time after it, stopping competing (Aalen & Johansen 1978).",
        "share",
        timed=True,
    ),
    "days_to_paying_median": Measure(
        "Conditional: median time from the sign-up to the first payment among those who pay.", "days", False
    ),
    "free_users": Measure("Users of the plan without a price at the horizon.", "users"),
    "free_contact_share": Measure(
        "Share of all contacts at the support desk that users of the plan without a price take up.", "share", False
    ),
    "free_cost_per_paying": Measure(
        "Hosting of free use, and of the spending on support the share of its contacts, per user who came to pay; "
        "undiscounted. What acquiring costs besides marketing and sales (`cac`).",
        "money per customer",
        False,
    ),
    "referred_by_free_share": Measure("Share of the referred leads whose referrer paid nothing at the time.", "share"),
}


def free(run: Run, *, months: tuple[float, ...] | list[float]) -> pd.DataFrame:
    """Family `free` (see MEASURES); undefined where no tariff has a plan without a price. Reads customers, events,
    ledger; n users, contacts or leads."""
    need(run.events, "events", ("event", "customer", "contract", "value", "detail", "time_days"), "free")
    need(run.ledger, "ledger", ("party", "contract", "account", "amount"), "free")
    rows, people = Rows(), Index(identity(run.customers))
    since, until, paid = _spells(run, people)
    tried = np.isfinite(since)
    n, paying = int(tried.sum()), int((paid & tried).sum())
    rows.add("signed_up", n, n)
    _conversion(rows, run, since, until, paid, [float(month) for month in months])
    took = (until - since)[paid & tried]
    rows.add("days_to_paying_median", float(np.median(took)) if took.size else math.nan, took.size)
    rows.add("free_users", int((tried & np.isinf(until)).sum()), n)
    _burden(rows, run, paying, n)
    _referred(rows, run, people, since, until)
    return rows.frame()


def _spells(run: Run, people: Index) -> tuple[Floats, Floats, Flags]:
    """Per customer: sign-up (nan: never), end of free use (inf: not yet), and whether it ended in paying."""
    size = len(run.customers)
    since, until, paid = np.full(size, np.nan), np.full(size, np.inf), np.zeros(size, dtype=np.bool_)
    for kind, column in (("signed_up_free", since), ("stopped_free", until), ("converted", until)):
        rows = run.events[is_only(run.events, "event", kind)]
        at = people.rows(identity(rows))
        column[at] = floats(rows, "time_days")
        paid[at] = kind == "converted"
    return since, until, paid


def _conversion(rows: Rows, run: Run, since: Floats, until: Floats, paid: Flags, months: list[float]) -> None:
    tried = np.isfinite(since)
    lasted = (np.minimum(until, run.windows.horizon_days) - since)[tried]
    cause = np.where(np.isinf(until), 0, np.where(paid, 1, 2))[tried]
    curve = cumulative_incidence(lasted, cause, 1)
    longest = float(lasted.max()) if lasted.size else 0.0
    for month in months:
        n = lasted.size if longest >= days(month) - SAME_DAY else 0
        rows.add(f"conversion_{month:g}", level_at(curve, days(month) + SAME_DAY), n, time_days=days(month))


def _burden(rows: Rows, run: Run, paying: int, n: int) -> None:
    contacts = is_only(run.events, "event", "contact_end")
    of_free = int((contacts & (run.events["contract"].to_numpy() == 0)).sum())
    total = int(contacts.sum())
    share = ratio(of_free, total)
    rows.add("free_contact_share", share, total if n else 0)
    ledger = run.ledger
    own = (ledger["contract"].to_numpy() == 0) & (ledger["party"].to_numpy() >= 0)
    amount = floats(ledger, "amount")
    hosting = -float(amount[own & is_only(ledger, "account", "hosting")].sum())
    support = -float(amount[is_only(ledger, "account", "spend_support")].sum()) * (share if total else 0.0)
    rows.add("free_cost_per_paying", ratio(hosting + support, paying), paying)


def _referred(rows: Rows, run: Run, people: Index, since: Floats, until: Floats) -> None:
    leads = run.events[is_only(run.events, "event", "lead") & is_only(run.events, "detail", "referral")]
    replication = leads["replication"].to_numpy(dtype=np.int64)
    at = people.rows((replication << 28) + floats(leads, "value").astype(np.int64))
    when = floats(leads, "time_days")
    unpaid = (since[at] <= when) & (when < until[at])
    n = len(leads) if np.isfinite(since).any() else 0
    rows.add("referred_by_free_share", ratio(int(unpaid.sum()), len(leads)), n)
