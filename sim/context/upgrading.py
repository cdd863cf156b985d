"""Upgrades that can be offered in the middle of a term: what they cost, what they bring, who takes them."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Upgrading(Checked):
    """One step up for a customer who is asked; nothing is on offer where the step is 0."""

    step: float = quantity("share", 0, 5, "price of the upgrade as a share of the list price; 0 = nothing to offer")
    fit_share: float = quantity("share", 0, 1, "share of missing fit that it delivers")
    intercept: float = quantity("logit", -20, 20, "logit of taking it when asked, V added")
