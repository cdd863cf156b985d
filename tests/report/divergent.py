"""Divergence metrics and cross-arm tables added to the synthetic result, with known answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from builder import ARMS, DAYS_PER_MONTH, EFFECTS, hash_of

from sim.experiments.twins import FATES

Row = tuple[str, str, str, float, float, int]
INDEX = ("cohort", "active", "timing", "instrument", "invited", "respondents", "reported")
PREDICTIVE = ("decision", "other_terms", "timing", "instrument", "invited", "respondents", "reported")
QUADRANTS = ("happy_reached", "happy_missed", "unhappy_reached", "unhappy_missed")


def add_divergence(folder: Path) -> Path:
    """Append to metrics.parquet, write reversal.parquet and twins.parquet; returns `folder`."""
    metrics = pd.read_parquet(folder / "metrics.parquet")
    found = [metrics]
    for (context, arm), rows in metrics.groupby(["context", "arm"], sort=False):
        for replication in rows["replication"].unique():
            rng = np.random.default_rng(hash_of(f"{context}{arm}{replication}"))
            frame = pd.DataFrame(_rows(rng, int(replication)), columns=["metric", "view", "segment", *_NUMBERS])
            found.append(frame.assign(context=context, arm=arm, replication=replication))
    pd.concat(found, ignore_index=True).to_parquet(folder / "metrics.parquet")
    reversal().to_parquet(folder / "reversal.parquet")
    twins().to_parquet(folder / "twins.parquet")
    for name, table in zip(("frontier", "flips"), frontier(), strict=True):
        table.to_parquet(folder / f"{name}.parquet")
    return folder


_NUMBERS = ("time_days", "value", "n")


def _rows(rng: np.random.Generator, replication: int) -> list[Row]:
    nan, rows = float("nan"), list[Row]()
    for name, rungs, start, scale in (
        ("index_ladder", INDEX, 20.0, 5.0),
        ("predictive_ladder", PREDICTIVE, 0.85, 0.05),
    ):
        levels = start + np.r_[0.0, rng.normal(0, scale, len(rungs) - 1).cumsum()]
        if replication == 0:
            levels[-1] = nan
        for place, rung in enumerate(rungs):
            rows.append((f"{name}_level", "truth", rung, nan, float(levels[place]), 50))
            if place:
                step = float(levels[place] - levels[place - 1])
                rows += [(f"{name}_{kind}", "truth", rung, nan, step, 50) for kind in ("step", "shapley")]
    for place, quadrant in enumerate(QUADRANTS):
        for metric in ("leaving_share", "leaving_share_if_independent", "leaving_share_if_experience_only"):
            rows.append((metric, "truth", quadrant, nan, 0.05 + 0.05 * place + rng.uniform(0, 0.02), 40))
    rows += [(name, "truth", "everyone", nan, 0.1, 160) for name in ("held_share", "term_bound_share")]
    for view in ("truth", "observed"):
        for month in (0, 3, 6, 9):
            for metric in ("auc_experience_by_lead", "auc_outcome_by_lead"):
                rows.append((metric, view, "all", month * DAYS_PER_MONTH, rng.uniform(0.5, 0.8), 90))
    for year in range(1, 6):
        rows += [("nps", v, "all", year * 365.25, rng.normal(30, 4), 200) for v in ("truth", "respondents")]
        rows.append(("nrr_trailing", "truth", "all", year * 365.25, rng.normal(1.0, 0.02), 200))
    rows += [("score_trend", "respondents", "all", nan, 1.0, 9), ("nrr_trend", "truth", "all", nan, -0.01, 9)]
    rows += [("trend_alarm", "respondents", kind, nan, 0.5, 1) for kind in ("false_comfort", "false_alarm")]
    return rows + _causes(replication)


def _causes(replication: int) -> list[Row]:
    """Somebody says it was the price in replication 1 alone, where 12 % do."""
    at = 24 * DAYS_PER_MONTH
    rows: list[Row] = [("left_by_cause_24", view, "total", at, 0.3, 100) for view in ("truth", "stated")]
    rows += [("left_by_cause_24", "truth", f"any_{cause}", at, 0.1, 100) for cause in ("experience", "outcome")]
    rows.append(("left_by_cause_24", "stated", "experience", at, 0.2, 100))
    return rows + ([("left_by_cause_24", "stated", "price", at, 0.12, 100)] if replication == 1 else [])


def reversal(low: float = 100.0) -> pd.DataFrame:
    """Choosing by NPS loses 500 in outcomes_decide and nothing elsewhere; `low` is the lower end there."""
    rows = []
    for context in EFFECTS:
        for metric in ("nps", "csat", "grr_12"):
            lost = 500.0 if context == "outcomes_decide" and metric == "nps" else 0.0
            ends = (low, 900.0) if lost else (0.0, 0.0)
            rows.append(
                {
                    "context": context,
                    "metric": metric,
                    "view": "truth" if metric == "grr_12" else "respondents",
                    "unit": "points",
                    "chosen_by_metric": ARMS[0] if lost else ARMS[1],
                    "chosen_by_decision": ARMS[1],
                    "order": "reversed" if lost else "same",
                    "reversed_share": 1.0 if lost else 0.0,
                    "regret": lost,
                    "regret_low": ends[0],
                    "regret_high": ends[1],
                    "regret_chance": 250.0,
                    "replications_odd": 3,
                    "replications_even": 3,
                }
            )
    return pd.DataFrame(rows)


def frontier() -> tuple[pd.DataFrame, pd.DataFrame]:
    """A difference that turns at .5 and a gap that never does."""
    rows = [("net_cash_per_candidate", ARMS[1], x, 100 - 200 * x, 60 - 200 * x, 140 - 200 * x) for x in (0.1, 0.5, 0.9)]
    rows += [("predictive_gap", arm, x, 0.1, 0.05, 0.15) for arm in ARMS for x in (0.1, 0.5, 0.9)]
    points = pd.DataFrame(rows, columns=["quantity", "arm", "level", "value", "low", "high"])
    turns = pd.DataFrame(
        [("net_cash_per_candidate", ARMS[1], 0.5, 0.3, 0.7)]
        + [("predictive_gap", arm, np.nan, np.nan, np.nan) for arm in ARMS],
        columns=["quantity", "arm", "level", "low", "high"],
    )
    key = "world.share_experience"
    return points.assign(key=key, context="-", replications=6), turns.assign(key=key, context="-")


def twins() -> pd.DataFrame:
    """Every fate once per context."""
    rows = [
        {
            "context": context,
            "baseline": ARMS[0],
            "arm": ARMS[1],
            "fate": fate,
            "meaning": meaning,
            "customers": 10 + place,
            "share": 0.01 * (place + 1),
            "share_low": 0.005,
            "share_high": 0.01 * (place + 2),
            "money_per_candidate": 40.0 - 10.0 * place,
            "money_low": 30.0 - 10.0 * place,
            "money_high": 50.0 - 10.0 * place,
            "money_per_twin": 1000.0,
            "replications": 6,
        }
        for context in EFFECTS
        for place, (fate, meaning) in enumerate(FATES.items())
    ]
    return pd.DataFrame(rows)


def set_tariff(folder: Path, context: str, arm: str, name: str, level: float) -> None:
    """A job's manifest with the tariff its customers were charged by."""
    facts = {
        "is_reference": name == "seat_subscription",
        "first_year": 1.0,
        "parameters": {"name": name, "match": "first_year_price", "level": level},
    }
    path = folder / "arms" / context / arm / "manifest.json"
    path.write_text(json.dumps({"arm": arm, "context": context, "complete": True, "finished": 6, "tariff": facts}))
