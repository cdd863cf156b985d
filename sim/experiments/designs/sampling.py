"""Places of points in the unit cube, by kind of design; addressed, so that a seed gives the same points everywhere.

Latin hypercube: McKay, Beckman & Conover (1979), Technometrics 21. Sobol sequence with Owen's scrambling: Owen (1998),
ACM TOMACS 8; the first points of a longer one are those of a shorter one. Morris' trajectories (1991), Technometrics
33, and Saltelli's cross-sampling (2010), Computer Physics Communications 181, are those of SALib.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.checks import InputError
from sim.extras import missing
from sim.streams import Generator, generator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LATIN_HYPERCUBE, SOBOL, MORRIS, SALTELLI = "latin_hypercube", "sobol", "morris", "saltelli"
SAMPLED: Final = (LATIN_HYPERCUBE, SOBOL, MORRIS, SALTELLI)
TAKING_APART: Final = (MORRIS, SALTELLI)
"""Kinds whose points are laid out to tell how much each uncertainty matters."""
MORRIS_LEVELS: Final = 4


def places(kind: str, points: int, keys: Sequence[str], seed: int, what: str) -> NDArray[np.float64]:
    """(rows, keys) in [0, 1]; `points` trajectories of Morris have keys + 1 rows each, of Saltelli keys + 2."""
    from scipy.stats import qmc

    rng = generator(f"{seed}/design/{kind}/{what}")
    wide = len(keys)
    if kind == LATIN_HYPERCUBE:
        return qmc.LatinHypercube(wide, rng=rng).random(points)
    if not _is_power_of_two(points) and kind in (SOBOL, SALTELLI):
        near = 2 ** math.ceil(math.log2(points))
        key = "design.points" if what == "uncertainties" else "design.lever_points"
        wanted = f"must be a power of two, such as {near}, for a {kind} design"
        raise InputError(f"{key} (or points_at_most, if fewer) {wanted}, got {points}")
    if kind == SOBOL:
        return qmc.Sobol(wide, rng=rng).random(points)
    return _salib(kind, points, problem(keys), rng)


def problem(keys: Sequence[str]) -> dict[str, Any]:
    """The unit cube as SALib describes it."""
    return {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}


def _salib(kind: str, points: int, asked: dict[str, Any], rng: Generator) -> NDArray[np.float64]:
    require_salib(f"design.kind={kind}")
    from SALib.sample import morris, sobol

    found: NDArray[np.float64]
    if kind == MORRIS:
        found = morris.sample(asked, points, num_levels=MORRIS_LEVELS, seed=rng)
    else:
        found = sobol.sample(asked, points, calc_second_order=False, seed=rng)
    return found


def require_salib(what: str) -> None:
    """Say which extra is missing."""
    from importlib.util import find_spec

    if find_spec("SALib") is None:
        raise missing(what, "SALib", "sensitivity")


def _is_power_of_two(number: int) -> bool:
    return number & (number - 1) == 0
