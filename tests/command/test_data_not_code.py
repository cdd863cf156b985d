"""A configuration from somebody else runs no code of its own, whatever it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from sim.checks import InputError
from sim.targets import refuse_foreign_targets

from .conftest import Said, Stand

Say = Callable[..., Said]

FOREIGN = [
    "os.system",
    "os.mkdir",
    "pathlib.Path.touch",
    "shutil.copyfile",
    "numpy.save",
    "logging.FileHandler",
    "builtins.exec",
    "sim.targets.import_module",
    "sim.report.page.build_report",
    "sim.metrics.catalogue.importlib.import_module",
    "sim.policies.os.system",
    "sim.build.build",
    "sim",
    "${oc.env:HOME}",
]


@pytest.mark.parametrize("target", FOREIGN)
def test_foreign_targets_in_an_experiment(say: Say, stand: Stand, tree: Path, target: str) -> None:
    experiment = tree / "theirs" / "experiment" / "gift.yaml"
    experiment.parent.mkdir(parents=True)
    experiment.write_text(f"# @package _global_\nworld:\n  _target_: {target}\n  path: {tree / 'owned'}\n")
    said = say("run", "--config-dir", "theirs", "experiment=gift")
    assert said.code == 2 and "world" in said.err
    assert stand.built == [] and not (tree / "owned").exists() and not (tree / "results").exists()


@pytest.mark.parametrize("target", ["os.system", "os.mkdir", "pathlib.Path.touch"])
def test_foreign_targets_on_the_command_line(say: Say, stand: Stand, target: str) -> None:
    said = say("run", f"policy.sales._target_={target}")
    assert said.code == 2 and "is code outside sim" in said.err and stand.built == []


@pytest.mark.parametrize("allowed", ["mine", "[mine]", "[other, mine]"])
def test_a_package_that_the_user_allows(say: Say, stand: Stand, allowed: str) -> None:
    said = say("run", "policy.sales._target_=mine.Seller", f"allow_code={allowed}", "replications=2")
    assert said.code == 0 and len(stand.built) == 2
    assert say("run", "policy.sales._target_=mine.Seller", "allow_code=[other]").code == 2


def test_a_file_cannot_allow_its_own_code(say: Say, stand: Stand, tree: Path) -> None:
    experiment = tree / "theirs" / "experiment" / "gift.yaml"
    experiment.parent.mkdir(parents=True)
    experiment.write_text("# @package _global_\nallow_code: [os]\nworld: {_target_: os.mkdir, path: owned}\n")
    said = say("run", "--config-dir", "theirs", "experiment=gift")
    assert said.code == 2 and "allow_code must be given on the command line" in said.err
    experiment.write_text("# @package _global_\narms: {a: ['allow_code=[os]', world._target_=os.mkdir]}\n")
    said = say("run", "--config-dir", "theirs", "experiment=gift")
    assert said.code == 2 and "must not set allow_code" in said.err and stand.built == []


@pytest.mark.parametrize(
    "text",
    [
        "x: {_target_: os.mkdir}",
        "x: [{y: {_target_: os.mkdir}}]",
        "x: '${oc.create:{_target_: os.mkdir}}'",
        r"x: '\${oc.create:{_target_: os.mkdir}}'",
        r"x: ['\${oc.create:{_target_: os.mkdir}}']",
        "x: {_target_: 3}",
        "x: {_target_: sim.metrics.value.value, _args_: [1]}",
        "x: {_target_: sim.metrics.value.value, _recursive_: false}",
        "x: {_target_: sim.metrics.nowhere.value}",
        "x: '${y}'",
    ],
)
def test_hidden_targets(text: str) -> None:
    with pytest.raises(InputError):
        refuse_foreign_targets(OmegaConf.create(text))


def test_components_pass() -> None:
    refuse_foreign_targets(OmegaConf.create("x: {_target_: sim.metrics.value.value, _partial_: true}"))


HYDRA_FILES = [
    "hydra: {callbacks: {x: {_target_: os.mkdir, path: owned}}}",
    "hydra: {job_logging: {handlers: {x: {'()': os.mkdir, path: owned}}}}",
    "hydra: {hydra_logging: {handlers: {x: {class: logging.FileHandler, filename: owned}}}}",
    "hydra: {launcher: {_target_: os.mkdir}}",
    "hydra: {launcher: {n_jobs: 2}}",
    "hydra: {sweeper: {params: {policy: 'balanced,outcome_focused'}}}",
    "hydra: {overrides: {hydra: ['+hydra.callbacks.x._target_=os.mkdir']}}",
    "hydra: {mode: MULTIRUN}",
    "hydra: {job: {env_set: {PATH: owned}}}",
    "hydra: {sweep: {dir: owned}}",
    "arms: {a: ['+hydra.callbacks.x._target_=os.mkdir']}",
    "arms: {a: ['hydra/job_logging=disabled']}",
    "contexts: {a: ['hydra.sweep.dir=owned']}",
]


@pytest.mark.parametrize("text", HYDRA_FILES)
@pytest.mark.parametrize("multirun", [False, True])
def test_files_that_change_hydra(say: Say, stand: Stand, tree: Path, text: str, multirun: bool) -> None:
    experiment = tree / "theirs" / "experiment" / "gift.yaml"
    experiment.parent.mkdir(parents=True)
    experiment.write_text(f"# @package _global_\n{text}\n")
    said = say("run", *(["-m"] if multirun else []), "--config-dir", "theirs", "experiment=gift")
    assert said.code == 2 and ("hydra" in said.err or "BasicLauncherConf" in said.err)
    assert stand.built == [] and [p.name for p in tree.iterdir()] == ["theirs"]


@pytest.mark.parametrize(
    "override",
    [
        "+hydra.callbacks.x._target_=os.mkdir",
        "++hydra.callbacks.x._target_=os.mkdir",
        "hydra/job_logging=disabled",
        "hydra.job_logging.root.level=DEBUG",
        "hydra.searchpath=[file:///tmp]",
        "hydra.sweeper.params={a: b}",
        "hydra.launcher._target_=os.mkdir",
        "+hydra.launcher.x=1",
        "hydra.run.dir=owned",
        "hydra.sweep.dir=owned",
        "hydra.mode=MULTIRUN",
        "~hydra",
        "hydra/launcher=nowhere",
    ],
)
def test_overrides_that_change_hydra(say: Say, stand: Stand, tree: Path, override: str) -> None:
    said = say("run", override)
    assert said.code == 2 and stand.built == [] and list(tree.iterdir()) == []


def test_a_folder_with_its_own_launcher(say: Say, tree: Path) -> None:
    launcher = tree / "theirs" / "hydra" / "launcher" / "evil.yaml"
    launcher.parent.mkdir(parents=True)
    launcher.write_text("_target_: os.mkdir\npath: owned\n")
    said = say("run", "--config-dir", "theirs", "hydra/launcher=evil")
    assert said.code == 2 and "cannot change Hydra itself" in said.err


def test_a_file_that_would_be_ignored(say: Say, tree: Path) -> None:
    mine = tree / "mine" / "policy" / "balanced.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("name: balanced\n")
    said = say("run", "--config-dir", "mine")
    assert said.code == 2 and "has the name of a shipped file" in said.err


def test_launcher_and_sweeper_by_name(say: Say) -> None:
    argv = ("hydra/launcher=joblib", "hydra.launcher.n_jobs=1", "hydra/sweeper=basic", "replications=2")
    said = say("run", "-m", *argv, "policy=balanced,outcome_focused")
    assert said.code == 0 and said.out[0].startswith("verdict net_cash_per_candidate outcome_focused balanced ")
