"""The loader that remembers gives what Hydra's own loader gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import OmegaConf

from sim.experiments.composer import composer
from sim.loader import Loader, loader

CHOICES = [
    ("policy=outcome_focused", "seed=3"),
    ("policy=outcome_focused", "seed=4", "world.share_experience=.2", "+note='a, b'"),
    ("experiment=experience_vs_outcome", "policy=traditional", "++arm='x'", "++context=['a=1','b']"),
    ("~metrics.retention", "market.arrival.candidates_per_month=3"),
    ("pricing={billing_months: 3}", "hydra.sweep.subdir=arms/x"),
    ("world/shock=slump", "world.shock.months=3", "policy=outcome_focused"),
]
WRONG = [
    ("policy=nobody",),
    ("polici=balanced",),
    ("market.arrival.candidates=3",),
    ("+seed=3",),
    ("~nothing",),
    ("policy@x=balanced",),
    ("seed=1,2",),
]


def _composed(tree: Loader, overrides: tuple[str, ...], name: str = "config") -> str:
    return OmegaConf.to_yaml(tree.load_configuration(name, list(overrides), RunMode.RUN))


def _as_hydra(tree: Loader, overrides: tuple[str, ...], name: str = "config") -> str:
    plain = ConfigLoaderImpl(tree.get_search_path())
    return OmegaConf.to_yaml(plain.load_configuration(name, list(overrides), RunMode.RUN))


@pytest.mark.parametrize("overrides", CHOICES, ids=lambda words: words[0])
def test_the_same_configuration(overrides: tuple[str, ...]) -> None:
    with loader() as tree:
        assert _composed(tree, overrides) == _as_hydra(tree, overrides)


@pytest.mark.parametrize("overrides", WRONG, ids=lambda words: words[0])
def test_the_same_complaint(overrides: tuple[str, ...]) -> None:
    with loader() as tree:
        with pytest.raises(HydraException) as theirs:
            _as_hydra(tree, overrides)
        with pytest.raises(HydraException) as ours:
            _composed(tree, overrides)
    assert str(ours.value) == str(theirs.value)


@pytest.mark.full
def test_every_option_and_experiment() -> None:
    with composer() as tree:
        assert isinstance(tree.loader, Loader)
        words = [f"{group}={name}" for group in tree.groups for name in tree.options(group)]
        for word in words:
            try:
                theirs = _as_hydra(tree.loader, (word,))
            except HydraException as error:  # an option of a group that the default tree does not choose
                with pytest.raises(type(error)):
                    _composed(tree.loader, (word,))
                continue
            assert _composed(tree.loader, (word,)) == theirs, word


MERGES = {
    "mapping over nothing": ("a: null", "a: {b: 1}"),
    "nothing over mapping": ("a: {b: 1}", "a: null"),
    "mapping over mapping": ("a: {b: 1, c: {d: 2}}", "a: {c: {e: 3}, b: null}"),
    "list over list": ("a: [1, 2]", "a: [3]"),
    "value over mapping": ("a: {b: 1}", "a: 2"),
    "mapping over value": ("a: 2", "a: {b: 1}"),
    "mapping over what points to one": ("a: ${.c}\nc: {d: 1}", "a: {e: 2}"),
    "what points over mapping": ("a: {e: 2}\nc: {d: 1}", "a: ${.c}"),
    "list over mapping": ("a: {b: 1}", "a: [1]"),
    "mapping over list": ("a: [1]", "a: {b: 1}"),
    "open over value": ("a: 2", "a: ???"),
    "value over open": ("a: ???", "a: 2"),
    "open over mapping": ("a: {b: 1}", "a: ???"),
    "about Hydra": ("hydra: {help: {app_name: x}}\na: 1", "a: 2"),
    "empty": ("", "a: 1"),
    "a place of its own": ("# @package elsewhere.deep\na: 1", "a: 2"),
    "number as a name": ("1: {2: x}", "1: {3: y}"),
}


@pytest.mark.parametrize("files", MERGES.values(), ids=MERGES)
def test_files_laid_over_each_other(files: tuple[str, str], tmp_path: Path) -> None:
    for name, text in zip(("first", "second"), files, strict=True):
        (tmp_path / f"{name}.yaml").write_text(text + "\n")
    (tmp_path / "both.yaml").write_text("defaults: [first, second]\n")
    with loader(tmp_path) as tree:
        try:
            theirs = _as_hydra(tree, (), "both")
        except Exception as error:
            with pytest.raises(type(error)) as ours:
                _composed(tree, (), "both")
            assert str(ours.value) == str(error)
        else:
            assert _composed(tree, (), "both") == theirs


def test_one_composition_does_not_change_the_next() -> None:
    with loader() as tree:
        before = _composed(tree, ("seed=3",))
        cfg = tree.load_configuration("config", ["seed=3"], RunMode.RUN)
        cfg.seed = 99
        cfg.market.arrival.candidates_per_month = 1.0
        assert _composed(tree, ("seed=3",)) == before


def test_a_file_written_since_is_read_again(tmp_path: Path) -> None:
    mine = tmp_path / "world" / "mine.yaml"
    mine.parent.mkdir()
    mine.write_text("defaults: [both_matter]\nshare_experience: .25\n")
    with loader(tmp_path) as tree:
        assert "share_experience: 0.25" in _composed(tree, ("world=mine",))
        mine.write_text("defaults: [both_matter]\nshare_experience: .375\n")
        assert "share_experience: 0.375" in _composed(tree, ("world=mine",))


def test_a_default_that_follows_another_choice(tmp_path: Path) -> None:
    """Interpolated defaults, of which the shipped tree has none."""
    mine = tmp_path / "policy" / "mine.yaml"
    mine.parent.mkdir()
    mine.write_text("defaults: [balanced, {/survey@watched: '${survey}'}]\n")
    with loader(tmp_path) as tree:
        words = ("policy=mine", "survey=all_moments")
        assert _composed(tree, words) == _as_hydra(tree, words)
