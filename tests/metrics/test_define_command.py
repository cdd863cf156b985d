"""`outcomelab define` on result folders written by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from handmade import Handmade
from numbers_of_definitions import numbers

from sim.command.main import main
from sim.experiments.manifest import write_manifest
from sim.metrics.definitions import BY_NAME
from sim.tables import write_tables
from sim.units import days

REPLICATIONS = 6


def arm(rates: tuple[float, float, float], joins: int = 1) -> Handmade:
    """`joins` customers pay a month at the first rate, eleven at the second and then at the third."""
    tables = Handmade(60)
    for replication in range(REPLICATIONS):
        for customer in range(joins):
            tables.customer(customer, won=0.0, replication=replication)
            for month in range(60):
                rate = rates[0] if month == 0 else rates[1] if month < 12 else rates[2]
                covers = {"covers_from_days": days(month), "covers_to_days": days(month + 1)}
                amount = rate + (0.01 * replication if month >= 12 else 0.0)
                tables.money(days(month), customer, "invoice_regular", amount, replication=replication, **covers)
    return tables


def result(folder: Path, arms: dict[str, Handmade], context: str = "-") -> Path:
    rows = []
    for name, tables in arms.items():
        place = folder / "arms" / context / name
        write_tables(tables.run(), place)
        config = {"currency": "EUR", "market": {"start_date": "2026-01-05"}, "metrics": {}}
        config |= {"survey": {"instruments": {"nps": {"low": 0.0, "high": 10.0}}}}
        (place / "config.yaml").write_text(yaml.safe_dump(config))
        rows.append({"context": context, "arm": name, "folder": f"arms/{context}/{name}", "finished": REPLICATIONS})
    write_manifest(folder, {"arms": rows, "complete": True})
    return folder


RAMP, FLAT = (50.0, 100.0, 95.0), (100.0, 100.0, 100.0)


@pytest.fixture
def flipping(tmp_path: Path) -> Path:
    """Against its first month the ramp has nearly doubled; against its first year it has shrunk."""
    return result(tmp_path / "flipping", {"ramp": arm(RAMP), "flat": arm(FLAT)})


def told(capsys: pytest.CaptureFixture[str], *argv: str) -> list[str]:
    assert main(["define", *argv]) == 0
    return capsys.readouterr().out.splitlines()


def cells(lines: list[str], definition: str) -> list[str]:
    """Words behind a definition's name in the first table of values."""
    table = next(number for number, line in enumerate(lines) if "mean and 95 % interval" in line)
    return next(line.split()[1:] for line in lines[table:] if line.split()[:1] == [definition])


def test_a_constructed_pair_of_arms_flips(flipping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, str(flipping), "nrr")
    found = [line.split() for line in lines if line.startswith("flip ")]
    assert all(len(words) == 14 for words in found)
    clear = {tuple(words[1:8]) for words in found if words[6] == "clear"}
    assert ("nrr", "first_year_base", "first_month_base", "flat", "ramp", "clear", "-") in clear
    (own,) = [words for words in found if words[2:4] == ["first_year_base", "first_month_base"]]
    by_year, by_month = 1.0 - 95 / (1150 / 12), 1.0 - 95 / 50
    assert float(own[8]) == pytest.approx(by_year, abs=1e-3) and float(own[9]) > 0.0
    assert float(own[11]) == pytest.approx(by_month, abs=1e-3) and float(own[13]) < 0.0


def test_arms_alike_flip_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Negative control: the same ledger twice; and the better arm better by every definition."""
    same = told(capsys, str(result(tmp_path / "same", {"one": arm(RAMP), "two": arm(RAMP)})))
    assert not [line for line in same if line.startswith("flip ")]
    better = {"one": arm((100.0, 100.0, 120.0)), "two": arm((100.0, 100.0, 80.0))}
    ranked = told(capsys, str(result(tmp_path / "ranked", better)), "nrr")
    assert re.fullmatch(r"flips: 0 clear, 0 unclear, of [1-9]\d* pairs of definitions and arms", ranked[-1])


def test_everything_is_printed_for_every_metric(flipping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, str(flipping))
    text = "\n".join(lines)
    for metric in BY_NAME.values():
        assert f"{metric.name}: {metric.means} Unit: {metric.unit}" in text
        for one in metric.definitions:
            assert f"  {one.name} " in text, one.name
            if one.departs_from:
                assert f"{one.name} - {one.departs_from}:" in text
    mean, low, to, high, *_ = cells(lines, "first_month_base")
    assert (float(mean), low[0], to, high[-1]) == (pytest.approx(190.05, abs=1e-2), "(", "to", ")")


def test_one_arm_alone_is_a_table_without_flips(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, str(result(tmp_path / "alone", {"only": arm(FLAT, joins=3)})), "grr")
    assert lines[-1] == "flips: 0 clear, 0 unclear, of 0 pairs of definitions and arms"


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(["define", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1 and err.startswith("outcomelab: ")
    return err


def test_wrong_input_is_one_sentence(
    flipping: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "must be a result folder" in refused(capsys)
    assert "METRIC is one of nrr" in refused(capsys, "nowhere")
    assert "did you mean nrr?" in refused(capsys, str(flipping), "nrrr")
    assert "without manifest.json" in refused(capsys, str(tmp_path))
    assert "takes DIR and METRIC" in refused(capsys, str(flipping), "nrr", "grr")
    assert "takes DIR and METRIC" in refused(capsys, "--csv")
    one_arm = flipping / "arms" / "-" / "ramp"
    write_manifest(one_arm, {"arm": "ramp"})
    assert "got the folder of one arm" in refused(capsys, str(one_arm))


def test_broken_results_are_one_sentence(flipping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = flipping / "arms" / "-" / "ramp"
    config = (place / "config.yaml").read_text()
    (place / "config.yaml").write_text("market: {}\n")
    assert "lacks what definitions need" in refused(capsys, str(flipping))
    (place / "config.yaml").write_text("[")
    assert "readable YAML" in refused(capsys, str(flipping))
    (place / "config.yaml").unlink()
    assert "config.yaml is missing" in refused(capsys, str(flipping))
    (place / "config.yaml").write_text(config)
    (place / "ledger.parquet").write_bytes(b"PAR1 no")
    assert "ledger.parquet is no readable table" in refused(capsys, str(flipping))
    write_manifest(flipping, {"arms": []})
    assert "no finished arm" in refused(capsys, str(flipping))


def test_a_word_that_is_no_folder_is_a_metric(
    flipping: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(flipping.parent)
    (flipping.parent / "results").mkdir()
    (flipping.parent / "results" / "latest").symlink_to(flipping)
    assert told(capsys, "nrr") == told(capsys, str(flipping), "nrr")


def test_the_numbers_of_the_run_itself_are_used(flipping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A year that ends at month 12 begins with the ramp; the shipped years begin after it."""
    shipped = cells(told(capsys, str(flipping), "nrr"), "year_ago_base")
    for name in ("ramp", "flat"):
        path = flipping / "arms" / "-" / name / "config.yaml"
        tree = yaml.safe_load(path.read_text())
        own = {"_target_": "sim.metrics.definitions.definitions", **numbers(year_ends=[12])}
        path.write_text(yaml.safe_dump({**tree, "metrics": {"definitions": own}}))
    ramped = cells(told(capsys, str(flipping), "nrr"), "year_ago_base")
    assert float(shipped[0]) == pytest.approx(100.0, abs=0.1)
    assert float(ramped[0]) == pytest.approx(190.0, abs=0.1)
