"""Every key that can be set: read from the YAML files (default, grade, source) and the components
they name (unit, range, meaning), so that nothing is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from sim.checks import InputError
from sim.experiments.settings import Settings
from sim.paths import config_folder
from sim.yaml_text import composed

PROGRAM_ONLY = ("arm", "context", "only_fill", "hydra")
ASSUMPTION, DEFINITION, MEASURED = "assumption", "definition", "measured"
GRADES = ("A", "B", "C", "data", MEASURED, DEFINITION, ASSUMPTION)
"""A peer-reviewed, B primary industry survey, C secondary source; a data set; measured by this program;
a definition (the ends of a scale, a switch at full); a choice of this program."""
_COMMENT = re.compile(rf"#\s*(?:(?P<grade>{'|'.join(GRADES)})\s*(?::\s*|$))?(?P<source>.*)$")
_REFERENCE = re.compile(r"\$\{([\w.]+)\}")
Origin = tuple[str, str]
"""Grade and source."""
NOWHERE: Origin = ("", "")


@dataclass(frozen=True)
class Key:
    """One line of `outcomelab keys`."""

    name: str
    option: str
    """The file that sets this default (`pricing=outcome_based`), empty for the top level."""
    default: str
    unit: str
    range: str
    meaning: str
    grade: str
    source: str

    def mentions(self, word: str) -> bool:
        """Whether `word` stands in the name, the meaning or the option."""
        return any(word.lower() in text.lower() for text in (self.name, self.meaning, self.option))


def all_keys(config_dir: str | None = None) -> list[Key]:
    """Keys of every file of the tree (and of a user's folder), by name and option."""
    files = _files(config_dir)
    packages = _packages(files)
    found = [key for file in files for key in _file_keys(file, packages)]
    return sorted(found, key=lambda key: ("." in key.name, key.name, key.option))


def owners(config_dir: str | None = None) -> dict[str, list[tuple[str, str]]]:
    """Group -> (the form in which it is chosen, `group=option` of the option that brings it), wherever one does."""
    found: dict[str, list[tuple[str, str]]] = {}
    for file in _files(config_dir):
        if file.group and not file.is_global:
            for group, package, _ in file.chosen():
                form = f"{group}@{package}" if package else group
                found.setdefault(group, []).append((form, f"{file.group}={file.option}"))
    return found


def _files(config_dir: str | None) -> list[_File]:
    folders = [Path(config_folder()), *([Path(config_dir)] if config_dir else [])]
    return [_File(folder, path) for folder in folders for path in sorted(folder.rglob("*.yaml"))]


class _File:
    """One YAML file of a tree: its group, option, lines and parsed node."""

    def __init__(self, folder: Path, path: Path) -> None:
        self.path = path
        group = path.parent.relative_to(folder).as_posix()
        self.group, self.option = ("" if group == "." else group), path.stem
        text = path.read_text(encoding="utf-8")
        self.lines = text.splitlines()
        self.is_global = "# @package _global_" in text
        try:
            self.node = composed(text)
        except yaml.YAMLError as error:
            raise InputError(f"{path} must be readable YAML, got {str(error).splitlines()[0]}") from error

    def defaults(self) -> Iterator[tuple[str, str, str]]:
        """(group, package, option) of every entry of its defaults list that names a package."""
        for group, at, option in self.chosen():
            if at and group.startswith(f"{self.group}/"):
                yield group, at, option

    def chosen(self) -> Iterator[tuple[str, str, str]]:
        """(group, package or nothing, option) of every entry of its defaults list that chooses from a group."""
        for key, value in self.node.value if isinstance(self.node, yaml.MappingNode) else ():
            for entry in value.value if key.value == "defaults" and isinstance(value, yaml.SequenceNode) else ():
                for name, option in entry.value if isinstance(entry, yaml.MappingNode) else ():
                    group, _, package = str(name.value).removeprefix("override ").partition("@")
                    group = group[1:] if group.startswith("/") else f"{self.group}/{group}"
                    yield group, package and f"{self.group.replace('/', '.')}.{package}", str(option.value)


Packages = dict[str, dict[str, str]]
"""Group -> package -> the option that is its default there."""


def _packages(files: list[_File]) -> Packages:
    """Where options are put that do not stand at their group's own place."""
    found: Packages = {}
    for file in files:
        for group, package, option in file.defaults():
            found.setdefault(group, {}).setdefault(package, option)
    return found


def _file_keys(file: _File, packages: Packages) -> Iterator[Key]:
    if file.is_global or not isinstance(file.node, yaml.MappingNode):
        return
    if not file.group:
        yield from _mapping_keys(file.node, "", "", file.lines, _rules_of(Settings))
        return
    own = packages.get(file.group, {})
    places = [package for package, option in own.items() if option == file.option] or list(own)
    rules = rules_of_target(_target(file.path.parent, file.node))
    for place in places or [file.group.replace("/", ".")]:
        at = f"@{place}" if own else ""
        yield from _mapping_keys(file.node, place, f"{file.group}{at}={file.option}", file.lines, rules)


def _mapping_keys(
    node: yaml.MappingNode,
    place: str,
    option: str,
    lines: list[str],
    rules: Mapping[str, dict[str, Any]],
    above: Origin = NOWHERE,
) -> Iterator[Key]:
    """`above` is what a graded comment on the line of the mapping says of all keys below it."""
    for key_node, value in node.value:
        name = str(key_node.value)
        if name in ("defaults", "_target_", "_partial_", *(PROGRAM_ONLY if not place else ())):
            continue
        inner = f"{place}.{name}" if place else name
        if isinstance(value, yaml.MappingNode) and value.value:
            part = rules.get(name, {})
            below = rules_of_target(_own_target(value)) or {str(child.value): part for child, _ in value.value if part}
            said = _origin(lines, key_node.start_mark.line)
            yield from _mapping_keys(value, inner, option, lines, below, said if said[0] else above)
        else:
            yield _key(inner, option, value, lines, rules.get(name, {}), above)


def _key(name: str, option: str, value: yaml.Node, lines: list[str], rule: dict[str, Any], above: Origin) -> Key:
    default = "{}" if isinstance(value, yaml.MappingNode) else _text(value)
    grade, source = _origin(lines, value.end_mark.line)
    if not (grade or source):
        same = _REFERENCE.fullmatch(default)
        grade, source = (DEFINITION, f"the value of {same[1]}") if same else above
    unit, about = str(rule.get("unit", "")), str(rule.get("about", ""))
    return Key(name, option, default, unit, _range(rule), about, grade, source)


def _origin(lines: list[str], number: int) -> Origin:
    """What the comment on a line says."""
    found = _COMMENT.search(_comment(lines[number] if number < len(lines) else ""))
    return (found["grade"] or "", found["source"].strip()) if found else NOWHERE


def _comment(line: str) -> str:
    """The part of a YAML line from its comment sign on."""
    found = re.search(r"(?:^|\s)(#.*)$", line)
    return found.group(1) if found else ""


def _text(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return f"[{', '.join(_text(item) for item in node.value)}]"
    return str(node.value)


def _range(rule: Mapping[str, Any]) -> str:
    match rule.get("kind"):
        case "count":
            return f"[{rule['low']}, {rule['high']}]"
        case "quantity" | "series":
            return f"[{rule['low']:g}, {rule['high']:g}]"
        case "choice":
            return "|".join(rule["options"])
        case "flag":
            return "true|false"
        case _:
            return ""


def _own_target(node: yaml.MappingNode) -> str | None:
    for key, value in node.value:
        if key.value == "_target_":
            return str(value.value)
    return None


def _target(group: Path, node: yaml.MappingNode) -> str | None:
    """The `_target_` of a file, or of the option of its own group that it builds on."""
    if own := _own_target(node):
        return own
    for key, value in node.value:
        for entry in value.value if key.value == "defaults" and isinstance(value, yaml.SequenceNode) else ():
            base = group / f"{entry.value}.yaml"
            if isinstance(entry, yaml.ScalarNode) and base.is_file():
                inner = composed(base.read_text(encoding="utf-8"))
                if isinstance(inner, yaml.MappingNode) and (found := _target(group, inner)):
                    return found
    return None


@cache
def rules_of_target(target: str | None) -> dict[str, dict[str, Any]]:
    """What the component of a `_target_` says about its fields; nothing for code outside sim."""
    if target is None or not target.startswith("sim."):
        return {}
    module, _, name = target.rpartition(".")
    return _rules_of(getattr(import_module(module), name, None))


def _rules_of(made: Any) -> dict[str, dict[str, Any]]:
    return {f.name: dict(f.metadata) for f in fields(made)} if is_dataclass(made) else {}
