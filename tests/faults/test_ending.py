"""Signals, closed streams, killed parents: a command ends in order, and nothing that it started outlives it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sim.command.process import Ending
from sim.experiments.undisturbed import undisturbed

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends signals and looks into /proc")
WORDS = ("candidates_share=.02", "horizon_months=13", "metrics=[value]", "replications=4000", "output=out")


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    """A run in a session of its own, whoever started the tests."""

    def plain() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    return subprocess.Popen(
        [sys.executable, "-m", "sim", "run", *WORDS, *words], cwd=folder, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True,
        preexec_fn=plain,
    )  # fmt: skip


def alive(group: int) -> list[int]:
    """Processes of the group, without those that only wait to be buried."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[2]) == group and words[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def until(true: object, seconds: float = 60.0) -> None:
    last = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < last
        time.sleep(0.02)


def kept(folder: Path) -> int:
    return len(list(folder.glob("results/store/runs/*/*/*.metrics")))


def test_twice_ctrl_c_leaves_no_traceback_no_process_no_draft_and_what_had_finished(tmp_path: Path) -> None:
    run = started(tmp_path, "n_jobs=2")
    until(lambda: kept(tmp_path) >= 3)
    for _ in range(2):
        os.killpg(run.pid, signal.SIGINT)
        time.sleep(0.01)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130 and err.endswith("outcomelab: stopped by Ctrl-C\n") and "Traceback" not in err
    until(lambda: not alive(run.pid), 10.0)
    assert kept(tmp_path) >= 3
    assert not list((tmp_path / "out").rglob(".*"))


def test_sigterm_ends_the_workers_too(tmp_path: Path) -> None:
    run = started(tmp_path, "n_jobs=2", "store=null")
    until(lambda: len(alive(run.pid)) >= 5)  # the driver, two workers and two that look after what they share
    os.kill(run.pid, signal.SIGTERM)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 143 and err.endswith("outcomelab: stopped by SIGTERM\n") and "Traceback" not in err
    until(lambda: not alive(run.pid), 10.0)
    assert (tmp_path / "out" / "manifest.json").exists()
    assert not list((tmp_path / "out").rglob(".*"))


PARENT = """
import subprocess, sys, time
code = "import time; from sim.experiments.orphan import end_with_parent; end_with_parent(); print(1, flush=True); "
child = subprocess.Popen([sys.executable, "-c", code + "time.sleep(60)"], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_worker_ends_with_a_driver_that_was_killed() -> None:
    driver = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    )
    assert driver.stdout is not None
    child = int(driver.stdout.readline())
    assert child in alive(driver.pid)
    time.sleep(1.2)
    assert child in alive(driver.pid), "as long as its parent lives"
    driver.kill()
    driver.communicate()
    until(lambda: child not in alive(driver.pid), 10.0)


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_every_ending_is_an_interruption_with_its_own_code(name: str, code: int) -> None:
    number = getattr(signal, name)
    before = signal.getsignal(number)
    signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)
    try:
        with Ending() as ending:
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(number)
            assert ending.code == code and name.removeprefix("SIGINT") in ending.word
            whole = False
            with pytest.raises(KeyboardInterrupt), undisturbed():
                signal.raise_signal(number)
                whole = True
            assert whole, "work that must not be left half done is done first"
        assert signal.getsignal(number) is not ending._raise
    finally:
        signal.signal(number, before)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """nohup, and a shell's background."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Ending() as ending, suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGHUP)
            with undisturbed():
                signal.raise_signal(signal.SIGHUP)
        assert ending.came == []
    finally:
        signal.signal(signal.SIGHUP, before)


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = f"{sys.executable} -m sim"
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; sim() {{ {command} "$@"; }}; {line}'], cwd=folder, text=True,
        capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=120,
    )  # fmt: skip


def test_streams_that_are_closed_broken_or_poor(tmp_path: Path) -> None:
    done = shell("sim --help | true; sim --version >&-; sim --version 2>&-; sim nothing 2>&-; echo $?", tmp_path)
    assert done.stdout.split()[-1] == "2" and done.stderr == ""
    done = shell("PYTHONIOENCODING=ascii sim rün; PYTHONIOENCODING=ascii sim completion ü", tmp_path)
    assert done.returncode == 2 and done.stderr.splitlines() == [
        "outcomelab: unknown command 'r\\xfcn': did you mean run?",
        "outcomelab: completion needs one of bash, zsh, fish, got \\xfc",
    ]


def test_a_log_whose_reader_has_gone_stops_nobodys_work() -> None:
    from sim.command.process import _Patient

    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(BrokenPipeError):
        os.write(writer, b"x")
    log = io.TextIOWrapper(_Patient(writer, "wb"), "utf-8", write_through=True)  # type: ignore[arg-type]
    print("nobody reads this", file=log, flush=True)
    log.close()
