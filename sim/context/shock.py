"""The shock: for some months nothing around the firm is as usual, and some of it may stay."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, count, quantity


@dataclass(frozen=True)
class Shock(Checked):
    """Date, length and depth; the switch is `months`. Money comes back afterwards; of what people want and of how
    they meet, `lasting_share` stays as the shock has made it."""

    begins_month: int = count(0, 239, "month in which it begins")
    months: int = count(0, 240, "how long it lasts; 0: never happens")
    lasting_share: float = quantity("share", 0, 1, "share of distance and share_shift that stays afterwards")
    demand_lost: float = quantity("share", 0, 1, "share of the pull on candidates that is lost")
    budget_lost: float = quantity("share", 0, 1, "share of the organisation's budget that is lost")
    squeeze: float = quantity("logit", 0, 10, "logit of buying, renewing and growing lost to customers' own budgets")
    distance: float = quantity("share", 0, 0.95, "share of warm effort lost because people no longer meet")
    share_shift: float = quantity("share", -1, 1, "added to the weight of experience; below 0 outcomes come first")
    needs_lost: float = quantity("share", 0, 1, "share of fit every customer loses on its first day")
