"""The frozen reference: fresh where shipped, measured anew where changed, a function of the market only."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from labkit import shipped

from sim import load_scenario
from sim import remembered as remembered_module
from sim.build import market_from, reference_scenario
from sim.checks import InputError
from sim.context.fingerprint import fingerprint
from sim.context.reference import Reference
from sim.experiments import reference as command
from sim.experiments.benchmarks import MARKETS
from sim.frozen import REFERENCE_SEED, _staying, constants_of, to_scale
from sim.simulation import simulate
from sim.units import DAYS_PER_YEAR

HASH = "0123456789abcdef"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A cache of the test's own, and the fingerprints of the markets that were measured (not simulated)."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(remembered_module, "_here", {})
    asked: list[str] = []

    def instead(market, say=None):
        asked.append(fingerprint(market))
        return replace(market.reference, market_hash=asked[-1], experience_mean=-0.5)

    monkeypatch.setattr(remembered_module, "reference_of", instead)
    return asked


@pytest.mark.parametrize("market", MARKETS)
def test_shipped_references_are_of_their_market(market: str) -> None:
    found = shipped(f"market={market}").market
    assert found.reference.market_hash == fingerprint(found), f"run: outcomelab reference {market} --write"


@pytest.mark.parametrize(
    "market", ["mid_market", *(pytest.param(m, marks=pytest.mark.full) for m in MARKETS if m != "mid_market")]
)
def test_shipped_references_are_what_the_model_does(market: str) -> None:
    """Two replications against the stored constants.

    Standard errors of two replications are about .1 deviations for a mean and 7 % for a deviation; a
    bias of half a deviation, or of a third of it, is found with 80 % power.
    """
    base = shipped(f"market={market}").market
    scenario = reference_scenario(to_scale(base))
    found, stored = constants_of([simulate(scenario, REFERENCE_SEED, r) for r in range(2)]), base.reference
    for name in ("experience", "perceived_outcome"):
        sd = getattr(stored, f"{name}_sd")
        assert abs(getattr(found, f"{name}_mean") - getattr(stored, f"{name}_mean")) < 0.4 * sd, name
        assert getattr(found, f"{name}_sd") == pytest.approx(sd, rel=0.28), name
    assert sum(found.first_year_use) == pytest.approx(sum(stored.first_year_use), rel=0.1)


def test_a_stale_reference_is_noticed() -> None:
    """The negative control: constants of another market are out of tolerance."""
    mid, large = (shipped(f"market={name}").market.reference for name in ("mid_market", "consumer"))
    assert abs(mid.experience_mean - large.experience_mean) > 0.4 * mid.experience_sd


@pytest.mark.parametrize("years", [1, 2])
def test_who_leaves_on_an_anniversary_is_not_charged_for_the_year_it_opens(years: int) -> None:
    """Half of the ends computed as signature plus years lie a rounding error late. Negative control: a day later."""
    won = np.linspace(0.1, 300.3, 1000)
    for late, share in ((0.0, 0.5), (1.0, 1.0)):
        end = np.where(np.arange(1000) % 2, won + years * DAYS_PER_YEAR + late, np.nan)
        customers = pd.DataFrame({"won_days": won, "end_days": end})
        run = SimpleNamespace(customers=customers, windows=SimpleNamespace(horizon_days=10 * DAYS_PER_YEAR))
        assert _staying([run], years) == share  # type: ignore[list-item]
        assert _staying([run], years - 1) == 1.0  # type: ignore[list-item]


@pytest.mark.parametrize(
    "same",
    [
        "market.name=other",
        "market.start_date='2020-05-05'",
        "market.arrival.candidates_per_month=7",
        "market.arrival.referral_candidates_per_month=0",
        "market.tickets.per_month=1",
        "candidates_share=0.5",
        "policy=outcome_focused",
        "world=lock_in",
        "survey.wave_months=6",
        "pricing=outcome_based",
        "horizon_months=24",
    ],
)
def test_what_is_not_the_market_moves_no_reference(same: str, counted: list[str]) -> None:
    assert load_scenario(same).market.reference == shipped().market.reference
    assert not counted


def test_a_changed_market_is_measured_once_and_remembered(
    counted: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    changed = "market.tickets.per_month=1.5"
    with caplog.at_level(logging.WARNING):
        first = load_scenario(changed).market.reference
        again = load_scenario(changed, "policy=outcome_focused", "world=lock_in").market.reference
        monkeypatch.setattr(remembered_module, "_here", {})  # another process
        later = load_scenario(changed).market.reference
    assert first == again == later and first.experience_mean == -0.5
    assert len(counted) == 1
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2 and "measured anew" in said[0] and "measured before" in said[1]
    load_scenario("market.tickets.per_month=1.6")
    assert len(counted) == 2


def test_a_broken_cache_is_measured_again(counted: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    load_scenario("market.tickets.per_month=1.5")
    for file in tmp_path.rglob("*.json"):
        file.write_text("{")
    monkeypatch.setattr(remembered_module, "_here", {})
    load_scenario("market.tickets.per_month=1.5")
    assert len(counted) == 2


def test_an_unwritable_cache_is_said(
    counted: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    load_scenario("market.tickets.per_month=1.5")
    assert "could not be remembered" in caplog.text


def test_the_reference_is_measured_under_shipped_configuration() -> None:
    chosen = load_scenario("policy=traditional", "world=outcomes_decide", "market.tickets.per_month=1")
    scenario = reference_scenario(chosen.market)
    names = (scenario.policy.name, scenario.world.name, scenario.pricing.name, scenario.survey.name)
    assert names == ("balanced", "both_matter", "seat_subscription", "relationship")
    assert scenario.market is chosen.market


def test_one_scale_for_all_sizes() -> None:
    few, many = (load_scenario(f"market.arrival.candidates_per_month={n}").market for n in (5, 500))
    assert to_scale(few) == to_scale(many)


def test_foreign_code_in_a_market_is_refused() -> None:
    with pytest.raises(InputError, match="is code outside sim"):
        market_from({"_target_": "os.system"})


def _reference() -> Reference:
    return replace(load_scenario().market.reference, market_hash=HASH)


def test_the_block_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    before, after = "# mine\r\ndefaults: [mid_market]\nname: mine  # ours\n", "# of the next key\nsegment: smb\n"
    file.write_bytes(f"{before}reference:\n  market_hash: old\n  first_year_use: [1,\n    2]\n{after}".encode())
    text = command.block("mine", _reference())
    command.store(file, text)
    assert file.read_bytes().decode() == f"{before}{text}{after}"
    command.store(file, text)
    assert file.read_bytes().decode() == f"{before}{text}{after}"


def test_a_market_without_a_block_gets_one(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine")
    command.store(file, "reference:\n  a: 1\n")
    assert file.read_text() == "name: mine\nreference:\n  a: 1\n"


def test_the_command_writes_a_users_market(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "market").mkdir()
    file = tmp_path / "market" / "mine.yaml"
    file.write_text("defaults: [mid_market, _self_]\nname: mine\ntickets: {per_month: 1.3}\n")
    stored = _reference()
    monkeypatch.setattr(
        "sim.frozen.reference_of", lambda node, say: replace(stored, market_hash=fingerprint(market_from(node)))
    )
    assert command.main(["--config-dir", str(tmp_path), "--write"]) == 0
    assert "market=mine" in capsys.readouterr().out
    found = load_scenario("market=mine", config_dir=str(tmp_path)).market
    assert found.reference.market_hash == fingerprint(found)


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["mid_markt"], "did you mean mid_market"),
        (["--config-dir", "/no/such/folder"], "--config-dir must be a folder"),
        (["--wirte"], "did you mean --write?"),
    ],
)
def test_wrong_input_is_one_sentence(argv: list[str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        command.main(argv)
