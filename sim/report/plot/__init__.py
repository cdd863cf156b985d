"""Figures as functions: a tidy table in, matplotlib axes out; `ax=` draws into your own axes.

>>> from sim.report import plot
>>> ax = plot.retention(curves)        # doctest: +SKIP
"""

from sim.report.plot.budget import budget
from sim.report.plot.claims import claims
from sim.report.plot.course import course
from sim.report.plot.differences import differences
from sim.report.plot.dots import dots
from sim.report.plot.fates import fates
from sim.report.plot.frontier import frontier
from sim.report.plot.lead_time import lead_time
from sim.report.plot.regret import regret
from sim.report.plot.retention import retention
from sim.report.plot.tenure import tenure
from sim.report.plot.waterfall import waterfall

__all__ = [
    "budget",
    "claims",
    "course",
    "differences",
    "dots",
    "fates",
    "frontier",
    "lead_time",
    "regret",
    "retention",
    "tenure",
    "waterfall",
]
