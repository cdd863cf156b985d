"""Where does which arm win? Conditions found over the points of a design, in words, as a picture and as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.report.blocks import Block, Figure, Note, Section, Table
from sim.report.levels import Row
from sim.report.numbers import plain
from sim.report.plot.panels import MOST_PANELS, panels, panels_height
from sim.report.plot.points import Axis, Box, points
from sim.report.style import NARROW_INCHES, WIDE_INCHES
from sim.report.wording import context_words, listed, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

WHAT: Final = "where which arm wins (a design with two arms or more)"
_NOBODY = {"practically-equal": "practically equal", "identical": "practically equal"}
_READING = (
    "Every mark is a point of the design: one set of assumptions in which all arms were run, the two keys shown being "
    "those that tell most. A filled mark: that arm clearly wins there, by its paired verdict. Hollow: nobody does. "
    "Shaded: the conditions found, as far as they concern these two keys. Coverage is the share of an arm's wins that "
    "meet them, density the share of the points that meet them at which it wins; a point that is undecided counts as "
    "no win. Chance is the share of reshuffled outcomes in which the same search finds conditions as good."
)
_COLUMNS = (
    *("arm", "wins", "losses", "alike", "undecided"),
    *("wins when", "points", "coverage", "density", "chance"),
)


def section(result: Result) -> Section | None:
    """A sentence per winner, a panel per arm, the conditions; None without a design."""
    found = result.extra("discovery")
    if found is None or found.empty:
        return None
    notes: list[Block] = [Note(_said(row, found), "lead") for row in found.to_dict("records") if row["wins"]]
    notes = notes or [Note("No arm clearly wins at any point.", "lead")]
    return Section("discovery", "Where does which arm win?", [*notes, _figure(result, found)])


def _said(row: Row, found: pd.DataFrame) -> str:
    """What was found, as a sentence."""
    winner, loser = words(str(row["winner"])), words(str(row["loser"]))
    where = f"In {context_words(str(row['base']))}, " if found["base"].nunique() > 1 else ""
    counted = f"at {row['wins']} of {row['points']} points ({row['undecided']} undecided)"
    if not row["found"]:
        end = "" if math.isnan(row["by_chance"]) else "; no condition tells where better than chance would"
        return _capital(f"{where}{winner} clearly beats {loser} {counted}{end}.")
    inside = f"{row['box_wins']} of the {row['box_points']} points there, {row['box_losses']} lost"
    return _capital(
        f"{where}{winner} wins against {loser} when {_readable(str(row['conditions']))} (coverage "
        f"{plain(row['coverage'], 2)}, density {plain(row['density'], 2)}: {inside}). It clearly wins {counted}."
    )


def _readable(conditions: str) -> str:
    """Conditions with the keys' own names instead of their places."""
    return listed([" ".join(map(_plain_word, one.split(" "))) for one in conditions.split(" and ")])


def _plain_word(word: str) -> str:
    return _named(word) if word[:1].isalpha() and ("." in word or "_" in word) else word


def _named(key: str) -> str:
    return words(key.rpartition(".")[2])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _figure(result: Result, found: pd.DataFrame) -> Figure:
    pairs = _pairs(result, found)[:MOST_PANELS]
    several = found["base"].nunique() > 1
    titles = [
        " ".join(
            part for part in (context_words(base) if several else "", f"{words(arm)} or {words(baseline)}") if part
        )
        for base, arm, baseline in pairs
    ]

    def panel(ax: Axes, position: int) -> None:
        _panel(result, found, pairs[position], ax)

    tall = 3.5
    return Figure(
        name="discovery",
        question="Under which assumptions does which arm win?",
        reading=_READING,
        alt=_alt(found),
        draw=lambda canvas: panels(canvas, titles, panel),
        table=_table(found),
        wide=(WIDE_INCHES, panels_height(len(pairs), WIDE_INCHES, panel=tall)),
        narrow=(NARROW_INCHES, panels_height(len(pairs), NARROW_INCHES, panel=tall)),
        open_table=True,
    )


def _alt(found: pd.DataFrame) -> str:
    said = " ".join(_said(row, found) for row in found.to_dict("records"))
    return f"Scatter plot of the points of the design by winner. {said}"


def _pairs(result: Result, found: pd.DataFrame) -> list[tuple[str, str, str]]:
    """(base, arm, baseline) of every comparison."""
    baseline = str(result.manifest.get("baseline", ""))
    return [
        (str(r["base"]), str(r["winner"]), str(r["loser"])) for r in found.to_dict("records") if r["loser"] == baseline
    ]


