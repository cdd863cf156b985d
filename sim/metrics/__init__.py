"""Metrics: pure functions from fact tables to one long table, one file per family."""
