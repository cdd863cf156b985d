"""A desk with a queue against Erlang's formulas (M/M/c): the simulator's own team, fed with Poisson arrivals.

Each replication starts in the stationary law as a new arrival meets it, so there is no warm-up to discard and every
wait has the exact mean.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.checks import Checked, InputError, count, quantity
from sim.streams import Streams, exponential
from sim.units import WORK_HOURS_PER_DAY
from sim.verify.check import Check, replicated_mean

REPLICATIONS: Final = 40
LONG: Final = 100.0
"""Relaxation times of a replication, so that its mean wait is nearly normal."""
LEAST_JOBS: Final = 400
BUSIEST: Final = 0.9


def erlang_c(load: float, servers: int) -> float:
    """P(wait) of M/M/c at an offered load of `load` < `servers` (Erlang 1917), by the recursion of Erlang B."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    rho = load / servers
    return blocked / (1.0 - rho + rho * blocked)


@dataclass(frozen=True)
class Queue(Checked):
    """Rates per day."""

    name: ClassVar[str] = "mmc"
    textbook: ClassVar[dict[str, float]] = {"arrivals": 2.0, "served": 1.0, "servers": 3}

    arrivals: float = quantity("1/day", 1e-6, 1e6, "contacts that arrive")
    served: float = quantity("1/day", 1e-6, 1e6, "contacts that one person finishes")
    servers: int = count(1, 200, "people")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.use > BUSIEST:
            raise InputError(
                f"mmc.arrivals must be at most {BUSIEST:.0%} of served x servers = {self.served * self.servers:g}, "
                f"or the line takes too long to look at, got {self.arrivals:g}"
            )

    @property
    def use(self) -> float:
        """Share of time that people are busy."""
        return self.arrivals / (self.served * self.servers)

    def checks(self, scale: int, seed: int) -> list[Check]:
        """P(wait) and mean wait of all contacts."""
        waits = np.array([self._waits(seed, replication, self._jobs) for replication in range(REPLICATIONS * scale)])
        exact = erlang_c(self.arrivals / self.served, self.servers)
        wait = exact / (self.servers * self.served - self.arrivals)
        return [
            replicated_mean(self.name, "P(wait)", (waits > 0.0).mean(axis=1), exact),
            replicated_mean(self.name, "Wq", waits.mean(axis=1), wait),
        ]

    @property
    def _jobs(self) -> int:
        """Contacts of a replication."""
        relaxation = 1.0 / (self.servers * self.served * (1.0 - math.sqrt(self.use)) ** 2)
        return max(LEAST_JOBS, round(LONG * self.arrivals * relaxation))

    def _waits(self, seed: int, replication: int, jobs: int) -> NDArray[np.float64]:
        """Days that each of `jobs` contacts waits; the first of them arrives at time 0 and meets others there."""
        from sim.agents.clock import Clock
        from sim.agents.team import Team

        clock, streams = Clock(), Streams(seed, replication, blocks_kept=8)
        team = Team(clock, "support", float(self.servers))
        work, gap = (streams.purpose(name, 12) for name in ("verify work", "verify gap"))
        waited = np.zeros(jobs)

        def ask(number: int) -> None:
            hours = exponential(work(0, number), WORK_HOURS_PER_DAY / self.served)
            job = team.request(number, hours)
            if number >= there:
                job.then(lambda days: waited.__setitem__(number - there, days))

        def arrive() -> Generator[object, float, None]:
            for number in range(there + jobs):
                ask(number)
                if number >= there:
                    yield clock.timeout(exponential(gap(0, number - there), 1.0 / self.arrivals))

        there = self._present(streams.purpose("verify start")(0, 0))
        clock.process(arrive())  # type: ignore[arg-type]
        clock.run()
        return waited

    def _present(self, uniform: float) -> int:
        """Contacts that an arrival meets, by inverse distribution function of the stationary law."""
        load, at = self.arrivals / self.served, 0
        weights = [1.0]
        for k in range(1, self.servers):
            weights.append(weights[-1] * load / k)
        below = 1.0 - erlang_c(load, self.servers)
        if uniform >= below:
            return self.servers + int(math.log((1.0 - uniform) / (1.0 - below)) / math.log(self.use))
        left = uniform / below * math.fsum(weights)
        while at < self.servers - 1 and left >= weights[at]:
            left -= weights[at]
            at += 1
        return at
