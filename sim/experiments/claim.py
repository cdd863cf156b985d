"""A claim: which arm has more of which metric than which other arm, where it shall be true and where false.

Declared in an experiment's YAML under `claims:`, name -> metric, arm, baseline, sign, true_in, false_in and, where
the metric's own are not meant, view and segment. A thesis that no shipped context makes false would be an
assumption.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from sim.checks import Checked, InputError, choice, text
from sim.nearest import did_you_mean

SIGNS: Final = ("higher", "lower", "same")
OPTIONAL: Final = {"view": None, "segment": "all", "true_in": (), "false_in": ()}


def _free(about: str) -> Any:
    """A field without a rule of sim.checks: the claim's own parser checks it."""
    return field(metadata={"about": about})


@dataclass(frozen=True)
class Claim(Checked):
    """One thesis with its declared estimand and sign."""

    name: str = text("what the thesis is called")
    metric: str = text("the metric it is about")
    arm: str = text("the arm it is about")
    baseline: str = text("the arm it is compared with")
    sign: str = choice(SIGNS, "whether the arm has more, less or practically the same")
    view: str | None = _free("view of the metric; null is the metric's own")
    segment: str = text("segment of the metric")
    true_in: tuple[str, ...] = _free("contexts in which it shall be true")
    false_in: tuple[str, ...] = _free("contexts in which it shall be false")

    def expected(self, context: str) -> str:
        """`true`, `false` or `-` (nothing declared, as of a declared context in which something else is swept)."""
        return "true" if context in self.true_in else "false" if context in self.false_in else "-"


def declared_claims(node: object, arms: Collection[str], contexts: Collection[str]) -> tuple[Claim, ...]:
    """The checked `claims:` of a configuration whose arms and contexts are these."""
    if not isinstance(node, Mapping):
        raise InputError(f"claims must map a name to what it says, got {node!r}")
    return tuple(_claim(str(name), said, arms, contexts) for name, said in node.items())


def _claim(name: str, said: object, arms: Collection[str], contexts: Collection[str]) -> Claim:
    known = [f.name for f in fields(Claim) if f.name != "name"]
    if not isinstance(said, Mapping):
        raise InputError(f"claims.{name} must have {', '.join(known)}, got {said!r}")
    for key in map(str, said):
        if key not in known:
            raise InputError(f"claims.{name} has no key {key}{did_you_mean(key, known)}")
    values: dict[str, Any] = {**OPTIONAL, **said}
    if missing := [key for key in known if key not in values]:
        raise InputError(f"claims.{name} must have {missing[0]}")
    for key in ("true_in", "false_in"):
        values[key] = _places(f"claims.{name}.{key}", values[key], contexts)
    try:
        claim = Claim(name=name, **values)
    except InputError as error:
        raise InputError(f"claims.{name}.{error}") from error
    _refuse_wrong_arms(claim, arms)
    return claim


def _places(place: str, names: object, contexts: Collection[str]) -> tuple[str, ...]:
    """Names of declared contexts."""
    if not isinstance(names, (list, tuple)):
        raise InputError(f"{place} must be a list of contexts, got {names!r}")
    for name in names:
        if name not in contexts:
            raise InputError(f"{place} must name contexts of {', '.join(contexts)}, got {name}")
    return tuple(names)


def _refuse_wrong_arms(claim: Claim, arms: Collection[str]) -> None:
    for key, arm in (("arm", claim.arm), ("baseline", claim.baseline)):
        if arm not in arms:
            raise InputError(f"claims.{claim.name}.{key} must be one of the arms {', '.join(arms)}, got {arm}")
    if claim.arm == claim.baseline:
        raise InputError(f"claims.{claim.name}.baseline must differ from its arm, got {claim.baseline}")
    if both := set(claim.true_in) & set(claim.false_in):
        raise InputError(f"claims.{claim.name} cannot be expected true and false in {min(both)}")
