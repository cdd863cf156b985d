"""The installed base: customers whom the firm has at time 0."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, series


@dataclass(frozen=True)
class Installed(Checked):
    """Customers of old, by the time since they signed; their own traits are drawn like everybody's."""

    tenures_months: tuple[float, ...] = series("months", 0, 600, "one customer each, signed so long ago; empty: none")
