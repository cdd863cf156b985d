"""Survey moments: potential answers of everybody, invitations and answers of some.

The audit survey invites by an addressed draw, is never seen by a policy and changes nobody; the
fielded programme is the policy's own and is paid from its purse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.draws import MOMENTS
from sim.agents.mind import share_now, value_of
from sim.agents.sight import survey_view
from sim.policies.views import require_view
from sim.rules.common import logistic
from sim.streams import normal
from sim.surveys.instrument import Impression

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm

READING = "outcome_reading"
SCORE = "nps"


def ask(firm: Firm, c: Customer, trigger: str, occurrence: int) -> None:
    """Record every instrument of this moment for this customer; the state must have been advanced."""
    asked = firm.questions[trigger]
    if not asked:
        return
    process, mind, number, now = firm.world.process, c.latent, c.traits.customer, firm.clock.now
    share = share_now(c, firm)
    z_e, z_o = process.z_experience(c, firm), process.z_outcome(c, firm)
    outcome, perceived = process.outcome(c, firm), process.perceived(c, firm)
    value = value_of(firm, share, z_e, z_o)
    halo = firm.programme.halo.get(trigger, 0.0)
    audit_share = firm.programme.audit_share
    audit = audit_share >= 1.0 or firm.draws.audit[trigger](number, occurrence) < audit_share
    readings = [instrument.name == READING for _, instrument in asked]
    invited = _invitations(firm, c, trigger, occurrence, not all(readings), any(readings))
    for index, instrument in asked:
        then = _outcome_then(c, outcome, instrument.lag_waves)
        felt = Impression(z_e, z_o, share, then, c.traits.style, halo)
        noise = normal(firm.draws.answer_noise[trigger](number, index * MOMENTS + occurrence))
        answer = instrument.answer(felt, noise)
        logit = instrument.response_logit(felt, c.traits.response_propensity, process.use(c))
        would = firm.draws.response[trigger](number, instrument.channel * MOMENTS + occurrence) < logistic(logit)
        asked_now = invited[instrument.name == READING]
        firm.record.row(
            "surveys", now, trigger, number, c.account.contract, occurrence, instrument.name, mind.experience,
            outcome, perceived, process.use(c), value, instrument.true_answer(felt), answer, audit, audit and would,
            asked_now, asked_now and would,
        )  # fmt: skip
        if asked_now and would and trigger == "wave":
            _learn(c, instrument.name, answer)


def _outcome_then(c: Customer, outcome: float, lag_waves: int) -> float:
    """The outcome a reading with this lag refers to: that of an earlier wave, or the first one known."""
    past = c.latent.outcomes
    if lag_waves == 0 or not past:
        return outcome
    return past[max(0, len(past) - lag_waves)]


def _invitations(
    firm: Firm, c: Customer, trigger: str, occurrence: int, questions: bool, readings: bool
) -> tuple[bool, bool]:
    """(survey invited, outcome reading bought) by the policy, while its purse lasts.

    Nothing is paid for what the moment does not ask: `questions`, `readings` say whether it has any.
    """
    view = survey_view(c.account, firm.clock.now)
    require_view(view)
    costs = firm.market.costs
    share = firm.policy.survey.invite(view) if questions else 0.0
    chosen = share >= 1.0 or firm.draws.invite[trigger](c.traits.customer, occurrence) < share
    survey = chosen and firm.purse.pay("spend_surveys", costs.survey_invitation)
    wanted = readings and firm.policy.listening.sense(view).outcome
    return survey, wanted and firm.purse.pay("spend_readings", costs.outcome_reading)


def _learn(c: Customer, instrument: str, answer: float) -> None:
    """An answer to the fielded programme enters the organisation's account."""
    if instrument == SCORE:
        c.account.last_score = answer
    elif instrument == READING:
        c.account.last_outcome = answer
