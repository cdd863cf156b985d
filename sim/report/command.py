"""`outcomelab report [--csv] [--figure FILE] [--page FILE] [DIR]`: write the page of a result folder again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sim.checks import InputError
from sim.nearest import no_flag
from sim.paths import LATEST, result_folder

FILES: Final = ("--figure", "--page")


class Wanted(NamedTuple):
    """What the arguments ask for."""

    folder: Path
    csv: bool
    figure: Path | None
    page: Path | None


def main(argv: Sequence[str]) -> int:
    """Write the report of DIR (default: the latest result), print its path last; 0, or an InputError.

    `--csv` writes every table as CSV into DIR/csv; `--figure answer.svg` writes the figure of that name
    (answer, reversal, lead-time, retention ...; a wrong name lists them all; .svg or .png). `--page FILE` writes
    figure and tables into the marked block of a document.
    """
    wanted = read(argv)
    from sim.report.page import build_report

    path = build_report(wanted.folder)
    if wanted.csv:
        from sim.report.csv_files import write_csv

        print(write_csv(wanted.folder))
    if wanted.figure is not None:
        from sim.report.image import write_figure

        print(write_figure(wanted.folder, wanted.figure))
    if wanted.page is not None:
        from sim.report.produced import write_produced

        print(write_produced(wanted.folder, wanted.page))
    print(path)
    return 0


def read(argv: Sequence[str]) -> Wanted:
    """Split flags from the folder, or raise InputError."""
    folders, csv = [], False
    files: dict[str, Path] = {}
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        flag, equals, value = word.partition("=")
        if word == "--csv":
            csv = True
        elif flag in FILES and (value or (rest and not equals)):
            files[flag] = Path(value or rest.pop(0))
        elif word.startswith("-"):
            raise InputError(no_flag("report", word, FILES if flag in FILES else ("--csv", *FILES)))
        else:
            folders.append(word)
    if len(folders) > 1:
        raise InputError(f"report takes one folder, got {', '.join(folders)}")
    return Wanted(_folder(folders), csv, files.get("--figure"), files.get("--page"))


def _folder(folders: list[str]) -> Path:
    folder = result_folder(folders[0] if folders else LATEST)
    if not folder.is_dir():
        hint = "" if folders else " (run something first: outcomelab run)"
        raise InputError(f"{folder} must be a result folder, got none there{hint}")
    return folder
