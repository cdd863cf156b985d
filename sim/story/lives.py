"""The facts of one customer in one arm, read from the arm's folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError

if TYPE_CHECKING:
    import pandas as pd

EXAMPLES = 3


@dataclass(frozen=True)
class Setting:
    """What an arm's configuration says that a story needs."""

    start: date
    currency: str
    experience: tuple[float, float]
    """Mean and standard deviation of experience in the reference market."""
    perceived: tuple[float, float]
    """The same of the perceived outcome."""
    horizon_days: float

    def day(self, days: float) -> date:
        """The calendar date of a simulated time."""
        return self.start + timedelta(days=int(days))


@dataclass(frozen=True)
class Life:
    """One customer in one arm: its row of `customers` and its rows of the other tables."""

    arm: str
    setting: Setting
    person: dict[str, Any]
    events: pd.DataFrame
    surveys: pd.DataFrame
    ledger: pd.DataFrame


def setting(folder: Path) -> Setting:
    """Read config.yaml and run.json of an arm."""
    import json

    import yaml

    from sim.yaml_text import loaded

    try:
        tree = loaded((folder / "config.yaml").read_text(encoding="utf-8"))
        horizon = float(json.loads((folder / "run.json").read_text(encoding="utf-8"))["horizon_days"])
        market, reference = tree["market"], tree["market"]["reference"]
        experience, perceived = (
            (float(reference[f"{name}_mean"]), float(reference[f"{name}_sd"]))
            for name in ("experience", "perceived_outcome")
        )
        start = date.fromisoformat(str(market["start_date"]))
        return Setting(start, str(tree.get("currency") or ""), experience, perceived, horizon)
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise InputError(f"{folder} must be the folder of one arm, got an unreadable {type(error).__name__}") from error


def read(folder: Path, name: str, where: list[tuple[str, str, int]], columns: list[str] | None = None) -> pd.DataFrame:
    """Rows of one fact table; an InputError where it is missing or corrupt."""
    import pandas as pd

    path = folder / f"{name}.parquet"
    try:
        return pd.read_parquet(path, filters=where or None, columns=columns)
    except Exception as error:  # pyarrow raises kinds of its own, OSError and ValueError alike
        raise InputError(f"{path} must be a readable fact table, got a {type(error).__name__}") from error


def life(arm: str, folder: Path, replication: int, customer: int) -> Life | None:
    """The life of a customer in an arm; None where the arm lacks the replication or the person."""
    who = [("replication", "==", replication), ("customer", "==", customer)]
    people = read(folder, "customers", who)
    if people.empty:
        return None
    payer = [("replication", "==", replication), ("party", "==", customer)]
    person = {str(key): value for key, value in people.iloc[0].to_dict().items()}
    tables = (read(folder, "events", who), read(folder, "surveys", who), read(folder, "ledger", payer))
    return Life(arm, setting(folder), person, *tables)


def check_person(folder: Path, replication: int, customer: int) -> None:
    """InputError with nearest or example customers where there is no such person."""
    people = read(folder, "customers", [], ["replication", "customer", "won_days"])
    numbers = sorted(set(people["replication"]))
    if replication not in numbers:
        raise InputError(f"--replication must be in [{numbers[0]}, {numbers[-1]}], got {replication}")
    here = people[people["replication"] == replication]
    if customer in set(here["customer"]):
        return
    nearest = _nearest(here["customer"], customer)
    signed = _nearest(here.loc[here["won_days"].notna(), "customer"], customer)
    example = f"; {signed} became customers" if signed else ""
    raise InputError(
        f"CUSTOMER must be a candidate of replication {replication} such as {nearest}, got {customer}{example}"
    )


def _nearest(customers: pd.Series[int], wanted: int) -> str:
    """A few numbers nearest to the one wanted, as words."""
    chosen = sorted(customers.tolist(), key=lambda one: (abs(one - wanted), one))[:EXAMPLES]
    return ", ".join(str(one) for one in sorted(chosen))
