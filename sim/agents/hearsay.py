"""Hearing of another customer's case: word of mouth among those a firm already has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm

MEETS, WHOM = range(2)
"""Places in the luck of one wave."""


def hear_of(firm: Firm, c: Customer, wave: int) -> None:
    """Meet another customer or not; who warns or recommends now is heard, as a weaker contact of one's own."""
    hearsay, number = firm.world.hearsay, c.traits.customer
    luck = firm.draws.hearsay(number, wave)
    if luck[MEETS] >= hearsay.meeting:
        return
    teller, voice = firm.crowd.met(luck[WHOM])
    if voice == 0 or teller == number:
        return
    detail = "good" if voice > 0 else "bad"
    firm.record.event(firm.clock.now, "heard_of_case", number, c.account.contract, wave, float(teller), detail)
    quality, strength = (
        (hearsay.good_quality, hearsay.good_strength) if voice > 0 else (hearsay.bad_quality, hearsay.bad_strength)
    )
    if strength > 0.0:
        firm.world.process.touch(c, firm.clock.now, quality, 0.0, 0.0, strength)
