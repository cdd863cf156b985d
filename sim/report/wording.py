"""Plain sentences for verdicts. One rule above all: an interval that contains zero is never worded
better or worse, whatever the table says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sim.report.numbers import Unit, count, decimals, plain, shown, span

DECIDED = ("better", "worse")
VERDICTS = ("better", "worse", "practically-equal", "undecided", "identical")
MOST_NAMED = 8
"""Contexts that a sentence names; of more it says how many."""
ABBREVIATIONS = ("grr", "nrr", "nps", "csat", "ces", "cac", "ltv", "ttv", "ttr", "auc")


class Finding(NamedTuple):
    """One row of the comparison: `arm` minus `baseline` in `context`."""

    metric: str
    arm: str
    baseline: str
    context: str
    verdict: str
    difference: float
    low: float
    high: float
    margin: float
    replications: int
    replications_needed: float
    unit: Unit
    arm_mean: float = math.nan
    baseline_mean: float = math.nan
    one_sided: int = 0

    @property
    def half_width(self) -> float:
        """Half the interval's width; nan without an interval."""
        return (self.high - self.low) / 2.0

    @property
    def has_interval(self) -> bool:
        """Whether the interval has two finite ends."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def worded(self) -> str:
        """The verdict that may be written: a direction needs an interval without zero."""
        clear = self.has_interval and not self.low <= 0.0 <= self.high
        return "undecided" if self.verdict in DECIDED and not clear else self.verdict


def words(name: str) -> str:
    """A name of the configuration as people read it: `outcome_focused` is `outcome focused`."""
    return name.replace("_", " ")


def metric_words(metric: str) -> str:
    """A metric's name as words: `logo_retention_12` is `logo retention at 12 months`."""
    stem, _, last = metric.rpartition("_")
    text = words(f"{stem.removesuffix('_by')} at {last} months" if last.isdigit() and stem else metric)
    return " ".join(word.upper() if word in ABBREVIATIONS else word for word in text.split(" "))


def context_words(context: str) -> str:
    """A context's name as words: `world=both_matter,market=smb` is `world: both matter, market: smb`."""
    if context in ("", "-"):
        return "one setting"
    return words(", ".join(part.replace("=", ": ", 1) for part in context.split(",")))


def place_words(context: str, arm: str = "") -> str:
    """A context and an arm as one label; the only context of a result is not worth naming."""
    where = "" if context in ("", "-") else context_words(context)
    return " \N{MIDDLE DOT} ".join(part for part in (where, words(arm)) if part)


def context_quoted(context: str) -> str:
    """A context's name inside a sentence, between quotation marks."""
    if context in ("", "-"):
        return "this setting"
    return f"\N{LEFT DOUBLE QUOTATION MARK}{context_words(context)}\N{RIGHT DOUBLE QUOTATION MARK}"


def amount(finding: Finding, bare: bool = False) -> str:
    """The difference with its 95 % interval; `bare` leaves the words away."""
    number = shown(finding.difference, finding.unit, finding.half_width, signed=True)
    if not finding.has_interval:
        return number
    interval = span(finding.low, finding.high, finding.unit)
    return f"{number} ({interval})" if bare else f"{number} (95 % interval {interval})"


def margin_text(finding: Finding) -> str:
    """The margin below which a difference is not worth acting on."""
    if not math.isfinite(finding.margin):
        return "none"
    return "\N{PLUS-MINUS SIGN}" + shown(finding.margin, finding.unit.of_distance)


def sentence(finding: Finding) -> str:
    """What one verdict means."""
    f = finding
    arm, baseline = words(f.arm), words(f.baseline)
    match f.worded:
        case "better" | "worse":
            direction = "higher" if f.difference > 0.0 else "lower"
            return f"{arm} does {f.worded} than {baseline}: its {metric_words(f.metric)} is {direction}."
        case "practically-equal":
            return (
                f"{arm} and {baseline} are practically equal: the whole interval lies within the margin "
                f"of {margin_text(f)}."
            )
        case "identical":
            return f"{arm} and {baseline} are identical in every one of {count(f.replications)} replications."
        case _:
            return f"This run cannot tell {arm} and {baseline} apart: {_why_undecided(f)}."


def _why_undecided(f: Finding) -> str:
    if f.one_sided:
        return f"{_alone(f)}, and the others would flatter the one that did not"
    if not f.has_interval:
        return "one replication gives no interval"
    if math.isfinite(f.replications_needed):
        needed = plain(f.replications_needed, min(decimals(f.replications_needed), 0))
        return f"the interval contains zero; about {needed} replications would decide"
    return "the interval contains zero"


def _alone(f: Finding) -> str:
    return f"in {count(f.one_sided)} replications one of them alone attained what is measured"


def verdict_words(f: Finding) -> str:
    """The verdict in a table, with the reason where there could not be one."""
    return f"undecided: {_alone(f)}" if f.one_sided else f.worded.replace("-", " ")


_PHRASES = {
    "better": "does better",
    "worse": "does worse",
    "practically-equal": "does practically the same",
    "undecided": "cannot be told apart",
    "identical": "is identical",
}


def headline(findings: Iterable[Finding]) -> str:
    """One sentence over all contexts for one arm against the baseline."""
    rows = list(findings)
    groups = {verdict: [f for f in rows if f.worded == verdict] for verdict in VERDICTS}
    present = {verdict: found for verdict, found in groups.items() if found}
    lead = "The answer flips. " if groups["better"] and groups["worse"] else ""
    who = f"Against {words(rows[0].baseline)}, {words(rows[0].arm)}"
    if len(present) == 1:
        (verdict,) = present
        every = "any of the" if verdict == "undecided" else "all"
        return f"{who} {_PHRASES[verdict]}{f' in {every} {len(rows)} contexts' if len(rows) > 1 else ''}."
    parts = [f"{_PHRASES[verdict]} in {_where(found, len(rows))}" for verdict, found in present.items()]
    return f"{lead}{who} {', '.join(parts[:-1])} and {parts[-1]}."


def _where(findings: list[Finding], contexts: int) -> str:
    """The contexts by name, or how many they are."""
    if contexts > MOST_NAMED:
        return f"{len(findings)} of {contexts} contexts"
    return listed([context_quoted(f.context) for f in findings])


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
