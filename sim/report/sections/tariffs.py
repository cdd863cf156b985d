"""What customers were charged, as matching left it: shown where any arm is not charged by seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.experiments.tariffs import timing_note
from sim.report.blocks import Note, Section, Table
from sim.report.configs import text_of
from sim.report.numbers import NO_BREAK, plain
from sim.report.wording import context_words, words

if TYPE_CHECKING:
    from sim.report.result import Place, Result

ABSENT = "\N{EN DASH}"
_SKIPPED = ("name", "match")
_MATCHED = (
    "Before tariffs are compared they are matched: the level of each is set so that the reference customers pay the "
    "same, either in their expected first year (first_year_price) or over the years compared (revenue_neutral). What "
    "differs is when it is paid and how it moves with use and outcome."
)
_UNMATCHED = "Not every tariff is matched: differences in money may come from the price level alone."


def section(result: Result) -> Section | None:
    """One row per arm and tariff; None where every arm is charged by the reference tariff."""
    known = [(place, facts) for place in result.places if (facts := _facts(place))]
    if all(facts.get("is_reference", True) for _, facts in known):
        return None
    tariffs = _tariffs(result, known)
    keys = dict.fromkeys(key for _, facts in known for key in facts["parameters"] if key not in _SKIPPED)
    rows = [
        ("tariff", *(words(str(facts["parameters"]["name"])) for _, facts in tariffs)),
        ("matched by", *(words(str(facts["parameters"].get("match", ""))) for _, facts in tariffs)),
        ("expected first year, share of the list price", *(_year(facts) for _, facts in tariffs)),
        *((words(key), *(_value(facts, key) for _, facts in tariffs)) for key in keys),
    ]
    columns = ("arm", *(head for head, _ in tariffs))
    table = Table("tariffs", "Tariffs as charged", columns, tuple(rows), numeric=tuple(range(1, len(columns))))
    text = _MATCHED if all(facts["parameters"].get("match") != "none" for _, facts in known) else _UNMATCHED
    late = timing_note([facts for _, facts in known], result.decision_metric)
    notes = [Note(text), *([Note(f"{late[0].upper()}{late[1:]}.")] if late else [])]
    return Section("tariffs", "What customers are charged", [*notes, table])


def _facts(place: Place) -> dict[str, Any]:
    from sim.experiments.manifest import read_manifest

    found = (read_manifest(place.folder) or {}).get("tariff")
    return found if isinstance(found, dict) and "parameters" in found else {}


def _tariffs(result: Result, known: list[tuple[Place, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """(arm as words, facts); a tariff alike in all contexts is said once."""
    groups: dict[str, list[tuple[Place, dict[str, Any]]]] = {}
    for place, facts in known:
        groups.setdefault(f"{place.arm}{facts}", []).append((place, facts))
    found = []
    for same in groups.values():
        everywhere = len(same) == len(result.contexts)
        where = "" if everywhere else "\n" + ", ".join(context_words(place.context) for place, _ in same)
        found.append((words(same[0][0].arm) + where, same[0][1]))
    return found


def _year(facts: dict[str, Any]) -> str:
    return f"{plain(100.0 * float(facts['first_year']), 1)}{NO_BREAK}%"


def _value(facts: dict[str, Any], key: str) -> str:
    """One parameter as text; nested ones are listed."""
    value = facts["parameters"].get(key, ABSENT)
    if isinstance(value, dict):
        return ", ".join(f"{words(name)} {text_of(one)}" for name, one in value.items())
    return text_of(value)
