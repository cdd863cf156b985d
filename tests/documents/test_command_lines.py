"""Every `outcomelab` command line that a document or the help shows can be typed: commands, flags, keys, options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from sim.checks import InputError
from sim.command.arguments import read
from sim.command.help import OVERVIEW, SUBCOMMANDS
from sim.experiments.composer import Composer, composer
from sim.experiments.key_list import all_keys
from sim.experiments.plan import plan
from sim.experiments.wrong_key import one_sentence

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CHANGELOG.md", *(f"{room}/*.md" for room in ("docs", "experiments"))]
EXAMPLE = re.compile(r"^  (outcomelab .*?)(?:   .*)?$", re.MULTILINE)
TAKE_KEYS = ("run", "classroom", "optimise", "trap")
OWN = ("over", "trials", "within")
DECLARED_ELSEWHERE = ("hydra", "design.", "panel.", "contexts.")
"""Not in the shipped tree: plug-ins, and what only some experiments have."""
STANDS_FOR_SOMETHING = re.compile(r"\.\.|^\[|[A-Z]{2,}|^[A-Z](,|$)")


def command_lines(text: str) -> Iterator[str]:
    """Lines in blocks of code (continued ones joined, a statement of several lines whole) and words in backticks."""
    for block in re.findall(r"```(?:console)?\n(.*?)```", text, re.DOTALL):
        begun = ""
        for line in block.replace("\\\n", " ").splitlines():
            begun = f"{begun}\n{line}" if begun else line
            if begun.count('"') % 2 == 0:
                yield from [begun] if re.match(r"(\.venv/bin/)?outcomelab ", begun) else []
                begun = ""
    yield from re.findall(r"(?<!`)`((?:\.venv/bin/)?outcomelab [^`]+)`(?!`)", text)


@cache
def shown() -> dict[str, str]:
    """Command line -> where it is shown first."""
    texts = {page.name: page.read_text(encoding="utf-8") for pattern in PAGES for page in sorted(ROOT.glob(pattern))}
    found = {line: where for where, text in reversed(texts.items()) for line in command_lines(text)}
    helps = {"overview": OVERVIEW, **{f"{name} --help": command.usage for name, command in SUBCOMMANDS.items()}}
    return found | {line: where for where, text in helps.items() for line in EXAMPLE.findall(text)}


@cache
def flags(name: str) -> str:
    """The text that names a command's flags: its help, or the code that makes it."""
    if usage := SUBCOMMANDS[name].usage:
        return usage
    module = Path(str(import_module(SUBCOMMANDS[name].module).__file__))
    own = module.parent.glob("*.py") if module.parent.name == name else [module]
    return "".join(file.read_text(encoding="utf-8") for file in own)


@cache
def keys() -> frozenset[str]:
    """Every key, and the nodes above it."""
    names = [key.name.split(".") for key in all_keys()]
    return frozenset(".".join(name[:length]) for name in names for length in range(1, len(name) + 1))


def check(tree: Composer, line: str) -> None:
    """Raise InputError where a command, a flag, a key or an option does not exist."""
    name, *rest = shlex.split(line, comments=True)[1:]
    if name not in SUBCOMMANDS:
        raise InputError(f"there is no command {name}")
    for flag in (word for word in rest if word.startswith("-") and not re.search(rf"(?<![\w-]){word}\b", flags(name))):
        raise InputError(f"{name} has no flag {flag}")
    if name not in TAKE_KEYS or "--config-dir" in rest:
        return
    for word in rest:
        key, equals, value = word.lstrip("+").partition("=")
        if equals and key not in OWN and not key.startswith("["):
            _check_override(tree, word, key, value)


def _check_override(tree: Composer, word: str, key: str, value: str) -> None:
    with one_sentence(tree):
        tree.parse([word])
    if STANDS_FOR_SOMETHING.search(value) or key.startswith(DECLARED_ELSEWHERE):
        return
    if key in (*tree.groups, "experiment", "size") and value != "null":
        for option in value.strip("[]").split(","):
            if option not in tree.options(key):
                raise InputError(f"{key} has no option {option}")
    elif key not in keys():
        raise InputError(f"there is no key {key}")


