"""The entry point, completion, and what stays light."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from sim.command.completion import candidates
from sim.command.help import SUBCOMMANDS

from .conftest import Said

Say = Callable[..., Said]


@pytest.mark.parametrize("argv", [(), ("--help",), ("-h",), ("help",)])
def test_help_with_three_examples(say: Say, argv: tuple[str, ...]) -> None:
    said = say(*argv)
    assert said.code == 0 and said.err == ""
    examples = said.out[said.out.index("examples:") + 1 :]
    assert len([line for line in examples if line.startswith("  outcomelab ")]) == 3


@pytest.mark.parametrize("name", [name for name, command in SUBCOMMANDS.items() if command.usage])
def test_every_command_has_help(say: Say, name: str) -> None:
    said = say(name, "--help")
    assert said.code == 0 and said.out[0].startswith(f"usage: outcomelab {name}")


def test_version(say: Say) -> None:
    assert say("--version").out[0].startswith("outcomelab 0.")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("outcomelab ", "run"),
        ("outcomelab re", "report"),
        ("outcomelab run se", "seed="),
        ("outcomelab run policy=", "policy=outcome_focused"),
        ("outcomelab run -m policy=balanced,out", "policy=balanced,outcome_focused"),
        ("outcomelab run seed=3 policy/sales=qua", "policy/sales=qualify"),
        ("outcomelab run policy.sales.pro", "policy.sales.promise="),
        ("outcomelab run experiment=exp", "experiment=experience_vs_outcome"),
    ],
)
def test_completion(line: str, expected: str) -> None:
    assert expected in candidates(line)


@pytest.mark.parametrize("line", ["outcomelab keys ", "outcomelab run policy=nobody seed", "outcomelab run [[ "])
def test_completion_never_fails(line: str) -> None:
    assert isinstance(candidates(line), list)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(say: Say, shell: str) -> None:
    said = say("completion", shell)
    assert said.code == 0 and any("completion query" in line for line in said.out)


def test_bash_completes(tmp_path: object) -> None:
    script = subprocess.run(
        [sys.executable, "-m", "sim", "completion", "bash"], capture_output=True, text=True, check=True
    ).stdout
    lines = [
        script,
        f'outcomelab() {{ "{sys.executable}" -m sim "$@"; }}',
        'COMP_LINE="outcomelab rep" COMP_POINT=14; _outcomelab outcomelab; printf "%s|" "${COMPREPLY[@]}"',
    ]
    found = subprocess.run(["bash", "-c", "\n".join(lines)], capture_output=True, text=True, check=True).stdout
    assert found == "report |"


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    heavy = ("pandas", "numpy", "scipy", "hydra", "pyarrow", "matplotlib", "joblib", "simpy")
    code = f"import sys, sim, sim.__main__; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"


def test_the_configuration_is_shown_not_run(say: Say, tree: object) -> None:
    said = say("run", "--cfg", "job", "policy=outcome_focused", "seed=5")
    assert said.code == 0 and "seed: 5" in said.out and said.out[0] == "# outcome_focused in -"
    assert not any(line.startswith("hydra:") for line in said.out)
