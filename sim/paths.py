"""Where the configuration tree lies: inside an installed package, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def config_folder() -> str:
    """Absolute path of the configuration tree (`pkg://` fails in hatchling's editable installs)."""
    inside = _PACKAGE / "configs"
    return str(inside if inside.is_dir() else _PACKAGE.parent / "configs")


LATEST = "latest"
"""The newest result, where a folder is asked for."""


def result_folder(typed: str) -> Path:
    """The folder that was typed; `latest` is `results/latest`, unless there is a folder of that name here."""
    return Path("results") / LATEST if typed == LATEST and not Path(typed).is_dir() else Path(typed)
