"""What a study says at its end besides its verdicts: lines from the component its `statement:` names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.checks import InputError

if TYPE_CHECKING:
    import pandas as pd


def statement_lines(tree: Mapping[str, Any], metrics: pd.DataFrame) -> list[str]:
    """Lines of `statement` (a function of the study's long table), or none.

    The target was checked with the rest of the configuration before anything ran.
    """
    from hydra.utils import instantiate

    node = tree.get("statement")
    return [] if node is None else list(instantiate(node)(metrics))


def check_statement(tree: Mapping[str, Any]) -> None:
    """InputError for a `statement` that cannot be made, before anything runs."""
    from hydra.errors import InstantiationException
    from hydra.utils import instantiate

    node = tree.get("statement")
    if node is None:
        return
    if not isinstance(node, Mapping) or node.get("_partial_") is not True:
        raise InputError(f"statement must be a function of sim.statements with _partial_: true, got {node!r}")
    try:
        instantiate(node)
    except InstantiationException as error:
        raise InputError(f"statement cannot be made: {str(error).splitlines()[0]}") from error
