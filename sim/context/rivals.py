"""Rivals: one may enter and pull customers away, and all may copy what the firm does well."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, count, quantity


@dataclass(frozen=True)
class Rivals(Checked):
    """competitor(t) and imitation; the switches are `pull` and the two speeds."""

    enters_month: int = count(0, 239, "month in which a rival enters")
    pull: float = quantity("logit", -10, 10, "logit of buying and staying lost to it in the end; below 0: it gives way")
    build_days: float = quantity("days", 1, 10_000, "time constant in which its pull builds up")
    watch_days: float = quantity("days", 1, 10_000, "time over which a lead must show before rivals take it for one")
    copies_experience_per_year: float = quantity("1/year", 0, 50, "speed of copying a lead in service; 0: never")
    copies_outcome_per_year: float = quantity("1/year", 0, 50, "speed of copying a lead in outcomes; 0: never")

    @property
    def copy(self) -> bool:
        """Whether anything is ever copied."""
        return self.copies_experience_per_year > 0.0 or self.copies_outcome_per_year > 0.0
