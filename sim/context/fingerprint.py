"""The fingerprint of a market: equal for equal numbers, whatever they are called and however many come."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from sim.context.market import Market

DISPLAY = ("name", "segment", "start_date", "retention_curve", "reference")
"""Labels, the result itself, and the curve (what it says is in the frailty)."""
SCALE = ("candidates_per_month", "referral_candidates_per_month", "guest_days")
DIGITS = 12


def fingerprint(market: Market) -> str:
    """16 hex digits of a hash over every number of the market except labels and scale."""
    body = {f.name: plain(getattr(market, f.name)) for f in fields(market) if f.name not in DISPLAY}
    body["arrival"] = {key: value for key, value in body["arrival"].items() if key not in SCALE}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def plain(part: Any) -> Any:
    """Components as their class and fields, numbers to DIGITS, anything else as its text."""
    if is_dataclass(part) and not isinstance(part, type):
        return {"": type(part).__qualname__, **{f.name: plain(getattr(part, f.name)) for f in fields(part)}}
    if isinstance(part, Mapping):
        return {str(key): plain(value) for key, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [plain(item) for item in part]
    if part is None or isinstance(part, (bool, str)):
        return part
    if isinstance(part, (int, float)):
        return f"{float(part):.{DIGITS}g}"
    return {"": type(part).__qualname__, **{key: plain(value) for key, value in sorted(vars(part).items())}}
