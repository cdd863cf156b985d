"""Survey moments: potential answers of everybody, invitations and answers of some.

The audit survey invites by an addressed draw, is never seen by a policy and changes nobody; the
fielded programme is the policy's own and is paid from its purse.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

from sim.agents.draws import MOMENTS
from sim.agents.hearing import ANSWER, ANYTHING
from sim.agents.mind import answering, share_now, stirred, value_of, weighed
from sim.agents.sight import survey_view
from sim.policies.views import require_view
from sim.rules.common import logistic
from sim.rules.experience import remembered
from sim.streams import normal
from sim.surveys.instrument import Impression
from sim.surveys.programme import READING

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.surveys.instrument import Instrument
    from sim.surveys.programme import Asked

SCORE = "nps"


class Moment(NamedTuple):
    """What holds for every question asked of one customer at one moment."""

    trigger: str
    occurrence: int
    share: float
    stretch: float
    weariness: float
    """recent invitations of the fielded programme, each fading"""
    z_experience: float
    z_outcome: float
    outcome: float
    perceived: float
    use: float
    value: float
    halo: float


def ask(firm: Firm, c: Customer, trigger: str, occurrence: int, lift: float = 0.0) -> None:
    """Record every instrument of this moment for this customer; the state must have been advanced.

    `lift` raises the answers of this moment alone, in standard answers; no decision knows of it.
    """
    asked = firm.questions.get(trigger)
    if asked is None:
        return
    moment = _moment(firm, c, trigger, occurrence, lift)
    audit_share = firm.programme.audit_share
    audit = audit_share >= 1.0 or firm.draws.audit[trigger](c.traits.customer, occurrence) < audit_share
    invited = _invitations(firm, c, trigger, occurrence, asked)
    today = _impression(c, moment)
    willing: dict[int, tuple[bool, bool]] = {}
    for index, instrument in asked.instruments:
        felt = today
        if instrument.lag_waves:
            felt = today._replace(outcome=_outcome_then(c, moment.outcome, instrument.lag_waves))
        if instrument.channel not in willing:
            willing[instrument.channel] = _willing(firm, c, moment, instrument, today)
        noise = normal(firm.draws.answer_noise[trigger](c.traits.customer, index * MOMENTS + occurrence))
        answer, (would, would_own) = instrument.answer(felt, noise), willing[instrument.channel]
        asked_now = invited[instrument.name == READING]
        given = asked_now and would_own
        gamed = firm.gaming.lifted(c, firm.clock.now, instrument, felt, noise) if firm.gaming and given else 0.0
        firm.record.row(
            "surveys", firm.clock.now, trigger, c.traits.customer, c.account.contract, occurrence, instrument.name,
            c.latent.experience, moment.outcome, moment.perceived, moment.use, moment.value,
            instrument.true_answer(felt), answer, audit, audit and would, asked_now, given, gamed,
        )  # fmt: skip
        if given:
            _learn(firm, c, moment, instrument.name, answer + gamed)


def _moment(firm: Firm, c: Customer, trigger: str, occurrence: int, lift: float) -> Moment:
    """The customer's state, read once for all questions."""
    process, share, asking = firm.world.process, share_now(c, firm), firm.asking
    decides = weighed(c, firm)
    (z_e, z_o), stretch, weariness = decides, 1.0, 0.0
    if asking is not None:
        z_e, z_o = answering(c, firm)
        stretch = exp(normal(firm.draws.extreme_style(c.traits.customer, 0), 0.0, asking.extreme_style_sd))
        weariness = _weariness(firm, c, asking.fatigue_half_life_days)
    return Moment(
        trigger,
        occurrence,
        share,
        stretch,
        weariness,
        z_e,
        z_o,
        process.outcome(c, firm),
        process.perceived(c, firm),
        process.use(c),
        value_of(firm, share, *decides) + stirred(c, firm),
        firm.programme.halo.get(trigger, 0.0) + lift,
    )


def _impression(c: Customer, moment: Moment) -> Impression:
    """What the person brings to every question that is about today."""
    m, style = moment, c.traits.style
    return Impression(m.z_experience, m.z_outcome, m.share, m.outcome, style, m.halo, m.stretch)


def _willing(firm: Firm, c: Customer, moment: Moment, instrument: Instrument, felt: Impression) -> tuple[bool, bool]:
    """Whether the questions of one channel would be answered to the audit and to the fielded programme (they are
    answered together); only the latter tires, and no reading does."""
    logit = instrument.coverage_logit
    if logit is None:
        logit = firm.programme.response.logit(felt, c.traits.response_propensity, moment.use)
    place = instrument.channel * MOMENTS + moment.occurrence
    uniform = firm.draws.response[moment.trigger](c.traits.customer, place)
    would = uniform < logistic(logit)
    if firm.asking is None or instrument.name == READING:
        return would, would
    return would, uniform < logistic(logit - firm.asking.fatigue_logit * moment.weariness)


def _weariness(firm: Firm, c: Customer, half_life_days: float) -> float:
    """Invitations so far, each counting half after every half-life."""
    tired = c.latent.apart
    return remembered(tired.weariness, firm.clock.now - tired.wearied_days, half_life_days)


def _outcome_then(c: Customer, outcome: float, lag_waves: int) -> float:
    """The outcome a reading with this lag refers to: that of an earlier wave, or the first one known."""
    past = c.latent.outcomes
    if not past:
        return outcome
    return past[max(0, len(past) - lag_waves)]


def _invitations(firm: Firm, c: Customer, trigger: str, occurrence: int, asked: Asked) -> tuple[bool, bool]:
    """(survey invited, outcome reading bought) by the policy, while its purse lasts; nothing is paid for what the
    moment does not ask."""
    view = survey_view(c.account, firm.clock.now)
    require_view(view)
    costs = firm.market.costs
    sensed = view
    if firm.course:
        view, sensed = (firm.course.seen(view, c.traits.customer, point) for point in ("survey", "listening"))
    share = firm.policy.survey.invite(view) if asked.questions else 0.0
    if firm.gaming is not None:
        share *= firm.gaming.spared(c, firm.clock.now)
    chosen = share >= 1.0 or firm.draws.invite[trigger](c.traits.customer, occurrence) < share
    survey = chosen and firm.purse.pay("spend_surveys", costs.survey_invitation)
    if survey:
        _note_invitation(firm, c)
    wanted = asked.readings and firm.policy.listening.sense(sensed).outcome
    return survey, wanted and firm.purse.pay("spend_readings", costs.outcome_reading)


def _note_invitation(firm: Firm, c: Customer) -> None:
    """The organisation remembers that it asked, the customer that it was asked."""
    c.account.invited_days = firm.clock.now
    if firm.asking is not None:
        weariness = 1.0 + _weariness(firm, c, firm.asking.fatigue_half_life_days)
        c.latent.note(weariness=weariness, wearied_days=firm.clock.now)


def _learn(firm: Firm, c: Customer, moment: Moment, instrument: str, answer: float) -> None:
    """An answer to the fielded programme: the wave's enters the account, and answering may stir."""
    if instrument != READING and firm.asking is not None:
        c.latent.note(answered_days=firm.clock.now)
    if moment.trigger != "wave":
        return
    if firm.wheel is not None:
        firm.wheel.records.hear(c, instrument, answer)
    if instrument == SCORE:
        c.account.last_score = answer
        if firm.hearing:
            firm.hearing.hear(firm, c, ANSWER, ANYTHING)
    elif instrument == READING:
        c.account.last_outcome = answer
