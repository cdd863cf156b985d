"""What the file of an option says about it: the comment at its head."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

from sim.paths import config_folder


def about_option(group: str, name: str, config_dir: str | None = None) -> str:
    """First comment of the option's file, directives left out; empty where there is none."""
    for folder in filter(None, (config_folder(), config_dir)):
        path = Path(folder) / group / f"{name}.yaml"
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            said = [line.lstrip("# ") for line in takewhile(lambda line: line.startswith("#"), lines)]
            return " ".join(line for line in said if not line.startswith("@"))
    return ""