@pytest.fixture(scope="module")
def tree() -> Iterator[Composer]:
    with composer() as shipped:
        yield shipped


def test_what_is_shown_can_be_typed(tree: Composer) -> None:
    assert len(shown()) > 150
    for line, where in shown().items():
        try:
            check(tree, line)
        except (InputError, ValueError) as error:
            pytest.fail(f"{where} shows {line!r}: {error}")


def test_brackets_and_stars_are_quoted() -> None:
    """Some shells look for files of that name, find none and stop."""
    for line, where in shown().items():
        if line.startswith("outcomelab") and ".." not in line and "]" in line:
            for word in shlex.split(line, comments=True, posix=False):
                assert not re.match(r"[\w.+]+=.*[\[*]", word) or re.search("['\"]", word), f"{where} shows {line!r}"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("outcomelab rnu experiment=shock", "no command rnu"),
        ("outcomelab report --fig x.svg", "no flag --fig"),
        ("outcomelab fit a.csv --tenur months", "no flag --tenur"),
        ("outcomelab run experiment=no_such", "no option no_such"),
        ("outcomelab run -m policy=balanced,no_such", "no option no_such"),
        ("outcomelab run world.no_such=1", "no key world.no_such"),
        ("outcomelab run '+contexts.mine=[world/rivals=entrant]'", "cannot read"),
    ],
)
def test_the_check_would_notice(tree: Composer, line: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        check(tree, line)


def test_commands_experiments_and_documents_stand_in_the_readme() -> None:
    assert [name for name in SUBCOMMANDS if f"`outcomelab {name}" not in README] == []
    experiments = [file.stem for file in sorted(ROOT.glob("configs/experiment/*.yaml"))]
    assert [name for name in experiments if not re.search(rf"\b{name}\b", README)] == []
    assert [page.name for page in sorted(ROOT.glob("docs/*.md")) if f"docs/{page.name}" not in README] == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("experiments/*.md")), ids=lambda page: page.stem)
def test_a_page_belongs_to_an_experiment(page: Path) -> None:
    assert (ROOT / "configs" / "experiment" / f"{page.stem}.yaml").exists()
    assert f"outcomelab run experiment={page.stem}" in page.read_text(encoding="utf-8")


def test_links_lead_somewhere() -> None:
    for page in [path for pattern in PAGES for path in sorted(ROOT.glob(pattern))]:
        for link in re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_an_example_of_configuration_can_be_copied(tmp_path: Path) -> None:
    """Into the file that its second line names, and run with the command that stands beside it."""
    for page in sorted(ROOT.glob("docs/*.md")):
        for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            name, command = re.findall(r"^# (\S+\.yaml), run with: (outcomelab run .*)$", block, re.MULTILINE)[0]
            file = tmp_path / page.stem / name
            file.parent.mkdir(parents=True)
            file.write_text(block, encoding="utf-8")
            arguments = read(
                [str(tmp_path / page.stem / word) if word == "my" else word for word in command.split()[2:]]
            )
            with composer(arguments.config_dir) as tree:
                assert plan(tree, arguments.overrides, arguments.multirun)[0].jobs, page.name


def test_an_experiment_without_its_header_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "experiment" / "mine.yaml"
    file.parent.mkdir()
    for text, fine in (("\n# @package _global_\ntitle: x\n", True), ("# mine\n# @package _global_\ntitle: x\n", False)):
        file.write_text(text, encoding="utf-8")
        if fine:
            with composer(str(tmp_path)) as tree:
                assert tree.compose(["experiment=mine"]).title == "x"
        else:
            with pytest.raises(InputError, match="must begin with the line"), composer(str(tmp_path)):
                pass
