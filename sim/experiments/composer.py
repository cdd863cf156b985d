"""Compose the configuration tree with Hydra without starting a Hydra application.

Nothing is instantiated here: no callback, no logging factory, no launcher.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from omegaconf import DictConfig

from sim.checks import InputError
from sim.paths import config_folder
from sim.yaml_file import refuse_unreadable

if TYPE_CHECKING:
    from hydra.core.config_loader import ConfigLoader
    from hydra.core.override_parser.types import Override

CONFIG_NAME = "config"
WHOLE = ("experiment", "size")
"""Groups whose files set keys anywhere in the tree."""


class Composer:
    """The shipped configuration tree plus, if given, a user's folder."""

    def __init__(self, loader: ConfigLoader) -> None:
        self.loader = loader

    def compose(self, overrides: Sequence[str], multirun: bool = False) -> DictConfig:
        """The composed, unresolved configuration including its `hydra` node."""
        from hydra.types import RunMode

        mode = RunMode.MULTIRUN if multirun else RunMode.RUN
        return self.loader.load_configuration(CONFIG_NAME, list(overrides), run_mode=mode)

    def parse(self, overrides: Sequence[str]) -> list[Override]:
        """Overrides as Hydra understands them."""
        from hydra.core.override_parser.overrides_parser import OverridesParser

        return OverridesParser.create(config_loader=self.loader).parse_overrides(list(overrides))

    def options(self, group: str) -> list[str]:
        """Names that can be chosen in `group`."""
        from hydra.core.object_type import ObjectType

        return list(self.loader.get_group_options(group, ObjectType.CONFIG))

    @cached_property
    def default(self) -> DictConfig:
        """The shipped configuration without any override."""
        return self.compose(())

    @cached_property
    def default_keys(self) -> list[str]:
        """Every key of the shipped default, dotted; Hydra's own left out."""
        return [key for key in _keys_below(self.default, "") if not key.startswith("hydra")]

    @cached_property
    def groups(self) -> list[str]:
        """Every configuration group, nested ones with slashes; Hydra's own left out."""
        found = list(self._groups_below(""))
        return sorted(group for group in found if group.split("/")[0] != "hydra")

    def _groups_below(self, parent: str) -> Iterator[str]:
        for name in self.loader.list_groups(parent):
            group = f"{parent}/{name}" if parent else name
            yield group
            yield from self._groups_below(group)


def quoted(text: str) -> str:
    """`text` as a quoted value of Hydra's override grammar."""
    from hydra.core.override_parser.types import Quote, QuotedString

    if "${" in text:
        raise InputError(f"{text!r} must not contain '${{'")
    return QuotedString(text, Quote.single).with_quotes()


def _keys_below(node: DictConfig, place: str) -> Iterator[str]:
    for key, value in node.items_ex(resolve=False):
        inner = f"{place}.{key!s}" if place else str(key)
        yield inner
        if isinstance(value, DictConfig) and not (value._is_none() or value._is_interpolation()):
            yield from _keys_below(value, inner)


@contextmanager
def composer(config_dir: str | None = None) -> Iterator[Composer]:
    """A Composer over the shipped tree and `config_dir`; Hydra's global state is put back afterwards."""
    from sim.loader import loader

    if config_dir is not None:
        _refuse_shadowed(Path(config_dir))
        _refuse_unplaced(Path(config_dir))
    with loader(config_dir) as made:
        yield Composer(made)


def _refuse_shadowed(folder: Path) -> None:
    """A user's file that has a shipped file's name would be ignored without a word; one in `hydra/` is code."""
    shipped = Path(config_folder())
    if (folder / "hydra").exists():
        raise InputError(f"a configuration folder cannot change Hydra itself: remove {folder / 'hydra'}")
    if folder == shipped:
        return
    for file in sorted(folder.rglob("*.yaml")):
        if (shipped / file.relative_to(folder)).exists():
            raise InputError(f"{file.relative_to(folder)} has the name of a shipped file: give it another name")


def _refuse_unplaced(folder: Path) -> None:
    """An experiment sets keys of the whole tree; without its header Hydra would put them below `experiment`."""
    for file in sorted(path for group in WHOLE for path in (folder / group).glob("*.yaml")):
        refuse_unreadable(str(file))
        if not re.match(r"\s*#\s*@package\s+_global_\b", file.read_text(encoding="utf-8")):
            raise InputError(f"{file.relative_to(folder)} must begin with the line '# @package _global_'")
