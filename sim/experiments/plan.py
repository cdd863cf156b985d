"""From typed overrides to studies: which jobs run, checked before any of them does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.command_keys import OF_A_JOB
from sim.experiments.arms import (
    NO_CONTEXT,
    Arm,
    Context,
    crossed,
    declared,
    distinct_contexts,
    refuse_conflicts,
    top_key,
)
from sim.experiments.checked import checked_composition, without_hydra
from sim.experiments.claim import Claim, declared_claims
from sim.experiments.composer import quoted
from sim.experiments.designs.design import Design, declared_design
from sim.experiments.equal_result import IsoResult, declared_result, is_base, with_rungs
from sim.experiments.hydra_node import refuse_hydra_overrides
from sim.experiments.settings import Settings, settings
from sim.experiments.sizes import no_larger
from sim.experiments.sweep import VALUES_AT_MOST, Sweep, sorted_overrides
from sim.experiments.wrong_key import one_sentence
from sim.nearest import did_you_mean
from sim.targets import resolved

if TYPE_CHECKING:
    from sim.experiments.composer import Composer


@dataclass(frozen=True)
class Job:
    """One scenario with all its replications: an arm in a context."""

    arm: str
    context: Context
    overrides: tuple[str, ...]
    folder: str
    """Relative to the study's folder."""
    replications: int | None = None
    """As chosen by `until`; None: as configured."""
    only_fill: bool = False
    """Whether the job puts its replications into the store and writes nothing else."""


@dataclass(frozen=True)
class Study:
    """One comparison: jobs, the arm the others are compared with, and the settings they share."""

    name: str
    settings: Settings
    overrides: tuple[str, ...]
    """Common to every job."""
    tree: dict[str, Any]
    """The resolved configuration that the jobs start from."""
    jobs: tuple[Job, ...]
    baseline: str
    claims: tuple[Claim, ...]
    iso_result: IsoResult | None
    design: Design | None

    @property
    def arms(self) -> list[str]:
        """Arm names in order."""
        return list(dict.fromkeys(job.arm for job in self.jobs))


def plan(composer: Composer, overrides: Sequence[str], multirun: bool) -> list[Study]:
    """Every study of a command line, or InputError; nothing is instantiated."""
    with one_sentence(composer):
        parsed = composer.parse(overrides)
        refuse_hydra_overrides(parsed)
        sweep = sorted_overrides(parsed, multirun)
        studies = sweep.experiments or (None,)
        return [_study(composer, overrides, sweep, experiment) for experiment in studies]


def _study(composer: Composer, typed: Sequence[str], sweep: Sweep, experiment: str | None) -> Study:
    common = (*sweep.common, f"experiment={experiment}") if experiment else sweep.common
    _refuse_conflicts(composer, typed, common)
    common = (*common, *no_larger(composer, common))
    cfg, choices = checked_composition(composer, common, common)
    tree = resolved(cfg)
    for key in OF_A_JOB:
        if tree[key]:
            raise InputError(f"{key} is set by the program for each scenario and must be left out, got {tree[key]!r}")
    arms = declared(composer, "arms", tree["arms"])
    contexts = declared(composer, "contexts", tree["contexts"])
    arms = arms or {str(choices["policy"]): ()}
    wanted = declared_result(tree["iso_result"])
    design = _design(composer, common, tree, arms, contexts)
    _refuse_two_designs(composer, design, wanted, (*typed, *sum((*arms.values(), *contexts.values()), ())))
    points = design.contexts(tree["seed"]) if design else [Context()]
    levers: list[tuple[tuple[str, str], ...]] = design.lever_choices(tree["seed"]) if design else [()]
    _refuse_too_many(len(arms) * max(1, len(contexts)) * sweep.combinations * len(points) * len(levers))
    places = with_rungs(_places(sweep, contexts, points), wanted, tree["budget_scale"])
    jobs = _jobs(common, sweep, arms, places, levers)
    claims = declared_claims(tree["claims"], arms, contexts or (NO_CONTEXT,))
    swept = sweep.levers or sweep.contexts
    name = str(choices.get("experiment") or ("sweep" if swept else "run"))
    study = Study(name, settings(tree), common, tree, jobs, jobs[0].arm, claims, wanted, design)
    return _without_idle_rungs(_with_baseline(study))


