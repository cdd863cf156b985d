"""Silent problems: trouble that nobody reports at once and that usage or outcomes may give away."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, part, quantity


@dataclass(frozen=True)
class Trace(Checked):
    """What one kind of telemetry shows of a silent problem."""

    chance: float = quantity("share", 0, 1, "silent problems that this telemetry ever gives away")
    delay_days: float = quantity("days", 0.01, 5000, "mean time until it does")


@dataclass(frozen=True)
class Silence(Checked):
    """Problems that raise no ticket and depress use until somebody finds them or the customer complains at last."""

    share: float = quantity("share", 0, 1, "problems that raise no ticket at once")
    surface_days: float = quantity("days", 0.1, 1e5, "mean time until a silent problem becomes a complaint after all")
    usage: Trace = part("what usage telemetry shows")
    outcome: Trace = part("what outcome telemetry shows")
    fix_share: float = quantity("share", 0, 1, "chance of a fix unasked, relative to a contact with the customer")
