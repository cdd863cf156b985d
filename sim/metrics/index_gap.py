"""Where a score parts from the truth and from revenue over time, and the alarm when the trends part.

The score is what the audit survey reports; the truth beside it is the answer everybody under contract would
give without noise, style, halo and rounding. Revenue is net revenue retention of the twelve months before a
calendar day. Levels are never put on one scale: only the directions of the trends are compared.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import SAME_DAY, Floats, Index, identity, need
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.recurring import billing, change, rate_per_month
from sim.metrics.retention import tenure
from sim.metrics.scores import DETRACTOR_BELOW, PROMOTER_FROM, Answers, answers, net_promoter_score
from sim.units import DAYS_PER_YEAR, days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "score_gap": Measure(
        "Reported NPS of the audit's respondents minus the true NPS of everybody under contract at the same "
        "waves, all waves pooled or the year ending at the stated time.",
        "points",
        view="respondents",
    ),
    "score_trend": Measure(
        "NPS points gained per year from the first day read on: least squares through all answers (respondents) or "
        "through everybody's true answer (truth).",
        "points/year",
        view="respondents",
    ),
    "nrr_trend": Measure(
        "Change per year of the net revenue retention of the preceding twelve months, read every quarter: least "
        "squares through the same span of time as score_trend.",
        "share/year",
    ),
    "nrr_trailing": Measure(
        "Net revenue retention of the twelve months before the stated day: recurring revenue now of the first "
        "contracts that ran then, by their revenue then.",
        "share",
    ),
    "trend_alarm": Measure(
        "1 where score and net revenue retention part: one rises and the other falls by more than the tolerances "
        "(false_comfort: the score rises; false_alarm: it falls); the mean over replications is how often the alarm "
        "rings.",
        "share",
        higher_is_better=False,
        view="respondents",
    ),
}

_QUARTER_DAYS = DAYS_PER_YEAR / 4.0


def slope_per_year(time_days: Floats, values: Floats) -> float:
    """Least-squares slope per year; nan with fewer than two moments."""
    if time_days.size < 2:
        return math.nan
    years = (time_days - time_days.mean()) / DAYS_PER_YEAR
    spread = float(years @ years)
    return float(years @ (values - values.mean())) / spread if spread > 0.0 else math.nan


def parted(score_trend: float, nrr_trend: float, score_tolerance: float, nrr_tolerance: float) -> tuple[float, float]:
    """(false comfort, false alarm) as 0 or 1; nan where either trend is unknown."""
    if math.isnan(score_trend) or math.isnan(nrr_trend):
        return math.nan, math.nan
    comfort = score_trend > score_tolerance and nrr_trend < -nrr_tolerance
    alarm = score_trend < -score_tolerance and nrr_trend > nrr_tolerance
    return float(comfort), float(alarm)


def trailing_nrr(run: Run, from_days: float, span_days: float) -> list[tuple[float, float, int]]:
    """(day, NRR of the year before it, customers) every quarter from `from_days` to the last day fully billed."""
    life, horizon = tenure(run), run.windows.horizon_days
    bills = billing(run.ledger, Index(identity(run.customers)), life.won.size)
    end, found = life.won + life.duration, []
    last = horizon - span_days - bills.lag_days
    for step in range(int((last - from_days + SAME_DAY) // _QUARTER_DAYS) + 1):
        day = from_days + step * _QUARTER_DAYS
        before = np.full(life.won.size, day - DAYS_PER_YEAR)
        ran = life.signed & (life.won <= before + SAME_DAY) & (end > before + SAME_DAY)
        base = rate_per_month(bills, before, before + span_days)
        sums = change(bills, base, before + DAYS_PER_YEAR, end, span_days, horizon, ran)
        found.append((day, ratio(sums.now, sums.base), sums.customers))
    return found


def _points(values: Floats) -> Floats:
    """Each answer's share in the NPS: 100, 0 or -100."""
    points: Floats = 100.0 * ((values >= PROMOTER_FROM).astype(np.float64) - (values < DETRACTOR_BELOW))
    return points


def _gaps(rows: Rows, asked: Answers, horizon_days: float) -> None:
    years = int((horizon_days + SAME_DAY) / DAYS_PER_YEAR)
    for until in (math.nan, *(year * DAYS_PER_YEAR for year in range(1, years + 1))):
        when = asked.time <= (math.inf if math.isnan(until) else until + SAME_DAY)
        when &= asked.time > (-math.inf if math.isnan(until) else until - DAYS_PER_YEAR + SAME_DAY)
        given = asked.reported[asked.views["respondents"] & when]
        true = net_promoter_score(asked.true[asked.views["truth"] & when])
        gap = net_promoter_score(given) - true
        rows.add("score_gap", gap, given.size, view="respondents", segment="difference", time_days=until)


def index_gap(
    run: Run, *, from_months: float, span_months: float, score_points_per_year: float, nrr_share_per_year: float
) -> pd.DataFrame:
    """Family `index_gap` (see MEASURES).

    Trends start at `from_months`; revenue is read over `span_months`; the last two are tolerances of the alarm.
    """
    need(run.surveys, "surveys", ("trigger", "instrument", "true_answer", "answer", "audit_answered"), "index_gap")
    rows, asked, first = Rows(), answers(run.surveys, "nps"), days(from_months)
    _gaps(rows, asked, run.windows.horizon_days)
    series = trailing_nrr(run, first, days(span_months))
    for day, level, n in series:
        rows.add("nrr_trailing", level, n, time_days=day)
    if not series:
        rows.add("nrr_trailing", math.nan, 0)
    known = [(day, level) for day, level, n in series if n]
    nrr = slope_per_year(*(np.array(column) for column in zip(*known, strict=True))) if known else math.nan
    rows.add("nrr_trend", nrr, len(known))
    for view, values in (("truth", asked.true), ("respondents", asked.reported)):
        who = asked.views[view] & (asked.time >= first - SAME_DAY)
        trend, n = slope_per_year(asked.time[who], _points(values[who])), int(who.sum())
        rows.add("score_trend", trend, n, view=view)
        comfort, alarm = parted(trend, nrr, score_points_per_year, nrr_share_per_year)
        for segment, rings in (("all", comfort + alarm), ("false_comfort", comfort), ("false_alarm", alarm)):
            rows.add("trend_alarm", rings, 0 if math.isnan(rings) else 1, view=view, segment=segment)
    return rows.frame()
