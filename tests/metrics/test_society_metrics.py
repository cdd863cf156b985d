"""Stories, feelings and uses counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import Handmade, value_of

from sim.metrics.society import risk_ratio, society
from sim.units import days


def test_ratio_of_the_attached_by_hand() -> None:
    """Half of the attached and a quarter of the others say yes: 2; within strata in which both say yes alike: 1."""
    yes = np.array([1, 1, 0, 0] + [1, 0, 0, 0], bool)
    attached = np.array([1, 1, 1, 1] + [0, 0, 0, 0], bool)
    assert risk_ratio(yes, attached, np.zeros(8)) == pytest.approx(2.0)
    yes = np.array([1, 1, 1, 0] + [1, 0, 0, 0], bool)
    attached = np.array([1, 1, 1, 0] + [1, 0, 0, 0], bool)
    stratum = np.array([0, 0, 0, 1] + [0, 1, 1, 1])
    yes[stratum == 0], yes[stratum == 1] = True, False
    attached[3], attached[4] = True, False
    assert risk_ratio(yes, attached, np.zeros(8)) > 1.0
    assert risk_ratio(yes, attached, stratum) == pytest.approx(1.0)


def test_metrics_of_stories_and_uses_by_hand() -> None:
    """Three stayed away after two bad stories and a bad review; one of three recommendations is for everything."""
    tables = Handmade(60)
    tables.customer(1, won=0.0, persona="she", fit=0.5)
    tables.customer(2, won=0.0, end=days(23), persona="he", fit=0.5)
    for kind, detail, value in (("told", "bad", 1.0), ("told", "bad", 1.0), ("told", "good", 9.0)):
        tables.event(5.0, kind, 1, detail=detail, value=value)
    for stars in (-1.0, 1.0):
        tables.event(6.0, "reviewed", 1, value=stars)
    for number in range(3):
        tables.event(7.0, "deterred", 10 + number, contract=0)
        tables.event(8.0 + number, "advocacy", 1, value=1.0, detail="ordinary" if number else "everything")
    found = society(tables.run())
    assert value_of(found, "deterred_per_story") == pytest.approx(1.0)
    assert value_of(found, "important_share") == pytest.approx(1 / 3)
    assert value_of(found, "kept_share") == pytest.approx(0.5)
    assert (value_of(found, "kept_share", segment="she"), value_of(found, "kept_share", segment="he")) == (1.0, 0.0)
