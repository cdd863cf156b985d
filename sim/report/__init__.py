"""Tidy tables -> figures, sentences and one self-contained HTML page. Heavy imports happen inside."""

from sim.report.command import main
from sim.report.page import build_report

__all__ = ["build_report", "main"]
