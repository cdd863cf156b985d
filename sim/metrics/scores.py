"""What dashboards show: NPS, CSAT, CES, response, in every view from truth to the fielded programme.

Views: `truth` potential answers of all active customers without noise, style, halo and rounding;
`surveyed` potential answers of those the audit survey invited; `respondents` those who answered it;
`fielded` answers to the policy's own programme at its own moments. Claims across policies use
`respondents`: the audit survey is the same in every arm.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.facts import SAME_DAY, Flags, Floats, floats, is_only, need
from sim.metrics.long import Measure, Rows, ratio
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

_Z = 1.959963984540054
PROMOTER_FROM: Final = 8.5
DETRACTOR_BELOW: Final = 6.5
"""Cuts between the whole answers 9|8 and 7|6; the same cuts serve unrounded answers (truth)."""

EVERYBODY: Final = True
"""Of the firm as it stands, customers of old included."""
MEASURES: Final = {
    "nps": Measure(
        "Net promoter score: 100 x (share answering 9-10 minus share answering 0-6), all waves pooled or the "
        "year ending at the stated time.",
        "points",
        view="respondents",
    ),
    "csat": Measure("Share of answers in the two best of five boxes.", "share", view="respondents"),
    "ces": Measure("Mean customer effort answer (higher: easier).", "scale points", view="respondents"),
    "response_rate": Measure("Answers by invitations of the NPS survey.", "share", view="respondents"),
    "nps_margin_of_error": Measure(
        "Half-width a dashboard would print: 1.96 x 100 x sqrt((p + d - (p - d)^2)/n), taking answers as "
        "independent; it knows nothing of non-response.",
        "points",
        higher_is_better=False,
        view="respondents",
    ),
}


def net_promoter_score(answers: Floats) -> float:
    """100 x (promoters - detractors) / answers; nan without answers."""
    if not answers.size:
        return math.nan
    balance = int((answers >= PROMOTER_FROM).sum()) - int((answers < DETRACTOR_BELOW).sum())
    return 100.0 * balance / answers.size


def nps_margin(promoters: float, detractors: float, answers: int) -> float:
    """95 % half-width in points from shares of promoters and detractors."""
    if answers == 0:
        return math.nan
    variance = promoters + detractors - (promoters - detractors) ** 2
    return _Z * 100.0 * math.sqrt(max(variance, 0.0) / answers)


class Answers(NamedTuple):
    """All rows of one instrument."""

    time: Floats
    wave: Flags
    true: Floats
    reported: Floats
    views: dict[str, Flags]
    invited: dict[str, Flags]
    fielded: Floats
    """As given to the policy's own programme, gamed or not."""

    def told(self, view: str) -> Floats:
        """Every row's answer as it counts in a view."""
        return {"truth": self.true, "fielded": self.fielded}.get(view, self.reported)


def answers(surveys: pd.DataFrame, instrument: str) -> Answers:
    """Rows of `instrument` with who counts in which view."""
    asked = surveys[is_only(surveys, "instrument", instrument)]
    wave = is_only(asked, "trigger", "wave")

    def flag(column: str) -> Flags:
        return asked[column].to_numpy(dtype=np.bool_)

    views = {
        "truth": wave,
        "surveyed": wave & flag("audit_invited"),
        "respondents": wave & flag("audit_answered"),
        "fielded": flag("answered"),
    }
    invited = {"respondents": wave & flag("audit_invited"), "fielded": flag("invited")}
    true, reported = floats(asked, "true_answer"), floats(asked, "answer")
    own = reported + floats(asked, "gamed")
    return Answers(floats(asked, "time_days"), wave, true, reported, views, invited, own)


class _Scale(NamedTuple):
    csat_satisfied_from: float

    def score(self, instrument: str, values: Floats) -> float:
        """The dashboard number of an instrument."""
        if instrument == "nps":
            return net_promoter_score(values)
        if instrument == "csat":
            return float((values >= self.csat_satisfied_from - 0.5).mean()) if values.size else math.nan
        return float(values.mean()) if values.size else math.nan


def _periods(horizon_days: float) -> list[tuple[float, float, float]]:
    """(stated time, after, up to): everything, then each whole year."""
    years = int((horizon_days + SAME_DAY) / DAYS_PER_YEAR)
    ends = [year * DAYS_PER_YEAR for year in range(1, years + 1)]
    return [(math.nan, -math.inf, math.inf)] + [(end, end - DAYS_PER_YEAR, end) for end in ends]


def _score(rows: Rows, instrument: str, asked: Answers, scale: _Scale, horizon_days: float) -> None:
    for view, members in asked.views.items():
        values, times = asked.told(view)[members], asked.time[members]
        for stated, after, until in _periods(horizon_days):
            chosen = values[(times > after + SAME_DAY) & (times <= until + SAME_DAY)]
            rows.add(instrument, scale.score(instrument, chosen), chosen.size, view=view, time_days=stated)


def _response(rows: Rows, asked: Answers) -> None:
    for view, invited in asked.invited.items():
        n, given = int(invited.sum()), asked.told(view)[asked.views[view]]
        rows.add("response_rate", ratio(given.size, n), n, view=view)
        promoters = ratio(int((given >= PROMOTER_FROM).sum()), given.size)
        detractors = ratio(int((given < DETRACTOR_BELOW).sum()), given.size)
        rows.add("nps_margin_of_error", nps_margin(promoters, detractors, given.size), given.size, view=view)


def scores(run: Run, *, csat_satisfied_from: float) -> pd.DataFrame:
    """Family `scores` (see MEASURES). Reads surveys; n answers (or invitations for the rate)."""
    columns = ("trigger", "instrument", "true_answer", "answer", "audit_invited", "audit_answered")
    need(run.surveys, "surveys", (*columns, "invited", "answered", "gamed"), "scores")
    rows, scale = Rows(), _Scale(csat_satisfied_from)
    for instrument in ("nps", "csat", "ces"):
        asked = answers(run.surveys, instrument)
        _score(rows, instrument, asked, scale, run.windows.horizon_days)
        if instrument == "nps":
            _response(rows, asked)
    return rows.frame()
