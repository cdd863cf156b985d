"""`outcomelab reference`: measure the frozen reference of markets and write it into their YAML."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sim.checks import InputError
from sim.nearest import did_you_mean
from sim.paths import config_folder
from sim.store.words import Words

if TYPE_CHECKING:
    from sim.context.reference import Reference
    from sim.experiments.composer import Composer

USAGE = """usage: outcomelab reference [MARKET ...] [--write] [--config-dir DIR]

Measure the constants that standardise experience and outcome and match tariffs: policy balanced, pricing
seat_subscription, world both_matter. They are printed; --write puts them into the market's YAML (default:
every market of DIR, or every shipped one). Equal markets give equal constants, whatever their size."""
_BLOCK = re.compile(r"^reference:.*\n(?:[ \t]+\S.*\n)*", re.MULTILINE)


def main(argv: Sequence[str]) -> int:
    """Print, and with --write store, the reference of each market named; wrong input raises InputError."""
    from sim.experiments.composer import composer

    arguments = _read(argv)
    if arguments.help:
        print(USAGE)
        return 0
    with composer(arguments.config_dir) as tree:
        for name in _names(tree, arguments):
            text = block(name, _measured(tree, name))
            print(f"# market={name}\n{text}", end="", flush=True)
            if arguments.write:
                file = _file(name, arguments.config_dir)
                store(file, text)
                print(f"# written to {file}")
    return 0


def _read(argv: Sequence[str]) -> argparse.Namespace:
    parser = Words(prog="outcomelab reference", add_help=False)
    parser.add_argument("markets", nargs="*")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--config-dir")
    parser.add_argument("-h", "--help", action="store_true")
    arguments = parser.parse_args(argv)
    folder = arguments.config_dir
    if folder is not None and not Path(folder).is_dir():
        raise InputError(f"--config-dir must be a folder, got {folder!r}")
    if folder is not None:
        arguments.config_dir = str(Path(folder).resolve())
    return arguments


def _names(tree: Composer, arguments: argparse.Namespace) -> list[str]:
    """Markets named, or all of the folder in question."""
    known = tree.options("market")
    for name in arguments.markets:
        if name not in known:
            hint = did_you_mean(name, known, f"; there are {', '.join(sorted(known))}")
            raise InputError(f"unknown market {name!r}{hint}")
    if arguments.markets:
        return list(arguments.markets)
    folder = Path(arguments.config_dir or config_folder()) / "market"
    return [name for name in known if (folder / f"{name}.yaml").is_file()]


def _measured(tree: Composer, name: str) -> Reference:
    """The reference of a market as composed, with progress on stderr."""
    from omegaconf import OmegaConf

    from sim.experiments.progress import Progress
    from sim.frozen import ROUNDS, reference_of

    node = OmegaConf.to_container(tree.compose([f"market={name}"]).market, resolve=True)
    with Progress(sum(ROUNDS), name) as progress:
        return reference_of(node, progress)


def block(name: str, reference: Reference) -> str:
    """The `reference:` block of a market's YAML."""
    lines = [f"reference:  # measured: outcomelab reference {name} --write"]
    lines.append("  _target_: sim.context.reference.Reference")
    for key, value in asdict(reference).items():
        lines.append(f"  {key}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'  # a hash of digits only must stay text
    return str(list(value)) if isinstance(value, tuple) else str(value)


def store(file: Path, text: str) -> None:
    """Replace the block in `file`, or append it; every other byte stays. Raises InputError if it cannot."""
    from sim.tables import write_atomically

    old = file.read_bytes().decode("utf-8")
    whole = old if old.endswith("\n") else old + "\n"
    new = _BLOCK.sub(lambda _: text, whole, count=1) if _BLOCK.search(whole) else whole + text
    if new != old:
        write_atomically(file, new.encode())


def _file(name: str, config_dir: str | None) -> Path:
    """The YAML of a market; the user's folder first."""
    for folder in (config_dir, config_folder()):
        file = Path(folder or "") / "market" / f"{name}.yaml"
        if folder and file.is_file():
            return file
    raise InputError(f"market {name!r} has no YAML of its own to write to")
