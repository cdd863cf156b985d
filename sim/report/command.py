"""`outcomelab report [DIR] [--csv]`: write the page of a result folder again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.checks import InputError

LATEST = Path("results") / "latest"
FLAGS = ("--csv",)


def main(argv: Sequence[str]) -> int:
    """Write the report of DIR (default: the latest result) and print its path; 0, or an InputError."""
    folder, csv = _read(argv)
    from sim.report.page import build_report

    path = build_report(folder)
    if csv:
        from sim.report.csv_files import write_csv

        print(write_csv(folder))
    print(path)
    return 0


def _read(argv: Sequence[str]) -> tuple[Path, bool]:
    flags = [word for word in argv if word.startswith("-")]
    folders = [word for word in argv if not word.startswith("-")]
    unknown = [flag for flag in flags if flag not in FLAGS]
    if unknown:
        raise InputError(f"report has no flag {unknown[0]!r} (there is --csv)")
    if len(folders) > 1:
        raise InputError(f"report takes one folder, got {', '.join(folders)}")
    folder = Path(folders[0]) if folders else LATEST
    if not folder.is_dir():
        hint = "" if folders else " (run something first: outcomelab run)"
        raise InputError(f"{folder} must be a result folder, got none there{hint}")
    return folder, bool(flags)
