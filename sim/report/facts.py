"""What the figures need from the fact tables of one arm: only the columns and rows they use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.checks import InputError
from sim.experiments.interval import Interval, mean_interval
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

BUDGET_ACCOUNTS = "spend_"
RESERVE = "reserve"
SAME_DAY = 1e-6
"""Days within which two computed times are the same moment, as in sim.metrics.facts."""


def across(values: Any) -> Interval:
    """Mean and 95 % interval over the replications in which the quantity exists (not nan)."""
    numbers = np.asarray(values, dtype=np.float64)
    return mean_interval(numbers[np.isfinite(numbers)])


def read_columns(path: Path, columns: list[str], where: Any = None) -> pd.DataFrame | None:
    """Some columns of a Parquet table, rows by a pyarrow filter; None where the arm has no such table."""
    if not path.is_file():
        return None
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(path, columns=columns, filters=where)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path} must be a readable fact table, got a {type(error).__name__}") from error
    frame: pd.DataFrame = table.to_pandas()
    return frame


def read_ledger(path: Path) -> pd.DataFrame | None:
    """The rows of a ledger that say how the budget was used."""
    import pyarrow.compute as pc

    account = pc.field("account").cast("string")
    where = pc.starts_with(account, BUDGET_ACCOUNTS) | (account == RESERVE)
    return read_columns(path, ["replication", "account", "amount"], where)


def read_customers(path: Path) -> pd.DataFrame | None:
    """The columns of a customers table that survival needs."""
    return read_columns(path, ["replication", "won_days", "end_days"])


def spending(ledger: pd.DataFrame) -> pd.DataFrame:
    """Budget by use, money per replication: columns account, amount (positive), reserve included."""
    account = ledger["account"].astype(str)
    used = ledger[account.str.startswith(BUDGET_ACCOUNTS) | (account == RESERVE)]
    sums = -used.groupby(account, sort=True)["amount"].sum() / max(ledger["replication"].nunique(), 1)
    return sums.rename("amount").rename_axis("account").reset_index()


def survival(customers: pd.DataFrame, horizon_months: float) -> pd.DataFrame:
    """Kaplan-Meier by month of tenure: columns months, share, low, high, at_risk; empty if nobody was won.

    Time is from the first contract to its end, all causes; open contracts are censored at the horizon.
    Share is the mean over replications with its 95 % interval, at_risk the customers of all of them.
    """
    won = customers[customers["won_days"].notna()]
    grid = np.arange(0.0, np.floor(horizon_months) + 1.0)
    levels, at_risk = [], np.zeros(grid.size, dtype=np.int64)
    for _, one in won.groupby("replication", sort=True):
        level, n = _one_replication(one, days(horizon_months), days(1.0) * grid)
        levels.append(level)
        at_risk += n
    return _summary(grid, np.array(levels).reshape(-1, grid.size), at_risk)


def _one_replication(won: pd.DataFrame, horizon_days: float, grid_days: Any) -> tuple[Any, Any]:
    from sim.metrics.survival import kaplan_meier

    start, end = won["won_days"].to_numpy(), won["end_days"].to_numpy()
    ended = np.isfinite(end)
    duration = np.where(ended, end, horizon_days) - start
    curve = kaplan_meier(duration, ended)
    at_risk = (duration[:, None] >= grid_days[None, :] - SAME_DAY).sum(axis=0)
    after = np.searchsorted(curve.time, grid_days + SAME_DAY, side="right")
    level = np.r_[curve.start, curve.level][after]
    # nobody left is known to be nobody; nobody followed so far is not known
    return np.where((at_risk > 0) | (level == 0.0), level, np.nan), at_risk


def _summary(grid: Any, levels: Any, at_risk: Any) -> pd.DataFrame:
    import pandas as pd

    spreads = [across(column) for column in levels.T] if len(levels) else []
    return pd.DataFrame(
        {
            "months": grid[: len(spreads)],
            "share": [s.mean for s in spreads],
            "low": np.clip([s.low for s in spreads], 0.0, 1.0),
            "high": np.clip([s.high for s in spreads], 0.0, 1.0),
            "at_risk": at_risk[: len(spreads)],
        }
    )
