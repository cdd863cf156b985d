"""What surrounds the firm this month: constant within a month, the same whatever the policy."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.agents.clock import ORGANISATION_RANK
from sim.events import ORGANISATION
from sim.rules import surroundings
from sim.rules.common import clip
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.context.world import World


class Climate(NamedTuple):
    """A month's weather; what a calm world has is that of its own configuration."""

    share_experience: float
    """weight of experience in V"""
    courtesy_half: float
    """warm effort that gives courtesy .5"""
    demand: float
    """pull on candidates relative to a calm month"""
    budget: float
    """the organisation's budget relative to plan"""
    squeeze: float
    """logit that customers' own budgets cost, at price sensitivity 1"""
    entrant: float
    """logit lost to a rival that has entered"""


def calm(world: World) -> bool:
    """Whether every month is like the first."""
    return world.shock.months == 0 and world.rivals.pull == 0.0 and not world.rivals.copy


def climate_of(world: World, month: int) -> Climate:
    """The climate of a month."""
    shock, rivals = world.shock, world.rivals
    money = surroundings.shock_strength(month, shock.begins_month, shock.months, 0.0)
    people = surroundings.shock_strength(month, shock.begins_month, shock.months, shock.lasting_share)
    return Climate(
        clip(world.share_experience + people * shock.share_shift, 0.0, 1.0),
        world.efforts.courtesy_half / (1.0 - people * shock.distance),
        1.0 - money * shock.demand_lost,
        1.0 - money * shock.budget_lost,
        money * shock.squeeze,
        surroundings.entrant_pull(days(month - rivals.enters_month), rivals.pull, rivals.build_days),
    )


def surround(firm: Firm, months: int) -> Generator[Any, Any, None]:
    """Every month, before the organisation's own: the climate changes, and rivals copy."""
    for month in range(months):
        firm.climate = climate_of(firm.world, month)
        if firm.followers is not None:
            firm.followers.follow()
        yield firm.clock.at(days(month + 1), ORGANISATION_RANK, ORGANISATION)
