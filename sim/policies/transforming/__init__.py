"""A bundle of two bundles: the organisation moves from the one to the other."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sim.checks import Checked, part, text
from sim.policies.bundle import Policy
from sim.policies.transforming.rollout import Rollout
from sim.policies.transforming.turning import Turning


@dataclass(frozen=True)
class Transforming(Checked):
    """Every decision point turns from what `legacy` does to what `target` does."""

    name: str = text("name of the bundle")
    legacy: Policy = part("how the organisation is run before")
    target: Policy = part("how it is to be run")
    rollout: Rollout = part("how the change is led, and in which order")


def in_force(policy: Policy | Transforming) -> Policy:
    """The bundle that is run: the policy itself, or on the way from one to another a mixture at every point."""
    if isinstance(policy, Policy):
        return policy
    points = [f.name for f in fields(Policy) if f.name != "name"]
    pairs = {point: (getattr(policy.legacy, point), getattr(policy.target, point)) for point in points}
    strategies: dict[str, Any] = {point: Turning(legacy, target) for point, (legacy, target) in pairs.items()}
    return Policy(name=policy.name, **strategies)
