"""A configuration is data, not code: which `_target_` may be built, decided before anything is built.

Somebody else's YAML may name any importable callable (`os.system`, `pathlib.Path.touch`) or reach one
through a module of ours (`sim.report.os.system`). So a target is a class or function *defined* in one of
the component packages below; another package only after the user's own `allow_code=PACKAGE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.checks import InputError, no_part

COMPONENTS = ("context", "processes", "policies", "pricing", "surveys", "metrics", "statements")
"""Packages of `sim` whose classes and functions a configuration may name; none has side effects."""

_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
_EMPTIED = re.compile(r"node `([\w.]+)` is not a container")
_CONTAINERS = (DictConfig, ListConfig)
_SPECIAL = frozenset(("_target_", "_partial_"))
"""Hydra's instantiation keys that are allowed; `_args_`, `_convert_`, `_recursive_` have no use here."""


def refuse_foreign_targets(cfg: DictConfig, allow_code: str | Sequence[str] = (), tree: Any = None) -> None:
    """Raise InputError for the first `_target_` in `cfg` that is not a component.

    Looks at the configuration as written and as resolved, since an interpolation can make a node; `tree` is the
    latter, where it is at hand.
    """
    plain, packages = resolved(cfg) if tree is None else tree, allowed_packages(allow_code)
    _walk(_plain(cfg, fill=False), packages)
    _walk(plain, packages)
    _refuse_hidden(plain)


def allowed_packages(allow_code: object) -> tuple[str, ...]:
    """`allow_code` as names of packages; one name needs no list."""
    names = [allow_code] if isinstance(allow_code, str) else allow_code
    if not isinstance(names, Iterable) or not all(isinstance(n, str) and n.isidentifier() for n in names):
        raise InputError(f"allow_code must be names of packages such as [my_package], got {allow_code!r}")
    return tuple(names)


def resolved(cfg: DictConfig) -> Any:
    """Plain containers with every interpolation replaced, or an InputError naming the one that fails."""
    try:
        return _plain(cfg, fill=True)
    except OmegaConfBaseException as error:
        raise _unresolved(cfg, str(error)) from error


def _unresolved(cfg: DictConfig, said: str) -> InputError:
    """What to raise where an interpolation cannot be replaced: it may look into a component that was set to null."""
    place = _EMPTIED.search(said)
    if place is None:
        return InputError(f"the configuration does not resolve: {said.splitlines()[0]}")
    return no_part(place.group(1), OmegaConf.select(cfg, place.group(1)))


def _plain(node: Any, fill: bool) -> Any:
    """What OmegaConf.to_container gives, in a tenth of its time: it is asked only for what is no plain value."""
    content = node._content
    if isinstance(content, dict):
        return {key: _entry(node, key, value, fill) for key, value in content.items()}
    return [_entry(node, place, value, fill) for place, value in enumerate(content)]


def _entry(parent: Any, key: Any, node: Any, fill: bool) -> Any:
    inner = type(node) in _CONTAINERS
    if inner and isinstance(node._content, dict | list):
        return _plain(node, fill)
    value = node._content if inner else node._val
    if not fill or not isinstance(value, str) or ("${" not in value and value != "???"):
        return value
    found = parent[key]
    return OmegaConf.to_container(found, resolve=True, throw_on_missing=True) if OmegaConf.is_config(found) else found


def _walk(tree: Any, allow_code: tuple[str, ...]) -> None:
    for place, key, value in _leaves(tree, ""):
        if key == "_target_":
            check_target(place, value, allow_code)
        elif key.startswith("_") and key.endswith("_") and key not in _SPECIAL:
            raise InputError(f"{place} is not allowed: only _target_ and _partial_ steer how a component is built")


def _refuse_hidden(tree: Any) -> None:
    """A resolved text that still holds an interpolation would be resolved once more, after this check."""
    for place, _, value in _leaves(tree, ""):
        if isinstance(value, str) and "${" in value:
            raise InputError(f"{place} must not hold an escaped interpolation, got {value!r}")


def _leaves(node: Any, place: str) -> Iterator[tuple[str, str, Any]]:
    """(place, key, value) of every entry below `node`, depth first; a list's entries have no key."""
    if isinstance(node, dict):
        for key, value in node.items():
            inner = f"{place}.{key}" if place else str(key)
            yield inner, str(key), value
            yield from _leaves(value, inner)
    elif isinstance(node, list):
        for position, value in enumerate(node):
            inner = f"{place}[{position}]"
            yield inner, "", value
            yield from _leaves(value, inner)


def check_target(place: str, target: object, allow_code: Sequence[str] = ()) -> None:
    """Refuse a `_target_` that is neither a component nor in a package the user allowed."""
    if not isinstance(target, str) or not _NAME.fullmatch(target):
        raise InputError(f"{place} must name a component such as sim.policies.<...>, got {target!r}")
    top = target.split(".")[0]
    if top != "sim":
        if top not in allow_code:
            raise InputError(
                f"{place}={target} is code outside sim: nothing was run; if you trust it, add allow_code=[{top}]"
            )
    elif not _is_component(target):
        raise InputError(f"{place}={target} is not a component of sim.{', sim.'.join(COMPONENTS)}")


def _is_component(target: str) -> bool:
    module_name, _, name = target.rpartition(".")
    if module_name.split(".")[1:2] == [] or module_name.split(".")[1] not in COMPONENTS:
        return False
    try:
        made = getattr(import_module(module_name), name, None)
    except ImportError:
        return False
    return callable(made) and getattr(made, "__module__", None) == module_name and not name.startswith("_")
