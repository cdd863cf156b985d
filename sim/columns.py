"""A table as plain columns: what is stored, sent between processes and put together, without a data frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


class Plain(NamedTuple):
    """A column as it lies on disk and travels between processes."""

    kind: str
    """number, category (codes into words in alphabetical order) or text (codes into words as they came)."""
    values: NDArray[Any]
    words: tuple[str, ...] = ()

    def says(self, word: str) -> NDArray[np.bool_]:
        """Rows that hold this word."""
        number = self.words.index(word) if word in self.words else None
        found: NDArray[np.bool_] = self.values == number if number is not None else np.zeros(len(self.values), np.bool_)
        return found


Table = dict[str, Plain]


def plain(frame: pd.DataFrame) -> Table:
    """A table whose columns are numbers, categoricals or text, column by column."""
    return {str(name): _plain(series.array) for name, series in frame.items()}


def _plain(values: Any) -> Plain:
    import pandas as pd

    if isinstance(values, pd.Categorical):
        return Plain("category", values.codes, tuple(values.categories.to_list()))
    if values.dtype.kind in "biuf":
        return Plain("number", values.to_numpy())
    codes, found = pd.factorize(values)
    return Plain("text", codes.astype(np.int32), tuple(found.tolist()))


def always(word: str, rows: int) -> Plain:
    """A text column that says the same in every row."""
    return Plain("text", np.zeros(rows, np.int32), (word,))


def height(table: Table) -> int:
    """Number of rows."""
    return len(next(iter(table.values())).values)


def joined(parts: Sequence[Plain]) -> Plain:
    """A column out of its parts, in the order given; thousands of them have the same few lists of words."""
    kind = parts[0].kind
    values = _end_to_end([part.values for part in parts])
    if kind == "number":
        return Plain(kind, values)
    own = {id(part.words): part.words for part in parts}  # by identity, since many words take long to hash
    lists = dict.fromkeys(own.values())
    words = _ordered(kind, dict.fromkeys(word for words in lists for word in words))
    if len(lists) == 1 and words == list(parts[0].words):
        return Plain(kind, values, parts[0].words)
    place = {word: number for number, word in enumerate(words)}
    recode = list[int]()
    first = dict[tuple[str, ...], int]()
    for known in lists:
        recode += [-1, *(place[word] for word in known)]  # codes begin with that of a missing word
        first[known] = len(recode) - len(known)
    begins = {identity: first[known] for identity, known in own.items()}
    starts = np.repeat([begins[id(part.words)] for part in parts], [len(part.values) for part in parts])
    return Plain(kind, np.array(recode, np.int32)[starts + values], tuple(words))


def _ordered(kind: str, words: Iterable[str]) -> list[str]:
    return sorted(words) if kind == "category" else list(words)


def stacked(tables: Sequence[Table]) -> pd.DataFrame:
    """The rows of one table or more, in the order given, as a frame; their columns must be the same."""
    import pandas as pd

    data = {name: _series(joined([table[name] for table in tables])) for name in tables[0]}
    return pd.DataFrame(data, copy=False)


def _series(column: Plain) -> Any:
    """What pandas makes a column of."""
    import pandas as pd

    if column.kind == "number":
        return column.values
    if column.kind == "category":
        return pd.Categorical.from_codes(column.values, categories=pd.Index(column.words, dtype="str"))
    return pd.array(list(column.words), dtype="str").take(column.values, allow_fill=True)


def _end_to_end(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
