"""How many users of a free plan come to pay, beside what is published; nothing is fitted to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def paying_share(metrics: pd.DataFrame, *, months: float, low: float, high: float, source: str) -> list[str]:
    """Lines `paying_share <context> <arm> <mean> <below|within|above> published=<low>-<high> <source>`: users who pay
    so many months after the sign-up, mean over replications."""
    chosen = metrics[(metrics["metric"] == f"conversion_{months:g}") & metrics["value"].notna()]
    lines = []
    for (context, arm), rows in chosen.groupby(["context", "arm"], sort=False, observed=True):
        mean = float(rows["value"].mean())
        where = "below" if mean < low else "above" if mean > high else "within"
        lines.append(
            f"paying_share {context or '-'} {arm or '-'} {mean:.4f} {where} published={low:g}-{high:g} {source}"
        )
    return lines
