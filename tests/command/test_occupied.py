"""Two commands with the same output: the second is refused, unless the first has been killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.checks import InputError
from sim.experiments.folders import claim, give_up
from sim.experiments.occupied import LOCK, hold

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(os.name != "posix", reason="needs locks")
def test_the_second_command_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = f"import time\nfrom sim.experiments.folders import claim\nprint(claim({str(out)!r}, 'x', False), flush=True)"
    first = subprocess.Popen(
        [sys.executable, "-c", f"{code}\ntime.sleep(60)"],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert first.stdout is not None and first.stdout.readline().strip() == str(out.resolve())
    sentence = f"no other command is filling, got {out.resolve()}: process {first.pid} since "
    with pytest.raises(InputError, match=sentence):
        claim(str(out), "x", False)
    assert (out / LOCK).exists(), "the refused command takes nothing away"
    first.kill()
    first.wait()
    assert claim(str(out), "x", False) == out.resolve(), "a lock ends with its process, nothing has to be cleaned"
    hold(out.resolve())
    give_up(out.resolve())
    assert list(tmp_path.iterdir()) == []
    give_up(out.resolve())
