"""What holds a customer besides value: breadth of use, less the inertia that account management lets loose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.common import levered

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.managing import Managing


def held(managing: Managing, c: Customer, firm: Firm) -> float:
    """Renewal logit gained by breadth of use, less the inertia that a recent contact has released."""
    gain = managing.breadth_hold * c.traits.breadth * firm.world.process.use(c)
    if firm.clock.now - c.account.contacted_days <= managing.release_days:
        inertia = max(c.traits.frailty + firm.world.deciding.switching_cost, 0.0)
        gain -= levered(managing.inertia_release, 0.0, firm.world.levers.contact) * inertia
    return gain
