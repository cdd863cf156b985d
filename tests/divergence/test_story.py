"""A story tells the facts of one life, and its twin's; bad input gets one sentence."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from math import nan
from pathlib import Path

import pytest
import yaml

from sim.command.main import main
from sim.events import EVENT_KINDS
from sim.tables import write_tables

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))
from handmade import Handmade

YEAR = 365.25
Say = Callable[..., tuple[int, str, str]]


def arm(folder: Path, name: str, leaves: bool, context: str = "here") -> None:
    """Customer 7 of an arm: signs, asks for help, answers a wave, then leaves or renews; 8 is never won."""
    tables = Handmade(60.0)
    told = {"seats": 40.0, "list_price_per_month": 2000.0, "goal_value_per_month": 8000.0, "fit": 0.6, "outcome": 0.5}
    end, status = (50.0 + YEAR, "churned") if leaves else (nan, "active")
    tables.customer(7, won=50.0, end=end, status=status, **told)
    tables.customer(8, status="lost", **told)
    for number, felt in enumerate((0.7, 0.2)):
        tables.event(20.0 + number, "sales_touch", 7, occurrence=number, value=felt, contract=0)
    tables.event(10.0, "way_chosen", 8, value=1.0, contract=0, detail="web")
    tables.event(12.0, "sales_touch", 8, value=0.7, contract=0)
    tables.event(50.0, "won", 7, value=0.2)
    tables.event(80.0, "go_live", 7, value=30.0)
    tables.event(100.0, "ticket_raised", 7, occurrence=3, detail="how_to")
    tables.event(101.0, "contact_end", 7, occurrence=3, value=0.2, detail="unresolved")
    tables.event(103.0, "contact_end", 7, occurrence=(1 << 16) + 3, value=0.7, detail="resolved")
    tables.event(103.0, "ticket_resolved", 7, occurrence=3, value=3.0)
    felt = {"experience": 0.4 if leaves else -0.4, "outcome": 0.5, "perceived_outcome": -0.3}
    tables.wave(50.0 + YEAR - 40.0, 7, answer=9.0, invited=True, answered=True, **felt)
    tables.wave(50.0 + YEAR - 40.0, 7, "outcome_reading", answer=0.45, answered=True, **felt)
    if leaves:
        tables.event(50.0 + YEAR, "churned", 7, value=0.7, detail="outcome+price")
        tables.event(50.0 + YEAR, "exit_stated", 7, detail="price")
    else:
        tables.event(50.0 + YEAR, "renewed", 7, value=0.9)
    tables.money(50.0, 7, "invoice_regular", 24000.0, covers_to_days=50.0 + YEAR)
    write_tables(tables.run(), folder)
    reference = {
        f"{key}_{what}": x for key in ("experience", "perceived_outcome") for what, x in (("mean", 0.0), ("sd", 0.1))
    }
    tree = {"currency": "EUR", "market": {"start_date": "2026-01-01", "reference": reference}}
    (folder / "config.yaml").write_text(yaml.safe_dump(tree))
    (folder / "manifest.json").write_text(json.dumps({"arm": name, "context": context}))


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results" / "x" / "1"
    rows = []
    for name, leaves in (("first", True), ("second", False)):
        arm(folder / "arms" / "here" / name, name, leaves)
        rows.append({"context": "here", "arm": name, "folder": f"arms/here/{name}"})
    (folder / "manifest.json").write_text(json.dumps({"arms": rows, "baseline": "first"}))
    (tmp_path / "results" / "latest").symlink_to(folder)
    return folder


@pytest.fixture
def say(result: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*words: str) -> tuple[int, str, str]:
        code = main(["story", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_whole_life_is_told(say: Say) -> None:
    code, out, _ = say("latest", "7", "--width", "90")
    assert code == 0
    for words in (
        "two lives of the same person",
        "40 seats, 2,000 EUR a month at list price",
        "2 sales talks until 22 Jan 2026: good, poor",
        "told to expect 1.20 times what fits",
        "goes live, 30 days after signing",
        "2 contacts (poor, good)",
        "Far happier than most (E +0.40); outcome 50 %",
        "answers NPS 9; outcome measured at 45 %",
        "It would have stayed but for any one of",
        "Asked why, it would say: price.",
        "RENEWS (the chance was 90 %)",
        "owes 24,000 EUR in advance",
        "In all: first contract 12 months, then left",
        "still a customer",
    ):
        assert words in " ".join(out.split()), words


def test_two_columns_where_there_is_room_else_one_after_the_other(say: Say) -> None:
    wide, narrow = (say("latest", "7", "--width", width)[1].splitlines() for width in ("120", "70"))
    assert any("LEAVES" in line and "RENEWS" in line for line in wide)
    assert not any("first" in line and "second" in line for line in narrow)
    assert max(map(len, wide)) <= 120 and max(map(len, narrow)) <= 70


@pytest.mark.parametrize("run", ["latest", "results/x/1", "results/x/1/arms/here/first"])
def test_run_is_a_result_an_arm_or_latest(say: Say, run: str) -> None:
    assert "first" in say(run, "7")[1].split("-----")[0]


def test_examples(say: Say) -> None:
    assert "Customer 7, replication 0" in say("latest", "--happy-leaver")[1]
    code, _, err = say("latest", "--unhappy-stayer")
    assert code == 2 and "nobody renewed in this arm" in err
    out = say("results/x/1/arms/here/second", "--unhappy-stayer")[1]
    assert "Customer 7" in out and "felt worst" in out


def test_somebody_who_never_signed_has_a_story_too(say: Say) -> None:
    told = say("latest", "8")[1]
    assert "In all: never a customer." in told
    assert "wants to buy on the web" in told and "1 web shop visit until" in told and "sales talk" not in told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("latest", "99"), "must be a candidate of replication 0 such as 7, 8, got 99; 7 became customers"),
        (("latest", "7", "--replication", "3"), "--replication must be in [0, 0], got 3"),
        (("latest", "seven"), "CUSTOMER must be a whole number, got 'seven'"),
        (("latest", "-1"), "CUSTOMER must be at least 0"),
        (("latest",), "story takes RUN and CUSTOMER"),
        (("latest", "7", "--happy-leaver"), "--happy-leaver picks the customer itself"),
        (("latest", "--happy-leaver", "--unhappy-stayer"), "not both"),
        (("latest", "7", "--widht=90"), "did you mean --width"),
        (("latest", "7", "--width=9"), "--width must be in"),
        (("nowhere", "7"), "RUN must be the folder of a result or of one arm, or latest, got nowhere"),
        (("results", "7"), "got one without manifest.json"),
    ],
)
def test_bad_input_gets_one_sentence(say: Say, words: tuple[str, ...], sentence: str) -> None:
    code, out, err = say(*words)
    assert code == 2 and out == "" and sentence in err and len(err.strip().splitlines()) == 1


def test_a_corrupt_table_is_named(say: Say, result: Path) -> None:
    (result / "arms/here/first/events.parquet").write_bytes(b"nothing")
    code, _, err = say("latest", "7")
    assert code == 2 and "events.parquet must be a readable fact table" in err


def test_every_kind_of_event_has_words_or_is_part_of_another_sentence(result: Path) -> None:
    from sim.story.lives import life
    from sim.story.telling import _sentence

    told = life("first", result / "arms/here/first", 0, 7)
    assert told is not None
    elsewhere = {"sales_touch", "ticket_raised", "contact_end", "ticket_resolved", "exit_largest", "exit_stated"}
    elsewhere |= {"dashboard_read", "budget_shifted", "transformed", "known", "answered"}  # the organisation's own
    elsewhere.add("staked")  # what hangs on the outcome shows in the bills
    for kind in EVENT_KINDS:
        row = {"event": kind, "value": 0.5, "detail": "chance", "contract": 1, "time_days": 1.0}
        assert bool(_sentence(row, told)) == (kind not in elsewhere), kind