def _refuse_too_many(scenarios: int) -> None:
    if scenarios > VALUES_AT_MOST:
        raise InputError(f"a study must have at most {VALUES_AT_MOST} scenarios, got {scenarios}: make several of it")


def _design(
    composer: Composer,
    common: Sequence[str],
    tree: dict[str, Any],
    arms: dict[str, tuple[str, ...]],
    contexts: dict[str, tuple[str, ...]],
) -> Design | None:
    """The declared design, its keys looked up in the first arm of the first context."""
    if tree["design"] is None:
        return None
    own = [*next(iter(contexts.values()), ()), *next(iter(arms.values()))]
    first = resolved(without_hydra(composer.compose([*common, *own]))) if own else tree
    return declared_design(composer, tree["design"], first, settings(tree).points_at_most)


def _refuse_two_designs(
    composer: Composer, design: Design | None, wanted: IsoResult | None, words: Sequence[str]
) -> None:
    """Refuse what would silently win over a point, or a point over it."""
    if design is None:
        return
    if wanted is not None:
        raise InputError("iso_result cannot be combined with a design: each of them makes contexts of its own")
    moved = {one.key for one in (*design.uncertainties, *design.levers)}
    for override in composer.parse(words):
        if override.key_or_group in moved:
            raise InputError(f"{override.key_or_group} is moved by the design and cannot be set besides")


def _without_idle_rungs(study: Study) -> Study:
    """The baseline is read at its own budget only."""
    return replace(study, jobs=tuple(j for j in study.jobs if j.arm != study.baseline or is_base(study, j.context)))


def _refuse_conflicts(composer: Composer, typed: Sequence[str], common: Sequence[str]) -> None:
    """Compare what was typed with what the experiment's own arms and contexts set."""
    kinds = ("arms", "contexts")
    own = [word for word in common if top_key(composer.parse([word])[0]) in ("experiment", *kinds)]
    if not own:
        return
    tree = resolved(without_hydra(composer.compose(own)))
    for kind in kinds:
        refuse_conflicts(composer, kind, declared(composer, kind, tree[kind]), composer.parse(typed))


def _with_baseline(study: Study) -> Study:
    wanted = study.settings.baseline
    if wanted is None:
        return study
    crossed_ones = [arm for arm in study.arms if arm.startswith(f"{wanted}+")]
    if wanted not in study.arms and crossed_ones:
        return replace(study, baseline=crossed_ones[0])
    if wanted not in study.arms:
        hint = did_you_mean(wanted, study.arms)
        raise InputError(f"baseline must be one of the arms {', '.join(study.arms)}, got {wanted}{hint}")
    return replace(study, baseline=wanted)


def _places(sweep: Sweep, contexts: dict[str, tuple[str, ...]], points: list[Context]) -> list[Context]:
    """Declared contexts crossed with swept context keys and with the points of a design."""
    columns = [Context((("context", name),), words) for name, words in contexts.items()] or [Context()]
    return distinct_contexts(
        [
            Context(a.columns + b.columns + c.columns, a.overrides + b.overrides + c.overrides)
            for a, b, c in product(columns, sweep.settings(), points)
        ]
    )


def _jobs(
    common: tuple[str, ...],
    sweep: Sweep,
    arms: dict[str, tuple[str, ...]],
    places: list[Context],
    levers: list[tuple[tuple[str, str], ...]],
) -> tuple[Job, ...]:
    choices = [a + b for a, b in product(sweep.arms(), levers)]
    made = crossed([Arm(name, words) for name, words in arms.items()], choices)
    return tuple(
        Job(
            arm.name,
            place,
            (*common, *place.overrides, *arm.overrides, *_labels(arm, place)),
            f"arms/{place.name}/{arm.name}",
        )
        for place in places
        for arm in made
    )


def _labels(arm: Arm, place: Context) -> tuple[str, str]:
    words = ",".join(quoted(f"{key}={value}") for key, value in place.columns)
    return f"++arm={quoted(arm.name)}", f"++context=[{words}]"
