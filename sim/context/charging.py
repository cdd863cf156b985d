"""Charging: how customers answer a bill besides through its burden."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Charging(Checked):
    """What a tariff does to behaviour; every effect has its own null."""

    surprise_weight: float = quantity("1", 0, 10, "quality lost per unit by which a bill exceeds the expected one")
    surprise_tolerance: float = quantity("share", 0, 10, "excess that is taken without ado")
    restraint: float = quantity("1", 0, 10, "use held back per unit of its price, at median price sensitivity")
    fixed_fee_restraint: float = quantity("share", 0, 0.95, "use lost where a fixed fee stands beside a price of use")
    trimming: float = quantity("share", 0, 1, "share of the unused seats given back at a renewal")
    meter_noise_sd: float = quantity("share", 0, 2, "noise of measuring an outcome beside the contract's own")
    hiding: float = quantity("share", 0, 1, "share of metered use and outcome that customers hide from the meter")
    dispute_weight: float = quantity("1", 0, 1e9, "readiness to dispute, per list price charged in excess")
    dispute_settled: float = quantity("share", 0, 1, "share of the disputed amount that is given up")
    dispute_days: float = quantity("days", 0, 1000, "time until a dispute is settled and the rest paid")
    dispute_quality: float = quantity("1", -2, 2, "quality felt in a dispute")

    @property
    def acts(self) -> bool:
        """Whether customers answer a bill in any way besides its burden."""
        held = self.restraint + self.fixed_fee_restraint + self.trimming + self.hiding
        return self.surprise_weight + held + self.dispute_weight + self.meter_noise_sd > 0.0
