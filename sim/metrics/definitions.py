"""The same metric under several published definitions, from the same tables: `outcomelab define`.

Each of sim.metrics.defined holds one metric; here they become one family. In the long table `view` names the
definition. A definition that another metric family computes too is computed by that family's own code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.metrics.defined import cac, churn, ltv, nps, retained, ttr, ttv
from sim.metrics.defined.books import books
from sim.metrics.defined.cac import Spending
from sim.metrics.defined.definition import Metric
from sim.metrics.facts import need
from sim.metrics.long import Rows
from sim.units import HOURS_PER_DAY, days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

METRICS: Final[tuple[Metric, ...]] = tuple(
    metric for module in (retained, churn, ltv, cac, ttv, ttr, nps) for metric in module.METRICS
)
BY_NAME: Final = {metric.name: metric for metric in METRICS}
MEASURES: Final = {metric.row_name: metric.measure for metric in METRICS}

Accounts = tuple[str, ...] | list[str]


def definitions(
    run: Run,
    *,
    year_ends: tuple[float, ...] | list[float],
    base_months: float,
    rate_months: float,
    acquisition_accounts: Accounts,
    marketing_accounts: Accounts,
    loaded_accounts: Accounts,
    value_within_months: float,
    resolution_limit_days: float,
    start_date: str,
    scale_low: float,
    scale_high: float,
) -> pd.DataFrame:
    """Family `definitions` (see METRICS): every definition of every metric, `view` its name.

    Trailing years end at the months `year_ends`, as far as all their bills have come.
    """
    need(run.customers, "customers", ("won_days", "end_days", "go_live_days", "candidate_days"), "definitions")
    need(run.events, "events", ("event", "contract", "occurrence", "value", "detail"), "definitions")
    need(run.ledger, "ledger", ("party", "contract", "covers_from_days", "covers_to_days"), "definitions")
    need(run.surveys, "surveys", ("trigger", "instrument", "answer", "audit_answered"), "definitions")
    rows, kept = Rows(), books(run, year_ends)
    retained.retained(rows, run, kept, base_months=base_months, rate_months=rate_months)
    churn.churn(rows, run, kept)
    ltv.ltv(rows, run)
    accounts = Spending(tuple(acquisition_accounts), tuple(marketing_accounts), tuple(loaded_accounts))
    cac.cac(rows, run, accounts)
    ttv.ttv(rows, run, days(value_within_months))
    ttr.ttr(rows, run, resolution_limit_days * HOURS_PER_DAY, start_date)
    nps.nps(rows, run, kept.contracts, scale_low, scale_high)
    return rows.frame()
