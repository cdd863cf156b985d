"""The command: a real lesson, quick the second time; every wrong input is one sentence before anything is simulated."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from lessons import Taught, teach

from sim.checks import InputError
from sim.experiments.filled import filled


def test_a_real_lesson_is_written_once_simulated_and_quick_again(tiny: Taught) -> None:
    assert (tiny.code, tiny.out) == (0, f"{tiny.path}\n")
    assert "8/8 replications, 4/4 scenarios" in tiny.err and "left" in tiny.err
    html = tiny.path.read_bytes()
    assert b"<h3>" in html and b"traditional" in html and b"experience focused" not in html
    assert b"2 per policy and step" in html and str(tiny.path.parent).encode() not in html.split(b"<code>")[0]
    tiny.path.write_text("an older lesson")
    again = teach(tiny.path, *tiny.words)
    assert (again.code, again.err) == (0, ""), "nothing was simulated, so no progress was shown"
    assert tiny.path.read_bytes() == html
    assert [path.name for path in tiny.path.parent.iterdir() if path.suffix != ""] == ["tiny.html"]


WRONG = [
    (["--policies", "balanced,outcome_focussed"], "got 'outcome_focussed': did you mean outcome_focused?"),
    (["--policies", "balanced,zzz"], "got 'zzz'; it is one of amortised_bundle, balanced,"),
    (["--policies", "balanced,balanced"], "must name two different policies, as in A,B, got balanced,balanced"),
    (["--policies", "balanced"], "must name two different policies"),
    (["--policies"], "--policies needs a value"),
    (["--polices=a,b"], "classroom has no flag '--polices=a,b': did you mean --policies?"),
    (["replications"], "is neither KEY=VALUE nor a flag"),
    (["experiment=frontier"], "classroom sets experiment itself"),
    (["world.share_experience=0.5"], "world.share_experience is set by the experiment's contexts"),
]


@pytest.mark.parametrize(("words", "sentence"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_one_sentence_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = teach(tmp_path / "lesson.html", *words)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err and len(said.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("nowhere/lesson.html", "--out must lie in a folder that exists, got "),
        ("lesson.pdf", "--out must be a file ending in .html or .htm, got "),
        (".", "--out must be a file ending in .html or .htm, got "),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_first(tmp_path: Path, out: str, sentence: str) -> None:
    said = teach(tmp_path / out)
    assert said.code == 2 and sentence in said.err and len(said.err.strip().splitlines()) == 1


def test_out_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    from sim.command.main import main

    assert main(["classroom"]) == 2
    assert "classroom needs --out FILE, as in: outcomelab classroom --out lesson.html" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (SimpleNamespace(store_folder=None, until=None), "store must name a folder"),
        (SimpleNamespace(store_folder=Path("store"), until="precise"), "until must be null"),
    ],
)
def test_a_lesson_needs_the_store_and_equal_replications(settings: SimpleNamespace, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        filled(None, SimpleNamespace(settings=settings))


def test_a_failed_scenario_ends_the_lesson_with_its_reason(tmp_path: Path) -> None:
    from sim.experiments.filled import _refuse_failures

    job = SimpleNamespace(arm="balanced", context=SimpleNamespace(name="share_0"), folder="arms/share_0/balanced")
    (tmp_path / job.folder).mkdir(parents=True)
    for wrong_input, kind in ((True, InputError), (False, RuntimeError)):
        facts = {"reason": "no such luck", "wrong_input": wrong_input}
        (tmp_path / job.folder / "failure.json").write_text(json.dumps(facts))
        with pytest.raises(kind, match="arm balanced in share_0 failed: no such luck"):
            _refuse_failures(SimpleNamespace(jobs=[job]), tmp_path)
