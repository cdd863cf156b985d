"""Why a reported score foretells renewal worse than what decides it: a ladder of areas under the curve.

Cases are voluntary decisions read at the last survey moment of the same term at least `lead_days` before.
The ladder starts with all that decides (the renewal probability of the day: no score can do better) and adds
one cause at a time:

- `other_terms`: only V counts; inertia, price, the champion, a shock and all else in `Besides` are no feelings;
- `timing`: V at the reading instead of the decision;
- `instrument`: what the question weighs instead of what decisions weigh;
- `invited`, `respondents`: only their decisions count;
- `reported`: the answer as given.

Where a term besides V is recorded nowhere, V cannot be told from it: the ladder is undefined then, and the segment of
one row says which term.

Beside it the construct gap: true perceived outcome against true experience, same readings, all decisions.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.besides import Besides
from sim.metrics.facts import Flags, Floats, floats, is_only, need
from sim.metrics.ladder import Ladder, Level
from sim.metrics.long import Measure, Rows
from sim.metrics.ranks import auc
from sim.metrics.shapley import Coalition
from sim.metrics.upcoming import contract_of, ends, last_readings

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

LADDER: Final = Ladder(
    "predictive_ladder",
    "decision",
    ("other_terms", "timing", "instrument", "invited", "respondents", "reported"),
    {
        "timing": ("other_terms",),
        "instrument": ("timing",),
        "reported": ("instrument",),
        "respondents": ("invited",),
    },
)
MEASURES: Final = {
    "predictive_ladder_level": Measure(
        "Area under the curve for voluntary renewal after each rung, from the renewal probability of the day to "
        "the NPS answers given to the audit survey at the last reading before the decision; undefined where decisions "
        "also weigh what no table records on their day.",
        "AUC",
    ),
    "predictive_ladder_step": Measure(
        "Change of the area under the curve from the rung before: feelings only, read earlier, what the question "
        "weighs, invitation, response, reporting; the steps sum exactly to the total.",
        "AUC",
    ),
    "predictive_ladder_shapley": Measure(
        "Contribution of each cause averaged over all orders in which the causes can be added; sums to the "
        "same total as the steps.",
        "AUC",
    ),
    "construct_gap": Measure(
        "Area under the curve of the true perceived outcome minus that of the true experience, same readings and "
        "decisions: positive where outcome foretells renewal better.",
        "AUC",
    ),
}

INSTRUMENT: Final = "nps"
HIDDEN_BY: Final = "hidden_by_"
"""Segment of the row that names a term because of which there is no ladder."""
NOTHING: Final = Level(math.nan, 0)


class Cases(NamedTuple):
    """One row per voluntary decision that has a reading."""

    stayed: Flags
    scores: dict[str, Floats]
    """By the last cause switched on among those that change the score."""
    invited: Flags
    answered: Flags
    experience: Floats
    outcome: Floats


def cases(run: Run, moment: str, lead_days: float, besides: Besides) -> Cases:
    """Decisions with their readings."""
    surveys = run.surveys
    asked = surveys[is_only(surveys, "trigger", moment) & is_only(surveys, "instrument", INSTRUMENT)]
    made = ends(run)
    at = last_readings(contract_of(asked), floats(asked, "time_days"), made, lead_days)
    kept = (at >= 0) & made.voluntary
    read = asked.take(at[kept])
    chance = np.clip(made.probability[kept], 1e-300, 1.0 - 2.0**-53)
    logit = np.log(chance) - np.log1p(-chance)
    scores = {
        "decision": logit,
        "other_terms": logit - besides.logit(run, made)[kept],
        "timing": floats(read, "value"),
        "instrument": floats(read, "true_answer"),
        "reported": floats(read, "answer"),
    }
    invited, answered = (read[name].to_numpy(dtype=np.bool_) for name in ("audit_invited", "audit_answered"))
    return Cases(
        made.stayed[kept], scores, invited, answered, floats(read, "experience"), floats(read, "perceived_outcome")
    )


def level(read: Cases, on: Coalition) -> Level:
    """Area under the curve with the causes `on` switched on; the causes of the score come in order."""
    score = next((read.scores[cause] for cause in reversed(read.scores) if cause in on), read.scores["decision"])
    who = read.answered if "respondents" in on else read.invited if "invited" in on else slice(None)
    stayed = read.stayed[who]
    return Level(auc(score[who], stayed), stayed.size)


def ladder_predictive(run: Run, *, moment: str, lead_days: float, besides: Besides) -> pd.DataFrame:
    """Family `ladder_predictive` (see MEASURES); n decisions.

    `moment`: the survey moment read; `besides`: the world's weights in the renewal logit, which take the renewal
    probability apart.
    """
    columns = ("trigger", "instrument", "value", "true_answer", "answer", "audit_invited", "audit_answered")
    need(run.surveys, "surveys", columns, "ladder_predictive")
    need(run.customers, "customers", ("frailty", "price_sensitivity", "attachment"), "ladder_predictive")
    rows, read = Rows(), cases(run, moment, lead_days, besides)
    LADDER.climb(rows, lambda on: NOTHING if besides.unrecorded else level(read, on))
    for term in besides.unrecorded:
        rows.add(f"{LADDER.name}_level", math.nan, 0, segment=HIDDEN_BY + term)
    gap = auc(read.outcome, read.stayed) - auc(read.experience, read.stayed)
    rows.add("construct_gap", gap, read.stayed.size, segment="reading")
    return rows.frame()
