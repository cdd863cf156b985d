"""Surveys: measurement is a model. One file per instrument, one verb: answer."""
