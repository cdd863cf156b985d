"""Where does each policy put the same money? One stacked bar per context and arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.numbers import plain
from sim.report.style import INK, MUTED, PAPER, SMALL, account_rank, account_style, is_narrow, new_axes, quiet
from sim.report.wording import place_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LABEL_MIN_PERCENT = 7.0
_BAR = 0.52


def budget(spending: pd.DataFrame, currency: str = "", ax: Axes | None = None) -> Axes:
    """Stacked bars of the share of the budget spent on each account; the total stands above each bar.

    `spending`: columns context, arm, account, amount (money out as a positive number, the unspent
    `reserve` included), one row per account.
    """
    bars = spending.groupby(["context", "arm"], sort=False, observed=True)
    ax = quiet(new_axes(ax, height=bar_height(bars.ngroups)), grid="x")
    several = spending["context"].nunique() > 1
    for row, ((context, arm), rows) in enumerate(bars):
        _bar(ax, rows, -row)
        name = place_words(str(context) if several else "", str(arm))
        _labels(ax, -row, name, rows["amount"].sum(), currency)
    used = spending.loc[spending["amount"] > 0.0, "account"].unique()
    _frame(ax, bars.ngroups, sorted(used, key=account_rank))
    return ax


def bar_height(bars: int) -> float:
    """Height in inches of a figure with `bars` bars, its legend included."""
    return 1.0 + 0.62 * bars


def _bar(ax: Axes, rows: pd.DataFrame, y: float) -> None:
    total, left = rows["amount"].sum(), 0.0
    by_account = dict(zip(rows["account"], rows["amount"], strict=True))
    for account in sorted(by_account, key=account_rank):
        percent = 100.0 * by_account[account] / total if total else 0.0
        if percent <= 0.0:
            continue
        _segment(ax, account, percent, left, y)
        left += percent


def _segment(ax: Axes, account: str, percent: float, left: float, y: float) -> None:
    style = account_style(account)
    ax.barh(y, percent, _BAR, left, color=style.colour, hatch=style.hatch, edgecolor=MUTED, linewidth=0.6)
    if percent >= _LABEL_MIN_PERCENT * (1.6 if is_narrow(ax) else 1.0):
        ax.text(
            left + percent / 2.0,
            y,
            f"{plain(percent, 0)}",
            ha="center",
            va="center",
            color=INK,
            fontsize=SMALL,
            bbox={"boxstyle": "square,pad=0.15", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.85},
        )


def _labels(ax: Axes, y: float, name: str, total: float, currency: str) -> None:
    across, height = ax.get_yaxis_transform(), y + _BAR / 2 + 0.04
    ax.text(0, height, name, transform=across, va="bottom", ha="left", fontweight="bold")
    if is_narrow(ax):
        return
    money = f"{plain(total, 0)} {currency}".strip()
    ax.text(1, height, money, transform=across, va="bottom", ha="right", color=MUTED)


def _frame(ax: Axes, bars: int, accounts: list[str]) -> None:
    from matplotlib.patches import Patch

    ax.set_xlim(0, 100)
    ax.set_ylim(-bars + 1 - 0.4, 0.66)
    ax.set_yticks([])
    ax.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"])
    ax.set_xlabel("share of the budget", fontsize=SMALL)
    styles = [account_style(account) for account in accounts]
    ax.legend(
        handles=[
            Patch(facecolor=s.colour, hatch=s.hatch, edgecolor=MUTED, linewidth=0.6, label=s.label) for s in styles
        ],
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncols=3 if is_narrow(ax) else 5,
        frameon=False,
        fontsize=SMALL,
        labelcolor=INK,
        handlelength=1.6,
        columnspacing=1.2,
    )
