"""Word of mouth among customers one already has: hearing of another's case."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Hearsay(Checked):
    """A customer meets another at a wave; one who warns or recommends is heard (East et al. 2008: which moves
    more is a parameter)."""

    meeting: float = quantity("probability", 0, 1, "chance of meeting another customer between two waves; 0: never")
    bad_quality: float = quantity("1", -2, 2, "quality felt when hearing a warning")
    bad_strength: float = quantity("share", 0, 1, "how strongly a warning counts, as a share of a contact of one's own")
    good_quality: float = quantity("1", -2, 2, "quality felt when hearing a recommendation")
    good_strength: float = quantity("share", 0, 1, "how strongly a recommendation counts")
