"""A user's file as text: its bytes, its encoding, its fingerprint. Every repair is said aloud."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.checks import InputError

LARGEST_BYTES: Final = 2 * 1024**3
FOREIGN: Final = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
}
"""First bytes of files often mistaken for CSV."""
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class TextFile:
    """A decoded file; `repairs` are the sentences the user must read."""

    name: str
    text: str
    sha256: str
    repairs: tuple[str, ...]


def read_text(path: str) -> TextFile:
    """The text of `path`; an InputError if it is missing, empty or not text."""
    content = _content(path)
    name = Path(path).name
    _refuse_foreign(name, content)
    text, repairs = _decoded(name, content)
    if not text.strip():
        raise InputError(f"{name} is empty")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return TextFile(name, text, hashlib.sha256(content).hexdigest(), repairs)


def _content(path: str) -> bytes:
    file = Path(path)
    try:
        if file.is_dir():
            raise InputError(f"{path} is a folder, a CSV file is needed")
        if file.stat().st_size > LARGEST_BYTES:
            raise InputError(f"{path} is larger than 2 GiB")
        return file.read_bytes()
    except FileNotFoundError:
        raise InputError(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} cannot be read: {reason}") from None


def _refuse_foreign(name: str, content: bytes) -> None:
    for magic, what in FOREIGN.items():
        if content.startswith(magic):
            raise InputError(f"{name} is {what}, not a text table; save it as CSV (UTF-8) first")
    if b"\x00" in content and not content.startswith(UTF16):
        raise InputError(f"{name} holds NUL bytes, so it is not a text table; save it as CSV (UTF-8)")


def _decoded(name: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """UTF-8 if possible; else UTF-16 by its mark, else Windows-1252, and a sentence about it."""
    if content.startswith(UTF16):
        try:
            return content.decode("utf-16"), (f"{name} is UTF-16, not UTF-8: decoded as such",)
        except UnicodeDecodeError:
            raise InputError(f"{name} is damaged UTF-16; save it as CSV (UTF-8)") from None
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        return _as_windows(name, content, error)


def _as_windows(name: str, content: bytes, error: UnicodeDecodeError) -> tuple[str, tuple[str, ...]]:
    row, cell = _place(content, error.start)
    where = f"row {row}, column {cell}"
    byte = f"byte 0x{content[error.start]:02x}"
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise InputError(
            f"{name} is neither UTF-8 nor Windows-1252 ({where}: {byte}); save it as CSV (UTF-8)"
        ) from None
    return text, (f"{name} is not UTF-8 ({where}: {byte}): decoded as Windows-1252",)


def _place(content: bytes, position: int) -> tuple[int, str]:
    """Line number and column name (or number) of a byte, as far as plain commas tell."""
    before = content[:position].splitlines() or [b""]
    header = content.splitlines()[0]
    mark = max((b",", b";", b"\t"), key=header.count)
    names = header.split(mark)
    line = content[:position].count(b"\n") + 1
    index = 0 if content[position - 1 : position] == b"\n" else before[-1].count(mark)
    if line == 1 or index >= len(names):
        return line, str(index + 1)
    return line, repr(names[index].decode("cp1252", "replace").strip())
