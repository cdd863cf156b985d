"""Why the published NPS is not what customers feel: from the truth of the cohort to the reported number.

At a declared wave the ladder starts with everybody who ever went live, those who left at the value they
left with, and ends with the answers the audit survey got, one cause at a time:

- `active`: only those still there count (survivorship);
- `timing`: those asked at the survey, some waves earlier, with what they felt then;
- `instrument`: what the question weighs instead of what decisions weigh;
- `invited`, `respondents`: only they count (sampling, non-response);
- `reported`: the answer as given: noise, style, halo, bounds, rounding.

True feeling in points is `centre + slope * V / weight`, so a question with the world's own loadings has no
instrument rung. A leaver can no longer be asked, and only the invited answer: the orders behind the
Shapley values respect this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.checks import whole
from sim.metrics.facts import SAME_DAY, Flags, Floats, floats, identity, is_any, is_only, need
from sim.metrics.ladder import Ladder, Level
from sim.metrics.long import Measure, Rows
from sim.metrics.scores import net_promoter_score
from sim.metrics.shapley import Coalition

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

LADDER: Final = Ladder(
    "index_ladder",
    "cohort",
    ("active", "timing", "instrument", "invited", "respondents", "reported"),
    {
        "instrument": ("active",),
        "reported": ("instrument",),
        "invited": ("active",),
        "respondents": ("invited",),
    },
)
MEASURES: Final = {
    "index_ladder_level": Measure(
        "NPS after each rung, from the true feeling of everybody who ever went live (leavers at the value they "
        "left with) to the answers reported to the audit survey; all declared waves pooled, or one of them.",
        "points",
    ),
    "index_ladder_step": Measure(
        "Change of the NPS from the rung before: survivors only, earlier survey, what the question weighs, "
        "invitation, response, reporting; the steps sum exactly to the total.",
        "points",
    ),
    "index_ladder_shapley": Measure(
        "Contribution of each cause averaged over all orders in which the causes can be added; sums to the "
        "same total as the steps.",
        "points",
    ),
}

INSTRUMENT: Final = "nps"
_LIVING: Final = ("wave", "after_onboarding", "pre_renewal", "exit")
"""Moments of people under contract in use: before them nobody has a product, after them nobody a contract."""


class Scale(NamedTuple):
    """How a feeling in logit becomes points: centre + slope * V / weight."""

    centre: float
    slope: float
    weight: float


class Moment(NamedTuple):
    """Who was there at one wave and what they felt and said; the last five arrays share their length."""

    cohort: Floats
    """True feeling in points of everybody who ever went live, leavers at their last value."""
    felt: Floats
    asked: Floats
    reported: Floats
    invited: Flags
    answered: Flags


def _points(frame: pd.DataFrame, scale: Scale) -> Floats:
    """True feeling; where V weighs nothing, whatever the question asks."""
    if scale.weight == 0.0:
        return floats(frame, "true_answer")
    points: Floats = scale.centre + scale.slope / scale.weight * floats(frame, "value")
    return points


class _Lives:
    """The last true feeling of every customer up to a day."""

    def __init__(self, surveys: pd.DataFrame, scale: Scale) -> None:
        final = is_only(surveys, "trigger", "exit")
        kept = (is_any(surveys, "trigger", _LIVING) & is_only(surveys, "instrument", INSTRUMENT)) | final
        rows = surveys[kept]
        who, time = identity(rows), floats(rows, "time_days")
        order = np.lexsort((final[kept], time, who))
        self.who, self.time, self.felt = who[order], time[order], _points(rows, scale)[order]

    def until(self, day: float) -> Floats:
        """(customers live by then,) each customer's last value."""
        seen = self.time <= day + SAME_DAY
        who, felt = self.who[seen], self.felt[seen]
        last = np.r_[who[1:] != who[:-1], np.ones(min(1, who.size), dtype=np.bool_)]
        values: Floats = felt[last]
        return values


def moments(run: Run, scale: Scale) -> dict[int, tuple[float, Moment]]:
    """Wave number -> (day, who was there), for every wave that anybody met."""
    surveys = run.surveys
    lives = _Lives(surveys, scale)
    wave = surveys[is_only(surveys, "trigger", "wave") & is_only(surveys, "instrument", INSTRUMENT)]
    number, time = wave["occurrence"].to_numpy(dtype=np.int64), floats(wave, "time_days")
    columns = (_points(wave, scale), floats(wave, "true_answer"), floats(wave, "answer"))
    flags = [wave[name].to_numpy(dtype=np.bool_) for name in ("audit_invited", "audit_answered")]
    found = {}
    for one in np.unique(number):
        here: NDArray[np.intp] = np.flatnonzero(number == one)
        day = float(time[here[0]])
        felt, asked, reported = (column[here] for column in columns)
        found[int(one)] = (day, Moment(lives.until(day), felt, asked, reported, flags[0][here], flags[1][here]))
    return found


def pooled(parts: list[Moment]) -> Moment:
    """Several waves as one crowd of customer-moments."""
    if not parts:
        nobody, none = np.zeros(0), np.zeros(0, dtype=np.bool_)
        return Moment(nobody, nobody, nobody, nobody, none, none)
    return Moment(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def level(now: Moment, then: Moment, on: Coalition) -> Level:
    """NPS at the declared wave `now` with the survey at `then` and the causes `on` switched on."""
    at = then if "timing" in on else now
    if "active" not in on:
        return Level(net_promoter_score(at.cohort), at.cohort.size)
    said = at.reported if "reported" in on else at.asked if "instrument" in on else at.felt
    who = at.answered if "respondents" in on else at.invited if "invited" in on else slice(None)
    return Level(net_promoter_score(said[who]), said[who].size)


def ladder_index(
    run: Run, *, every_waves: int, lag_waves: int, centre: float, slope: float, weight: float
) -> pd.DataFrame:
    """Family `ladder_index` (see MEASURES) at every `every_waves`-th wave, the survey `lag_waves` before it.

    `centre`, `slope`: the question's points at average feeling and per standard deviation; `weight`: logit of V
    per standard deviation. n is the smaller number of customer-moments on either side of a step.
    """
    whole("every_waves", every_waves, 1, 1000)
    whole("lag_waves", lag_waves, 0, 1000)
    columns = ("trigger", "instrument", "occurrence", "value", "true_answer", "answer", "audit_invited")
    need(run.surveys, "surveys", (*columns, "audit_answered"), "ladder_index")
    rows, met = Rows(), moments(run, Scale(centre, slope, weight))
    pairs = [
        (met[number], met[number - lag_waves][1])
        for number in sorted(met)
        if number % every_waves == 0 and number - lag_waves in met
    ]
    now, then = pooled([now for (_, now), _ in pairs]), pooled([then for _, then in pairs])
    LADDER.climb(rows, lambda on: level(now, then, on))
    for (day, there), before in pairs:
        LADDER.climb(rows, lambda on, now=there, then=before: level(now, then, on), day)  # type: ignore[misc]
    return rows.frame()
