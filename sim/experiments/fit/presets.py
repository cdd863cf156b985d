"""The shipped market that says everything a customer file does not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.checks import InputError
from sim.experiments.composer import composer
from sim.experiments.key_list import MEASURED, all_keys
from sim.nearest import did_you_mean

if TYPE_CHECKING:
    from sim.context.people import Size


@dataclass(frozen=True)
class Preset:
    """A market as plain data, and what its YAML says about each dotted key."""

    name: str
    node: dict[str, Any]
    comments: dict[str, str]


def presets() -> dict[str, dict[str, Any]]:
    """Every shipped market, composed."""
    from omegaconf import OmegaConf

    with composer() as tree:
        found = {name: tree.compose([f"market={name}"]).market for name in tree.options("market")}
    return {name: dict(OmegaConf.to_container(node, resolve=True)) for name, node in found.items()}  # type: ignore[arg-type]


def chosen(wanted: str | None, mean_fee: float | None) -> tuple[Preset, str]:
    """The preset asked for, else the one nearest in price, else mid_market; and a sentence about it."""
    known = presets()
    if wanted is not None and wanted not in known:
        raise InputError(f"--preset must be a market{did_you_mean(wanted, known, '; there are ' + ', '.join(known))}")
    if wanted is not None:
        return _preset(wanted, known), f"what the file does not say is taken from the market {wanted}"
    if mean_fee is None:
        why = "no --fee to go by; --preset chooses another"
        return _preset("mid_market", known), f"what the file does not say is taken from the market mid_market ({why})"
    near = min(known, key=lambda name: abs(math.log(mean_price(known[name]) / mean_fee)))
    why = f"nearest to the mean fee of {mean_fee:.4g} a month; --preset chooses another"
    return _preset(near, known), f"what the file does not say is taken from the market {near} ({why})"


def mean_price(market: dict[str, Any]) -> float:
    """Mean list price of a customer per month, money."""
    people = market["people"]
    factor = mean_size(people["price_factor"], whole=False)
    return float(mean_size(people["seats"], whole=True) * factor * market["contract"]["seat_price_per_month"])


def mean_size(node: dict[str, Any], whole: bool) -> float:
    """Mean of a size distribution on a grid of uniforms; `whole`: as whole seats, at least one."""
    from hydra.utils import instantiate

    size: Size = instantiate(node)
    values = np.array([size.value((i + 0.5) / 2_000) for i in range(2_000)])
    return float((np.maximum(1.0, np.round(values)) if whole else values).mean())


def _preset(name: str, known: dict[str, dict[str, Any]]) -> Preset:
    """Comments are those of the preset's own file, else of the file it builds on; its measured reference is its own."""
    comments: dict[str, str] = {}
    for key in all_keys():
        said = ": ".join(word for word in (key.grade, key.source) if word)
        if key.grade == MEASURED or not key.option.startswith("market="):
            continue
        if said and (key.option == f"market={name}" or key.name not in comments):
            comments[key.name.removeprefix("market.")] = said
    return Preset(name, known[name], comments)
