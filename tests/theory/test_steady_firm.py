"""A firm whose candidates keep coming settles where Little's law says, and a cohort does not."""

from __future__ import annotations

from functools import lru_cache
from math import log

import numpy as np
import pandas as pd
import pytest
from labkit import (
    EVERYBODY_BUYS_AT_ONCE,
    EVERYBODY_GOES_LIVE_AT_ONCE,
    ONLY_FRAILTY_DECIDES,
    QUIET,
    REPLICATIONS,
    changed,
    check_mean,
    runs,
    shipped,
    standard_errors,
)

from sim.agents.population import candidates
from sim.context.frailty import NormalFrailty
from sim.experiments.steady_state import SETTLED, Settled, settle
from sim.metrics.steady_state import steady_state
from sim.scenario import windows
from sim.streams import Streams
from sim.units import months

RENEWED = 0.7
LIFE_MONTHS = 1.0 / (1.0 - RENEWED)
"""Mean of a geometric number of monthly terms, the first one included."""
MONTHS, ARRIVING = 100.0, 4.0
FIRM = {
    **QUIET,
    **EVERYBODY_BUYS_AT_ONCE,
    **EVERYBODY_GOES_LIVE_AT_ONCE,
    **ONLY_FRAILTY_DECIDES,
    "market.contract.term_months": 1,
    "market.contract.billing_months": 1,
    "market.frailty": NormalFrailty(log(RENEWED / (1.0 - RENEWED)), 0.0),
    "market.arrival.candidates_per_month": ARRIVING,
    "market.arrival.referral_candidates_per_month": 0.0,
    "horizon_months": MONTHS,
}


@lru_cache(maxsize=2)
def lived(entry: str, replications: int) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """The long table, and the months in which each replication won its customers."""
    scenario = changed(shipped("world=no_effect", "metrics=[]"), {**FIRM, "entry": entry})
    tables, won = [], []
    for number, run in enumerate(runs(scenario, 31, replications)):
        tables.append(steady_state(run, warm_up_months=None).assign(replication=number, context="-", arm=entry))
        times = run.customers["won_days"].to_numpy(float)
        won.append(np.array([months(day) for day in times[np.isfinite(times)]]))
    return pd.concat(tables), won


def plateau() -> tuple[Settled, np.ndarray]:
    """What is said of the customers, and each replication's customers by month."""
    table, _ = lived("throughout", REPLICATIONS)
    rows = table[(table["metric"] == "monthly_customers") & table["time_days"].notna()]
    found = [one for one in settle(table)[0] if one.series == "monthly_customers"]
    return found[0], rows["value"].to_numpy().reshape(-1, int(MONTHS))


def test_customers_settle_at_arrivals_times_lifetime() -> None:
    """L = lambda W. lambda: customers won per month after the warm-up (from one lifetime before it, as those who are
    there came before they are counted); W exact. Within 4 SE over 20 replications; detects 8 %. A lifetime longer by a
    fifth (negative control) would show, and so would the months before the warm-up."""
    found, customers = plateau()
    assert found.word in SETTLED and found.month >= LIFE_MONTHS
    _, won = lived("throughout", REPLICATIONS)
    first = int(found.month)
    counted = (first - LIFE_MONTHS, MONTHS - LIFE_MONTHS)
    rate = np.array([((w > counted[0]) & (w <= counted[1])).sum() for w in won]) / (counted[1] - counted[0])
    level = customers[:, first:].mean(axis=1)
    assert found.mean == pytest.approx(level.mean()) and found.low < rate.mean() * LIFE_MONTHS < found.high
    exact = float(rate.mean()) * LIFE_MONTHS
    check_mean(list(level - rate * LIFE_MONTHS), 0.0, delta=0.08 * exact)
    assert abs(standard_errors(list(level - 1.2 * rate * LIFE_MONTHS))) > 4.0
    assert standard_errors(list(customers[:, : int(LIFE_MONTHS)].mean(axis=1) - rate * LIFE_MONTHS)) < -4.0


def test_a_cohort_leaves_and_has_no_level() -> None:
    """Nobody comes after the entry phase of 24 months, and in the end nobody is left."""
    table, won = lived("cohort", 3)
    assert max(times.max() for times in won) < 25.0
    last = table[(table["metric"] == "monthly_customers") & (table["time_days"] == table["time_days"].max())]
    assert last["value"].max() == 0.0
    churn = next(one for one in settle(table)[0] if one.series == "monthly_logo_churn")
    assert churn.word in ("not_reached", "too_short")


def test_those_of_the_entry_phase_are_the_same_people_either_way() -> None:
    """Candidates who come later are added; nobody who was there is another person."""
    scenario = shipped("world=no_effect", "metrics=[]")
    cohort, throughout = (
        candidates(scenario.market, scenario.survey, Streams(3, 0), windows(60.0, entry).entry_days)
        for entry in ("cohort", "throughout")
    )
    entered = windows(60.0).entry_days
    assert [one for one in throughout if one.candidate_days < entered] == cohort
    assert len(throughout) > 2 * len(cohort)
    assert windows(60.0, "throughout")._replace(entry_days=entered) == windows(60.0)
