"""The thesis on overselling, true and false, on a seed that was not used to find it."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims


@pytest.mark.full
@pytest.mark.slow
def test_overselling_pays_where_the_price_comes_first_only() -> None:
    """Paired intervals of 8 replications; each context alone would mislead in 1 of 40 where nothing is to be found."""
    found = {judged.context: judged.word for judged in try_claims("overselling", "size=small", seed=9101)}
    assert found == {"outcomes_decide": "fails", "licence": "holds"}
