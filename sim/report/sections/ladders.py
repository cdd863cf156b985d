"""Why a score is not the truth: what each cause between the two adds or takes away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.ladder_predictive import HIDDEN_BY
from sim.report.blocks import Block, Figure, Note, Section, Table
from sim.report.facts import across
from sim.report.levels import Row, by_arm, of_place, rows_of
from sim.report.numbers import count, plain
from sim.report.plot.waterfall import waterfall, waterfall_height
from sim.report.sections.grid import MOST, grid
from sim.report.style import SMALL
from sim.report.wording import context_quoted, context_words, listed, place_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Place, Result

WHAT = "ladders from the truth to the score (metrics ladder_index and ladder_predictive)"


class Ladder(NamedTuple):
    """How one ladder is told."""

    name: str
    question: str
    reading: str
    unit: str
    places: int
    floor: float
    rungs: Mapping[str, str]


LADDERS: Final = (
    Ladder(
        "index_ladder",
        "Why is the reported NPS not what customers feel?",
        "From the true feeling of everybody who ever used the product (leavers as they felt when they left) to the "
        "published number, one cause at a time. Bars add up exactly; thin lines: 95 % interval of each change.",
        "NPS points",
        1,
        0.0,
        {
            "cohort": "all ever live, truth",
            "active": "only those still here",
            "timing": "asked a wave earlier",
            "instrument": "what the question asks",
            "invited": "only those invited",
            "respondents": "only those who answer",
            "reported": "answers as given",
        },
    ),
    Ladder(
        "predictive_ladder",
        "Why does the score foretell renewal worse than what decides it?",
        "Area under the curve: the chance that of two customers the one who renews had the higher number; .5 is a "
        "coin. From all that decides on the day (no score can do better) to the answer given, one cause at a time. A "
        "bar may point up: the customers who answer can be easier to foretell.",
        "AUC",
        3,
        0.5,
        {
            "decision": "all that decides",
            "other_terms": "feelings only",
            "timing": "felt at the survey",
            "instrument": "what the question asks",
            "invited": "only those invited",
            "respondents": "only those who answer",
            "reported": "answers as given",
        },
    ),
)


def has(result: Result) -> bool:
    """Whether either ladder was climbed, or is hidden for a reason that is said."""
    return any(len(rows_of(result, (f"{ladder.name}_level",))) for ladder in LADDERS)


def hidden(result: Result) -> list[str]:
    """Why a ladder is not shown, a sentence for each reason."""
    rows = rows_of(result, ("predictive_ladder_level",))
    rows = rows[rows["segment"].str.startswith(HIDDEN_BY)]
    places = {str(term): group["context"].unique() for term, group in rows.groupby("segment", sort=False)}
    return [
        f"{LADDERS[1].question} Not answered for {listed([context_quoted(str(name)) for name in contexts])}: decisions "
        f"there also weigh {words(term.removeprefix(HIDDEN_BY))}, which no table records on their day, so feelings "
        "cannot be told from it."
        for term, contexts in places.items()
    ]


def section(result: Result) -> Section | None:
    """A figure per ladder, a panel per arm and context."""
    blocks: list[Block] = []
    for ladder in LADDERS:
        table = rungs(result, ladder)
        if len(table):
            blocks.append(_figure(result, ladder, table))
    blocks += [Note(text) for text in hidden(result)]
    return Section("ladders", "Why the score is not the truth", blocks) if blocks else None


def rungs(result: Result, ladder: Ladder) -> pd.DataFrame:
    """Columns context, arm, rung, label, level, step, low, high, shapley, replications, n.

    Only replications in which every rung exists count, so that the mean steps add up exactly.
    """
    import pandas as pd

    names = [f"{ladder.name}_{kind}" for kind in ("level", "step", "shapley")]
    rows = rows_of(result, names)
    rows = rows[rows["time_days"].isna()]
    found = [table for place in result.places if len(table := _place_rungs(of_place(rows, place), ladder, place))]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _place_rungs(rows: pd.DataFrame, ladder: Ladder, place: Place) -> pd.DataFrame:
    import pandas as pd

    wide = rows.pivot_table(index="replication", columns=["metric", "segment"], values="value", observed=True)
    needed = [(f"{ladder.name}_level", rung) for rung in ladder.rungs]
    if any(key not in wide.columns for key in needed):
        return pd.DataFrame()
    whole = wide[np.isfinite(wide[needed].to_numpy()).all(axis=1)]
    if whole.empty:
        return pd.DataFrame()
    cases = rows[rows["metric"] == f"{ladder.name}_level"].groupby("segment", observed=True)["n"].sum()
    lines = []
    for rung, label in ladder.rungs.items():
        step = across(whole.get((f"{ladder.name}_step", rung), pd.Series(dtype=float)))
        shapley = across(whole.get((f"{ladder.name}_shapley", rung), pd.Series(dtype=float)))
        level = float(whole[(f"{ladder.name}_level", rung)].mean())
        lines.append((rung, label, level, step.mean, step.low, step.high, shapley.mean, len(whole), int(cases[rung])))
    columns = ["rung", "label", "level", "step", "low", "high", "shapley", "replications", "n"]
    return pd.DataFrame(lines, columns=columns).assign(context=place.context, arm=place.arm)


def _figure(result: Result, ladder: Ladder, table: pd.DataFrame) -> Figure:
    places = by_arm(result, table, MOST)

    def panel(ax: Axes, place: Place) -> None:
        waterfall(of_place(table, place), ladder.places, ladder.floor, ax=ax).set_xlabel(ladder.unit, fontsize=SMALL)

    drawn = grid(result, places, waterfall_height(len(ladder.rungs)), panel)
    return Figure(
        name=ladder.name.replace("_", "-"),
        question=ladder.question,
        reading=ladder.reading,
        alt=_alt(ladder, table),
        draw=drawn.draw,
        table=_table(ladder, table),
        wide=drawn.wide,
        narrow=drawn.narrow,
    )


def _alt(ladder: Ladder, table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table.groupby(["context", "arm"], sort=False):
        steps = ", ".join(
            f"{label} {plain(step, ladder.places, signed=True)}"
            for label, step in zip(rows["label"][1:], rows["step"][1:], strict=True)
        )
        ends = [plain(rows["level"].iloc[end], ladder.places) for end in (0, -1)]
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: from {ends[0]} to {ends[1]} ({steps})")
    return f"Waterfalls in {ladder.unit}. {'; '.join(parts)}."


def _table(ladder: Ladder, table: pd.DataFrame) -> Table:
    columns = ("rung", f"level, {ladder.unit}", "change", "95 % interval", "Shapley value", "n")
    rows: list[tuple[str | None, ...]] = []
    for (context, arm), group in table.groupby(["context", "arm"], sort=False):
        where = f"{place_words(str(context), str(arm))}, {count(group['replications'].iloc[0])} replications"
        rows.append((where, *(None for _ in columns[1:])))
        rows += [_line(ladder, row, first=place == 0) for place, row in enumerate(group.to_dict("records"))]
    caption = "Levels and changes, mean over replications in which every rung exists; n: cases in all of them"
    return Table(ladder.name.replace("_", "-"), caption, columns, tuple(rows), numeric=(1, 2, 3, 4, 5), frame=table)


def _line(ladder: Ladder, row: Row, first: bool) -> tuple[str, ...]:
    level, n = plain(row["level"], ladder.places), count(row["n"])
    if first:
        return (str(row["label"]), level, "", "", "", n)
    step, shapley = (plain(row[name], ladder.places, signed=True) for name in ("step", "shapley"))
    known = np.isfinite(row["low"])
    ends = " to ".join(plain(row[end], ladder.places, signed=True) for end in ("low", "high")) if known else "none"
    return (str(row["label"]), level, step, ends, shapley, n)
