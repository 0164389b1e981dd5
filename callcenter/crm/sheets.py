"""Tables for spreadsheets that cannot be made to compute: no cell begins a formula.

In CSV a text that Excel would take for a formula gets an apostrophe before it (as OWASP's page on
CSV injection says), and loses it again when it is read back. In XLSX a cell says that it is text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CELL_MAX = 32_767  # Excel's own


def guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def without_guard(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def csv_lines(rows: Iterable[Sequence[str]], *, first: bool = False) -> bytes:
    """Rows as CSV. `first`: with the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerows([guarded(cell) for cell in row] for row in rows)
    return (("\ufeff" if first else "") + out.getvalue()).encode("utf-8", "replace")


def xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as an Excel file with one sheet; the first row stays in sight."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = []
        for text in row:
            plain = ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_MAX]
            cell = WriteOnlyCell(sheet, value=plain)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
