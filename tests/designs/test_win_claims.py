"""What the shipped design finds, on a seed that nobody had looked at before: limits on the weight of experience."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.command.main import main

KEY = "world.share_experience"


@pytest.mark.full
def test_each_policy_wins_at_its_own_end_of_the_weight_of_experience(tmp_path: Path) -> None:
    words = ["experiment=when_does_experience_win", "seed=9000", "store=null", f"output={tmp_path / 'out'}"]
    assert main(["run", *words]) == 0
    found = pd.read_parquet(tmp_path / "out" / "discovery.parquet").set_index("winner")
    assert (found["wins"] > 0).all() and found["found"].all()
    limits = pd.read_parquet(tmp_path / "out" / "conditions.parquet")
    border = limits[limits["key"] == KEY].set_index("winner")
    assert border.loc["experience_focused", "low"] > 0.0, "wins only where experience weighs much"
    assert border.loc["outcome_focused", "high"] < 1.0, "wins only where experience weighs little"
