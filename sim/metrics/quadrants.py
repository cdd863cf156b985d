"""Happy leavers and unhappy stayers: who goes and who stays, by what was felt and what was reached.

Customers are read at a wave t and followed to their voluntary decision in (t, t + h]; the next wave read
comes no earlier than t + h, so that no decision counts twice. Happy: true experience at or above the frozen
reference; reached: true perceived outcome at or above its own (both fixed across arms and worlds). Who has given
notice has decided and is read no more; the decision is of that day. View
`respondents`: promoters and detractors among the answers to the audit survey, passives left out.

Two baselines say what the table would look like anyway. Independence: every quadrant loses customers at the
rate of all. Experience only: each customer leaves with the probability that its experience alone gives (one
logistic curve per replication), so that some happy customers leave even where nothing else counts.

Lock-in has two faces, both shown apart. *Term-bound*: no decision falls in (t, t + h], so staying says
nothing; these customers are in no table. *Held*: stayed, but on the same draw would have left without the
world's switching cost; of a stayer with renewal probability p that is 1 - p0/p, p0 the probability without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.facts import SAME_DAY, Flags, Floats, floats, is_only, need
from sim.metrics.logistic import fitted_probability
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.odds import Table, pooled_log_odds
from sim.metrics.scores import DETRACTOR_BELOW, PROMOTER_FROM
from sim.metrics.upcoming import contract_of, decided_before, ends, next_end
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "leaving_share": Measure(
        "Share that leaves at the voluntary decision within the window after the reading, by quadrant: happy or "
        "unhappy (experience above or below the frozen reference; respondents: promoters or detractors), outcome "
        "reached or missed (perceived outcome above or below its reference).",
        "share",
        higher_is_better=False,
    ),
    "leaving_share_if_independent": Measure(
        "The same if leaving had nothing to do with experience or outcome: the share of all.",
        "share",
        higher_is_better=False,
    ),
    "leaving_share_if_experience_only": Measure(
        "The same if experience alone decided: mean leaving probability by a logistic curve in the true "
        "experience (respondents: in the answer) fitted to the same decisions.",
        "share",
        higher_is_better=False,
    ),
    "happy_share_of_leavers": Measure("Share of those who left that were happy at the reading.", "share"),
    "unhappy_share_of_stayers": Measure(
        "Share of those who stayed that were unhappy at the reading.", "share", higher_is_better=False
    ),
    "staying_log_odds": Measure(
        "Log odds ratio of staying, pooled over strata by Mantel-Haenszel: outcome reached against missed among the "
        "equally happy (outcome_given_experience), happy against unhappy at the same outcome "
        "(experience_given_outcome).",
        "log odds",
    ),
    "held_share": Measure(
        "Expected share of the deciding that stayed and, on the same draw, would have left without the world's "
        "switching cost.",
        "share",
        higher_is_better=False,
    ),
    "term_bound_share": Measure(
        "Share of the customers read whose term outlasts the window: they face no decision and are in no table.",
        "share",
        higher_is_better=False,
    ),
}

EVERYONE: Final = "everyone"
"""Segment of the pooled rows: parts of a picture, not goals, so that no verdict is passed on them."""


class Readings(NamedTuple):
    """Customers read at the chosen waves and followed for the whole window."""

    experience: Floats
    outcome: Floats
    answer: Floats
    answered: Flags
    bound: Flags
    """No decision in the window."""
    decided: Flags
    """A voluntary decision in the window."""
    stayed: Flags
    probability: Floats
    """Renewal probability of that decision; nan without one."""


class Quadrants(NamedTuple):
    """The four groups of a table: members of each side."""

    happy: Flags
    unhappy: Flags
    reached: Flags
    missed: Flags

    def groups(self) -> dict[str, Flags]:
        """`everyone`, the margins and the quadrants."""
        sides = self._asdict()
        pairs = ((mood, result) for mood in ("happy", "unhappy") for result in ("reached", "missed"))
        quadrants = {f"{mood}_{result}": sides[mood] & sides[result] for mood, result in pairs}
        return {EVERYONE: self.happy | self.unhappy, **sides, **quadrants}

    def of(self, rows: Flags) -> Quadrants:
        """The same for a selection of rows."""
        return Quadrants(*(side[rows] for side in self))


def spaced(time: Floats, first: float, gap: float, last: float) -> list[float]:
    """Waves from `first` on that are at least `gap` apart and no later than `last`."""
    chosen: list[float] = []
    for wave in np.unique(time):
        earliest = chosen[-1] + gap if chosen else first
        if earliest - SAME_DAY <= wave <= last + SAME_DAY:
            chosen.append(float(wave))
    return chosen


def readings(run: Run, window_days: float) -> Readings:
    """One row per customer and chosen wave."""
    surveys, made = run.surveys, ends(run)
    wave = surveys[is_only(surveys, "trigger", "wave") & is_only(surveys, "instrument", "nps")]
    last = run.windows.horizon_days - window_days
    wave = wave[np.isin(floats(wave, "time_days"), spaced(floats(wave, "time_days"), window_days, window_days, last))]
    wave = wave[~decided_before(run.events, contract_of(wave), floats(wave, "time_days"))]
    time = floats(wave, "time_days")
    at = next_end(contract_of(wave), time, made)
    soon = at >= 0
    if soon.any():
        soon &= made.time[at] <= time + window_days + SAME_DAY
    chosen = at[soon]
    decided, stayed, probability = soon.copy(), soon.copy(), np.full(time.size, np.nan)
    decided[soon], stayed[soon] = made.voluntary[chosen], made.stayed[chosen]
    probability[soon] = made.probability[chosen]
    return Readings(
        floats(wave, "experience"),
        floats(wave, "perceived_outcome"),
        floats(wave, "answer"),
        wave["audit_answered"].to_numpy(dtype=np.bool_),
        ~soon,
        decided,
        stayed,
        probability,
    )


def held_probability(probability: Floats, stayed: Flags, switching_cost: float) -> Floats:
    """Chance that a customer stayed only because of the switching cost: (p - p0)/p of a stayer, 0 of a leaver.

    p0 = logistic(logit(p) - switching_cost); staying means the draw was below p, uniformly.
    """
    p = np.where(stayed, probability, 1.0)
    without = p / (p + (1.0 - p) * np.exp(switching_cost))
    held: Floats = np.where(stayed, 1.0 - without / p, 0.0)
    return held


def _table(rows: Rows, sides: Quadrants, score: Floats, stayed: Flags, view: str) -> None:
    """Leaving by quadrant with both baselines."""
    groups = sides.groups()
    counted = groups[EVERYONE]
    left, overall = ~stayed, ratio(int((~stayed & counted).sum()), int(counted.sum()))
    expected = np.zeros(stayed.size)
    expected[counted] = fitted_probability(score[counted], left[counted])
    for name, who in groups.items():
        members, n = who & counted, int((who & counted).sum())
        rows.add("leaving_share", ratio(int((left & members).sum()), n), n, view=view, segment=name)
        rows.add("leaving_share_if_independent", overall, n, view=view, segment=name)
        alone = ratio(float(expected[members].sum()), n)
        rows.add("leaving_share_if_experience_only", alone, n, view=view, segment=name)
    leavers, stayers = int((left & counted).sum()), int((stayed & counted).sum())
    rows.add("happy_share_of_leavers", ratio(int((left & sides.happy).sum()), leavers), leavers, view, EVERYONE)
    rows.add("unhappy_share_of_stayers", ratio(int((stayed & sides.unhappy).sum()), stayers), stayers, view, EVERYONE)


def _odds(rows: Rows, sides: Quadrants, stayed: Flags, view: str) -> None:
    """Both odds ratios, each within the strata of the other."""
    n = int((sides.happy | sides.unhappy).sum())
    for name, (high, low), strata in (
        ("outcome_given_experience", (sides.reached, sides.missed), (sides.happy, sides.unhappy)),
        ("experience_given_outcome", (sides.happy, sides.unhappy), (sides.reached, sides.missed)),
    ):
        tables = [Table.of(high & stratum, low & stratum, stayed) for stratum in strata]
        rows.add("staying_log_odds", pooled_log_odds(tables), n, view=view, segment=name)


def quadrants(
    run: Run,
    *,
    window_months: float,
    happy_from: float,
    reached_from: float,
    switching_cost: float,
) -> pd.DataFrame:
    """Family `quadrants` (see MEASURES); n voluntary decisions (`term_bound_share`: customers read).

    `happy_from`, `reached_from`: experience and perceived outcome at which a customer counts as happy, as having
    reached; `switching_cost`: the world's, logit.
    """
    columns = ("trigger", "instrument", "experience", "perceived_outcome", "answer", "audit_answered")
    need(run.surveys, "surveys", columns, "quadrants")
    rows, read = Rows(), readings(run, days(window_months))
    happy, reached = read.experience >= happy_from, read.outcome >= reached_from
    everyone = Quadrants(happy, ~happy, reached, ~reached)
    made, who = read.decided, everyone.of(read.decided)
    stayed = read.stayed[made]
    _table(rows, who, read.experience[made], stayed, "truth")
    _odds(rows, who, stayed, "truth")
    said = made & read.answered
    promoter, detractor = read.answer >= PROMOTER_FROM, read.answer < DETRACTOR_BELOW
    seen = Quadrants(promoter, detractor, reached, ~reached).of(said)
    _table(rows, seen, read.answer[said], read.stayed[said], "respondents")
    _odds(rows, seen, read.stayed[said], "respondents")
    held = held_probability(read.probability[made], stayed, switching_cost)
    for name, members in who.groups().items():
        n = int(members.sum())
        rows.add("held_share", ratio(float(held[members].sum()), n), n, segment=name)
    for name, members in everyone.groups().items():
        n = int(members.sum())
        rows.add("term_bound_share", ratio(int((read.bound & members).sum()), n), n, segment=name)
    return rows.frame()
