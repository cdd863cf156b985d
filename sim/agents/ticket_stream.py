"""When a customer's tickets arise: thinning of a candidate stream fixed by traits."""

from __future__ import annotations

from math import inf, log
from typing import TYPE_CHECKING

from sim.processes.needs import needs_change
from sim.rules import tickets
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


class TicketStream:
    """The candidate times of one customer's tickets, at a ceiling rate fixed by traits.

    Times run from the day the customer became a candidate, so they are the same under every policy.
    Candidates that are sure to be rejected are passed over without a visit: the early-life factor of
    a future moment is known today, use is at most full, a release only ever lowers the rest, and where needs
    change the worst fit is allowed for.
    """

    __slots__ = (
        "_early",
        "_fit",
        "_level",
        "_live_days",
        "_luck",
        "_mean_gap_days",
        "_most",
        "_release",
        "next_days",
        "number",
    )

    def __init__(self, firm: Firm, c: Customer) -> None:
        t = firm.market.tickets
        ceiling = t.per_month * tickets.misfit(_least_fit(firm, c), t.misfit_weight) * (1.0 + t.early_height)
        self._mean_gap_days = DAYS_PER_MONTH / ceiling if ceiling > 0.0 else inf
        self._live_days = c.account.go_live_days
        self._release = -1
        self._fit = -1.0
        self.number = -1
        self.next_days = c.traits.candidate_days if ceiling > 0.0 else inf
        self._see_release(firm, c)
        self.forward(firm, c)

    def forward(self, firm: Firm, c: Customer) -> None:
        """Move to the next candidate that could become a ticket under the release seen last."""
        if self.next_days == inf:
            return
        t, customer, live, most = firm.market.tickets, c.traits.customer, self._live_days, self._most
        gap, accept, mean_days = firm.draws.ticket_gap, firm.draws.ticket, self._mean_gap_days
        number, next_days = self.number, self.next_days
        while True:
            number += 1
            next_days -= log(gap(customer, number)) * mean_days
            if next_days >= live:
                early = tickets.early_life(next_days - live, t.early_height, t.early_days)
                luck = accept(customer, number)
                if luck < most * early:
                    break
        self.number, self.next_days, self._early, self._luck = number, next_days, early, luck

    def accepted(self, firm: Firm, c: Customer) -> bool:
        """Whether the candidate whose time is now becomes a ticket; the state must have been advanced."""
        self._see_release(firm, c)
        used = tickets.use(firm.world.process.use(c), firm.market.tickets.use_floor)
        return self._luck < self._level * self._early * used

    def _see_release(self, firm: Firm, c: Customer) -> None:
        """Rate at full use and without early life, as a share of the ceiling, under the release in use; `_most` is
        as high as it can become before the next release."""
        if self._release == c.latent.release and self._fit == c.latent.fit:
            return
        self._release, self._fit = c.latent.release, c.latent.fit
        self._level = self._most = self._level_at(firm, c, firm.world.process.fit(c, firm))
        if needs_change(firm.world):
            self._most = self._level_at(firm, c, 0.0)

    def _level_at(self, firm: Firm, c: Customer, fit: float) -> float:
        t, release = firm.market.tickets, firm.releases[max(0, self._release)]
        worst = tickets.misfit(_least_fit(firm, c), t.misfit_weight) * (1.0 + t.early_height)
        return (
            tickets.defects(release.defect_level, t.defect_share)
            * tickets.misfit(fit, t.misfit_weight)
            * (1.0 - release.prevention)
            / worst
        )


def _least_fit(firm: Firm, c: Customer) -> float:
    """The worst fit that is allowed for."""
    return 0.0 if needs_change(firm.world) else c.traits.fit
