"""A user's YAML file before anybody composes it: text, of a size and a depth that people write."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim.checks import InputError

LARGEST_BYTES: Final = 1_000_000
DEEPEST: Final = 40
"""Collections inside each other; the shipped tree has eight."""
MOST_VALUES: Final = 200_000
"""With every anchor written out wherever it is used."""


def refuse_unreadable(path: str) -> None:
    """InputError for what is no UTF-8 text or would grow without bound; bad grammar is left to the parser."""
    content = Path(path).read_bytes()
    if len(content) > LARGEST_BYTES:
        raise InputError(f"{path} must be at most {LARGEST_BYTES / 1e6:g} MB, got {len(content) / 1e6:.3g}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path} must be UTF-8 text, got byte 0x{content[error.start]:02x} in line {line}") from None
    if text.startswith("\ufeff"):
        raise InputError(f"{path} must be UTF-8 text without a byte order mark, got one: save it again without")
    _refuse_endless(path, text)


def _refuse_endless(path: str, text: str) -> None:
    """Count values and depth from the parser's events, which takes no more time than the file is long."""
    import yaml

    open_ones: list[tuple[str | None, int]] = []  # (anchor, values before it)
    named: dict[str, int] = {}
    values = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            anchor = getattr(event, "anchor", None)
            if isinstance(event, yaml.CollectionStartEvent):
                open_ones.append((anchor, values))
            if isinstance(event, (yaml.CollectionStartEvent, yaml.ScalarEvent)):
                values += 1
            elif isinstance(event, yaml.AliasEvent):
                values += named.get(str(anchor), 1)
            elif isinstance(event, yaml.CollectionEndEvent):
                name, before = open_ones.pop()
                named |= {name: values - before} if name else {}
            if len(open_ones) > DEEPEST:
                raise InputError(f"{path} must nest at most {DEEPEST} lists and mappings, got more")
            if values > MOST_VALUES:
                raise InputError(
                    f"{path} must hold at most {MOST_VALUES} values with its anchors written out, got more"
                )
    except yaml.YAMLError:
        return
