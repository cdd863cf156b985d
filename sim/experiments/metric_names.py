"""Metrics that a study names: refused before anything runs where no chosen family computes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.metrics.catalogue import TENURE, names_of
from sim.metrics.equal_result import MEASURES as EQUAL_RESULT
from sim.nearest import did_you_mean

if TYPE_CHECKING:
    from sim.experiments.plan import Study


def check_metrics(study: Study, families: tuple[Any, ...]) -> None:
    """Refuse a decision metric, or a claim about a metric, that no chosen family computes."""
    names = names_of(families)
    check_metric("decision_metric", study.settings.decision_metric, names)
    for name in study.settings.primary_metrics or ():
        check_metric("primary_metrics", name, names)
    for claim in study.claims:
        if claim.metric not in EQUAL_RESULT:
            check_metric(f"claims.{claim.name}.metric", claim.metric, names)
    if study.iso_result is not None:
        check_metric("iso_result.metric", study.iso_result.metric, names)


def check_metric(key: str, metric: str, names: Collection[str]) -> None:
    """Refuse a metric that is none of `names`; where it is read at other months, these are said."""
    if not names or metric in names:
        return
    base = TENURE.sub("", metric)
    read = [name for name in names if name != base and TENURE.sub("", name) == base]
    if read:
        raise InputError(f"{key} {metric} is not computed: there are {', '.join(read)}")
    hint = did_you_mean(metric, names, f"; there are {', '.join(sorted(names))}")
    raise InputError(f"{key} {metric} is computed by none of the chosen metrics{hint}")
