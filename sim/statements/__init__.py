"""Sentences a study says at its end: pure functions from its metrics to lines, named in its YAML."""
