"""The files of the configuration tree: each is read once, and those that hold plain data are merged as such.

Hydra reads every file anew for each choice of groups, and merges them node by node.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from typing import Any

from hydra._internal.config_repository import ConfigRepository, IConfigRepository
from hydra.core.default_element import ResultDefault
from hydra.core.object_type import ObjectType
from hydra.plugins.config_source import ConfigResult
from omegaconf import DictConfig, OmegaConf

from sim.paths import config_folder
from sim.yaml_file import refuse_unreadable

OF_HYDRA = "hydra"
"""The one node that is no plain data: Hydra checks its types."""
_READ: dict[tuple[str, int, int], bytes] = {}
"""Pickled results by path, time and size."""


class NotPlain(Exception):
    """Files that only Hydra itself can merge, or complain about."""


class Repository(ConfigRepository):
    """Hydra's repository with a memory for files."""

    def load_config(self, config_path: str) -> ConfigResult | None:
        """What the file says, in a copy of its own; None where there is none."""
        source = self._find_object_source(config_path=config_path, object_type=ObjectType.CONFIG)
        if source is None or source.scheme() != "file":
            return super().load_config(config_path)
        path = os.path.join(source.path, source._normalize_file_name(config_path))
        state = os.stat(path)
        key = (path, state.st_mtime_ns, state.st_size)
        if key not in _READ:
            if not path.startswith(config_folder()):
                refuse_unreadable(path)
            _READ[key] = pickle.dumps(super().load_config(config_path))
        result: ConfigResult = pickle.loads(_READ[key])
        return result


def split(defaults: Sequence[ResultDefault], repo: IConfigRepository) -> tuple[dict[str, Any], list[ResultDefault]]:
    """What the plain files say together, and the defaults left for Hydra: its own, and what files say about it.

    Raises NotPlain where merging would need more than laying one mapping over another.
    """
    whole: dict[str, Any] = {}
    left, about_hydra = [], []
    for default in defaults:
        tree = _tree(default, repo)
        if tree is None or OF_HYDRA in tree:
            left.append(default)
        if tree is not None:
            if tree.pop(OF_HYDRA, None) is not None:
                about_hydra.append(default)
            _lay(tree, over=whole)
    for default in about_hydra:
        _leave_hydra(default, repo)
    return whole, left


def _tree(default: ResultDefault, repo: IConfigRepository) -> dict[str, Any] | None:
    """A plain file's data at the place where it belongs; None for what is not one, or belongs to Hydra."""
    assert default.config_path is not None
    found = repo.load_config(default.config_path)
    if found is None or default.config_path.startswith(f"{OF_HYDRA}/") or not isinstance(found.config, DictConfig):
        return None
    if found.provider == "schema" or not (found.path or "").startswith("file://"):
        raise NotPlain
    data: Any = OmegaConf.to_container(found.config, resolve=False)
    package = default.package if default.package is not None else found.header["package"]
    for name in reversed(package.split(".") if package else ()):
        data = {name: data}
    tree: dict[str, Any] = data
    return tree


def _lay(tree: dict[str, Any], over: dict[str, Any]) -> None:
    for key, new in tree.items():
        old = over.get(key)
        if new == "???" or (isinstance(new, list) and isinstance(old, dict)):
            raise NotPlain
        if isinstance(new, dict) and old is not None:
            if not isinstance(old, dict):
                raise NotPlain
            _lay(new, old)
        else:
            over[key] = new


def _leave_hydra(default: ResultDefault, repo: IConfigRepository) -> None:
    assert default.config_path is not None
    found = repo.load_config(default.config_path)
    assert found is not None and isinstance(found.config, DictConfig)
    found.config = OmegaConf.masked_copy(found.config, [OF_HYDRA])
