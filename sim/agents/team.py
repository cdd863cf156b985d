"""A team of people with a priority queue, on plain SimPy events: one kernel event per job.

Servers are ceil(people); fractional staff scales speed, so that capacity is never rounded. With
whole people and exponential work it is M/M/c; with patience it is Erlang-A. A cut takes effect at
the end of a job, and a job starts only if there is room for it.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from math import ceil, inf
from typing import TYPE_CHECKING, Any

from simpy.events import Event

from sim.agents.clock import CUSTOMER_RANK
from sim.units import WORK_HOURS_PER_DAY

if TYPE_CHECKING:
    from sim.agents.clock import Clock

ROOM = 1e-9
ABANDONED = -1.0
"""Value of a job's event when the customer gave up waiting; otherwise the days waited."""


class Job(Event):
    """One piece of work; succeeds with the days waited, or ABANDONED."""

    __slots__ = ("act", "arrived_days", "customer", "hours", "queued", "speed")
    _ok = True

    def __init__(self, clock: Clock, customer: int, hours: float, over: Callable[[Any], None]) -> None:
        self.env = clock
        self.callbacks = [over]
        self.customer = customer
        self.hours = hours
        self.arrived_days = clock.now
        self.queued = True
        self.speed = 0.0
        self.act: Callable[[float], None] | None = None

    def then(self, act: Callable[[float], None]) -> None:
        """Call `act` with the days waited (or ABANDONED) when the job is over."""
        self.act = act


class Usage:
    """Time integrals of a team since the last snapshot."""

    __slots__ = ("arrivals", "busy", "capacity", "queue", "served", "since_days")

    def __init__(self, now: float) -> None:
        self.since_days = now
        self.busy = self.queue = self.capacity = 0.0
        self.arrivals = self.served = 0

    def add(self, other: Usage) -> None:
        """Count another queue in which the same people work."""
        self.busy += other.busy
        self.capacity += other.capacity


def _speed_of(people: float) -> float:
    """Speed of each of ceil(people) servers, so that together they do the work of `people`."""
    return people / max(1, ceil(people - ROOM))


class Team:
    """People who do one kind of job."""

    def __init__(self, clock: Clock, name: str, people: float = 0.0, unlimited: bool = False) -> None:
        self.clock = clock
        self.name = name
        self.people = inf if unlimited else people
        self.unlimited = unlimited
        self.skill = 1.0
        self.working = 0.0
        self.jobs_running = 0
        self.waiting = 0
        self._line: list[tuple[float, float, int, int, Job]] = []
        self._tie = 0
        self._over = self._finish
        self._speed = 1.0 if unlimited else _speed_of(people)
        self._seen_days = clock.now
        self.usage = Usage(clock.now)

    @property
    def others(self) -> tuple[Team, ...]:
        """Further queues among which its people are shared."""
        return ()

    def request(self, customer: int, hours: float, priority: float = 0.0, patience_days: float = inf) -> Job:
        """A job that starts when its turn comes; lower priority numbers first, then first come."""
        self._integrate()
        job = Job(self.clock, customer, hours, self._over)
        self.usage.arrivals += 1
        if not self._line and self._has_room():
            self._start(job)
            return job
        self._tie += 1
        heappush(self._line, (priority, job.arrived_days, customer, self._tie, job))
        self.waiting += 1
        if patience_days < inf:
            expiry = self.clock.at(self.clock.now + patience_days, CUSTOMER_RANK, customer)
            expiry.callbacks = [lambda _: self._give_up(job)]
        return job

    def set_people(self, people: float) -> None:
        """Staff from now on, in full-time people."""
        self._integrate()
        if not self.unlimited:
            self.people = people
            self._speed = _speed_of(people)
        self._start_next()

    def snapshot(self) -> Usage:
        """Integrals since the last snapshot, which start again from 0."""
        self._integrate()
        usage, self.usage = self.usage, Usage(self.clock.now)
        return usage

    def _has_room(self) -> bool:
        return self._speed > 0.0 and self.working + self._speed <= self.people + ROOM

    def _start_next(self) -> None:
        while self._line and self._has_room():
            job = heappop(self._line)[4]
            if job.queued:
                self.waiting -= 1
                self._start(job)

    def _start(self, job: Job) -> None:
        now, speed = self._seen_days, self._speed
        job.queued = False
        job.speed = speed
        job._value = now - job.arrived_days
        self.jobs_running += 1
        self.working += speed
        self.clock.settle(job, now + job.hours / (WORK_HOURS_PER_DAY * speed), CUSTOMER_RANK, job.customer)

    def _finish(self, job: Job) -> None:
        if job._value != ABANDONED:
            self._integrate()
            self.usage.served += 1
            self.jobs_running -= 1
            self.working = self.working - job.speed if self.jobs_running else 0.0
            if self._line:
                self._start_next()
        if job.act is not None:
            job.act(job._value)

    def _give_up(self, job: Job) -> None:
        if job.queued:
            self._integrate()
            job.queued = False
            self.waiting -= 1
            job._value = ABANDONED
            self.clock.settle(job, self.clock.now, CUSTOMER_RANK, job.customer)

    def _integrate(self) -> None:
        now = self.clock.now
        span = now - self._seen_days
        if span == 0.0:
            return
        usage, working, people = self.usage, self.working, self.people
        self._seen_days = now
        usage.busy += working * span
        usage.queue += self.waiting * span
        usage.capacity += (working if self.unlimited or working > people else people) * span
