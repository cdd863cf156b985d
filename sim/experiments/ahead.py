"""Work shared out over processes, or done here, and handed back in its order with a bounded amount ahead.

What is ready before its turn waits in memory, so no more is begun than `AHEAD` allows: neither a slow piece at the
front nor a slow reader lets it grow.
"""

from __future__ import annotations

import logging
import pickle
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from itertools import islice
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from sim.experiments.processes import end, may_have_children, pool, prepare, submit
from sim.experiments.undisturbed import undisturbed

Made = TypeVar("Made")
Work = Callable[[Sequence[int], bool], Mapping[int, Made]]
"""(numbers, whether to wait for another process) -> what was made; a number that another process is at is left out."""

AHEAD = 4
"""Chunks per process that may be ready before their turn."""
IN_HAND = 2
"""Chunks per process that are begun, so that none waits for the next."""
CHUNK_SECONDS = 0.25
"""Work of a chunk; what it costs to hand over is a hundredth of that."""
CHUNKS_AT_LEAST = 8
"""Per process of what is left, so that processes end together."""
TRIES_IN_VAIN = 2
"""Processes killed one after the other, with nothing finished in between, before it is given up."""
_log = logging.getLogger(__name__)
_known: tuple[bytes, Any] = (b"", None)
"""The work of this process, as sent and as it is."""


class Ahead(Generic[Made]):
    """Numbers on their way through `work`; `made(count)` is called here whenever some are ready."""

    def __init__(self, work: Work[Made], numbers: Sequence[int], n_jobs: int, made: Callable[[int], None]) -> None:
        self._work, self._made = work, made
        self._n_jobs = max(1, min(n_jobs, len(numbers))) if may_have_children() else 1
        self._queue = deque(numbers)
        self._held: set[int] = set()
        """Another process is at them."""
        self._flying: dict[Future[tuple[float, Any]], list[int]] = {}
        self._landed: SimpleQueue[Future[tuple[float, Any]]] = SimpleQueue()
        """Waited for in the place of the futures themselves, whose locks a signal would leave closed for ever."""
        self._ready: dict[int, Made] = {}
        self._size = 1
        self._pool: Executor | None = None
        self._sent = b""
        self._killed = 0

    def get(self, number: int) -> Made:
        """What was made of a number; numbers are asked for in their order."""
        while number not in self._ready:
            self._begin(number)
            self._take()
        return self._ready.pop(number)

    def left(self) -> list[int]:
        """Numbers that are ready."""
        return sorted(self._ready)

    def close(self) -> None:
        """End the processes, if they are at work; idle ones stay for the next."""
        with undisturbed():
            if self._flying:
                self._end()
            self._flying.clear()

    def _end(self) -> None:
        if self._pool is not None:
            end(self._pool, self._flying)
        self._pool = None

    def _begin(self, number: int) -> None:
        """Keep the processes busy; the number itself is begun at the latest when nothing else may be."""
        begun = any(number in numbers for numbers in self._flying.values())
        if not begun and number not in self._held and (not self._queue or self._queue[0] != number):
            self._queue.appendleft(number)
        while self._queue and self._has_room(begun or number in self._held):
            numbers = list(islice(self._queue, self._size))
            for _ in numbers:
                self._queue.popleft()
            self._submit(numbers, False)
            begun = begun or number in numbers
        if number in self._held and (not self._queue or self._is_full):
            self._held.remove(number)
            self._submit([number], True)

    @property
    def _is_full(self) -> bool:
        return len(self._ready) >= AHEAD * self._n_jobs * self._size

    def _has_room(self, on_its_way: bool) -> bool:
        """Whether a chunk may be begun; what everybody waits for always may."""
        free = len(self._flying) < (IN_HAND * self._n_jobs if self._n_jobs > 1 else 1)
        return free and not (on_its_way and self._is_full)

    def _submit(self, numbers: list[int], patient: bool) -> None:
        made: Future[tuple[float, Any]] = Future()
        if self._n_jobs == 1:
            made.set_result((0.0, self._work(numbers, patient)))
            self._fly(made, numbers)
            return
        with undisturbed():
            try:
                made = submit(self._processes(), _done, self._sent, numbers, patient)
            except BrokenExecutor as error:  # a process was killed while nobody waited for it
                made.set_exception(error)
            self._fly(made, numbers)

    def _fly(self, one: Future[tuple[float, Any]], numbers: list[int]) -> None:
        self._flying[one] = numbers
        one.add_done_callback(self._landed.put)

    def _processes(self) -> Executor:
        if self._pool is None:
            from joblib.externals.loky.backend.reduction import dumps

            self._sent = bytes(dumps(self._work))
            self._pool = pool(self._n_jobs)
        return self._pool

    def _take(self) -> None:
        """Wait for a chunk, and take all that are done."""
        landed = [self._landed.get()]
        with undisturbed():
            while not self._landed.empty():
                landed.append(self._landed.get())
            for one in landed:
                if one in self._flying:  # and was not given up with its pool
                    self._land(one)

    def _land(self, one: Future[tuple[float, Any]]) -> None:
        try:
            seconds, made = one.result()
        except BrokenExecutor as error:
            self._begin_again(error)
            return
        numbers = self._flying.pop(one)
        self._killed = 0
        found: Mapping[int, Made] = pickle.loads(made) if isinstance(made, bytes) else made
        self._ready.update(found)
        self._held.update(number for number in numbers if number not in found)
        if seconds > 0.0:
            most = len(self._queue) // (CHUNKS_AT_LEAST * self._n_jobs)
            self._size = max(1, min(most, int(CHUNK_SECONDS * len(numbers) / seconds)))
        self._made(len(found))

    def _begin_again(self, error: BrokenExecutor) -> None:
        """A process was killed, and with it the pool: what it had in hand is given to a new one, a few times."""
        self._killed += 1
        if self._killed > TRIES_IN_VAIN:
            raise error
        _log.warning("a process was killed: what was in hand is begun again")
        self._end()
        lost = sorted(number for numbers in self._flying.values() for number in numbers)
        self._flying.clear()
        self._queue.extendleft(reversed(lost))


def _done(sent: bytes, numbers: list[int], patient: bool) -> tuple[float, bytes]:
    """A chunk in a process of its own: seconds and what was made, packed once."""
    global _known
    prepare()
    if _known[0] != sent:
        _known = sent, pickle.loads(sent)
    started = time.perf_counter()
    made = _known[1](numbers, patient)
    return time.perf_counter() - started, pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
