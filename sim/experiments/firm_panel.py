"""Individual against ecological association: what a score tells of a customer, and what of a firm.

Within a firm the customer is the unit (does a higher answer go with renewing?), across firms the firm is
(do firms with a higher score, or a rising one, grow more?). Nothing makes the two signs agree
(Robinson 1950, American Sociological Review 15:351-357).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.experiments.interval import mean_interval
from sim.metrics.facts import Floats
from sim.metrics.ranks import correlation
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from sim.context.panel import Panel

LEVEL_YEAR: Final = 2
"""The score is read in this year, its change from the year before; growth is that of the following year."""
VIEWS: Final = ("truth", "respondents")
SCORE: Final = "nps"
INDIVIDUAL: Final = "corr_nps_renewal"
GROWTH: Final = "revenue_growth"


class Association(NamedTuple):
    """A correlation with its 95 % interval; n firms."""

    kind: str
    """individual, level or change."""
    view: str
    value: float
    low: float
    high: float
    firms: int


def panel_table(metrics: pd.DataFrame, panel: Panel | None, seed: int) -> pd.DataFrame:
    """One row per firm of one arm in one context: score, change, growth, individual correlation, parameters."""
    import pandas as pd

    firms = sorted(set(metrics["replication"]))
    table = pd.DataFrame({"firm": np.array(firms, dtype=np.int64)})
    for view in VIEWS:
        level, before = (_read(metrics, SCORE, view, year, firms) for year in (LEVEL_YEAR, LEVEL_YEAR - 1))
        table[f"{SCORE}_{view}"], table[f"{SCORE}_change_{view}"] = level, level - before
        table[f"{INDIVIDUAL}_{view}"] = _read(metrics, INDIVIDUAL, view, None, firms)
    table[GROWTH] = _read(metrics, GROWTH, "truth", LEVEL_YEAR + 1, firms)
    for key in [] if panel is None else [key for key, _, _ in panel.ranges]:
        assert panel is not None
        table[key] = [panel.parameters(seed, firm)[key] for firm in firms]
    return table


def _read(metrics: pd.DataFrame, metric: str, view: str, year: int | None, firms: list[int]) -> Floats:
    """Values by firm; nan where undefined."""
    rows = metrics[(metrics["metric"] == metric) & (metrics["view"] == view) & (metrics["segment"] == "all")]
    at = rows["time_days"].isna() if year is None else (rows["time_days"] - year * DAYS_PER_YEAR).abs() < 1.0
    values: Floats = rows[at].set_index("replication")["value"].reindex(firms).to_numpy(np.float64)
    return values


def associations(table: pd.DataFrame) -> list[Association]:
    """Individual (mean over firms), level and change against growth (across firms), in each view."""
    found = []
    growth = table[GROWTH].to_numpy(np.float64)
    for view in VIEWS:
        within = table[f"{INDIVIDUAL}_{view}"].to_numpy(np.float64)
        mean = mean_interval(within[np.isfinite(within)])
        found.append(Association("individual", view, *mean[:3], mean.replications))
        for kind, column in (("level", f"{SCORE}_{view}"), ("change", f"{SCORE}_change_{view}")):
            found.append(across_firms(kind, view, table[column].to_numpy(np.float64), growth))
    return found


def across_firms(kind: str, view: str, score: Floats, growth: Floats) -> Association:
    """Pearson correlation over firms; interval by Fisher's z."""
    both = np.isfinite(score) & np.isfinite(growth)
    n, r = int(both.sum()), correlation(score[both], growth[both])
    if n < 4 or not abs(r) < 1.0:
        return Association(kind, view, r, math.nan, math.nan, n)
    half = 1.959964 / math.sqrt(n - 3)
    return Association(kind, view, r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half), n)


_KINDS: Final = {
    "individual": f"{SCORE} of a customer against renewing, within firms",
    "level": f"{SCORE} of a firm against its growth in the next year, across firms",
    "change": f"change of a firm's {SCORE} in a year against its growth in the next, across firms",
}


def panel_lines(found: list[Association], place: str) -> list[str]:
    """One line per association, then one that says whether individuals and firms agree."""
    lines = [
        f"panel {one.kind} {one.view} {one.value:.3f} {one.low:.3f} {one.high:.3f} firms={one.firms} {place}"
        f"  # {_KINDS[one.kind]}"
        for one in found
    ]
    for view in VIEWS:
        signs: dict[str, Any] = {one.kind: _sign(one) for one in found if one.view == view}
        lines.append(f"panel signs {view} {_agree(signs['individual'], signs['level'])} {place}")
    return lines


def _sign(one: Association) -> int:
    return int(one.low > 0.0) - int(one.high < 0.0)


def _agree(individual: int, firm: int) -> str:
    if 0 in (individual, firm):
        return "undecided"
    return "same" if individual == firm else "opposite"
