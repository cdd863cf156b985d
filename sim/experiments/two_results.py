"""Arms of two result folders: which are compared, whether they may be, and whether replication by replication.

A comparison means nothing where money is counted in another currency, discounted otherwise, followed for another
time or earned in another market: it is refused. Where seed, candidates, horizon or code differ, replications have
nothing in common and the interval is Welch's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.checks import InputError
from sim.context.fingerprint import DISPLAY, SCALE
from sim.experiments.compare import compare
from sim.experiments.defining import config_of
from sim.experiments.manifest import NAME, read_manifest
from sim.experiments.setting import leaves
from sim.nearest import did_you_mean
from sim.paths import result_folder

if TYPE_CHECKING:
    import pandas as pd

METRICS: Final = "metrics.parquet"
ELSE: Final = ("world", "budget_scale", "panel")
NAMED_AT_MOST: Final = 4


class Side(NamedTuple):
    """One arm in one context, as one of the two folders holds it."""

    label: str
    """What was typed, and the arm."""
    context: str
    arm: str
    folder: Path
    facts: dict[str, Any]
    tree: dict[str, Any]
    result: Path
    """The folder it was found in: one command, one version of the code."""


class Result(NamedTuple):
    """One of the two folders."""

    typed: str
    baseline: str
    sides: dict[str, dict[str, Side]]
    """By context and arm."""


class Match(NamedTuple):
    """One arm of the second folder against one of the first."""

    baseline: Side
    arm: Side
    apart: tuple[str, ...]
    """Why their replications are not pairs; empty where they are."""
    besides: tuple[str, ...]
    """What differs besides policy, pricing and survey."""


def read_result(word: str) -> Result:
    """`DIR` or `DIR:ARM`; DIR is the folder of a result or of one arm."""
    path, colon, wanted = (word, "", "") if result_folder(word).is_dir() else word.rpartition(":")
    folder = result_folder(path)
    if not path or not folder.is_dir():
        raise InputError(f"DIR must be a result folder, with :ARM behind it if one arm is meant, got {word}")
    manifest = read_manifest(folder)
    if manifest is None:
        raise InputError(f"{folder} must be the folder of a result or of one arm, got one without {NAME}")
    rows = manifest.get("arms", [{"context": manifest.get("context"), "arm": manifest.get("arm"), "folder": "."}])
    sides: dict[str, dict[str, Side]] = {}
    for row in rows:
        context, arm = str(row["context"]), str(row["arm"])
        if not colon or arm == wanted:
            sides.setdefault(context, {})[arm] = _side(path, context, arm, folder, str(row["folder"]))
    if not sides:
        arms = list(dict.fromkeys(str(row["arm"]) for row in rows))
        raise InputError(f"{path} holds {', '.join(arms) or 'no arm'}, got {wanted!r}{did_you_mean(wanted, arms)}")
    return Result(path, str(manifest.get("baseline")), sides)


def _side(typed: str, context: str, arm: str, result: Path, own: str) -> Side:
    folder = result / own
    facts = read_manifest(folder)
    if facts is None or not (folder / METRICS).is_file():
        raise InputError(f"{folder} holds no finished arm")
    if not isinstance(facts.get("finished"), int):
        raise InputError(f"{folder / NAME} must say how many replications have finished, got {facts.get('finished')!r}")
    return Side(f"{typed}:{arm}", context, arm, folder, facts, config_of(folder), result.resolve())


def matches(first: Result, second: Result) -> list[Match]:
    """In each context they share (or in the only one of each) every arm of the second against its namesake of the
    first, or else against the first's baseline."""
    found = []
    for ours, theirs in _shared(first, second):
        baseline = ours.get(first.baseline) or next(iter(ours.values()))
        for arm, side in theirs.items():
            against = ours.get(arm, baseline)
            if against.folder.resolve() == side.folder.resolve():
                against = baseline
            if against.folder.resolve() != side.folder.resolve():
                found.append(_match(against, side))
    if not found:
        raise InputError(f"{second.typed} holds no arm besides the one it would be compared with")
    return found


def _shared(first: Result, second: Result) -> Iterator[tuple[dict[str, Side], dict[str, Side]]]:
    names = [name for name in first.sides if name in second.sides]
    if not names and len(first.sides) == len(second.sides) == 1:
        yield next(iter(first.sides.values())), next(iter(second.sides.values()))
    elif not names:
        raise InputError(
            f"{first.typed} and {second.typed} share no context: {', '.join(first.sides)} and "
            f"{', '.join(second.sides)}; give the folder of one arm each"
        )
    for name in names:
        yield first.sides[name], second.sides[name]


def _match(baseline: Side, arm: Side) -> Match:
    """Two arms that may be compared, or InputError."""
    _refuse(baseline, arm)
    one, other = (leaves({key: side.tree.get(key) for key in ELSE}) for side in (baseline, arm))
    keys = [key for key in dict.fromkeys((*one, *other)) if one.get(key) != other.get(key)]
    besides = tuple(f"{key} {one.get(key, '-')} and {other.get(key, '-')}" for key in keys)
    return Match(baseline, arm, tuple(_apart(baseline, arm)), besides)


