"""The nearest valid name to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, names: Iterable[str], otherwise: str = "") -> str:
    """`: did you mean x?` when a name is near, else the text `otherwise`."""
    known = sorted(set(names))
    begun = [name for name in known if len(word) > 2 and name.startswith(word)]
    near = get_close_matches(word, known, n=1, cutoff=0.64) or begun or _same_leaf(word, known)
    return f": did you mean {near[0]}?" if near else otherwise


def no_flag(command: str, word: str, flags: Iterable[str]) -> str:
    """What to say of a word that begins with a dash and could not be read: it lacks its value, or does not exist."""
    flag = word.partition("=")[0]
    if flag in flags:
        return (
            f"{flag} needs a value" if "=" not in word or word.endswith("=") else f"{flag} takes no value, got {word!r}"
        )
    return f"{command} has no flag {word!r}{did_you_mean(flag, flags)}"


def _same_leaf(word: str, names: list[str]) -> list[str]:
    """Names whose last part is `word`'s last part, so that `promise` finds `policy.sales.promise`."""
    leaf = word.rsplit(".", 1)[-1]
    by_leaf = {name.rsplit(".", 1)[-1]: name for name in reversed(names)}
    return [by_leaf[near] for near in get_close_matches(leaf, list(by_leaf), n=1, cutoff=0.75)]
