"""The market: what a firm can look up about its customers, cycles, prices and costs."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, InputError, count, part, path, quantity, series, text
from sim.context.frailty import Frailty
from sim.context.people import People
from sim.context.reference import Reference


@dataclass(frozen=True)
class Arrival(Checked):
    """How candidates become leads."""

    candidates_per_month: float = quantity("1/month", 0.1, 100_000, "ceiling rate of primary candidates")
    referral_candidates_per_month: float = quantity("1/month", 0, 100_000, "ceiling rate of referred candidates")
    lead_share: float = quantity("share", 0.01, 0.95, "share of primary candidates made leads by nominal marketing")
    season_amplitude: float = quantity("share", 0, 1, "yearly swing of demand")
    season_peak_days: float = quantity("days", 0, 366, "day of the year when demand peaks")
    guest_days: tuple[float, ...] = series("days", 0, 7305, "extra candidates at these times (to test spill-over)")

    @property
    def half(self) -> float:
        """Half-saturation that gives `lead_share` at attraction 1."""
        return 1.0 / self.lead_share - 1.0


@dataclass(frozen=True)
class Selling(Checked):
    """The sales cycle."""

    cycle_median_days: float = quantity("days", 0.01, 1500, "median time from lead to decision without waiting")
    cycle_sigma: float = quantity("log sd", 0, 2, "spread of the cycle (lognormal)")
    touches: int = count(1, 30, "touches of a seller in a cycle")
    win_logit: float = quantity("logit", -10, 10, "win logit of this market above the world's intercept")
    touch_hours: float = quantity("hours", 0.001, 200, "seller's work per touch at nominal effort")
    seller_skill: tuple[float, ...] = series("share", 0.01, 1, "marketer, seller, product specialist, service agent")
    skill_weakest_link: float = quantity("share", 0, 1, "1: geometric mean of the skills, 0: arithmetic mean")


@dataclass(frozen=True)
class Onboarding(Checked):
    """From signature to go-live."""

    tasks: int = count(1, 20, "tasks before go-live")
    task_hours: float = quantity("hours", 0.001, 500, "mean specialist work per task at nominal effort (exponential)")
    lag_days: float = quantity("days", 0, 1500, "time between signature and the start of the implementation")
    abandon_per_day: float = quantity("1/day", 0, 1, "hazard of giving up during the implementation")


@dataclass(frozen=True)
class Use(Checked):
    """Adoption of the product."""

    adoption_rate_per_day: float = quantity("1/day", 0.0001, 5, "kappa: speed at which adoption approaches its target")
    first_value_outcome: float = quantity("share", 0.01, 1, "outcome at which the customer has first value")


@dataclass(frozen=True)
class Tickets(Checked):
    """When customers need help."""

    per_month: float = quantity("1/month", 0, 50, "base rate before use, defects, fit, early life and prevention")
    use_floor: float = quantity("share", 0, 1, "rate at no use as a share of the rate at full use")
    defect_share: float = quantity("share", 0, 1, "share of tickets that falls with the defect level")
    misfit_weight: float = quantity("1", 0, 10, "extra tickets of a customer whom nothing fits")
    early_height: float = quantity("1", 0, 20, "extra tickets right after go-live")
    early_days: float = quantity("days", 1, 1000, "time constant of the early-life extra")
    kind_shares: tuple[float, ...] = series("share", 0, 1, "defect, how-to, billing, missing feature, broken promise")
    solvable: tuple[float, ...] = series("probability", 0, 1, "highest chance that one contact solves each type")
    severity: tuple[float, ...] = series("share", 0, 1, "adoption lost while a problem of each type is open")
    handling_hours: float = quantity("hours", 0.001, 100, "mean work of one contact at nominal effort (exponential)")
    reopen_days: float = quantity("days", 0.01, 100, "mean time until an unsolved problem comes back")

    def __post_init__(self) -> None:
        super().__post_init__()
        if abs(sum(self.kind_shares) - 1.0) > 1e-9:
            raise InputError(f"market.tickets.kind_shares must sum to 1, got {sum(self.kind_shares):g}")


KINDS = ("defect", "how_to", "billing", "missing_feature", "broken_promise")
"""Ticket types in the order of the series above."""


@dataclass(frozen=True)
class Contract(Checked):
    """Terms of the relationship."""

    term_months: int = count(1, 120, "length of a term")
    billing_months: int = count(1, 60, "period invoiced in advance")
    seat_price_per_month: float = quantity("money/seat/month", 0.01, 1e6, "list price of a seat")
    involuntary_per_term: float = quantity("probability", 0, 1, "failed payment at the end of a term")
    champion_loss_per_year: float = quantity("1/year", 0, 5, "rate at which the internal sponsor leaves")
    expansion_share: float = quantity("share", 0, 5, "seats added when a customer expands")
    contraction_share: float = quantity("share", 0, 0.95, "seats dropped when a customer contracts")
    win_back_days: float = quantity("days", 1, 3000, "time after churn when a win-back is decided")


@dataclass(frozen=True)
class Costs(Checked):
    """What work and service cost; the unit costs behind the budget path."""

    hours_utilised: float = quantity("share", 0.05, 1, "share of paid hours the reference plan fills with work")
    sales_per_month: float = quantity("money/month", 1, 1e6, "cost of a seller")
    onboarding_per_month: float = quantity("money/month", 1, 1e6, "cost of an onboarding specialist")
    support_per_month: float = quantity("money/month", 1, 1e6, "cost of a support agent")
    success_per_month: float = quantity("money/month", 1, 1e6, "cost of a success manager")
    marketing_per_lead: float = quantity("money", 0, 1e6, "nominal marketing spend per lead")
    product_per_customer_month: float = quantity("money/month", 0, 1e6, "nominal product spend per customer")
    listening_per_customer_month: float = quantity("money/month", 0, 1e5, "nominal spend on listening and discounts")
    success_hours_per_month: float = quantity("hours/month", 0, 100, "nominal success work per customer")
    hosting_share: float = quantity("share", 0, 1, "cost of serving as a share of the list price")
    survey_invitation: float = quantity("money", 0, 1000, "cost of one invitation")
    usage_reading_per_month: float = quantity("money/month", 0, 1e4, "cost of usage telemetry per customer")
    outcome_reading: float = quantity("money", 0, 1e5, "cost of one outcome reading")


@dataclass(frozen=True)
class Nominal(Checked):
    """Expected rates behind the budget path and the frozen reference (never measured in a run)."""

    win_rate: float = quantity("probability", 0.001, 1, "expected share of leads won")
    logo_churn_per_year: float = quantity("share", 0, 0.99, "expected share of customers lost in a year")
    tickets_per_month: float = quantity("1/month", 0, 50, "expected tickets per customer")
    contacts_per_ticket: float = quantity("1", 1, 10, "expected contacts per ticket")


@dataclass(frozen=True)
class Market(Checked):
    """Everything a firm can look up; functions of it alone are frozen in `reference`."""

    name: str = text("name of the market")
    segment: str = text("segment its customers belong to")
    start_date: str = text("calendar date of time 0 (display, business hours)")
    arrival: Arrival = part("attraction")
    people: People = part("who the customers are")
    selling: Selling = part("sales cycle")
    onboarding: Onboarding = part("implementation")
    use: Use = part("adoption")
    tickets: Tickets = part("problems")
    contract: Contract = part("terms of the relationship")
    frailty: Frailty = part("customers' own propensity to renew")
    costs: Costs = part("what work and service cost")
    nominal: Nominal = part("expected rates behind the budget")
    retention_curve: object = path(
        "CSV file (period,percent_surviving) whose fitted law replaces frailty; null: frailty as configured"
    )
    reference: Reference = part("frozen constants: standardisation and first-year bills")
