"""However scenarios are cut into blocks and launched, they leave the same files; progress counts them all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .conftest import Said, Stand

Say = Callable[..., Said]
SWEEP = ("run", "-m", "world.share_experience=.3,.5,.6,.7", "replications=2", "store=null", "metrics=[]")


def left(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.glob("arms/*/*/*") if path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in [*files, *folder.glob("*.parquet")]}


def test_blocks_and_launchers_leave_the_same_files(say: Say, tree: Path) -> None:
    ways: dict[str, tuple[str, ...]] = {
        "one": (),
        "three": ("block=3",),
        "joblib": ("hydra/launcher=joblib", "hydra.launcher.n_jobs=1", "block=2"),
    }
    for name, words in ways.items():
        said = say(*SWEEP, *words, f"output={name}")
        assert said.code == 0 and "8/8 replications, 4/4 scenarios" in said.err
        assert not [path for path in (tree / name).iterdir() if path.name.startswith(".")]
    one = left(tree / "one")
    assert len(one) > 4 * 8 and all(left(tree / name) == one for name in ways)


def test_a_failure_in_a_block_leaves_its_neighbours_alone(say: Say, stand: Stand, tree: Path) -> None:
    def fails(cfg: object) -> None:
        if cfg.world.share_experience == 0.3:  # type: ignore[attr-defined]
            raise RuntimeError("no such luck")

    stand.fails = fails
    said = say(*SWEEP, "block=4", "output=out")
    assert said.code == 1 and "6/6 replications, 4/4 scenarios, 1 failed" in said.err
    assert said.err.count("arm balanced in world.share_experience=0.3 failed: RuntimeError: no such luck") == 1
    assert len(list((tree / "out").glob("arms/*/*/metrics.parquet"))) == 3
