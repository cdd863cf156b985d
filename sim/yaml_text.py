"""YAML read as data, by libyaml where PyYAML was built with it (some ten times faster)."""

from __future__ import annotations

from typing import Any

import yaml

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def loaded(text: str) -> Any:
    """Plain data; raises yaml.YAMLError."""
    return yaml.load(text, Loader=_SAFE)


def composed(text: str) -> yaml.Node | None:
    """The tree of nodes, which know their lines; None for nothing. Raises yaml.YAMLError."""
    node: yaml.Node | None = yaml.compose(text, Loader=_SAFE)
    return node
