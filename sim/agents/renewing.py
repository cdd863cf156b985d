"""The decision day: advance, notice, payment, renewal with causes, seats."""

from __future__ import annotations

from math import expm1
from typing import TYPE_CHECKING

from sim.agents.attending import see_off
from sim.agents.billing import close_bill
from sim.agents.contracting import end, next_bill, start_term
from sim.agents.draws import TERMS_PER_CONTRACT
from sim.agents.managing import held
from sim.agents.mind import attached, share_now, stirred, value_now, value_of, weighed
from sim.agents.paying import seats_kept
from sim.agents.surveying import ask
from sim.rules import renewal
from sim.rules.common import logistic
from sim.rules.society import worth
from sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.society import Premium


def term_place(c: Customer) -> int:
    """Address of the running term."""
    return c.account.contract * TERMS_PER_CONTRACT + c.account.term


def settle_period(firm: Firm, c: Customer) -> bool:
    """A bill, and perhaps the term, ends today; True while the contract goes on. The state must have been advanced."""
    firm.world.process.refresh(c, firm)
    close_bill(firm, c, c.bill)
    if c.bill.to_days >= c.account.term_end_days:
        if not decide_term(firm, c):
            return False
        start_term(firm, c)
    next_bill(firm, c)
    return True


def decide_term(firm: Firm, c: Customer) -> bool:
    """The end of a term; True if the customer stays. The state must have been advanced."""
    number, now, account = c.traits.customer, firm.clock.now, c.account
    terms = renewal_terms(firm, c) if c.latent.apart.notice is None else c.latent.apart.notice
    probability = renewal.renewal_probability(terms)
    firm.record.event(now, "price_notice", number, account.contract, account.term, price_of_term(firm, c))
    if c.latent.champion_left:
        firm.record.event(now, "champion_left", number, account.contract, account.term)
    if firm.draws.involuntary(number, term_place(c)) < firm.market.contract.involuntary_per_term:
        _leave(firm, c, probability, "involuntary")
        return False
    uniform = firm.draws.renew(number, term_place(c))
    if uniform >= probability:
        _leave(firm, c, probability, renewal.but_for(terms, uniform))
        _explain(firm, c, terms)
        return False
    firm.record.event(now, "renewed", number, account.contract, account.term, probability)
    _change_seats(firm, c)
    firm.world.process.decided(c, firm)
    return True


def renewal_terms(firm: Firm, c: Customer) -> renewal.Terms:
    """The terms of the renewal logit today."""
    d, contract, climate, managing = firm.world.deciding, firm.market.contract, firm.climate, firm.managing
    share = share_now(c, firm)
    z_e, z_o = weighed(c, firm)
    lift = stirred(c, firm)
    burden = price_of_term(firm, c)
    lost = -expm1(-contract.champion_loss_per_year * contract.term_months / MONTHS_PER_YEAR)
    left = firm.draws.champion(c.traits.customer, term_place(c)) < lost
    c.latent.champion_left = left
    inert = c.traits.frailty + d.switching_cost + (held(managing, c, firm) if managing is not None else 0.0)
    return renewal.Terms(
        inert + _tied(firm, c),
        value_of(firm, share, z_e, z_o) + lift,
        value_of(firm, share, 0.0, z_o) + lift,
        value_of(firm, share, z_e, 0.0) + lift,
        -d.renew_price * burden - climate.squeeze * c.traits.price_sensitivity,
        -d.competitor - climate.entrant,
        -d.champion_loss if left else 0.0,
    )


def _tied(firm: Firm, c: Customer) -> float:
    """Logit of going on for what is felt for the brand, and without what a contract does that renews by itself."""
    attachment, repurchase = firm.circle.attachment, firm.circle.repurchase
    warm = 0.0 if attachment is None else attachment.repurchase * attached(c)
    return warm if repurchase is None else warm - repurchase.inertia_lost


def early_terms(firm: Firm, c: Customer, anger: float) -> renewal.Terms:
    """The terms of a decision taken in anger before the end of the term: nobody counts what it has cost so far."""
    terms = renewal_terms(firm, c)
    squeeze = firm.climate.squeeze * c.traits.price_sensitivity
    return terms._replace(
        value=terms.value - anger, value_without_outcome=terms.value_without_outcome - anger, price=-squeeze
    )


def price_of_term(firm: Firm, c: Customer) -> float:
    """Price burden: what the running term has cost against its list price."""
    reference, charged, premium = _listed(firm, c), c.latent.charged, firm.circle.premium
    if premium is not None:
        charged = worth(charged, gladly_paid(firm, c, premium))
    return renewal.price_burden(c.traits.price_sensitivity, charged, reference)


def _listed(firm: Firm, c: Customer) -> float:
    """List price of the running term."""
    return c.account.list_price_per_month * firm.market.contract.term_months


def gladly_paid(firm: Firm, c: Customer, premium: Premium) -> float:
    """How much more than it costs this customer would pay: for better service than usual, for being spared work."""
    number, persona, found = c.traits.customer, c.traits.persona, 0.0
    friendly, convenient = premium.deeds * premium.friendly_share, premium.deeds * premium.convenient_share
    if persona is not None:
        friendly, convenient = friendly * persona.pays_for_friendliness, convenient * persona.pays_for_convenience
    if firm.world.process.z_experience(c, firm) > 0.0 and firm.draws.premium(number, 0) < friendly:
        found += premium.friendly
    if c.latent.open_problems + c.latent.silent == 0.0 and firm.draws.premium(number, 1) < convenient:
        found += premium.convenient
    return found


def _leave(firm: Firm, c: Customer, probability: float, cause: str) -> None:
    """End the contract; the exit survey is sent, then use stops. Who just does not buy again leaves unseen."""
    account, now = c.account, firm.clock.now
    firm.record.event(now, "churned", c.traits.customer, account.contract, account.term, probability, cause)
    see_off(firm, c)
    if firm.circle.repurchase is None:
        ask(firm, c, "exit", account.contract)
    end(firm, c, now)


def _explain(firm: Firm, c: Customer, terms: renewal.Terms) -> None:
    """The largest adverse term, and what the customer says when asked."""
    number, account = c.traits.customer, c.account
    u1, u2, u3, u4, u5 = (firm.draws.stated(number, 8 * account.contract + cause) for cause in range(5))
    told = renewal.stated(terms, (u1, u2, u3, u4, u5), firm.world.deciding.stated_noise)
    now, term = firm.clock.now, account.term
    firm.record.event(now, "exit_largest", number, account.contract, term, detail=renewal.largest_adverse(terms))
    firm.record.event(now, "exit_stated", number, account.contract, term, detail=told)


def _change_seats(firm: Firm, c: Customer) -> None:
    """Expansion or contraction with the renewal."""
    account, d, contract = c.account, firm.world.deciding, firm.market.contract
    value = value_now(c, firm) - firm.climate.squeeze * c.traits.price_sensitivity
    change = renewal.three_way(
        firm.draws.seats(c.traits.customer, term_place(c)),
        logistic(d.expand_intercept + value),
        logistic(d.contract_intercept - value),
    )
    factor = 1.0
    if change != 0:
        factor += contract.expansion_share if change > 0 else -contract.contraction_share
    if change <= 0 and firm.charging is not None:
        factor *= seats_kept(firm, c, firm.charging)
    if factor == 1.0:
        return
    account.seats *= factor
    account.list_price_per_month *= factor
    kind = "expanded" if factor > 1.0 else "contracted"
    firm.record.event(firm.clock.now, kind, c.traits.customer, account.contract, account.term, factor)
