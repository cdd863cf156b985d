"""The fitted market as YAML: complete by itself, distributions and a hash, no customer.

It repeats the preset instead of building on it: components are replaced whole, which Hydra's merging
cannot do, and a fitted market does not change when a preset does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import yaml

from sim.checks import InputError
from sim.experiments.fit.presets import Preset, mean_size
from sim.experiments.fit.quantiles import mean_of, quantiles, rounded
from sim.fitting.market_node import churn_per_year, frailty
from sim.fitting.sbg import ShiftedBetaGeometric
from sim.fitting.sizes import Sizes

IN_FRAILTY = "the file's leavers include failed payments, so they are in the frailty"
SEAT_PRICES = (0.01, 1e6)
"""What a market accepts; another unit of money brings a file into it."""
ONE_SEAT = "the file has no seats: the fee is the price of one"


def market_node(
    preset: Preset, name: str, law: ShiftedBetaGeometric, term_months: int, sizes: Sizes, source: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """The market's configuration and the comment of each dotted key; `source` marks what the file says."""
    node = {**preset.node, "name": name, "segment": name, "retention_curve": None}
    node["frailty"] = frailty(law)
    node["nominal"] = {**node["nominal"], "logo_churn_per_year": churn_per_year(law, term_months)}
    billing = min(node["contract"]["billing_months"], term_months)
    node["contract"] = {
        **node["contract"],
        "term_months": term_months,
        "billing_months": billing if term_months % billing == 0 else term_months,
        "involuntary_per_term": 0.0,
    }
    fitted = ("frailty", "frailty.alpha", "frailty.beta", "nominal.logo_churn_per_year", "contract.term_months")
    comments = {**preset.comments, **dict.fromkeys(fitted, source), "contract.involuntary_per_term": IN_FRAILTY}
    if node["contract"]["billing_months"] != preset.node["contract"]["billing_months"]:
        comments["contract.billing_months"] = "not longer than the term"
    for key in ("retention_curve", "frailty.shift_logit"):
        comments.pop(key, None)
    comments.update(_resize(node, sizes, source))
    return node, comments


def _resize(node: dict[str, Any], sizes: Sizes, source: str) -> dict[str, str]:
    """Put the file's sizes into `node`; returns comments. Mean list price = mean fee of the file."""
    comments: dict[str, str] = {}
    people = dict(node["people"])
    if sizes.seats is not None:
        people["seats"] = _size(quantiles(sizes.seats))
        comments["people.seats.quantiles"] = source
    elif sizes.price is not None:
        people["seats"] = _size((1.0, 1.0))
        comments["people.seats.quantiles"] = ONE_SEAT
    if sizes.price is not None and sizes.fee is not None:
        listed = quantiles(sizes.price / float(np.mean(sizes.price)))
        people["price_factor"] = _size(listed)
        seat_price = float(np.mean(sizes.fee)) / (mean_size(people["seats"], whole=True) * mean_of(listed))
        low, high = SEAT_PRICES
        if not low <= seat_price <= high:
            raise InputError(f"the mean fee per seat must be in [{low:g}, {high:g}] a month, got {seat_price:.4g}")
        node["contract"]["seat_price_per_month"] = rounded(seat_price, 4)
        comments.update(dict.fromkeys(("people.price_factor.quantiles", "contract.seat_price_per_month"), source))
    node["people"] = people
    return comments


def _size(listed: tuple[float, ...]) -> dict[str, Any]:
    return {"_target_": "sim.context.people.QuantileSize", "quantiles": list(listed)}


def yaml_text(header: list[str], node: dict[str, Any], comments: dict[str, str]) -> str:
    """YAML with a comment behind each leaf that has one."""
    return "\n".join([*(f"# {line}" for line in header), *_lines(node, comments, "", 0), ""])


def _lines(node: dict[str, Any], comments: dict[str, str], place: str, depth: int) -> list[str]:
    lines: list[str] = []
    for key, value in node.items():
        inner, indent = f"{place}{key}", "  " * depth
        said = f"  # {comments[inner]}" if inner in comments else ""
        if isinstance(value, dict) and value:
            lines += [f"{indent}{key}:{said}", *_lines(value, comments, f"{inner}.", depth + 1)]
        else:
            lines.append(f"{indent}{key}: {_scalar(value)}{said}")
    return lines


def _scalar(value: Any) -> str:
    """One value on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, width=1_000_000, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")
