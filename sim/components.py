"""Components out of a resolved configuration: made once per configuration, complaints in one sentence."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

from hydra.errors import InstantiationException
from hydra.utils import get_object as _located
from hydra.utils import instantiate

from sim.checks import InputError
from sim.nearest import did_you_mean

KEPT_AT_MOST = 512
_PARTS: dict[tuple[str, str], Any] = {}
_TOO_MANY = re.compile(r"unexpected keyword argument '(\w+)'")
_TOO_FEW = re.compile(r"missing \d+ required [\w -]*arguments?: (.+)")
_TARGET = re.compile(r"in call to (?:target )?'([\w.]+)'")


def part(cfg: Any, tree: Mapping[str, Any], name: str, known: bool, prefix: str = "") -> Any:
    """One component; components of `sim` never change, so scenarios share those that are configured alike."""
    if not known:
        return instantiated(cfg, name, prefix)

    def make() -> Any:
        try:
            return made(tree[name])
        except Exception:  # Hydra knows the place of what is wrong
            return instantiated(cfg, name, prefix)

    return remembered(_PARTS, (prefix + name, repr(tree[name])), make)


def made(node: Any) -> Any:
    """What Hydra's instantiate makes of plain data whose targets were checked, in a small part of its time."""
    if isinstance(node, list):
        return [made(value) for value in node]
    if not isinstance(node, dict):
        return node
    inner = {key: made(value) for key, value in node.items() if key not in ("_target_", "_partial_")}
    if "_target_" not in node:
        return inner
    module, _, name = node["_target_"].rpartition(".")
    target = getattr(import_module(module), name)
    return partial(target, **inner) if node.get("_partial_") else target(**inner)


def remembered(kept: dict[Any, Any], key: Any, make: Callable[[], Any]) -> Any:
    """What was made under this key before, else made now and kept in place of the oldest."""
    if key not in kept:
        if len(kept) >= KEPT_AT_MOST:
            del kept[next(iter(kept))]
        kept[key] = make()
    return kept[key]


def instantiated(cfg: Any, name: str, prefix: str = "") -> Any:
    """One component, made; Hydra's error becomes one sentence that names the key."""
    try:
        return instantiate(cfg[name], _convert_="all")
    except InstantiationException as error:
        raise InputError(_sentence(error, prefix + name)) from error


def _sentence(error: InstantiationException, name: str) -> str:
    """The root cause of an instantiation error behind the key it belongs to."""
    lines = str(error).splitlines()
    place = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("full_key:")), "")
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, InputError):
        return f"{place or name}.{cause}" if " " not in place else str(cause)
    return _misfit(error, str(cause), place or name) or f"{place or name}: {str(cause).splitlines()[0]}"


def _misfit(error: InstantiationException, cause: str, place: str) -> str | None:
    """A key too many or one too few, in the words of the configuration."""
    if few := _TOO_FEW.search(cause):
        return f"{place} must have {few.group(1)}"
    many, target = _TOO_MANY.search(cause), _TARGET.search(str(error))
    if many is None:
        return None
    known = list(inspect.signature(_located(target.group(1))).parameters) if target else []
    return f"{place} has no key {many.group(1)}{did_you_mean(many.group(1), known)}"
