"""Customer success as a ratio of outcome to experience, literally and in other forms; which of them ranks best.

The literal ratio O/E falls when experience improves (its derivative in E is -O/E^2) and is undefined at
E = 0, so E is mapped to (0, 1] by a fixed law: a logistic of standard units of the frozen reference for
latent E, (answer + 1)/(top + 1) for a survey answer. Any such map is a choice, and O/E depends on it;
forms that only order customers by O or by E alone do not. Outcome is read within [0, 1].
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.facts import Flags, Floats, identity, is_any, need
from sim.metrics.logit import probability
from sim.metrics.long import Measure, Rows
from sim.metrics.prediction import Track, decisions, joined, moments
from sim.metrics.ranks import auc, correlation

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

INTERACTIONS: Final = ("sales_touch", "contact_end", "success_contact")
VIEWS: Final = ("truth", "surveyed", "observed")

FORMS: Final = {
    "literal": "O / E",
    "weighted_ratio": "O^w / E^(1-w)",
    "weighted_sum": "w O + (1-w) E",
    "product": "O E",
    "over_expectation": "O - X_O as far as the customer has noticed it (perceived outcome); truth only",
    "per_interaction": "O / (1 + interactions of the last year)",
    "outcome": "O alone",
    "experience": "E alone",
}
_SEGMENTS = "; ".join(f"{name}: {form}" for name, form in FORMS.items())

MEASURES: Final = {
    "success_ratio_auc": Measure(
        f"Area under the curve of a form of the success ratio for the next voluntary renewal. Segments: {_SEGMENTS}.",
        "AUC",
    ),
    "success_ratio_best": Measure(
        "1 where a form has the largest area of all forms of its view, shared among ties; over replications: how often "
        "it ranks customers best.",
        "share",
    ),
    "success_ratio_level": Measure("Mean of a form at the last wave before a decision.", "ratio"),
    "success_ratio_corr_experience": Measure(
        "Correlation of a form with experience over customers: below zero, a better experience reads as less success.",
        "correlation",
    ),
}


class Ingredients(NamedTuple):
    """What the forms are made of, by decision."""

    outcome: Floats
    """In [0, 1]."""
    experience: Floats
    """In (0, 1]."""
    interactions: Floats
    over_expectation: Floats | None
    """None where expectations are not measured."""


def forms(parts: Ingredients, weight: float) -> dict[str, Floats]:
    """Form -> value by decision; `weight` w of the outcome in [0, 1]."""
    o, e = parts.outcome, parts.experience
    found = {
        "literal": o / e,
        "weighted_ratio": o**weight / e ** (1.0 - weight),
        "weighted_sum": weight * o + (1.0 - weight) * e,
        "product": o * e,
        "per_interaction": o / (1.0 + parts.interactions),
        "outcome": o,
        "experience": e,
    }
    return found if parts.over_expectation is None else {**found, "over_expectation": parts.over_expectation}


def recent(run: Run, asked: pd.DataFrame, span_days: float) -> Floats:
    """Interactions of each customer in the `span_days` up to each row of `asked`."""
    met = run.events[is_any(run.events, "event", INTERACTIONS)]
    key, who = identity(met), identity(asked)
    number = np.unique(np.r_[key, who])
    now, then = asked["time_days"].to_numpy(), met["time_days"].to_numpy()
    scale = 2.0 * max(float(now.max(initial=1.0)), float(then.max(initial=1.0)), span_days)
    place = np.sort(np.searchsorted(number, key) + then / scale)
    rank = np.searchsorted(number, who)
    first = np.searchsorted(place, rank + np.maximum(now - span_days, 0.0) / scale, side="left")
    counted: Floats = (np.searchsorted(place, rank + now / scale, side="right") - first).astype(np.float64)
    return counted


def success_ratio(
    run: Run,
    *,
    lead_days: float,
    outcome_weight: float,
    interaction_days: float,
    experience_mean: float,
    experience_sd: float,
    scale_top: float,
) -> pd.DataFrame:
    """Family `success_ratio` (see MEASURES); n decisions with what a view needs.

    outcome_weight: w; interaction_days: span over which interactions are counted; experience_mean,
    experience_sd: reference of latent E; scale_top: highest point of the survey's scale from 0.
    """
    need(run.surveys, "surveys", ("experience", "outcome", "perceived_outcome", "answer"), "success_ratio")
    rows, made, waves = Rows(), decisions(run), moments(run)
    at = Track(waves.asked, made).rows(lead_days)
    read = joined(run, made, waves, at)
    met = recent(run, waves.asked.take(at[at >= 0]), interaction_days)
    mapped = probability((read.experience - experience_mean) / experience_sd)
    for view in VIEWS:
        _, _, both = read.pairing(view)
        if view == "truth":
            parts = Ingredients(np.clip(read.attained, 0.0, 1.0), mapped, met, read.outcome)
        else:
            answered = (np.clip(read.answer, 0.0, scale_top) + 1.0) / (scale_top + 1.0)
            parts = Ingredients(np.clip(read.measured, 0.0, 1.0), answered, met, None)
        over = None if parts.over_expectation is None else parts.over_expectation[both]
        chosen = Ingredients(parts.outcome[both], parts.experience[both], met[both], over)
        _add(rows, forms(chosen, outcome_weight), chosen.experience, read.renewed[both], view)
    return rows.frame()


def _add(rows: Rows, found: dict[str, Floats], experience: Floats, stayed: Flags, view: str) -> None:
    areas = {name: auc(values, stayed) for name, values in found.items()}
    top = [name for name, area in areas.items() if area == max(areas.values())]
    for name, values in found.items():
        mean = float(values.mean()) if stayed.size else np.nan
        best = np.nan if np.isnan(areas[name]) else float(name in top) / max(1, len(top))
        rows.add("success_ratio_auc", areas[name], stayed.size, view=view, segment=name)
        rows.add("success_ratio_best", best, stayed.size, view=view, segment=name)
        rows.add("success_ratio_level", mean, stayed.size, view=view, segment=name)
        follows = correlation(values, experience)
        rows.add("success_ratio_corr_experience", follows, stayed.size, view=view, segment=name)
