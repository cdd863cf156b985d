"""What a survey foretells by the moment at which it is asked, each moment on the same decisions.

Every moment is scored on the next voluntary renewal decision of the same contract. Moments differ in
whom they meet, so each is shown twice: for all decisions it precedes (segment: the moment), and on one
panel (segment: moment@first_term), the first-term decisions of customers met at every moment that was
asked at all; there moments differ in time only. The exit survey precedes no decision and has no number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.events import TRIGGERS
from sim.metrics.divergence import gap
from sim.metrics.facts import Flags, need
from sim.metrics.long import Measure
from sim.metrics.long import Rows as LongRows
from sim.metrics.prediction import VIEWS, Decisions, Readings, Track, decisions, joined, moments

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

PANEL = "first_term"
EXIT = "exit"

MEASURES: Final = {
    "moment_auc_experience": Measure(
        "Chance that a customer who renews had the higher score of experience at the last such moment of the term than "
        "one who left; views as in auc_experience; segment moment: all decisions, moment@first_term: the same for all.",
        "AUC",
    ),
    "moment_auc_outcome": Measure("The same for outcome: perceived (truth), or read at the same moment.", "AUC"),
    "moment_gap": Measure("moment_auc_experience minus moment_auc_outcome on the same decisions.", "AUC"),
    "moment_lost": Measure(
        "Decisions against renewal among those a moment precedes (n).", "decisions", higher_is_better=False
    ),
    "moment_lead_days": Measure("Mean time from the moment to the decision.", "days"),
    "moment_readings": Measure("How often the moment was met, decisions following or not.", "readings"),
}


def survey_timing(run: Run, *, instrument: str) -> pd.DataFrame:
    """Family `survey_timing` (see MEASURES); n decisions that have the moment before them.

    instrument: the survey whose answers stand for the score (nps, csat, ces).
    """
    need(run.surveys, "surveys", ("trigger", "instrument", "answer", "answered"), "survey_timing")
    need(run.customers, "customers", ("hold_out",), "survey_timing")
    rows, made, read = LongRows(), decisions(run), dict[str, Readings]()
    for trigger in TRIGGERS:
        seen = moments(run, trigger, instrument)
        read[trigger] = joined(run, made, seen, Track(seen.asked, made).rows(0.0))
        rows.add("moment_readings", len(seen.asked), len(seen.asked), segment=trigger)
    panel = _panel(made, read)
    for trigger, found in read.items():
        everyone = np.ones(found.renewed.size, dtype=np.bool_)
        for segment, who in ((trigger, everyone), (f"{trigger}@{PANEL}", panel[found.decision])):
            _moment(rows, found, who, segment)
    return rows.frame()


def _panel(made: Decisions, read: dict[str, Readings]) -> Flags:
    """First-term decisions preceded by every moment that precedes any decision."""
    chosen: Flags = np.isneginf(made.term_start)
    for trigger, found in read.items():
        if trigger != EXIT and found.decision.size:
            has = np.zeros(chosen.size, dtype=np.bool_)
            has[found.decision] = True
            chosen &= has
    return chosen


def _moment(rows: LongRows, read: Readings, who: Flags, segment: str) -> None:
    for view in VIEWS:
        found = gap(read, view, who)
        for metric, value in (
            ("moment_auc_experience", found.experience),
            ("moment_auc_outcome", found.outcome),
            ("moment_gap", found.value),
            ("moment_lost", found.lost),
        ):
            rows.add(metric, value, found.n, view=view, segment=segment)
    n = int(who.sum())
    rows.add("moment_lead_days", float(read.lead_days[who].mean()) if n else np.nan, n, segment=segment)
