"""Malformed files are refused, or repaired with a sentence that names row and column."""

from pathlib import Path

import numpy as np
import pytest

from sim.checks import InputError
from sim.fitting.curve import read_curve
from sim.fitting.customers import Columns, Customers, read_customers
from sim.fitting.likelihood import maximum_likelihood
from sim.fitting.sizes import left_by_usage, read_sizes
from sim.fitting.table import Table, column_and_value, read_table
from sim.fitting.text_file import read_text
from sim.fitting.values import grouped

PLAIN = Columns("tenure", "gone=yes")


def _read(folder: Path, content: str | bytes, columns: Columns = PLAIN) -> Customers:
    file = folder / "customers.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    text = read_text(str(file))
    table = read_table(text)
    table, said = grouped(table, columns.groups)
    found = read_customers(table, columns)
    return Customers(found.tenure_months, found.left, (*text.repairs, *table.repairs, *said, *found.repairs))


def _curve(folder: Path, content: str) -> str:
    file = folder / "curve.csv"
    file.write_text(content)
    return str(file)


def test_a_plain_file_needs_no_repair(tmp_path: Path) -> None:
    found = _read(tmp_path, "id,tenure,gone\n1,3,yes\n2,5,no\n")
    assert found.tenure_months.tolist() == [3, 5]
    assert found.left.tolist() == [True, False]
    assert found.repairs == ()


REFUSED = {
    "missing column": ("id,tenur,gone\n1,3,yes\n", "no column 'tenure'; did you mean 'tenur'"),
    "negative": ("id,tenure,gone\n1,3,yes\n2,-4,no\n", "row 3, column 'tenure': -4 is negative"),
    "text": ("id,tenure,gone\n1,3,yes\n2,four,no\n", "row 3, column 'tenure': 'four' is not a number"),
    "infinite": ("id,tenure,gone\n1,inf,yes\n", "row 2, column 'tenure': 'inf' is not a number"),
    "a date": ("id,tenure,gone\n1,20240101,yes\n", "row 2, column 'tenure': 20240101 is no tenure"),
    "empty": ("", "customers.csv is empty"),
    "only spaces": ("  \n \n", "customers.csv is empty"),
    "only a header": ("id,tenure,gone\n", "has a header but no rows"),
    "duplicate id": ("id,tenure,gone\n1,3,yes\n2,4,no\n1,5,no\n", "row 4, column 'id': repeats the id of row 2"),
    "ragged": ("id,tenure,gone\n1,3,yes\n2,4\n", "row 3 has 2 cells, its header has 3 columns"),
    "surplus": ("id,tenure,gone\n1,3,yes\n2,4,no,7\n", "row 3 has 4 cells"),
    "no such value": ("id,tenure,gone\n1,3,ja\n2,4,nein\n", "never holds 'yes'; it holds 'ja'"),
    "twice": ("id,tenure,tenure,gone\n1,3,3,yes\n", "2 columns called 'tenure'"),
    "headless": ("00004 0001 19970101  2   29.33\n00004 0001 19970118  2   29.73\n", "no header line"),
    "open quote": ('id,tenure,gone\n1,"3,yes\n', "not a readable table"),
    "mostly blank": ("id,tenure,gone\n1,3,yes\n2,,no\n3,,no\n4,2,no\n", "2 of 4 cells are blank"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(tmp_path: Path, case: str) -> None:
    content, sentence = REFUSED[case]
    with pytest.raises(InputError) as caught:
        _read(tmp_path, content)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"id,ten\x00ure\n", b"\xff\xfea"])
def test_other_formats_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="save it as CSV"):
        _read(tmp_path, content)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        read_text(str(tmp_path / "none.csv"))
    with pytest.raises(InputError, match="is a folder"):
        read_text(str(tmp_path))


def test_five_percent_blank_is_repaired_and_named(tmp_path: Path) -> None:
    rows = [f"{i},{'' if i % 20 == 3 else i % 12},{'yes' if i % 3 else 'no'}" for i in range(1, 101)]
    found = _read(tmp_path, "\n".join(["id,tenure,gone", *rows]))
    assert found.tenure_months.size == 95
    said = [r for r in found.repairs if "blank" in r]
    assert len(said) == 1
    assert "rows 4, 24, 44, 64 and 84, column 'tenure': blank (5 of 100 cells)" in said[0]


def test_every_left_out_row_is_counted(tmp_path: Path) -> None:
    """Nothing is dropped silently: rows kept + rows named = rows of the file."""
    found = _read(tmp_path, "id,tenure,gone\n1,3,yes\n2,NA,no\n,,\n4,4,\n5,6,no\n6,7,no\n7,7,no\n")
    assert found.tenure_months.size == 4
    assert any("row 4" in r and "left out" in r for r in found.repairs)
    assert any("row 3, column 'tenure'" in r for r in found.repairs)
    assert any("row 5, column 'gone'" in r for r in found.repairs)


