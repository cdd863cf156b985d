"""Equal scenario and seed, equal bytes: in this process, in a fresh one, and beside an added candidate."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from labkit import changed, shipped

from sim.events import CUSTOMER_DECIDED
from sim.recorder import Run
from sim.simulation import simulate

SMALL = ("horizon_months=30", "candidates_share=0.15")


def digest(run: Run) -> str:
    """One hash over every value of every table, missing ones and text included."""
    sums = hashlib.sha256()
    for name, table in run.tables.items():
        sums.update(name.encode())
        for column in table.columns:
            values = table[column]
            words = values.astype(str).tolist() if values.dtype == "category" else values.to_numpy().tobytes()
            sums.update(repr(words).encode() if isinstance(words, list) else words)
    return sums.hexdigest()


@pytest.mark.parametrize("policy", ["balanced", "experience_focused"])
def test_twice_the_same(policy: str) -> None:
    scenario = shipped(*SMALL, f"policy={policy}")
    assert digest(simulate(scenario, 4, 2)) == digest(simulate(scenario, 4, 2))


def test_seed_and_replication_matter_and_0_is_a_seed() -> None:
    """Four different results, none of them empty, none of them random."""
    scenario = shipped(*SMALL)
    pairs = [(0, 0), (1, 0), (0, 1), (1, 1)]
    digests = [digest(simulate(scenario, *pair)) for pair in pairs]
    assert len(set(digests)) == 4
    assert digests[0] == digest(simulate(scenario, 0, 0))
    assert len(simulate(scenario, 0, 0).events) > 100


def test_identical_policies_are_identical_whatever_they_are_called() -> None:
    scenario = shipped(*SMALL)
    renamed = changed(scenario, {"policy.name": "another"})
    assert digest(simulate(scenario, 9)) == digest(simulate(renamed, 9))


FRESH = """
import sys
sys.path.insert(0, {here!r})
from test_same_again import SMALL, digest
from sim import load_scenario, simulate
print(digest(simulate(load_scenario(*SMALL, "policy=outcome_focused"), 3, 1)))
"""


@pytest.mark.parametrize("hash_seed", ["1", "77"])
def test_a_fresh_process_gives_the_same_bytes(hash_seed: str) -> None:
    """Another PYTHONHASHSEED orders sets and dictionaries of words otherwise; nothing may depend on it."""
    here = Path(__file__).parent
    code = FRESH.format(here=str(here))
    paths = os.pathsep.join([str(here.parent), str(here.parents[1])])
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == digest(simulate(shipped(*SMALL, "policy=outcome_focused"), 3, 1))


def without(run: Run, customer: int) -> dict[str, pd.DataFrame]:
    """Customers and what customers decided, without one of them."""
    decided = run.events[run.events["event"].isin(list(CUSTOMER_DECIDED))]
    frames = {
        "customers": run.customers[run.customers["customer"] != customer].reset_index(drop=True),
        "events": decided[decided["customer"] != customer].reset_index(drop=True),
        "answers": run.surveys[run.surveys["customer"] != customer]
        .drop(columns=["invited", "answered"])
        .reset_index(drop=True),
    }
    words = {name: frame.select_dtypes("category").columns for name, frame in frames.items()}
    return {name: frame.astype(dict.fromkeys(words[name], "str")) for name, frame in frames.items()}


TRAITS = ["customer", "candidate_days", "seats", "fit", "frailty", "style", "reach", "patience_days", "hold_out"]


def test_an_added_candidate_changes_nobody_else_where_nobody_waits() -> None:
    """One guest in `no_effect`: everybody else's life is the same to the last bit, and the guest does live."""
    plain = shipped(*SMALL, "world=no_effect")
    guest = changed(plain, {"market.arrival.guest_days": (40.0,), "market.arrival.lead_share": 0.95})
    plain = changed(plain, {"market.arrival.lead_share": 0.95})
    number = 2 << 20
    with_guest, alone = simulate(guest, 6), simulate(plain, 6)
    assert (with_guest.customers["customer"] == number).sum() == 1
    assert (with_guest.events["customer"] == number).any()
    ours, theirs = without(with_guest, number), without(alone, number)
    for name in ours:
        pd.testing.assert_frame_equal(ours[name], theirs[name], check_exact=True)


def test_where_people_queue_a_guest_changes_lives_but_no_traits() -> None:
    """With limited staff there is spill-over (so the test above can fail), yet everybody is the same person."""
    plain = shipped(*SMALL)
    guests = changed(plain, {"market.arrival.guest_days": tuple(5.0 * i for i in range(60))})
    crowded, alone = simulate(guests, 6), simulate(plain, 6)
    known = crowded.customers[crowded.customers["customer"] < 2 << 20].reset_index(drop=True)
    pd.testing.assert_frame_equal(known[TRAITS], alone.customers[TRAITS], check_exact=True)
    assert not known["won_days"].equals(alone.customers["won_days"])


def test_guests_come_in_order_of_time_however_listed() -> None:
    late_first = changed(shipped(*SMALL), {"market.arrival.guest_days": (300.0, 20.0)})
    run = simulate(late_first, 6)
    guests = run.customers[run.customers["stream"] == "guest"]
    assert guests["candidate_days"].tolist() == [300.0, 20.0]
    assert run.events["time_days"].is_monotonic_increasing
    assert (run.resources["busy"] >= 0.0).all()
    assert (run.resources["queue"] >= 0.0).all()
