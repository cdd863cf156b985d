"""The organisation's own record for its dashboard: what each customer went through beside what the metric says.

Everything comes from facts the organisation took part in or measured: waits, contacts, days to go-live, readings of
use and outcome, answers to the fielded programme, prices. Customers of the hold-out are in none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isnan, log1p, nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

from sim.policies.steering import USES
from sim.rules.drivers import ridge
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from sim.agents.customer import Account, Customer

FADE = 0.5
"""A quarter's waits count half of those of the quarter after it."""
_COUNT = len(USES)
_PLACES = range(_COUNT)


class Burdens(NamedTuple):
    """What a customer has borne, one for each of USES, from its account."""

    onboarding: float
    """ln(1 + days from signature to go-live)"""
    support: float
    """ln(1 + days waited for solutions), recent ones"""
    success: float
    """ln(1 + days since success management was there, or since go-live)"""
    product: float
    """share of the goal missing at the use they have, by the last readings; 0 where none were taken"""


class Sums:
    """Moments of one metric and the burdens beside it; weights may fade."""

    def __init__(self) -> None:
        self.n = self.y = self.yy = 0.0
        self.x = [0.0] * _COUNT
        self.xy = [0.0] * _COUNT
        self.xx = [[0.0] * _COUNT for _ in _PLACES]

    def add(self, burdens: Burdens, value: float) -> None:
        """One customer in one quarter."""
        self.n += 1.0
        self.y += value
        self.yy += value * value
        for i, burden in enumerate(burdens):
            self.x[i] += burden
            self.xy[i] += burden * value
            row = self.xx[i]
            for j in _PLACES:
                row[j] += burden * burdens[j]

    def take(self, other: Sums, memory: float) -> None:
        """Fade to `memory` and add what is newer."""
        self.n = memory * self.n + other.n
        self.y = memory * self.y + other.y
        self.yy = memory * self.yy + other.yy
        for i in _PLACES:
            self.x[i] = memory * self.x[i] + other.x[i]
            self.xy[i] = memory * self.xy[i] + other.xy[i]
            self.xx[i] = [memory * a + b for a, b in zip(self.xx[i], other.xx[i], strict=True)]

    @property
    def level(self) -> float:
        """Mean of the metric; nan without readings."""
        return self.y / self.n if self.n > 0.0 else nan

    def stakes(self, caution: float) -> tuple[float, ...]:
        """Standard deviations of the metric that the average customer loses to each burden; nan where unknown."""
        spread_y = self._spread(self.yy, self.y, self.y)
        spreads = [self._spread(self.xx[i][i], self.x[i], self.x[i]) for i in _PLACES]
        if spread_y <= 0.0 or not any(s > 0.0 for s in spreads):
            return (nan,) * _COUNT
        scale = [sqrt(s) if s > 0.0 else inf for s in spreads]
        between = [[self._correlation(i, j, scale) for j in _PLACES] for i in _PLACES]
        with_metric = [self._spread(self.xy[i], self.x[i], self.y) / (scale[i] * sqrt(spread_y)) for i in _PLACES]
        slopes = ridge(between, with_metric, caution / self.n)
        return tuple(-b * self.x[i] / self.n / scale[i] if spreads[i] > 0.0 else nan for i, b in enumerate(slopes))

    def _correlation(self, i: int, j: int, scale: list[float]) -> float:
        """Of two burdens; 1 with itself, 0 with one that does not vary."""
        return 1.0 if i == j else self._spread(self.xx[i][j], self.x[i], self.x[j]) / (scale[i] * scale[j])

    def _spread(self, product: float, a: float, b: float) -> float:
        """Covariance out of sums, 0 where it is rounding."""
        if self.n <= 0.0:
            return 0.0
        found = product / self.n - a * b / self.n**2
        return found if abs(found) > 1e-12 * max(1.0, abs(product) / self.n) else 0.0


class Seen(NamedTuple):
    """A customer as it was at its last wave."""

    wave: int
    price: float
    burdens: Burdens


class Records:
    """Collects readings wave by wave."""

    def __init__(self, metrics: frozenset[str], value_from: float) -> None:
        self.metrics = metrics
        self._value_from = value_from
        self.quarters: dict[int, dict[str, Sums]] = {}
        self._heard: dict[int, dict[str, float]] = {}
        self._waited: dict[int, float] = {}
        self._met: dict[int, float] = {}
        self._solved: dict[int, list[float]] = {}
        self._valued: set[tuple[int, int]] = set()
        self._seen: dict[int, Seen] = {}

    def hear(self, c: Customer, instrument: str, answer: float) -> None:
        """An answer or a reading of the fielded programme."""
        self._heard.setdefault(c.traits.customer, {})[instrument] = answer

    def meet(self, c: Customer, now: float) -> None:
        """Success management was there."""
        self._met[c.traits.customer] = now

    def solve(self, c: Customer, days: float) -> None:
        """A ticket was solved and its owner told."""
        number = c.traits.customer
        self._solved.setdefault(number, []).append(days)
        self._waited[number] = self._waited.get(number, 0.0) + days

    def read(self, c: Customer, wave: int, now: float) -> None:
        """The customer's line of this wave."""
        number = c.traits.customer
        burdens = self._burdens(number, c.account, now)
        heard, solved = self._heard.pop(number, {}), self._solved.pop(number, [])
        if c.traits.hold_out:
            return
        before = self._seen.get(number)
        if before is not None and before.wave == wave - 1:
            self._note(wave, "nrr", before.burdens, c.account.list_price_per_month / before.price)
        self._seen[number] = Seen(wave, c.account.list_price_per_month, burdens)
        for metric, value in self._values(c, now, heard, solved):
            self._note(wave, metric, burdens, value)

    def close(self, wave: int) -> dict[str, Sums]:
        """Sums of a wave by metric; who was there the wave before and is not now has left."""
        for number in [k for k, seen in self._seen.items() if seen.wave < wave]:
            gone = self._seen.pop(number)
            if gone.wave == wave - 1:
                self._note(wave, "nrr", gone.burdens, 0.0)
        return self.quarters.pop(wave, {})

    def _note(self, wave: int, metric: str, burdens: Burdens, value: float) -> None:
        if metric in self.metrics:
            self.quarters.setdefault(wave, {}).setdefault(metric, Sums()).add(burdens, value)

    def _burdens(self, number: int, account: Account, now: float) -> Burdens:
        waited = self._waited.get(number, 0.0)
        self._waited[number] = FADE * waited
        alone = now - max(account.go_live_days, self._met.get(number, -inf))
        missing = 0.0
        if account.last_usage > 0.0 and account.last_outcome >= 0.0:
            missing = max(0.0, 1.0 - account.last_outcome / account.last_usage)
        return Burdens(log1p(account.go_live_days - account.won_days), log1p(waited), log1p(alone), missing)

    def _values(
        self, c: Customer, now: float, heard: dict[str, float], solved: list[float]
    ) -> Iterator[tuple[str, float]]:
        """What each metric says of one customer in one quarter; more is better."""
        for instrument, answer in heard.items():
            yield ("outcome" if instrument == "outcome_reading" else instrument), answer
        if not isnan(c.account.last_usage):
            yield "usage", c.account.last_usage
        if solved:
            yield "ttr", -sum(solved) / len(solved)
        contract = c.traits.customer, c.account.contract
        if heard.get("outcome_reading", -inf) >= self._value_from and contract not in self._valued:
            self._valued.add(contract)
            yield "ttv", -(now - c.account.won_days) / DAYS_PER_MONTH
