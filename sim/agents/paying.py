"""How a customer answers a bill besides through its burden: surprise, restraint, hiding, disputes, unused seats.

Every function is called only in a world whose `charging` acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.draws import TERMS_PER_CONTRACT
from sim.agents.offering import tariff_of
from sim.rules import charging as rules

if TYPE_CHECKING:
    from sim.agents.billing import Bill
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.charging import Charging
    from sim.pricing.tariff import Charges


def sign_under(firm: Firm, c: Customer, quoted: Charges, habits: Charging) -> None:
    """The first bill of a contract: fees that no quote mentioned, arrears as quoted expected, use held back."""
    live_under(firm, c, quoted, habits)
    _mind(firm, c, 1.0 + tariff_of(firm, c).conditions.hidden_fee_share, 1.0, habits)


def live_under(firm: Firm, c: Customer, quoted: Charges, habits: Charging) -> None:
    """What a tariff is known to cost: arrears as quoted expected, use held back."""
    incentives = tariff_of(firm, c).incentives
    c.latent.restraint = rules.restraint(
        habits.restraint * c.traits.price_sensitivity * incentives.price_of_use,
        habits.fixed_fee_restraint if incentives.fixed_beside_use else 0.0,
    )
    c.account.expected_arrears = quoted.usage + max(0.0, quoted.outcome)


def shown(firm: Firm, c: Customer, use: float, outcome: float, habits: Charging) -> tuple[float, float]:
    """(use, outcome) that reach the meter: customers hide what they pay by."""
    kept, incentives = 1.0 - habits.hiding, tariff_of(firm, c).incentives
    return use * (kept if incentives.price_of_use > 0.0 else 1.0), outcome * (kept if incentives.by_outcome else 1.0)


def receive(
    firm: Firm, c: Customer, bill: Bill, charges: Charges, fair: Charges, habits: Charging
) -> tuple[Charges, float]:
    """A bill in arrears arrives: (what is owed in the end, days until the disputed part is settled).

    `fair` is what the period costs at the outcome that was really there.
    """
    arrears = charges.usage + max(0.0, charges.outcome)
    if not tariff_of(firm, c).conditions.alerts:
        _mind(firm, c, arrears, c.account.expected_arrears, habits)
    c.account.expected_arrears = max(arrears, c.account.expected_arrears)
    excess = max(0.0, charges.outcome - fair.outcome)
    if excess == 0.0 or habits.dispute_weight == 0.0:
        return charges, 0.0
    number, place = c.traits.customer, c.account.contract * TERMS_PER_CONTRACT + bill.number
    chance = rules.dispute_probability(habits.dispute_weight, excess / bill.listed)
    if firm.draws.dispute(number, place) >= chance:
        return charges, 0.0
    firm.record.event(firm.clock.now, "disputed", number, c.account.contract, bill.number, excess)
    _feel(firm, c, habits.dispute_quality)
    return charges._replace(outcome=charges.outcome - habits.dispute_settled * excess), habits.dispute_days


def seats_kept(firm: Firm, c: Customer, habits: Charging) -> float:
    """Share of the seats kept at a renewal: unused ones cost, where seats are what is paid for. Seats given back
    before were unused ones, so use is measured against what is left."""
    if not tariff_of(firm, c).incentives.by_seats or habits.trimming == 0.0:
        return 1.0
    used = min(1.0, firm.world.process.use(c) / c.latent.apart.seats_kept)
    kept = rules.trimmed(1.0 - used, habits.trimming)
    c.latent.note(seats_kept=c.latent.apart.seats_kept * kept)
    return kept


def _mind(firm: Firm, c: Customer, billed: float, expected: float, habits: Charging) -> None:
    """A bill above the expected one is felt as treatment that falls short of the expected, and recorded."""
    excess = rules.surprise(billed, expected, habits.surprise_tolerance)
    if excess == 0.0 or habits.surprise_weight == 0.0:
        return
    firm.record.event(firm.clock.now, "bill_shock", c.traits.customer, c.account.contract, c.account.term, excess)
    _feel(firm, c, c.latent.expected_service - habits.surprise_weight * excess)


def _feel(firm: Firm, c: Customer, quality: float) -> None:
    firm.world.process.touch(c, firm.clock.now, quality, 0.0, 0.0)
    firm.world.process.refresh(c, firm)
