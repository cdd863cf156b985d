"""Leaving by cause as metrics: but-for causes beside the largest term and beside what leavers say.

Views name the account of the causes. In view `truth` a cause is the set of terms each of which, put back to
its reference, would have kept the customer on the same draw; joint causes stand under their own name and
`any_<cause>` counts every set a cause is in, so that these overlap and do not add up to `total`.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.events import CAUSES
from sim.metrics.causes import CANCELLED, causes
from sim.metrics.facts import Index, coded, floats, is_only, need
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.upcoming import contract_of
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "left_by_cause": Measure(
        "Cumulative incidence (all causes competing) of having left the first contract by this tenure for this cause, "
        "of all customers won; segment: the cause. truth: but-for causes; largest_term: the largest adverse term; "
        "stated: what an exit survey reports.",
        "share",
        higher_is_better=False,
        timed=True,
    ),
    "stated_cause_right": Measure(
        "Share of voluntary leavers with a but-for cause whose stated cause is one of them.", "share", view="stated"
    ),
    "left_by_chance": Measure(
        "Share of voluntary leavers whom no single term put back to its reference would have kept.", "share"
    ),
}

JOINT: Final = tuple("+".join(chosen) for size in range(1, len(CAUSES) + 1) for chosen in combinations(CAUSES, size))
"""Every set of but-for causes, alone or joint, as `churned.detail` writes it."""
NAMED: Final = {
    "truth": (*JOINT, "chance", "involuntary", CANCELLED),
    "largest_term": (*CAUSES, "none", "involuntary", CANCELLED),
    "stated": (*CAUSES, "involuntary", CANCELLED),
}
"""All causes of a view, so that one nobody left for counts as 0 and not as unknown."""
VIEWS: Final = {"but_for": "truth", "largest_term": "largest_term", "stated": "stated"}


def _shares(rows: Rows, run: Run, months: tuple[float, ...]) -> None:
    """One row per account, cause and tenure; in view truth also every cause alone or joint."""
    table = causes(run, months)
    won = int(np.isfinite(floats(run.customers, "won_days")).sum())
    found: dict[tuple[str, float], dict[str, float]] = {}
    for source, cause, month, share in zip(*(table[c] for c in ("source", "cause", "months", "share")), strict=True):
        found.setdefault((str(source), month), {})[str(cause)] = share
    for month in months:
        for source, view in VIEWS.items():
            shares = found.get((source, month), {})
            total, n = (sum(shares.values()), won) if shares else (math.nan, 0)
            absent = 0.0 if shares else math.nan
            name, where = f"left_by_cause_{month:g}", days(month)
            rows.add(name, total, n, view=view, segment="total", time_days=where)
            for cause in NAMED[view]:
                share = shares.get(cause, absent)
                rows.add(name, share, n, view=view, segment=cause.replace(" ", "_"), time_days=where)
            for cause in CAUSES if view == "truth" else ():
                any_ = sum((share for joint, share in shares.items() if cause in joint.split("+")), absent)
                rows.add(name, any_, n, view=view, segment=f"any_{cause}", time_days=where)


def _agreement(rows: Rows, run: Run) -> None:
    """How often what is said is true; by leaver, all contracts."""
    left = run.events[is_only(run.events, "event", "churned") & ~is_only(run.events, "detail", "involuntary")]
    told = run.events[is_only(run.events, "event", "exit_stated")]
    at = Index(contract_of(told)).rows(contract_of(left))
    codes, words = coded(left, "detail")
    said_codes, said_words = coded(told, "detail")
    pairs = [(words[true], said_words[said_codes[row]]) for true, row in zip(codes, at, strict=True) if row >= 0]
    caused = [(true.split("+"), said) for true, said in pairs if true != "chance"]
    right = sum(said in true for true, said in caused)
    rows.add("stated_cause_right", ratio(right, len(caused)), len(caused), view="stated", segment="leavers")
    rows.add("left_by_chance", ratio(len(pairs) - len(caused), len(pairs)), len(pairs), segment="leavers")


def incidence(run: Run, *, months: tuple[float, ...] | list[float]) -> pd.DataFrame:
    """Family `incidence` (see MEASURES); n customers won, or leavers."""
    need(run.events, "events", ("event", "contract", "detail"), "incidence")
    rows = Rows()
    _shares(rows, run, tuple(float(month) for month in months))
    _agreement(rows, run)
    return rows.frame()
