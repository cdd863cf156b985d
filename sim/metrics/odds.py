"""Odds ratios of 2x2 tables, pooled over strata."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from sim.metrics.facts import Flags


class Table(NamedTuple):
    """Stayed and left in the exposed and the unexposed group."""

    exposed_stayed: float
    exposed_left: float
    unexposed_stayed: float
    unexposed_left: float

    @classmethod
    def of(cls, exposed: Flags, unexposed: Flags, stayed: Flags) -> Table:
        """Counts of one stratum."""
        groups = (exposed & stayed, exposed & ~stayed, unexposed & stayed, unexposed & ~stayed)
        return cls(*(float(group.sum()) for group in groups))


def pooled_log_odds(tables: Sequence[Table]) -> float:
    """Log of the Mantel-Haenszel odds ratio: log(sum(a d / n) / sum(b c / n)).

    Mantel & Haenszel (1959), J. Nat. Cancer Inst. 22:719-748. nan where either sum is 0: one replication with no
    leaver in a quadrant says nothing finite, so pool the counts of several.
    """
    for_, against = 0.0, 0.0
    for t in tables:
        n = sum(t)
        if n:
            for_ += t.exposed_stayed * t.unexposed_left / n
            against += t.exposed_left * t.unexposed_stayed / n
    return math.log(for_ / against) if for_ > 0.0 and against > 0.0 else math.nan
