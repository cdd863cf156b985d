"""How a firm meets people who are not yet customers, as far as the world has it; a part that does not act is None."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.rules import coming
from sim.rules.common import levered

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.context.attracting import Attracting, Checkout, Diffusion, Meetings, Ways
    from sim.policies.attraction import Presence


class Front(NamedTuple):
    """The parts of `world.attracting` that act on a sale or on the market."""

    meetings: Meetings | None
    ways: Ways | None
    checkout: Checkout | None
    diffusion: Diffusion | None


def front_of(world: Attracting) -> Front:
    """Switches resolved once for a run."""
    return Front(
        world.meetings if world.meetings.matter else None,
        world.ways if world.ways.shares else None,
        world.checkout if world.checkout.seen > 0.0 else None,
        world.diffusion if world.diffusion.market_months > 0.0 else None,
    )


def appear(firm: Firm, chosen: Presence, money: float) -> None:
    """Show the organisation as it has decided for this month, with `money` of marketing relative to plan; the world
    lets gates, information and open ways act as far as its levers go."""
    world, levers = firm.world.attracting, firm.world.levers
    information = coming.informed(money * chosen.material, world.material.half)
    upkeep = world.ways.upkeep * (chosen.web + chosen.app)
    pull = coming.pull(money, chosen.material, upkeep, world.material.lead_gain, information)
    firm.marketing_effect = levered(pull, 1.0, levers.marketing)
    firm.clarity = levers.marketing * world.material.accuracy * information
    opened = min(1.0, levers.selling)
    firm.presence = chosen._replace(
        gated=levers.marketing * chosen.gated, web=opened * chosen.web, app=opened * chosen.app
    )


def spread(firm: Firm, diffusion: Diffusion, imitated: bool) -> float:
    """Leads relative to a market in which nobody has bought."""
    share = min(1.0, firm.crowd.buyers / (diffusion.market_months * firm.market.arrival.candidates_per_month))
    return coming.spread(share, diffusion.imitation if imitated else 0.0)
