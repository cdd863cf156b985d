"""Keys and options that do not exist, answered in one sentence with the nearest that do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.checks import InputError
from sim.nearest import did_you_mean

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from sim.experiments.composer import Composer

_KEY = re.compile(r"Could not (?:override|delete from config\.) '([^']+)'")

_PLACES = re.compile(r"Did you mean to override (?:one of )?([^?]+)\?")


@contextmanager
def one_sentence(composer: Composer) -> Iterator[None]:
    """Turn Hydra's and OmegaConf's errors about the user's configuration into an InputError."""
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    try:
        yield
    except (HydraException, OmegaConfBaseException) as error:
        raise InputError(_sentence(composer, error)) from error
    except RecursionError as error:
        raise InputError("a configuration file includes itself: look at its defaults") from error
    except YAMLError as error:
        raise InputError(f"a configuration file is no readable YAML: {' '.join(str(error).split())}") from error


def refuse_unknown_keys(composer: Composer, cfg: DictConfig) -> None:
    """Refuse a top-level key that the program does not read (a typo in a file passes Hydra)."""
    known = [str(key) for key in composer.default if key != "hydra"]
    for key in map(str, cfg):
        if key not in known:
            raise InputError(f"there is no key {key}{did_you_mean(key, known, '; ' + _SEE)}")


_SEE = "outcomelab keys lists them all"


def _sentence(composer: Composer, error: Exception) -> str:
    from hydra.errors import MissingConfigException, OverrideParseException

    if isinstance(error, OverrideParseException):
        return unreadable(error.override)
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        return _no_option(composer, error.missing_cfg_file, list(error.options or ()))
    text = str(error) or str(error.__cause__ or type(error).__name__)
    found, names = _KEY.search(text), [*composer.default_keys, *composer.groups]
    if found and found.group(1) not in names:
        key = found.group(1)
        hints = [name for name in names if not name.endswith("_")]
        return _of_options(key) or f"there is no key {key}{did_you_mean(key, hints, '; ' + _SEE)}"
    if found and found.group(1) in composer.groups:
        return _elsewhere(found.group(1), text)
    told, cause = first_line(text), first_line(str(error.__cause__)) if error.__cause__ else ""
    return told if cause in told else f"{told}: {cause}"


def _of_options(key: str) -> str:
    """What to type for a key that only options have which are not chosen; nothing where no option has it."""
    from sim.experiments.arms import LEVERS
    from sim.experiments.key_list import all_keys

    options = [one.option for one in all_keys() if one.name == key]
    if not options:
        return ""
    kind = "arms" if key.split(".")[0] in LEVERS else "contexts"
    return (
        f"there is no key {key} as chosen here, but with {' or '.join(options[:3])}: choose that too, or put both "
        f'into the list of an experiment, as in {kind}.NAME=\'["{options[0]}","{key}=VALUE"]\''
    )


def _elsewhere(group: str, text: str) -> str:
    """What to type for a group that is not chosen by its name alone: Hydra says where it is, files what brings it."""
    from sim.experiments.key_list import owners

    placed = _PLACES.search(text)
    if placed:
        return f"{group} is chosen as {' or '.join(f'{form}=OPTION' for form in placed.group(1).split(', '))}"
    brought = dict.fromkeys(owner for _, owner in owners().get(group, []))
    return f"{group} is no part of what is chosen here" + (f": it comes with {' or '.join(brought)}" if brought else "")


def unreadable(override: str) -> str:
    """What to do about an override outside Hydra's grammar."""
    key, _, value = override.partition("=")
    if missing := _missing(value):
        return f"cannot read {override!r}: a value is missing {missing}"
    if re.fullmatch(r"\[[^\[\]{}'\"]*\]", value):
        entries = ",".join(f'"{entry.strip()}"' for entry in value[1:-1].split(","))
        return f"cannot read {override!r}: put every entry of the list in quotes of its own, as in {key}='[{entries}]'"
    return (
        f"cannot read {override!r}: write KEY=VALUE, and put a value with spaces, brackets, commas or '=' "
        f"in two pairs of quotes, as in {key}=\"'{value}'\""
    )


def _missing(value: str) -> str:
    """Where a plain list, or the values of a sweep, lack one; nothing where all are there."""
    entries = [entry.strip() for entry in value.removeprefix("[").removesuffix("]").split(",")]
    if len(entries) < 2 or all(entries) or re.search(r"[\[\]{}'\"]", value[1:-1]):
        return ""
    return (
        "after the last comma" if not entries[-1] else "before the first comma" if not entries[0] else "between commas"
    )


def _no_option(composer: Composer, file: str, options: list[str]) -> str:
    group, _, option = file.rpartition("/")
    options = options or (composer.options(group) if group in composer.groups else [])
    if not options:
        return f"there is no configuration file {file}"
    hint = did_you_mean(option, options, f"; there are {', '.join(sorted(options))}")
    return f"{group} has no option {option or repr('')}{hint}"


def first_line(text: str) -> str:
    """The first line that says something, with the next one where it only announces it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].endswith(":"):
        return f"{lines[0]} {lines[1]}"
    return lines[0] if lines else "no message"
