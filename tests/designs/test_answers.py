"""From long table and verdicts to files, lines and sections: a study of sixteen points made by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from sim.experiments.compare import compare
from sim.experiments.designs.answers import write_answers
from sim.experiments.designs.design import Design
from sim.experiments.designs.factor import Factor
from sim.report.blocks import Figure, Section
from sim.report.page import ORDER
from sim.report.result import Place, Result
from sim.report.sections import discovery, robustness, sensitivity

FACTORS = (
    Factor("world.share_experience", (), 0.0, 1.0, "share"),
    Factor("world.deciding.switching_cost", (), 0.0, 2.0, "logit"),
)
REPLICATIONS = 5


def long_table(design: Design, contexts: list[Any]) -> pd.DataFrame:
    """`nice` gains 400 x (share - .5) per candidate on `strict`, clear of luck but where shares are near one half."""
    rows = []
    for context in contexts:
        columns = dict(context.columns)
        for arm in ("strict", "nice"):
            gain = 400.0 * (float(columns["world.share_experience"]) - 0.5) if arm == "nice" else 0.0
            for replication in range(REPLICATIONS):
                luck = np.random.default_rng((len(arm), replication)).normal(0.0, 8.0)
                for metric, value in (
                    ("net_cash_per_candidate", 900.0 + gain + luck),
                    ("revenue_per_candidate", 2000.0),
                ):
                    rows.append(
                        {"arm": arm, "context": context.name, **columns, "replication": replication, "metric": metric,
                         "view": "truth", "segment": "all", "time_days": np.nan, "value": value, "n": 10}
                    )  # fmt: skip
    return pd.DataFrame(rows)


def answered(folder: Path, design: Design) -> tuple[list[str], Result]:
    contexts = design.contexts(0)
    metrics = long_table(design, contexts)
    tables = []
    for context in contexts:
        here = metrics[metrics["context"] == context.name]
        arms = {arm: here[here["arm"] == arm] for arm in ("strict", "nice")}
        tables.append(compare(arms, "strict", context=context.name))
    comparison = pd.concat(tables, ignore_index=True)
    settings = SimpleNamespace(decision_metric="net_cash_per_candidate", worthwhile_difference=None, seed=0)
    study: Any = SimpleNamespace(settings=settings, design=design, baseline="strict")
    lines = write_answers(study, folder, metrics, comparison, {})
    places = tuple(Place(c.name, arm, folder) for c in contexts for arm in ("strict", "nice"))
    manifest = {"baseline": "strict", "complete": True}
    config = {"title": "Sixteen points", "currency": "EUR", "horizon_months": 60, "design": {"satisfied_at": None}}
    return lines, Result(folder, manifest, config, {}, metrics, comparison, places)


def drawn(section: Section) -> None:
    """Its figure at both widths, with something on it."""
    (figure,) = (block for block in section.blocks if isinstance(block, Figure))
    for size in (figure.wide, figure.narrow):
        canvas = Canvas(figsize=size, layout="constrained")
        figure.draw(canvas)
        assert all(ax.has_data() for ax in canvas.axes)


@pytest.fixture(scope="module")
def sobol(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Result]:
    return answered(tmp_path_factory.mktemp("sobol"), Design("sobol", 16, None, None, FACTORS, ()))


def test_lines_and_files(sobol: tuple[list[str], Result]) -> None:
    lines, result = sobol
    assert lines[0].startswith("discovery - nice wins against strict when world.share_experience > 0.")
    assert lines[1].startswith("discovery - strict wins against nice when world.share_experience < 0.")
    assert [line.split()[0] for line in lines[2:]] == ["regret", "regret", "minimax_regret"]
    files = {path.stem for path in result.folder.glob("*.parquet")}
    assert files == {"design", "discovery", "conditions", "peeling", "regret", "robustness"}
    found = pd.read_parquet(result.folder / "discovery.parquet")
    assert (found["wins"] + found["losses"] + found["alike"] + found["undecided"] == 16).all()
    limits = pd.read_parquet(result.folder / "conditions.parquet")
    assert set(limits["key"]) == {"world.share_experience"}, "the other key tells nothing and is not limited"
    border = limits.set_index("winner")[["low", "high"]]
    assert 0.5 <= border.loc["nice", "low"] < 0.65 and 0.35 < border.loc["strict", "high"] <= 0.5
    peeled = pd.read_parquet(result.folder / "peeling.parquet")
    assert peeled.groupby("winner")["box_points"].apply(lambda points: (points.diff().dropna() < 0).all()).all()


def test_sections_say_it_in_words_and_draw_it(sobol: tuple[list[str], Result]) -> None:
    _, result = sobol
    part, risk = discovery.section(result), robustness.section(result)
    assert part is not None and risk is not None and sensitivity.section(result) is None
    text = part.blocks[0].text
    assert text.startswith("Nice wins against strict when share experience > 0.")
    assert "coverage 1.00, density 1.00" in text
    assert risk.blocks[0].text.endswith("has the smallest largest regret: " + risk.blocks[0].text.split(": ", 1)[1])
    for section in (part, risk):
        drawn(section)
    assert ORDER.index("discovery") < ORDER.index("verdict"), "what was found before its many verdicts"


def test_a_design_laid_out_for_it_is_taken_apart(tmp_path: Path) -> None:
    pytest.importorskip("SALib")
    lines, result = answered(tmp_path, Design("morris", 4, None, None, FACTORS, ()))
    told = {
        tuple(line.split()[4:6]): line.split()[6:] for line in lines if line.startswith("sensitivity - nice morris")
    }
    assert float(told[("world.share_experience", "mu_star")][0]) == pytest.approx(400.0, rel=1e-3)
    assert float(told[("world.deciding.switching_cost", "mu_star")][0]) == pytest.approx(0.0, abs=1e-2)
    assert told[("world.share_experience", "sigma")][1:] == ["-", "-"]
    part = sensitivity.section(result)
    assert part is not None and "share experience" in part.blocks[0].text
    assert "switching cost" not in part.blocks[0].text
    drawn(part)
