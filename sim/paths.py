"""Where the configuration tree lies: inside an installed package, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def config_folder() -> str:
    """Absolute path of the configuration tree (`pkg://` fails in hatchling's editable installs)."""
    inside = _PACKAGE / "configs"
    return str(inside if inside.is_dir() else _PACKAGE.parent / "configs")
