"""Figures as functions: a tidy table in, matplotlib axes out; `ax=` draws into your own axes.

>>> from sim.report import plot
>>> ax = plot.retention(curves)        # doctest: +SKIP
"""

from sim.report.plot.budget import budget
from sim.report.plot.differences import differences
from sim.report.plot.retention import retention
from sim.report.plot.tenure import tenure

__all__ = ["budget", "differences", "retention", "tenure"]
