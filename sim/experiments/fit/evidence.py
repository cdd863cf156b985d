"""The fitted law beside the evidence: a small table, and warnings where the law is off.

Intervals of Kaplan-Meier are on the log-log scale (Kalbfleisch & Prentice 1980), so that they stay
within [0, 1].
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from sim.fitting.customers import Customers
from sim.fitting.sbg import ShiftedBetaGeometric
from sim.metrics.survival import Curve, error_at, kaplan_meier, level_at

TENURES_MONTHS: Final = (1, 3, 6, 9, 12, 18, 24, 36, 48, 60, 72, 84, 96, 108, 120, 180, 240)
FEW_AT_RISK: Final = 30
OFF_POINTS: Final = 2.0
"""Percentage points between law and evidence worth a warning, if chance cannot explain them."""
Z_95: Final = 1.959963984540054


class Row(NamedTuple):
    """Evidence and law at one tenure; `at_risk` were seen up to that tenure or longer."""

    tenure_months: int
    at_risk: int
    observed: float
    low: float
    high: float
    fitted: float

    @property
    def difference_points(self) -> float:
        """Fitted minus observed survival, percentage points."""
        return 100 * (self.fitted - self.observed)

    @property
    def off(self) -> bool:
        """True if the law misses the evidence by more than chance and by more than a trifle."""
        return not self.low <= self.fitted <= self.high and abs(self.difference_points) > OFF_POINTS


def beside_kaplan_meier(law: ShiftedBetaGeometric, customers: Customers, term_months: int) -> list[Row]:
    """Rows at the usual tenures that the file reaches and that end a term."""
    tenure = customers.tenure_months
    curve = kaplan_meier(tenure, customers.left)
    at = [t for t in TENURES_MONTHS if t <= tenure.max() and t % term_months == 0]
    return [
        Row(t, int(np.sum(tenure >= t)), level_at(curve, t), *_interval(curve, t), law.survival(t // term_months))
        for t in at
    ]


def _interval(curve: Curve, time: float) -> tuple[float, float]:
    """95 % interval of survival at `time`."""
    survival = level_at(curve, time)
    if survival in (0.0, 1.0):
        return survival, survival
    width = Z_95 * error_at(curve, time) / (survival * abs(math.log(survival)))
    return survival ** math.exp(width), survival ** math.exp(-width)


def table_lines(rows: list[Row]) -> list[str]:
    """The table as text: survival with its 95 % interval, difference in percentage points."""
    lines = ["tenure_months  at_risk  kaplan_meier      95%_interval  fitted  difference"]
    for row in rows:
        lines.append(
            f"{row.tenure_months:13d}  {row.at_risk:7d}  {row.observed:12.4f}  [{row.low:.4f}, {row.high:.4f}]"
            f"  {row.fitted:.4f}  {row.difference_points:+7.2f} pp{'  !' if row.off else ''}"
        )
    return lines


def warnings(rows: list[Row], alike: bool, one_group: bool) -> list[str]:
    """Sentences about where not to trust the law; `alike`: it found no difference between customers."""
    said = []
    if alike:
        said.append(
            "leaving does not become rarer with tenure in this file: the law found no difference between"
            " customers and is practically one constant churn"
        )
    off = ", ".join(f"{row.tenure_months} ({row.difference_points:+.1f})" for row in rows if row.off)
    if off:
        hint = "" if one_group else "; --group COLUMN=VALUE fits one kind of contract at a time"
        said.append(
            f"the shifted beta-geometric misses Kaplan-Meier by more than chance at {off} months (percentage"
            f" points): use the market with care at these tenures{hint}"
        )
    thin = [row.tenure_months for row in rows if row.at_risk < FEW_AT_RISK]
    if thin:
        said.append(f"fewer than {FEW_AT_RISK} customers were followed for {min(thin)} months or longer")
    return said
