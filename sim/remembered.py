"""References measured before, on this machine, by this version of the program.

A market changed by the user gets its own reference; it is measured once and then remembered by what
it was made from.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from sim.context.fingerprint import fingerprint
from sim.context.market import Market
from sim.context.reference import Reference
from sim.frozen import reference_of
from sim.paths import config_folder

SILENT_SECONDS = 3.0
SAY_EVERY_SECONDS = 3.0
MADE_FROM = ("agents", "context", "policies", "pricing", "processes", "rules", "surveys")
SHIPPED = ("world", "policy", "pricing", "survey")

_log = logging.getLogger(__name__)
_here: dict[str, Reference] = {}


def own_reference(market: Market) -> Reference:
    """The reference of a market that its YAML holds none for: remembered, or measured now; either is said."""
    key = fingerprint(market)
    if key in _here:
        return _here[key]
    found = _read(key)
    if found is not None:
        _log.warning("the market was changed: its own frozen reference, measured before, is used (%s)", key)
    else:
        _log.warning("the market was changed: its frozen reference is measured anew, once (%s)", key)
        found = reference_of(market, _Teller())
        _write(key, found)
    _here[key] = found
    return found


class _Teller:
    """Says how far a measurement is once it takes longer than a moment."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._said = self._started + SILENT_SECONDS - SAY_EVERY_SECONDS

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and now - self._said >= SAY_EVERY_SECONDS:
            self._said = now
            left = (now - self._started) / done * (total - done)
            _log.warning("frozen reference: %d of %d simulations, %.0f s left", done, total, left)


def _read(key: str) -> Reference | None:
    try:
        found = Reference(**json.loads(_file(key).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.market_hash == key else None


def _write(key: str, reference: Reference) -> None:
    """A cache that cannot be written is only slower, and says so."""
    file = _file(key)
    part = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(asdict(reference)), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        _log.warning("the market's reference could not be remembered: %s", error.strerror or error)


def _file(key: str) -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "outcomelab" / "reference" / f"{key}-{_version()}.json"


@lru_cache(maxsize=1)
def _version() -> str:
    """Hash of the code and the shipped configuration that a reference comes from (a few milliseconds)."""
    package, configs = Path(__file__).parent, Path(config_folder())
    files = [package / f"{name}.py" for name in ("simulation", "streams", "frozen", "recorder")]
    files += [file for name in MADE_FROM for file in (package / name).rglob("*.py")]
    files += [file for name in SHIPPED for file in (configs / name).rglob("*.yaml")]
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:12]
