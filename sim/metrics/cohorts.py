"""The cohort triangle: who of each quarter's new customers is still there, quarter by quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.facts import SAME_DAY, need
from sim.metrics.retention import tenure
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run


def cohort_triangle(run: Run, width_months: float = 3.0) -> pd.DataFrame:
    """Columns cohort_months (start), tenure_months, signed, alive; only cells the whole cohort was followed to.

    Alive counts first contracts open just after the tenure, as in Kaplan-Meier retention.
    """
    import pandas as pd

    need(run.customers, "customers", ("won_days", "end_days"), "cohort_triangle")
    life, width, horizon = tenure(run), days(width_months), run.windows.horizon_days
    cohort = np.floor(life.won[life.signed] / width + SAME_DAY / width)
    duration, ended = life.duration[life.signed], life.ended[life.signed]
    rows = []
    for number in np.unique(cohort):
        members = cohort == number
        followed = int(np.floor((horizon - (number + 1) * width) / width + SAME_DAY / width))
        for step in range(followed + 1):
            gone = ended[members] & (duration[members] <= step * width + SAME_DAY)
            alive = int(members.sum() - gone.sum())
            rows.append((number * width_months, step * width_months, int(members.sum()), alive))
    return pd.DataFrame(rows, columns=["cohort_months", "tenure_months", "signed", "alive"])
