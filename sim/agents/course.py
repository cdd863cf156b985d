"""The course of a transformation: how much of the organisation works the new way, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sim.events import ORGANISATION
from sim.policies import views
from sim.policies.transforming import Transforming
from sim.policies.transforming.rollout import POINTS, STAGE_OF, STAGES
from sim.rules import change as rules
from sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.context.change import Change
    from sim.policies.bundle import Policy
    from sim.policies.staffing import Weights
    from sim.policies.transforming.rollout import Rollout
    from sim.streams import Draw

View = TypeVar(
    "View",
    views.LeadView,
    views.ProjectView,
    views.TicketView,
    views.AccountView,
    views.AlarmView,
    views.FeedbackView,
    views.SurveyView,
)
"""What is seen of a single customer."""
RESULTS = 10
"""A tenth of the way is a result."""


def course_of(policy: Policy | Transforming, change: Change, turn: Draw) -> Course | None:
    """The course of an organisation that changes its ways; None for one that does not."""
    return Course(policy.rollout, change, turn) if isinstance(policy, Transforming) else None


class Course:
    """How far the change has come."""

    def __init__(self, rollout: Rollout, change: Change, turn: Draw) -> None:
        self.reached = 1.0 if change.course_years == 0.0 else change.start_share
        self.stages: dict[str, float] = {}
        self._rollout = rollout
        self._change = change
        self._turn = turn
        self._windows = windows(rollout)
        self._trained_months = 0.0
        self._months_since_result = 0.0
        self._set(self.reached)

    def advance(self, month: int, weights: Weights, mean_budget: float, most: float) -> float:
        """Go on for a month, as far as `most` money pays for it; returns the money it costs."""
        if month == 0 or self._change.course_years == 0.0 or month <= self._rollout.pilot_months:
            return 0.0
        self._trained_months += weights.training_share
        self._months_since_result += 1.0
        wanted = self._next(weights) - self.reached
        price = wanted * self._change.cost_months * mean_budget
        paid = min(price, most)
        self._set(self.reached + (wanted if paid == price else wanted * paid / price))
        return paid

    def seen(self, view: View, customer: int, point: str) -> View:
        """A customer's view with the share reached at a decision point, and the customer's own fixed uniform for
        that decision: who comes first."""
        return view._replace(turn=self._turn_of(customer, point), reached=self.reached_at(point))

    def has_turned(self, customer: int, point: str) -> bool:
        """Whether this customer is treated the new way where no strategy of the bundle decides."""
        return self._turn_of(customer, point) < self.reached_at(point)

    def reached_at(self, point: str) -> float:
        """Share reached at a decision point."""
        return self.stages[STAGE_OF.get(point, STAGES[0])]

    def _turn_of(self, customer: int, point: str) -> float:
        return self._turn(customer, 0 if self._rollout.by_cohort else POINTS.index(point))

    def _next(self, weights: Weights) -> float:
        """Share reached a month later if it is paid for."""
        lead, change = self._rollout, self._change
        ceiling = rules.without(lead.authority, change.ceiling_without_authority)
        if self.reached >= ceiling:
            return self.reached
        rate = rules.rate_per_year(change.course_years) * self._speed(weights) / MONTHS_PER_YEAR
        return rules.spread(self.reached, ceiling, rate)

    def _speed(self, weights: Weights) -> float:
        """Speed relative to a change that lacks nothing."""
        lead, change = self._rollout, self._change
        culture = rules.empathy(change.empathy_per_training_month, self._trained_months)
        return (
            lead.funding
            * rules.without(lead.sponsorship, change.speed_without_sponsor)
            * rules.without(float(lead.leader), change.speed_without_leader)
            * rules.without(1.0 / weights.goals, change.speed_among_silos)
            * rules.without(min(1.0, lead.pilot_months / change.pilot_months), change.speed_without_pilot)
            * rules.momentum(self._months_since_result, change.momentum_half_life_months)
            * rules.gated(culture, change.empathy_gate)
        )

    def _set(self, reached: float) -> None:
        """Note the share reached; where progress is measured, every tenth of the way gives new momentum."""
        if self._rollout.measures and int(RESULTS * reached) > int(RESULTS * self.reached):
            self._months_since_result = 0.0
        self.reached = reached
        self.stages = {
            stage: rules.stage_reached(reached, before, width) for stage, (before, width) in self._windows.items()
        }


def windows(rollout: Rollout) -> dict[str, tuple[float, float]]:
    """Stage -> the part of the whole way in which it is rolled out (start, width); stages with the same number
    share theirs, and every stage weighs the same."""
    ranks = {stage: getattr(rollout, stage) for stage in STAGES}
    found = {}
    for stage, rank in ranks.items():
        before = sum(other < rank for other in ranks.values())
        width = sum(other == rank for other in ranks.values())
        found[stage] = (before / len(STAGES), width / len(STAGES))
    return found


def planned(firm: Firm, view: views.PlanView, point: str | None = None) -> views.PlanView:
    """A month's view with the share reached, of the whole or at a decision point."""
    if firm.course is None:
        return view
    return view._replace(reached=firm.course.reached if point is None else firm.course.reached_at(point))


def report_course(firm: Firm) -> None:
    """One event per stage: the share reached from now on."""
    if firm.course is not None:
        for stage, reached in firm.course.stages.items():
            firm.record.event(firm.clock.now, "transformed", ORGANISATION, value=reached, detail=stage)
