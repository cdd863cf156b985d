"""`outcomelab optimise policy=A,B over=KEYS [trials=N] [within=F] [KEY=VALUE ...]`: each policy at its best."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError, whole
from sim.command.arguments import folder_of
from sim.nearest import did_you_mean

if TYPE_CHECKING:
    from sim.experiments.optimising.contest import Confirmed, Searched, Wanted
    from sim.experiments.optimising.search import Trial

OWN = ("policy", "over", "trials", "within")
TRIALS, WITHIN = 40, 2.0


def main(argv: Sequence[str]) -> int:
    """Search, confirm, write; print what was found, the folder last; 0, or an InputError."""
    from sim.experiments.composer import composer
    from sim.experiments.folders import claim, give_up
    from sim.experiments.optimising.contest import confirmed, contestants, searched
    from sim.experiments.optimising.search import require_optuna

    words, config_dir = folder_of(argv)
    wanted = read(words)
    require_optuna()
    with composer(config_dir) as tree:
        planned = contestants(tree, wanted)
        folder = claim(planned[0].study.settings.output, "optimise", False)
        try:
            found = [searched(tree, one, wanted.trials, _tell(wanted.trials)) for one in planned]
            said = confirmed(tree, found)
            write(folder, found, said, shlex.join(["outcomelab", "optimise", *argv]))
        finally:
            give_up(folder)
    print("\n".join([*lines(found, said), str(folder)]))
    return 0


def read(words: Sequence[str]) -> Wanted:
    """Own words and overrides, or InputError."""
    from sim.experiments.optimising.contest import Wanted

    given: dict[str, str] = {}
    overrides = []
    for word in words:
        key, equals, value = word.partition("=")
        if word.startswith("-") or not equals:
            raise InputError(f"optimise has no flag {word!r}{did_you_mean(key, ('--config-dir',))}")
        if key in OWN:
            given[key] = value
        else:
            overrides.append(word)
    for key in ("policy", "over"):
        if not given.get(key):
            raise InputError(f"optimise needs {key}=..., as in: policy=experience_focused over='policy.staffing.*'")
    policies = tuple(given["policy"].split(","))
    if len(set(policies)) < len(policies):
        raise InputError(f"policy must name each policy once, got {given['policy']}")
    if not any(word.startswith(("metrics=", "experiment=")) for word in overrides):
        overrides.append("metrics=[value]")
    trials = whole("trials", _number(given, "trials", TRIALS), 2, 100_000)
    return Wanted(
        policies, tuple(given["over"].split(",")), trials, float(_number(given, "within", WITHIN)), tuple(overrides)
    )


def _number(given: Mapping[str, str], key: str, otherwise: float) -> int | float:
    text = given.get(key, str(otherwise))
    try:
        return int(text) if key == "trials" else float(text)
    except ValueError:
        raise InputError(f"{key} must be a number, got {text!r}") from None


def _tell(trials: int) -> Any:
    def tell(name: str, trial: Trial) -> None:
        outcome = trial.failure or f"gain {trial.gain:+.6g}"
        print(f"optimise {name}: trial {trial.number + 1}/{trials}, {outcome}", file=sys.stderr)

    return tell


def lines(found: Sequence[Searched], said: Confirmed) -> list[str]:
    """`optimum`, `verdict` of the confirmation, `adopted`, and verdicts between policies shipped and adopted."""
    from sim.experiments.optimising.search import best
    from sim.experiments.verdict_lines import verdict_line

    told = []
    for one in found:
        top, name = best(one.trials), one.contestant.name
        where = " ".join(one.words) or "as shipped"
        told.append(f"optimum {name} {top.gain:.6g} {top.low:.6g} {top.high:.6g} trial={top.number} {where}")
    told += [verdict_line(row) for row in said.own]
    told += [f"adopted {name} {' '.join(words) or 'as shipped'}" for name, words in said.adopted.items()]
    return told + [verdict_line(row) for row in said.between]


def write(folder: Path, found: Sequence[Searched], said: Confirmed, command: str) -> None:
    """`trials.parquet`, `confirmation.parquet` and an experiment that compares the policies as adopted."""
    import pandas as pd
    import yaml

    from sim.experiments.compare import Comparison
    from sim.tables import write_atomically, write_result

    rows = [
        {"policy": one.contestant.name, **{k: v for k, v in t._asdict().items() if k != "numbers"}, **t.numbers}
        for one in found
        for t in one.trials
    ]
    write_result(pd.DataFrame(rows), folder / "trials.parquet")
    verdicts = [*said.own, *said.between]
    write_result(pd.DataFrame(verdicts, columns=list(Comparison._fields)), folder / "confirmation.parquet")
    arms = {name: [f"policy={name}", *words] for name, words in said.adopted.items()}
    body = yaml.safe_dump({"title": "Policies at their best allocation", "arms": arms}, sort_keys=False, width=100)
    text = f"# @package _global_\n# Made by: {command}\n{body}"
    write_atomically(folder / "experiment" / "optimised.yaml", text.encode())
