"""Steering: at every quarter the dashboard is read and money follows what seems to move the metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.dashboard import Records, Sums
from sim.events import ORGANISATION
from sim.policies.steering import USES, Emphasis
from sim.policies.views import SteeringView, require_view
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.context.market import Market
    from sim.context.plan import Need
    from sim.context.world import World
    from sim.policies.staffing import Weights
    from sim.policies.steering import Dashboard, Steering
    from sim.surveys.programme import Programme

EVEN = Emphasis(1.0, 1.0, 1.0, 1.0)


class Wheel:
    """The steering of one organisation: its records, what it has learned, where the money goes."""

    def __init__(self, steering: Steering, dashboard: Dashboard, market: Market, programme: Programme) -> None:
        self.records = Records(frozenset(dashboard.metrics), market.use.first_value_outcome)
        self.from_days = days(dashboard.from_month)
        self._steering = steering
        self._dashboard = dashboard
        self._wave_days = days(programme.wave_months)
        self._known = {metric: Sums() for metric in sorted(self.records.metrics)}
        self._waiting: list[dict[str, Sums]] = []
        self._closed = 0
        self._decided = EVEN

    def turn(self, firm: Firm, weights: Weights, need: Need) -> Weights:
        """The month's weights; a quarter that is over is read first, and what was decided is carried out. The four
        steered uses share the money they had: nothing comes from marketing, selling or listening."""
        while (self._closed + 2) * self._wave_days <= firm.clock.now + 1e-6:
            self._close(firm)
            if firm.clock.now >= self.from_days - 1e-6:
                self._decide(firm, weights, need)
        if self._decided == EVEN:
            return weights
        carried = self._carried(firm.world)
        old = [getattr(weights, use) for use in USES]
        new = [weight * x**carried for weight, x in zip(old, self._decided, strict=True)]
        needs = [getattr(need, use) for use in USES]
        fair = _money(old, needs) / _money(new, needs)
        return weights._replace(**{use: fair * weight for use, weight in zip(USES, new, strict=True)})

    def bonus_share(self, firm: Firm) -> float:
        """Share of the month's money that is paid for what the metric shows, once it moves the money."""
        started = firm.clock.now >= self.from_days - 1e-6
        return started * self._dashboard.incentive * firm.world.incentives.bonus_share

    def _carried(self, world: World) -> float:
        """Part of a decided shift that is carried out."""
        free = world.incentives.follow_through
        return free + (1.0 - free) * self._dashboard.incentive

    def _close(self, firm: Firm) -> None:
        """The wave before the last is on the dashboard, or waits for its lag to pass."""
        self._closed += 1
        self._waiting.append(self.records.close(self._closed))
        if len(self._waiting) <= self._dashboard.lag_quarters:
            return
        fresh = self._waiting.pop(0)
        for metric, known in self._known.items():
            new = fresh.get(metric, Sums())
            known.take(new, self._dashboard.memory)
            if new.n > 0.0:
                firm.record.event(firm.clock.now, "dashboard_read", ORGANISATION, 0, self._closed, new.level, metric)

    def _decide(self, firm: Firm, weights: Weights, need: Need) -> None:
        """Hand the dashboard to the strategy and note what it decides."""
        caution, now = self._dashboard.caution, self._decided
        stakes = [self._known[m].stakes(caution)[i] for i, m in enumerate(self._dashboard.metrics)]
        spends = [getattr(weights, use) * x * getattr(need, use) for use, x in zip(USES, now, strict=True)]
        total = sum(spends)
        shares = [spend / total if total > 0.0 else 0.0 for spend in spends]
        reached = 1.0 if firm.course is None else firm.course.reached_at("steering")
        view = SteeringView(float(self._closed), *(*stakes, *shares, *now, reached))
        require_view(view)
        self._decided = self._steering.steer(view)
        for use, x in zip(USES, self._decided, strict=True):
            firm.record.event(firm.clock.now, "budget_shifted", ORGANISATION, 0, self._closed, x, use)


def _money(weights: list[float], needs: list[float]) -> float:
    """What the steered uses cost at these weights, before the month is scaled to its budget."""
    return sum(weight * need for weight, need in zip(weights, needs, strict=True))
