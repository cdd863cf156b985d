"""Simulated time in days, with a stated order of simultaneous events."""

from __future__ import annotations

from heapq import heappush
from typing import Any

import simpy
from simpy.events import Event

ORGANISATION_RANK = 2
"""Monthly organisation events come before customers' events of the same instant, SimPy's own before both."""
CUSTOMER_RANK = ORGANISATION_RANK + (1 << 40)


class Due(Event):
    """An event whose time is set as it is made; it holds no value."""

    _ok = True
    _value: Any = None

    def __init__(self, clock: Clock) -> None:
        self.env = clock
        self.callbacks = []


class Clock(simpy.Environment):
    """A SimPy environment whose events order by (time, kind rank, customer)."""

    __slots__ = ("_now",)
    now: float
    """Simulated time in days; nothing is asked more often, so it is another name of the kernel's own slot."""

    def at(self, time_days: float, rank: int, customer: int) -> Due:
        """An event that happens exactly at `time_days` (not at now + delay, which rounds)."""
        event = Due(self)
        heappush(self._queue, (time_days, rank + customer, next(self._eid), event))  # type: ignore[misc]
        return event

    def settle(self, event: Event, time_days: float, rank: int, customer: int) -> None:
        """An event made earlier happens exactly at `time_days`, with the value it holds by then."""
        heappush(self._queue, (time_days, rank + customer, next(self._eid), event))  # type: ignore[misc]

    def processed(self) -> int:
        """Events processed so far (takes one event number, so call it at the end)."""
        return next(self._eid) - len(self._queue)


Clock.now = Clock.__dict__["_now"]
