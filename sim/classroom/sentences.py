"""What happens at a step, in plain words out of its numbers: no sentence says more than its interval allows.

Whoever is happy may leave or stay; every sentence exists for both, and for what cannot be told.
"""

from __future__ import annotations

import math
from typing import Final, Literal

from sim.classroom.lesson import Group, Scene, Stage
from sim.metrics.pooled import Pooled
from sim.report.numbers import NO_BREAK, SHARE, count, decimals, plain, shown, span
from sim.report.wording import Finding, amount, words

FEWEST: Final = 10
"""Decisions on either side below which nothing is said about leaving."""

Sign = Literal["more", "less", "unclear", "few"]
"""Whether the first group leaves more often than the second."""


def sign(difference: Pooled, *groups: Group) -> Sign:
    """What an interval of a difference in leaving says."""
    if any(group.n < FEWEST for group in groups) or not math.isfinite(difference.low):
        return "few"
    if difference.low > 0.0:
        return "more"
    return "less" if difference.high < 0.0 else "unclear"


_HEADINGS: Final[dict[Sign, str]] = {
    "more": "The happy stay more often than the unhappy.",
    "less": "The happy leave more often than the unhappy.",
    "unclear": "Whether a customer is happy says nothing clear about leaving.",
    "few": "Too few decisions to say whether the happy stay.",
}


def heading(scene: Scene) -> str:
    """Do the happy stay under this policy?"""
    return _HEADINGS[sign(scene.by_score, scene.groups["unhappy"], scene.groups["happy"])]


def leaving(scene: Scene) -> str:
    """How often the happy leave, and how often the unhappy."""
    happy, unhappy = scene.groups["happy"], scene.groups["unhappy"]
    if sign(scene.by_score, unhappy, happy) == "few":
        return f"The happy decided {_times(happy.n)}, the unhappy {_times(unhappy.n)}."
    told = f"Of 100 happy customers {_of_100(happy, scene.by_score)} leave when they decide, of 100 unhappy ones "
    return f"{told}{_of_100(unhappy, scene.by_score)} ({_difference('unhappy minus happy', scene.by_score)})."


def reason(scene: Scene) -> str:
    """Does what the happy really got tell who of them leaves?"""
    missed, reached = scene.groups["happy_missed"], scene.groups["happy_reached"]
    found = sign(scene.by_outcome, missed, reached)
    if found == "few":
        return "Too few of the happy decide to say whether what they got matters."
    numbers = (
        f"of 100 who got too little {_of_100(missed, scene.by_outcome)} leave, of 100 who got enough "
        f"{_of_100(reached, scene.by_outcome)} ({_difference('too little minus enough', scene.by_outcome)})."
    )
    opening = {
        "more": "Among the happy, those who got too little leave more often",
        "less": "Among the happy, those who got enough leave more often",
        "unclear": "Among the happy, what they got makes no clear difference",
    }[found]
    return f"{opening}: {numbers}"


def _times(n: int) -> str:
    return {0: "never", 1: "once"}.get(n, f"{count(n)} times")


def _of_100(group: Group, difference: Pooled) -> str:
    """As many digits as the difference's interval supports, one decimal at most."""
    half = (difference.high - difference.low) / 2.0
    return plain(100.0 * group.share, max(0, min(decimals(100.0 * half, 1), 1)) if half > 0.0 else 0)


def _difference(what: str, difference: Pooled) -> str:
    return f"{what}: 95{NO_BREAK}% interval {span(difference.low, difference.high, SHARE)}"


def kept(found: Finding, months: int) -> str:
    """Which of the two keeps more customers, if that can be told."""
    first, second = words(found.baseline), words(found.arm)
    until = f"until month {months}"
    if found.worded in ("better", "worse"):
        more, less = (second, first) if found.worded == "better" else (first, second)
        shares = (found.arm_mean, found.baseline_mean)
        high, low = (shown(value, SHARE, found.half_width) for value in sorted(shares, reverse=True))
        return f"{_begin(more)} keeps more customers {until}: {high}, {less} {low}. Difference {amount(_ahead(found))}."
    if found.worded == "identical":
        return f"Both keep exactly as many customers {until}."
    if found.worded == "practically-equal":
        return f"Both keep practically as many customers {until}: difference {amount(found)}."
    if not found.has_interval:
        return f"This cannot be told: too little was seen of customers {until}."
    return f"This cannot be told: the difference in customers kept {until} is {amount(found)}, which holds zero."


def advice(stage: Stage) -> str:
    """What the score would make a manager choose, and what the money says of it."""
    by_score, by_money = _chosen(stage.score), _chosen(stage.cash)
    if by_score is None:
        opening = "The score favours neither"
        if by_money is None:
            return f"{opening}, and neither does the money{_undecided(stage.cash)}."
        return f"{opening}; in money {words(by_money)} is worth more ({_worth(stage.cash)})."
    opening = f"Going by the score one would choose {words(by_score)}"
    if by_money is None:
        return f"{opening}; the money favours neither clearly{_undecided(stage.cash)}."
    if by_money == by_score:
        return f"{opening}, and that is worth more money, too ({_worth(stage.cash)})."
    worth = f"{words(by_money)} is worth more money ({_worth(stage.cash)})"
    return f"{opening}, but {worth}: here the score leads astray."


def _chosen(found: Finding) -> str | None:
    """The policy that a finding clearly prefers."""
    return {"better": found.arm, "worse": found.baseline}.get(found.worded)


def _ahead(found: Finding) -> Finding:
    """The higher minus the lower."""
    if found.difference >= 0.0:
        return found
    return found._replace(difference=-found.difference, low=-found.high, high=-found.low)


def _worth(found: Finding) -> str:
    """How much more money the one earns that earns more."""
    ahead = _ahead(found)
    more = shown(ahead.difference, ahead.unit, ahead.half_width, signed=True)
    return f"{more} per possible customer, 95{NO_BREAK}% interval {span(ahead.low, ahead.high, ahead.unit)}"


def _undecided(found: Finding) -> str:
    """The difference that decides nothing, second minus first."""
    if not found.has_interval:
        return ""
    return f" ({words(found.arm)} minus {words(found.baseline)}: {amount(found)})"


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:]
