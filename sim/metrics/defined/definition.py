"""What a definition says about itself, and the long rows it is written to."""

from __future__ import annotations

from typing import NamedTuple

from sim.metrics.long import Measure

SUFFIX = "_defined"


class Definition(NamedTuple):
    """One way to compute a metric. A definition changes one thing of the one it departs from."""

    name: str
    formula: str
    source: str
    """Who published it; `this project` where it is the reading of another metric family."""
    departs_from: str = ""
    """Empty for the first one, and for a quantity that cannot be subtracted from another."""
    change: str = ""
    """What is done differently from `departs_from`."""


class Metric(NamedTuple):
    """A metric with its definitions, this project's own first; all share unit and direction."""

    name: str
    means: str
    unit: str
    higher_is_better: bool
    definitions: tuple[Definition, ...]
    attained: bool = False
    """As of a Measure: undefined where something was not attained."""

    @property
    def row_name(self) -> str:
        """Its name in the long table; `view` names the definition there."""
        return self.name + SUFFIX

    @property
    def measure(self) -> Measure:
        """What the catalogue knows."""
        sentence = f"{self.means} View: by which definition (outcomelab define {self.name})."
        view = self.definitions[0].name
        return Measure(sentence, self.unit, self.higher_is_better, view, attained=self.attained)

    def definition(self, name: str) -> Definition:
        """One of its definitions."""
        return next(one for one in self.definitions if one.name == name)


OWN = "this project"
COMPARED = "this project, for comparison"
