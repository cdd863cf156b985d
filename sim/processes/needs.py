"""When one customer's needs change: at times of its own, and on the day of a shock."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sim.rules.surroundings import fit_after_change
from sim.streams import exponential
from sim.units import DAYS_PER_YEAR, days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.world import World


def needs_change(world: World) -> bool:
    """Whether fit can ever fall."""
    return world.needs.changes_per_year > 0.0 or (world.shock.months > 0 and world.shock.needs_lost > 0.0)


class Changes:
    """Times run from the day the customer became a candidate, so they are the same under every policy; who chose
    the product after a change chose it with the new needs."""

    __slots__ = ("_own_days", "_shock_days", "number")

    def __init__(self, firm: Firm, c: Customer) -> None:
        self.number = 0
        self._own_days = c.traits.candidate_days
        self._shock_days = shock_days(firm)
        self._forward(firm, c)
        while self._own_days <= c.first_won_days:
            self._forward(firm, c)
        if self._shock_days <= c.first_won_days:
            self._shock_days = inf

    @property
    def next_days(self) -> float:
        """When needs change next; inf for never."""
        return min(self._own_days, self._shock_days)

    def happen(self, firm: Firm, c: Customer) -> None:
        """The change whose time has come: fit falls, and what the product improves from now on counts from there.
        It is no event of a contract that has not begun."""
        mind, account, when, shocked = c.latent, c.account, self.next_days, self._shock_days <= self._own_days
        lost = firm.world.shock.needs_lost if shocked else firm.world.needs.fit_lost
        mind.base_fit = fit_after_change(mind.fit, lost)
        mind.note(base_improvement=firm.releases[mind.release].improvement)
        number, detail = (0, "shock") if shocked else (self.number, "own")
        if when >= account.won_days:
            firm.record.event(when, "needs_changed", c.traits.customer, account.contract, number, lost, detail)
        if shocked:
            self._shock_days = inf
        else:
            self._forward(firm, c)

    def _forward(self, firm: Firm, c: Customer) -> None:
        """The customer's own next change."""
        rate = firm.world.needs.changes_per_year
        if rate == 0.0:
            self._own_days = inf
            return
        self.number += 1
        self._own_days += exponential(firm.draws.need(c.traits.customer, self.number), DAYS_PER_YEAR / rate)


def shock_days(firm: Firm) -> float:
    """Day on which a shock changes everybody's needs; inf if none does before the horizon."""
    shock, begins = firm.world.shock, days(firm.world.shock.begins_month)
    return begins if shock.months and shock.needs_lost > 0.0 and begins < firm.windows.horizon_days else inf
