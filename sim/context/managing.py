"""Managing accounts: what a success contact reaches besides use, and what it can spoil."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Managing(Checked):
    """Powers and harms of a contact that finds a product already made; all act under the lever `contact`."""

    realignment: float = quantity("share", 0, 0.95, "csm_realignment: share of missing fit one full contact adds")
    reach_of_user: float = quantity("share", 0, 1, "part of a contact's task that reaches users who are not the buyer")
    inertia_release: float = quantity("share", 0, 1, "share of a customer's inertia that a contact releases")
    release_days: float = quantity("days", 1, 5000, "time for which a contact releases it")
    breadth_hold: float = quantity("logit", 0, 10, "renewal logit gained by a customer who uses every function")

    @property
    def acts(self) -> bool:
        """Whether a contact, or breadth of use, does anything besides raising use."""
        return self.realignment + self.inertia_release + self.breadth_hold > 0.0 or self.reach_of_user < 1.0
