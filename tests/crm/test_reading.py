"""Files that are no tables are refused with a reason, and none makes us fall."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.crm.imports.reading import read_table
from callcenter.crm.imports.schemas import FileWrong

pytestmark = pytest.mark.pure


def packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"name,phone\r\n", "no rows"),
        ("a.csv", b"\n\n,,\n", "no rows"),
        ("a.xlsx", b"name\nx", "no Excel file"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        ("a.xlsx", packed("hello.txt", b"x"), "cannot be read"),
        ("a.xlsx", b"PK\x03\x04 damaged", "cannot be read"),
        ("a.csv", b"\0\1\2\xff" * 20, "no text"),
        ("a.csv", b"," * 101 + b"x\n1", "columns"),
        ("a.csv", b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
        ("a.csv", b"a\n" + b"x\n" * 50_001, "50000 rows"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_is_no_table_is_refused(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(FileWrong, match=reason):
        read_table(name, content)


def test_a_file_that_unfolds_to_a_mountain_is_refused() -> None:
    bomb = packed("xl/worksheets/sheet1.xml", b"0" * (201 * 1024 * 1024))
    with pytest.raises(FileWrong, match="unfolds"):
        read_table("a.xlsx", bomb)


def test_rows_keep_their_numbers_and_their_length() -> None:
    table = read_table("a.csv", "\ufeffname,phone\nA,1,extra\n\nB\n".encode())
    assert table.columns == ("name", "phone")
    assert table.rows == (("A", "1"), (), ("B", ""))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        table = read_table("a.csv", content)
    except FileWrong:
        return
    assert all(len(row) in (0, len(table.columns)) for row in table.rows)
