"""From signature to go-live: tasks, abandonment, and the decision to cancel."""

from __future__ import annotations

from collections.abc import Generator
from math import inf
from typing import TYPE_CHECKING, Any

from simpy.events import AnyOf

from sim.agents.attending import misses
from sim.agents.clock import CUSTOMER_RANK
from sim.agents.contracting import cancel
from sim.agents.mind import value_now
from sim.agents.reacting import TASK, react
from sim.agents.renewing import settle_period
from sim.agents.sight import project_view
from sim.agents.staking import spur
from sim.agents.surveying import ask
from sim.agents.team import ABANDONED, Job
from sim.policies.views import require_view
from sim.rules.common import logistic
from sim.rules.effort import Treatment, treatment
from sim.streams import exponential, normal
from sim.units import WORK_HOURS_PER_DAY

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.agents.customer import Customer
    from sim.agents.firm import Firm

TASKS_PER_CONTRACT = 32


def implement(firm: Firm, c: Customer) -> Generator[Any, Any, bool]:
    """The implementation; True if the product goes live."""
    number, setup = c.traits.customer, firm.market.onboarding
    view = project_view(c.account)
    require_view(view)
    if firm.course:
        view = firm.course.seen(view, number, "onboarding")
    plan, levers = firm.policy.onboarding.plan(view), firm.world.levers
    if firm.stakes is not None:
        effort, warmth = spur(c, firm.stakes, plan.effort, plan.warmth)
        plan = plan._replace(effort=effort, warmth=warmth)
    treated = treatment(plan.effort, plan.warmth, levers.depth, levers.work, firm.climate.courtesy_half)
    if setup.lag_days > 0.0:
        start = firm.clock.now + setup.lag_days
        if not (yield from _until(firm, c, (firm.clock.at(start, CUSTOMER_RANK, number),), start)):
            return False
    for task in range(setup.tasks):
        if not (yield from _task(firm, c, c.account.contract * TASKS_PER_CONTRACT + task, treated)):
            return False
    return _go_live(firm, c, treated.task * firm.onboarding.skill)


def _task(firm: Firm, c: Customer, occurrence: int, treated: Treatment) -> Generator[Any, Any, bool]:
    """One task raced by abandonment; False if the customer gave up first, waiting or being served."""
    number, setup, begun = c.traits.customer, firm.market.onboarding, firm.clock.now
    gives_up = inf
    if setup.abandon_per_day > 0.0:
        gives_up = exponential(firm.draws.abandon(number, occurrence), 1.0 / setup.abandon_per_day)
    work = exponential(firm.draws.task_work(number, occurrence), setup.task_hours * treated.work)
    vexed, notices = 0.0, firm.world.service.notices
    if notices.missed > 0.0 and misses(firm, c, occurrence):
        if not (yield from _rebook(firm, c, occurrence, gives_up)):
            return False
        begun, gives_up = firm.clock.now, gives_up - notices.rebooking_days
        work, vexed = work * (1.0 + notices.wasted), notices.missed_quality
    job = firm.onboarding.request(number, work, 0.0, gives_up)
    ends: tuple[Event, ...] = (job,)
    when = _ends_days(job, begun)
    if begun + gives_up <= when:
        ends = (job, firm.clock.at(begun + gives_up, CUSTOMER_RANK, number))
    if not (yield from _until(firm, c, ends, min(when, begun + gives_up))):
        return False
    waited: Any = job.value
    if not job.processed or waited == ABANDONED:
        cancel(firm, c, firm.clock.now, "abandoned")
        return False
    noise = normal(firm.draws.task_quality(number, occurrence), 0.0, firm.world.efforts.courtesy_noise_sd)
    firm.world.process.touch(c, firm.clock.now, treated.courtesy - vexed, waited, noise)
    if firm.circle.reactions is not None:
        firm.world.process.refresh(c, firm)
        react(firm, c, firm.circle.reactions, TASK, occurrence)
    return True


def _rebook(firm: Firm, c: Customer, occurrence: int, gives_up: float) -> Generator[Any, Any, bool]:
    """A missed appointment is booked again some days later; False if the customer is gone by then."""
    number, now, lost = c.traits.customer, firm.clock.now, firm.world.service.notices.rebooking_days
    firm.record.event(now, "appointment_missed", number, c.account.contract, occurrence, lost)
    until = now + min(lost, gives_up)
    if not (yield from _until(firm, c, (firm.clock.at(until, CUSTOMER_RANK, number),), until)):
        return False
    if gives_up <= lost:
        cancel(firm, c, firm.clock.now, "abandoned")
        return False
    return True


def _until(firm: Firm, c: Customer, ends: tuple[Event, ...], latest_days: float) -> Generator[Any, Any, bool]:
    """Wait for the first of `ends`, due at `latest_days` at the latest; bills and terms that end before it are settled
    on their day. False if the customer does not renew.

    Each wait has a condition of its own: SimPy takes a condition apart once it is met, with those inside it.
    """
    while not _any(ends) and c.bill.to_days < latest_days:
        yield AnyOf(firm.clock, (*ends, firm.clock.at(c.bill.to_days, CUSTOMER_RANK, c.traits.customer)))
        if not _any(ends):
            firm.world.process.advance(c, firm)
            if not settle_period(firm, c):
                return False
    if not _any(ends):
        yield AnyOf(firm.clock, ends) if len(ends) > 1 else ends[0]
    return True


def _any(ends: tuple[Event, ...]) -> bool:
    """Whether one of them is over."""
    return any(end.processed for end in ends)


def _ends_days(job: Job, now: float) -> float:
    """When a job that has just been requested will be done; inf while it waits in line."""
    return inf if job.queued else now + job.hours / (WORK_HOURS_PER_DAY * job.speed)


def _go_live(firm: Firm, c: Customer, depth_effort: float) -> bool:
    """Cancel or start using."""
    number, now, account, process = c.traits.customer, firm.clock.now, c.account, firm.world.process
    process.live(c, firm, depth_effort)
    process.refresh(c, firm)
    refusal = logistic(firm.world.deciding.cancel_intercept - value_now(c, firm))
    if firm.draws.cancel(number, account.contract) < refusal:
        cancel(firm, c, now, "decided")
        return False
    go_live(firm, c)
    ask(firm, c, "after_onboarding", account.contract)
    return True


def go_live(firm: Firm, c: Customer) -> None:
    """The product is in use under the running contract."""
    account, now = c.account, firm.clock.now
    account.go_live_days = now
    if account.contract == 1:
        c.first_live_days = now
    c.status = "active"
    firm.record.event(now, "go_live", c.traits.customer, account.contract, value=now - account.won_days)
