"""Incentives: what pay by a metric does to the people who are paid."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Incentives(Checked):
    """All at a full incentive; a policy that pays by no metric meets none of it. Customers of the hold-out are left
    alone, and so is the audit."""

    bonus_share: float = quantity("share", 0, 1, "money of a month that a full incentive pays out")
    follow_through: float = quantity("share", 0, 1, "part of a decided shift carried out without any incentive")
    begging: float = quantity("answer sd", 0, 20, "answers raised by asking for a good one")
    selection: float = quantity("probability", 0, 1, "invitations held back from who scored low the last time")
    skip_below: float = quantity("scale", 0, 10, "a score below this is low")
    timing: float = quantity("probability", 0, 1, "invitations held back while something is open")
    polishing: float = quantity("share", 0, 1, "outcome readings raised by those who take them")
