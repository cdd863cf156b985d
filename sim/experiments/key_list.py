"""Every key that can be set: read from the YAML files (default, grade, source) and the components
they name (unit, range, meaning), so that nothing is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from sim.checks import InputError
from sim.experiments.settings import Settings
from sim.paths import config_folder

PROGRAM_ONLY = ("arm", "context", "hydra")
_COMMENT = re.compile(r"#\s*(?:(?P<grade>A|B|C|assumption)\s*:\s*)?(?P<source>.*)$")


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
    folders = [Path(config_folder()), *([Path(config_dir)] if config_dir else [])]
    found = [key for folder in folders for file in sorted(folder.rglob("*.yaml")) for key in _file_keys(folder, file)]
    return sorted(found, key=lambda key: ("." in key.name, key.name, key.option))


def _file_keys(folder: Path, file: Path) -> Iterator[Key]:
    group = file.parent.relative_to(folder).as_posix()
    if group in ("experiment", "size"):
        return
    text = file.read_text(encoding="utf-8")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise InputError(f"{file} must be readable YAML, got {str(error).splitlines()[0]}") from error
    if isinstance(node, yaml.MappingNode):
        top = group == "."
        rules = _rules_of(Settings) if top else {}
        place = "" if top else group.replace("/", ".")
        option = "" if top else f"{group}={file.stem}"
        target = None if top else _target(folder, file, node)
        yield from _mapping_keys(node, place, option, text.splitlines(), _rules(target) or rules)


def _mapping_keys(
    node: yaml.MappingNode, place: str, option: str, lines: list[str], rules: Mapping[str, Mapping[str, Any]]
) -> Iterator[Key]:
    for key_node, value in node.value:
        name = str(key_node.value)
        if name in ("defaults", "_target_", "_partial_", *(PROGRAM_ONLY if not place else ())):
            continue
        inner = f"{place}.{name}" if place else name
        if isinstance(value, yaml.MappingNode) and value.value:
            below = _rules(_own_target(value)) or rules.get(name, {}).get("below", {})
            yield from _mapping_keys(value, inner, option, lines, below)
        else:
            yield _key(inner, option, value, lines, rules.get(name, {}))


def _key(name: str, option: str, value: yaml.Node, lines: list[str], rule: Mapping[str, Any]) -> Key:
    default = "{}" if isinstance(value, yaml.MappingNode) else _text(value)
    found = _COMMENT.search(_comment(lines[value.end_mark.line] if value.end_mark.line < len(lines) else ""))
    grade, source = (found["grade"] or "", found["source"].strip()) if found else ("", "")
    return Key(name, option, default, str(rule.get("unit", "")), _range(rule), str(rule.get("about", "")), grade, source)


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


def _target(folder: Path, file: Path, node: yaml.MappingNode) -> str | None:
    """The `_target_` of a file, or of the option of its own group that it builds on."""
    if own := _own_target(node):
        return own
    for key, value in node.value:
        for entry in value.value if key.value == "defaults" and isinstance(value, yaml.SequenceNode) else ():
            base = file.parent / f"{entry.value}.yaml"
            if isinstance(entry, yaml.ScalarNode) and base.is_file():
                inner = yaml.compose(base.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
                if isinstance(inner, yaml.MappingNode) and (found := _target(folder, base, inner)):
                    return found
    return None


@lru_cache(maxsize=None)
def _rules(target: str | None) -> dict[str, dict[str, Any]]:
    """What the component of a `_target_` says about its fields; nothing for code outside sim."""
    if target is None or not target.startswith("sim."):
        return {}
    module, _, name = target.rpartition(".")
    return _rules_of(getattr(import_module(module), name, None))


def _rules_of(made: Any) -> dict[str, dict[str, Any]]:
    return {f.name: dict(f.metadata) for f in fields(made)} if is_dataclass(made) else {}
