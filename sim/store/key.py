"""What a replication was made from, as a key: equal keys and equal replication numbers give equal bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.command_keys import WITHOUT_EFFECT
from sim.store.code import code_version
from sim.targets import allowed_packages

if TYPE_CHECKING:
    from sim.scenario import Scenario

ASKED = ("metrics", "replications")
"""What is asked of a scenario, and changes none of its replications."""


def scenario_key(tree: Mapping[str, Any], scenario: Scenario) -> str:
    """Key of the fact tables: configuration without the metrics, the market as built, seed, code version.

    The built market counts because it holds what the configuration only points at: the frozen reference in
    use, the law fitted to a file.
    """
    kept = {key: value for key, value in tree.items() if key not in WITHOUT_EFFECT and key not in ASKED}
    return _hash(kept, _plain(scenario.market), version(tree))


def metrics_key(tree: Mapping[str, Any]) -> str:
    """Key of the metric families chosen, so that other metrics are measured without simulating again."""
    return _hash(tree.get("metrics"))[:8]


def version(tree: Mapping[str, Any]) -> str:
    """Code version, the packages that the user allowed included."""
    return code_version(allowed_packages(tree.get("allow_code") or ()))


def _plain(part: object) -> str:
    return re.sub(r" at 0x[0-9a-f]+", "", repr(part))


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
