"""Gestures nobody asked for, and what satisfied customers say of their own accord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.reacting import review
from sim.agents.replying import tell
from sim.agents.sight import account_view
from sim.policies.views import require_view
from sim.rules import society as rules

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.agents.rumour import Rumour
    from sim.context.society import Uses
    from sim.policies.gestures import Gestures

ORDINARY, EVERYTHING = "ordinary", "everything"
"""What an advocate recommends the product for."""


def gesture(firm: Firm, c: Customer, gestures: Gestures, wave: int) -> None:
    """Thanks, a surprise, personal treatment since the last wave, each while the purse lasts."""
    number = c.traits.customer
    view = account_view(c.account, firm.clock.now, firm.draws.surprise(number, wave))
    require_view(view)
    if firm.course:
        view = firm.course.seen(view, number, "gestures")
    chosen = gestures.gesture(view)
    if chosen.thanks:
        _thank(firm, c, wave)
    if chosen.surprise > 0.0:
        _surprise(firm, c, wave, chosen.surprise)
    if chosen.personal > 0.0:
        _personalise(firm, c, wave, chosen.personal)


def _thank(firm: Firm, c: Customer, wave: int) -> None:
    kindness, persona, costs = firm.world.society.kindness, c.traits.persona, firm.market.costs
    if not firm.purse.pay("spend_gestures", kindness.thanks_cost * costs.survey_invitation):
        return
    firm.record.event(firm.clock.now, "thanked", c.traits.customer, c.account.contract, wave)
    weight = kindness.thanks_strength * (1.0 if persona is None else persona.appreciation)
    _feel(firm, c, kindness.thanks_quality, weight)


def _surprise(firm: Firm, c: Customer, wave: int, effort: float) -> None:
    """Beyond what was expected; it warms, and its story may go round."""
    kindness, number, now = firm.world.society.kindness, c.traits.customer, firm.clock.now
    if not firm.purse.pay("spend_gestures", kindness.delight_cost * effort * c.account.list_price_per_month):
        return
    firm.record.event(now, "surprised", number, c.account.contract, wave, effort)
    beyond = rules.surprise(kindness.delight_quality, effort, kindness.delight_half)
    _feel(firm, c, c.latent.expected_service + beyond, kindness.delight_strength)
    reach = firm.world.levers.contact
    if firm.circle.attachment is not None:
        c.latent.note(warmed=c.latent.apart.warmed + reach * firm.circle.attachment.warms)
    if firm.draws.story(number, wave) < reach * kindness.delight_told:
        told = kindness.delight_reach * c.traits.reach
        firm.record.event(now, "told", number, c.account.contract, wave, told, "good")
        tell(firm, number, told, good=True)


def _personalise(firm: Firm, c: Customer, wave: int, depth: float) -> None:
    """Needs what telemetry knows; pleases until it is creepy."""
    kindness, persona = firm.world.society.kindness, c.traits.persona
    cost = kindness.personal_cost * depth * firm.market.costs.usage_reading_per_month * firm.programme.wave_months
    if not firm.purse.pay("spend_gestures", cost):
        return
    firm.record.event(firm.clock.now, "personalised", c.traits.customer, c.account.contract, wave, depth)
    privacy = 1.0 if persona is None else persona.privacy
    beyond = rules.personal(kindness.personal_gain, kindness.personal_creepy, privacy, depth)
    _feel(firm, c, c.latent.expected_service + beyond, kindness.personal_strength)


def _feel(firm: Firm, c: Customer, quality: float, strength: float) -> None:
    """A touch of this quality, as strong as the world lets contacts be; it passes without a reaction."""
    strength = min(1.0, firm.world.levers.contact * strength)
    if strength > 0.0:
        firm.world.process.touch(c, firm.clock.now, quality, 0.0, 0.0, strength)


def recommended_for(firm: Firm, c: Customer, uses: Uses, uniform: float, liking: float) -> str:
    """What somebody who advocates recommends the product for: who would not for important uses reaches fewer."""
    everything = uniform < rules.recommends(liking, uses.stakes, c.latent.peak)
    loudness = 1.0 if everything else 1.0 - uses.important_share
    if loudness != c.latent.apart.loudness:
        firm.crowd.speak(c, 0)
        c.latent.note(loudness=loudness)
    return EVERYTHING if everything else ORDINARY


def praise(firm: Firm, c: Customer, rumour: Rumour, wave: int) -> None:
    """An advocate may write a good review."""
    if firm.draws.praise(c.traits.customer, wave) < rumour.talk.praise:
        review(firm, c, wave, good=True)
