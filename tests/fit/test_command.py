"""`outcomelab fit` from a file to a market that runs, and the published series simulated."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from sim import load_scenario, simulate
from sim.command.main import main
from sim.context.frailty import BetaFrailty
from sim.context.people import QuantileSize
from sim.experiments.fit import calibration
from sim.experiments.fit.presets import mean_price
from sim.fitting.sbg import ShiftedBetaGeometric
from sim.metrics.retention import tenure
from sim.metrics.survival import kaplan_meier, level_at
from sim.units import days

LAW = ShiftedBetaGeometric(1.0, 8.0)
COLUMNS = ["--tenure", "Months  (total), all", "--churned", "Status [end]=left", "--quick"]


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,000 made-up customers under awkward column names, with an id and two sizes."""
    draw = np.random.default_rng(11)
    life = draw.geometric(draw.beta(LAW.alpha, LAW.beta, 2_000))
    seen = draw.integers(1, 40, 2_000)
    seats = draw.integers(1, 30, 2_000)
    lines = ['Customer ID,"Months  (total), all",Status [end],"Fee, net",Seats']
    for i in range(2_000):
        status = "left" if life[i] <= seen[i] else "here"
        lines.append(f"KEY-{i:06d},{min(life[i], seen[i])},{status},{seats[i] * 12.5 + i / 1000:.3f},{seats[i]}")
    file = tmp_path_factory.mktemp("customers") / "my customers, (2026).csv"
    file.write_text("\n".join(lines))
    return file


def _fit(customers: Path, out: Path, *more: str) -> int:
    return main(["fit", str(customers), *COLUMNS, *more, "--out", str(out)])


