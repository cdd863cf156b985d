"""The verdict on one arm against the baseline: five words, one rule each."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiments.anytime import anytime_interval
from sim.experiments.interval import Interval, count_for_half_width, mean_interval, welch_interval

VERDICTS: Final = ("better", "worse", "practically-equal", "undecided", "identical")


class Verdict(NamedTuple):
    """A word, the interval behind it, and what it would take to decide an undecided one."""

    word: str
    interval: Interval
    replications_needed: float
    """nan unless undecided, or when no number of replications is sure to decide (margin 0)."""


def word(differences: NDArray[np.float64], interval: Interval, margin: float, higher_is_better: bool) -> str:
    """The rules in their order; one replication decides nothing unless it is identical."""
    if bool(np.all(differences == 0.0)):
        return "identical"
    if interval.replications < 2:
        return "undecided"
    if -margin <= interval.low and interval.high <= margin:
        return "practically-equal"
    if interval.low > 0.0 or interval.high < 0.0:
        return "better" if (interval.low > 0.0) == higher_is_better else "worse"
    return "undecided"


def verdict(
    differences: NDArray[np.float64],
    margin: float,
    higher_is_better: bool = True,
    confidence: float = 0.95,
    anytime: bool = False,
) -> Verdict:
    """Judge paired differences (replications,), arm minus baseline, against the margin.

    The replications needed are those whose interval is at most half a margin to either side at the spread
    seen: such an interval either excludes 0 or lies inside the margin, wherever the mean falls. `anytime`: the
    interval of the confidence sequence, for differences whose number was chosen by looking at them.
    """
    interval = (anytime_interval if anytime else mean_interval)(differences, confidence)
    found = word(differences, interval, margin, higher_is_better)
    needed = math.nan
    if found == "undecided":
        needed = count_for_half_width(interval.deviation, margin / 2.0, confidence)
    return Verdict(found, interval, needed)


def unpaired_verdict(
    arm: NDArray[np.float64],
    baseline: NDArray[np.float64],
    margin: float,
    higher_is_better: bool = True,
    confidence: float = 0.95,
) -> Verdict:
    """Judge two sets of replications that have nothing in common; never `identical`."""
    interval = welch_interval(arm, baseline, confidence)
    found = word(np.array([math.nan]), interval, margin, higher_is_better)
    needed = math.nan
    if found == "undecided":
        needed = count_for_half_width(interval.deviation, margin / 2.0, confidence)
    return Verdict(found, interval, needed)
