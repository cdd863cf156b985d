"""Calendar waves: the relationship survey, word of mouth, and whom success management contacts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.agents.engaging import engage
from sim.agents.gesturing import gesture, praise, recommended_for
from sim.agents.hearing import ANYTHING, TALK
from sim.agents.hearsay import hear_of
from sim.agents.mind import attached, value_now
from sim.agents.reacting import VISIT, react
from sim.agents.sight import account_view, survey_view
from sim.agents.staking import spur
from sim.agents.surveying import ask
from sim.agents.team import ABANDONED
from sim.agents.upgrading import offer_upgrade
from sim.policies.views import require_view
from sim.rules.common import logistic, saturate
from sim.rules.renewal import three_way
from sim.streams import exponential, normal
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.policies.success import Contact


def meet_wave(firm: Firm, c: Customer, wave: int) -> None:
    """Everything a calendar wave brings; the state must have been advanced."""
    process = firm.world.process
    process.wave(c, firm, wave)
    if firm.engagement:
        engage(firm, c, firm.engagement, wave)
    if firm.world.hearsay.meeting > 0.0:
        hear_of(firm, c, wave)
    if firm.gestures:
        gesture(firm, c, firm.gestures, wave)
    process.refresh(c, firm)
    _read_usage(firm, c)
    ask(firm, c, "wave", wave)
    speak(firm, c, wave)
    _consider_contact(firm, c, wave)
    if firm.upgrade:
        offer_upgrade(firm, c, firm.upgrade, wave)
    if firm.programme.lag_waves:
        c.latent.outcomes = (*c.latent.outcomes, process.outcome(c, firm))[-firm.programme.lag_waves :]
    if firm.wheel is not None:
        firm.wheel.records.read(c, wave, firm.clock.now)
    c.account.tickets_this_quarter = 0


def _read_usage(firm: Firm, c: Customer) -> None:
    """Telemetry of a connected product, while the purse lasts."""
    view = survey_view(c.account, firm.clock.now)
    require_view(view)
    cost = firm.market.costs.usage_reading_per_month * firm.programme.wave_months
    if firm.course:
        view = firm.course.seen(view, c.traits.customer, "listening")
    if firm.policy.listening.sense(view).usage and firm.purse.pay("spend_readings", cost):
        c.account.last_usage = firm.world.process.use(c)
        c.account.last_breadth = c.traits.breadth * c.account.last_usage


def speak(firm: Firm, c: Customer, wave: int) -> None:
    """Advocate, detract or stay silent until the next wave."""
    d, circle, number = firm.world.deciding, firm.circle, c.traits.customer
    value, uniform, detail = value_now(c, firm), firm.draws.voice(number, wave), ""
    if circle.attachment is not None:
        value += circle.attachment.recommend * attached(c)
    liking = d.advocate_intercept + value
    voice = three_way(uniform, logistic(liking), logistic(d.detract_intercept - value))
    if circle.uses is not None and voice > 0:
        detail = recommended_for(firm, c, circle.uses, uniform, liking)
    firm.crowd.speak(c, voice)
    if voice:
        firm.record.event(firm.clock.now, "advocacy", number, c.account.contract, wave, float(voice), detail)
    if voice > 0 and circle.rumour is not None:
        praise(firm, c, circle.rumour, wave)


def _consider_contact(firm: Firm, c: Customer, wave: int) -> None:
    """Hand the account's view to the success policy and queue the contact it wants."""
    success = firm.policy.success
    if success.by_metric and c.traits.hold_out:
        return
    number = c.traits.customer
    view = account_view(c.account, firm.clock.now, firm.draws.lot(number, wave))
    require_view(view)
    if firm.course:
        view = firm.course.seen(view, number, "success")
    contact = success.contact(view)
    if contact.effort <= 0.0:
        return
    if firm.stakes is not None:
        effort, warmth = spur(c, firm.stakes, contact.effort, contact.warmth)
        contact = contact._replace(effort=effort, warmth=warmth)
    mean_hours = firm.market.costs.success_hours_per_month * firm.programme.wave_months
    hours = exponential(firm.draws.success_work(number, wave), mean_hours) * contact.effort
    job = firm.success.request(number, hours, 0.0, days(firm.programme.wave_months))
    job.then(partial(_end_contact, firm, c, wave, contact))


def _end_contact(firm: Firm, c: Customer, wave: int, contact: Contact, waited: float) -> None:
    """The contact happened, unless its turn never came or the customer has left."""
    if c.status != "active" or waited == ABANDONED:
        return
    number, now, process = c.traits.customer, firm.clock.now, firm.world.process
    c.account.contacted_days = now
    gain = firm.world.levers.contact
    if gain > 0.0:
        process.advance(c, firm)
        efforts = firm.world.efforts
        courtesy = saturate(contact.effort * contact.warmth, firm.climate.courtesy_half)
        noise = normal(firm.draws.success_quality(number, wave), 0.0, efforts.courtesy_noise_sd)
        process.touch(c, now, courtesy, 0.0, noise, strength=gain)
        process.contact(c, firm, contact.effort * firm.success.skill, contact.warmth)
        process.refresh(c, firm)
        if firm.circle.reactions is not None:
            react(firm, c, firm.circle.reactions, VISIT, wave)
    if firm.hearing:
        firm.hearing.hear(firm, c, TALK, ANYTHING)
    if firm.wheel is not None:
        firm.wheel.records.meet(c, now)
    firm.record.event(now, "success_contact", number, c.account.contract, wave, contact.effort)
