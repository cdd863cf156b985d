"""The organisation's month: the same budget for everybody, spent as the policy decides."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.agents.clock import ORGANISATION_RANK
from sim.agents.improving import Product
from sim.events import ORGANISATION
from sim.policies.views import PlanView, require_view
from sim.rules.common import levered
from sim.units import DAYS_PER_MONTH, days

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.agents.team import Team
    from sim.context.plan import Need


def organise(firm: Firm, plan: tuple[Need, ...]) -> Generator[Any, Any, None]:
    """Every month: report, settle, allocate, release."""
    product = Product(firm.world)
    product.ship(firm)
    for month, need in enumerate(plan):
        if month % firm.world.efforts.release_months == 0 and month > 0:
            product.ship(firm)
        part = min(1.0, (firm.windows.horizon_days - days(month)) / DAYS_PER_MONTH)
        _allocate(firm, PlanView(float(month), float(len(plan))), need, part, product)
        yield firm.clock.at(days(month + 1), ORGANISATION_RANK, ORGANISATION)
        report(firm)


def _allocate(firm: Firm, view: PlanView, need: Need, part: float, product: Product) -> None:
    """Split the month's budget by weight x planned need and put people to work."""
    require_view(view)
    weights = firm.policy.staffing.allocate(view)
    wanted = [w * n for w, n in zip(weights[:-1], need, strict=True)]
    usable = need.total * (1.0 - weights.reserve_share)
    scale = usable / sum(wanted) if sum(wanted) > 0.0 else 0.0
    marketing, sales, onboarding, support, success, making, listening = (scale * w for w in wanted)
    costs = firm.market.costs
    firm.sales.set_people(sales / costs.sales_per_month)
    firm.onboarding.set_people(onboarding / costs.onboarding_per_month)
    firm.support.set_people(support / costs.support_per_month)
    firm.success.set_people(success / costs.success_per_month)
    ratio = marketing / need.marketing if need.marketing > 0.0 else 1.0
    firm.marketing_effect = levered(ratio, 1.0, firm.world.levers.marketing)
    product.build(firm, view, making / need.product if need.product > 0.0 else 0.0)
    firm.purse.fill(part * listening)
    spent = {"marketing": marketing, "sales": sales, "onboarding": onboarding}
    spent |= {"support": support, "success": success, "product": making}
    _book(firm, part * need.total, {team: part * x for team, x in spent.items()})


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
    """One row per team: time averages of the month that ends now."""
    for team in (firm.sales, firm.onboarding, firm.support, firm.success):
        _report_team(firm, team)


def _report_team(firm: Firm, team: Team) -> None:
    now = firm.clock.now
    usage = team.snapshot()
    span = now - usage.since_days
    if span > 0.0:
        firm.record.row(
            "resources", now, team.name, usage.busy / span, usage.queue / span, usage.capacity / span,
            float(usage.arrivals), float(usage.served),
        )  # fmt: skip


def close_books(firm: Firm) -> None:
    """At the horizon: the last report and what the purse has spent since the last month began."""
    report(firm)
    bought = firm.purse.settle()
    now = firm.clock.now
    firm.record.row("ledger", now, ORGANISATION, 0, "reserve", bought, now, now)
