"""A composed configuration, checked as far as that is possible without building anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig, OmegaConf

from sim.build import GROUPS
from sim.checks import InputError
from sim.experiments.hydra_node import refuse_hydra_changes
from sim.experiments.settings import settings
from sim.experiments.wrong_key import one_sentence, refuse_unknown_keys
from sim.loader import freed_of_hydra
from sim.targets import allowed_packages, refuse_foreign_targets, resolved

if TYPE_CHECKING:
    from sim.experiments.composer import Composer
    from sim.experiments.plan import Job, Study


def checked_composition(
    composer: Composer, overrides: Sequence[str], typed: Sequence[str]
) -> tuple[DictConfig, dict[str, Any]]:
    """Compose and check everything that can be checked without building: Hydra, keys, settings, targets.

    The configuration that a job sees, and which option of each group was chosen.
    """
    cfg = composer.compose(overrides)
    refuse_hydra_changes(composer, cfg, overrides, multirun=False)
    choices: dict[str, Any] = OmegaConf.to_container(cfg.hydra.runtime.choices)  # type: ignore[assignment]
    body = freed_of_hydra(cfg)
    _refuse_lost_groups(choices)
    refuse_unknown_keys(composer, body)
    tree = resolved(body)
    checked = settings(tree)
    if checked.allow_code and checked.allow_code != allowed_on_command_line(composer, typed):
        raise InputError("allow_code must be given on the command line: a file cannot allow its own code")
    refuse_foreign_targets(body, checked.allow_code, tree)
    return body, choices


def _refuse_lost_groups(choices: dict[str, Any]) -> None:
    """A scenario is one option of each of these groups."""
    for group in GROUPS:
        if not isinstance(choices.get(group), str):
            raise InputError(f"{group} must name one option of its group, got {choices.get(group) or 'none'}")


def allowed_on_command_line(composer: Composer, typed: Sequence[str]) -> tuple[str, ...]:
    """The last `allow_code` typed, if any."""
    given = [o.value() for o in composer.parse(typed) if o.key_or_group == "allow_code"]
    return allowed_packages(given[-1]) if given else ()


def without_hydra(cfg: DictConfig) -> DictConfig:
    """The configuration that a job sees, in a copy."""
    return freed_of_hydra(cfg.copy())


def compositions(composer: Composer, study: Study) -> Iterator[tuple[Job, DictConfig]]:
    """Each job with its checked configuration."""
    for job in study.jobs:
        with one_sentence(composer):
            yield job, checked_composition(composer, job.overrides, study.overrides)[0]
