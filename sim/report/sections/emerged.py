"""What came out, beside what has been published about such quantities."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING

from sim.experiments.benchmarks import Benchmark, published
from sim.report.blocks import Block, Folded, Note, Table
from sim.report.facts import across
from sim.report.numbers import NOT_REACHED, places_for, plain
from sim.report.plot.panels import MOST_PANELS
from sim.report.wording import context_words, listed, metric_words, words

if TYPE_CHECKING:
    from sim.report.configs import Config
    from sim.report.result import Place, Result

MOST_COLUMNS = 6
_INTRO = (
    "What came out is no input: it emerges from the customers' decisions. The shipped markets are calibrated to land "
    "near the published ranges; {outside} A number published as a point is given a fifth either way."
)
_OTHER_MARKET = "outside one means that this market is not like those, not that it is wrong."
_OTHER_SIZE = (
    "they are calibrated at full size, and this run has {shares} of the candidates: a smaller company queues more, a "
    "larger one less, so that values outside say nothing about the market; compare at full size (candidates_share=1)."
)


def blocks(result: Result, configs: Collection[Config]) -> list[Block]:
    """One table over all arms and contexts if it fits, else one folded table per context; `configs` are the arms'."""
    computed = set(zip(result.metrics["metric"], result.metrics["view"], strict=True))
    ranges = [one for one in published(_market(result)) if (one.metric, one.view) in computed]
    if not ranges:
        return []
    intro = Note(_INTRO.format(outside=outside(configs)), "quiet")
    if len(result.places) <= MOST_COLUMNS:
        return [intro, _table(result, ranges, result.places, "What came out, mean over replications", "emerged")]
    folds = []
    for position, context in enumerate(result.contexts[:MOST_PANELS]):
        places = tuple(place for place in result.places if place.context == context)
        caption = f"What came out in {context_words(context)}"
        table = _table(result, ranges, places, caption, f"emerged-{position}")
        folds.append(Folded(caption, (table,)))
    return [intro, *folds]


def outside(configs: Collection[Config]) -> str:
    """What a value outside its range means: another market, or only a company of another size."""
    shares = sorted({float(config.get("candidates_share") or 1.0) for config in configs})
    if shares in ([], [1.0]):
        return _OTHER_MARKET
    return _OTHER_SIZE.format(shares=listed([f"{100 * share:g} %" for share in shares]))


def _market(result: Result) -> str:
    market = result.config.get("market")
    return str(market.get("name", "")) if isinstance(market, dict) else ""


def _table(result: Result, ranges: list[Benchmark], places: tuple[Place, ...], caption: str, name: str) -> Table:
    several = len({place.context for place in places}) > 1
    heads = [words(p.arm) + (f"\n{context_words(p.context)}" if several else "") for p in places]
    rows = tuple(
        (_measure(result, one), _range(result, one), *(_cell(result, place, one) for place in places)) for one in ranges
    )
    numeric = tuple(range(2, 2 + len(places)))
    return Table(name, caption, ("measure", "published", *heads), rows, numeric=numeric)


def _measure(result: Result, one: Benchmark) -> str:
    name, unit = metric_words(one.metric), result.unit(one.metric).name
    return name if not unit or unit.rpartition("/")[2] in name else f"{name}, {unit}"


def _range(result: Result, one: Benchmark) -> str:
    factor = result.unit(one.metric).factor
    ends = dict.fromkeys(f"{end * factor:g}" for end in (one.low, one.high))
    return f"{' to '.join(ends)}\n{one.grade}: {one.source}"


def _cell(result: Result, place: Place, one: Benchmark) -> str:
    found = across(result.values(place, one.metric, one.view))
    if math.isnan(found.mean):
        return NOT_REACHED
    unit = result.unit(one.metric)
    digits = places_for(found.mean, unit, (found.high - found.low) / 2.0)
    text = plain(found.mean * unit.factor, min(digits, 2))
    return f"{text}\n{_where(found.mean, one)}"


def _where(value: float, one: Benchmark) -> str:
    return "below" if value < one.low else "above" if value > one.high else "inside"
