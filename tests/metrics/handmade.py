"""Fact tables written by hand, so that every number a metric returns is known beforehand."""

from __future__ import annotations

from dataclasses import fields
from math import inf, nan
from typing import Any

import numpy as np
import pandas as pd

from sim.events import SCHEMAS
from sim.metrics.besides import Besides
from sim.recorder import Run
from sim.scenario import Windows, windows
from sim.tables import canonical

_EMPTY = {"int32": 0, "int64": 0, "float64": 0.0, "bool": False, "text": ""}


class Handmade:
    """Add rows by keyword; what is not said is zero, False or empty."""

    def __init__(self, horizon_months: float = 60.0, discount: float = 0.0, span: Windows | None = None) -> None:
        self.windows = span or windows(horizon_months)
        self.discount = discount
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}

    def add(self, table: str, **values: Any) -> None:
        row = {column.name: _EMPTY[column.dtype] for column in SCHEMAS[table]}
        unknown = set(values) - set(row)
        assert not unknown, unknown
        self.rows[table].append(row | values)

    def customer(self, customer: int, won: float = nan, end: float = nan, **values: Any) -> None:
        told = {"stream": "primary", "segment": "mid", "goal_value_per_month": 0.0, "outcome": nan}
        self.add("customers", customer=customer, won_days=won, end_days=end, **(told | values))

    def event(self, time: float, kind: str, customer: int, **values: Any) -> None:
        self.add("events", time_days=time, event=kind, customer=customer, **({"contract": 1} | values))

    def wave(self, time: float, customer: int, instrument: str = "nps", **values: Any) -> None:
        told = {"trigger": "wave", "contract": 1, "audit_invited": True, "audit_answered": True}
        self.add("surveys", time_days=time, customer=customer, instrument=instrument, **(told | values))

    def money(self, time: float, party: int, account: str, amount: float, **values: Any) -> None:
        covers = {"covers_from_days": time, "covers_to_days": time, "contract": 0 if party < 0 else 1}
        self.add("ledger", time_days=time, party=party, account=account, amount=amount, **(covers | values))

    def run(self) -> Run:
        frames = {}
        for name, schema in SCHEMAS.items():
            frame = pd.DataFrame(self.rows[name], columns=[column.name for column in schema])
            frames[name] = canonical(frame, schema)
        return Run(**frames, windows=self.windows, discount_rate_per_year=self.discount, kernel_events=0)


def weights(**changes: float) -> Besides:
    """What decisions weigh besides V: price and sponsor, unless more is said."""
    whole = ("squeeze_begins_month", "squeeze_months", "entrant_month")
    told = {field.name: 0 if field.name in whole else 0.0 for field in fields(Besides)}
    told |= {"renew_price": 1.0, "champion_loss": 0.5, "entrant_days": 1.0, "release_days": 1.0}
    return Besides(**(told | changes))  # type: ignore[arg-type]


def endless(follow: float = inf) -> Windows:
    """Windows that never cut anything off."""
    return Windows(1e9, 1e9, min(follow, 1e9), 1e9)


def value_of(frame: pd.DataFrame, metric: str, view: str | None = None, segment: str = "all") -> float:
    """The pooled value of a metric (the first row where it is read at several times)."""
    return float(_row(frame, metric, view, segment)["value"])


def count_of(frame: pd.DataFrame, metric: str, view: str | None = None, segment: str = "all") -> int:
    return int(_row(frame, metric, view, segment)["n"])


def _row(frame: pd.DataFrame, metric: str, view: str | None, segment: str) -> pd.Series:
    chosen = (frame["metric"] == metric) & (frame["segment"] == segment)
    if view is not None:
        chosen &= frame["view"] == view
    assert chosen.any(), (metric, view, segment)
    return frame[chosen].iloc[0]


def standard_normals(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=count)
