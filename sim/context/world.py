"""The world: what nobody can observe - what decisions weigh, how experience and outcome come about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sim.checks import Checked, count, flag, part, quantity, text
from sim.context.asking import Asking
from sim.context.charging import Charging
from sim.context.engaging import Engaging
from sim.context.incentives import Incentives
from sim.context.knowing import Knowing
from sim.context.managing import Managing
from sim.context.needs import Needs
from sim.context.rivals import Rivals
from sim.context.shock import Shock
from sim.context.silence import Silence
from sim.context.stakes import Stakes
from sim.context.trying import Trying
from sim.context.upgrading import Upgrading
from sim.rules import value

if TYPE_CHECKING:
    from sim.context.attracting import Attracting
    from sim.context.change import Change
    from sim.context.hearsay import Hearsay
    from sim.context.installed import Installed
    from sim.context.service import Service
    from sim.context.society import Society
    from sim.context.staff import Staff
    from sim.processes import Process


class Aggregate(Protocol):
    """How experience and outcome combine into value."""

    def combine(self, share: float, z_experience: float, z_outcome: float) -> float:
        """One number on the scale of z."""
        ...


@dataclass(frozen=True)
class Additive(Checked):
    """Weighted sum."""

    def combine(self, share: float, z_experience: float, z_outcome: float) -> float:
        """See sim.rules.value.additive."""
        return value.additive(share, z_experience, z_outcome)


@dataclass(frozen=True)
class Geometric(Checked):
    """Weighted geometric mean of levels."""

    def combine(self, share: float, z_experience: float, z_outcome: float) -> float:
        """See sim.rules.value.geometric."""
        return value.geometric(share, z_experience, z_outcome)


@dataclass(frozen=True)
class Minimum(Checked):
    """The worse of the two."""

    def combine(self, share: float, z_experience: float, z_outcome: float) -> float:
        """See sim.rules.value.minimum."""
        return value.minimum(share, z_experience, z_outcome)


@dataclass(frozen=True)
class ValueModel(Checked):
    """V, the quantity behind every decision of the customer."""

    weight: float = quantity("logit", 0, 10, "logit per standard deviation of the aggregate")
    aggregate: Aggregate = part("additive, geometric or minimum")
    experience_curvature: float = quantity("1", -1, 1, "shape of the experience term: < 0 concave, > 0 convex")
    experience_steepness: float = quantity("1", 0.2, 3, "shape of the experience term: < 1 S, > 1 inverse S")
    outcome_curvature: float = quantity("1", -1, 1, "shape of the outcome term")
    outcome_steepness: float = quantity("1", 0.2, 3, "shape of the outcome term")
    tenure_shift: float = quantity("share", -1, 1, "how far early decisions lean on experience")
    tenure_shift_days: float = quantity("days", 1, 5000, "time constant of that lean")


@dataclass(frozen=True)
class Deciding(Checked):
    """Weights of the customer's decisions besides V."""

    win_intercept: float = quantity("logit", -20, 20, "win logit at reference terms")
    win_promise: float = quantity("logit", -10, 10, "win logit per unit of promise")
    promise_believed: float = quantity("share", 0, 6, "promise above which more wins nobody, but is still expected")
    win_skill: float = quantity("logit", -10, 10, "win logit per unit of seller skill")
    win_fit: float = quantity("logit", -10, 10, "win logit per unit of the customer's fit signal")
    win_reputation: float = quantity("logit", -10, 10, "win logit per unit of reputation")
    win_price: float = quantity("logit", 0, 10, "win logit lost per unit of price burden")
    renew_price: float = quantity("logit", 0, 10, "renewal logit lost per unit of price burden")
    switching_cost: float = quantity("logit", 0, 20, "renewal logit gained because leaving is hard (lock-in)")
    competitor: float = quantity("logit", 0, 10, "renewal logit lost to a competitor's pull")
    champion_loss: float = quantity("logit", 0, 10, "renewal logit lost when the sponsor has left")
    cancel_intercept: float = quantity("logit", -20, 20, "logit of cancelling at go-live, V subtracted")
    expand_intercept: float = quantity("logit", -20, 20, "logit of expanding, V added")
    contract_intercept: float = quantity("logit", -20, 20, "logit of contracting, V subtracted")
    advocate_intercept: float = quantity("logit", -20, 20, "logit of advocating in a quarter, V added")
    detract_intercept: float = quantity("logit", -20, 20, "logit of detracting in a quarter, V subtracted")
    win_back_intercept: float = quantity("logit", -20, 20, "logit of coming back, V added")
    win_back_memory: float = quantity("share", 0, 1, "weight of the outcome at leaving; the rest: of the outcome now")
    stated_noise: float = quantity("logit", 0, 10, "scale of confusion in the cause told on leaving")


