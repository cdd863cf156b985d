"""What people do with a plan without a price; without effect where no tariff has one."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Trying(Checked):
    """Besides what every customer does: value, leave, talk, ask for help."""

    pull: float = quantity("share", 0, 10, "more attraction of something that costs nothing")
    zero_price: float = quantity("logit", 0, 20, "logit of paying lost because nothing is special, beyond the price")
    own_hours: float = quantity("hours", 0, 1e4, "work of an implementation that a user does alone")
