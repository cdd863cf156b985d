"""The look of every figure: colours, markers, dashes and hatches that survive greyscale printing.

Arms differ by colour AND marker AND dash, accounts by colour AND hatch AND a written name. Colours of
arms are from Okabe and Ito (2008), "Color universal design", distinguishable with colour-blindness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.report.numbers import MINUS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

INK = "#1b2431"
MUTED = "#566173"
RULE = "#dfe3ea"
BAND = "#e4e7ec"
PAPER = "#ffffff"

FONT_SIZE = 9.5
SMALL = 8.5

WIDE_INCHES = 7.6
HALF_INCHES = 4.6
NARROW_INCHES = 3.7
"""Figures are drawn once for a desktop and once for a phone, so that text keeps its size."""


class ArmStyle(NamedTuple):
    """How one arm is drawn in every figure."""

    colour: str
    marker: str
    dash: Any


_ARMS = (
    ArmStyle("#0072B2", "o", "-"),
    ArmStyle("#D55E00", "s", (0, (5, 1.6))),
    ArmStyle("#00805f", "^", (0, (1.2, 1.2))),
    ArmStyle("#9b4f80", "D", (0, (6, 1.5, 1.2, 1.5))),
    ArmStyle("#1b2431", "v", (0, (3, 1, 1, 1, 1, 1))),
    ArmStyle("#a97b00", "P", (0, (8, 3))),
    ArmStyle("#2f86c4", "X", (0, (2, 3))),
    ArmStyle("#7a3b00", "h", (0, (10, 2, 2, 2))),
)


def arm_style(position: int) -> ArmStyle:
    """The style of the arm at `position` in the report's order of arms; a ninth has the first one's colour, with
    a marker and a dash that no other has together."""
    turn, place = divmod(position, len(_ARMS))
    marker, dash = _ARMS[(place + turn) % len(_ARMS)].marker, _ARMS[(place + 2 * turn) % len(_ARMS)].dash
    return ArmStyle(_ARMS[place].colour, marker, dash)


class AccountStyle(NamedTuple):
    """How one use of the budget is drawn."""

    label: str
    colour: str
    hatch: str


ACCOUNTS: dict[str, AccountStyle] = {
    "spend_marketing": AccountStyle("marketing", "#b9d4ea", ""),
    "spend_sales": AccountStyle("sales", "#8cb8dc", "///"),
    "spend_onboarding": AccountStyle("onboarding", "#cfe8d5", ""),
    "spend_support": AccountStyle("support", "#a3d3b0", "\\\\\\"),
    "spend_success": AccountStyle("success", "#79bd92", "|||"),
    "spend_product": AccountStyle("product", "#f6d9a6", ""),
    "spend_surveys": AccountStyle("surveys", "#e7cfe3", "xxx"),
    "spend_readings": AccountStyle("readings", "#d3add0", "++"),
    "spend_engagement": AccountStyle("engagement", "#dcc3e6", "//"),
    "spend_feedback": AccountStyle("feedback", "#c9b8dd", "..."),
    "spend_gestures": AccountStyle("gestures", "#f0d9ec", "\\\\"),
    "spend_notices": AccountStyle("notices", "#bfa6d2", "xx"),
    "spend_discounts": AccountStyle("discounts", "#f3c1b3", "---"),
    "spend_organising": AccountStyle("organising", "#c9c2b4", "**"),
    "reserve": AccountStyle("unspent reserve", "#ffffff", ""),
}
"""Families share a hue: win customers blue, serve them green, improve amber, listen purple, agree grey."""


def account_style(account: str) -> AccountStyle:
    """The style of a ledger account, plain grey for one that is not known here."""
    return ACCOUNTS.get(account, AccountStyle(account.removeprefix("spend_"), "#d0d4da", "oo"))


def account_rank(account: str) -> int:
    """Position of an account in every bar and table; unknown ones come last."""
    return list(ACCOUNTS).index(account) if account in ACCOUNTS else len(ACCOUNTS)


def new_axes(ax: Axes | None, width: float = WIDE_INCHES, height: float = 3.2) -> Axes:
    """`ax`, or the axes of a fresh figure that no global state knows of."""
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").subplots()


def quiet(ax: Axes, grid: str = "y") -> Axes:
    """Take away everything that carries no information."""
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    for spine in ax.spines.values():
        spine.set_color(MUTED)
        spine.set_linewidth(0.8)
    ax.grid(axis="y" if grid == "y" else "x", color=RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=SMALL, labelcolor=MUTED, pad=5)
    return ax


def is_narrow(ax: Axes) -> bool:
    """Whether the figure was drawn for a phone or half a page."""
    figure = ax.get_figure(root=True)
    return figure is not None and float(figure.get_figwidth()) < HALF_INCHES


def number_ticks(axis: Axis, most: int) -> None:
    """At most `most` round ticks, written with separators and a real minus sign."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}".replace("-", MINUS)))
