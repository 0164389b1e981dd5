"""Files as people have them, read into a table of text: CSV in any usual encoding, and XLSX.

Everything has a limit, because a spreadsheet is a zip file and a zip file may unfold to anything.
No I/O beyond the bytes given. What reads XLSX is loaded with the first such file
(docs/decisions/0025).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from callcenter.crm.imports.schemas import FileWrong, Table
from callcenter.sheets import without_guard

FILE_BYTES_MAX = 10 * 1024 * 1024
UNPACKED_BYTES_MAX = 200 * 1024 * 1024
ROWS_MAX = 50_000
COLUMNS_MAX = 100
CELL_MAX = 10_000
SNIFFED = 20_000
DELIMITERS = ",;\t|"


def read_table(name: str, content: bytes) -> Table:
    """The table in a file. Raises FileWrong."""
    if not content:
        raise FileWrong("the file is empty")
    if len(content) > FILE_BYTES_MAX:
        raise FileWrong(f"the file has more than {FILE_BYTES_MAX // 1024 // 1024} MB: split it")
    if content.startswith(b"PK\x03\x04"):
        return _table(_xlsx_rows(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileWrong("this is an old Excel file (.xls): save it as .xlsx or as CSV")
    if name.lower().endswith(".xlsx"):
        raise FileWrong("the file ends with .xlsx but is no Excel file")
    return _table(_csv_rows(_text(content)))


def _text(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else GB18030, in which Excel writes CSV in China; every sequence
    of bytes that is neither would be a binary file."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileWrong("this is no text: save it as CSV (UTF-8) or as XLSX")


def _csv_rows(text: str) -> Iterable[list[str]]:
    head = text[:SNIFFED]
    try:
        dialect: Any = csv.Sniffer().sniff(head, DELIMITERS)
        delimiter = dialect.delimiter
    except csv.Error:
        first = head.splitlines()[0] if head.strip() else ""
        delimiter = max(DELIMITERS, key=first.count)
    try:
        # Quotes as RFC 4180 has them; what the sniffer thinks of quotes is often wrong.
        yield from csv.reader(io.StringIO(text), delimiter=delimiter, strict=False)
    except csv.Error as problem:
        raise FileWrong(f"the file is no CSV: {problem}") from None


def _xlsx_rows(content: bytes) -> Iterable[list[str]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > UNPACKED_BYTES_MAX:
            raise FileWrong("the file unfolds to more than 200 MB: split it")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except FileWrong:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as problem:
        raise FileWrong(f"the Excel file cannot be read: {str(problem)[:100]}") from None
    try:
        for sheet in book.worksheets[:1]:
            for row in sheet.iter_rows(values_only=True):
                yield [_cell(value) for value in row[: COLUMNS_MAX + 1]]
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as problem:
        raise FileWrong(f"the Excel file cannot be read: {str(problem)[:100]}") from None
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _table(rows: Iterable[list[str]]) -> Table:
    """The first row with something in it has the names; rows with nothing in them go."""
    columns: tuple[str, ...] = ()
    kept: list[tuple[str, ...]] = []
    for row in rows:
        cells = [without_guard(cell.replace("\0", "").strip()[:CELL_MAX]) for cell in row]
        if not any(cells):
            if columns:
                kept.append(())  # its number counts in what is said about later rows
            continue
        if not columns:
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > COLUMNS_MAX:
                raise FileWrong(f"the file has more than {COLUMNS_MAX} columns")
            columns = tuple(cells)
            continue
        kept.append(tuple((cells + [""] * len(columns))[: len(columns)]))
        if len(kept) > ROWS_MAX:
            raise FileWrong(f"the file has more than {ROWS_MAX} rows: split it")
    while kept and not kept[-1]:
        kept.pop()
    if not columns or not kept:
        raise FileWrong("the file has no rows below its first, which must name the columns")
    return Table(columns, tuple(kept))
