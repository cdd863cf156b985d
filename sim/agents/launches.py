"""Surveys around a launch: the same question some days before each release and as many after it."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from sim.units import days

if TYPE_CHECKING:
    from sim.agents.firm import Firm

MOMENTS = ("before_launch", "after_launch")


class Launches:
    """One customer's appointments; a launch is numbered by the calendar."""

    def __init__(self, firm: Firm) -> None:
        self._span = days(firm.world.efforts.release_months)
        self._apart = firm.programme.launch_days
        self._step = 2 * floor(firm.clock.now / self._span)
        while self.next_days <= firm.clock.now:
            self._step += 1

    @property
    def next_days(self) -> float:
        """When the next question is due."""
        launch, after = divmod(self._step, 2)
        return launch * self._span + (self._apart if after else -self._apart)

    def keep(self) -> tuple[str, int]:
        """The appointment whose time is now, as (survey moment, launch); the next one follows."""
        launch, after = divmod(self._step, 2)
        self._step += 1
        return MOMENTS[after], launch