def _panel(result: Result, found: pd.DataFrame, pair: tuple[str, str, str], ax: Axes) -> None:
    base, *_ = pair
    design, limits = result.extra("design"), result.extra("conditions")
    assert design is not None
    design = design[design["base"] == base]
    rows = None if limits is None else _of_pair(limits, pair)
    first, second = _two_keys(design, rows)
    wide = design.pivot_table(index="context", columns="key", values="value", sort=False)
    axes = [_axis(design, wide, key) for key in (first, second)]
    points(
        axes[0],
        axes[1],
        _winners(result, pair, list(map(str, wide.index))),
        _boxes(found, rows, first, second, base),
        result.arms,
        ax,
    )


def _of_pair(limits: pd.DataFrame, pair: tuple[str, str, str]) -> pd.DataFrame:
    """Conditions of both arms of a comparison."""
    base, *arms = pair
    return limits[(limits["base"] == base) & limits["winner"].isin(arms) & limits["loser"].isin(arms)]


def _two_keys(design: pd.DataFrame, limits: pd.DataFrame | None) -> tuple[str, str]:
    """The keys whose conditions are least likely chance, then those of the design in their order."""
    told = [] if limits is None else [str(key) for key in limits.sort_values("by_chance", kind="stable")["key"]]
    keys = list(dict.fromkeys([*told, *map(str, design["key"])]))
    return keys[0], keys[1] if len(keys) > 1 else keys[0]


def _axis(design: pd.DataFrame, wide: pd.DataFrame, key: str) -> Axis:
    rows = design[design["key"] == key]
    plain_numbers = all(_is_number(label) for label in rows["label"])
    ticks = () if plain_numbers else tuple(dict.fromkeys(map(str, rows.sort_values("value")["label"])))
    return Axis(_named(key), wide[key].to_list(), ticks)


def _is_number(label: object) -> bool:
    try:
        float(str(label))
    except ValueError:
        return False
    return True


def _winners(result: Result, pair: tuple[str, str, str], contexts: list[str]) -> list[str]:
    """Per point the arm that its verdict says wins."""
    _, arm, baseline = pair
    table = result.comparison
    rows = table[(table["role"] == "headline") & (table["arm"] == arm)].set_index("context")["verdict"]
    who = {"better": arm, "worse": baseline, **_NOBODY}
    return [who.get(str(rows.get(context)), "undecided") for context in contexts]


def _boxes(found: pd.DataFrame, limits: pd.DataFrame | None, first: str, second: str, base: str) -> list[Box]:
    """What was found of every winner, as far as it concerns the two keys."""
    if limits is None:
        return []
    free = (-math.inf, math.inf)
    boxes = []
    told = found[(found["base"] == base) & found["found"]]
    for row in told.to_dict("records"):
        own = limits[(limits["winner"] == row["winner"]) & (limits["loser"] == row["loser"])]
        sides = {str(r["key"]): (float(r["low"]), float(r["high"])) for r in own.to_dict("records")}
        if first in sides or second in sides:
            boxes.append(Box(str(row["winner"]), sides.get(first, free), sides.get(second, free)))
    return boxes


def _table(found: pd.DataFrame) -> Table:
    several = found["base"].nunique() > 1
    lines: list[tuple[str | None, ...]] = []
    for base, group in found.groupby("base", sort=False):
        if several:
            lines.append((context_words(str(base)), *(None for _ in _COLUMNS[1:])))
        lines += [_line(row) for row in group.to_dict("records")]
    caption = "Points by paired verdict, and the conditions under which an arm wins"
    return Table("discovery", caption, _COLUMNS, tuple(lines), numeric=(1, 2, 3, 4, 6, 7, 8, 9), frame=found)


def _line(row: Row) -> tuple[str, ...]:
    head = f"{words(str(row['winner']))}\nagainst {words(str(row['loser']))}"
    counts = tuple(str(row[name]) for name in ("wins", "losses", "alike", "undecided"))
    if math.isnan(row["by_chance"]):
        return (head, *counts, "", "", "", "", "")
    found = _readable(str(row["conditions"])) if row["conditions"] else ""
    told = found if row["found"] else f"nothing beyond chance\n{found}".strip()
    shares = (plain(row[name], 2) for name in ("coverage", "density"))
    return (head, *counts, told, str(row["box_points"]), *shares, plain(row["by_chance"], 3))