def _refuse(baseline: Side, arm: Side) -> None:
    """Differences after which a number of one means something else than the same number of the other."""
    from sim.scenario import COHORT, windows

    a, b = baseline.tree, arm.tree
    follow = [f"{windows(float(tree['horizon_months'])).follow_days:.0f} days" for tree in (a, b)]
    rate, entry = "discount_rate_per_year", [tree.get("entry", COHORT) for tree in (a, b)]
    for what, one, other, why in (
        ("currency", a.get("currency"), b.get("currency"), "amounts cannot be subtracted"),
        (rate, a.get(rate), b.get(rate), "money of later years weighs differently"),
        ("market", _market(a), _market(b), "a difference would not be the policy's"),
        ("time that customers are followed", *follow, "their metrics are about other lengths of time"),
        ("entry", *entry, "candidates of one stop coming, and its budget with them"),
        ("panel", a.get("panel"), b.get("panel"), "their replications are other firms"),
    ):
        if one != other:
            values = "" if isinstance(one, dict) or isinstance(other, dict) else f" ({one} and {other})"
            raise InputError(f"{baseline.label} and {arm.label} differ in {what}{values}: {why}")


def _market(tree: dict[str, Any]) -> dict[str, Any]:
    """What the market is, without labels, its frozen reference and its size."""
    kept = {key: value for key, value in leaves(tree.get("market") or {}).items() if key.split(".")[0] not in DISPLAY}
    return {key: value for key, value in kept.items() if key.split(".")[-1] not in SCALE}


def _apart(baseline: Side, arm: Side) -> Iterator[str]:
    """Why replication number r of one is not the same luck as that of the other."""
    a, b = baseline.tree, arm.tree
    for key in ("seed", "horizon_months"):
        if a.get(key) != b.get(key):
            yield f"{key} {a.get(key)} and {b.get(key)}"
    if _candidates(a) != _candidates(b):
        yield "other candidates"
    codes = [side.facts.get("code") for side in (baseline, arm)]
    if baseline.result != arm.result and (codes[0] is None or codes[0] != codes[1]):
        yield "versions of the code that are not known to agree" if None in codes else "different versions of the code"


def _candidates(tree: dict[str, Any]) -> list[Any]:
    """What decides who the candidates are."""
    arrival = (tree.get("market") or {}).get("arrival") or {}
    world = tree.get("world") or {}
    sizes = [list(value) if isinstance(value, (list, tuple)) else value for value in map(arrival.get, SCALE)]
    return [tree.get("candidates_share"), *sizes, world.get("installed"), (world.get("society") or {}).get("personas")]


def judged(match: Match, metric: str | None = None) -> pd.DataFrame:
    """The comparison's rows, labelled by folder and arm; InputError where the decision metric is missing."""
    import pandas as pd

    baseline, arm = match.baseline, match.arm
    own = [str(side.tree.get("decision_metric")) for side in (baseline, arm)]
    if metric is None and own[0] != own[1]:
        raise InputError(
            f"{baseline.label} and {arm.label} were decided by {own[0]} and {own[1]}: choose with --metric"
        )
    wanted = metric or own[0]
    tables = {side.label: pd.read_parquet(side.folder / METRICS) for side in (baseline, arm)}
    for label, table in tables.items():
        if wanted not in set(table["metric"]):
            raise InputError(f"{label} has no {wanted}{did_you_mean(wanted, set(table['metric'].astype(str)))}")
    margins = [side.tree.get("worthwhile_difference") for side in (baseline, arm)]
    margin = margins[0] if margins[0] == margins[1] and wanted in own else None
    clear = any(side.tree.get("until") == "clear" for side in (baseline, arm))
    place = baseline.context if baseline.context == arm.context else f"{arm.context}/{baseline.context}"
    return compare(tables, baseline.label, wanted, margin, place, None, clear, not match.apart)


def said(match: Match) -> list[str]:
    """One sentence on how the two are compared, and one on what else differs."""
    names = f"{match.arm.label} and {match.baseline.label}"
    counts = [int(side.facts["finished"]) for side in (match.arm, match.baseline)]
    if match.apart:
        lines = [f"unpaired: {names} have {'; '.join(match.apart)}, so the interval is Welch's ({counts[0]} and "
                 f"{counts[1]} replications)"]  # fmt: skip
        if any(side.tree.get("until") == "clear" for side in (match.baseline, match.arm)):
            lines.append("one of them ran until its verdict was clear: an interval that is not paired forgets that")
    else:
        lines = [f"paired: {names} share seed, candidates, horizon and code ({min(counts)} replications)"]
    if match.besides:
        more = len(match.besides) - NAMED_AT_MOST
        shown = "; ".join(match.besides[:NAMED_AT_MOST]) + (f"; and {more} more" if more > 0 else "")
        lines.append(f"they also differ in {shown}: a difference may come from there")
    return lines
