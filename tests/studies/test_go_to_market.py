"""Theses on ways to sell and on industries, true and false, on seeds that were not used to find them."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims


@pytest.mark.full
@pytest.mark.slow
def test_freemium_beats_sellers_where_the_product_shows_what_counts() -> None:
    """Paired intervals of 8 replications; each context alone would mislead in 1 of 40 where nothing is to be found."""
    found = {
        judged.context: judged.word
        for judged in try_claims("freemium_or_sales_led", "size=small", "small_share=0.25", seed=9601)
    }
    assert found == {"outcomes_decide": "holds", "experience_decides": "fails", "much_to_set_up": "fails"}


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.parametrize(
    ("unasked", "overrides", "said"),
    [("false_in", ("size=small",), {"smb_free": "holds"}), ("true_in", (), {"enterprise_sold": "fails"})],
)
def test_experience_wins_in_one_industry_and_not_in_another(
    unasked: str, overrides: tuple[str, ...], said: dict[str, str]
) -> None:
    """In one world; what differs is the market and the way to it. Few large customers take the whole experiment's 40
    replications to decide."""
    alone = f"claims.experience_wins.{unasked}=[]"
    found = {judged.context: judged.word for judged in try_claims("go_to_market", alone, *overrides, seed=9603)}
    assert found == said
