"""Hydra's loader with a memory: files are read and merged once per choice of groups.

Composing many small files is slow in Hydra. A sweep composes the same groups again and again with other
values, so what the groups give is remembered, and the values are set on a copy by Hydra's own code.
"""

from __future__ import annotations

import copy
import gc
import os
import pickle
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from hydra import version
from hydra._internal import defaults_list
from hydra._internal.config_loader_impl import ConfigLoaderImpl, get_overrides_dirname
from hydra._internal.config_repository import IConfigRepository
from hydra._internal.hydra import Hydra
from hydra._internal.utils import create_config_search_path
from hydra.core.config_search_path import ConfigSearchPath, SearchPathQuery
from hydra.core.default_element import ResultDefault
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, QuotedString
from hydra.types import RunMode
from omegaconf import DictConfig, flag_override, open_dict

from sim.checks import InputError
from sim.config_files import NotPlain, Repository, split
from sim.paths import config_folder

JOB_NAME = "outcomelab"
"""Hydra remembers one job name per process."""
KEPT_AT_MOST = 256
"""Choices of groups remembered; one takes about 100 KB."""
_BASES: dict[Hashable, Callable[[], DictConfig]] = {}


class Loader(ConfigLoaderImpl):
    """Composes what Hydra's own loader composes: the same values, errors and `hydra` node."""

    def __init__(self, config_search_path: ConfigSearchPath) -> None:
        super().__init__(config_search_path)
        self.repository = Repository(config_search_path)

    def load_configuration(
        self,
        config_name: str | None,
        overrides: Sequence[str],
        run_mode: RunMode,
        from_shell: bool = True,
        validate_sweep_overrides: bool = True,
    ) -> DictConfig:
        """The composed configuration, unresolved."""
        parsed = OverridesParser.create().parse_overrides(list(overrides))
        if validate_sweep_overrides:
            self.validate_sweep_overrides_legal(overrides=parsed, run_mode=run_mode, from_shell=from_shell)
        values = [override for override in parsed if self._sets_a_value(override)]
        chosen = [override for override in parsed if override not in values]
        _refuse_nameless(chosen)
        cfg = self._base(config_name, tuple(str(override.input_line) for override in chosen), run_mode)
        self._apply_overrides_to_config(values, cfg)
        _note(cfg, chosen, parsed)
        return cfg

    def _sets_a_value(self, override: Override) -> bool:
        """Whether it changes nothing but a value of the finished tree; a sweep's alternatives change nothing yet."""
        if override.is_sweep_override() or override.key_or_group == "hydra.searchpath":
            return False
        return isinstance(override.value(), dict) or not self.repository.group_exists(override.key_or_group)

    def _base(self, config_name: str | None, chosen: tuple[str, ...], run_mode: RunMode) -> DictConfig:
        """What the files and the chosen groups give, in a copy of its own."""
        key = (config_name, chosen, run_mode, self._files())
        if key not in _BASES:
            with _tables_of_choices_where_asked(), _uncollected():
                made = super().load_configuration(config_name, list(chosen), run_mode, validate_sweep_overrides=False)
            if len(_BASES) >= KEPT_AT_MOST:
                del _BASES[next(iter(_BASES))]
            _BASES[key] = _copies(made)
        with _uncollected():
            return _BASES[key]()

    def _compose_config_from_defaults_list(self, defaults: list[ResultDefault], repo: IConfigRepository) -> DictConfig:
        """Hydra merges what is its own; the plain files are laid over each other before, and merged at once."""
        try:
            plain, left = split(defaults, repo)
        except NotPlain:
            return super()._compose_config_from_defaults_list(defaults, repo)
        cfg = super()._compose_config_from_defaults_list(left, repo)
        with flag_override(cfg, "no_deepcopy_set_nodes", True):
            cfg.merge_with(plain)
        return cfg

    def _files(self) -> tuple[tuple[str, int, int], ...]:
        """What tells that a file was added, taken away or written since."""
        folders = [source.path for source in self.repository.get_sources() if source.scheme() == "file"]
        return tuple(state for folder in folders for state in sorted(_states(folder)))


