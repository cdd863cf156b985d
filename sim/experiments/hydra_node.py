"""Nobody but the program changes the `hydra:` node.

Hydra instantiates callbacks, logging factories, the launcher and the sweeper from it before a job
starts, so a check inside the job would come too late. Launcher and sweeper may be chosen by name, and
their plain settings given on the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig, OmegaConf

from sim.checks import InputError

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

    from sim.experiments.composer import Composer

NAMED = ("hydra/launcher", "hydra/sweeper")
TRUSTED = ("hydra._internal.core_plugins.", "hydra_plugins.", "sim.experiments.ray_launcher.")


def refuse_hydra_overrides(overrides: Iterable[Override]) -> None:
    """Refuse an override on Hydra's own settings unless it names or plainly sets a launcher or sweeper."""
    for override in overrides:
        key = override.key_or_group
        if key.replace("/", ".").split(".")[0] == "hydra" and not _harmless(override):
            raise InputError(f"{key} is Hydra's own setting and cannot be changed here (hydra/launcher=NAME can)")


def _harmless(override: Override) -> bool:
    from hydra.core.override_parser.types import OverrideType

    key, value = override.key_or_group, override.value()
    if override.type is not OverrideType.CHANGE or override.is_sweep_override():
        return False
    if key in NAMED:
        return isinstance(value, str)
    plain = isinstance(value, (bool, int, float)) or (isinstance(value, str) and "${" not in value)
    return key.startswith(("hydra.launcher.", "hydra.sweeper.")) and "._" not in key and plain


def refuse_hydra_changes(composer: Composer, cfg: DictConfig, overrides: Sequence[str], multirun: bool) -> None:
    """Refuse a configuration (composed from `overrides`) whose `hydra:` node is not the shipped one.

    The node is compared with one composed from the shipped files alone, the same launcher and sweeper
    and the user's already checked `hydra.` overrides.
    """
    own = [override for override in overrides if override.startswith(("hydra.", "hydra/"))]
    choices = cfg.hydra.runtime.choices
    named = [f"{group}={choices[group]}" for group in NAMED if choices[group] != "basic"]
    named = [word for word in named if word not in own]
    shipped = composer.compose((*named, *own), multirun)
    here, there = _comparable(cfg), _comparable(shipped)
    for key in sorted({*here, *there}):
        if here.get(key) != there.get(key):
            raise InputError(
                f"the configuration changes hydra.{key}: Hydra's own settings cannot be changed, nothing was run"
            )
    if cfg.hydra.overrides.hydra != own or cfg.hydra.overrides.task != [o for o in overrides if o not in own]:
        raise InputError("the configuration changes hydra.overrides: nothing was run")
    for group in NAMED:
        name = group.split("/")[1]
        if not str(cfg.hydra[name].get("_target_")).startswith(TRUSTED):
            raise InputError(f"{group}={choices[group]} is no installed {name} of Hydra")


def _comparable(cfg: DictConfig) -> dict[str, Any]:
    """The `hydra` node without what Hydra itself fills in from the overrides."""
    node: dict[str, Any] = OmegaConf.to_container(cfg.hydra, resolve=False)  # type: ignore[assignment]
    node.pop("overrides")
    node.pop("runtime")
    node["job"].pop("override_dirname")
    return node
