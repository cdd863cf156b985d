"""`outcomelab classroom --out FILE [--policies A,B] [KEY=VALUE ...]`: a lesson as one offline page."""

from __future__ import annotations

import shlex
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.checks import InputError
from sim.command.arguments import flags_of
from sim.nearest import did_you_mean

if TYPE_CHECKING:
    from sim.classroom.page import Facts
    from sim.experiments.composer import Composer
    from sim.experiments.plan import Study

FLAGS = ("--out", "--policies")
EXPERIMENT = "classroom"
SUFFIXES = (".html", ".htm")


class Wanted(NamedTuple):
    """What was typed."""

    out: Path
    policies: tuple[str, ...]
    """Empty: those of the experiment."""
    words: tuple[str, ...]
    """Overrides."""
    config_dir: str | None


def main(argv: Sequence[str]) -> int:
    """Simulate what the store lacks, write the page, print its path; 0, or an InputError."""
    from sim.classroom.lesson import lesson
    from sim.classroom.page import page
    from sim.command.run import keep_within_size
    from sim.experiments.composer import composer
    from sim.experiments.filled import filled
    from sim.experiments.plan import plan
    from sim.tables import write_atomically

    begun, wanted = time.time(), read(argv)
    _prove_writable(wanted.out)
    with composer(wanted.config_dir) as tree:
        arms = _arms(tree, wanted.policies)
        (study,) = plan(tree, (f"experiment={EXPERIMENT}", *arms, *wanted.words), multirun=False)
        found = filled(tree, study)
    keep_within_size(study, begun)
    shares = {context: float(own["world"]["share_experience"]) for context, own in found.trees.items()}
    made = lesson(found.metrics, shares, study.settings.currency)
    facts = _facts(study, next(iter(found.trees.values())), made.policies, wanted)
    write_atomically(wanted.out, page(made, facts).encode())
    print(wanted.out)
    return 0


def read(argv: Sequence[str]) -> Wanted:
    """Flags and overrides, or InputError."""
    words, flags, config_dir = flags_of(EXPERIMENT, argv, FLAGS)
    for word in words:
        if word.partition("=")[0] in ("experiment", "output"):
            raise InputError(f"classroom sets {word.partition('=')[0]} itself, got {word}")
    if not flags.get("--out"):
        raise InputError("classroom needs --out FILE, as in: outcomelab classroom --out lesson.html")
    policies = tuple(flags["--policies"].split(",")) if "--policies" in flags else ()
    return Wanted(Path(flags["--out"]), policies, tuple(words), config_dir)


def _prove_writable(out: Path) -> None:
    """Refuse a file that could not be written, before anything is simulated."""
    if out.suffix.lower() not in SUFFIXES or out.is_dir():
        raise InputError(f"--out must be a file ending in {' or '.join(SUFFIXES)}, got {out}")
    if not out.parent.is_dir():
        raise InputError(f"--out must lie in a folder that exists, got {out}")
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise InputError(f"--out must be a file that can be written, got {out} ({error.strerror or error})") from None


def _arms(tree: Composer, policies: tuple[str, ...]) -> list[str]:
    """Overrides that put these policies in place of the experiment's own."""
    known = tree.options("policy")
    for name in policies:
        if name not in known:
            hint = did_you_mean(name, known, f"; it is one of {', '.join(known)}")
            raise InputError(f"--policies must name two policies, got {name!r}{hint}")
    if policies and (len(policies) != 2 or len(set(policies)) != 2):
        raise InputError(f"--policies must name two different policies, as in A,B, got {','.join(policies)}")
    if not policies:
        return []
    arms = ",".join(f"{name}:['policy={name}']" for name in policies)
    return ["~arms", f"+arms={{{arms}}}", f"baseline={policies[0]}"]


def _facts(study: Study, tree: dict[str, Any], policies: Sequence[str], wanted: Wanted) -> Facts:
    """What the page says of how it was made; no path of this machine."""
    from sim.classroom.page import Facts
    from sim.experiments.about_option import about_option
    from sim.report.numbers import SHARE, count, plain, shown
    from sim.report.wording import words

    settings, asked = study.settings, tree["metrics"]["moment_scores"]["instrument"]
    typed = ["outcomelab", "classroom", "--out", wanted.out.name]
    typed += ["--policies", ",".join(wanted.policies)] if wanted.policies else []
    return Facts(
        title=settings.title,
        made_of=(
            ("Market", words(str(tree["market"]["name"]))),
            ("World", words(str(tree["world"]["name"]))),
            ("Simulated time", f"{plain(settings.horizon_months, 0)} months"),
            ("Replications", f"{count(settings.replications)} per policy and step"),
            ("Share of the market", shown(settings.candidates_share, SHARE)),
            ("Seed", str(settings.seed)),
        ),
        about=(
            about_option("policy", policies[0], wanted.config_dir),
            about_option("policy", policies[1], wanted.config_dir),
        ),
        weighs=tree["survey"]["instruments"][asked]["share_experience"],
        command=shlex.join([*typed, *wanted.words]),
        currency=settings.currency,
    )
