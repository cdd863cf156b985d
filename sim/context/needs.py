"""Needs drift: customers come to want something else, and what fitted fits less."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Needs(Checked):
    """Jumps of what a customer needs; the switch is `changes_per_year`."""

    changes_per_year: float = quantity("1/year", 0, 20, "rate at which a customer's needs change; 0: never")
    fit_lost: float = quantity("share", 0, 1, "share of the fit that a change of needs takes away")
