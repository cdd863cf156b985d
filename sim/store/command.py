"""`outcomelab runs list|show|clean`: what the store holds, and how to make it smaller."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError, real
from sim.store.words import Words

if TYPE_CHECKING:
    from sim.store.place import Kept

DEFAULT = "results/store"
VARIABLE = "OUTCOMELAB_STORE"
SHORT = 12
"""Characters of a key that are shown; any beginning that is unique is understood."""
DAY = 86_400.0


def main(argv: Sequence[str]) -> int:
    """Run one sub-command; 0, or an InputError."""
    options = _read(argv)
    root = Path(options.store or os.environ.get(VARIABLE) or DEFAULT).expanduser()
    found = list(_found(root))
    if options.action == "list":
        print("\n".join(_lines([one for one in found if _mentions(one, options.word)])))
    elif options.action == "show":
        print("\n".join(_told(_chosen(found, options.key))))
    else:
        print(_cleaned(root, found, options))
    return 0


def _read(argv: Sequence[str]) -> argparse.Namespace:
    parser = Words(prog="outcomelab runs", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, parser_class=Words)
    listing = actions.add_parser("list", help="scenarios, replications by state, size, when last used")
    listing.add_argument("word", nargs="?", default="", help="only those that contain it")
    show = actions.add_parser("show", help="one scenario: its configuration and its failures")
    show.add_argument("key", help="the beginning of its key")
    clean = actions.add_parser("clean", help="remove what another version of the code made, or what is chosen")
    clean.add_argument("keys", nargs="*", metavar="KEY", help="remove these")
    clean.add_argument("--older-than", type=float, metavar="DAYS", help="remove what was not used for so long")
    clean.add_argument("--all", action="store_true", help="remove everything")
    for one in (listing, show, clean):
        one.add_argument("--store", metavar="DIR", help=f"default: ${VARIABLE}, else {DEFAULT}")
    options = parser.parse_args(list(argv))
    if getattr(options, "older_than", None) is not None:
        real("--older-than", options.older_than, 0.0, 1e6)
    return options


def _found(root: Path) -> Iterator[Kept]:
    from sim.store.place import shelves

    if not root.is_dir():
        raise InputError(f"there is no store in {root}: run something first, or name its folder with --store DIR")
    yield from shelves(root)


def _mentions(kept: Kept, word: str) -> bool:
    return word.lower() in f"{kept.key} {_name(kept)}".lower()


def _name(kept: Kept) -> str:
    facts = kept.facts
    context = ",".join(facts.get("context") or ()) or "-"
    return f"{facts.get('arm')} {context} seed={facts.get('seed')} ({facts.get('title')})" if facts else "not described"


def _lines(found: list[Kept]) -> Iterator[str]:
    """A table by last use, newest last, and the sum."""
    yield f"{'key':<{SHORT}}  {'done':>9}  failed  {'MB':>8}  {'last used':<16}  code  arm context seed (title)"
    for one in sorted(found, key=lambda one: one.used):
        done = f"{one.counts.succeeded}/{one.counts.asked}"
        used = datetime.fromtimestamp(one.used).strftime("%Y-%m-%d %H:%M")
        code = "this" if _is_current(one) else "other"
        size = f"{one.size / 1e6:8.1f}"
        yield f"{one.key[:SHORT]}  {done:>9}  {one.counts.failed:>6}  {size}  {used}  {code:<5} {_name(one)}"
    pending = sum(one.counts.pending for one in found)
    yield (
        f"{len(found)} scenarios, {sum(one.counts.succeeded for one in found)} replications, {pending} pending, "
        f"{sum(one.size for one in found) / 1e6:.1f} MB"
    )


def _is_current(kept: Kept) -> bool:
    """Whether this version of the code would use what the shelf holds."""
    from sim.store.key import version

    try:
        return bool(kept.facts) and kept.facts.get("code") == version(kept.facts.get("configuration") or {})
    except (ImportError, ValueError):
        return False


def _chosen(found: list[Kept], key: str) -> Kept:
    same = [one for one in found if key and one.key.startswith(key)]
    if len(same) != 1:
        raise InputError(f"{len(same) or 'no'} keys begin with {key!r}: outcomelab runs list shows them")
    return same[0]


def _told(kept: Kept) -> Iterator[str]:
    """One scenario in words, its failures, and its configuration as YAML."""
    import yaml

    from sim.store.shelf import Shelf

    c = kept.counts
    yield f"{kept.key}  {_name(kept)}"
    yield f"{c.succeeded} succeeded, {c.failed} failed, {c.pending} pending of {c.asked}; {kept.size / 1e6:.1f} MB"
    yield f"code {kept.facts.get('code')} ({'this' if _is_current(kept) else 'another'} version)"
    yield from (f"replication {n} failed: {reason}" for n, reason in Shelf(kept.folder, "").failures().items())
    configuration = json.loads(json.dumps(kept.facts.get("configuration") or {}))
    yield yaml.safe_dump(configuration, sort_keys=False, allow_unicode=True, width=100).rstrip()


def _cleaned(root: Path, found: list[Kept], options: argparse.Namespace) -> str:
    """Remove, and say what: the chosen, else what this version of the code cannot use; always kills' drafts."""
    from sim.store.place import remove

    if options.keys:
        doomed = [_chosen(found, key) for key in options.keys]
    elif options.older_than is not None:
        doomed = [one for one in found if one.used < time.time() - options.older_than * DAY]
    else:
        doomed = [one for one in found if options.all or not _is_current(one)]
    drafts = [path for path in root.glob("**/.*.part") if path.stat().st_mtime < time.time() - DAY]
    for draft in drafts:
        draft.unlink(missing_ok=True)
    gone = [one for one in doomed if remove(one)]
    if not options.keys and options.older_than is None:
        _drop_parts(root, set() if options.all else {one.facts.get("code") for one in found if one not in doomed})
    kept = f"; {len(doomed) - len(gone)} are in use, or cannot be removed, and stay" if len(gone) < len(doomed) else ""
    return f"removed {len(gone)} of {len(found)} scenarios, {sum(one.size for one in gone) / 1e6:.1f} MB{kept}"


def _drop_parts(root: Path, codes: set[Any]) -> None:
    """Remove the table's files that none of these code versions made; without any, all of them."""
    from sim.store.code import code_version
    from sim.store.table import parts

    for part in list(parts(root)):
        if not codes or part.name.partition("-")[0] not in {*codes, code_version()}:
            part.unlink(missing_ok=True)
