"""What it does to customers that a connected product can speak to them at every use."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Engaging(Checked):
    """A touch for every customer at every wave, in proportion to its use."""

    touch: float = quantity("share", 0, 1, "strength of a wave's engagement at full use against a touch by a person")
    noticing: float = quantity("1", 0, 10, "how much faster outcomes are noticed at full use and all effort on them")
    cost: float = quantity("1", 0, 100, "cost of a month of engagement, in usage readings")
