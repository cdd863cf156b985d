"""The tariff family: the numbers of a billing period in, the charges out."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Period(NamedTuple):
    """What a tariff may know of one billing period of one customer."""

    months: float
    list_price_per_month: float
    """seats x list seat price: the reference charge"""
    use_share: float
    """metered mean adoption in the period, share of full use"""
    gain_per_month: float
    """measured worth of the outcome above baseline is taken from this worth of the whole outcome, money/month"""
    goal_value_per_month: float
    """worth of full attainment agreed in the contract, money/month"""
    seats: float = 1.0
    """seats under contract"""
    new_list_price_per_month: float = 0.0
    """the part of the list price that is billed for the first time: all of it in the first period, later added seats"""
    lot: float = 0.5
    """the customer's own uniform number for a choice that the tariff leaves open"""


class Charges(NamedTuple):
    """Money owed for one period."""

    in_advance: float
    """due at the start of the period; must not depend on use or outcome"""
    usage: float
    """due at the end, by use"""
    outcome: float
    """due at the end, by measured outcome; negative where a cap or a shared loss gives money back"""
    once: float = 0.0
    """due at the signature and not again: a licence, a product, a project; not returned"""


class Meter(NamedTuple):
    """How a tariff measures the outcome it charges for."""

    attribution: float
    """share of the true outcome that is credited to the provider"""
    noise_sd: float
    """standard deviation of the measured outcome of one period, share of the goal"""
    lag_days: float
    """days between the end of the period and the payment"""
    season_sd: float = 0.0
    """standard deviation of what weather or market adds to everybody's measured outcome of a year, share of the goal"""


class Incentives(NamedTuple):
    """What a formula gives a customer, or the provider, a reason to do."""

    price_of_use: float = 0.0
    """price of one more unit of use, as a share of the list price: a reason to use less"""
    fixed_beside_use: bool = False
    """a fixed fee stands beside the price of use"""
    by_seats: bool = False
    """seats cost whether used or not: a reason to give back unused ones"""
    by_outcome: bool = False
    """the measured outcome costs: a reason to hide it"""


class Free(NamedTuple):
    """A plan without a price that a lead takes without a seller."""

    seats: float
    """seats it covers"""
    functions: float
    """functions it covers, as a share of all"""
    period_months: int
    """time after which a user considers paying or stopping again"""
    hosting: float
    """cost of serving what it covers, relative to serving as much to somebody who pays"""
    served_last: bool
    """whether its users wait behind those who pay at the support desk"""


class Around(Protocol):
    """Conditions around the formula."""

    @property
    def alerts(self) -> bool:
        """Customers are warned before a bill exceeds what they expect."""
        ...

    @property
    def once_spread_years(self) -> float:
        """Years over which a buyer spreads what is due once."""
        ...

    @property
    def hidden_fee_share(self) -> float:
        """Fee on what is due in advance that no quote mentions."""
        ...

    def charged(self, charges: Charges, years: float) -> Charges:
        """What a period costs after this many years of contract."""
        ...


class Tariff(Protocol):
    """A pricing model."""

    @property
    def name(self) -> str:
        """Name of the model."""
        ...

    @property
    def match(self) -> str:
        """first_year_price, revenue_neutral or none."""
        ...

    @property
    def level(self) -> float:
        """Multiplier found by matching; 1 before."""
        ...

    @property
    def billing_months(self) -> int:
        """Length of a billing period; 0 takes the market's."""
        ...

    @property
    def meter(self) -> Meter:
        """Measurement behind outcome charges."""
        ...

    @property
    def conditions(self) -> Around:
        """What holds around the formula."""
        ...

    @property
    def incentives(self) -> Incentives:
        """What the formula gives reason to do."""
        ...

    @property
    def free(self) -> Free | None:
        """The plan without a price beside it, if there is one."""
        ...

    @property
    def options(self) -> dict[str, Tariff]:
        """Tariffs a customer may choose from; none but on a menu."""
        ...

    @property
    def self_selected(self) -> bool:
        """Customers choose from the options themselves."""
        ...

    def invoice(self, period: Period) -> Charges:
        """What the customer owes for the period."""
        ...


MATCHES = ("first_year_price", "revenue_neutral", "none")
NO_METER = Meter(1.0, 0.0, 0.0)
