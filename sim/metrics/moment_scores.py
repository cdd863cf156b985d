"""What a score shows at each moment of asking, and who leaves afterwards: the happy, the unhappy, those between.

The score is that of the respondents to the audit survey, which is the same in every arm. Who leaves is told of
everybody asked, by the answer each would give (view surveyed), so that silence is not mixed in, and of the
respondents alone. A decision is read at the last such moment of its own term, as in survey_timing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.checks import InputError
from sim.events import TRIGGERS
from sim.metrics.facts import Flags, floats, need
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.prediction import Moments, Readings, Track, decisions, joined
from sim.metrics.prediction import moments as met_at
from sim.metrics.quadrants import Quadrants
from sim.metrics.scores import DETRACTOR_BELOW, PROMOTER_FROM, net_promoter_score

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

PASSIVE: Final = "passive"

MEASURES: Final = {
    "moment_score": Measure(
        "Net promoter score of those who answered the audit survey at this moment (segment), over the whole run; n "
        "answers.",
        "points",
        view="respondents",
    ),
    "moment_response": Measure(
        "Answers by invitations of the audit survey at this moment; n invitations.", "share", view="respondents"
    ),
    "moment_outcome": Measure(
        "Mean true outcome (share of its goal that a customer reaches) of everybody met at this moment.", "share"
    ),
    "moment_leaving": Measure(
        "Share of voluntary decisions that go against renewal, by the answer at the last such moment of the term; "
        "segment moment@group: happy 9 to 10, unhappy 0 to 6, passive 7 to 8, reached or missed: perceived outcome "
        "above or below the frozen reference.",
        "share",
        higher_is_better=False,
        view="surveyed",
    ),
}


def moment_scores(run: Run, *, instrument: str, moments: Sequence[str], reached_from: float) -> pd.DataFrame:
    """Family `moment_scores` (see MEASURES).

    `instrument`: a question from 0 to 10; `reached_from`: perceived outcome from which it counts as reached.
    """
    need(run.surveys, "surveys", ("trigger", "instrument", "answer", "audit_invited", "outcome"), "moment_scores")
    rows, made = Rows(), decisions(run)
    for moment in moments:
        if moment not in TRIGGERS:
            raise InputError(f"metrics.moment_scores.moments must name one of {', '.join(TRIGGERS)}, got {moment!r}")
        seen = met_at(run, moment, instrument)
        _shown(rows, seen, moment)
        read = joined(run, made, seen, Track(seen.asked, made).rows(0.0))
        for view, who in (("surveyed", read.invited), ("respondents", read.answered)):
            _leaving(rows, read, who, reached_from, view, moment)
    return rows.frame()


def _shown(rows: Rows, seen: Moments, moment: str) -> None:
    """The score as a dashboard has it, and how those met there fare."""
    asked = seen.asked
    invited, answered = (asked[name].to_numpy(bool) for name in ("audit_invited", "audit_answered"))
    given = floats(asked, "answer")[answered]
    rows.add("moment_score", net_promoter_score(given), given.size, view="respondents", segment=moment)
    n = int(invited.sum())
    rows.add("moment_response", ratio(given.size, n), n, view="respondents", segment=moment)
    reached = floats(asked, "outcome")
    rows.add("moment_outcome", ratio(float(reached.sum()), reached.size), reached.size, segment=moment)


def _leaving(rows: Rows, read: Readings, who: Flags, reached_from: float, view: str, moment: str) -> None:
    """Leaving by the answer, and by the answer and the outcome together."""
    happy, unhappy = read.answer >= PROMOTER_FROM, read.answer < DETRACTOR_BELOW
    reached = read.outcome >= reached_from
    groups = Quadrants(happy, unhappy, reached, ~reached).groups() | {PASSIVE: ~happy & ~unhappy}
    for name, members in groups.items():
        n = int((members & who).sum())
        left = int((members & who & ~read.renewed).sum())
        rows.add("moment_leaving", ratio(left, n), n, view=view, segment=f"{moment}@{name}")
