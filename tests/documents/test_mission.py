"""Every row of the mission is there, and what it points at exists: files, keys, groups, events, experiments."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from sim.events import EVENT_KINDS
from sim.experiments.composer import composer

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "mission.md").read_text(encoding="utf-8")
ROWS = [line.strip("| \n").split(" | ") for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]
FORGOTTEN = [line.strip("| \n").split(" | ") for line in PAGE.split("easily forgotten")[1].splitlines()[4:]]
TOP = ("world", "market", "policy", "pricing", "survey")
WORDS = re.compile(r"`([^`]+)`")


@lru_cache(maxsize=1)
def tree() -> Any:
    """The shipped configuration and, beside it, the transforming bundle."""
    with composer() as shipped:
        composed = [shipped.compose(words) for words in ((), ("policy=transforming",))]
        return [OmegaConf.to_container(OmegaConf.masked_copy(one, list(TOP))) for one in composed]


def exists(pointer: str) -> bool:
    """Whether a backticked word names a file, a folder, a key, a group's option, an event or an option."""
    if "/" in pointer and ": " not in pointer:
        return (ROOT / pointer).exists() or (ROOT / "configs" / f"{pointer}.yaml").exists()
    if ": " in pointer:
        group, option = pointer.split(": ")
        return (ROOT / "configs" / group / f"{option}.yaml").exists()
    if pointer.split(".")[0] in TOP and "." in pointer:
        return any(_has(one, pointer.split(".")) for one in tree())
    files = [path.stem for path in (ROOT / "configs").rglob("*.yaml")]
    return pointer in EVENT_KINDS or pointer in files or pointer in MOMENTS


MOMENTS = ("at_purchase", "contact_end", "exit")


def _has(node: Any, path: list[str]) -> bool:
    for key in path:
        if not isinstance(node, dict) or key not in node:
            return False
        node = node[key]
    return True


def test_every_row_is_there_once() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 167))
    assert len(FORGOTTEN) == 12


@pytest.mark.parametrize("row", [*ROWS, *(["-", *row] for row in FORGOTTEN)], ids=lambda row: str(row[0]))
def test_what_a_row_points_at_exists(row: list[str]) -> None:
    where, experiment = row[2], row[3]
    for pointer in WORDS.findall(where):
        assert exists(pointer), f"row {row[0]} points at {pointer}"
    for page in re.findall(r"\(\.\./(experiments/\w+\.md)\)", experiment):
        assert (ROOT / page).exists(), f"row {row[0]} points at {page}"
        assert (ROOT / "configs" / page.replace("experiments", "experiment").replace(".md", ".yaml")).exists()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_a_row_names_a_place_or_says_why_not(row: list[str]) -> None:
    assert WORDS.search(row[2]) or "not represented" in row[2], f"row {row[0]} says nothing of where it is"


def test_a_dead_pointer_would_be_seen() -> None:
    assert not exists("world.no_such_key") and not exists("sim/none.py") and not exists("no_such_thing")
    assert exists("world.share_experience") and exists("policy/listening: connected") and exists("churned")
