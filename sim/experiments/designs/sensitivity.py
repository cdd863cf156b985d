"""How much does each uncertainty matter? Morris' elementary effects and Sobol's shares of variance, by SALib.

The quantity taken apart is the mean paired difference of the decision metric between an arm and the baseline at each
point. Morris (1991): mu_star, the mean absolute effect of a step, and sigma, its spread (interaction or curvature).
Sobol (Saltelli et al. 2010; Jansen 1999): the share of the variance that a key explains alone, and with all its
interactions. Intervals are 95 %, from resampled points. What is left of the replications' luck counts as interaction of
everything with everything: `noise_share` says how much of the variance it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.experiments.designs.design import Design
from sim.experiments.designs.sampling import MORRIS, MORRIS_LEVELS, TAKING_APART, problem, require_salib
from sim.experiments.designs.table import Points
from sim.experiments.interval import t_quantile
from sim.metrics.facts import Floats
from sim.streams import generator

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES: Final = 1000


class Sensitivity(NamedTuple):
    """One row of `sensitivity.parquet`: an index of one key."""

    base: str
    arm: str
    baseline: str
    metric: str
    method: str
    """morris or saltelli."""
    key: str
    measure: str
    """mu_star, sigma; first_order, total."""
    value: float
    low: float
    high: float
    noise_share: float
    """Of the variance over points, what the replications' luck accounts for."""


def sensitivities(comparison: pd.DataFrame, points: Points, design: Design, seed: int) -> list[Sensitivity]:
    """Indices of every key for every arm, where the design is one that takes apart and every point is there."""
    if design.kind not in TAKING_APART:
        return []
    cube = design.unit_places(seed)
    rows = comparison[(comparison["role"] == "headline") & comparison["context"].isin(points.contexts)]
    found: list[Sensitivity] = []
    for (arm, baseline), group in rows.groupby(["arm", "baseline"], sort=False):
        table = group.set_index("context").reindex(points.contexts)
        values = table["difference"].to_numpy(np.float64)
        if len(values) != len(cube) or not np.isfinite(values).all():
            continue
        head = (points.base, str(arm), str(baseline), str(group["metric"].iloc[0]), design.kind)
        noise = noise_share(table)
        found += [
            Sensitivity(*head, *index, noise) for index in indices(design.kind, list(points.keys), cube, values, seed)
        ]
    return found


def noise_share(table: pd.DataFrame) -> float:
    """Mean squared standard error of the differences by their variance over points."""
    count = table["replications"].to_numpy(np.float64)
    half = (table["high"] - table["low"]).to_numpy(np.float64) / 2.0
    spread = float(table["difference"].to_numpy(np.float64).var(ddof=1))
    if not np.isfinite(half).all() or count.min() < 2 or spread == 0.0:
        return math.nan
    errors = half / np.array([t_quantile(0.975, int(n) - 1) for n in count])
    return min(float((errors**2).mean()) / spread, 1.0)


def indices(
    kind: str, keys: list[str], cube: Floats, values: Floats, seed: int
) -> Iterator[tuple[str, str, float, float, float]]:
    """(key, measure, value, low, high) of `values` at the places `cube` (points, keys) of a design of this kind."""
    require_salib(f"design.kind={kind}")
    luck = int(generator(f"{seed}/sensitivity/{kind}").integers(1, 2**31))
    asked = problem(keys)
    if kind == MORRIS:
        yield from _morris(asked, cube, values, luck)
    else:
        yield from _sobol(asked, values, luck)


def _morris(
    asked: dict[str, Any], cube: Floats, values: Floats, luck: int
) -> Iterator[tuple[str, str, float, float, float]]:
    from SALib.analyze import morris

    found = morris.analyze(asked, cube, values, num_resamples=RESAMPLES, num_levels=MORRIS_LEVELS, seed=luck)
    for place, key in enumerate(asked["names"]):
        mean, half = float(found["mu_star"][place]), float(found["mu_star_conf"][place])
        yield key, "mu_star", mean, mean - half, mean + half
        yield key, "sigma", float(found["sigma"][place]), math.nan, math.nan


def _sobol(asked: dict[str, Any], values: Floats, luck: int) -> Iterator[tuple[str, str, float, float, float]]:
    from SALib.analyze import sobol

    if float(values.std()) == 0.0:
        return
    found = sobol.analyze(asked, values, calc_second_order=False, num_resamples=RESAMPLES, seed=luck)
    for place, key in enumerate(asked["names"]):
        for measure, name in (("first_order", "S1"), ("total", "ST")):
            value, half = float(found[name][place]), float(found[f"{name}_conf"][place])
            yield key, measure, value, value - half, value + half


def sensitivity_lines(rows: list[Sensitivity]) -> list[str]:
    """`sensitivity <context> <arm> <method> <key> <index> <value> <low> <high>`, and what is luck once per arm."""
    lines = [
        f"sensitivity {r.base} {r.arm} {r.method} {r.key} {r.measure} {_told(r.value, r.low, r.high)}" for r in rows
    ]
    noise = {(r.base, r.arm): r.noise_share for r in rows}
    return [*lines, *(f"sensitivity {base} {arm} noise_share {share:.3g}" for (base, arm), share in noise.items())]


def _told(*numbers: float) -> str:
    """Numbers as fields of a line; `-` where there is none."""
    return " ".join("-" if math.isnan(number) else f"{number:.4g}" for number in numbers)
