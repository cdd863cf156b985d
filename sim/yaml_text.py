"""YAML read as data, and written, by libyaml where PyYAML was built with it (some ten times faster)."""

from __future__ import annotations

from typing import Any

import yaml

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SAFE_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def loaded(text: str) -> Any:
    """Plain data; raises yaml.YAMLError."""
    return yaml.load(text, Loader=_SAFE)


def composed(text: str) -> yaml.Node | None:
    """The tree of nodes, which know their lines; None for nothing. Raises yaml.YAMLError."""
    node: yaml.Node | None = yaml.compose(text, Loader=_SAFE)
    return node


def dumped(tree: Any) -> str:
    """Plain data as text, keys in their order."""
    text: str = yaml.dump(tree, Dumper=_SAFE_DUMPER, sort_keys=False, allow_unicode=True, width=100)
    return text
