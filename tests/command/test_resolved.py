"""A configuration as plain data is what OmegaConf itself would make of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.build import GROUPS
from sim.checks import InputError
from sim.components import instantiated, made
from sim.experiments.composer import composer
from sim.loader import freed_of_hydra
from sim.targets import _plain, resolved

TREES = (
    "a: 1\nb: {c: [1, {d: '${a}'}], e: null, f: [], g: {}}\nh: ${b}\ni: ${b.c}\nj: '${a} and ${b.c[0]}'",
    r"a: '\${b}'" + "\nb: x",
    "a: ${b}\nb: ${c}\nc: {d: '${..e}'}\ne: 2.5",
    "a: ???",
    "a: ${nowhere}",
    "a: ${oc.env:NOWHERE_AT_ALL}",
    "a: ${b}\nb: ${a}",
    "a: ${b}\nb: ???",
    "1: {true: '${a}'}\na: false",
)


def by_omegaconf(cfg: Any) -> Any:
    try:
        return OmegaConf.to_container(cfg, resolve=True, throw_on_missing=True)
    except OmegaConfBaseException as error:
        return f"the configuration does not resolve: {str(error).splitlines()[0]}"


def ours(cfg: Any) -> Any:
    try:
        return resolved(cfg)
    except InputError as error:
        return str(error)


@pytest.mark.parametrize("text", TREES)
def test_small_trees(text: str) -> None:
    cfg = OmegaConf.create(text)
    assert repr(ours(cfg)) == repr(by_omegaconf(cfg))
    assert repr(_plain(cfg, fill=False)) == repr(OmegaConf.to_container(cfg, resolve=False))


def test_what_is_missing_is_named_with_its_place() -> None:
    assert ours(OmegaConf.create("a: {b: '???'}")).endswith("Missing mandatory value: a.b")


def test_whole_configurations() -> None:
    with composer() as tree:
        for words in ((), ("experiment=firm_panel",), ("market=smb", "pricing=menu", "survey=all_moments")):
            cfg = freed_of_hydra(tree.compose(words))
            assert repr(ours(cfg)) == repr(by_omegaconf(cfg)) and not isinstance(ours(cfg), str)
            assert repr(_plain(cfg, fill=False)) == repr(OmegaConf.to_container(cfg, resolve=False))


def test_components_are_those_that_hydra_makes() -> None:
    with composer() as tree:
        cfg = freed_of_hydra(
            tree.compose(("market=smb", "pricing=menu", "policy=transforming", "metrics=[value,cash]"))
        )
    plain = resolved(cfg)
    for group in GROUPS:
        ours, theirs = made(plain[group]), instantiated(cfg, group)
        assert ours == theirs and repr(ours) == repr(theirs), group
    for name, node in plain["metrics"].items():
        ours, theirs = made(node), instantiated(cfg.metrics, name)
        assert type(ours) is partial and (ours.func, ours.args, ours.keywords) == (
            theirs.func,
            theirs.args,
            theirs.keywords,
        )
