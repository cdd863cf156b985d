"""`outcomelab compare [--metric NAME] DIR[:ARM] DIR[:ARM]`: arms of two results, paired where that is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from sim.checks import InputError
from sim.nearest import no_flag

FLAGS = ("--metric",)


def main(argv: Sequence[str]) -> int:
    """Print how each two arms are compared, and their verdicts; 0, or an InputError."""
    from sim.experiments.two_results import judged, matches, read_result, said
    from sim.experiments.verdict_lines import told

    words, metric = read(argv)
    first, second = (read_result(word) for word in words)
    found = [(match, judged(match, metric)) for match in matches(first, second)]
    for match, table in found:
        asked = dict.fromkeys(table.loc[table["role"] == "headline", "metric"].astype(str))
        print("\n".join([*said(match), *told([table], asked)]))
    return 0


def read(argv: Sequence[str]) -> tuple[list[str], str | None]:
    """The two folders and the decision metric asked for."""
    words: list[str] = []
    metric: str | None = None
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        flag, equals, value = word.partition("=")
        if flag == "--metric" and (equals or rest):
            metric = value if equals else rest.pop(0)
        elif word.startswith("-"):
            raise InputError(no_flag("compare", word, FLAGS))
        else:
            words.append(word)
    if len(words) != 2:
        raise InputError(f"compare takes two folders, got {' '.join(words) or 'none'}")
    return words, metric
