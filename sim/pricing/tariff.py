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


class Charges(NamedTuple):
    """Money owed for one period."""

    in_advance: float
    """due at the start of the period; must not depend on use or outcome"""
    usage: float
    """due at the end, by use"""
    outcome: float
    """due at the end, by measured outcome; negative where a cap or a shared loss gives money back"""


class Meter(NamedTuple):
    """How a tariff measures the outcome it charges for."""

    attribution: float
    """share of the true outcome that is credited to the provider"""
    noise_sd: float
    """standard deviation of the measured outcome of one period, share of the goal"""
    lag_days: float
    """days between the end of the period and the payment"""


class Tariff(Protocol):
    """A pricing model."""

    @property
    def name(self) -> str:
        """Name of the model."""
        ...

    @property
    def match(self) -> str:
        """first_year_price or none."""
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

    def invoice(self, period: Period) -> Charges:
        """What the customer owes for the period."""
        ...


MATCHES = ("first_year_price", "none")
NO_METER = Meter(1.0, 0.0, 0.0)
