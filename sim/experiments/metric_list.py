"""Every metric that ships: its names, what it means, and the family that computes it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from sim.metrics.catalogue import names_of
from sim.metrics.equal_result import MEASURES as EQUAL_RESULT
from sim.metrics.long import Measure
from sim.paths import config_folder
from sim.yaml_text import loaded


class Listed(NamedTuple):
    """One definition."""

    names: tuple[str, ...]
    """As in the long table: one, or one for each of the family's months."""
    measure: Measure
    option: str
    """What must be chosen for it."""

    def mentions(self, word: str) -> bool:
        """Whether `word` stands in one of the names or the option."""
        return any(word.lower() in text for text in (*self.names, self.option))


def all_metrics() -> list[Listed]:
    """Family by family, in the order of their own lists; last what the mode `iso_result` adds."""
    files = sorted((Path(config_folder()) / "metrics").glob("*.yaml"))
    found = [one for path in files for one in _of_family(path)]
    return found + [Listed((name,), measure, "iso_result") for name, measure in EQUAL_RESULT.items()]


def _of_family(path: Path) -> Iterator[Listed]:
    node = loaded(path.read_text(encoding="utf-8"))[path.stem]
    module, _, name = node["_target_"].rpartition(".")
    names = names_of([partial(getattr(import_module(module), name), months=node.get("months", ()))])
    for measure in dict.fromkeys(names.values()):
        same = tuple(one for one, told in names.items() if told == measure)
        yield Listed(same, measure, f"metrics={path.stem}")
