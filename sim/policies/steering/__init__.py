"""Decision point: which metric the organisation reads each quarter, and how it moves money after it."""

from typing import NamedTuple, Protocol

from sim.policies.views import SteeringView

METRICS = ("nps", "csat", "ces", "ttr", "ttv", "usage", "outcome", "nrr")
"""What a dashboard can show; each is read so that more is better (times are negated)."""
USES = ("onboarding", "support", "success", "product")
"""Uses of money that leave traces in single customers' accounts, in the order of every tuple of four."""


class Emphasis(NamedTuple):
    """Weight of each steered use of money relative to what the staffing strategy gives it."""

    onboarding: float
    support: float
    success: float
    product: float


class Dashboard(NamedTuple):
    """What is read, how late, and what is paid for it."""

    metrics: tuple[str, str, str, str]
    """the metric by which each of USES is judged"""
    from_month: float
    """before it the dashboard is read and nothing follows"""
    lag_quarters: int
    """quarters until a reading is on the dashboard, besides the one in which it is taken"""
    memory: float
    """share of its weight that a reading keeps from quarter to quarter"""
    caution: float
    """readings' worth of doubt: how many it takes until an association counts half"""
    incentive: float
    """pay that depends on the metric, as a share of a full incentive"""


class Steering(Protocol):
    """Reads a dashboard and shifts money."""

    @property
    def dashboard(self) -> Dashboard | None:
        """What the organisation reads; None: it reads nothing and shifts nothing."""
        ...

    def steer(self, view: SteeringView) -> Emphasis:
        """Emphasis for the coming quarter."""
        ...
