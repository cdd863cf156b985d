"""A metric that nobody computes is refused before anything runs, also where only its number is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from labkit import shipped

from sim.checks import InputError
from sim.command.main import main
from sim.experiments.metric_names import check_metric
from sim.metrics.catalogue import names_of


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        ("nrr_99", "decision_metric nrr_99 is not computed: there are nrr_12, nrr_24, nrr_36, nrr_60"),
        ("logo_retention", "there are logo_retention_12, logo_retention_24, logo_retention_36, logo_retention_60"),
        ("nps_99", "decision_metric nps_99 is computed by none of the chosen metrics: did you mean nps?"),
        ("ttv_share_24", "did you mean ttv_share?"),
        ("nothing", "decision_metric nothing is computed by none of the chosen metrics; there are auc_attained, "),
    ],
)
def test_what_is_computed_instead_is_said(metric: str, sentence: str) -> None:
    names = names_of(shipped().metrics)
    with pytest.raises(InputError) as refused:
        check_metric("decision_metric", metric, names)
    assert sentence in str(refused.value)
    for right in ("nrr_24", "nps", "ttv_share", "net_cash_by_60"):
        check_metric("decision_metric", right, names)
    check_metric("decision_metric", metric, ())  # a study without metrics


@pytest.mark.parametrize("override", ["decision_metric=nrr_25", "primary_metrics=[nrr_25]"])
def test_a_command_ends_before_anything_runs(
    override: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    small = ("replications=1", "candidates_share=0.01", "horizon_months=13")
    assert main(["run", "metrics=[retention]", "decision_metric=nrr_12", *small, override]) == 2
    assert f"{override.partition('=')[0]} nrr_25 is not computed: there are nrr_12" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
