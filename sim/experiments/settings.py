"""The top-level keys: their types, ranges and meaning, checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sim.checks import Checked, InputError, checked, choice, count, or_null, part, quantity, text
from sim.experiments.stopping import RULES
from sim.scenario import ENTRIES
from sim.targets import allowed_packages


def _packages(about: str) -> Any:
    """Names of packages."""
    return field(metadata={"kind": "packages", "unit": "", "about": about})


def _names(about: str) -> Any:
    """A list of names."""
    return field(metadata={"kind": "names", "unit": "", "about": about})


@dataclass(frozen=True)
class Settings(Checked):
    """What a command does besides the scenario itself."""

    title: str = text("what the study is called in reports")
    seed: int = count(0, 4_294_967_295, "which random world; 0 is a seed like any other")
    replications: int = count(1, 100_000, "independent repetitions, paired between arms; with until the most")
    until: str | None = or_null(choice(RULES, "stop when intervals are narrow or verdicts clear"))
    half_width: float | None = or_null(
        quantity("unit of the metric", 0, 1e12, "interval that until=precise asks for; null takes half the margin")
    )
    replications_at_least: int = count(2, 100_000, "replications before until looks; at most replications")
    horizon_months: float = quantity("months", 1, 240, "simulated time; shorter ones shrink the windows")
    entry: str = choice(ENTRIES, "when candidates come: at first, to be followed, or until the horizon (steady state)")
    candidates_share: float = quantity("share", 0.01, 100, "share of the market's candidates that lives; staff follows")
    small_share: float = quantity("share", 0.01, 1, "candidates_share that size=small leaves, unless it is smaller")
    budget_scale: float = quantity("1", 0.05, 20, "money of every month relative to the reference plan, in every arm")
    n_jobs: int = count(-1, 1024, "processes that share the replications; -1 uses every core")
    block: int | None = or_null(count(1, 1_000_000, "scenarios that one job of the launcher runs; null chooses"))
    discount_rate_per_year: float = quantity("1/year", 0, 1, "rate that discounts money to time 0")
    currency: str = text("currency of every amount")
    decision_metric: str = text("the metric that the headline verdict is about")
    primary_metrics: tuple[str, ...] | None = or_null(
        _names("metrics judged together with the decision metric (Holm); null takes that alone")
    )
    baseline: str | None = or_null(text("arm the others are compared with; null takes the first"))
    worthwhile_difference: float | None = or_null(
        quantity(
            "unit of the metric",
            0,
            1e12,
            "margin that matters; null takes 1 % of the baseline, or of its revenue (per candidate)",
        )
    )
    allow_code: tuple[str, ...] = _packages("packages outside sim whose code may be built")
    statement: object = or_null(part("what the study says at its end besides its verdicts"))
    panel: object = or_null(part("how the firms of a panel differ; every replication is then a firm of its own"))
    iso_result: object = or_null(part("the result held equal, and the budgets at which every context is run besides"))
    points_at_most: int | None = or_null(count(2, 100_000, "points, levels or trajectories of a design at most"))
    output: str | None = or_null(text("folder of the result; null takes results/<name>/<time>"))
    store: str | None = or_null(text("folder that keeps finished replications; null keeps none"))
    store_gigabytes: float = quantity("GB", 0, 1e6, "size above which what was not used for longest goes")
    on_failure: str = choice(("continue", "stop"), "whether scenarios that have not begun still run after one failed")

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if not (value is None and f.metadata.get("null")):
                object.__setattr__(self, f.name, _checked(f.name, value, dict(f.metadata)))
        if self.n_jobs == 0:
            raise InputError("n_jobs must be -1 or at least 1, got 0")
        if self.half_width is not None and self.until != "precise":
            raise InputError(f"half_width needs until=precise, got until={self.until or 'null'}")
        if self.until is not None and self.store is None:
            raise InputError(f"until={self.until} needs a store to add replications to, got store=null")
        if self.until is not None and self.panel is not None:
            raise InputError(f"until={self.until} adds replications, and those of a panel are firms: set firms instead")
        if self.until is not None and self.replications < self.replications_at_least:
            raise InputError(
                f"replications must be at least replications_at_least={self.replications_at_least} with "
                f"until={self.until}, got {self.replications}"
            )
        if self.until == "clear" and self.primary_metrics:
            raise InputError(
                "primary_metrics are judged after a number of replications chosen beforehand, got until=clear"
            )

    @property
    def store_folder(self) -> Path | None:
        """The store as an absolute path, the same for workers in other folders."""
        return None if self.store is None else Path(self.store).expanduser().resolve()


def _checked(name: str, value: object, rule: dict[str, Any]) -> object:
    if rule["kind"] == "names":
        return _listed(name, value)
    return allowed_packages(value) if rule["kind"] == "packages" else checked(name, value, rule)


def _listed(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) and one for one in value):
        raise InputError(f"{name} must be a list of names, got {value!r}")
    return tuple(value)


def settings(tree: Mapping[str, Any]) -> Settings:
    """Settings out of a resolved configuration."""
    missing = [f.name for f in fields(Settings) if f.name not in tree]
    if missing:
        raise InputError(f"the configuration has no {missing[0]}")
    return Settings(**{f.name: tree[f.name] for f in fields(Settings)})