def test_wrong_encoding_is_said(tmp_path: Path) -> None:
    found = _read(tmp_path, "id,name,tenure,gone\n1,x,3,yes\n2,Café,4,no\n".encode("latin-1"))
    assert found.tenure_months.size == 2
    assert "row 3, column 'name': byte 0xe9" in found.repairs[0]
    assert _read(tmp_path, "id,tenure,gone\n1,3,yes\n2,4,no\n".encode("utf-16")).repairs[0].endswith("as such")
    assert _read(tmp_path, b"\xef\xbb\xbfid,tenure,gone\n1,3,yes\n").repairs == ()


def test_names_with_spaces_brackets_and_commas(tmp_path: Path) -> None:
    content = 'Customer ID,"Tenure  (months), total",Left = why [x]=y\n1,3,a=b\n2,5,c\n'
    found = _read(tmp_path, content, Columns("Tenure (months), total", "Left = why [x]=y=a=b"))
    assert found.tenure_months.tolist() == [3, 5]
    assert found.left.tolist() == [True, False]


def test_the_longest_known_column_takes_the_equals_sign(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,a=b\n1,2\n")
    table = read_table(read_text(str(file)))
    assert column_and_value(table, "a=b=2", "--churned") == (1, "2")
    assert column_and_value(table, "a=1", "--churned") == (0, "1")
    with pytest.raises(InputError, match="--churned must be COLUMN=VALUE"):
        column_and_value(table, "a", "--churned")


def test_decimal_commas_and_semicolons(tmp_path: Path) -> None:
    found = _read(tmp_path, "id;tenure;gone\n1;3,5;yes\n2;4;no\n")
    assert found.tenure_months.tolist() == [3.5, 4]
    assert "row 2, column 'tenure': decimal comma" in found.repairs[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(tmp_path: Path, end: str) -> None:
    found = _read(tmp_path, end.join(["id,tenure,gone", "1,3,yes", "2,4,no", "", ""]))
    assert found.tenure_months.tolist() == [3, 4]
    assert found.repairs == ()


def test_group_keeps_its_rows_and_their_numbers(tmp_path: Path) -> None:
    content = "id,plan,tenure,gone\n1,a,3,yes\n2,b,-1,no\n3,a,4,no\n"
    found = _read(tmp_path, content, Columns("tenure", "gone=yes", groups=("plan=a",)))
    assert found.tenure_months.tolist() == [3, 4]
    assert "2 of 3 rows" in found.repairs[0]
    with pytest.raises(InputError, match="row 3"):
        _read(tmp_path, content, Columns("tenure", "gone=yes", groups=("plan=b",)))


def test_identity_column_may_be_named_or_waived(tmp_path: Path) -> None:
    content = "code,tenure,gone\n1,3,yes\n1,4,no\n"
    assert "no column looks like a customer id" in _read(tmp_path, content).repairs[0]
    with pytest.raises(InputError, match="column 'code': repeats"):
        _read(tmp_path, content, Columns("tenure", "gone=yes", identity="code"))
    waived = _read(tmp_path, content.replace("code", "id"), Columns("tenure", "gone=yes", identity="none"))
    assert waived.tenure_months.size == 2


def test_churned_column_with_one_word_reads_blanks_as_staying(tmp_path: Path) -> None:
    found = _read(tmp_path, "id,tenure,gone\n1,3,yes\n2,4,\n")
    assert found.left.tolist() == [True, False]
    assert "row 3, column 'gone': blank, read as not 'yes'" in found.repairs[0]


def test_lifetimes_in_longer_terms(tmp_path: Path) -> None:
    found = _read(tmp_path, "id,tenure,gone\n1,12,yes\n2,13,yes\n3,23,no\n4,0,no\n5,0,yes\n")
    lifetimes = found.lifetimes(12)
    lived = sorted(zip(lifetimes.after.tolist(), lifetimes.until.tolist(), lifetimes.weight.tolist(), strict=True))
    assert lived == [(0, -1, 1), (0, 1, 2), (1, -1, 1), (1, 2, 1)]
    assert any("row 6" in r and "tenure 0" in r for r in found.repairs)


def _table(folder: Path, content: str) -> Table:
    file = folder / "customers.csv"
    file.write_text(content)
    return read_table(read_text(str(file)))


def test_sizes_are_sorted_so_that_no_row_can_be_rebuilt(tmp_path: Path) -> None:
    table = _table(tmp_path, "id,tenure,gone,fee,seats\n1,3,yes,9,1\n2,5,no,4,4\n3,6,no,6,2\n")
    sizes = read_sizes(table, Columns("tenure", "gone=yes", fee="fee", seats="seats"))
    assert sizes.fee is not None and sizes.seats is not None and sizes.price is not None
    assert sizes.fee.tolist() == [4, 6, 9]
    assert sizes.seats.tolist() == [1, 2, 4]
    assert sizes.price.tolist() == [1, 3, 9]


def test_sizes_without_seats_or_fee_are_named(tmp_path: Path) -> None:
    table = _table(tmp_path, "id,tenure,gone,fee,seats\n1,3,yes,0,1\n2,5,no,4,0\n3,6,no,,2\n4,1,no,2,2\n5,1,no,2,2\n")
    sizes = read_sizes(table, Columns("tenure", "gone=yes", fee="fee", seats="seats"))
    assert sizes.price is not None and sizes.price.tolist() == [0, 1, 1]
    assert [r.split(": ")[0].split(" ", 1)[1] for r in sizes.repairs] == [
        "row 4, column 'fee'",
        "row 2, column 'fee'",
        "row 3, column 'seats'",
    ]
    with pytest.raises(InputError, match="holds nothing above 0"):
        read_sizes(_table(tmp_path, "id,fee\n1,0\n"), Columns("tenure", "gone=yes", fee="fee"))


def test_leaving_by_usage_runs_from_the_least_to_the_most(tmp_path: Path) -> None:
    rows = [f"{i},{i},{'yes' if i <= 2 else 'no'}" for i in range(1, 9)]
    table = _table(tmp_path, "\n".join(["id,use,gone", *rows]))
    assert left_by_usage(table, Columns("", "gone=yes", usage="use"))[0] == (1, 0, 0, 0)


def test_a_curve_is_read(tmp_path: Path) -> None:
    curve = read_curve(_curve(tmp_path, "period,percent_surviving\n0,100\n1,63.1\n2,46.8\n3,38.2\n"))
    assert curve.surviving == pytest.approx([1, 0.631, 0.468, 0.382])
    assert curve.repairs == ()


def test_a_curve_with_a_blank_and_no_start_is_repaired(tmp_path: Path) -> None:
    path = _curve(tmp_path, "period,percent_surviving\n1,63.1\n2,\n3,38.2\n4,32.6\n5,28.9\n6,26.2\n")
    curve = read_curve(path)
    assert curve.periods.tolist() == [0, 1, 3, 4, 5, 6]
    assert any("row 3, column 'percent_surviving': blank" in r for r in curve.repairs)
    assert any("100 percent at period 0" in r for r in curve.repairs)
    assert maximum_likelihood(curve.lifetimes).law.alpha == pytest.approx(0.72, abs=0.05)


def test_a_curve_in_shares_is_said(tmp_path: Path) -> None:
    curve = read_curve(_curve(tmp_path, "period,percent_surviving\n0,1\n1,.631\n2,.468\n"))
    assert np.allclose(curve.surviving, [1, 0.631, 0.468])
    assert "shares" in curve.repairs[0]


CURVES = {
    "rising": ("0,100\n1,60\n2,70\n", "row 4, column 'percent_surviving': survival rises from 60 to 70"),
    "above": ("0,100\n1,160\n2,70\n", "160 percent is above 100"),
    "negative": ("0,100\n1,-6\n2,-7\n", "row 3, column 'percent_surviving': -6 is negative"),
    "text": ("0,100\n1,sixty\n2,7\n", "row 3, column 'percent_surviving': 'sixty' is not a number"),
    "half period": ("0,100\n1.5,60\n2,7\n", "row 3, column 'period': '1.5' is not a whole number"),
    "blank period": ("0,100\n,60\n2,50\n3,40\n4,30\n5,20\n6,10\n", "row 3, column 'period': '' is not a whole"),
    "repeated": ("0,100\n1,60\n1,50\n", "row 4, column 'period': period 1 follows 1"),
    "late start": ("0,90\n1,60\n2,50\n", "100 percent at period 0, got 90"),
    "short": ("0,100\n1,60\n", "fewer than 3 readings"),
    "flat": ("0,100\n1,100\n2,100\n", "nobody ever left"),
}


@pytest.mark.parametrize("case", CURVES)
def test_refused_curves(tmp_path: Path, case: str) -> None:
    rows, sentence = CURVES[case]
    with pytest.raises(InputError) as caught:
        maximum_likelihood(read_curve(_curve(tmp_path, "period,percent_surviving\n" + rows)).lifetimes)
    assert sentence in str(caught.value)


def test_a_curve_with_other_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column 'percent_surviving'; did you mean 'percent surviving'"):
        read_curve(_curve(tmp_path, "period,percent surviving\n0,100\n1,60\n2,50\n"))
