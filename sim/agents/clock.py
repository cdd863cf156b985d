"""Simulated time in days, with a stated order of simultaneous events."""

from __future__ import annotations

from heapq import heappush
from operator import attrgetter

import simpy
from simpy.events import Event

ORGANISATION_RANK = 0
"""Monthly organisation events come before customers' events of the same instant."""
CUSTOMER_RANK = 1
_SHIFT = 40


class Clock(simpy.Environment):
    """A SimPy environment whose events order by (time, kind rank, customer)."""

    now: float = property(attrgetter("_now"))  # type: ignore[assignment]
    """Simulated time in days; nothing is asked more often, so no Python function stands in between."""

    def at(self, time_days: float, rank: int, customer: int, event: Event | None = None) -> Event:
        """An event that happens exactly at `time_days` (not at now + delay, which rounds).

        `event` may be given when it was made earlier, for example with callbacks; it then succeeds
        with the value it holds.
        """
        if event is None:
            event = Event(self)
            event._value = None
        event._ok = True
        heappush(self._queue, (time_days, (rank << _SHIFT) + customer + 2, next(self._eid), event))  # type: ignore[misc]
        return event

    def processed(self) -> int:
        """Events processed so far (takes one event number, so call it at the end)."""
        return next(self._eid) - len(self._queue)
