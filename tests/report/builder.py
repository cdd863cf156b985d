"""A synthetic result folder: small, known, and written without the simulator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

DAYS_PER_MONTH = 365.25 / 12
MARGIN = 60.0

ACCOUNTS = {
    "spend_marketing": (0.24, 0.20),
    "spend_sales": (0.26, 0.14),
    "spend_onboarding": (0.08, 0.19),
    "spend_support": (0.20, 0.14),
    "spend_success": (0.08, 0.16),
    "spend_product": (0.05, 0.10),
    "spend_surveys": (0.04, 0.01),
    "spend_readings": (0.0, 0.03),
    "reserve": (0.05, 0.03),
}


@dataclass(frozen=True)
class Effect:
    """What the comparison of one context shall say."""

    verdict: str
    difference: float
    low: float
    high: float
    needed: float = 120.0


EFFECTS = {
    "experience_decides": Effect("worse", -412.0, -655.0, -169.0),
    "both_matter": Effect("undecided", 96.0, -81.0, 273.0),
    "outcomes_decide": Effect("better", 948.0, 731.0, 1165.0),
}
ARMS = ("experience_focused", "outcome_focused")


def write_result(
    folder: Path,
    effects: Mapping[str, Effect] = EFFECTS,
    arms: tuple[str, ...] = ARMS,
    replications: int = 6,
    missing: tuple[dict[str, str], ...] = (),
    complete: bool = True,
    title: str = "Experience against outcome",
) -> Path:
    """Write everything a report reads and return `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    absent = {(m["context"], m["arm"]) for m in missing}
    pairs = [(c, a) for c in effects for a in arms if (c, a) not in absent]
    metrics = pd.concat([_metrics(c, a, arms.index(a), replications) for c, a in pairs], ignore_index=True)
    metrics.to_parquet(folder / "metrics.parquet")
    _comparison(effects, arms, replications).to_parquet(folder / "comparison.parquet")
    for context, arm in pairs:
        _arm(folder / "arms" / context / arm, context, arm, arms.index(arm), replications)
    _texts(folder, title, missing, complete, pairs)
    return folder


def _texts(
    folder: Path, title: str, missing: tuple[dict[str, str], ...], complete: bool, pairs: list[tuple[str, str]]
) -> None:
    definitions = {
        "net_cash_per_candidate": "Discounted receipts minus discounted spending, per candidate.",
        "logo_retention_12": "Share of customers still under their first contract (Kaplan-Meier).",
    }
    config = {
        "title": title,
        "currency": "EUR",
        "horizon_months": 60,
        "discount_rate_per_year": 0.1,
        "seed": 0,
        "decision_metric": "net_cash_per_candidate",
    }
    manifest = {
        "command": "outcomelab run experiment=experience_vs_outcome",
        "complete": complete,
        "missing": list(missing),
        "arms": [{"context": c, "arm": a, "folder": f"arms/{c}/{a}", "finished": 6} for c, a in pairs],
        "versions": {"outcomelab": "0.1.0", "simpy": "4.1.2"},
        "config_hash": "abc123",
    }
    (folder / "definitions.json").write_text(json.dumps(definitions))
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _metrics(context: str, arm: str, position: int, replications: int) -> pd.DataFrame:
    rng = np.random.default_rng(abs(hash_of(context + arm)))
    rows = []
    for replication in range(replications):
        for months, stay in ((12, 0.88), (24, 0.79), (36, 0.71), (60, np.nan)):
            n = 0 if np.isnan(stay) else int(900 * stay)
            for family, lift in (("logo_retention", 0.0), ("grr", 0.02), ("nrr", 0.13)):
                value = stay + lift + 0.03 * position + rng.normal(0, 0.008)
                rows.append((f"{family}_{months}", months * DAYS_PER_MONTH, value, n))
        rows.append(("candidates", np.nan, 4200.0, 4200))
        rows.append(("net_cash_per_candidate", np.nan, 5200 + 300 * position + rng.normal(0, 90), 4200))
        for row in rows:
            if len(row) == 4:
                rows[rows.index(row)] = (*row, replication)
    frame = pd.DataFrame(rows, columns=["metric", "time_days", "value", "n", "replication"])
    return frame.assign(arm=arm, view="truth", segment="all", context=context)


def hash_of(text: str) -> int:
    """A small stable number for a text."""
    return sum(ord(letter) * (i + 1) for i, letter in enumerate(text))


def _comparison(effects: Mapping[str, Effect], arms: tuple[str, ...], replications: int) -> pd.DataFrame:
    rows = []
    for context, effect in effects.items():
        for arm in arms[1:]:
            rows.append(_row("net_cash_per_candidate", context, arm, arms[0], effect, "headline", replications))
            small = Effect("undecided", 0.012, -0.004, 0.028)
            rows.append(_row("logo_retention_12", context, arm, arms[0], small, "secondary", replications))
    return pd.DataFrame(rows)


def _row(
    metric: str, context: str, arm: str, baseline: str, effect: Effect, role: str, replications: int
) -> dict[str, object]:
    money = metric.startswith("net")
    return {
        "context": context,
        "arm": arm,
        "baseline": baseline,
        "role": role,
        "metric": metric,
        "view": "truth",
        "segment": "all",
        "time_days": np.nan,
        "unit": "money" if money else "share",
        "verdict": effect.verdict,
        "difference": effect.difference,
        "low": effect.low,
        "high": effect.high,
        "margin": MARGIN if money else 0.01,
        "replications": replications,
        "replications_needed": effect.needed,
        "arm_mean": 5500.0 + effect.difference if money else 0.9,
        "baseline_mean": 5500.0 if money else 0.88,
    }


def _arm(folder: Path, context: str, arm: str, position: int, replications: int) -> None:
    folder.mkdir(parents=True)
    rng = np.random.default_rng(hash_of(context + arm))
    _customers(rng, position, replications).to_parquet(folder / "customers.parquet")
    _ledger(position, replications).to_parquet(folder / "ledger.parquet")
    config = {
        "title": "x",
        "policy": {"name": arm, "sales": {"promise": 0.4 + 0.5 * (position == 0)}},
        "world": {"share_experience": {"e": 0.8, "b": 0.5}.get(context[:1], 0.2)},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config))


def _customers(rng: np.random.Generator, position: int, replications: int) -> pd.DataFrame:
    per = 250
    won = rng.uniform(0, 48 * DAYS_PER_MONTH, per * replications)
    years = rng.geometric(0.16 - 0.03 * position, won.size)
    early = rng.random(won.size) < 0.03
    end = won + np.where(early, rng.uniform(20, 160, won.size), years * 365.25)
    end[end > 60 * DAYS_PER_MONTH] = np.nan
    return pd.DataFrame({"replication": np.repeat(np.arange(replications), per), "won_days": won, "end_days": end})


def _ledger(position: int, replications: int) -> pd.DataFrame:
    rows = [
        (replication, account, -9.6e6 * shares[position % 2])
        for replication in range(replications)
        for account, shares in ACCOUNTS.items()
    ]
    rows += [(replication, "invoice_regular", 1e6) for replication in range(replications)]
    frame = pd.DataFrame(rows, columns=["replication", "account", "amount"])
    return frame.assign(account=frame["account"].astype("category"))
