"""What was put in, with grade and source, beside what came out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sim.experiments.key_list import ASSUMPTION, DEFINITION, GRADES
from sim.report.blocks import Block, Folded, Note, Section, Table
from sim.report.configs import Config, flat_configs, text_of
from sim.report.sections.emerged import blocks
from sim.report.wording import context_words, words

if TYPE_CHECKING:
    from sim.experiments.key_list import Key
    from sim.report.result import Result

SETTINGS = "settings"
GROUPS = ("market", "world", "policy", "pricing", "survey", "metrics", SETTINGS)
CHANGED = "changed"
NOT_STATED = "not stated"
_LONG = 40
"""A longer default is a table of its own and not repeated."""
CHOICE = "choice"
_WORDS = (*GRADES, CHOICE, CHANGED, NOT_STATED)


def section(result: Result) -> Section | None:
    """Published beside emergent quantities, then every key, one folded table per part of the configuration."""
    configs = flat_configs(result)
    came_out, put_in = blocks(result, configs.values()), _put_in(configs)
    return Section("assumed", "What was assumed, and what came out", [*came_out, *put_in]) if put_in else None


def _put_in(configs: dict[tuple[str, str], Config]) -> list[Block]:
    if not any(configs.values()):
        return []
    known = _known_keys()
    names = dict.fromkeys(name for config in configs.values() for name in config)
    by_group: dict[str, list[tuple[str, ...]]] = {group: [] for group in GROUPS}
    for name in names:
        group = name.partition(".")[0]
        by_group[group if group in by_group else SETTINGS] += _rows(name, configs, known.get(name, []))
    intro = Note(
        "What was put in. Grade A: peer-reviewed; B: primary industry survey; C: secondary source; data: a data set; "
        "measured: by this program in its own market; definition: the ends of a scale, a switch at full, the value of "
        "another key; assumption: a number chosen by this program, with the reason beside it where there is one; "
        "choice: a word, a switch or nothing, and no quantity; changed: not the value that ships with this version.",
        "quiet",
    )
    return [intro, *(_fold(group, rows) for group, rows in by_group.items() if rows)]


def _known_keys() -> dict[str, list[Key]]:
    from sim.experiments.key_list import all_keys

    found: dict[str, list[Key]] = {}
    for key in all_keys():
        found.setdefault(key.name, []).append(key)
        if key.option:
            found.setdefault(_below_its_option(key), []).append(key)
    return found


def _below_its_option(key: Key) -> str:
    """Where several options of a group are used at once: `survey.instruments.nps.slope`."""
    group, _, option = key.option.partition("=")
    place = group.replace("/", ".")
    return f"{place}.{option}{key.name.removeprefix(place)}"


def _rows(name: str, configs: dict[tuple[str, str], Config], known: list[Key]) -> list[tuple[str, ...]]:
    """One row per distinct value; where a key varies, the value says in which arms."""
    holders: dict[str, list[tuple[str, str]]] = {}
    values: dict[str, Any] = {}
    for place, config in configs.items():
        if name in config:
            holders.setdefault(text_of(config[name]), []).append(place)
            values[text_of(config[name])] = config[name]
    unit = next((key.unit for key in known if key.unit not in ("", "1")), "")
    rows: list[tuple[str, ...]] = []
    for text, places in holders.items():
        grade, source = _origin(values[text], known)
        value = text if len(holders) == 1 else f"{text}\n{_places(places, configs)}"
        rows.append((name, value, unit, grade, source))
    return rows


def _places(places: list[tuple[str, str]], configs: dict[tuple[str, str], Config]) -> str:
    """The shortest true description of the places that share a value."""
    arms, contexts = dict.fromkeys(a for _, a in places), dict.fromkeys(c for c, _ in places)
    if all(place in places for place in configs if place[1] in arms):
        return ", ".join(map(words, arms))
    if all(place in places for place in configs if place[0] in contexts):
        return ", ".join(map(context_words, contexts))
    return "; ".join(f"{context_words(c)}, {words(a)}" for c, a in places)


def _origin(value: Any, known: list[Key]) -> tuple[str, str]:
    """Grade and source of the shipped default that equals the value."""
    equal = [key for key in known if _is_default(value, key.default)]
    if not equal:
        default = known[0].default if len(known) == 1 else ""
        return CHANGED, f"ships as {default}" if default and len(default) <= _LONG else ""
    best = next((key for key in equal if key.grade), equal[0])
    return best.grade or (NOT_STATED if is_quantity(value) else CHOICE), best.source


def is_quantity(value: Any) -> bool:
    """Whether a value is a number or numbers, which somebody must have chosen."""
    if isinstance(value, list):
        return bool(value) and all(map(is_quantity, value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_default(value: Any, default: str) -> bool:
    """Whether a resolved value comes from this text; a reference to another key always does."""
    from sim.yaml_text import loaded

    return "${" in default or default == str(value) or loaded(default) == value


_COUNTED = {
    **{grade: f"of grade {grade}" for grade in ("A", "B", "C")},
    "data": "from data",
    DEFINITION: "by definition",
    ASSUMPTION: "assumed",
    CHOICE: "chosen",
}


def _fold(group: str, rows: list[tuple[str, ...]]) -> Folded:
    grades = Counter(row[3] for row in rows)
    count = ", ".join(f"{grades[grade]} {_COUNTED.get(grade, grade)}" for grade in _WORDS if grades[grade])
    table = Table(
        f"assumed-{group}",
        f"{group.capitalize()}: what was put in",
        ("key", "value", "unit", "grade", "source"),
        tuple(rows),
    )
    return Folded(f"{group.capitalize()} ({count})", (table,))