@dataclass(frozen=True)
class WordOfMouth(Checked):
    """How customers move the market."""

    reputation_lead_gain: float = quantity("1", 0, 1, "relative change of leads at full reputation")
    reputation_prior: float = quantity("customers", 0.1, 1e5, "customers' worth of neutral reputation")
    referral_half: float = quantity("advocates", 0.01, 1e5, "advocates' reach at half of the referral ceiling")
    referral_on: bool = flag("referred candidates can become leads")
    referral_fit_gain: float = quantity("share", 0, 1, "share of misfit a referred customer does not have")


@dataclass(frozen=True)
class Levers(Checked):
    """How strongly each choice of a policy acts; 0 = not at all."""

    promise: float = quantity("1", 0, 2, "promises and discounts move winning and what follows from it")
    qualification: float = quantity("1", 0, 1, "share of leads below the bar that are really dropped")
    depth: float = quantity("1", 0, 2, "effort and warmth of onboarding act")
    handling: float = quantity("1", 0, 2, "effort and warmth of support act")
    contact: float = quantity("1", 0, 2, "success contacts act")
    selling: float = quantity("1", 0, 2, "effort and warmth of selling act")
    work: float = quantity("1", 0, 1, "effort costs working time")
    marketing: float = quantity("1", 0, 1, "marketing spend moves leads")
    product: float = quantity("1", 0, 2, "product spend moves quality, fit and prevention")


@dataclass(frozen=True)
class Efforts(Checked):
    """What human effort achieves. Effort 1 at warmth .5 is nominal everywhere; effort x warmth goes
    into how the customer is treated, effort x (1 - warmth) into the task."""

    courtesy_half: float = quantity("effort", 0.01, 10, "warm effort that gives courtesy .5")
    courtesy_noise_sd: float = quantity("1", 0, 2, "spread of the quality felt at one touch")
    resolution_half: float = quantity("effort", 0.01, 10, "task effort that solves half of the solvable")
    depth_half: float = quantity("effort", 0.01, 10, "task effort of onboarding that gives depth .5")
    contact_half: float = quantity("effort", 0.01, 10, "task effort of a success contact that closes half of its gain")
    contact_depth_gain: float = quantity("share", 0, 1, "share of missing depth one full success contact adds")
    quality_start: float = quantity("share", 0.05, 1, "product quality at time 0")
    quality_per_month: float = quantity("1/month", 0, 1, "rate of defect removal at nominal product spend")
    fit_per_month: float = quantity("1/month", 0, 1, "rate of fit improvement at nominal product spend")
    prevention_max: float = quantity("share", 0, 0.95, "largest share of tickets service design prevents")
    prevention_per_month: float = quantity("1/month", 0, 1, "speed of service design at nominal product spend")
    release_months: int = count(1, 60, "months between releases")
    release_delay_months: int = count(0, 60, "months from finished work to its release")


@dataclass(frozen=True)
class World(Checked):
    """What decisions weigh and how the latent state moves."""

    name: str = text("name of the world")
    share_experience: float = quantity("share", 0, 1, "s: weight of experience against outcome in V")
    capacity_unlimited: bool = flag("nobody ever waits for the organisation")
    value: ValueModel = part("V")
    deciding: Deciding = part("weights besides V")
    word_of_mouth: WordOfMouth = part("influence on the market")
    levers: Levers = part("strength of each lever")
    process: Process = part("how experience and outcome come about")
    efforts: Efforts = part("what effort of a person achieves")
    engaging: Engaging = part("what a product that speaks does to its users")
    silence: Silence = part("problems that nobody reports at once")
    asking: Asking = part("what being asked does to people")
    managing: Managing = part("what account management reaches besides use, and what it can spoil")
    upgrading: Upgrading = part("upgrades that can be offered in the middle of a term")
    knowing: Knowing = part("what product work hangs on besides money")
    staff: Staff = part("how people come, learn and go, and what it costs to agree")
    needs: Needs = part("how customers' needs change")
    shock: Shock = part("a time in which nothing is as usual")
    rivals: Rivals = part("who enters and who copies")
    charging: Charging = part("what a bill does to behaviour besides its burden")
    stakes: Stakes = part("how people work when pay hangs on an outcome")
    change: Change = part("how an organisation gets from one way of working to another")
    incentives: Incentives = part("what pay by a metric does to people")
    service: Service = part("what service does beyond effort and warmth")
    hearsay: Hearsay = part("what customers hear from each other")
    society: Society = part("what people are besides experience and outcome")
    installed: Installed = part("who is a customer at time 0")
    attracting: Attracting = part("how people come and how they buy")
    trying: Trying = part("what people do with a plan without a price")
