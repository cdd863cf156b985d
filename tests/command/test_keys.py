"""`outcomelab keys` tells the truth about the configuration tree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from omegaconf import OmegaConf

from sim.experiments.composer import composer
from sim.experiments.key_list import all_keys
from sim.metrics.catalogue import shipped
from sim.report.sections.assumed import is_quantity
from sim.yaml_text import loaded

from .conftest import Said

Say = Callable[..., Said]


def test_the_default_configuration_and_the_list_agree() -> None:
    with composer() as tree:
        cfg = tree.default
        names = {key for key in tree.default_keys if not OmegaConf.is_dict(OmegaConf.select(cfg, key))}
    listed = {key.name for key in all_keys()}
    special = {"arm", "context", "only_fill"}
    hidden = {name for name in names if name.rsplit(".", 1)[-1] in ("_target_", "_partial_")}
    assert names - hidden - special - listed == set()


def test_every_key_of_a_component_says_what_it_is() -> None:
    of_components = [key for key in all_keys() if "." in key.name and not key.name.startswith("metrics.")]
    assert [key.name for key in of_components if not key.meaning] == []


def test_every_number_that_ships_says_where_it_comes_from() -> None:
    shipped = all_keys()
    numbers = [key for key in shipped if "${" not in key.default and is_quantity(loaded(key.default))]
    assert len(numbers) > 1000, "the control: most keys are numbers"
    assert [(key.name, key.option) for key in numbers if not key.grade] == []
    same = [key for key in shipped if key.default.startswith("${market.")]
    assert same and all(key.grade for key in same), "a reference says whose value it is"


def test_a_graded_comment_counts_for_the_keys_below_it(tmp_path: Path) -> None:
    """One without a grade does not (control), and a key's own comment goes before its parent's."""
    file = tmp_path / "mine" / "one.yaml"
    file.parent.mkdir()
    file.write_text("a:  # B: a survey\n  x: 1\n  y: 2  # assumption\n  z: {u: 3}\nb:  # so it is\n  x: 1\n")
    found = {key.name: (key.grade, key.source) for key in all_keys(str(tmp_path)) if key.option == "mine=one"}
    survey, nothing = ("B", "a survey"), ("", "")
    assert found == {
        "mine.a.x": survey,
        "mine.a.y": ("assumption", ""),
        "mine.a.z.u": survey,
        "mine.b.x": nothing,
    }


def test_a_word_selects(say: Say) -> None:
    said = say("keys", "promise")
    assert said.code == 0
    (line,) = [line for line in said.out if line.startswith("policy.sales.promise = ")]
    assert "in [0, 3] share" in line and "policy/sales=oversell_strong 1.2" in line
    assert not any(line.startswith("seed = ") for line in said.out)


def test_every_choice_can_be_typed_as_it_is_shown(say: Say) -> None:
    """Choices at a group's own place are in the default tree; one of each other group is tried."""
    out = say("keys").out
    lines = out[: out.index("")]
    with composer() as tree:
        choices = dict(tree.default.hydra.runtime.choices)
        tried: set[str] = set()
        for line in lines:
            form, _, options = line.partition("   (with ")[0].partition("=")
            owners = line.partition("   (with ")[2].removesuffix(")")
            group = form.partition("@")[0]
            if form != group or owners:
                if group in tried:
                    continue
                tried.add(group)
                option = options.split("|")[-1]
                made = tree.compose([*owners.split(" or ")[:1], f"{form}={option}"] if owners else [f"{form}={option}"])
                assert made.hydra.runtime.choices[form] == option
            else:
                assert form in choices or form == "metrics"
    assert tried == {"policy/rollout", "survey/instruments", "world/aggregate", "world/society/personas/kind"}
    assert "world/aggregate@world.value.aggregate=additive|geometric|minimum" in lines


def test_every_metric_is_listed_with_its_definition(say: Say) -> None:
    out = say("keys", "decision_metric").out
    assert out[0].startswith("decision_metric = net_cash_per_candidate")
    text = " ".join(" ".join(out).split())
    for name, measure in shipped().items():
        named = {f"metric {name} ", f"metric {name}, ", f", {name} ", f"metric {name}_"}
        assert any(one in text for one in named), name
        assert " ".join(measure.definition.split()) in text
    line = "metric nrr_12, nrr_24, nrr_36, nrr_60   share, higher is better, view truth   (metrics=retention)"
    assert line in out and line in say("keys", "nrr_24").out
    assert not any(line.startswith("metric ") for line in say("keys", "replications").out)


def test_a_key_outside_the_default_tree_has_no_default(say: Say) -> None:
    said = say("keys", "steering.metric").out
    (line,) = [line for line in said if line.startswith("policy.steering.metric")]
    assert line.startswith("policy.steering.metric   in nps|") and "(policy/steering=on_ces ces; " in line
    (bound,) = [line for line in say("keys", "steering.bound").out if line.startswith("policy.steering.bound")]
    assert bound.startswith("policy.steering.bound   in [1, 20]")


def test_top_level_keys_have_range_and_meaning(say: Say) -> None:
    said = say("keys", "horizon")
    assert "horizon_months = 60   in [1, 240] months" in said.out
    assert any("simulated time" in line for line in said.out)


def test_a_users_folder_is_listed_too(say: Say, tree: object) -> None:
    mine = Path("mine/policy/sales/mine.yaml")
    mine.parent.mkdir(parents=True)
    mine.write_text("_target_: mine.Seller\nzeal: 3  # B: a source\n")
    said = say("keys", "--config-dir", "mine", "zeal")
    assert said.out == ["policy.sales.zeal = 3   (policy/sales=mine)", "    default B: a source"]
