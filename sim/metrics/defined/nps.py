"""Net promoter score: whose answers, at which moment, counted how often, cut where."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.defined.books import Contracts, open_at
from sim.metrics.defined.definition import COMPARED, OWN, Definition, Metric
from sim.metrics.facts import Codes, Flags, Floats, identity, is_only
from sim.metrics.long import Rows, ratio
from sim.metrics.scores import DETRACTOR_BELOW, PROMOTER_FROM, answers, net_promoter_score

if TYPE_CHECKING:
    from sim.recorder import Run

REICHHELD = "Reichheld 2003, The One Number You Need to Grow"
MOMENTS = "SurveyMonkey, Transactional and relational NPS"

NPS: Final = Metric(
    "nps",
    "Net promoter score.",
    "points",
    True,
    (
        Definition("respondents", "100 (share answering 9-10 - share answering 0-6), every audit answer at every wave",
                   REICHHELD),
        Definition("surveyed", "the same over everybody invited, answer given or not",
                   "Groves 2006, Nonresponse rates and nonresponse bias", "respondents",
                   "who did not answer counts with the answer it would have given"),
        Definition("everybody", "the same over every customer, without noise, style, halo and rounding", OWN,
                   "surveyed", "everybody at every wave, and as felt instead of as answered"),
        Definition("mean_of_waves", "mean of the score of each wave", "Appcues documentation, per survey cycle",
                   "respondents", "every wave counts alike, however many answered"),
        Definition("last_answer", "each respondent once, with its last answer, leavers included",
                   "Retently help centre, How NPS data is calculated", "respondents",
                   "each customer counts once, as it last spoke"),
        Definition("active_only", "each respondent that is still a customer once, with its last answer",
                   COMPARED, "last_answer",
                   "who has left no longer counts"),
        Definition("fielded", "answers to the organisation's own programme at all its moments", MOMENTS, "respondents",
                   "the organisation's own invitations, moments and treatment of answers"),
        Definition("relational", "its answers at waves only", MOMENTS, "fielded", "moments of contact are left out"),
        Definition("transactional", "its answers outside waves only", MOMENTS, "fielded", "waves are left out"),
        Definition("last_touch", "each customer once, with its last answer to the organisation's own programme",
                   "Retently help centre, How NPS data is calculated", "fielded",
                   "each customer counts once, as it last spoke at any moment"),
        Definition("one_to_ten", "answers carried to a scale from 1 to 10, promoters 9-10, detractors 1-6",
                   "asked so by Sayan, Net Promoter Score", "respondents",
                   "the scale has no 0; with these cuts whole answers keep their group"),
        Definition("detractors_to_five", "100 (share answering 9-10 - share answering 0-5)",
                   "Analytic Dashboards blog 2014, Which customer metric best predicts business success?",
                   "respondents", "a 6 is passive"),
        Definition("top_zone", "100 x share answering 9-10 (90 to 100 % of the scale), nothing subtracted",
                   "top-2 box, as de Haan, Verhoef & Wiesel 2015 of satisfaction", "respondents",
                   "detractors are not subtracted"),
    ),
)  # fmt: skip
METRICS: Final = (NPS,)
PROGRAMME: Final = ("fielded", "relational", "transactional", "last_touch")
"""Definitions of the organisation's own programme."""


def nps(rows: Rows, run: Run, signed: Contracts, low: float, high: float) -> None:
    """Every definition of NPS; n answers counted. `low` and `high` are the ends of the scale asked."""
    asked = answers(run.surveys, "nps")
    people = identity(run.surveys[is_only(run.surveys, "instrument", "nps")])
    audit, own = asked.views["respondents"], asked.views["fielded"]
    last, touch = _last(people, asked.time, audit), _last(people, asked.time, own)
    staying = np.isin(people, identity(run.customers)[signed.owner[open_at(signed, run.windows.horizon_days)]])
    chosen = {
        "respondents": audit,
        "surveyed": asked.views["surveyed"],
        "last_answer": last,
        "active_only": last & staying,
        "fielded": own,
        "relational": own & asked.wave,
        "transactional": own & ~asked.wave,
        "last_touch": touch,
    }
    for name, flags in chosen.items():
        told = asked.told("fielded" if name in PROGRAMME else "respondents")
        _add(rows, name, net_promoter_score(told[flags]), int(flags.sum()))
    everybody = asked.true[asked.views["truth"]]
    _add(rows, "everybody", net_promoter_score(everybody), everybody.size)
    _other_counts(rows, asked.reported[audit], asked.time[audit], low, high)


def _other_counts(rows: Rows, given: Floats, time: Floats, low: float, high: float) -> None:
    """The same answers counted otherwise."""
    waves = [net_promoter_score(given[time == moment]) for moment in np.unique(time)]
    _add(rows, "mean_of_waves", float(np.mean(waves)) if waves else math.nan, given.size)
    carried = 1.0 + 9.0 * (given - low) * ratio(1.0, high - low)
    _add(rows, "one_to_ten", net_promoter_score(carried), given.size)
    top, bottom = float((given >= PROMOTER_FROM).sum()), float((given < DETRACTOR_BELOW - 1.0).sum())
    _add(rows, "detractors_to_five", 100.0 * ratio(top - bottom, given.size), given.size)
    _add(rows, "top_zone", 100.0 * ratio(top, given.size), given.size)


def _add(rows: Rows, name: str, value: float, n: int) -> None:
    rows.add(NPS.row_name, value, n, view=name)


def _last(people: Codes, time: Floats, chosen: Flags) -> Flags:
    """(answers,) the latest chosen one of each customer."""
    rows = np.flatnonzero(chosen)
    rows = rows[np.lexsort((time[rows], people[rows]))]
    final = np.r_[people[rows][1:] != people[rows][:-1], True] if rows.size else np.zeros(0, np.bool_)
    found = np.zeros(people.size, dtype=np.bool_)
    found[rows[final]] = True
    return found
