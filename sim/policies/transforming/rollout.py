"""How a change is led and in which order it is rolled out."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, count, flag, quantity

STAGES = ("services", "pricing", "selling", "support")
"""What is rolled out; everything that is neither price, sale nor support is a service. There is a price to roll out
where the pricing lever is a menu."""
STAGE_OF = {
    "tariff": "pricing",
    **dict.fromkeys(("sales", "attraction"), "selling"),
    **dict.fromkeys(("support", "conduct", "desk"), "support"),
}
POINTS = (
    "sales",
    "onboarding",
    "support",
    "success",
    "listening",
    "monitoring",
    "survey",
    "feedback",
    "engagement",
    "upgrade",
    "attention",
    "tariff",
    "gestures",
)
"""Decisions about single customers, in the order of their draws; a new one goes to the end."""


@dataclass(frozen=True)
class Rollout(Checked):
    """Mandate, funding and order of a transformation."""

    authority: float = quantity("share", 0, 1, "how far those who lead the change may decide")
    sponsorship: float = quantity("share", 0, 1, "how far the executives stand behind it")
    leader: bool = flag("a single person answers for it")
    measures: bool = flag("progress is measured, so that results are seen")
    funding: float = quantity("share", 0, 1, "share of full pace that is paid for")
    pilot_months: float = quantity("months", 0, 120, "time in which only the first ones work the new way")
    by_cohort: bool = flag("the same customers come first in every decision")
    services: int = count(1, 4, "turn in the order; stages with equal numbers go together")
    pricing: int = count(1, 4, "turn in the order")
    selling: int = count(1, 4, "turn in the order")
    support: int = count(1, 4, "turn in the order")
