"""What decisions weigh besides V, taken from what is recorded, so that V can be told from the renewal probability.

Constants of a world (switching cost, a competitor that was always there) order nobody and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.checks import Checked, count, quantity
from sim.metrics.facts import SAME_DAY, Codes, Floats, floats, identity, is_only
from sim.metrics.upcoming import Ends
from sim.rules.surroundings import entrant_pull, shock_strength
from sim.units import DAYS_PER_MONTH, days

if TYPE_CHECKING:
    from sim.recorder import Run


class Past(NamedTuple):
    """What had happened to each customer by the day of a decision."""

    before: Codes
    after: Codes
    last_days: Floats
    """When it happened last; nan where never."""


def past(run: Run, kind: str, who: Codes, time: Floats) -> Past:
    """Events of a kind up to and after each time, of the same person."""
    met = run.events[is_only(run.events, "event", kind)]
    when, key = floats(met, "time_days"), identity(met)
    order = np.lexsort((when, key))
    number, scale = np.unique(np.r_[key, who]), 2.0 * max(float(when.max(initial=1.0)), float(time.max(initial=1.0)))
    place = np.searchsorted(number, key[order]) + when[order] / scale
    rank = np.searchsorted(number, who)
    at = np.searchsorted(place, rank + (time + SAME_DAY) / scale, side="right")
    first, end = np.searchsorted(place, rank), np.searchsorted(place, rank + 1)
    last = np.r_[when[order], np.nan][np.where(at > first, at - 1, when.size)]
    return Past(at - first, end - at, last)


@dataclass(frozen=True)
class Besides(Checked):
    """The world's weights of everything in the renewal logit that differs between decisions and is not V."""

    renew_price: float = quantity("logit", 0, 10, "lost per unit of price burden")
    champion_loss: float = quantity("logit", 0, 10, "lost when the sponsor has left")
    switching_cost: float = quantity("logit", 0, 20, "gained because leaving is hard; inertia that a contact releases")
    attachment: float = quantity("logit", -5, 5, "gained per sd of emotional engagement")
    warms: float = quantity("sd", 0, 5, "engagement added by a delightful surprise")
    contact: float = quantity("1", 0, 2, "how strongly contacts act")
    squeeze: float = quantity("logit", 0, 10, "lost in a shock at price sensitivity 1")
    squeeze_begins_month: int = count(0, 239, "month in which the shock begins")
    squeeze_months: int = count(0, 240, "how long it lasts")
    entrant_pull: float = quantity("logit", -10, 10, "lost in the end to a rival that enters")
    entrant_month: int = count(0, 239, "month in which it enters")
    entrant_days: float = quantity("days", 1, 10_000, "time constant of its pull")
    inertia_release: float = quantity("share", 0, 1, "share of inertia that a contact releases")
    release_days: float = quantity("days", 1, 5000, "time for which it does")
    anger: float = quantity("logit", 0, 10, "lost in a decision taken at once, which counts no price")
    breadth_hold: float = quantity("logit", 0, 10, "gained by use of every function")

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """Terms that no table holds on the day of a decision: use is recorded at surveys only."""
        return ("breadth_of_use",) if self.breadth_hold > 0.0 else ()

    def logit(self, run: Run, made: Ends) -> Floats:
        """Sum of these terms for each decision, but for constants and `unrecorded`."""
        people, who = run.customers, made.person
        inertia = floats(people, "frailty")[who]
        key = identity(people)[who]
        summed = inertia + self._surroundings(floats(people, "price_sensitivity")[who], made.time)
        summed -= np.where(made.noticed, self.anger, self.renew_price * made.burden)
        summed -= self.champion_loss * made.champion_left
        if self.attachment != 0.0:
            later = past(run, "surprised", key, made.time).after
            summed += self.attachment * (floats(people, "attachment")[who] - self.contact * self.warms * later)
        if self.inertia_release > 0.0:
            since = made.time - past(run, "success_contact", key, made.time).last_days
            released = self.inertia_release * self.contact * np.maximum(inertia + self.switching_cost, 0.0)
            summed -= np.where(since <= self.release_days, released, 0.0)
        return summed

    def _surroundings(self, sensitivity: Floats, time: Floats) -> Floats:
        """What a shock and a rival take on the day; both are constant within a month."""
        if not time.size:
            return time
        month = (time / DAYS_PER_MONTH + SAME_DAY).astype(np.int64)
        months = range(int(month.max()) + 1)
        tight = [shock_strength(m, self.squeeze_begins_month, self.squeeze_months, 0.0) for m in months]
        pull = [entrant_pull(days(m - self.entrant_month), self.entrant_pull, self.entrant_days) for m in months]
        lost: Floats = self.squeeze * np.array(tight)[month] * sensitivity + np.array(pull)[month]
        return -lost
