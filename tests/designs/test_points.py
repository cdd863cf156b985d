"""Where the points of a design lie: strata, lists, grids, ends of ranges; and that every arm meets the same ones."""

from __future__ import annotations

import numpy as np
import pytest

from sim.checks import InputError
from sim.experiments.arms import Context
from sim.experiments.checked import without_hydra
from sim.experiments.composer import Composer, composer
from sim.experiments.designs.design import Design, declared_design
from sim.experiments.designs.factor import Factor, factor
from sim.experiments.designs.sampling import places
from sim.experiments.plan import plan
from sim.targets import resolved

KEYS = ("a", "b", "c")


def test_a_latin_hypercube_puts_one_point_in_every_stratum() -> None:
    cube = places("latin_hypercube", 20, KEYS, 0, "uncertainties")
    for column in cube.T:
        assert sorted((column * 20).astype(int)) == list(range(20))


def test_a_sobol_sequence_is_balanced_and_grows_without_moving() -> None:
    """Every elementary interval of volume 1/32 in two keys holds one point of 32: a (0, 5, 2)-net in base 2."""
    cube = places("sobol", 32, KEYS[:2], 0, "uncertainties")
    for first in range(6):
        cells = (cube[:, 0] * 2**first).astype(int) * 2 ** (5 - first) + (cube[:, 1] * 2 ** (5 - first)).astype(int)
        assert sorted(cells) == list(range(32))
    assert np.array_equal(places("sobol", 64, KEYS[:2], 0, "uncertainties")[:32], cube)
    random = np.random.default_rng(0).random((32, 2))
    cells = (random[:, 0] * 4).astype(int) * 8 + (random[:, 1] * 8).astype(int)
    assert len(set(cells)) < 32, "negative control: chance is not balanced"


def test_points_are_addressed_by_seed_and_kind() -> None:
    def cube(seed: int, what: str) -> np.ndarray:
        return places("sobol", 8, KEYS, seed, what)

    assert np.array_equal(cube(3, "levers"), cube(3, "levers"))
    assert not np.array_equal(cube(3, "levers"), cube(4, "levers"))
    assert not np.array_equal(cube(3, "levers"), cube(3, "uncertainties"))


@pytest.mark.parametrize("kind", ["sobol", "saltelli"])
def test_sequences_are_powers_of_two(kind: str) -> None:
    with pytest.raises(
        InputError, match=r"^design\.points .* must be a power of two, such as 32, for a \w+ design, got 30"
    ):
        places(kind, 30, KEYS, 0, "uncertainties")


def test_values_at_places() -> None:
    linear, log = Factor("k", (), 2.0, 6.0), Factor("k", (), 0.01, 100.0, scale="log")
    assert [linear.at(u) for u in (0.0, 0.25, 1.0)] == [2.0, 3.0, 6.0]
    assert [log.at(u) for u in (0.0, 0.5, 1.0)] == [0.01, 1.0, 100.0]
    whole = Factor("k", (), 1.0, 4.0, is_whole=True)
    assert [whole.at(u) for u in (0.0, 0.24, 0.26, 0.5, 0.99, 1.0)] == [1, 1, 2, 3, 4, 4]
    assert [Factor("k", ("x", "y")).at(u) for u in (0.0, 0.49, 0.5, 1.0)] == ["x", "x", "y", "y"]
    assert whole.levels(3) == [1, 2, 4] and linear.levels(3) == [2.0, 4.0, 6.0]


def test_a_list_is_zipped_and_a_grid_is_crossed() -> None:
    both = (Factor("a", (1, 2)), Factor("b", (True, False)))
    zipped = Design("list", None, None, None, both, ()).contexts(0)
    assert [c.overrides for c in zipped] == [("a=1", "b=true"), ("a=2", "b=false")]
    crossed = Design("grid", 3, None, None, (both[0], Factor("c", (), 0.0, 1.0)), ()).contexts(0)
    assert [c.overrides for c in crossed] == [(f"a={a}", f"c={c}") for a in (1, 2) for c in (0, 0.5, 1)]
    assert [c.name for c in crossed] == [f"point={n}" for n in range(1, 7)]


