"""What hangs on a customer's outcome, and how hard people work for it: the provider's, and the customer's own.

Every function is called only in a world whose `stakes` act.
"""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from sim.agents.offering import tariff_of
from sim.pricing.marginal import marginal
from sim.pricing.tariff import Period
from sim.rules import stakes as rules
from sim.rules.common import clip
from sim.units import DAYS_PER_YEAR, MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.stakes import Stakes
    from sim.pricing.marginal import Marginal


def stake(firm: Firm, c: Customer, stakes: Stakes, months: float) -> None:
    """At the signature: nothing has been measured, so use and outcome of the reference customers are expected."""
    reference = firm.market.reference
    use = sum(reference.first_year_use) / len(reference.first_year_use)
    outcome = sum(reference.first_year_outcome) / len(reference.first_year_outcome)
    _set(firm, c, stakes, months, use, outcome)


def restake(firm: Firm, c: Customer, stakes: Stakes, months: float, use: float, measured: float) -> None:
    """After a bill: what it measured is what people go by. Beyond a cap or below a baseline little is left to gain."""
    credited = tariff_of(firm, c).meter.attribution
    _set(firm, c, stakes, months, clip(use, 0.0, 1.0), clip(measured / credited, 0.0, 1.0) if credited > 0.0 else 0.0)


def spur(c: Customer, stakes: Stakes, effort: float, warmth: float) -> tuple[float, float]:
    """Effort and warmth of a treatment, as the people who give it are spurred on for this customer."""
    return rules.spurred(effort, warmth, c.account.zeal, stakes.displacement)


def _set(firm: Firm, c: Customer, stakes: Stakes, months: float, use: float, outcome: float) -> None:
    """Effort from now on: of the provider's people in the account, of the customer in what it makes of the product."""
    account, number, goal = c.account, c.traits.customer, c.traits.goal_value_per_month
    listed, noise_sd = account.list_price_per_month, _beside(firm)
    period = Period(months, listed, use, 0.0, goal, account.seats, 0.0, firm.draws.tariff_lot(number, 0))
    at_stake = marginal(tariff_of(firm, c), period, outcome, noise_sd)
    induced = rules.effort(_paid_to_people(firm, c, stakes, at_stake, months), stakes.cost_curvature)
    account.zeal = rules.zeal(stakes.paid_anyway, induced, stakes.provider, stakes.most)
    c.latent.diligence = rules.diligence(at_stake.by_outcome * listed / goal, stakes.customer)
    firm.record.event(firm.clock.now, "staked", number, account.contract, c.account.term, account.zeal)
    firm.world.process.refresh(c, firm)


def _paid_to_people(firm: Firm, c: Customer, stakes: Stakes, at_stake: Marginal, months: float) -> float:
    """What one more unit brings those who do the work: use is counted exactly, an outcome is measured with noise, and
    paid for with a lag."""
    meter, wait = tariff_of(firm, c).meter, 0.5 * months / MONTHS_PER_YEAR
    noise_sd = hypot(meter.noise_sd, meter.season_sd, _beside(firm))
    late = rules.worth_now(at_stake.by_outcome, wait + meter.lag_days / DAYS_PER_YEAR, stakes.impatience_per_year)
    for_outcome = rules.passed_on(late, noise_sd, stakes.cost_curvature, stakes.risk_aversion)
    return for_outcome + rules.worth_now(at_stake.by_use, wait, stakes.impatience_per_year)


def _beside(firm: Firm) -> float:
    """Noise of measuring that is not in the contract."""
    return 0.0 if firm.charging is None else firm.charging.meter_noise_sd
