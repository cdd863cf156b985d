"""Addressed draws: (seed, replication, purpose, customer, occurrence) -> one uniform in (0, 1).

Nothing is consumed in turn, so no decision can shift another's luck (common random numbers,
L'Ecuyer 1994, "Efficiency improvement and variance reduction"). Uniforms stand in pages of 4,096, each
from a Philox generator whose key is a hash of the page's address. Philox counts (Salmon et al. 2011,
"Parallel random numbers: as easy as 1, 2, 3"), so a page is opened anywhere: only the blocks of 1,024 that are
asked for are made, and one evicted from memory is simply made again. `occurrence` must be policy-independent:
a candidate, term, wave, task or touch number, never a count of what happened.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import deque
from collections.abc import Callable
from functools import partial
from math import log
from statistics import NormalDist
from struct import unpack
from typing import Any

import numpy as np

PAGE_BITS, BLOCK_BITS = 12, 10
PAGE, BLOCK = 1 << PAGE_BITS, 1 << BLOCK_BITS
"""Uniforms that share a key, and uniforms that are made at a time."""

Draw = Callable[[int, int], float]
"""(customer, occurrence) -> uniform."""
Run = Callable[[int, int], "array[float]"]
"""(customer, run number) -> the uniforms of consecutive occurrences."""

_quantile = NormalDist().inv_cdf
_TINY = 2.0**-55
"""Keeps 0 out and, unlike half a last digit, does not round the largest uniform up to 1."""


_PER_COUNT = 4
"""Uniforms that Philox makes of one value of its counter."""
_FRESH: Any = {
    "bit_generator": "Philox",
    "buffer": (0, 0, 0, 0),
    "buffer_pos": _PER_COUNT,
    "has_uint32": 0,
    "uinteger": 0,
}
"""State of a Philox that has made nothing yet, but for its key and counter."""
_ZEROS = array("d", bytes(8 * BLOCK))

Place = tuple[int, int]
"""Which block of a purpose: (customers, occurrences), each counted in whole blocks."""
Blocks = dict[Place, "array[float]"]


def _shape(depth_bits: int) -> tuple[int, int]:
    """(customers, occurrences) of one block, as powers of two."""
    return max(0, BLOCK_BITS - depth_bits), min(BLOCK_BITS, depth_bits)


class Streams:
    """All randomness of one replication.

    `seed` and `replication` are whole numbers >= 0; `blocks_kept` bounds the memory (8 KiB each).
    """

    def __init__(self, seed: int, replication: int, blocks_kept: int = 4096) -> None:
        self._root = f"{seed}/{replication}"
        self.blocks_kept = blocks_kept
        self._owners: deque[tuple[Blocks, Place]] = deque()
        self.blocks_made = 0
        self._philox = np.random.Philox()
        self._uniforms = np.random.Generator(self._philox)

    def purpose(self, name: str, depth_bits: int = 0) -> Draw:
        """The draw of one decision point.

        `depth_bits`: 2**depth_bits consecutive occurrences of a customer lie in one page: 0 for
        traits drawn once, more for what recurs.
        """
        across, along = _shape(depth_bits)
        customers, occurrences = (1 << across) - 1, (1 << along) - 1
        local: Blocks = {}
        keep = partial(self._keep, name, depth_bits, local)

        def draw(customer: int, occurrence: int = 0) -> float:
            place = (customer >> across, occurrence >> along)
            block = local.get(place)
            if block is None:
                block = keep(place)
            return block[((customer & customers) << along) | (occurrence & occurrences)]

        return draw

    def runs(self, name: str, depth_bits: int) -> Run:
        """The same uniforms as `purpose(name, depth_bits)`, 2**depth_bits occurrences at a time (at most a block):
        run k of a customer holds occurrences k * 2**depth_bits and following."""
        across, along = _shape(depth_bits)
        customers, length = (1 << across) - 1, 1 << along
        local: Blocks = {}
        keep = partial(self._keep, name, depth_bits, local)

        def run(customer: int, number: int) -> array[float]:
            place = (customer >> across, number)
            block = local.get(place)
            if block is None:
                block = keep(place)
            start = (customer & customers) << along
            return block[start : start + length]

        return run

    def column(self, name: str, first: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """The once-only draws of `count` consecutive customers from `first`: the same numbers as
        `purpose(name)(customer)`."""
        places = range(first >> BLOCK_BITS, (first + count + BLOCK - 1) >> BLOCK_BITS)
        blocks = [np.frombuffer(self._block(name, 0, (place, 0))) for place in places]
        start = first & (BLOCK - 1)
        return np.concatenate([np.empty(0), *blocks])[start : start + count]

    def _keep(self, name: str, depth_bits: int, local: Blocks, place: Place) -> array[float]:
        """Make the block and forget the oldest one when memory is full."""
        block = local[place] = self._block(name, depth_bits, place)
        self._owners.append((local, place))
        if len(self._owners) > self.blocks_kept:
            owner, oldest = self._owners.popleft()
            del owner[oldest]
        return block

    def _block(self, name: str, depth_bits: int, place: Place) -> array[float]:
        """1,024 uniforms in the open interval (0, 1), out of the page they stand on."""
        across, along = _shape(depth_bits)
        customer, occurrence, page_bits = place[0] << across, place[1] << along, PAGE_BITS - depth_bits
        page = f"{self._root}/{name}/{customer >> page_bits}/{occurrence >> depth_bits}"
        before = ((customer << depth_bits) | (occurrence & ((1 << depth_bits) - 1))) & (PAGE - 1)
        self.blocks_made += 1
        self._open(page, before // _PER_COUNT)
        block = _ZEROS[:]
        numbers = np.frombuffer(block)
        self._uniforms.random(out=numbers)
        numbers += _TINY
        return block

    def _open(self, page: str, count: int) -> None:
        """Set the generator to a page and a value of its counter: far cheaper than a new generator, and with plain
        numbers ten times cheaper than with arrays."""
        key = unpack("<2Q", hashlib.blake2b(page.encode(), digest_size=16).digest())
        state: Any = {**_FRESH, "state": {"counter": (count, 0, 0, 0), "key": key}}
        self._philox.state = state


Generator = np.random.Generator


def generator(address: str) -> Generator:
    """A generator for whoever needs many draws at once and no customer: a design's points, a bootstrap."""
    key = hashlib.blake2b(address.encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(int.from_bytes(key, "little"))))


def normal(uniform: float, mean: float = 0.0, sd: float = 1.0) -> float:
    """Inverse normal distribution function."""
    return mean + sd * _quantile(uniform)


def exponential(uniform: float, mean: float) -> float:
    """Inverse exponential distribution function."""
    return -mean * log(uniform)
