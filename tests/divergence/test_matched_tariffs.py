"""Matched tariffs are said wherever one differs from the reference."""

from __future__ import annotations

import pytest

from sim import load_scenario
from sim.checks import InputError
from sim.experiments.tariffs import tariff_facts, tariff_lines, timing_note
from sim.statements.caveats import caveats


@pytest.mark.parametrize("option", ["seat_subscription", "usage_based", "outcome_based"])
def test_matching_gives_every_tariff_the_same_first_year(option: str) -> None:
    facts = tariff_facts(load_scenario(f"pricing={option}"))
    assert facts["first_year"] == pytest.approx(1.0, abs=1e-9)
    assert facts["is_reference"] == (option == "seat_subscription")
    assert facts["parameters"]["name"] == option


def test_without_matching_the_first_year_is_what_it_is() -> None:
    facts = tariff_facts(load_scenario("pricing=usage_based", "pricing.match=none"))
    assert facts["first_year"] != pytest.approx(1.0, abs=1e-3) and facts["parameters"]["level"] == 1.0


def test_the_months_of_a_bill_are_said_where_they_are_the_markets() -> None:
    """0 in the configuration means the market's, and no bill is longer than the term; a tariff's own stay (control)."""

    def billed(*overrides: str) -> object:
        return tariff_facts(load_scenario(*overrides))["parameters"]["billing_months"]

    assert billed() == load_scenario().market.contract.billing_months > 0
    assert billed("market=smb") == 1 and billed("pricing=usage_based") == 1 and billed("pricing=outcome_based") == 12


def manifest(arm: str, context: str, level: float, is_reference: bool) -> dict[str, object]:
    parameters = {"name": "two words", "match": "none", "level": level, "billing_months": 1}
    return {
        "arm": arm,
        "context": context,
        "tariff": {"is_reference": is_reference, "first_year": 1.0, "parameters": parameters},
    }


def test_a_tariff_alike_everywhere_is_said_once() -> None:
    rows = [manifest("a", place, 1.5, False) for place in ("x", "y")]
    assert tariff_lines(rows) == ["tariff a two_words first_year=1.0000 match=none level=1.5 billing_months=1 -"]


def test_a_tariff_that_a_context_changes_is_said_there() -> None:
    lines = tariff_lines([manifest("a", "x", 1.5, False), manifest("a", "y", 1.6, False)])
    assert [line.split()[-1] for line in lines] == ["x", "y"] and len(lines) == 2


def test_the_reference_tariff_alone_needs_no_words() -> None:
    assert tariff_lines([manifest("a", "x", 1.0, True)]) == [] == tariff_lines([{"arm": "a", "tariff": {}}])


def test_caveats() -> None:
    assert caveats(None, sentences=["so it is"]) == ["note: so it is"]  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"statement.sentences must be a list"):
        caveats(None, sentences="one")  # type: ignore[arg-type]


def test_experiments_compose() -> None:
    from sim.experiments.checked import compositions
    from sim.experiments.composer import composer
    from sim.experiments.plan import plan

    with composer() as tree:
        for name, jobs in (("pricing_models", 3), ("share_frontier", 8)):
            (study,) = plan(tree, [f"experiment={name}", "size=small"], False)
            assert len(list(compositions(tree, study))) == jobs


def test_tariffs_paid_at_different_times_are_not_compared_by_cash_without_a_word() -> None:
    ahead, behind = (tariff_facts(load_scenario(f"pricing={name}")) for name in ("seat_subscription", "outcome_based"))
    assert "net_earned_by_36" in timing_note([ahead, behind], "net_cash_per_candidate")
    assert (
        timing_note([ahead, behind], "net_earned_by_36") == "" == timing_note([ahead, ahead], "net_cash_per_candidate")
    )
    menu = tariff_facts(load_scenario("pricing=menu"))
    assert timing_note([menu], "net_cash_per_candidate") != "", "its options differ"
