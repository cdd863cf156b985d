"""Shifted beta-geometric retention: simulated contracts, renewals and invoices against Fader & Hardie (2007).

Customers differ in nothing but a churn probability theta ~ Beta(alpha, beta) per term; they sign at once, are never
called and wait for nobody, so that everything else about the renewal falls away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.checks import Checked, count, quantity
from sim.fitting.sbg import ShiftedBetaGeometric
from sim.units import DAYS_PER_MONTH
from sim.verify.check import Check, bounded_mean, share
from sim.verify.worlds import (
    EVERYBODY_BUYS_AT_ONCE,
    EVERYBODY_GOES_LIVE_AT_ONCE,
    NOBODY_GROWS,
    ONLY_FRAILTY_DECIDES,
    QUIET,
    changed,
    crowd_at_once,
    without_effects,
)

if TYPE_CHECKING:
    from sim.recorder import Run

PEOPLE: Final = 500
"""Candidates of one run."""
RUNS: Final = 4
FIRST_DAYS: Final = 2.0
"""Who signs later, as few do, is not followed for all terms."""
SHOWN: Final = (1, 2, 3, 6, 12, 24, 36)


class _Seen(NamedTuple):
    """What one run showed."""

    signed: int
    renewed: NDArray[np.int64]
    """Customers who renewed at the end of term 1, 2, ..."""
    worth: NDArray[np.float64]
    """Discounted payments of each customer, in first payments."""


@dataclass(frozen=True)
class Retention(Checked):
    """theta ~ Beta(alpha, beta); terms and payments are monthly, so a term is the law's period."""

    name: ClassVar[str] = "sbg"
    textbook: ClassVar[dict[str, float]] = {"alpha": 0.704, "beta": 1.182, "discount": 0.1, "terms": 12}
    """Fader & Hardie's "Regular" segment."""

    alpha: float = quantity("1", 0.01, 1000, "first shape of the churn probability per term")
    beta: float = quantity("1", 0.01, 1000, "second shape of the churn probability per term")
    discount: float = quantity("1/term", 0, 1, "discount rate per term of the payments")
    terms: int = count(1, 36, "terms that customers are followed for")

    def checks(self, scale: int, seed: int) -> list[Check]:
        """S(t) at some t, retention of all renewals of a later term, discounted payments from the ledger."""
        law, seen = ShiftedBetaGeometric(self.alpha, self.beta), list(self._runs(RUNS * scale, seed))
        signed = sum(one.signed for one in seen)
        kept = np.sum([one.renewed for one in seen], axis=0)
        shown = [term for term in SHOWN if term <= self.terms]
        found = [share(self.name, f"S({t})", int(kept[t - 1]), signed, law.survival(t)) for t in shown]
        if self.terms > 1 and kept[-2]:
            last = f"r({self.terms})"
            found.append(share(self.name, last, int(kept[-1]), int(kept[-2]), law.retention(self.terms)))
        mean, deviation = self._payments(law)
        values = np.concatenate([one.worth for one in seen])
        reach = max(mean - 1.0, self._annuity(self.terms) - mean)
        return [*found, bounded_mean(self.name, f"payments({self.terms})", values, mean, deviation, reach)]

    def _payments(self, law: ShiftedBetaGeometric) -> tuple[float, float]:
        """Mean and deviation of a customer's discounted payments among the first `terms`, in first payments."""
        alive = np.array([law.survival(t) for t in range(self.terms + 1)])
        leaving = alive[:-1] - alive[1:]
        leaving[-1] = alive[-2]  # who has paid them all, whatever comes then
        worth = np.array([self._annuity(paid) for paid in range(1, self.terms + 1)])
        mean = law.truncated_lifetime(self.discount, self.terms)
        return mean, float(np.sqrt(max(0.0, (leaving * (worth - mean) ** 2).sum())))

    def _annuity(self, payments: int) -> float:
        """Discounted worth of so many payments."""
        return float(sum((1.0 + self.discount) ** -t for t in range(payments)))

    def _runs(self, runs: int, seed: int) -> Iterator[_Seen]:
        from sim.simulation import simulate

        scenario = changed(without_effects(), self._changes())
        return (self._seen(simulate(scenario, seed, replication)) for replication in range(runs))

    def _changes(self) -> dict[str, Any]:
        from sim.context.frailty import BetaFrailty

        return {
            **QUIET,
            **EVERYBODY_BUYS_AT_ONCE,
            **EVERYBODY_GOES_LIVE_AT_ONCE,
            **ONLY_FRAILTY_DECIDES,
            **NOBODY_GROWS,
            **crowd_at_once(PEOPLE),
            "market.contract.term_months": 1,
            "market.contract.billing_months": 1,
            "market.frailty": BetaFrailty(self.alpha, self.beta, 0.0),
            "horizon_months": self.terms + 1.0,
        }

    def _seen(self, run: Run) -> _Seen:
        people = run.customers[run.customers["won_days"] < FIRST_DAYS].set_index("customer")
        events = run.events[(run.events["contract"] == 1) & (run.events["event"] == "renewed")]
        events = events[events["customer"].isin(people.index)]
        renewed = np.bincount(events["occurrence"].to_numpy(), minlength=self.terms + 1)[1 : self.terms + 1]
        book = run.ledger[(run.ledger["account"] == "invoice_regular") & (run.ledger["contract"] == 1)]
        book = book[book["party"].isin(people.index)]
        since = book["time_days"] - book["party"].map(people["won_days"])
        term = (since / DAYS_PER_MONTH).round()
        paid = book["amount"] / book["party"].map(people["list_price_per_month"]) * (1.0 + self.discount) ** -term
        worth = paid[term < self.terms].groupby(book["party"]).sum().reindex(people.index, fill_value=0.0)
        return _Seen(len(people), renewed, worth.to_numpy())
