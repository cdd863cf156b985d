"""Claims in the report, and the produced block of a document."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sim.checks import InputError
from sim.report import main
from sim.report.blocks import Figure, Note, Table
from sim.report.result import read_result
from sim.report.sections import claims, targeted

WORDS = {"worse": "fails", "undecided": "undecided", "better": "holds"}
PAGE = "# A page\n\n<!-- produced -->\nyesterday\n<!-- /produced -->\n\nThe end.\n"


def add_claims(folder: Path, expected: dict[str, str]) -> Path:
    """What a run leaves of one claim about the builder's two arms."""
    comparison = pd.read_parquet(folder / "comparison.parquet")
    rows = comparison[comparison["metric"] == "net_cash_per_candidate"]
    said = rows["verdict"].map(WORDS)
    table = rows.assign(claim="pays", word=said, expected=rows["context"].map(expected), sign="higher")
    table.to_parquet(folder / "claims.parquet")
    return folder


@pytest.fixture
def claimed(folder: Path, tmp_path: Path) -> Path:
    expected = {"experience_decides": "false", "both_matter": "true", "outcomes_decide": "true"}
    return add_claims(Path(shutil.copytree(folder, tmp_path / "copy")), expected)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "experiments").mkdir()
    found = tmp_path / "experiments" / "mine.md"
    found.write_text(PAGE)
    return found


def test_the_section_names_what_did_not_come_out(claimed: Path) -> None:
    found = claims.section(read_result(claimed))
    assert found is not None
    note, figure = found.blocks
    assert isinstance(note, Note) and isinstance(figure, Figure)
    assert "2 of 3 expectations" in note.text and "not pays in \N{LEFT DOUBLE QUOTATION MARK}both matter" in note.text
    lines = [row for row in figure.table.rows if row[1]]
    assert [row[2:4] for row in lines] == [("fails", "false"), ("undecided", "true"), ("holds", "true")]


def claims_table(folder: Path) -> Table:
    found = claims.section(read_result(folder))
    assert found is not None
    return found.tables()[0]


def test_without_claims_there_is_no_section(folder: Path) -> None:
    assert claims.section(read_result(folder)) is None


def test_the_block_holds_figure_tables_and_commands(claimed: Path, document: Path) -> None:
    manifest = json.loads((claimed / "manifest.json").read_text())
    manifest["command"] += " output=/somewhere/else"
    (claimed / "manifest.json").write_text(json.dumps(manifest))
    (claimed / "said.txt").write_text("what the study says\n")
    assert main(["--page", str(document), str(claimed)]) == 0
    text = document.read_text()
    assert text.startswith("# A page\n\n<!-- produced -->\n") and text.endswith("<!-- /produced -->\n\nThe end.\n")
    assert "yesterday" not in text and "somewhere" not in text
    assert "`outcomelab report --page experiments/mine.md`" in text
    assert "(../docs/figures/mine.svg)" in text
    assert "\nwhat the study says\n" in text
    assert (document.parents[1] / "docs" / "figures" / "mine.svg").read_text().startswith("<?xml")
    for row in claims_table(claimed).rows:
        assert all((cell or "") in text for cell in row)
    again = text
    assert main(["--page", str(document), str(claimed)]) == 0
    assert document.read_text() == again


def test_a_block_may_name_its_figure(claimed: Path, document: Path) -> None:
    document.write_text(PAGE.replace("produced -->\nyesterday", "produced: retention -->\nyesterday"))
    assert main(["--page", str(document), str(claimed)]) == 0
    text = document.read_text()
    assert "<!-- produced: retention -->" in text and "| pays |" in text
    document.write_text(PAGE.replace("produced -->\nyesterday", "produced: retentoin -->\nyesterday"))
    with pytest.raises(InputError, match="must name one of answer"):
        main(["--page", str(document), str(claimed)])


def test_a_block_may_name_tables_beside_its_figure(claimed: Path, document: Path) -> None:
    """Those of primary metrics say how much, not only which word; a table that is not there is refused."""
    rows = pd.read_parquet(claimed / "comparison.parquet").query("role != 'detail'")
    judged = rows.assign(adjusted_verdict="undecided", probability=0.04, adjusted_probability=0.08)
    judged.to_parquet(claimed / "primary.parquet")
    marked = PAGE.replace("produced -->\nyesterday", "produced: retention, primary -->\nyesterday")
    document.write_text(marked)
    assert main(["--page", str(document), str(claimed)]) == 0
    text = document.read_text()
    assert "<!-- produced: retention, primary -->\n" in text and "*Primary metrics judged together.*" in text
    assert "| logo retention at 12 months |" in text and "+1.2\N{NO-BREAK SPACE}percentage points" in text
    assert main(["--page", str(document), str(claimed)]) == 0 and document.read_text() == text
    document.write_text(marked.replace("primary", "primery"))
    with pytest.raises(InputError, match=r"tables among .* got primery"):
        main(["--page", str(document), str(claimed)])


def test_a_document_without_a_block_is_refused(claimed: Path, document: Path) -> None:
    document.write_text("# Nothing to fill\n")
    with pytest.raises(InputError, match="one block <!-- produced -->"):
        main(["--page", str(document), str(claimed)])


def test_a_targeted_metric_stands_beside_its_twin(folder: Path, tmp_path: Path) -> None:
    """Difference and interval of the table; nothing where no metric was a target."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert targeted.section(read_result(copy)) is None
    comparison = pd.read_parquet(copy / "comparison.parquet")
    rows = comparison[comparison["metric"] == "net_cash_per_candidate"].head(2)
    numbers = {"unit": "correlation", "difference": -0.25, "low": -0.5, "high": -0.13}
    shift = rows.assign(metric="metric_truth_shift", view="fielded", segment="all", **numbers)
    pd.concat([comparison, shift, shift.assign(view="truth", difference=9.0)]).to_parquet(copy / "comparison.parquet")
    found = targeted.section(read_result(copy))
    assert found is not None
    (figure,) = found.blocks
    assert isinstance(figure, Figure)
    heading, *lines = figure.table.rows
    assert "Divergence 6" in str(heading[0])
    assert [line[1:3] for line in lines] == [("\N{MINUS SIGN}0.25", "\N{MINUS SIGN}0.50 to \N{MINUS SIGN}0.13")] * 2
