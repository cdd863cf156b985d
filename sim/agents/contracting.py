"""Contracts: signed, running in terms, cancelled with a refund, opened again by win-back."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.agents.attending import see_off
from sim.agents.billing import open_bill, refund
from sim.agents.clock import CUSTOMER_RANK
from sim.agents.discounting import give_back
from sim.agents.draws import TERMS_PER_CONTRACT
from sim.agents.mind import value_of_return
from sim.agents.surveying import ask
from sim.rules.common import logistic
from sim.rules.society import gap_days
from sim.streams import normal
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.society import Repurchase


def sign(firm: Firm, c: Customer) -> None:
    """Open the next contract; its terms and bills run from today."""
    account = c.account
    account.contract += 1
    account.opened = account.contract
    account.term = 0
    account.won_days = firm.clock.now
    c.status = "onboarding"
    firm.crowd.customers += 1
    start_term(firm, c)
    c.bill = open_bill(firm, c, 0)


def start_term(firm: Firm, c: Customer) -> None:
    """Terms follow each other from the day the contract was signed."""
    account, months, repurchase = c.account, firm.market.contract.term_months, firm.circle.repurchase
    account.term += 1
    c.latent.charged = 0.0
    if repurchase is not None:
        _await_purchase(firm, c, repurchase)
        return
    account.term_start_days = account.won_days + days((account.term - 1) * months)
    account.term_end_days = account.won_days + days(account.term * months)


def _await_purchase(firm: Firm, c: Customer, repurchase: Repurchase) -> None:
    """Without a contract a term is the time until the next purchase, which varies about the market's."""
    account = c.account
    account.term_start_days = account.won_days if account.term == 1 else account.term_end_days
    place = account.contract * TERMS_PER_CONTRACT + account.term
    luck = normal(firm.draws.gap(c.traits.customer, place))
    gap = gap_days(days(firm.market.contract.term_months), repurchase.gap_sigma, luck)
    account.term_end_days = account.term_start_days + gap


def next_bill(firm: Firm, c: Customer) -> None:
    """Open the billing period after the one that has just ended."""
    c.bill = open_bill(firm, c, c.bill.number + 1)


def cancel(firm: Firm, c: Customer, when: float, why: str) -> None:
    """The contract ends before the product was used; what was paid ahead is returned. Who is seen off is asked."""
    account = c.account
    if see_off(firm, c):
        ask(firm, c, "exit", account.contract)
    end(firm, c, when)
    refund(firm, c, c.bill, when)
    firm.record.event(
        when, "implementation_cancelled", c.traits.customer, account.contract, value=when - account.won_days, detail=why
    )


def end(firm: Firm, c: Customer, when: float) -> None:
    """Nobody's customer from `when` on."""
    process = firm.world.process
    c.status = "churned"
    c.left_experience, c.left_outcome = c.latent.experience, process.outcome(c, firm)
    if c.account.contract == 1:
        c.first_end_days = when
    if c.account.discount_left > 0.0:
        give_back(firm, c)
    firm.crowd.customers -= 1
    firm.crowd.speak(c, 0)
    if c.latent.apart.notice is not None or c.latent.apart.angry:
        c.latent.note(angry=c.latent.apart.notice is not None, notice=None)
    if firm.world.deciding.win_back_memory > 0.0:
        c.latent.note(parted=process.z_outcome(c, firm))
    process.end(c)


def end_free(firm: Firm, c: Customer) -> None:
    """A user of a plan without a price is gone for good, and was no customer."""
    now = firm.clock.now
    c.status = "lost"
    firm.crowd.customers -= 1
    firm.crowd.speak(c, 0)
    firm.world.process.end(c)
    firm.record.event(now, "stopped_free", c.traits.customer, value=now - c.account.won_days)


def win_back(firm: Firm, c: Customer) -> Generator[Any, Any, bool]:
    """Some time after leaving, a customer may return under a new contract."""
    number, left = c.traits.customer, firm.clock.now
    yield firm.clock.at(left + firm.market.contract.win_back_days, CUSTOMER_RANK, number)
    firm.world.process.refresh(c, firm)
    reactions = firm.circle.reactions
    bitter = reactions.never_again if reactions is not None and c.latent.apart.angry else 0.0
    if bitter > 0.0 and firm.draws.never_again(number, c.account.contract) < bitter:
        return False
    if firm.draws.win_back(number, c.account.contract) >= return_probability(firm, c):
        return False
    reset_problems(c)
    firm.record.event(firm.clock.now, "won_back", number, c.account.contract + 1, value=firm.clock.now - left)
    sign(firm, c)
    return True


def return_probability(firm: Firm, c: Customer) -> float:
    """Whether somebody who has left signs again today."""
    climate = firm.climate
    lost = climate.entrant + climate.squeeze * c.traits.price_sensitivity
    return logistic(firm.world.deciding.win_back_intercept + value_of_return(c, firm) - lost)


def reset_problems(c: Customer) -> None:
    """Old problems ended with the old contract."""
    c.account.open_tickets = 0
    c.account.tickets_this_quarter = 0
    c.latent.open_problems = c.latent.silent = 0.0
