"""A result folder as the report sees it: read once, checked, never written to.

Layout: metrics.parquet, comparison.parquet, definitions.json, config.yaml, manifest.json and
arms/<context>/<arm>/{customers,ledger,...}.parquet with the arm's own config.yaml.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.checks import InputError
from sim.report.findings import findings
from sim.report.numbers import PLAIN, Unit, unit_of
from sim.report.wording import Finding, words

if TYPE_CHECKING:
    import pandas as pd

UNTITLED = "outcomelab"
"""The title that ships in configs/config.yaml."""
MOST_NAMED = 3
METRIC_COLUMNS = ("context", "arm", "replication", "metric", "view", "segment", "time_days", "value", "n")


@dataclass(frozen=True)
class Place:
    """Where one arm of one context lies."""

    context: str
    arm: str
    folder: Path


class Failure(NamedTuple):
    """An arm that is not there, and why."""

    context: str
    arm: str
    reason: str


@dataclass(frozen=True)
class Result:
    """One finished (or interrupted) command; `manifest`, `config`, `definitions` are plain dicts."""

    folder: Path
    manifest: dict[str, Any]
    config: dict[str, Any]
    definitions: dict[str, str]
    metrics: pd.DataFrame
    comparison: pd.DataFrame
    places: tuple[Place, ...]

    @property
    def title(self) -> str:
        """The title of the experiment or of the user; without one, the arms name the result."""
        given = str(self.config.get("title") or UNTITLED)
        if given != UNTITLED:
            return given
        names = [words(arm) for arm in self.arms]
        text = " or ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} arms compared"
        return text[:1].upper() + text[1:] + ("?" if 1 < len(names) <= MOST_NAMED else "")

    @property
    def currency(self) -> str:
        """Name of the currency, for display."""
        return str(self.config.get("currency") or "")

    @property
    def decision_metric(self) -> str:
        """The metric of the headline."""
        return str(self.config.get("decision_metric") or "net_cash_per_candidate")

    @property
    def horizon_months(self) -> float:
        """Months simulated."""
        return float(self.config.get("horizon_months") or 0.0)

    @cached_property
    def contexts(self) -> tuple[str, ...]:
        """Contexts in the order they were given."""
        return tuple(dict.fromkeys(place.context for place in self.places))

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """Arms in the order they were given; the position decides how an arm is drawn."""
        return tuple(dict.fromkeys(place.arm for place in self.places))

    @cached_property
    def trees(self) -> dict[Place, dict[str, Any]]:
        """The resolved configuration of each arm in each context; empty where it was not kept."""
        return {place: read_yaml(place.folder / "config.yaml") for place in self.places}

    @cached_property
    def _rows(self) -> dict[Any, pd.DataFrame]:
        """Metrics by context and arm."""
        return dict(iter(self.metrics.groupby(["context", "arm"], sort=False)))

    @property
    def replications(self) -> int:
        """Replications per arm."""
        return int(self.metrics["replication"].nunique()) if len(self.metrics) else 0

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Arms that failed or are missing, as the manifest lists them."""
        rows = self.manifest.get("missing", ())
        return tuple(Failure(str(r["context"]), str(r["arm"]), str(r["reason"])) for r in rows)

    def unit(self, metric: str) -> Unit:
        """How values of `metric` are written; a user's own metric says its unit in the comparison."""
        from sim.metrics.catalogue import about

        word = about(metric).unit
        if not word:
            rows = self.comparison[self.comparison["metric"] == metric]
            word = str(rows["unit"].iloc[0]) if len(rows) else ""
        return unit_of(word, self.currency) if word else PLAIN

    def is_money(self, metric: str) -> bool:
        """Whether `metric` is an amount of money."""
        return self.unit(metric) == unit_of("money", self.currency)

    def definition(self, metric: str) -> str:
        """The stored sentence that defines `metric`."""
        return self.definitions.get(metric, "No definition was stored.")

    def values(self, place: Place, metric: str, view: str | None = None) -> pd.Series[float]:
        """One value per replication: the whole market and time (or the tenure named); None is the metric's own view."""
        from sim.metrics.overall import overall

        rows = self._rows.get((place.context, place.arm), self.metrics.iloc[:0])
        return overall(rows, metric, view=view)["value"]

    def extra(self, name: str) -> pd.DataFrame | None:
        """A table that only some commands write, such as `reversal`; None where this one did not."""
        path = self.folder / f"{name}.parquet"
        return _frame(self.folder, path.name, ()) if path.is_file() else None

    def findings(self, metric: str | None = None) -> list[Finding]:
        """Comparison rows that get a verdict (no other view, segment or year); of one metric if given."""
        found = findings(self.comparison, metric, self.currency)
        return sorted(found, key=lambda f: (self.contexts.index(f.context), self.arms.index(f.arm), f.metric))


def read_result(folder: Path) -> Result:
    """The result in `folder`; an InputError says in one sentence why it is none."""
    manifest = _manifest(folder)
    return Result(
        folder=folder,
        manifest=manifest,
        config=read_yaml(folder / "config.yaml"),
        definitions=_definitions(folder),
        metrics=_frame(folder, "metrics.parquet", METRIC_COLUMNS),
        comparison=_comparison(folder),
        places=_places(folder, manifest),
    )


def _manifest(folder: Path) -> dict[str, Any]:
    from sim.experiments.manifest import NAME, read_manifest

    found = read_manifest(folder)
    if found is None:
        raise InputError(f"{folder} must be a result folder, got one without {NAME}")
    return found


def _definitions(folder: Path) -> dict[str, str]:
    path = folder / "definitions.json"
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise InputError(f"{path} must be readable JSON, got {error}") from error
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as plain data; empty where there is none."""
    import yaml

    from sim.yaml_text import loaded

    if not path.is_file():
        return {}
    try:
        found = loaded(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} must be readable YAML, got a {type(error).__name__}") from error
    return found if isinstance(found, dict) else {}


def _frame(folder: Path, name: str, needed: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    path = folder / name
    if not path.is_file():
        raise InputError(f"{folder} must be a result folder, got one without {name}")
    try:
        frame = pd.read_parquet(path)
    except Exception as error:  # pyarrow raises kinds of its own, OSError and ValueError alike
        raise InputError(f"{path} must be a readable Parquet file, got a {type(error).__name__}") from error
    missing = [column for column in needed if column not in frame.columns]
    if missing:
        raise InputError(f"{path} must have column {missing[0]}, got {', '.join(frame.columns)}")
    return frame


COMPARISON_COLUMNS = (
    *("context", "arm", "baseline", "role", "metric", "unit", "verdict", "difference", "low", "high"),
    *("margin", "replications", "replications_needed", "arm_mean", "baseline_mean"),
)
"""What the report reads of `sim.experiments.compare`."""


def _comparison(folder: Path) -> pd.DataFrame:
    """The comparison, or an empty one where a single arm left nothing to compare."""
    import pandas as pd

    if not (folder / "comparison.parquet").is_file():
        return pd.DataFrame(columns=list(COMPARISON_COLUMNS))
    return _frame(folder, "comparison.parquet", COMPARISON_COLUMNS)


def _places(folder: Path, manifest: dict[str, Any]) -> tuple[Place, ...]:
    try:
        rows = [(str(row["context"]), str(row["arm"]), str(row["folder"])) for row in manifest["arms"]]
    except (KeyError, TypeError) as error:
        raise InputError(f"{folder} must be the folder of a whole command, got the folder of one arm") from error
    return tuple(Place(context, arm, folder / below) for context, arm, below in rows)
