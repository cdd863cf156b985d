"""The driver's look at its blocks, wherever they run: read their tallies now and then, show the sum."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from sim.experiments.progress import Progress
from sim.experiments.tally import TALLY, TOLD_EVERY_SECONDS, Tally, read_tally, total


class Watch:
    """Shows the blocks below `folder` as long as it is open.

    with Watch(folder, progress): launcher.launch(...)
    """

    def __init__(self, folder: Path, progress: Progress) -> None:
        self._folder, self._progress = folder, progress
        self._known: dict[str, tuple[int, Tally]] = {}
        self._over = Event()
        self._thread = Thread(target=self._run, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self.look()

    def _run(self) -> None:
        while not self._over.wait(TOLD_EVERY_SECONDS):
            self.look()

    def look(self) -> None:
        """Read what has changed and show the sum."""
        for block in _entries(self._folder):
            try:
                changed = os.stat(Path(block.path) / TALLY).st_mtime_ns
            except OSError:
                continue
            if self._known.get(block.name, (0, None))[0] != changed:
                self._known[block.name] = changed, read_tally(Path(block.path))[1]
        if self._known:
            self._progress.show(total(tally for _, tally in self._known.values()))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(folder))
    except OSError:
        return []
