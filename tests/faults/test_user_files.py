"""A configuration file from somebody else: whatever is wrong with it is one sentence, at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.command.main import main
from sim.yaml_file import DEEPEST, MOST_VALUES, refuse_unreadable

HEAD = b"# @package _global_\n"
BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n" % (98 + i, 98 + i, *[97 + i] * 9) for i in range(8)
)
"""Nine to the ninth values in 400 bytes."""
FILES = {
    "latin": (HEAD + b"title: M\xfcller\n", "must be UTF-8 text, got byte 0xfc in line 2"),
    "utf16": ("title: Müller\n".encode("utf-16"), "must be UTF-8 text, got byte 0xff in line 1"),
    "mark": (b"\xef\xbb\xbf" + HEAD + b"title: x\n", "must be UTF-8 text without a byte order mark"),
    "bomb": (HEAD + BOMB, "must hold at most 200000 values with its anchors written out, got more"),
    "deep": (HEAD + b"title: " + b"[" * 3000 + b"]" * 3000, "must nest at most 40 lists and mappings, got more"),
    "huge": (HEAD + b"title: " + b"x" * 1_000_001, "must be at most 1 MB"),
    "syntax": (HEAD + b"title: [open\n", "is no readable YAML"),
    "tab": (HEAD + b"arms:\n\ta: [policy=balanced]\n", "is no readable YAML"),
    "twice": (HEAD + b"title: a\ntitle: b\n", "found duplicate key title"),
    "empty": (b"", "must begin with the line '# @package _global_'"),
    "nowhere": (b"title: a\n", "must begin with the line '# @package _global_'"),
    "itself": (HEAD + b"defaults:\n  - itself\n", "a configuration file includes itself"),
    "code": (HEAD + b"title: !!python/object/apply:os.system ['touch HACKED']\n", "is no readable YAML"),
    "misspelt": (HEAD + b"policy: {sales: {promis: 1}}\n", "policy.sales has no key promis: did you mean promise?"),
}


@pytest.mark.parametrize("name", FILES)
def test_one_sentence_and_nothing_left(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content, sentence = FILES[name]
    file = tmp_path / "mine" / "experiment" / f"{name}.yaml"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert main(["run", "--config-dir", "mine", f"experiment={name}", "store=null"]) == 2
    out, err = capsys.readouterr()
    assert sentence in err and len(err.strip().splitlines()) == 1 and out == "" and "Traceback" not in err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]


def test_what_people_write_is_read(tmp_path: Path) -> None:
    """Negative control: as large, as deep and with as many anchors as allowed."""
    file = tmp_path / "a.yaml"
    deep, wide = b"[" * (DEEPEST - 1) + b"]" * (DEEPEST - 1), b"[" + b"1, " * 999 + b"1]"
    uses = (MOST_VALUES - DEEPEST - 10) // 1001 - 1
    file.write_bytes(b"a: " + deep + b"\nb: &b " + wide + b"\nc: [" + b"*b, " * (uses - 1) + b"*b]\n")
    refuse_unreadable(str(file))
