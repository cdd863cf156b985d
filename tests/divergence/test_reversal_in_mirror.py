"""In the mirror world at .5 neither arm is better, so a score puts them in the wrong order half of the time."""

from __future__ import annotations

import pandas as pd
import pytest

from sim import load_scenario, replicate
from sim.experiments.reversal import reversal

REPLICATIONS = 100
"""50 pairs of replications: a share of .5 has a standard error of .071; bias of .35 or more is found at 80 %."""
DECISION = "net_cash_per_candidate"


@pytest.mark.slow
@pytest.mark.full
def test_rank_reversal_occurs_at_chance_in_the_mirror_world() -> None:
    tables = []
    for number, arm in enumerate(("mirror_e", "mirror_o")):
        scenario = load_scenario(
            "world=mirror", "survey=mirror", f"policy={arm}", "candidates_share=0.05", "metrics=[value,scores]"
        )
        tables.append(replicate(scenario, seed=11, replications=REPLICATIONS).metrics.assign(arm=f"{number}{arm}"))
    table = reversal(pd.concat(tables, ignore_index=True), DECISION, "-")
    for row in table[table["metric"] == "nps"].itertuples():
        assert abs(row.reversed_share - row.reversed_chance) < 4 * 0.5 / row.replications_even**0.5, row.view
        assert row.order != "reversed" or row.regret_low <= 0.0