def _refuse_nameless(chosen: Sequence[Override]) -> None:
    """A group's value is the name of an option, or a list of names; Hydra itself would fall over a number or null."""
    for override in chosen:
        if override.is_delete() or override.is_sweep_override():
            continue
        value = override.value()
        if not (isinstance(value, list) or (isinstance(value, (str, QuotedString)) and value)):
            raise InputError(f"{override.key_or_group} must name an option of its group, got {override.input_line}")


@contextmanager
def _tables_of_choices_where_asked() -> Iterator[None]:
    """For every file Hydra makes a table of all choices so far, in case its defaults interpolate one, which is much of
    the time of a composition of many small files. Here only for files that do."""
    make = defaults_list._create_interpolation_map

    def made(overrides: Any, entries: Sequence[Any], self_added: bool) -> DictConfig | None:
        return make(overrides, list(entries), self_added) if any(e.is_interpolation() for e in entries) else None

    defaults_list._create_interpolation_map = made  # type: ignore[assignment]
    try:
        yield
    finally:
        defaults_list._create_interpolation_map = make


@contextmanager
def _uncollected() -> Iterator[None]:
    """A tree of many small objects, none of them garbage, makes the collector search through everything again and
    again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _copies(made: DictConfig) -> Callable[[], DictConfig]:
    """What gives a copy each time: by pickle, which is twice as fast, where the classes in it can be found again
    (in a worker Hydra's plug-ins are loaded a second time, under the same names)."""
    try:
        return partial(pickle.loads, pickle.dumps(made))
    except pickle.PicklingError:
        return partial(copy.deepcopy, made)


def _states(folder: str) -> Iterator[tuple[str, int, int]]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _states(entry.path)
        elif entry.name.endswith(".yaml"):
            state = entry.stat()
            yield entry.path, state.st_mtime_ns, state.st_size


def _note(cfg: DictConfig, before: Sequence[Override], now: Sequence[Override]) -> None:
    """What Hydra notes of the overrides in its own node, `now` in place of `before`; what a file wrote there stays."""
    cfg.hydra.runtime.cwd = os.getcwd()
    noted = cfg.hydra.overrides
    for name, of_hydra in (("hydra", True), ("task", False)):
        old = [override.input_line for override in before if override.is_hydra_override() is of_hydra]
        new = [override.input_line for override in now if override.is_hydra_override() is of_hydra]
        noted[name] = [*noted[name][: len(noted[name]) - len(old)], *new]
    style = cfg.hydra.job.config.override_dirname
    cfg.hydra.job.override_dirname = get_overrides_dirname(
        overrides=[override for override in now if not override.is_hydra_override()],
        kv_sep=style.kv_sep,
        item_sep=style.item_sep,
        exclude_keys=style.exclude_keys,
    )


def freed_of_hydra(cfg: DictConfig) -> DictConfig:
    """The configuration itself, once Hydra's own node has been read, in place: a copy takes long."""
    with open_dict(cfg):
        cfg.pop("hydra")
    return cfg


@contextmanager
def loader(config_dir: str | Path | None = None) -> Iterator[Loader]:
    """A loader over the shipped tree and, if given, a user's folder; Hydra's state is put back afterwards, so that
    this also works in the middle of a Hydra job."""
    version.setbase("1.3")
    path = create_config_search_path(config_folder())
    if config_dir is not None:
        path.prepend("command-line", f"file://{config_dir}", SearchPathQuery(provider="schema"))
    state = GlobalHydra.instance()
    outer, state.hydra = state.hydra, None
    made = Loader(config_search_path=path)
    try:
        state.initialize(Hydra(task_name=JOB_NAME, config_loader=made))
        yield made
    finally:
        state.hydra = outer
