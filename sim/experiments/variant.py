"""A study's scenario with other values, in this process: nothing is written but what the store keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.composer import Composer
    from sim.experiments.plan import Study


def variant(composer: Composer, study: Study, overrides: Sequence[str], seed: int) -> pd.DataFrame:
    """The long table of the configuration that `overrides` make, under `seed`; InputError where it cannot be."""
    from sim.build import build
    from sim.experiments.checked import checked_composition
    from sim.experiments.job import measured, shelf_for
    from sim.experiments.metric_names import check_metrics
    from sim.experiments.wrong_key import one_sentence
    from sim.targets import resolved

    words = (*overrides, f"seed={seed}", "++only_fill=true")
    with one_sentence(composer):
        cfg, _ = checked_composition(composer, words, study.overrides)
    tree = resolved(cfg)
    scenario = build(cfg, tree)
    check_metrics(study, scenario.metrics)
    return measured(scenario, tree, shelf_for(scenario, tree))
