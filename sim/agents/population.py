"""Candidates: who could become a customer, the same people in every world and under every policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import betaincinv, ndtri

from sim.agents.customer import Traits
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from sim.context.market import Market
    from sim.streams import Streams
    from sim.surveys.programme import Programme

STREAM_OFFSET = 1 << 20
"""Candidates of stream k are numbered from k * STREAM_OFFSET, so streams never renumber each other."""
STREAMS = ("primary", "referral", "guest")
INSTALLED = "installed"
"""Customers of old, who arrive in no stream."""


def candidates(market: Market, programme: Programme, streams: Streams, entry_days: float) -> list[Traits]:
    """All candidates of the entry phase, ordered by time within each stream."""
    arrival = market.arrival
    found: list[Traits] = []
    for index, rate in enumerate((arrival.candidates_per_month, arrival.referral_candidates_per_month)):
        first = index * STREAM_OFFSET
        times = arrival_days(streams, STREAMS[index], first, rate / DAYS_PER_MONTH, entry_days)
        found += embodied(market, programme, streams, STREAMS[index], first, times)
    guests = np.array(arrival.guest_days, np.float64)
    return found + embodied(market, programme, streams, STREAMS[2], 2 * STREAM_OFFSET, guests)


def installed(market: Market, programme: Programme, streams: Streams, count: int) -> list[Traits]:
    """Customers of old, known from time 0 on."""
    first = len(STREAMS) * STREAM_OFFSET
    return embodied(market, programme, streams, INSTALLED, first, np.zeros(count))


def arrival_days(streams: Streams, stream: str, first: int, rate_per_day: float, end_days: float) -> Any:
    """Poisson arrival times before `end_days`; the gap before a candidate is addressed by its number."""
    times: list[float] = []
    if rate_per_day <= 0.0:
        return np.array(times)
    now, gap = 0.0, streams.purpose(f"gap_{stream}")
    while True:
        now -= np.log(gap(first + len(times), 0)) / rate_per_day
        if now >= end_days:
            return np.array(times)
        times.append(float(now))


def embodied(
    market: Market, programme: Programme, streams: Streams, stream: str, first: int, times: Any
) -> list[Traits]:
    """Traits of consecutive candidates, each by inverse distribution function of its own uniform."""
    n, people = len(times), market.people
    if n == 0:
        return []

    def uniform(name: str) -> Any:
        return streams.column(name, first, n)

    def lognormal(name: str, median: float, sigma: float) -> Any:
        return median * np.exp(sigma * ndtri(uniform(name)))

    seats = np.maximum(1.0, np.round([people.seats.value(u) for u in uniform("seats")]))
    price = seats * market.contract.seat_price_per_month
    price = price * np.array([people.price_factor.value(u) for u in uniform("price_factor")])
    columns = (
        np.arange(first, first + n),
        np.full(n, stream),
        times,
        seats,
        price,
        price * lognormal("goal_value", people.goal_value_ratio, people.goal_value_sigma),
        betaincinv(people.fit_alpha, people.fit_beta, uniform("fit")),
        lognormal("learning", 1.0, people.learning_sigma),
        lognormal("price_sensitivity", 1.0, people.price_sensitivity_sigma),
        np.array([market.frailty.logit(u) for u in uniform("frailty")]),
        people.response_sd * ndtri(uniform("response_propensity")),
        people.style_sd * ndtri(uniform("style")),
        lognormal("reach", 1.0, people.reach_sigma),
        lognormal("patience", people.patience_median_days, people.patience_sigma),
        uniform("buyer_is_user") < people.buyer_is_user_share,
        np.minimum(1.0, 2.0 * people.breadth_mean * uniform("breadth")),
        uniform("hold_out") < programme.hold_out_share,
    )
    return [Traits(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
