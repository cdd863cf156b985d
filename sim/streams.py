"""Addressed draws: (seed, replication, purpose, customer, occurrence) -> one uniform in (0, 1).

Nothing is consumed in turn, so no decision can shift another's luck (common random numbers,
L'Ecuyer 1994, "Efficiency improvement and variance reduction"). Uniforms come in blocks of 4,096
from a Philox generator whose key is a hash of the block's address; a block evicted from memory is
simply made again. `occurrence` must be policy-independent: a candidate, term, wave, task or touch
number, never a count of what happened.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import deque
from collections.abc import Callable
from math import log
from statistics import NormalDist

import numpy as np

BLOCK = 4096
"""Uniforms per block."""

Draw = Callable[[int, int], float]
"""(customer, occurrence) -> uniform."""
Run = Callable[[int, int], "array[float]"]
"""(customer, run number) -> the uniforms of consecutive occurrences."""

_quantile = NormalDist().inv_cdf
_TINY = 2.0**-55
"""Keeps 0 out and, unlike half a last digit, does not round the largest uniform up to 1."""


def _key(address: str) -> int:
    return int.from_bytes(hashlib.blake2b(address.encode(), digest_size=16).digest(), "little")


def _block(address: str) -> array[float]:
    """4,096 uniforms in the open interval (0, 1) for one address."""
    uniforms = np.random.Generator(np.random.Philox(key=_key(address))).random(BLOCK) + _TINY
    return array("d", uniforms.tobytes())


class Streams:
    """All randomness of one replication.

    `seed` and `replication` are whole numbers >= 0; `blocks_kept` bounds the memory (32 KiB each).
    """

    def __init__(self, seed: int, replication: int, blocks_kept: int = 1024) -> None:
        self._root = f"{seed}/{replication}"
        self.blocks_kept = blocks_kept
        self._owners: deque[tuple[dict[tuple[int, int], array[float]], tuple[int, int]]] = deque()
        self.blocks_made = 0

    def purpose(self, name: str, depth_bits: int = 0) -> Draw:
        """The draw of one decision point.

        `depth_bits`: 2**depth_bits consecutive occurrences of a customer lie in one block: 0 for
        traits drawn once, more for what recurs.
        """
        customer_bits = BLOCK.bit_length() - 1 - depth_bits
        customer_mask, depth_mask = (1 << customer_bits) - 1, (1 << depth_bits) - 1
        local: dict[tuple[int, int], array[float]] = {}
        fetch = self._fetch

        def draw(customer: int, occurrence: int = 0) -> float:
            place = (customer >> customer_bits, occurrence >> depth_bits)
            block = local.get(place)
            if block is None:
                block = fetch(name, place, local)
            return block[((customer & customer_mask) << depth_bits) | (occurrence & depth_mask)]

        return draw

    def runs(self, name: str, depth_bits: int) -> Run:
        """The same uniforms as `purpose(name, depth_bits)`, 2**depth_bits occurrences at a time:
        run k of a customer holds occurrences k * 2**depth_bits and following."""
        customer_bits = BLOCK.bit_length() - 1 - depth_bits
        customer_mask, length = (1 << customer_bits) - 1, 1 << depth_bits
        local: dict[tuple[int, int], array[float]] = {}

        def run(customer: int, number: int) -> array[float]:
            place = (customer >> customer_bits, number)
            block = local.get(place)
            if block is None:
                block = self._fetch(name, place, local)
            start = (customer & customer_mask) << depth_bits
            return block[start : start + length]

        return run

    def _fetch(
        self, name: str, place: tuple[int, int], local: dict[tuple[int, int], array[float]]
    ) -> array[float]:
        """Make the block and forget the oldest one when memory is full."""
        block = _block(f"{self._root}/{name}/{place[0]}/{place[1]}")
        self.blocks_made += 1
        local[place] = block
        self._owners.append((local, place))
        if len(self._owners) > self.blocks_kept:
            owner, oldest = self._owners.popleft()
            del owner[oldest]
        return block

    def column(self, name: str, first: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """The once-only draws of `count` consecutive customers from `first`: the same numbers as
        `purpose(name)(customer)`."""
        draw = self.purpose(name)
        return np.fromiter((draw(first + i, 0) for i in range(count)), np.float64, count)


def normal(uniform: float, mean: float = 0.0, sd: float = 1.0) -> float:
    """Inverse normal distribution function."""
    return mean + sd * _quantile(uniform)


def exponential(uniform: float, mean: float) -> float:
    """Inverse exponential distribution function."""
    return -mean * log(uniform)
