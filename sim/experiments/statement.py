"""What a study says at its end besides its verdicts: lines from the component its `statement:` names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def statement_lines(tree: Mapping[str, Any], metrics: pd.DataFrame) -> list[str]:
    """Lines of `statement` (a function of the study's long table), or none.

    The target was checked with the rest of the configuration before anything ran.
    """
    from hydra.utils import instantiate

    node = tree.get("statement")
    return [] if node is None else list(instantiate(node)(metrics))
