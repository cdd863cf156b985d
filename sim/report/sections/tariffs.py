"""What customers were charged, as matching left it: shown where any arm is not charged by seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.blocks import Note, Section, Table
from sim.report.configs import text_of
from sim.report.numbers import NO_BREAK, plain
from sim.report.wording import context_words, words

if TYPE_CHECKING:
    from sim.report.result import Place, Result

ABSENT = "\N{EN DASH}"
_SKIPPED = ("name", "match")


def section(result: Result) -> Section | None:
    """One row per arm and tariff; None where every arm is charged by the reference tariff."""
    known = [(place, facts) for place in result.places if (facts := _facts(place))]
    if all(facts.get("is_reference", True) for _, facts in known):
        return None
    rows = _rows(result, known)
    keys = list(dict.fromkeys(key for _, facts in known for key in facts["parameters"] if key not in _SKIPPED))
    columns = ("arm", "tariff", "matched by", "first year, share of list price", *map(words, keys))
    lines = tuple((*head, *(_value(facts, key) for key in keys)) for head, facts in rows)
    table = Table("tariffs", "Tariffs as charged", columns, lines, numeric=tuple(range(3, len(columns))))
    note = Note(
        "Before tariffs are compared they are matched: the level of each is set so that the reference customers' "
        "expected first year costs the same. What differs afterwards is how the charge moves with use and outcome.",
    )
    return Section("tariffs", "What customers are charged", [note, table])


def _facts(place: Place) -> dict[str, Any]:
    from sim.experiments.manifest import read_manifest

    found = (read_manifest(place.folder) or {}).get("tariff")
    return found if isinstance(found, dict) and "parameters" in found else {}


def _rows(result: Result, known: list[tuple[Place, dict[str, Any]]]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """A tariff alike in all contexts is said once."""
    groups: dict[str, list[tuple[Place, dict[str, Any]]]] = {}
    for place, facts in known:
        groups.setdefault(f"{place.arm}{facts}", []).append((place, facts))
    found: list[tuple[tuple[str, ...], dict[str, Any]]] = []
    for same in groups.values():
        (place, facts), everywhere = same[0], len(same) == len(result.contexts)
        where = "" if everywhere else "\n" + ", ".join(context_words(one.context) for one, _ in same)
        parameters = facts["parameters"]
        year = f"{plain(100.0 * float(facts['first_year']), 1)}{NO_BREAK}%"
        head = (words(place.arm) + where, words(str(parameters["name"])), words(str(parameters.get("match", ""))), year)
        found.append((head, facts))
    return found


def _value(facts: dict[str, Any], key: str) -> str:
    """One parameter as text; nested ones are listed."""
    value = facts["parameters"].get(key, ABSENT)
    if isinstance(value, dict):
        return ", ".join(f"{words(name)} {text_of(one)}" for name, one in value.items())
    return text_of(value)
