"""`outcomelab calibration`: published ranges beside what the shipped markets do, as docs/calibration.md."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.checks import InputError, whole
from sim.experiments.benchmarks import BENCHMARKS, EMERGENT, MARKETS, SET, Benchmark, Emergent
from sim.experiments.interval import Interval, mean_interval
from sim.nearest import did_you_mean
from sim.store.words import Words

if TYPE_CHECKING:
    import pandas as pd

REPLICATIONS = 40
DOCUMENT = "docs/calibration.md"
USAGE = """usage: outcomelab calibration [--market MARKET] [--replications R] [--seed S] [--write [FILE]]

Simulate the shipped markets under the default policy, tariff and world, and print published ranges beside
the means with 95 % intervals; --write puts the page into FILE (default docs/calibration.md)."""

INTRODUCTION = """# Calibration

{made}

Published ranges beside the default scenario of each shipped market: policy `balanced`, pricing `seat_subscription`,
world `both_matter`, 60 months. Grades: A peer-reviewed, B primary industry survey, C secondary source (order of
magnitude), data: a data set. Sources conflict by a factor of two and more, and none of this is a fact about any one
company; a number published as a point is given a fifth either way. There is no public customer-level data set that
holds NPS, renewal and outcome together, so how they hang together is assumed and swept, never measured.

`inside` says whether the mean over replications lies in the range: yes; near (the 95 % interval reaches it); no.
"""

EMERGES = """Nothing is fitted to these. `holds` is yes where the whole interval is as expected, no where none of it is,
else open; where nothing is expected there is no verdict."""

IS_SET = """The halo of survey moments (`survey.halo`, one number for all markets) lifts what is answered at a purchase
and after onboarding. What it comes to is therefore no finding."""

READINGS = """## How the readings are taken

- GRR, NRR: recurring revenue 12 months after signature as a share of the first, cancelled implementations included;
  a base of all ages would show a little more, since leaving is rarest late.
- Logo churn per year: from Kaplan-Meier survival at the longest tenure of 12, 24, 36 and 60 months that is reached.
- CAC: marketing and sales of the entry phase per customer won; payback after hosting. LTV is realised within the 48
  months of follow-up, without a tail, so that it falls short where contracts last longer.
- Gross margin: after hosting, support and success. Costs count the whole run, the start with few customers included.
- Time to value runs from signature; cancellation and churn compete. Resolution is from first contact to solved and
  told, in calendar hours: the published hours do not name their clock. Median business hours: {business}.
- NPS, CSAT and response come from the audit survey at quarterly waves. corr(NPS, next renewal): the last answer before
  a voluntary renewal decision. corr(NPS, staying 12 months): the answer everybody would give at a wave against being
  a customer 12 months later.

## What does not fit, and why

- SMB and consumer contracts are monthly. Yearly churn of 30-45 % cannot go with a GRR of 90 %: the two published rows
  speak of different firms, and these presets follow the churn.
- Acquisition at .6 of new revenue is repaid in .6 x 12 / margin, about nine months. It cannot also take the 12-18
  months that are published without a segment, nor 1.3 for enterprise the published 24.
- No consumer ticket rate is published; the preset assumes one.
"""


class Row(NamedTuple):
    """One line of a table."""

    cells: tuple[str, ...]
    word: str
    """Of the last column; `-` is none, and not counted."""


def main(argv: Sequence[str]) -> int:
    """Print the page, and with --write store it; wrong input raises InputError."""
    arguments = _read(argv)
    if arguments.help:
        print(USAGE)
        return 0
    markets = (arguments.market,) if arguments.market else MARKETS
    measured = {m: _measured(m, arguments.seed, arguments.replications) for m in markets}
    page = document(measured, arguments.seed, arguments.replications)
    if arguments.write:
        from sim.tables import write_atomically

        write_atomically(Path(arguments.write), page.encode())
        print(arguments.write)
    else:
        print(page)
    return 0


def _read(argv: Sequence[str]) -> argparse.Namespace:
    parser = Words(prog="outcomelab calibration", add_help=False)
    parser.add_argument("--market")
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", nargs="?", const=DOCUMENT)
    parser.add_argument("-h", "--help", action="store_true")
    arguments = parser.parse_args(argv)
    whole("--replications", arguments.replications, 2, 100_000)
    whole("--seed", arguments.seed, 0, 4_294_967_295)
    if arguments.market is not None and arguments.market not in MARKETS:
        near = did_you_mean(arguments.market, MARKETS, f": there are {', '.join(MARKETS)}")
        raise InputError(f"--market {arguments.market!r} is not calibrated{near}")
    return arguments


def _measured(market: str, seed: int, replications: int) -> pd.DataFrame:
    """The long table of a market's default scenario with the readings of this page."""
    from sim.build import load_scenario
    from sim.experiments.progress import Progress
    from sim.experiments.readings import readings
    from sim.experiments.replicate import replicate

    scenario = load_scenario(f"market={market}")
    scenario = replace(scenario, metrics=(*scenario.metrics, readings))
    with Progress(replications, market) as progress:
        done = replicate(scenario, seed, replications, -1, progress, tables=False)
    if not done.complete:
        raise KeyboardInterrupt
    return done.metrics


