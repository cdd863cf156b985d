"""`outcomelab report`: paths, refusals, CSV and single figures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sim.checks import InputError
from sim.report import main


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_prints_the_path_of_the_report_last(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(copy)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(copy / "report.html")


def test_without_a_folder_it_takes_the_latest(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="run something first"):
        main([])
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "latest").symlink_to(copy, target_is_directory=True)
    assert main([]) == 0


def test_csv_holds_every_table(copy: Path) -> None:
    assert main(["--csv", str(copy)]) == 0
    parquet = {path.relative_to(copy).with_suffix(".csv") for path in copy.rglob("*.parquet")}
    written = {path.relative_to(copy / "csv") for path in (copy / "csv").rglob("*.csv")}
    assert parquet <= written
    for name in ("answer", "tenure", "retention", "budget", "definitions"):
        assert Path("report", f"{name}.csv") in written
    again = pd.read_csv(copy / "csv" / "metrics.csv")
    assert len(again) == len(pd.read_parquet(copy / "metrics.parquet"))


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_one_figure_as_a_file_is_reproducible(copy: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / "figures" / f"answer{suffix}"
    assert main([str(copy), "--figure", str(target)]) == 0
    first = target.read_bytes()
    assert main([str(copy), f"--figure={target}"]) == 0
    assert target.read_bytes() == first


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--cvs"], "report has no flag '--cvs': did you mean --csv?"),
        (["a", "b"], "one folder"),
        (["nowhere"], "nowhere must be a result folder"),
        (["--figure"], "--figure needs a value"),
    ],
)
def test_bad_arguments_are_one_sentence(arguments: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words.replace("(", r"\(")) as error:
        main(arguments)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["answer.pdf", "nothing.svg"])
def test_unknown_figures_are_refused(copy: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="--figure must be"):
        main([str(copy), "--figure", str(tmp_path / name)])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.json", None),
        ("manifest.json", b"{"),
        ("manifest.json", b"[]"),
        ("manifest.json", b'{"complete": true}'),
        ("metrics.parquet", None),
        ("metrics.parquet", b"not parquet"),
        ("comparison.parquet", b"PAR1"),
        ("definitions.json", b"\xff"),
        ("config.yaml", b"a: [1"),
        ("arms/both_matter/outcome_focused/customers.parquet", b"x"),
        ("arms/both_matter/outcome_focused/ledger.parquet", b""),
        ("arms/both_matter/outcome_focused/config.yaml", b"\xff\xfe"),
    ],
)
def test_a_corrupt_folder_is_refused_in_one_sentence(copy: Path, name: str, content: bytes | None) -> None:
    path = copy / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as error:
        main([str(copy)])
    assert "\n" not in str(error.value)
    assert not (copy / "report.html").exists() or (copy / "report.html").stat().st_size > 0


def test_a_table_without_a_column_is_named(copy: Path) -> None:
    frame = pd.read_parquet(copy / "metrics.parquet").drop(columns="value")
    frame.to_parquet(copy / "metrics.parquet")
    with pytest.raises(InputError, match="must have column value"):
        main([str(copy)])


def test_the_command_shown_can_be_run_again(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["command"] = "outcomelab run policy=balanced 'title=a b' output=somewhere"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    main([str(copy)])
    html = (copy / "report.html").read_text(encoding="utf-8")
    assert "outcomelab run policy=balanced &#39;title=a b&#39;</code>" in html
