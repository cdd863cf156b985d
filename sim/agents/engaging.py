"""Engage: the product speaks to its users, the more the more they use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.sight import account_view
from sim.policies.views import require_view
from sim.rules.common import saturate
from sim.streams import normal
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.policies.engagement import Engagement


def engage(firm: Firm, c: Customer, engagement: Engagement, wave: int) -> None:
    """What the product said since the last wave, while the purse lasts; the state must have been advanced."""
    number, now = c.traits.customer, firm.clock.now
    view = account_view(c.account, now, firm.draws.lot(number, wave))
    require_view(view)
    if firm.course:
        view = firm.course.seen(view, number, "engagement")
    engaged = engagement.engage(view)
    costs, months = firm.market.costs, firm.programme.wave_months
    cost = engaged.effort * firm.world.engaging.cost * costs.usage_reading_per_month * months
    if engaged.effort <= 0.0 or not firm.purse.pay("spend_engagement", cost):
        return
    use, world, efforts = firm.world.process.use(c), firm.world.engaging, firm.world.efforts
    firm.record.event(now, "engaged", number, c.account.contract, wave, use)
    reach = firm.world.levers.contact * use
    if reach > 0.0:
        courtesy = saturate(engaged.effort * engaged.warmth, efforts.courtesy_half)
        noise = normal(firm.draws.engagement(number, wave), 0.0, efforts.courtesy_noise_sd)
        firm.world.process.touch(c, now, courtesy, 0.0, noise, strength=min(1.0, reach * world.touch))
        shown = saturate(engaged.effort * (1.0 - engaged.warmth), efforts.contact_half)
        since = min(days(months), now - c.account.go_live_days)
        c.latent.noticed_days += reach * world.noticing * shown * since
