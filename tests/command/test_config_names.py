"""Names in the configuration tree that Hydra would read as values."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sim.paths import config_folder

FILES = sorted(Path(config_folder()).rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_no_option_is_a_value(file: Path) -> None:
    assert isinstance(yaml.safe_load(file.stem), str)
    assert file.stem.isidentifier() and file.stem.lower() not in ("none", "inf", "nan", "on", "off")
