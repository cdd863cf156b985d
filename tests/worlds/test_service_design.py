"""Service design: money spent before anything happens means fewer problems and less work later, where it can."""

from __future__ import annotations

import numpy as np
import pytest
from labkit import changed, shipped

from sim.recorder import Run
from sim.simulation import simulate

SMALL = ("candidates_share=0.15", "horizon_months=36", "policy.product.reliability=0", "policy.product.fit=0")
FIRST_RELEASE_DAYS = 3 * 365.25 / 12


def pair(replication: int, **world: float) -> tuple[Run, Run]:
    """(all product money on prevention, all of it on upkeep without effect), the same customers and luck."""
    design = changed(
        shipped(*SMALL, "policy.product.prevention=1"), {f"world.efforts.{k}": v for k, v in world.items()}
    )
    return tuple(  # type: ignore[return-value]
        simulate(changed(design, {"policy.product.prevention": share}), 21, replication) for share in (1.0, 0.0)
    )


def raised(run: Run) -> np.ndarray:
    days = run.events.loc[run.events["event"] == "ticket_raised", "time_days"].to_numpy()
    return np.array([(days < FIRST_RELEASE_DAYS).sum(), (days >= FIRST_RELEASE_DAYS).sum()], float)


def support_work(run: Run) -> float:
    return float(run.resources.loc[run.resources["team"] == "support", "busy"].sum())


def test_it_lowers_problems_and_work_before_they_arise() -> None:
    runs = [pair(replication) for replication in range(4)]
    for measure in (lambda run: raised(run)[1], support_work):
        less = np.array([measure(plain) - measure(designed) for designed, plain in runs])
        assert less.mean() > 4.0 * less.std(ddof=1) / np.sqrt(less.size) > 0.0
    early = [raised(designed)[0] == raised(plain)[0] for designed, plain in runs]
    assert all(early)  # nothing reaches customers before the first release


def test_where_nothing_can_be_prevented_it_changes_nothing_but_the_money_is_gone() -> None:
    designed, plain = pair(0, prevention_max=0.0)
    assert all(designed.tables[name].equals(table) for name, table in plain.tables.items())
    product = designed.ledger.loc[designed.ledger["account"] == "spend_product", "amount"]
    assert product.sum() < 0.0


@pytest.mark.parametrize("bundle", ["csm_corrective", "cx_preventative", "experience_only", "operations_optimised"])
def test_new_bundles_have_the_common_budget_and_their_books_close(bundle: str) -> None:
    own, reference = (
        simulate(shipped("candidates_share=0.1", "horizon_months=24", f"policy={name}"), 4).ledger
        for name in (bundle, "balanced")
    )
    firm, other = (ledger[ledger["party"] < 0] for ledger in (own, reference))
    assert firm.groupby("time_days")["amount"].sum().abs().max() < 1e-6 * firm["amount"].abs().max()
    budgets = [ledger.loc[ledger["account"] == "budget", "amount"].to_numpy() for ledger in (firm, other)]
    assert np.array_equal(*budgets)
