"""Claims judged: does the thesis hold in each context, by the paired verdict on its own two arms?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.experiments.compare import compare
from sim.experiments.equal_result import base_of, with_equal_results
from sim.experiments.margin import REVENUE_METRIC
from sim.metrics.catalogue import about, measures_of
from sim.metrics.equal_result import MEASURES as EQUAL_RESULT
from sim.metrics.long import Measure

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.claim import Claim
    from sim.experiments.plan import Job, Study

NUMBERS: Final = ("difference", "low", "high", "margin", "replications_needed", "arm_mean", "baseline_mean")
UNDEFINED: Final[dict[str, Any]] = {"verdict": "undecided", "replications": 0, **dict.fromkeys(NUMBERS, math.nan)}
"""What the comparison would say of a metric without a value in both arms."""


class Judged(NamedTuple):
    """One row of `claims.parquet`: a claim in one context."""

    claim: str
    context: str
    word: str
    """holds, fails or undecided."""
    expected: str
    """true, false or - (nothing declared)."""
    metric: str
    view: str
    segment: str
    arm: str
    baseline: str
    sign: str
    unit: str
    verdict: str
    difference: float
    low: float
    high: float
    margin: float
    replications: int
    replications_needed: float
    arm_mean: float
    baseline_mean: float

    @property
    def as_expected(self) -> bool:
        """Whether the context shows what was declared of it; also where nothing was."""
        return {"true": self.word == "holds", "false": self.word == "fails"}.get(self.expected, True)


def word(sign: str, verdict: str, difference: float) -> str:
    """What a verdict word and the sign of its difference say about a claim of this sign."""
    if verdict == "undecided":
        return "undecided"
    if sign == "same" or verdict not in ("better", "worse"):
        return "holds" if (sign == "same") == (verdict not in ("better", "worse")) else "fails"
    return "holds" if (sign == "higher") == (difference > 0.0) else "fails"


def judge(study: Study, metrics: pd.DataFrame, families: tuple[Any, ...] = ()) -> list[Judged]:
    """Every claim in every context in which both of its arms left the metric; reads the study's long table."""
    known = measures_of(families)
    return [
        found
        for claim in study.claims
        for suffix in _suffixes(claim, study.arms)
        for context in dict.fromkeys(job.context.name for job in study.jobs)
        if (found := _judged(study, metrics, claim, context, suffix, known)) is not None
    ]


def _suffixes(claim: Claim, arms: list[str]) -> Iterator[str]:
    """Empty, or the swept levers (`+usage_based`) that the claim's arms were crossed with."""
    for arm in arms:
        suffix = arm.removeprefix(claim.arm)
        if arm.startswith(claim.arm) and suffix[:1] in ("", "+") and claim.baseline + suffix in arms:
            yield suffix


def _judged(
    study: Study, metrics: pd.DataFrame, claim: Claim, context: str, suffix: str, known: Mapping[str, Measure]
) -> Judged | None:
    """None where an arm, or the metric in it, is missing; undecided where the metric is undefined in one of them."""
    arm, baseline = claim.arm + suffix, claim.baseline + suffix
    here = metrics[metrics["context"] == context]
    wanted = here[here["metric"].isin([claim.metric, REVENUE_METRIC])]
    arms = {name: wanted[wanted["arm"] == name] for name in (baseline, arm)}
    if any(not (one["metric"] == claim.metric).any() for one in arms.values()):
        return None
    s, measure = study.settings, about(claim.metric, known)
    table = compare(arms, baseline, s.decision_metric, s.worthwhile_difference, context, known, s.until == "clear")
    view = claim.view or measure.view
    rows = table[(table["metric"] == claim.metric) & (table["view"] == view) & (table["segment"] == claim.segment)]
    rows = rows if measure.timed else rows[rows["time_days"].isna()]
    found = rows.iloc[0].to_dict() if len(rows) else {**UNDEFINED, "unit": measure.unit}
    return Judged(
        claim=claim.name + suffix,
        context=context,
        word=word(claim.sign, str(found["verdict"]), float(found["difference"])),
        expected=claim.expected(context),
        metric=claim.metric,
        view=view,
        segment=claim.segment,
        arm=arm,
        baseline=baseline,
        sign=claim.sign,
        **{name: found[name] for name in ("unit", *UNDEFINED)},
    )


def claim_line(found: Judged) -> str:
    """`claim <name> <context> <word> <difference> <low> <high> expected=<true|false|->`, no field with a space."""
    numbers = " ".join(f"{value + 0.0:.6g}" for value in (found.difference, found.low, found.high))
    return f"claim {found.claim} {found.context} {found.word} {numbers} expected={found.expected}"


def try_claims(experiment: str, *overrides: str, seed: int) -> list[Judged]:
    """An experiment's claims on a seed, in this process and without a report.

    Only the contexts of which a claim expects something are run, and only the arms that claims name.
    """
    from sim.experiments.composer import composer
    from sim.experiments.plan import plan

    with composer() as tree:
        (study,) = plan(tree, (f"experiment={experiment}", f"seed={seed}", *overrides), multirun=False)
        tables = [_measured(tree.compose(job.overrides)) for job in study.jobs if _is_needed(study, job)]
    import pandas as pd

    return judge(study, with_equal_results(study, pd.concat(tables, ignore_index=True)))


def _is_needed(study: Study, job: Job) -> bool:
    """Arms and contexts of a claim; other budgets of such a context only for claims about an equal result."""
    base, scale = base_of(job.context) if study.iso_result is not None else (job.context.name, 1.0)
    return any(
        (scale == 1.0 or claim.metric in EQUAL_RESULT)
        and (job.arm in (claim.arm, claim.baseline, study.baseline))
        and claim.expected(base) != "-"
        for claim in study.claims
    )


def _measured(cfg: Any) -> pd.DataFrame:
    """The long table of one job, with its labels."""
    from sim.build import build
    from sim.experiments.checked import without_hydra
    from sim.experiments.job import labelled, labels, measured
    from sim.targets import resolved

    body = without_hydra(cfg)
    tree = resolved(body)
    return labelled(measured(build(body), tree), labels(tree))
