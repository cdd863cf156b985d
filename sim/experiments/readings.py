"""Readings of a run that published ranges speak about and no metric family gives: one long table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.facts import Floats
from sim.metrics.long import Rows
from sim.metrics.ranks import auc, correlation
from sim.metrics.recurring import REVENUE
from sim.metrics.scores import net_promoter_score
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR, MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run


def readings(run: Run) -> pd.DataFrame:
    """Costs, churn of the first year, scores against staying, survey moments, time to value against staying."""
    rows = Rows()
    _money(rows, run)
    _first_year(rows, run)
    _staying(rows, run)
    _moments(rows, run)
    _quick_starters(rows, run)
    return rows.frame()


def _money(rows: Rows, run: Run) -> None:
    """Shares of revenue over the whole run; gross margin is after hosting, support and success."""
    sums = run.ledger.groupby("account", observed=True)["amount"].sum()
    revenue = float(sums.reindex(REVENUE).sum())
    care = -float(sums.reindex(["spend_support", "spend_success"]).sum())
    acquisition = -float(sums.reindex(["spend_marketing", "spend_sales"]).sum())
    won = run.customers[run.customers["won_days"].notna()]
    year = MONTHS_PER_YEAR * won["list_price_per_month"]
    rows.add("care_of_revenue", care / revenue, len(won))
    rows.add("gross_margin", 1.0 + (float(sums.get("hosting", 0.0)) - care) / revenue, len(won))
    rows.add("acquisition_per_new_revenue", acquisition / float(year.sum()), len(won))
    rows.add("first_contract_value", float(year.median()), len(won))
    managers = run.resources.loc[run.resources["team"] == "success", "capacity"].sum()
    end = won["end_days"].fillna(run.windows.horizon_days)
    months = float((end - won["won_days"]).sum()) / DAYS_PER_MONTH
    rows.add("accounts_per_manager", months / managers if managers > 0.0 else math.nan, len(won))


def _first_year(rows: Rows, run: Run) -> None:
    """Share of customers, followed for a year, who left their first contract within it."""
    people = run.customers
    followed = people[people["won_days"] + DAYS_PER_YEAR <= run.windows.horizon_days]
    left = followed["end_days"] - followed["won_days"] <= DAYS_PER_YEAR + 1e-6
    rows.add("logo_churn_12", float(left.mean()) if len(left) else math.nan, len(left))


def _staying(rows: Rows, run: Run) -> None:
    """Correlation of every customer's answer at a wave with still being a customer 12 months later.

    First contracts followed that long; failed payments left out. The answers are those everybody
    would give (view surveyed), so that non-response is not mixed in.
    """
    waves = run.surveys[(run.surveys["trigger"] == "wave") & (run.surveys["contract"] == 1)]
    waves = waves[waves["time_days"] + DAYS_PER_YEAR <= run.windows.horizon_days]
    lost = run.events[(run.events["event"] == "churned") & (run.events["detail"] == "involuntary")]
    waves = waves[~waves["customer"].isin(lost["customer"])]
    end = waves["customer"].map(run.customers.set_index("customer")["end_days"])
    stays = 1.0 - (end <= waves["time_days"] + DAYS_PER_YEAR).to_numpy().astype(np.float64)
    found = {}
    for instrument in ("nps", "csat"):
        asked = (waves["instrument"] == instrument).to_numpy()
        answers = waves["answer"].to_numpy(np.float64)[asked]
        found[instrument] = correlation(answers, stays[asked])
        rows.add(f"corr_{instrument}_stays_12", found[instrument], int(asked.sum()), view="surveyed")
    rows.add("nps_over_csat", found["nps"] - found["csat"], len(waves), view="surveyed")


def _first_decision(run: Run) -> pd.Series:
    """customer -> True if the first voluntary decision was to renew."""
    events = run.events[(run.events["contract"] == 1) & (run.events["occurrence"] == 1)]
    ended = events[events["event"].isin(["renewed", "churned"]) & (events["detail"] != "involuntary")]
    return ended.set_index("customer")["event"] == "renewed"


def _moments(rows: Rows, run: Run) -> None:
    """NPS of everybody after purchase and onboarding: what it foretells, how far it lies above the waves."""
    nps = run.surveys[(run.surveys["instrument"] == "nps") & (run.surveys["contract"] == 1)]
    renewed, found = _first_decision(run), {}
    for moment in ("at_purchase", "after_onboarding"):
        asked = nps[nps["trigger"] == moment]
        known = asked[asked["customer"].isin(renewed.index)]
        stays = known["customer"].map(renewed).to_numpy(np.bool_)
        found[moment] = auc(known["answer"].to_numpy(np.float64), stays)
        rows.add(f"auc_{moment}", found[moment], len(known), view="surveyed")
    better = found["after_onboarding"] - found["at_purchase"]
    rows.add("onboarding_over_purchase", better, len(renewed), view="surveyed")
    after = nps.loc[nps["trigger"].isin(["at_purchase", "after_onboarding"]), "answer"].to_numpy(np.float64)
    waves = nps.loc[nps["trigger"] == "wave", "answer"].to_numpy(np.float64)
    rows.add("transactional_nps", net_promoter_score(after) - net_promoter_score(waves), after.size, view="surveyed")


def _quick_starters(rows: Rows, run: Run) -> None:
    """Retention at the first decision by thirds of time to value, as it stands and at like fit."""
    valued = run.events[(run.events["event"] == "first_value") & (run.events["contract"] == 1)]
    first = valued.set_index("customer")["value"]
    renewed = _first_decision(run)
    both = first.index.intersection(renewed.index)
    time, stays = first.loc[both].to_numpy(np.float64), renewed.loc[both].to_numpy(np.float64)
    fit = run.customers.set_index("customer").loc[both, "fit"].to_numpy(np.float64)
    rows.add("ttv_gradient", _thirds(time, stays), len(both))
    band = np.digitize(fit, np.quantile(fit, [1 / 3, 2 / 3])) if fit.size else fit
    alike = [_thirds(time[band == b], stays[band == b]) for b in range(3)]
    rows.add("ttv_gradient_same_fit", float(np.mean(alike)), len(both))


def _thirds(time: Floats, stays: Floats) -> float:
    """Mean of `stays` in the lowest third of `time` minus that in the highest."""
    if time.size < 9:
        return math.nan
    low, high = np.quantile(time, [1 / 3, 2 / 3])
    return float(stays[time <= low].mean() - stays[time >= high].mean())