def test_levers_make_arms() -> None:
    design = Design("list", None, None, None, (), (Factor("policy.sales.promise", (0.0, 1.2)),))
    assert design.contexts(0) == [Context()]
    assert design.lever_choices(0) == [
        (("policy.sales.promise=0", "policy.sales.promise=0"),),
        (("policy.sales.promise=1.2", "policy.sales.promise=1.2"),),
    ]


def test_names_are_fit_for_folders() -> None:
    """An option of a group goes by its own name; a slash would make a folder in a folder."""
    words = (Factor("policy/support", ("courteous",)), Factor("policy.sales.promise", (0.5,)))
    design = Design("list", None, None, None, (Factor("world/process", ("natural",)),), words)
    ((option, number),) = design.lever_choices(0)
    assert option == ("courteous", "policy/support=courteous")
    assert number == ("policy.sales.promise=0.5", "policy.sales.promise=0.5")
    (context,) = design.contexts(0)
    assert context.columns == (("point", "1"), ("world.process", "natural"))
    assert context.overrides == ("world/process=natural",)


@pytest.fixture(scope="module")
def tree() -> object:
    with composer() as made:
        yield made


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"world.share_experience": [0.2, 2]}, "world.share_experience must be in .0, 1., got 2"),
        ({"world.share_experience": {"low": 0, "high": 3, "unit": "share"}}, "must be in .0, 1., got 3"),
        ({"world.share_experience": {"low": 0, "high": 1, "unit": "days"}}, "unit must be share, .* got days"),
        ({"world.share_experience": {"low": 1, "high": 0, "unit": "share"}}, "low must be below its high 0, got 1"),
        ({"world.share_experience": {"low": 0, "high": 1, "unit": "share", "scale": "log"}}, "low must be above 0"),
        ({"world.share_experience": {"low": 0, "hihg": 1, "unit": "share"}}, "no key hihg: did you mean high"),
        ({"world.share_experience": {"low": float("nan"), "high": 1, "unit": "share"}}, "finite number, got nan"),
        ({"world.sahre_experience": [0.2]}, "no key world.sahre_experience: did you mean world.share_experience"),
        ({"world.deciding": [0.2]}, "world.deciding is a group"),
        ({"policy.sales.promise": [1.0]}, "policy.sales.promise is a lever"),
        ({"replications": [10, 20]}, "replications is a setting of the command"),
        ({"world/process": ["natural", "naturl"]}, "no option naturl: did you mean natural"),
        ({"world.capacity_unlimited": {"low": 0, "high": 1, "unit": "1"}}, "must list values"),
        ({}, "must name uncertainties or levers"),
    ],
)
def test_wrong_lines_are_one_sentence(tree: Composer, line: dict[str, object], sentence: str) -> None:
    body = resolved(without_hydra(tree.default))
    node = {"kind": "sobol", "points": 8, "uncertainties": line}
    with pytest.raises(InputError, match=sentence):
        declared_design(tree, node, body)


def test_a_count_takes_whole_numbers(tree: Composer) -> None:
    body = resolved(without_hydra(tree.default))
    line = {"world.efforts.release_months": {"low": 1, "high": 6, "unit": "1"}}
    design = declared_design(tree, {"kind": "latin_hypercube", "points": 12, "uncertainties": line}, body)
    assert design is not None
    values = sorted(int(c.columns[1][1]) for c in design.contexts(0))
    assert values == sorted([1, 2, 3, 4, 5, 6] * 2), "twelve points over six numbers"


def test_every_arm_meets_the_same_points(tree: Composer) -> None:
    (study,) = plan(tree, ("experiment=when_does_experience_win", "design.points=4"), multirun=False)
    assert len(study.jobs) == 8 and study.arms == ["experience_focused", "outcome_focused"]
    met = {arm: [job.context for job in study.jobs if job.arm == arm] for arm in study.arms}
    assert met["experience_focused"] == met["outcome_focused"]
    for job in study.jobs:
        assert set(job.context.overrides) <= set(job.overrides)
    with pytest.raises(InputError, match=r"world.share_experience is moved by the design"):
        plan(tree, ("experiment=when_does_experience_win", "world.share_experience=0.3"), multirun=False)


def test_lists_of_values_are_checked() -> None:
    with pytest.raises(InputError, match="must list values"):
        factor("design.levers.k", "k", [])
    with pytest.raises(InputError, match="must be a list of values or have low, high, unit, scale"):
        factor("design.levers.k", "k", 3)
