"""What a customer is offered: a quote, or a menu to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.pricing.menu import by_lot
from sim.pricing.tariff import Period
from sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.pricing.tariff import Charges, Tariff


def tariff_of(firm: Firm, c: Customer) -> Tariff:
    """What this customer is charged by: the option taken from a menu, or the tariff of all."""
    return c.account.tariff or firm.tariff


def billing_months(firm: Firm, c: Customer) -> int:
    """Length of a billing period: the tariff's own, or the market's; without a contract what one purchase pays for."""
    if firm.circle.repurchase is not None:
        return firm.market.contract.term_months
    own = tariff_of(firm, c).billing_months or firm.market.contract.billing_months
    return min(own, firm.market.contract.term_months)


def quoted(firm: Firm, c: Customer, tariff: Tariff, months: float, promise: float = 1.0) -> Charges:
    """What so many months would cost at the reference market's mean use and `promise` times its mean outcome,
    conditions not mentioned."""
    reference = firm.market.reference
    use = sum(reference.first_year_use) / len(reference.first_year_use)
    outcome = promise * sum(reference.first_year_outcome) / len(reference.first_year_outcome)
    outcome *= tariff.meter.attribution
    goal, listed = c.traits.goal_value_per_month, c.account.list_price_per_month
    lot = firm.draws.tariff_lot(c.traits.customer, 0)
    return tariff.invoice(Period(months, listed, use, goal * outcome, goal, c.account.seats, listed, lot))


def quote(firm: Firm, c: Customer) -> float:
    """What a year would cost this customer, what is due once spread over the years of the conditions."""
    return _yearly(firm, c, tariff_of(firm, c), 1.0)


def due(firm: Firm, c: Customer) -> float:
    """What a year will cost this customer, with what no quote mentions."""
    return _yearly(firm, c, tariff_of(firm, c), 1.0, hidden=True)


def choose(firm: Firm, c: Customer, expected_fit: float) -> str:
    """Take an option from the menu: the cheapest year by the outcome this customer expects, or the one of its lot;
    an organisation in change hands out the first option before, and the last after, it is this customer's turn.
    Returns the option's name, nothing where there is no menu."""
    options = firm.tariff.options
    if not options:
        return ""
    name = by_lot(list(options), firm.draws.tariff_lot(c.traits.customer, 0))
    if firm.course and firm.world.levers.promise > 0.0:
        name = list(options)[-1 if firm.course.has_turned(c.traits.customer, "tariff") else 0]
    if firm.tariff.self_selected:
        promise = expected_fit / firm.market.people.fit_mean
        name = min(options, key=lambda option: _yearly(firm, c, options[option], promise))
    c.account.tariff = options[name]
    return name


def _yearly(firm: Firm, c: Customer, tariff: Tariff, promise: float, hidden: bool = False) -> float:
    charges = quoted(firm, c, tariff, float(MONTHS_PER_YEAR), promise)
    if hidden:
        charges = tariff.conditions.charged(charges, 0.0)
    spread = tariff.conditions.once_spread_years
    return charges.in_advance + charges.usage + charges.outcome + charges.once / spread
