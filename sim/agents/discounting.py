"""The discount on a first term: what is quoted is what the purse holds; once signed for, it is set aside until given.

Nothing is taken off what use or outcome will cost, and a later contract of the same customer starts without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.offering import billing_months, quoted, tariff_of
from sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


def quotable(firm: Firm, c: Customer, share: float) -> float:
    """Money taken off the first term: this share of what the tariff asks in advance, as far as the purse reaches."""
    if share <= 0.0:
        return 0.0
    asked = quoted(firm, c, tariff_of(firm, c), float(billing_months(firm, c))).in_advance
    return min(share * asked * _first_bills(firm, c), firm.purse.balance)


def off_first_year(firm: Firm, discount: float) -> float:
    """What of a discount on the first term falls into the first year."""
    return discount * MONTHS_PER_YEAR / max(MONTHS_PER_YEAR, firm.market.contract.term_months)


def set_aside(firm: Firm, c: Customer, discount: float) -> None:
    """The quote is signed: the money is kept for this customer."""
    c.account.discount_left = discount
    firm.purse.set_aside(discount)


def grant(firm: Firm, c: Customer, number: int, in_advance: float) -> float:
    """Pay the part of the discount that falls on bill `number`; what a smaller bill does not take goes back."""
    left = c.account.discount_left
    if left <= 0.0:
        return 0.0
    part = left / max(1, _first_bills(firm, c) - number)
    amount = min(part, in_advance)
    c.account.discount_left = left - part
    firm.purse.release(part)
    firm.purse.pay("spend_discounts", amount)
    return amount


def give_back(firm: Firm, c: Customer) -> None:
    """The contract ends before the whole discount was given."""
    firm.purse.release(c.account.discount_left)
    c.account.discount_left = 0.0


def _first_bills(firm: Firm, c: Customer) -> int:
    """Bills of the first term."""
    return firm.market.contract.term_months // billing_months(firm, c)
