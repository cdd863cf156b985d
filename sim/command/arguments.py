"""The arguments of `run`: flags, then Hydra overrides.

Flags of Hydra that replace the program's own configuration or unpickle a file
(`--config-path`, `--config-name`, `--experimental-rerun`) do not exist here.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.checks import InputError
from sim.nearest import no_flag

FLAGS = ("-m", "--multirun", "--config-dir", "-cd", "--cfg", "-c", "--help")


@dataclass(frozen=True)
class Arguments:
    """What was typed after `outcomelab run`."""

    overrides: tuple[str, ...]
    multirun: bool = False
    config_dir: str | None = None
    show: str | None = None
    typed: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command line that repeats this one."""
        return shlex.join(["outcomelab", "run", *self.typed])


def read(argv: Sequence[str]) -> Arguments:
    """Split flags from overrides, or raise InputError."""
    overrides: list[str] = []
    values: dict[str, str] = {}
    multirun = False
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        flag, equals, value = word.partition("=")
        if word in ("-m", "--multirun"):
            multirun = True
        elif flag in ("--config-dir", "-cd", "--cfg", "-c") and (equals or rest):
            values["--cfg" if flag in ("--cfg", "-c") else "--config-dir"] = value if equals else rest.pop(0)
        elif word.startswith("-"):
            raise InputError(no_flag("run", word, FLAGS))
        else:
            overrides.append(override("run", word))
    return Arguments(tuple(overrides), multirun, _folder(values), _shown(values), tuple(argv))


def folder_of(argv: Sequence[str]) -> tuple[list[str], str | None]:
    """Words without the flag `--config-dir DIR`, and that folder."""
    words = list(argv)
    for position, word in enumerate(words):
        flag, equals, value = word.partition("=")
        if flag == "--config-dir" and (equals or position + 1 < len(words)):
            rest = words[position + 1 :] if equals else words[position + 2 :]
            return words[:position] + rest, _folder({flag: value if equals else words[position + 1]})
    return words, None


def flags_of(command: str, argv: Sequence[str], known: Sequence[str]) -> tuple[list[str], dict[str, str], str | None]:
    """Overrides, values of the command's own flags (`--out FILE`, `--out=FILE`), and the folder of `--config-dir`."""
    rest, config_dir = folder_of(argv)
    words: list[str] = []
    flags: dict[str, str] = {}
    while rest:
        word = rest.pop(0)
        flag, equals, value = word.partition("=")
        if flag in known and (equals or rest):
            flags[flag] = value if equals else rest.pop(0)
        elif word.startswith("-"):
            raise InputError(no_flag(command, word, (*known, "--config-dir")))
        else:
            words.append(override(command, word))
    return words, flags, config_dir


def override(command: str, word: str) -> str:
    """The word, if it can be one of Hydra's overrides."""
    if word.startswith("=") or ("=" not in word and not word.startswith("~")):
        raise InputError(f"{word!r} is neither KEY=VALUE nor a flag (outcomelab {command} --help shows examples)")
    return word


def _folder(values: dict[str, str]) -> str | None:
    folder = values.get("--config-dir")
    if folder is None:
        return None
    if not folder or not Path(folder).is_dir():
        raise InputError(f"--config-dir must be a folder, got {folder!r}")
    return str(Path(folder).resolve())


def _shown(values: dict[str, str]) -> str | None:
    show = values.get("--cfg")
    if show not in (None, "job", "all"):
        raise InputError(f"--cfg must be job or all, got {show!r}")
    return show