def document(measured: dict[str, pd.DataFrame], seed: int, replications: int) -> str:
    """The page: one table per market, what emerges, how the readings are taken, what does not fit."""
    made = f"Made by `outcomelab calibration --write`: {replications} replications, seed {seed}. Nothing here is typed."
    parts = [INTRODUCTION.format(made=made)]
    for market, long in measured.items():
        rows = [_benchmark_row(one, long) for one in BENCHMARKS if market in one.markets]
        heads = ("quantity", "published", "grade", "source", "simulated", "95 % interval", "inside")
        parts.append(f"## {market}\n\n{_table(heads, rows)}")
    parts += [_emergent(measured), _set(measured)]
    return "\n".join([*parts, READINGS.format(business=_told(measured, "ttr_median_hours/business"))])


def reading_of(long: pd.DataFrame, reading: str) -> Interval:
    """Mean over replications of `metric/view`, all customers, all times pooled where a metric has several."""
    metric, view = reading.split("/")
    rows = long[(long["metric"] == metric) & (long["view"] == view) & (long["segment"] == "all")]
    pooled = rows[rows["time_days"].isna()]
    values = (pooled if len(pooled) else rows)["value"].dropna().to_numpy()
    return mean_interval(values)


def judged(found: Interval, low: float, high: float) -> str:
    """yes, near or no; `-` where nothing was measured."""
    if math.isnan(found.mean):
        return "-"
    if low <= found.mean <= high:
        return "yes"
    return "near" if found.low <= high and found.high >= low else "no"


def upheld(found: Interval, low: float, high: float) -> str:
    """yes or no where the whole interval lies in or outside (low, high), else open; `-` where nothing is claimed."""
    if math.isnan(found.mean) or (math.isinf(low) and math.isinf(high)):
        return "-"
    if low < found.low and found.high < high:
        return "yes"
    return "no" if found.high <= low or found.low >= high else "open"


def _benchmark_row(one: Benchmark, long: pd.DataFrame, *place: str) -> Row:
    found, scale, unit = reading_of(long, one.reading), 100 if one.percent else 1, " %" if one.percent else ""
    low, high, mean, left, right = (_number(scale * x) for x in (one.low, one.high, *found[:3]))
    inside = judged(found, one.low, one.high)
    cells = (
        one.quantity,
        *place,
        f"{low} to {high}{unit}",
        one.grade,
        one.source,
        f"{mean}{unit}",
        f"{left} to {right}",
    )
    return Row((*cells, inside), inside)


def _emergent(measured: dict[str, pd.DataFrame]) -> str:
    """Claims the model must show by itself, in every market where they are expected."""
    heads = ("claim", "expected", "source", "market", "simulated", "95 % interval", "holds")
    rows = [_emergent_row(one, market, long) for one in EMERGENT for market, long in measured.items()
            if market in one.markets]  # fmt: skip
    told = _told(measured, "corr_nps_stays_12/surveyed")
    differs = f"The correlation of NPS with staying differs by market: {told}."
    return "\n".join(["## What emerges", "", EMERGES, "", _table(heads, rows), differs, ""])


def _set(measured: dict[str, pd.DataFrame]) -> str:
    """Readings that an input sets."""
    heads = ("quantity", "market", "published", "grade", "source", "simulated", "95 % interval", "inside")
    rows = [_benchmark_row(one, long, market) for one in SET for market, long in measured.items()]
    return "\n".join(["## What is set", "", IS_SET, "", _table(heads, rows)])


def _told(measured: dict[str, pd.DataFrame], reading: str) -> str:
    """One reading of every market in words."""
    return ", ".join(f"{market} {_number(reading_of(long, reading).mean)}" for market, long in measured.items())


def _emergent_row(one: Emergent, market: str, long: pd.DataFrame) -> Row:
    found = reading_of(long, one.reading)
    mean, low, high = (_number(x) for x in found[:3])
    word = upheld(found, one.low, one.high)
    return Row((one.claim, _expected(one), one.source, market, mean, f"{low} to {high}", word), word)


def _expected(one: Emergent) -> str:
    ends = [f"{side} {_number(end)}" for side, end in (("above", one.low), ("below", one.high)) if not math.isinf(end)]
    return " and ".join(ends) or "nothing"


def _table(heads: Iterable[str], rows: Sequence[Row]) -> str:
    """A Markdown table, and how many of its rows the last column says yes to."""
    heads = tuple(heads)
    lines = [heads, tuple("---" for _ in heads), *(row.cells for row in rows)]
    body = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    words = [row.word for row in rows if row.word != "-"]
    return f"{body}\n\n{words.count('yes')} of {len(words)}: {heads[-1]}.\n"


def _number(x: float) -> str:
    """Three digits that matter, thousands grouped."""
    if math.isnan(x):
        return "-"
    if abs(x) >= 1000:
        return f"{round(x, 2 - math.floor(math.log10(abs(x)))):,.0f}"
    digits = 2 - (math.floor(math.log10(abs(x))) if abs(x) >= 0.1 else -1)
    return f"{x:.{max(0, digits)}f}"