def test_a_file_becomes_a_market_that_builds(customers: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    out = tmp_path / "market" / "mine.yaml"
    assert _fit(customers, out, "--fee", "Fee, net", "--seats", "Seats") == 0
    said = capsys.readouterr()
    assert "kaplan_meier" in said.out
    assert f"outcomelab run --config-dir {tmp_path} market=mine" in said.out.replace("'", "")
    market = load_scenario("market=mine", config_dir=str(tmp_path)).market
    assert isinstance(market.frailty, BetaFrailty)
    fitted = ShiftedBetaGeometric(market.frailty.alpha, market.frailty.beta)
    assert fitted.mean_churn == pytest.approx(LAW.mean_churn, abs=0.02)
    assert fitted.survival(24) == pytest.approx(LAW.survival(24), abs=0.03)
    assert market.contract.term_months == market.contract.billing_months == 1
    assert isinstance(market.people.seats, QuantileSize)


def test_the_market_charges_what_the_file_charges(customers: Path, tmp_path: Path) -> None:
    with_seats, alone = tmp_path / "with_seats.yaml", tmp_path / "alone.yaml"
    assert _fit(customers, with_seats, "--fee", "Fee, net", "--seats", "Seats") == 0
    assert _fit(customers, alone, "--fee", "Fee, net") == 0
    fees = [float(line.split(",")[-2]) for line in customers.read_text().splitlines()[1:]]
    for out in (with_seats, alone):
        assert mean_price(yaml.safe_load(out.read_text())) == pytest.approx(np.mean(fees), rel=0.01)


def test_nothing_of_a_customer_or_of_this_machine_is_written(customers: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.yaml"
    assert _fit(customers, out, "--fee", "Fee, net", "--seats", "Seats") == 0
    text = out.read_text()
    assert "KEY-" not in text and str(tmp_path) not in text and customers.name not in text and "/" not in text
    assert "sha256" in text
    exact = {line.split(",")[-2] for line in customers.read_text().splitlines()[1:]}
    assert not exact & set(text.replace(",", " ").replace("[", " ").replace("]", " ").split())


def test_the_same_file_gives_the_same_bytes_and_overwriting_is_said(
    customers: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "mine.yaml"
    assert _fit(customers, out) == 0
    first = out.read_bytes()
    assert "written;" in capsys.readouterr().out
    assert _fit(customers, out) == 0
    assert out.read_bytes() == first
    assert "written over" in capsys.readouterr().out
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mine.yaml"]


REFUSED = {
    "column": (["--fee", "Fee net"], "has no column 'Fee net'; did you mean 'Fee, net'?"),
    "preset": (["--preset", "mid_markt"], "--preset must be a market"),
    "group": (["--group", "Seats=99"], "column 'Seats' never holds '99'"),
    "unknown": (["--sets", "Seats"], "fit has no option '--sets': did you mean --seats?"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, customers: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    more, sentence = REFUSED[case]
    out = tmp_path / "mine.yaml"
    assert _fit(customers, out, *more) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert not out.exists()


def test_a_shipped_name_and_an_unwritable_place_are_refused(customers: Path, tmp_path: Path) -> None:
    assert _fit(customers, tmp_path / "mid_market.yaml") == 2
    (tmp_path / "file").write_text("x")
    assert _fit(customers, tmp_path / "file" / "mine.yaml") == 2


def test_help_shows_an_example(capsys: pytest.CaptureFixture) -> None:
    assert main(["fit", "--help"]) == 0
    assert "--config-dir my market=mine" in capsys.readouterr().out


def test_calibration_moves_the_simulated_retention_to_the_law(
    customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "REPLICATIONS", 2)
    out = tmp_path / "mine.yaml"
    assert _fit(customers, out, "--fee", "Fee, net", "--seats", "Seats") == 0
    done = calibration.calibrated(yaml.safe_load(out.read_text()), LAW, 1)
    assert done.months == 24
    assert done.simulated == pytest.approx(LAW.survival(24), abs=0.03)
    assert done.node["frailty"]["shift_logit"] != 0
    assert done.node["reference"]["experience_sd"] > 0


def _years_kept(replications: int, *overrides: str) -> tuple[float, int]:
    """Simulated survival at year 12 of the published experiment, and customers won."""
    scenario = load_scenario("experiment=published_retention", *overrides)
    lives = [tenure(simulate(scenario, 5, replication)) for replication in range(replications)]
    duration = np.concatenate([life.duration[life.signed] for life in lives])
    ended = np.concatenate([life.ended[life.signed] for life in lives])
    return level_at(kaplan_meier(duration, ended), days(144) + 1e-6), duration.size


def test_simulated_renewals_follow_the_fitted_law() -> None:
    """T2: all customers are followed for twelve years, so that S is binomial; detectable bias 2.8 points."""
    exact = ShiftedBetaGeometric(0.704077, 1.182043).survival(12)
    kept, won = _years_kept(3)
    error = np.sqrt(exact * (1 - exact) / won)
    assert won > 4_000
    assert abs(kept - exact) <= 4 * error
    assert 5 * error < 0.028


def test_other_ways_to_leave_break_the_law() -> None:
    """Negative control: 2 % failed payments a year."""
    exact = ShiftedBetaGeometric(0.704077, 1.182043).survival(12)
    kept, won = _years_kept(3, "market.contract.involuntary_per_term=0.02")
    assert abs(kept - exact) > 4 * np.sqrt(exact * (1 - exact) / won)


def test_the_experiment_prints_its_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", "experiment=published_retention", "replications=2", "n_jobs=1", "output=here"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("year-12 error: ") and line.endswith("(fitted curve alone: -0.30)") for line in lines)
    assert lines[-1].endswith("report.html")


def test_a_curve_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    file = tmp_path / "a, curve (1).csv"
    file.write_text("period,percent_surviving\n0,100\n1,63.1\n2,46.8\n3,38.2\n4,32.6\n5,28.9\n6,26.2\n7,24.1\n")
    market = load_scenario(f"market.retention_curve='{file}'").market
    assert isinstance(market.frailty, BetaFrailty)
    assert market.frailty.alpha == pytest.approx(0.704077, abs=1e-6)
    assert main(["run", f"market.retention_curve={file}", f"output={tmp_path / 'out'}"]) == 2
    assert "in two pairs of quotes" in capsys.readouterr().err
    assert main(["run", "market.retention_curve=none.csv", f"output={tmp_path / 'out'}"]) == 2
    assert "there is no file none.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
