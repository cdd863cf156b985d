"""A long table of a whole lesson made without simulating, and the command in this process."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.classroom.lesson import Lesson
from sim.classroom.page import Facts

SHARES = {f"share_{10 * step}": step / 10 for step in range(11)}
MOMENTS = ("contact_end", "wave", "pre_renewal")
POLICIES = ("experience_focused", "outcome_focused")
GROUPS = {"happy": 60, "passive": 40, "unhappy": 30, "happy_reached": 25, "happy_missed": 35}
REPLICATIONS = 12


def long_table(shares: dict[str, float], replications: int = REPLICATIONS) -> pd.DataFrame:
    """Every number the lesson shows, each of them its own."""
    rng = np.random.default_rng(4)
    rows = []
    for context, share in shares.items():
        for arm in POLICIES:
            for r in range(replications):
                head = (context, arm, r)
                rows.append((*head, "logo_retention_24", "truth", "all", 730.5, rng.uniform(0.5, 0.9), 40))
                rows.append((*head, "net_cash_per_candidate", "truth", "all", np.nan, rng.normal(2000.0, 900.0), 180))
                rows.append((*head, "revenue_per_candidate", "truth", "all", np.nan, rng.normal(9000.0, 500.0), 180))
                for moment in MOMENTS:
                    rows.append((*head, "moment_score", "respondents", moment, np.nan, rng.normal(30.0, 9.0), 90))
                    rows.append((*head, "moment_response", "respondents", moment, np.nan, 0.25, 360))
                    rows.append((*head, "moment_outcome", "truth", moment, np.nan, rng.uniform(0.3, 0.5), 360))
                    for group, n in GROUPS.items():
                        left = rng.binomial(n, 0.1 + 0.2 * share * (group == "unhappy")) / n
                        rows.append((*head, "moment_leaving", "surveyed", f"{moment}@{group}", np.nan, left, n))
    columns = ["context", "arm", "replication", "metric", "view", "segment", "time_days", "value", "n"]
    return pd.DataFrame(rows, columns=columns)


FACTS = Facts(
    title="Do happy customers leave?",
    made_of=(("Market", "mid market"), ("Replications", "24 per policy and step")),
    about=("The best effort at treating people well.", "The best effort at results."),
    weighs=1.0,
    command="outcomelab classroom --out lesson.html",
    currency="EUR",
)


class Whole(NamedTuple):
    """A lesson of full size, and the table it was made of."""

    table: pd.DataFrame
    lesson: Lesson


class Taught(NamedTuple):
    """What one command line left."""

    code: int
    path: Path
    out: str
    err: str
    words: tuple[str, ...]


def teach(out: Path, *words: str) -> Taught:
    """Run the command in this process."""
    from sim.command.main import main

    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        code = main(["classroom", "--out", str(out), *words])
    return Taught(code, out, said.getvalue(), complained.getvalue(), words)
