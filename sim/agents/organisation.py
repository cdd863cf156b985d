"""The organisation's month: the same budget for everybody, spent as the policy decides."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.agents.clock import ORGANISATION_RANK
from sim.agents.course import planned, report_course
from sim.agents.front import appear
from sim.agents.improving import Product
from sim.context.plan import Need
from sim.events import ORGANISATION
from sim.policies.views import PlanView, require_view
from sim.rules.staff import lost_share
from sim.units import DAYS_PER_MONTH, days

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.agents.team import Team, Usage
    from sim.policies.staffing import Weights


class Board:
    """What has been decided about the budget, and what of it is in force."""

    def __init__(self, firm: Firm, plan: tuple[Need, ...]) -> None:
        self.plan = plan
        self._firm = firm
        self._decided: list[Weights] = []

    def decide(self, view: PlanView) -> Weights:
        """Decide today; what was decided some months ago takes effect (the first decision at once)."""
        require_view(view)
        weights, wheel = self._firm.policy.staffing.allocate(view), self._firm.wheel
        self._decided.append(weights if wheel is None else wheel.turn(self._firm, weights, self.plan[int(view.month)]))
        return self._decided[max(0, len(self._decided) - 1 - self._firm.world.staff.decision_months)]

    def total(self, month: int) -> float:
        """Budget of a month, on its scale and as far as today's climate leaves it."""
        return self._firm.budget_scale * self._firm.climate.budget * self.plan[month].total

    def usable(self, month: int, weights: Weights) -> float:
        """Money of a month that is not set aside."""
        return self.total(month) * (1.0 - weights.reserve_share)

    def organising(self, month: int, weights: Weights) -> float:
        """Money of a month that goes into agreeing on the rest, into pay that hangs on a metric, and into changing
        the organisation."""
        usable, staff, course = self.usable(month, weights), self._firm.world.staff, self._firm.course
        agreeing = usable * lost_share(weights.goals, staff.contested_share, staff.coordination_share)
        if self._firm.wheel is not None:
            agreeing += self._firm.wheel.bonus_share(self._firm) * usable
        if course is None:
            return agreeing
        mean = sum(need.total for need in self.plan) / len(self.plan)
        return agreeing + course.advance(month, weights, mean, usable - agreeing)

    def split(self, month: int, weights: Weights, left_share: float) -> Need:
        """Money of a month by use: weight x planned need, scaled to the share that is left of the usable money."""
        need = self.plan[month]
        wanted = [w * n for w, n in zip(weights[: len(need)], need, strict=True)]
        scale = left_share * self.usable(month, weights) / sum(wanted) if sum(wanted) > 0.0 else 0.0
        return Need(*(scale * w for w in wanted))


def organise(firm: Firm, plan: tuple[Need, ...]) -> Generator[Any, Any, None]:
    """Every month: report, settle, allocate, release."""
    product, board = Product(firm.world), Board(firm, plan)
    product.ship(firm)
    for month in range(len(plan)):
        if month % firm.world.efforts.release_months == 0 and month > 0:
            product.ship(firm)
        _allocate(firm, board, month, product)
        yield firm.clock.at(days(month + 1), ORGANISATION_RANK, ORGANISATION)
        report(firm)


def _allocate(firm: Firm, board: Board, month: int, product: Product) -> None:
    """Split the month's budget and put people to work."""
    view = PlanView(float(month), float(len(board.plan)))
    weights, need = board.decide(planned(firm, view)), board.plan[month]
    usable, organising = board.usable(month, weights), board.organising(month, weights)
    left_share = 1.0 - organising / usable if usable > 0.0 else 0.0
    money = board.split(month, weights, left_share)
    ahead = min(month + round(weights.hire_ahead_months), len(board.plan) - 1)
    later = board.split(ahead, weights, left_share)
    spent = {"marketing": money.marketing}
    firm.support.prepare(firm, planned(firm, view, "desk"), weights.training_share)
    for crew in firm.crews:
        name = crew.team.name
        spent[name] = crew.work(month, getattr(money, name), getattr(later, name), weights)
    ratio = money.marketing / need.marketing if need.marketing > 0.0 else 1.0
    appear(firm, firm.policy.attraction.present(planned(firm, view, "attraction")), ratio)
    product.build(firm, planned(firm, view, "product"), money.product / need.product if need.product > 0.0 else 0.0)
    spent["product"] = money.product
    part = min(1.0, (firm.windows.horizon_days - days(month)) / DAYS_PER_MONTH)
    firm.purse.fill(part * money.listening)
    if organising > 0.0:
        spent["organising"] = organising
    _book(firm, part * board.total(month), {team: part * x for team, x in spent.items()})
    report_course(firm)


def _book(firm: Firm, budget: float, spent: dict[str, float]) -> None:
    """Budget, spend and reserve of a month; they sum to zero."""
    now = firm.clock.now
    bought = firm.purse.settle()
    rows = [("budget", budget)] + [(f"spend_{team}", -x) for team, x in spent.items()]
    rows.append(("reserve", -(budget - sum(spent.values()) - bought)))
    until = min(now + DAYS_PER_MONTH, firm.windows.horizon_days)
    for account, amount in rows:
        firm.record.row("ledger", now, ORGANISATION, 0, account, amount, now, until)


def report(firm: Firm) -> None:
    """One row per team: time averages of the month that ends now; queues that share its people have rows of their
    own, without heads."""
    for crew in firm.crews:
        usage = _report_team(firm, crew.team, crew.headcount)
        for other in crew.team.others:
            usage.add(_report_team(firm, other, 0.0))
        crew.learn(usage)


def _report_team(firm: Firm, team: Team, headcount: float) -> Usage:
    now, usage = firm.clock.now, team.snapshot()
    span = now - usage.since_days
    if span > 0.0:
        firm.record.row(
            "resources", now, team.name, usage.busy / span, usage.queue / span, usage.capacity / span,
            float(usage.arrivals), float(usage.served), headcount, team.skill,
        )  # fmt: skip
    return usage


def close_books(firm: Firm) -> None:
    """At the horizon: the last report and what the purse has spent since the last month began."""
    report(firm)
    bought = firm.purse.settle()
    now = firm.clock.now
    firm.record.row("ledger", now, ORGANISATION, 0, "reserve", bought, now, now)
