"""The answer of the search in words, with values and units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.experiments.designs.bounds import declared_rule
from sim.experiments.trap.trial import follow, units

if TYPE_CHECKING:
    from sim.experiments.interval import Interval
    from sim.experiments.trap.search import Found, Line, Place
    from sim.experiments.trap.trial import Setting

FRESH: Final = 1
"""Added to the seed: the place was found by looking, so it is tried again on replications nobody looked at."""


def told(at: Setting, found: Found) -> list[str]:
    """One line per line searched, the answer as a line, and sentences."""
    lines = [_searched(at, one) for one in found.lines]
    if found.place is None:
        return [*lines, _line(at, "none", math.nan, "-"), *_none(at, found)]
    seen = at.measured(found.place, FRESH)
    word = "already" if found.size == 0.0 else "found"
    change = ",".join(at.words(found.place)) or "-"
    return [*lines, _line(at, word, found.size, change), *_found(at, found.place, word, seen.is_trap)]


def _searched(at: Setting, one: Line) -> str:
    """`trap_line <key[,key]> <end> <found|none> <size> <change>`: what lies between the start and an end."""
    keys = ",".join(at.factors[i].key for i in one.moved)
    end = ",".join(at.values(one.end)[i] for i in one.moved)
    if one.found is None:
        return f"trap_line {keys} {end} none - -"
    return f"trap_line {keys} {end} found {one.size:.3f} {','.join(at.words(one.found))}"


def _line(at: Setting, word: str, size: float, change: str) -> str:
    """`trap <score> <value> <arm> <baseline> <found|already|none> <size> <change>`."""
    number = "-" if math.isnan(size) else f"{size:.3f}"
    return " ".join(("trap", at.score, at.value, *at.arms, word, number, change))


def _none(at: Setting, found: Found) -> list[str]:
    """That there is none, and what came nearest."""
    nearest = max(found.lines, key=lambda one: one.apart)
    where = " and ".join(_change(at, nearest.end, i) for i in nearest.moved)
    return [
        f"Within the ranges no change of one assumption, or of two at a time, makes {at.score} and {at.value} clearly "
        f"order {at.arms[0]} and {at.arms[1]} in opposite ways. Nearest: {where}."
    ]


def _found(at: Setting, place: Place, word: str, again: bool) -> list[str]:
    """The change, both orders and the price of following the score, on fresh replications."""
    by_score, by_value, cost = follow(at, place, FRESH)
    moved = [i for i, (a, b) in enumerate(zip(at.values(at.start), at.values(place), strict=True)) if a != b]
    change = " and ".join(_change(at, place, i) for i in moved)
    score, value = (at.difference(place, name, FRESH) for name in (at.score, at.value))
    opposite = "opposite orders again" if by_score != by_value else "the opposite order did not come back"
    opposite += ", both clear" if again else ", not both clear by themselves"
    lines = [
        f"Smallest change: {change}." if word == "found" else "Nothing needs to change: the start is such a place."
    ]
    lines.append(
        f"On fresh replications (seed {at.study.settings.seed + FRESH}), {at.arms[0]} minus {at.arms[1]}: "
        f"{at.score} {_span(score)}, {at.value} {_span(value)}: {opposite}."
    )
    metric, currency = at.study.settings.decision_metric, at.study.settings.currency
    if by_score != by_value:
        lines.append(
            f"{at.score} prefers {by_score}, {at.value} prefers {by_value}; following {at.score} costs {_span(cost)} "
            f"{currency} of {metric}{'' if cost.low > 0.0 else ', which is not clearly above nothing'}."
        )
    return lines


def _change(at: Setting, place: Place, i: int) -> str:
    """`raise world.share_experience (weight of ...) from 0.5 to 0.7 share, 20 % of its range`."""
    one, unit = at.factors[i], units(at.factors)[i]
    then, now = at.values(at.start)[i], at.values(place)[i]
    meaning = declared_rule(at.study.tree, "design.uncertainties", one.key).get("about", "")
    verb = "raise" if place[i] > at.start[i] else "lower"
    moved = f"{100.0 * abs(place[i] - at.start[i]):.0f} % of its range {one.low:g} to {one.high:g}"
    named = f"{one.key} ({meaning})" if meaning else one.key
    return f"{verb} {named} from {then} to {now}{f' {unit}' if unit else ''}, {moved}"


def _span(one: Interval) -> str:
    return f"{one.mean:.4g} ({one.low:.4g} to {one.high:.4g})"
