"""The desk against queueing theory: M/M/c, M/G/1, Erlang-A, Little's law, priority, fractions, cuts."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import NamedTuple

import numpy as np
import pytest
from labkit import check_mean
from scipy.special import gammaincinv

from sim.agents.clock import ORGANISATION_RANK, Clock
from sim.agents.team import ABANDONED, Job, Team
from sim.streams import Streams
from sim.units import WORK_HOURS_PER_DAY


class Line(NamedTuple):
    """A queue: rates per day, `servers` people, mean patience in days (inf: nobody leaves)."""

    arrivals: float
    served: float
    servers: float
    patience_rate: float = 0.0


class Seen(NamedTuple):
    """What a run of the queue showed after its warm-up."""

    waits: float
    """share of jobs that do not start at once"""
    abandons: float
    wait_days: float
    """mean wait of all jobs"""
    queue: float
    """time average of jobs waiting"""
    luck: tuple[float, float]
    """mean realised gap and work relative to their expectation, minus 1"""


Law = Callable[[float], float]


def exponential(uniform: float) -> float:
    return -log(uniform)


class Path(NamedTuple):
    """One run until the team is empty."""

    team: Team
    waited: list[float]
    """days by job; minus its patience where the customer gave up"""
    queue: float
    """time average of jobs waiting between the end of the warm-up and the last arrival"""


def drive(line: Line, jobs: int, seed: int, law: Law = exponential, warm_up: int = 0) -> Path:
    """Send `jobs` Poisson arrivals through a team; the integral of the queue starts after `warm_up` of them."""
    clock, streams = Clock(), Streams(seed, 0, blocks_kept=8)
    team = Team(clock, "support", line.servers)
    gap, work, patience = (streams.purpose(name, 12) for name in ("gap", "work", "patience"))
    waited: list[float] = [0.0] * jobs
    queue = [0.0]

    def arrive() -> object:
        since = 0.0
        for i in range(jobs):
            yield clock.timeout(exponential(gap(0, i)) / line.arrivals)
            if i == warm_up > 0:
                team.snapshot()
                since = clock.now
            limit = exponential(patience(0, i)) / line.patience_rate if line.patience_rate else float("inf")
            job = team.request(i, law(work(0, i)) / line.served * WORK_HOURS_PER_DAY, 0.0, limit)
            job.then(lambda days, i=i, limit=limit: waited.__setitem__(i, days if days != ABANDONED else -limit))
        queue[0] = team.usage.queue / (clock.now - since)

    clock.process(arrive())  # type: ignore[arg-type]
    clock.run()
    team.set_people(line.servers)
    return Path(team, waited, queue[0])


def observe(line: Line, jobs: int, seed: int, law: Law = exponential) -> Seen:
    """Averages over a run after a tenth of it."""
    path = drive(line, jobs, seed, law, jobs // 10)
    days = np.array(path.waited[jobs // 10 :])
    lost = days < 0.0
    streams = Streams(seed, 0)
    gaps, work = (streams.purpose(name, 12) for name in ("gap", "work"))
    luck = (
        float(np.mean([exponential(gaps(0, i)) for i in range(jobs)])) - 1.0,
        float(np.mean([law(work(0, i)) for i in range(jobs)])) - 1.0,
    )
    return Seen(float((days != 0.0).mean()), float(lost.mean()), float(np.abs(days).mean()), path.queue, luck)


def spread(line: Line, jobs: int, seed: int, law: Law = exponential, replications: int = 20) -> list[Seen]:
    return [observe(line, jobs, seed + r, law) for r in range(replications)]


def given_luck(values: list[float], seen: list[Seen]) -> list[float]:
    """The values as they would be with average arrivals and work: a regression on what was realised."""
    x = np.array([s.luck for s in seen])
    y = np.array(values)
    slope, *_ = np.linalg.lstsq(np.c_[np.ones(len(y)), x], y, rcond=None)
    return list(y - x @ slope[1:])


MMC = [
    (Line(0.8, 1.0, 1), 0.8, 4.0, 16_000),
    (Line(2.0, 1.0, 3), 0.444444, 0.444444, 9_000),
    (Line(8.0, 1.0, 10), 0.409180, 0.204590, 25_000),
]


@pytest.mark.slow
@pytest.mark.parametrize(("line", "waits", "wait_days", "jobs"), MMC)
def test_mmc(line: Line, waits: float, wait_days: float, jobs: int, full: bool) -> None:
    """P(wait) and mean wait of M/M/c given realised arrivals and work; detects 10 % (with --full 2 %), 4 SE."""
    seen = spread(line, jobs * (25 if full else 1), seed=100)
    share = 0.02 if full else 0.1
    check_mean(given_luck([s.wait_days for s in seen], seen), wait_days, share * wait_days)
    check_mean(given_luck([s.waits for s in seen], seen), waits, share * waits)


def test_one_server_more_would_show() -> None:
    """Negative control: c + 1 servers against the formula for c."""
    seen = spread(Line(2.0, 1.0, 4), 3_000, seed=200)
    with pytest.raises(AssertionError, match="is not"):
        check_mean([s.wait_days for s in seen], 0.444444, 1.0)


@pytest.mark.parametrize(
    ("law", "exact"),
    [(lambda u: 1.0, 2.0), (lambda u: float(gammaincinv(2.0, u)) / 2.0, 3.0)],
    ids=["deterministic", "erlang_2"],
)
def test_mg1(law: Law, exact: float) -> None:
    """Pollaczek-Khinchine at rho .8: constant work waits half of exponential work; detects 15 %, 4 SE."""
    seen = spread(Line(0.8, 1.0, 1), 8_000, 300, law)
    check_mean(given_luck([s.wait_days for s in seen], seen), exact, 0.15 * exact)


ERLANG_A = [
    (Line(2.0, 1.0, 3, 1.0), 0.323324, 0.109009, 0.218018),
    (Line(10.0, 1.0, 10, 0.5), 0.619655, 0.103913, 2.078264),
    (Line(12.0, 1.0, 10, 1.0), 0.757608, 0.213632, 2.563588),
]


@pytest.mark.parametrize(("line", "waits", "abandons", "queue"), ERLANG_A)
def test_erlang_a(line: Line, waits: float, abandons: float, queue: float, full: bool) -> None:
    """P(wait), P(abandon) and mean queue with exponential patience; detects 10 % (with --full 2 %), 4 SE."""
    seen = spread(line, 100_000 if full else 5_000, seed=400)
    share = 0.02 if full else 0.1
    check_mean([s.waits for s in seen], waits, share * waits)
    check_mean([s.abandons for s in seen], abandons, share * abandons)
    check_mean([s.queue for s in seen], queue, share * queue)


def test_patience_that_is_ignored_would_show() -> None:
    """Negative control: patience twice as long."""
    seen = spread(Line(2.0, 1.0, 3, 0.5), 5_000, seed=500)
    with pytest.raises(AssertionError, match="is not"):
        check_mean([s.abandons for s in seen], 0.109009, 1.0)


@pytest.mark.parametrize("line", [Line(0.9, 1.0, 1), Line(8.0, 1.0, 7.3), Line(12.0, 1.0, 10, 1.0)])
def test_little_exactly(line: Line) -> None:
    """On a path that starts and ends empty the sum of waits is the integral of the queue."""
    team, waited, _ = drive(line, 3_000, seed=6)
    assert team.waiting == 0
    assert team.jobs_running == 0
    assert team.usage.queue == pytest.approx(float(np.abs(waited).sum()), rel=1e-9)
    lost = sum(days < 0.0 for days in waited)
    assert team.usage.served + lost == team.usage.arrivals == 3_000


def test_busy_integral_is_the_work_done() -> None:
    """People x time busy = hours of work, also with a fraction of a person."""
    for servers in (1.0, 2.5, 3.0):
        clock = Clock()
        team = Team(clock, "support", servers)
        hours = [8.0, 1.0, 3.5, 20.0, 0.25, 6.0]
        for i, work in enumerate(hours):
            team.request(i, work)
        clock.run()
        assert team.usage.busy * WORK_HOURS_PER_DAY == pytest.approx(sum(hours), rel=1e-12)


def order_of(team: Team, clock: Clock, wanted: list[tuple[int, float]]) -> list[int]:
    """Customers in the order in which their jobs end, behind one long job."""
    ended: list[int] = []
    team.request(99, 1.0)
    for customer, priority in wanted:
        team.request(customer, 1.0, priority).then(lambda _, customer=customer: ended.append(customer))
    clock.run()
    return ended


def test_lower_priority_numbers_first_then_first_come_then_customer() -> None:
    clock = Clock()
    assert order_of(Team(clock, "support", 1.0), clock, [(5, 1.0), (4, 0.0), (3, 1.0), (2, 0.0)]) == [2, 4, 3, 5]


def test_first_come_first_served_within_a_priority() -> None:
    clock, ended = Clock(), []
    team = Team(clock, "support", 1.0)

    def come() -> object:
        for customer in (9, 3, 7):
            team.request(customer, 10.0).then(lambda _, customer=customer: ended.append(customer))
            yield clock.timeout(0.1)

    clock.process(come())  # type: ignore[arg-type]
    clock.run()
    assert ended == [9, 3, 7]


def test_a_fraction_of_a_person_scales_speed() -> None:
    """2.5 people are three servers at 5/6 speed, so three jobs of one day take 1.2 days side by side."""
    clock, ends = Clock(), []
    team = Team(clock, "support", 2.5)
    for i in range(3):
        team.request(i, WORK_HOURS_PER_DAY).then(lambda _: ends.append(clock.now))
    clock.run()
    assert ends == pytest.approx([1.2, 1.2, 1.2], rel=1e-12)


def test_nobody_works_where_nobody_is() -> None:
    clock = Clock()
    team = Team(clock, "support", 0.0)
    job = team.request(1, 1.0)
    clock.run(until=100.0)
    assert job.queued
    team.set_people(1.0)
    clock.run()
    assert job.processed
    assert job.value == 100.0


def test_a_cut_takes_effect_at_the_end_of_a_job() -> None:
    """Three people at work, cut to one: nobody is interrupted, and the next job waits for all but one."""
    clock, ends = Clock(), {}
    team = Team(clock, "support", 3.0)

    def note(customer: int, job: Job) -> None:
        job.then(lambda _: ends.__setitem__(customer, clock.now))

    for customer, days in ((1, 1.0), (2, 2.0), (3, 3.0), (4, 1.0)):
        note(customer, team.request(customer, days * WORK_HOURS_PER_DAY))
    cut = clock.at(0.5, ORGANISATION_RANK, -1)
    cut.callbacks = [lambda _: team.set_people(1.0)]
    clock.run()
    assert ends == pytest.approx({1: 1.0, 2: 2.0, 3: 3.0, 4: 4.0})


def test_busy_never_exceeds_the_people_present() -> None:
    """Random staffing, jobs and patience; after a cut those finishing a job are still present."""
    for seed in range(20):
        clock, draw = Clock(), Streams(seed, 0).purpose("x", 12)
        team, worst = Team(clock, "support", 2.0), []

        def come(team: Team = team, clock: Clock = clock, draw=draw, worst: list[float] = worst) -> object:
            for i in range(300):
                yield clock.timeout(draw(0, 4 * i) * 0.5)
                before = team.working
                team.request(i, 8.0 * draw(0, 4 * i + 1), 0.0, 2.0 * draw(0, 4 * i + 2))
                if team.working > before:
                    worst.append(team.working - team.people)
                if i % 10 == 0:
                    team.set_people(4.0 * draw(0, 4 * i + 3))

        clock.process(come())  # type: ignore[arg-type]
        clock.run()
        usage = team.snapshot()
        assert max(worst) <= 1e-9
        assert usage.busy <= usage.capacity * (1.0 + 1e-12)
