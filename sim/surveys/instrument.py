"""The instrument family and the answer rule they share."""

from __future__ import annotations

from math import floor
from typing import NamedTuple, Protocol

from sim.rules.common import clip


class Impression(NamedTuple):
    """What a person brings to a question."""

    z_experience: float
    z_outcome: float
    share: float
    """weight of experience in the world"""
    outcome: float
    """true outcome at the time the reading refers to, share"""
    style: float
    """the person's response style, in standard answers"""
    halo: float
    """lift of the survey moment, in standard answers"""
    stretch: float = 1.0
    """how far the person uses the ends of a scale; 1 is ordinary"""


class Instrument(Protocol):
    """One question or reading."""

    @property
    def name(self) -> str:
        """Name in the tables."""
        ...

    @property
    def channel(self) -> int:
        """Instruments of one channel are answered together."""
        ...

    @property
    def lag_waves(self) -> int:
        """Waves between the state and its reading."""
        ...

    @property
    def coverage_logit(self) -> float | None:
        """Logit of being obtained where nobody is asked; None: people are, and `Response` says whether they answer."""
        ...

    def true_answer(self, felt: Impression) -> float:
        """The answer without noise, style, halo, bounds and rounding."""
        ...

    def answer(self, felt: Impression, noise: float) -> float:
        """The answer that would be reported; `noise` is standard normal."""
        ...


def felt_level(felt: Impression, share: float | None) -> float:
    """s z_E + (1 - s) z_O with this share, or the world's where it is None."""
    s = felt.share if share is None else share
    return s * felt.z_experience + (1.0 - s) * felt.z_outcome


def on_scale(x: float, low: float, high: float) -> float:
    """Rounded half up to a whole point inside [low, high]."""
    return float(floor(clip(x, low, high) + 0.5))
