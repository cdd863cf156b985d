"""Addressed draws: a number depends on its address alone, and numbers of different addresses are independent."""

from __future__ import annotations

import hashlib
import random

import numpy as np
import pytest
from scipy import stats

from sim.streams import BLOCK, PAGE, Streams, exponential, normal

FALSE_ALARM = 1e-4
"""Per check; a few dozen checks here give one false alarm in some hundred changes of the generator."""


def addresses() -> list[tuple[int, int]]:
    return [(customer, occurrence) for customer in (0, 1, 63, 64, 4095, 4096, 1 << 20) for occurrence in range(70)]


@pytest.mark.parametrize("depth_bits", [0, 2, 5, 12])
def test_order_and_eviction_do_not_matter(depth_bits: int) -> None:
    """Read in another order with room for one block only: the same numbers."""
    plain = Streams(3, 1).purpose("x", depth_bits)
    expected = {place: plain(*place) for place in addresses()}
    for keep in (0, 1, 2):
        order = addresses() * 2
        random.Random(keep).shuffle(order)
        tight = Streams(3, 1, blocks_kept=keep)
        draw, other = tight.purpose("x", depth_bits), tight.purpose("y", depth_bits)
        for place in order[:300]:
            other(*place)
            assert draw(*place) == expected[place]


def test_memory_is_bounded() -> None:
    streams = Streams(0, 0, blocks_kept=3)
    draws = [streams.purpose(name, 12) for name in "abcde"]
    for draw in draws * 2:
        draw(0, 0)
    assert streams.blocks_made == 10, "five purposes do not fit into three blocks, so each is made twice"
    streams.blocks_kept = 5
    before = streams.blocks_made
    for draw in draws * 3:
        draw(0, 0)
    assert streams.blocks_made <= before + 5


@pytest.mark.parametrize("depth_bits", [0, 2, 5, 11, 12])
def test_blocks_are_pieces_of_one_page(depth_bits: int) -> None:
    """A page is what NumPy's own Philox gives under the page's key, whichever of its blocks is made first."""
    key = int.from_bytes(hashlib.blake2b(b"3/1/x/5/7", digest_size=16).digest(), "little")
    page = np.random.Generator(np.random.Philox(key=key)).random(PAGE) + 2.0**-55
    draw, depth = Streams(3, 1).purpose("x", depth_bits), 1 << depth_bits
    customers = range(5 * PAGE // depth, 6 * PAGE // depth)
    places = [(customer, 7 * depth + i) for customer in customers for i in range(depth)]
    found = {place: draw(*place) for place in reversed(places)}
    assert [found[place] for place in places] == page.tolist()


def test_runs_hold_the_same_numbers_as_single_draws() -> None:
    streams = Streams(1, 2)
    draw, run = streams.purpose("x", 5), streams.runs("x", 5)
    for customer in (0, 7, 127, 128, 1 << 20):
        for number in (0, 1, 9):
            assert list(run(customer, number)) == [draw(customer, 32 * number + i) for i in range(32)]


def test_column_holds_the_same_numbers_as_single_draws() -> None:
    streams = Streams(1, 2)
    draw = streams.purpose("x")
    for first, count in [(4000, 200), (1024, 1024), (5, 0), (1 << 20, 1)]:
        assert streams.column("x", first, count).tolist() == [draw(first + i, 0) for i in range(count)]


def test_address_parts_all_matter() -> None:
    """Seed (0 is one), replication, purpose, customer and occurrence each give other numbers; none collide."""
    seen = set()
    for seed, replication, name in [(0, 0, "a"), (1, 0, "a"), (0, 1, "a"), (0, 0, "b"), (10, 1, "a"), (11, 0, "b")]:
        draw = Streams(seed, replication).purpose(name, 3)
        seen |= {draw(customer, occurrence) for customer in (0, 1, 5000) for occurrence in (0, 1, 9)}
    assert len(seen) == 6 * 9


def numbers(name: str, count: int = 40 * PAGE, seed: int = 5) -> np.ndarray:
    draw = Streams(seed, 0).purpose(name, 12)
    return np.array([draw(0, i) for i in range(count)])


def test_uniform_and_open() -> None:
    x = numbers("uniform")
    assert x.min() > 0.0
    assert x.max() < 1.0
    assert stats.kstest(x, "uniform").pvalue > FALSE_ALARM
    counts = np.bincount((x * 100).astype(int), minlength=100)
    assert stats.chisquare(counts).pvalue > FALSE_ALARM


def test_a_biased_stream_would_show() -> None:
    """Negative control: 2 % of the numbers pushed towards 0."""
    x = numbers("uniform")
    x[::50] *= 0.5
    assert stats.kstest(x, "uniform").pvalue < FALSE_ALARM


@pytest.mark.parametrize("lag", [1, 2, 31, 32, BLOCK, PAGE])
def test_neighbours_are_independent(lag: int) -> None:
    """Serial correlation within and across blocks, and pairs in a 10 x 10 table."""
    x = numbers("serial")
    a, b = x[:-lag], x[lag:]
    assert abs(np.corrcoef(a, b)[0, 1]) * np.sqrt(a.size) < stats.norm.isf(FALSE_ALARM / 2)
    table = np.histogram2d(a, b, bins=10, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(table.ravel()).pvalue > FALSE_ALARM


@pytest.mark.parametrize(
    ("first", "second"),
    [((0, 0, "a"), (0, 0, "b")), ((0, 0, "a"), (0, 1, "a")), ((0, 0, "a"), (1, 0, "a")), ((0, 1, "a"), (1, 0, "a"))],
)
def test_streams_are_independent_of_each_other(first: tuple[int, int, str], second: tuple[int, int, str]) -> None:
    x, y = (
        np.array([draw(customer, 0) for customer in range(20_000)])
        for draw in (Streams(s, r).purpose(name) for s, r, name in (first, second))
    )
    assert abs(np.corrcoef(x, y)[0, 1]) * np.sqrt(x.size) < stats.norm.isf(FALSE_ALARM / 2)
    assert stats.ks_2samp(x, y).pvalue > FALSE_ALARM


def test_inverse_distributions() -> None:
    x = numbers("laws", 20_000)
    assert stats.kstest([exponential(u, 3.0) for u in x], "expon", args=(0, 3.0)).pvalue > FALSE_ALARM
    assert stats.kstest([normal(u, 1.0, 2.0) for u in x], "norm", args=(1.0, 2.0)).pvalue > FALSE_ALARM
    assert np.isfinite([normal(2.0**-55), normal(1.0 - 2.0**-53), exponential(2.0**-55, 1.0)]).all()
