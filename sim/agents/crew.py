"""The people behind a team: hired with a delay, new, experienced, gone; more skilled with practice.

Full-time people, some of them newcomers, looked at once a month. The money of a month pays for everybody who is
there; the pay of positions still open stays in the reserve, and hiring is paid out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.agents.team import ROOM
from sim.rules import staff as rules
from sim.rules.common import levered

if TYPE_CHECKING:
    from sim.agents.team import Team, Usage
    from sim.context.market import Costs
    from sim.context.staff import Staff
    from sim.context.world import World
    from sim.policies.staffing import Weights


class Order(NamedTuple):
    """Positions that are being filled."""

    month: int
    """month of the first day at the earliest"""
    people: float


def crews_of(teams: Sequence[Team], costs: Costs, world: World) -> tuple[Crew, ...]:
    """The people of every team; their skill reaches customers as far as the world lets the team's efforts act."""
    pay = [float(getattr(costs, f"{team.name}_per_month")) for team in teams]
    acts = world.levers
    levers = {"sales": acts.selling, "onboarding": acts.depth, "support": acts.handling, "success": acts.contact}
    return tuple(Crew(team, world.staff, p, levers[team.name]) for team, p in zip(teams, pay, strict=True))


class Crew:
    """The people of one team."""

    def __init__(self, team: Team, staff: Staff, pay_per_month: float, lever: float) -> None:
        self.team = team
        self.headcount = 0.0
        self.newcomers = 0.0
        self.practice_months = 0.0
        self._staff = staff
        self._pay = pay_per_month
        self._lever = lever
        self._orders: list[Order] = []
        self._pace = 1.0

    def work(self, month: int, money: float, later: float, weights: Weights) -> float:
        """Put people to work for a month; returns the money spent, at most `money`.

        `later` is the money for which hiring is begun today.
        """
        affordable = money / self._pay
        hired, vacant = self._staffed(month, affordable, later / self._pay)
        slow = (1.0 - self._staff.newcomer_speed) * self.newcomers
        self._pace = rules.learning_pace(weights.training_share, self._staff.training_gain)
        self.team.set_people((affordable - vacant - slow) * (1.0 - weights.training_share))
        skill = rules.skill(self.practice_months, self._staff.practice_start_months, self._staff.learning_per_doubling)
        self.team.skill = levered(skill, 1.0, self._lever)
        return money - self._pay * (vacant - self._staff.hiring_cost_months * hired)

    def learn(self, usage: Usage) -> None:
        """Practice of the month that has ended: time at work, and training."""
        if usage.capacity > 0.0:
            self.practice_months += self._pace * min(1.0, usage.busy / usage.capacity)

    def _staffed(self, month: int, affordable: float, later: float) -> tuple[float, float]:
        """(people who start today, positions still open)."""
        hired = vacant = 0.0
        if month > 0:
            self._pass_a_month()
            self._order(month, max(affordable, later))
            missing = affordable - self.headcount
            if missing > 0.0:
                hired = self._start(month, missing / (1.0 + self._staff.hiring_cost_months))
                vacant = missing - hired if missing - hired > ROOM else 0.0
            else:
                self._cut(affordable)
        self.headcount = affordable - vacant
        return hired, vacant

    def _pass_a_month(self) -> None:
        """Some leave, some newcomers are new no more."""
        stay = 1.0 - rules.leaving_share(self._staff.turnover_per_year)
        ramped = rules.ramped_share(self._pace, self._staff.ramp_months) * self.newcomers
        self.headcount *= stay
        self.newcomers = stay * (self.newcomers - ramped)

    def _order(self, month: int, target: float) -> None:
        """Begin to fill what is missing; call off what is no longer wanted."""
        missing = target - self.headcount - sum(order.people for order in self._orders)
        if target <= self.headcount:
            self._orders.clear()
        elif missing > 0.0:
            self._orders.append(Order(month + self._staff.hiring_months, missing))

    def _start(self, month: int, most: float) -> float:
        """First day of those whose time has come, as far as there is money; the others wait."""
        hired, waiting = 0.0, []
        for order in self._orders:
            people = min(order.people, most - hired) if order.month <= month else 0.0
            hired += people
            if people < order.people:
                waiting.append(Order(order.month, order.people - people))
        self._orders = waiting
        self.newcomers += hired
        if hired > 0.0:
            self.practice_months *= self.headcount / (self.headcount + hired)
        return hired

    def _cut(self, affordable: float) -> None:
        """Whom the money does not pay for leaves; running jobs are finished."""
        if self.headcount > 0.0:
            self.newcomers *= affordable / self.headcount
