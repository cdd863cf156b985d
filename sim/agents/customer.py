"""A customer: traits drawn once, latent state, and the account the organisation keeps of it."""

from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.agents.billing import Bill
    from sim.context.personas import Persona
    from sim.pricing.tariff import Tariff
    from sim.processes.needs import Changes
    from sim.rules.renewal import Terms


class Traits(NamedTuple):
    """Who the customer is; latent except size and price."""

    customer: int
    stream: str
    candidate_days: float
    seats: float
    list_price_per_month: float
    goal_value_per_month: float
    fit: float
    learning_skill: float
    price_sensitivity: float
    frailty: float
    response_propensity: float
    style: float
    reach: float
    patience_days: float
    buyer_is_user: bool
    breadth: float
    hold_out: bool
    attachment: float = 0.0
    role: str = ""
    """name of the persona; empty where everybody is ordinary"""
    persona: Persona | None = None


class Account:
    """The organisation's own record of a customer: facts it took part in, and what it measured."""

    __slots__ = (
        "billed_list_price",
        "contacted_days",
        "contract",
        "discount_left",
        "expected_arrears",
        "go_live_days",
        "invited_days",
        "last_breadth",
        "last_outcome",
        "last_score",
        "last_usage",
        "list_price_per_month",
        "offered",
        "open_tickets",
        "opened",
        "promise",
        "seats",
        "tariff",
        "term",
        "term_end_days",
        "term_start_days",
        "tickets_this_quarter",
        "won_days",
        "zeal",
    )

    def __init__(self, seats: float, list_price_per_month: float) -> None:
        self.seats = seats
        self.list_price_per_month = list_price_per_month
        self.billed_list_price = 0.0
        self.expected_arrears = 0.0
        self.tariff: Tariff | None = None
        self.zeal = 1.0
        self.contract = 0
        self.opened = 0
        """contract under which use began: 0 for who came from a plan without a price"""
        self.term = 0
        self.promise = 0.0
        self.discount_left = 0.0
        """money set aside for a discount and not given yet"""
        self.won_days = nan
        self.go_live_days = nan
        self.term_start_days = nan
        self.term_end_days = nan
        self.offered = 0
        self.open_tickets = 0
        self.tickets_this_quarter = 0
        self.last_score = nan
        self.last_usage = nan
        self.last_breadth = nan
        self.last_outcome = nan
        self.invited_days = nan
        self.contacted_days = nan


class Apart(NamedTuple):
    """What only some worlds move. Nobody has one of their own until it has moved, so that a world without those
    mechanisms does not pay for them."""

    base_improvement: float = 0.0
    """the product's improvement on the day needs last changed"""
    told_service: float = 0.0
    told_outcome: float = 0.0
    """how far rivals' copies have raised what is expected"""
    seats_kept: float = 1.0
    """share of the first seats still paid for"""
    notice: Terms | None = None
    """terms under which notice was given before the term's end"""
    angry: bool = False
    """whether the last contract ended by such a notice"""
    warmed: float = 0.0
    """attachment gained since becoming a customer, in standard deviations"""
    loudness: float = 1.0
    """reach of a recommendation relative to one without reserve"""
    answered_days: float = -inf
    weariness: float = 0.0
    wearied_days: float = 0.0
    """last answer; invitations so far, faded to the day of the last one"""
    lift_experience: float = 0.0
    lift_outcome: float = 0.0
    parted: float = 0.0
    """standardised perceived outcome on the day of leaving"""
    result: float = 0.0
    """state of the symmetric process"""


UNMOVED = Apart()


class Latent:
    """What only the customer knows; no view is ever made from it."""

    __slots__ = (
        "adoption",
        "apart",
        "base_fit",
        "ceiling",
        "champion_left",
        "changes",
        "charged",
        "covered",
        "depth",
        "diligence",
        "expected_outcome",
        "expected_service",
        "experience",
        "felt",
        "fit",
        "gap",
        "live_days",
        "memory",
        "memory_days",
        "noticed_days",
        "open_problems",
        "outcome_days",
        "outcomes",
        "peak",
        "release",
        "restraint",
        "seen_days",
        "silent",
        "target",
        "use_days",
        "valued",
        "voice",
    )

    def __init__(self, now: float, expected_service: float) -> None:
        self._use(now)
        self._mind(now, expected_service)
        self.base_fit = nan
        self.changes: Changes | None = None
        self.apart = UNMOVED

    def _use(self, now: float) -> None:
        """The product in use."""
        self.adoption = self.target = self.depth = 0.0
        self.ceiling = self.fit = 0.0
        self.open_problems = self.silent = 0.0
        self.seen_days = now
        self.live_days = nan
        self.use_days = self.outcome_days = 0.0
        self.outcomes: tuple[float, ...] = ()
        self.release = 0
        self.valued = False

    def _mind(self, now: float, expected_service: float) -> None:
        """What is remembered and expected."""
        self.memory = self.peak = self.experience = self.felt = 0.0
        self.memory_days = now
        self.noticed_days = 0.0
        self.expected_service = expected_service
        self.expected_outcome = 0.0
        self.champion_left = False
        self.charged = self.gap = 0.0
        self.restraint = self.diligence = 1.0
        self.covered = 1.0
        """share of the product that a plan gives; the rest is what paying would add"""
        self.voice = 0

    def note(self, **moved: object) -> None:
        """Change what only some worlds move."""
        self.apart = self.apart._replace(**moved)  # type: ignore[arg-type]


FREE = "free"
"""Status of a user of a plan without a price: no customer yet, and under no contract."""
USING = ("active", FREE)


class Customer:
    """One candidate of the population."""

    __slots__ = (
        "account",
        "bill",
        "first_end_days",
        "first_live_days",
        "first_won_days",
        "latent",
        "left_experience",
        "left_outcome",
        "status",
        "traits",
    )

    bill: Bill

    def __init__(self, traits: Traits) -> None:
        self.traits = traits
        self.account = Account(traits.seats, traits.list_price_per_month)
        self.latent = Latent(traits.candidate_days, 0.0)
        self.status = "candidate"
        self.first_won_days = nan
        self.first_live_days = nan
        self.first_end_days = nan
        self.left_experience = nan
        self.left_outcome = nan

    def still_under(self, contract: int) -> bool:
        """Whether what began under this contract (0: a plan without a price) still concerns somebody who uses the
        product."""
        return self.status in USING and self.account.opened <= contract <= self.account.contract
