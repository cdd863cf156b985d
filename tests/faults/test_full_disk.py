"""A disk without room: said in one sentence, no wrong input, nothing left behind, and the same command goes on."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.checks import InputError, Trouble
from sim.command.errors import explained
from sim.events import SCHEMAS
from sim.experiments.folders import claim
from sim.experiments.job import FAILURE, job
from sim.experiments.tally import Counter, Tally
from sim.parquet import Growing
from sim.store.place import prove_writable
from sim.tables import write_atomically

NO_SPACE = "No space left on device"


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Fills the disk below a folder: nothing can be written there any more, though empty files can be made."""

    def full(folder: Path) -> None:
        import io
        import os

        real_bytes, real_open = Path.write_bytes, io.open

        def refuse(*_: Any, **__: Any) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def write_bytes(self: Path, content: Any) -> int:
            return refuse() if folder in self.parents else real_bytes(self, content)

        class Full:
            def __init__(self, file: Any) -> None:
                self._file, self.name = file, file.name

            write = refuse

            def __getattr__(self, name: str) -> Any:
                return getattr(self._file, name)

        def opened(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            made = real_open(file, mode, *rest, **named)
            here = named.get("opener") is not None and "b" in mode and "w" in mode
            return Full(made) if here else made

        monkeypatch.setattr(Path, "write_bytes", write_bytes)
        monkeypatch.setattr("tempfile._io.open", opened)

    return full


def test_a_full_disk_is_trouble_and_a_wrong_folder_is_wrong_input(tmp_path: Path, fill: Callable[[Path], None]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"^cannot write .*: (Not a directory|File exists)$") as wrong:
        write_atomically(tmp_path / "file" / "below", b"x")
    fill(tmp_path)
    with pytest.raises(Trouble, match=f"^cannot write .*: {NO_SPACE}$") as trouble:
        write_atomically(tmp_path / "a", b"x")
    assert explained(wrong.value)[0] is True
    assert explained(trouble.value) == (False, f"cannot write {tmp_path / 'a'}: {NO_SPACE}")
    assert [path.name for path in tmp_path.iterdir()] == ["file"], "no draft"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_growing_table_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Growing(tmp_path / "customers.parquet", SCHEMAS["customers"])
    file._draft.symlink_to("/dev/full")
    with pytest.raises(Trouble, match=f"^cannot write .*customers.parquet: {NO_SPACE}$"), file:
        file.keep()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_on_a_full_disk_is_refused_before_anything_runs(
    tmp_path: Path, fill: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path)
    with pytest.raises(InputError, match=rf"^store must be a folder that can be written, got .*\({NO_SPACE}\)"):
        prove_writable(tmp_path / "store")
    with pytest.raises(InputError, match=rf"^output must be a folder that can be written, got .*\({NO_SPACE}\)"):
        claim("out", "run", False)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_reason_that_cannot_be_kept_is_said(
    tmp_path: Path, fill: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    from types import SimpleNamespace

    from sim.experiments.block import Order

    def compose(_: object) -> Any:
        raise Trouble(f"cannot write x: {NO_SPACE}")

    told: list[Tally] = []
    work: Any = SimpleNamespace(folder=tmp_path, composer=SimpleNamespace(compose=compose), n_jobs=1)
    counter = Counter(lambda now, settled: told.append(now))
    job(work, Order("a", "-", "arms/-/a", 2, []), counter)
    facts = json.loads((tmp_path / "arms" / "-" / "a" / FAILURE).read_text())
    assert facts["wrong_input"] is False and capsys.readouterr().err == "", "the driver says it"
    fill(tmp_path)
    job(work, Order("b", "-", "arms/-/b", 2, []), counter)
    sentence = f"outcomelab: arm b in - failed: cannot write x: {NO_SPACE}"
    assert capsys.readouterr().err == sentence + "\n" and told[-1].said[-1] == sentence and told[-1].failed == 2
