"""The survey programme: instruments, the moments they are asked at, audit and hold-out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sim.checks import Checked, InputError, flag, part, quantity, text
from sim.events import TRIGGERS
from sim.surveys.instrument import Instrument
from sim.surveys.response import Response

READING = "outcome_reading"
"""Name of what is read off rather than asked."""


class Asked(NamedTuple):
    """What is asked at one moment."""

    instruments: tuple[tuple[int, Instrument], ...]
    """(index in the programme, instrument)"""
    questions: bool
    """whether any of them is put to a person"""
    readings: bool
    """whether any of them is a reading"""


def _rule(instrument: Instrument) -> tuple[bool, float | None]:
    """What decides whether its answer is had."""
    return instrument.name == READING, instrument.coverage_logit


@dataclass(frozen=True)
class Programme(Checked):
    """What is asked when; `moments` maps a trigger to names of instruments."""

    name: str = text("name of the programme")
    instruments: dict[str, Instrument] = part("name -> instrument")
    response: Response = part("who answers an invitation, whatever it asks")
    moments: dict[str, list[str]] = part("trigger -> instruments asked then")
    halo: dict[str, float] = part("trigger -> lift of the moment, in standard answers")
    wave_months: float = quantity("months", 0.25, 24, "time between calendar waves")
    pre_renewal_days: float = quantity("days", 1, 365, "pre-renewal survey before the end of a term")
    launch_days: float = quantity("days", 1, 365, "surveys around a launch: so long before and after each release")
    audit_share: float = quantity("probability", 0, 1, "customers the audit survey invites at a wave")
    asks_user: bool = flag("where buyer and user are two people the user is asked, else the buyer")
    hold_out_share: float = quantity("probability", 0, 0.9, "customers never targeted by a metric")

    def __post_init__(self) -> None:
        super().__post_init__()
        for trigger, names in self.moments.items():
            if trigger not in TRIGGERS:
                raise InputError(f"moments must name one of {', '.join(TRIGGERS)}, got {trigger!r}")
            for name in names:
                if name not in self.instruments:
                    known = ", ".join(self.instruments)
                    raise InputError(f"moments.{trigger} must name one of {known}, got {name!r}")

        self._check_channels()

    def _check_channels(self) -> None:
        """What is answered together must be answered by one rule, or the order of a list would choose it."""
        first: dict[int, str] = {}
        for name, instrument in self.instruments.items():
            other = first.setdefault(instrument.channel, name)
            if _rule(instrument) != _rule(self.instruments[other]):
                raise InputError(
                    f"instruments.{name}.channel must differ from that of {other}: questions are answered "
                    f"together and readings of one coverage obtained together, got {instrument.channel} for both"
                )

    @cached_property
    def lag_waves(self) -> int:
        """Waves an outcome must be remembered for the slowest reading."""
        return max((instrument.lag_waves for instrument in self.instruments.values()), default=0)

    def asked(self, trigger: str) -> Asked:
        """What is asked at `trigger`."""
        names = self.moments.get(trigger, [])
        order = list(self.instruments)
        instruments = tuple((order.index(name), self.instruments[name]) for name in names)
        readings = [instrument.name == READING for _, instrument in instruments]
        return Asked(instruments, not all(readings), any(readings))
