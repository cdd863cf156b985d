"""Pay for measured outcome: base plus a share of the gain over a baseline, between floor and cap."""

from dataclasses import dataclass

from sim.checks import Checked, choice, count, quantity, text
from sim.pricing.tariff import MATCHES, Charges, Meter, Period
from sim.rules.common import clip


@dataclass(frozen=True)
class OutcomeBased(Checked):
    """fee = clip(base + share * (gain - baseline), floor, cap), all per period."""

    name: str = text("name of the tariff")
    match: str = choice(MATCHES, "what is equalised before a comparison")
    level: float = quantity("1", 0, 1e6, "multiplier of the gain share, set by matching")
    billing_months: int = count(0, 60, "billing period; 0: the market's")
    base_share: float = quantity("share", 0, 5, "fixed fee as a share of the list price")
    gain_share: float = quantity("share", 0, 10, "provider's share of the measured gain, before matching")
    baseline: float = quantity("share", 0, 1, "outcome the customer would have had anyway")
    floor_share: float = quantity("share", 0, 5, "least fee as a share of the list price")
    cap_share: float = quantity("share", 0, 100, "largest fee as a share of the list price")
    attribution: float = quantity("share", 0, 1, "share of the true outcome credited to the provider")
    noise_sd: float = quantity("share", 0, 2, "noise of the measured outcome of a period")
    lag_days: float = quantity("days", 0, 1000, "days from the end of a period to the payment")

    @property
    def meter(self) -> Meter:
        """The measurement the parties agreed on."""
        return Meter(self.attribution, self.noise_sd, self.lag_days)

    def invoice(self, period: Period) -> Charges:
        """The fixed part in advance; at the end what is missing to the collared fee."""
        listed = period.list_price_per_month * period.months
        base = self.base_share * listed
        gain = (period.gain_per_month - self.baseline * period.goal_value_per_month) * period.months
        fee = clip(
            base + self.level * self.gain_share * max(0.0, gain), self.floor_share * listed, self.cap_share * listed
        )
        return Charges(base, 0.0, fee - base)
