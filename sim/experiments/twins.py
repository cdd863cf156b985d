"""Twins: the same candidate under two policies, and what became of each.

Candidates, their traits and their luck are the same in every arm, so a candidate has a twin in the other
arm. Fates of the first contract exclude each other and cover everybody; money adds up to the difference in
receipts per candidate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.experiments.interval import mean_interval
from sim.metrics.facts import Codes, Floats, Index, floats, identity
from sim.metrics.value import cash, cohort

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

FATES: Final = {
    "kept": "left under the baseline, still a customer under the arm",
    "delayed": "left under both, later under the arm",
    "won": "never a customer under the baseline, won under the arm",
    "stayed": "still a customer under both",
    "left_alike": "left under both after the same time",
    "neither": "never a customer under either",
    "never": "a customer under the baseline, never one under the arm",
    "hastened": "left under both, sooner under the arm",
    "lost": "still a customer under the baseline, left under the arm",
}
"""What the arm changed for a candidate, from gained to lost; the first contract counts."""
_NAMES: Final = np.array(list(FATES), dtype=object)
SAME_TENURE_DAYS: Final = 1.0
"""Tenures are whole terms; cancellations during the implementation differ by days."""


def fates(won: tuple[Floats, Floats], ended: tuple[Floats, Floats]) -> Codes:
    """Place in FATES of each candidate; (baseline, arm) days of signature and of the end, nan for never."""
    place = {name: number for number, name in enumerate(FATES)}
    here, there = (np.isfinite(days) for days in won)
    left_here, left_there = (np.isfinite(days) for days in ended)
    longer = (ended[1] - won[1]) - (ended[0] - won[0])
    found = np.full(here.size, place["neither"], dtype=np.int64)
    both = here & there
    found[~here & there], found[here & ~there] = place["won"], place["never"]
    found[both & ~left_here & ~left_there] = place["stayed"]
    found[both & left_here & ~left_there] = place["kept"]
    found[both & ~left_here & left_there] = place["lost"]
    gone = both & left_here & left_there
    found[gone] = place["left_alike"]
    found[gone & (longer > SAME_TENURE_DAYS)] = place["delayed"]
    found[gone & (longer < -SAME_TENURE_DAYS)] = place["hastened"]
    return found


def twin_customers(baseline: Run, arm: Run) -> pd.DataFrame:
    """One row per candidate of the acquisition window: both lives in short, fate, difference in receipts.

    Reads `customers` and `ledger` of both runs. Money is discounted, within the follow-up time.
    """
    import pandas as pd

    here, there = cohort(baseline), cohort(arm)
    at = Index(identity(arm.customers)).rows(identity(baseline.customers))
    paid = cash(baseline, here).receipts, np.r_[cash(arm, there).receipts, 0.0][at]
    first, second = baseline.customers, arm.customers.take(np.maximum(at, 0))
    kept = here.in_window & (at >= 0)
    won = floats(first, "won_days")[kept], floats(second, "won_days")[kept]
    ended = floats(first, "end_days")[kept], floats(second, "end_days")[kept]
    return pd.DataFrame(
        {
            "replication": first["replication"].to_numpy()[kept],
            "customer": first["customer"].to_numpy()[kept],
            "primary": here.primary[kept],
            "fate": _NAMES[fates(won, ended)],
            "baseline_won_days": won[0],
            "baseline_end_days": ended[0],
            "arm_won_days": won[1],
            "arm_end_days": ended[1],
            "baseline_experience": floats(first, "experience")[kept],
            "arm_experience": floats(second, "experience")[kept],
            "baseline_outcome": floats(first, "outcome")[kept],
            "arm_outcome": floats(second, "outcome")[kept],
            "baseline_receipts": paid[0][kept],
            "arm_receipts": paid[1][kept],
        }
    ).astype({"fate": "str"})


def twins(customers: pd.DataFrame) -> pd.DataFrame:
    """The table of fates out of `twin_customers`: one row per fate, also where nobody met it.

    share: of the window's candidates; money_per_candidate: receipts of the arm minus those of the baseline
    of these twins, per primary candidate, so that the rows add up to the difference in receipts_per_candidate.
    """
    import pandas as pd

    money = customers["arm_receipts"] - customers["baseline_receipts"]
    group = customers["replication"]
    everybody = customers.groupby(group).size()
    primary = customers["primary"].groupby(group).sum()
    rows = []
    for fate, meaning in FATES.items():
        met = customers["fate"] == fate
        share = mean_interval(np.asarray(met.groupby(group).sum() / everybody, dtype=np.float64))
        ends = np.clip(share[1:3], 0.0, 1.0).tolist()
        paid = np.asarray(money.where(met, 0.0).groupby(group).sum() / primary, dtype=np.float64)
        worth = mean_interval(paid[np.isfinite(paid)])
        each = float(money[met].mean()) if met.any() else 0.0
        rows.append((fate, meaning, int(met.sum()), share.mean, *ends, *worth[:3], each, share.replications))
    return pd.DataFrame(rows, columns=list(COLUMNS))


COLUMNS: Final = (
    *("fate", "meaning", "customers", "share", "share_low", "share_high"),
    *("money_per_candidate", "money_low", "money_high", "money_per_twin", "replications"),
)
