"""The tariff each arm was charged by, as matching left it: stored in the manifest, said on stdout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.pricing.matching import expected_first_year
from sim.pricing.seat_subscription import SeatSubscription

if TYPE_CHECKING:
    from sim.scenario import Scenario


def tariff_facts(scenario: Scenario) -> dict[str, Any]:
    """The matched tariff: its parameters, and the reference customers' first-year charge / list price."""
    tariff: Any = scenario.pricing
    options = {name: _facts(option, scenario) for name, option in tariff.options.items()}
    return {**_facts(tariff, scenario), **({"options": options} if options else {})}


def _facts(tariff: Any, scenario: Scenario) -> dict[str, Any]:
    reference = scenario.market.reference
    parameters = {key: value for key, value in asdict(tariff).items() if key != "options"}
    conditions = parameters.pop("conditions")
    if not tariff.options:  # a menu is never billed itself
        parameters["billing_months"] = _billed(tariff, scenario)
    return {
        "is_reference": type(tariff) is SeatSubscription,
        "first_year": round(expected_first_year(tariff, reference), 9),
        "parameters": {**parameters, **conditions},
    }


def _billed(tariff: Any, scenario: Scenario) -> int:
    """Months that a bill is for: the tariff's own or the market's, never more than the term."""
    contract = scenario.market.contract
    if scenario.world.society.repurchase.each_time:
        return contract.term_months
    return min(tariff.billing_months or contract.billing_months, contract.term_months)


def tariff_lines(manifests: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line per arm and tariff, `tariff <arm> <name> first_year=<share of list price> level=... <context>`.

    Nothing where every arm is charged by the reference tariff; a tariff alike in all contexts is said once.
    """
    known = [manifest for manifest in manifests if manifest.get("tariff")]
    if all(manifest["tariff"]["is_reference"] for manifest in known):
        return []
    contexts: dict[tuple[str, str], list[str]] = {}
    for manifest in known:
        for said in _said(manifest["tariff"]):
            contexts.setdefault((str(manifest["arm"]), said), []).append(str(manifest["context"]))
    everywhere = len({manifest["context"] for manifest in known})
    return [
        f"tariff {arm} {said} {place}"
        for (arm, said), places in contexts.items()
        for place in (["-"] if len(places) == everywhere else places)
    ]


def timing_note(tariffs: Iterable[Mapping[str, Any]], decision_metric: str) -> str:
    """A warning where tariffs that can be paid at different times are compared by what was paid; else nothing."""
    when = {_paid_when(facts) for one in tariffs for facts in (one, *one.get("options", {}).values())}
    if len(when) < 2 or "_earned_" in decision_metric:
        return ""
    return (
        f"these tariffs can be paid at different times, and {decision_metric} counts what is paid within the "
        "follow-up: a bill in arrears that comes later is missing, a year in advance counts whole; "
        "decision_metric=net_earned_by_36 with earned among the metrics compares the same months of service"
    )


def _paid_when(facts: Mapping[str, Any]) -> tuple[str, ...]:
    own = facts["parameters"]
    return tuple(str(own.get(key)) for key in ("name", "billing_months", "lag_days", "provisional_outcome"))


def _said(facts: Mapping[str, Any]) -> list[str]:
    """The tariff, and each option of a menu."""
    return [_words(facts), *(f"option={name} {_words(one)}" for name, one in facts.get("options", {}).items())]


def _words(facts: Mapping[str, Any]) -> str:
    own = dict(facts["parameters"])
    name = "_".join(str(own.pop("name")).split())
    numbers = " ".join(f"{key}={_word(value)}" for key, value in own.items())
    return f"{name} first_year={facts['first_year']:.4f} {numbers}"


def _word(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "_".join(str(value).split())
