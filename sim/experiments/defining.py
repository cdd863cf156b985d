"""Every definition of every metric out of the tables that a command left behind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.checks import InputError
from sim.experiments.manifest import NAME, read_manifest
from sim.metrics.definitions import definitions
from sim.paths import config_folder
from sim.tables import read_tables, single_runs

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.long import Family

_FAMILY = Path("metrics") / "definitions.yaml"


class Place(NamedTuple):
    """Where the tables of one arm in one context lie."""

    context: str
    arm: str
    folder: Path


def places_of(folder: Path) -> list[Place]:
    """Arms of a result folder in their order; an InputError says why it is none."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise InputError(f"{folder} must be a result folder, got one without {NAME}")
    try:
        return [Place(str(row["context"]), str(row["arm"]), folder / str(row["folder"])) for row in manifest["arms"]]
    except (KeyError, TypeError):
        raise InputError(f"{folder} must be the folder of a whole command, got the folder of one arm") from None


def defined(places: list[Place]) -> pd.DataFrame:
    """Columns context, arm, replication and those of the long table, `view` the definition."""
    import pandas as pd

    return pd.concat([frame for place in places for frame in _of_place(place)], ignore_index=True)


def _of_place(place: Place) -> Iterator[pd.DataFrame]:
    family = family_for(place.folder)
    for number, run in single_runs(read_tables(place.folder)):
        frame = family(run)
        for position, (name, value) in enumerate((("context", place.context), ("arm", place.arm))):
            frame.insert(position, name, value)
        frame.insert(2, "replication", number)
        yield frame


def family_for(folder: Path) -> Family:
    """The family with the numbers of the arm's own config.yaml, or the shipped ones where it has none."""
    own = config_of(folder)
    chosen = own.get("metrics")
    node = chosen.get("definitions") if isinstance(chosen, dict) else None
    keys = node if isinstance(node, dict) else _shipped(own)
    return partial(definitions, **{name: value for name, value in keys.items() if not name.startswith("_")})


def _shipped(own: dict[str, Any]) -> dict[str, Any]:
    """configs/metrics/definitions.yaml with what it takes from the arm's market and survey."""
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    tree = OmegaConf.create({name: own[name] for name in ("market", "survey") if name in own})
    whole = OmegaConf.merge(tree, OmegaConf.load(Path(config_folder()) / _FAMILY))
    try:
        found: Any = OmegaConf.to_container(whole, resolve=True)
    except OmegaConfBaseException as error:
        raise InputError(f"config.yaml of an arm lacks what definitions need: {str(error).splitlines()[0]}") from error
    return dict(found["definitions"])


def config_of(folder: Path) -> dict[str, Any]:
    """The resolved configuration an arm was run with."""
    import yaml

    from sim.yaml_text import loaded

    path = folder / "config.yaml"
    try:
        found = loaded(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path} is missing") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path} must be readable YAML, got a {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise InputError(f"{path} must hold keys and values, got {type(found).__name__}")
    return found
