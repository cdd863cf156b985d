"""What a reader must know before using an experiment's numbers, as sentences of its YAML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.checks import InputError

if TYPE_CHECKING:
    import pandas as pd


def caveats(metrics: pd.DataFrame, *, sentences: Sequence[str]) -> list[str]:
    """Each sentence as a line of its own, `note: ...`; the numbers play no part."""
    if isinstance(sentences, str) or not all(isinstance(sentence, str) and sentence for sentence in sentences):
        raise InputError(f"statement.sentences must be a list of sentences, got {sentences!r}")
    return [f"note: {sentence}" for sentence in sentences]
