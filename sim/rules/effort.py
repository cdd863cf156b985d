"""What a person's effort amounts to: time it takes, courtesy felt, work on the matter itself."""

from functools import lru_cache
from typing import NamedTuple

from sim.rules.common import NOMINAL_EFFORT, NOMINAL_WARMTH, levered, saturate


class Treatment(NamedTuple):
    """One way of treating a customer."""

    work: float
    """working time relative to nominal"""
    courtesy: float
    """courtesy in [0, 1]"""
    task: float
    """effort on the matter itself"""


@lru_cache(maxsize=1024)
def treatment(effort: float, warmth: float, gain: float, work_gain: float, courtesy_half: float) -> Treatment:
    """Effort x warmth goes into courtesy, effort x (1 - warmth) into the task.

    `gain` and `work_gain` are the world's levers: at 0 the customer feels, and the work takes, what
    is nominal. Remembered, since policies repeat themselves.
    """
    felt_effort = levered(effort, NOMINAL_EFFORT, gain)
    felt_warmth = levered(warmth, NOMINAL_WARMTH, gain)
    return Treatment(
        levered(effort, NOMINAL_EFFORT, work_gain),
        saturate(felt_effort * felt_warmth, courtesy_half),
        felt_effort * (1.0 - felt_warmth),
    )
