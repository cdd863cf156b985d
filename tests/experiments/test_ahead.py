"""Work handed back in its order, with a bounded amount ahead."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor

import pytest

from sim.experiments import ahead as module
from sim.experiments.ahead import AHEAD, Ahead
from sim.experiments.processes import ready, submit

NUMBERS = range(40)


def squares(numbers: Sequence[int], patient: bool) -> dict[int, int]:
    return {number: number**2 for number in numbers}


class Busy:
    """Work of which another process has some in hand until somebody waits for it."""

    def __init__(self, held: set[int]) -> None:
        self.held, self.asked = held, list[tuple[int, bool]]()

    def __call__(self, numbers: Sequence[int], patient: bool) -> dict[int, int]:
        self.asked += [(number, patient) for number in numbers]
        return {number: number for number in numbers if patient or number not in self.held}


def test_what_another_process_has_in_hand_is_waited_for_last_and_no_more_than_so_much_is_done_before() -> None:
    work, counts = Busy({0, 7}), list[int]()
    one = Ahead(work, NUMBERS, 1, counts.append)
    assert one.get(0) == 0
    assert work.asked == [(0, False), *((n, False) for n in range(1, AHEAD + 1)), (0, True)]
    assert one.left() == list(range(1, AHEAD + 1))
    assert [one.get(number) for number in NUMBERS[1:]] == list(NUMBERS[1:])
    assert len(work.asked) == len(NUMBERS) + 2 and work.asked.count((7, True)) == 1 and sum(counts) == len(NUMBERS)


def test_the_last_of_all_may_be_in_hand_elsewhere() -> None:
    one = Ahead(Busy({38, 39}), NUMBERS, 1, lambda count: None)
    assert [one.get(number) for number in NUMBERS] == list(NUMBERS)


def test_a_number_that_was_not_asked_for_is_done_when_its_turn_comes() -> None:
    """Found damaged in the store."""
    one = Ahead(squares, [3, 5], 1, lambda count: None)
    assert [one.get(number) for number in (1, 3, 4, 5)] == [1, 9, 16, 25]
    none = Ahead(squares, [], 2, lambda count: None)
    assert none.get(6) == 36


def test_processes_hand_back_in_order_and_never_run_away(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = list[int]()

    def noted(numbers: Sequence[int], patient: bool) -> dict[int, int]:
        begun.extend(numbers)
        return squares(numbers, patient)

    with ThreadPoolExecutor(2) as threads:
        monkeypatch.setattr(Ahead, "_processes", lambda self: threads)
        monkeypatch.setattr(module, "_done", lambda sent, numbers, patient: (0.0, noted(numbers, patient)))
        one = Ahead(squares, NUMBERS, 2, lambda count: None)
        for number in NUMBERS:
            assert one.get(number) == number**2
            assert max(begun) <= number + (AHEAD + module.IN_HAND) * 2
        assert sorted(begun) == list(NUMBERS)


def test_a_signal_while_the_processes_start_waits_until_they_can_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool interrupted in `submit` has processes and nobody who ends them; leaving Python then waited for ever."""

    class Starting(Executor):
        started = False

        def submit(self, *what: object, **more: object) -> Future[object]:  # type: ignore[override]
            signal.raise_signal(signal.SIGINT)
            self.started = True
            return Future()

    pool, before = Starting(), signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(Ahead, "_processes", lambda self: pool)
    one = Ahead(squares, NUMBERS, 2, lambda count: None)
    try:
        with pytest.raises(KeyboardInterrupt):
            one.get(0)
    finally:
        signal.signal(signal.SIGINT, before)
    assert pool.started and len(one._flying) == 1


def test_a_process_that_is_killed_while_nobody_waits_is_noticed_at_the_next_piece_of_work() -> None:
    """The pool then refuses what it is given."""

    class Broken(Executor):
        def submit(self, *what: object, **more: object) -> Future[object]:  # type: ignore[override]
            raise BrokenExecutor("killed")

    one = Ahead(squares, NUMBERS, 2, lambda count: None)
    one._pool = Broken()
    one._begin(0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "end", lambda pool, flying: None)
        one._take()
    assert one._pool is None and not one._flying and list(one._queue) == list(NUMBERS)


def test_processes_are_deaf_to_ctrl_c_from_their_first_moment() -> None:
    """A terminal sends it to them too; while they start it would leave a traceback each."""

    class Starting(Executor):
        def submit(self, *what: object, **more: object) -> Future[object]:  # type: ignore[override]
            made = Future[object]()
            made.set_result(signal.pthread_sigmask(signal.SIG_BLOCK, []))
            return made

    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    assert signal.SIGINT in submit(Starting(), print).result()
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before


class Slippery:
    """A lock that the main thread gets together with a signal."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def acquire(self, blocking: bool = True, timeout: float = -1.0) -> bool:
        got = self.lock.acquire(blocking, timeout)
        if threading.current_thread() is threading.main_thread():
            signal.raise_signal(signal.SIGINT)
        return got

    def __enter__(self) -> bool:
        return self.acquire()

    def release(self) -> None:
        self.lock.release()

    def taken_and_given_back(self) -> bool:
        if got := self.lock.acquire(timeout=1.0):
            self.lock.release()
        return got

    def __exit__(self, *_: object) -> None:
        self.release()


def test_no_signal_leaves_the_lock_of_a_future_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pool's own thread would wait for it for ever, and the end of the pool for that thread."""
    locks = list[Slippery]()

    class Later(Executor):
        def submit(self, *what: object, **more: object) -> Future[object]:  # type: ignore[override]
            made = Future[object]()
            locks.append(Slippery())
            made._condition = threading.Condition(locks[-1])  # type: ignore[arg-type]
            timer = threading.Timer(0.05, made.set_result, [(0.0, pickle.dumps({0: 0}))])
            timer.daemon = True
            timer.start()
            return made

    pool, before = Later(), signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(Ahead, "_processes", lambda self: pool)
    one, interrupted = Ahead(squares, NUMBERS, 2, lambda count: None), 0
    try:
        with ThreadPoolExecutor(1) as another:
            while 0 not in one.left():
                interrupted += 1
                with pytest.raises(KeyboardInterrupt):
                    one.get(0)
                time.sleep(0.1)  # by now the pool has let go of them
                assert all(another.submit(slippery.taken_and_given_back).result() for slippery in locks)
    finally:
        signal.signal(signal.SIGINT, before)
    assert interrupted > 1 and locks


def test_processes_end_also_where_nobody_can_list_their_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pool's own way asks `pgrep`, which a second Ctrl-C ends and small images lack; it then waited for ever."""

    def sleeps(numbers: Sequence[int], patient: bool) -> dict[int, int]:
        time.sleep(60.0)
        return {}

    monkeypatch.setenv("PATH", "")
    one = Ahead(sleeps, NUMBERS, 2, lambda count: None)
    one._begin(0)
    assert one._pool is not None
    workers = list(one._pool._processes.values())  # type: ignore[attr-defined]
    one.close()
    assert len(workers) == 2 and not any(worker.is_alive() for worker in workers)


def test_processes_that_got_ready_for_nothing_end_with_what_went_wrong() -> None:
    found = list[int]()
    with pytest.raises(ValueError, match="wrong input"), ready(2, "json"):
        found += [process.pid for process in multiprocessing.active_children()]
        raise ValueError("wrong input")
    assert found and not {process.pid for process in multiprocessing.active_children()} & set(found)
