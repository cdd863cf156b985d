"""A customer file becomes a market: fitted, shown against the evidence, written, ready to run."""

from sim.experiments.fit.command import main

__all__ = ["main"]
