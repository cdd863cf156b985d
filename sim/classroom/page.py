"""Lesson -> one self-contained HTML file: every text is made here, the page's own script only shows and draws."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sim.classroom import sentences
from sim.classroom.lesson import Group, Lesson, Level, Scene, Stage
from sim.metrics.moment_scores import PASSIVE
from sim.report.blocks import Folded, Table
from sim.report.numbers import NO_BREAK, SHARE, Unit, count, places_for, plain, shown, span, unit_of
from sim.report.style import arm_style
from sim.report.wording import words

if TYPE_CHECKING:
    from jinja2 import Environment

MOMENTS: Final = {
    "at_purchase": "right after the purchase",
    "after_onboarding": "after the start",
    "contact_end": "right after a contact",
    "at_resolution": "when a problem is solved",
    "wave": "at fixed dates",
    "pre_renewal": "before the renewal",
    "exit": "on leaving",
    "before_launch": "before a release",
    "after_launch": "after a release",
}
MOODS: Final = {"happy": ("happy", "9 or 10"), PASSIVE: ("in between", "7 or 8"), "unhappy": ("unhappy", "0 to 6")}
POINTS: Final = Unit("points", suffix=" points")
TICKS: Final = 5


@dataclass(frozen=True)
class Facts:
    """What is said of how the lesson was made."""

    title: str
    made_of: tuple[tuple[str, str], ...]
    """Name and value, in order."""
    about: tuple[str, str]
    """What each policy's file says of it."""
    weighs: float | None
    """Weight of experience in an answer; None: that of decisions."""
    command: str
    currency: str


