"""One replication of one scenario: the only place that creates a SimPy environment."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

from sim.recorder import Recorder, Run
from sim.streams import Streams
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.draws import Draws
    from sim.agents.firm import Firm
    from sim.policies.bundle import Policy
    from sim.scenario import Scenario

BLOCKS_KEPT_AT_LEAST = 4096
CUSTOMERS_PER_BLOCK_KEPT = 8
"""Memory for draws: 1 KiB per candidate, or 32 MiB where there are few."""


def simulate(scenario: Scenario, seed: int = 0, replication: int = 0) -> Run:
    """Run `scenario` once; equal (scenario, seed, replication) give equal tables.

    `seed` and `replication` are whole numbers >= 0. Returns the fact tables (sim.events.SCHEMAS).
    """
    from sim.agents.arrivals import arrive
    from sim.agents.casting import cast
    from sim.agents.climate import calm, surround
    from sim.agents.customer import Customer
    from sim.agents.organisation import close_books, organise
    from sim.agents.population import STREAMS, candidates, installed
    from sim.agents.present import life_so_far
    from sim.context.plan import reference_plan

    streams = Streams(seed, replication)
    windows = scenario.windows
    traits = candidates(scenario.market, scenario.survey, streams, windows.entry_days)
    traits = cast(scenario.world.society, streams, traits)
    streams.blocks_kept = blocks_kept(len(traits))
    people = [Customer(t) for t in traits]
    tenures = scenario.world.installed.tenures_months
    of_old = installed(scenario.market, scenario.survey, streams, len(tenures))
    old = [Customer(t) for t in cast(scenario.world.society, streams, of_old)]
    firm = new_firm(scenario, streams)
    plan = reference_plan(scenario.market, windows, len(old))
    if not calm(scenario.world):
        firm.clock.process(surround(firm, len(plan)))
    firm.clock.process(organise(firm, plan))
    for stream in STREAMS:
        firm.clock.process(arrive(firm, [c for c in people if c.traits.stream == stream]))
    for c, months in zip(old, tenures, strict=True):
        firm.clock.process(life_so_far(firm, c, days(months)))
    firm.clock.run(until=windows.horizon_days)
    close_books(firm)
    for c in (*people, *old):
        _record_customer(firm, c)
    return _run(scenario, firm, replication)


def blocks_kept(candidates: int) -> int:
    """Draw blocks held in memory at most."""
    return max(BLOCKS_KEPT_AT_LEAST, candidates // CUSTOMERS_PER_BLOCK_KEPT)


def new_firm(scenario: Scenario, streams: Streams) -> Firm:
    """The organisation at time 0, with nobody hired yet."""
    from sim.agents.clock import Clock
    from sim.agents.course import course_of
    from sim.agents.crew import crews_of
    from sim.agents.crowd import Crowd
    from sim.agents.desk import Desk
    from sim.agents.draws import Draws
    from sim.agents.firm import Firm
    from sim.agents.purse import Purse
    from sim.agents.team import Team
    from sim.policies.transforming import in_force

    clock, record, unlimited = Clock(), Recorder(), scenario.world.capacity_unlimited
    policy, draws = in_force(scenario.policy), Draws(streams)
    sales, onboarding, success = (Team(clock, name, unlimited=unlimited) for name in ("sales", "onboarding", "success"))
    support = Desk(clock, scenario.world, policy)
    return Firm(
        clock=clock,
        record=record,
        draws=draws,
        market=scenario.market,
        world=scenario.world,
        policy=policy,
        tariff=scenario.pricing,
        programme=scenario.survey,
        windows=scenario.windows,
        budget_scale=scenario.budget_scale,
        course=course_of(scenario.policy, scenario.world.change, draws.turn),
        sales=sales,
        onboarding=onboarding,
        support=support,
        success=success,
        crews=crews_of((sales, onboarding, support, success), scenario.market.costs, scenario.world),
        purse=Purse(clock, record),
        crowd=Crowd(),
        **_habits(policy),
        **_surroundings(scenario, draws),
        **_asked(scenario, policy),
    )


def _habits(policy: Policy) -> dict[str, Any]:
    """What an organisation does besides its teams' work; None where it does not."""
    from sim.agents.hearing import Hearing

    return {
        "engagement": policy.engagement if policy.engagement.engages else None,
        "upgrade": policy.upgrade if policy.upgrade.offers else None,
        "hearing": Hearing() if policy.feedback.listens else None,
        "gestures": policy.gestures if policy.gestures.kind else None,
    }


def _surroundings(scenario: Scenario, draws: Draws) -> dict[str, Any]:
    """What the world and a free plan add to a customer's life; None where they add nothing."""
    from sim.agents.circle import circle_of
    from sim.agents.climate import climate_of
    from sim.agents.followers import Followers
    from sim.agents.front import front_of
    from sim.agents.incidents import possible_days

    world = scenario.world
    return {
        "free": scenario.pricing.free,
        "incident_days": possible_days(world.service.incidents, draws, scenario.windows.horizon_days),
        "asking": world.asking if world.asking.acts else None,
        "managing": world.managing if world.managing.acts else None,
        "charging": world.charging if world.charging.acts else None,
        "stakes": world.stakes if world.stakes.act else None,
        "front": front_of(world.attracting),
        "silence": world.silence if world.silence.share > 0.0 else None,
        "circle": circle_of(world.society, scenario.market),
        "climate": climate_of(world, 0),
        "followers": Followers(world.rivals) if world.rivals.copy else None,
    }


def _asked(scenario: Scenario, policy: Policy) -> dict[str, Any]:
    """What is asked, and a dashboard to steer by with what it tempts people to; None where nobody reads one."""
    from sim.agents.gaming import gaming
    from sim.agents.steering import Wheel
    from sim.events import TRIGGERS

    read = policy.steering.dashboard
    asked = {trigger: scenario.survey.asked(trigger) for trigger in TRIGGERS}
    return {
        "wheel": None if read is None else Wheel(policy.steering, read, scenario.market, scenario.survey),
        "gaming": gaming(read, scenario.world.incentives),
        "questions": {trigger: what for trigger, what in asked.items() if what.instruments},
    }


def _record_customer(firm: Firm, c: Customer) -> None:
    """The row of one candidate, with latent truth as it stood when the relationship or the horizon ended."""
    t, process = c.traits, firm.world.process
    experience, outcome = nan, nan
    if c.status in ("onboarding", "active"):
        process.advance(c, firm)
        process.refresh(c, firm)
        experience, outcome = c.latent.experience, process.outcome(c, firm)
    elif c.account.contract:
        experience, outcome = c.left_experience, c.left_outcome
    firm.record.row(
        "customers", t.customer, firm.market.segment, t.stream, t.candidate_days, t.seats, t.list_price_per_month,
        t.goal_value_per_month, t.fit, t.learning_skill, t.price_sensitivity, t.frailty, t.response_propensity,
        t.style, t.reach, t.patience_days, t.buyer_is_user, t.breadth, t.hold_out, c.status, c.first_won_days,
        c.first_live_days, c.first_end_days, experience, outcome, t.role, t.attachment + c.latent.apart.warmed,
    )  # fmt: skip


def _run(scenario: Scenario, firm: Firm, replication: int) -> Run:
    """Tables out of the recorder."""
    frames = {name: table.frame(replication) for name, table in firm.record.tables.items()}
    return Run(
        **frames,
        windows=scenario.windows,
        discount_rate_per_year=scenario.discount_rate_per_year,
        kernel_events=firm.clock.processed() - firm.rejections,
    )
