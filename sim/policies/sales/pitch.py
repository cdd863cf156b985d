"""One promise and one bar for every lead."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.sales import Approach
from sim.policies.views import LeadView


@dataclass(frozen=True)
class Pitch(Checked):
    """Pursue every lead whose fit signal passes the bar, with the same promise."""

    promise: float = quantity("share", 0, 3, "outcome promised above the expected one")
    qualification_bar: float = quantity("share", 0, 1, "lowest fit signal a seller pursues")
    effort: float = quantity("1", 0.1, 5, "work relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on the person")
    discount_share: float = quantity("share", 0, 0.9, "taken off the first term, as far as the purse goes")
    touches: float = quantity("1", 0.1, 10, "number of touches relative to the market's")

    def approach(self, lead: LeadView) -> Approach:
        """The fixed pitch, if the lead qualifies."""
        qualified = lead.fit_signal >= self.qualification_bar
        return Approach(qualified, self.promise, self.effort, self.warmth, self.discount_share, self.touches)
