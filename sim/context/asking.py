"""Asking: what being asked does to people, and whose voice an answer is."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Asking(Checked):
    """Side effects of measuring. The audit survey has none of them: it tires and stirs nobody."""

    fatigue_logit: float = quantity("logit", 0, 10, "logit of answering lost per recent invitation")
    fatigue_half_life_days: float = quantity("days", 1, 5000, "time in which an invitation weighs half")
    measurement_logit: float = quantity("logit", -5, 5, "V gained right after answering (mere measurement)")
    measurement_half_life_days: float = quantity("days", 1, 5000, "time in which that gain halves")
    extreme_style_sd: float = quantity("log sd", 0, 2, "spread of how far people use the ends of a scale")
    buyer_hears: float = quantity("share", 0, 1, "users' experience that reaches a buyer who does not use the product")
    user_sees: float = quantity("share", 0, 1, "the outcome that a user who is not the buyer sees")

    @property
    def acts(self) -> bool:
        """Whether anything differs from asking without side effects one person who buys, uses and answers."""
        apart = self.buyer_hears < 1.0 or self.user_sees < 1.0
        return apart or self.fatigue_logit > 0.0 or self.measurement_logit != 0.0 or self.extreme_style_sd > 0.0