def page(lesson: Lesson, facts: Facts) -> str:
    """The whole document as text; equal lessons give equal bytes."""
    engine = _environment()
    style, script = (_source(engine, name) for name in ("style.css", "lesson.js"))
    return engine.get_template("lesson.html.j2").render(
        title=facts.title,
        facts=facts,
        what_is_asked=_what_is_asked(facts.weighs),
        style=style + _source(engine, "lesson.css"),
        script=script,
        data=_embedded(data(lesson, facts.currency)),
        policies=[words(name) for name in lesson.policies],
        colours=[arm_style(place).colour for place in range(len(lesson.policies))],
        moments=[MOMENTS.get(name, words(name)) for name in lesson.moments],
        first=(len(lesson.shares) // 2, 0),
        moods=[f"{name} ({answers.replace(' ', NO_BREAK)})" for name, answers in MOODS.values()],
        months=lesson.months,
        steps=len(lesson.shares),
        tables=Folded("All numbers of all steps", tuple(_tables(lesson, facts.currency))),
    )


def _what_is_asked(weighs: float | None) -> str:
    """What an answer is about."""
    if weighs is None:
        return "The answer weighs both as decisions do."
    if weighs in (0.0, 1.0):
        return f"They answer by {'how they are treated' if weighs else 'what they get'} alone."
    return f"In the answer, how they are treated weighs {_percent(weighs)}."


def _environment() -> Environment:
    """The report's templates and filters, with the lesson's own in front."""
    from jinja2 import ChoiceLoader, PackageLoader

    from sim.report.page import environment

    engine = environment()
    assert engine.loader is not None
    engine.loader = ChoiceLoader([PackageLoader("sim.classroom", "template"), engine.loader])
    return engine


def _source(engine: Environment, name: str) -> str:
    assert engine.loader is not None
    return engine.loader.get_source(engine, name)[0]


def _embedded(tree: dict[str, Any]) -> str:
    """JSON that no HTML parser takes for an end of the script."""
    text = json.dumps(_without_nan(tree), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _without_nan(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_nan(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_without_nan(value) for value in node]
    return None if isinstance(node, float) and not math.isfinite(node) else node


def data(lesson: Lesson, currency: str) -> dict[str, Any]:
    """What the script reads: texts of every stage, numbers of both pictures."""
    scenes = [scene for row in lesson.stages for stage in row for scene in stage.scenes]
    return {
        "policies": [words(name) for name in lesson.policies],
        "shares": list(lesson.shares),
        "weights": [_weight(share) for share in lesson.shares],
        "moments": [MOMENTS.get(name, words(name)) for name in lesson.moments],
        "stages": [[_stage(stage, lesson.months, currency) for stage in row] for row in lesson.stages],
        "charts": [
            {"of": "score", "title": "Score (NPS), points", "ticks": _ticks([scene.score for scene in scenes])},
            {
                "of": "kept",
                "title": f"Customers kept until month {lesson.months}, %",
                "ticks": [0.0, 25.0, 50.0, 75.0, 100.0],
            },
        ],
    }


def _weight(share: float) -> str:
    return f"How they are treated weighs {_percent(share)}, what they get {_percent(1.0 - share)}"


def _percent(share: float) -> str:
    """As it is, to a tenth of a per cent at most."""
    return f"{round(100.0 * share, 1):g}{NO_BREAK}%"


def _stage(stage: Stage, months: int, currency: str) -> dict[str, Any]:
    return {
        "kept": sentences.kept(stage.kept, months),
        "advice": sentences.advice(stage),
        "scenes": [_scene(scene, currency) for scene in stage.scenes],
    }


def _scene(scene: Scene, currency: str) -> dict[str, Any]:
    money = unit_of("money", currency)
    return {
        "score": _level(scene.score, POINTS),
        "answers": f"{count(scene.score.n)} answers of {count(scene.asked)} asked",
        "outcome": _level(scene.outcome, SHARE),
        "kept": _level(scene.kept, SHARE),
        "cash": _level(scene.cash, money),
        "groups": [_group(scene.groups[mood]) for mood in MOODS],
        "heading": sentences.heading(scene),
        "leaving": sentences.leaving(scene),
        "reason": sentences.reason(scene),
    }


_POSSIBLE: Final = {SHARE.name: (0.0, 1.0), POINTS.name: (-100.0, 100.0)}
"""What a share or a score can be: few replications alone would give intervals beyond it."""


def _ends(level: Level, unit: Unit) -> tuple[float, float]:
    """The interval, as far as it is possible; nan where there is none."""
    least, most = _POSSIBLE.get(unit.name, (-math.inf, math.inf))
    return (max(level.low, least), min(level.high, most)) if math.isfinite(level.low) else (math.nan, math.nan)


def _level(level: Level, unit: Unit) -> dict[str, Any]:
    """Ready texts without decimals, and the plain numbers in the unit shown."""
    low, high = _ends(level, unit)
    found = math.isfinite(level.low)
    places = min(places_for(level.mean, unit, (level.high - level.low) / 2.0), 0)
    ends = " to ".join(plain(end * unit.factor, places) for end in (low, high)) if found else ""
    return {
        "text": plain(level.mean * unit.factor, places) + unit.suffix if math.isfinite(level.mean) else "n/a",
        "interval": f"95{NO_BREAK}% interval {ends}{unit.suffix}" if found else "no interval",
        "value": level.mean * unit.factor,
        "low": low * unit.factor,
        "high": high * unit.factor,
        "n": level.n,
    }


def _group(group: Group) -> dict[str, Any]:
    share = f"{plain(100.0 * group.share, 0)} of 100" if group.n else "nobody"
    return {"stayed": count(group.n - group.left), "left": count(group.left), "share": share, "n": group.n}


def _ticks(levels: Sequence[Level]) -> list[float]:
    """Round numbers around every interval of a score."""
    ends = [end for level in levels for end in (level.mean, level.low, level.high) if math.isfinite(end)]
    low, high = (max(min(ends), -100.0), min(max(ends), 100.0)) if ends else (0.0, 1.0)
    step = next(step for step in (10.0, 20.0, 25.0, 50.0, 100.0) if (high - low) / step <= TICKS)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * number for number in range(first, max(last, first + 1) + 1)]


_COLUMNS: Final = (
    *("weight of treatment", "score", "answers", "happy who leave", "unhappy who leave"),
    *("what they get", "kept", "net cash"),
)


def _tables(lesson: Lesson, currency: str) -> list[Table]:
    """One table for each moment, for whoever has no script or wants to copy."""
    found = []
    for place, moment in enumerate(lesson.moments):
        rows: list[tuple[str | None, ...]] = []
        for position, policy in enumerate(lesson.policies):
            rows.append((words(policy), *(None for _ in _COLUMNS[1:])))
            rows += [_row(row[place].share, row[place].scenes[position], currency) for row in lesson.stages]
        caption = f"Asked {MOMENTS.get(moment, words(moment))}; means over replications, with 95 % intervals"
        found.append(Table(moment, caption, _COLUMNS, tuple(rows), numeric=tuple(range(1, len(_COLUMNS)))))
    return found


def _row(share: float, scene: Scene, currency: str) -> tuple[str, ...]:
    money = unit_of("money", currency)
    happy, unhappy = (scene.groups[mood] for mood in ("happy", "unhappy"))
    return (
        _percent(share),
        _cell(scene.score, replace(POINTS, suffix="")),
        count(scene.score.n),
        *(f"{count(group.left)} of {count(group.n)}" for group in (happy, unhappy)),
        _cell(scene.outcome, SHARE),
        _cell(scene.kept, SHARE),
        _cell(scene.cash, money),
    )


def _cell(level: Level, unit: Unit) -> str:
    half = (level.high - level.low) / 2.0
    low, high = _ends(level, unit)
    interval = f"\n{span(low, high, unit, signed=False)}" if math.isfinite(low) else ""
    return shown(level.mean, unit, half) + interval
