"""Tables for spreadsheets that cannot be made to compute: no cell begins a formula.

In CSV a text that Excel would take for a formula gets an apostrophe before it (as OWASP's page on
CSV injection says), and loses it again when it is read back. In XLSX a cell says that it is text.
The library that writes it is loaded with the first file (docs/decisions/0025).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CELL_MAX = 32_767  # Excel's own
SHEET_TITLE_RE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Formatted:
    """A number, and how Excel shows it (as 0.0%)."""

    value: float
    form: str


Cell = str | int | float | Formatted | None


def _cell(sheet: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL_MAX])
        cell.data_type = "s"
        return cell
    if isinstance(value, Formatted):
        cell = WriteOnlyCell(sheet, value=value.value)
        cell.number_format = value.form
        return cell
    return WriteOnlyCell(sheet, value=value)


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
    return xlsx_book({"": rows})


def xlsx_book(sheets: Mapping[str, Iterable[Sequence[Cell]]]) -> bytes:
    """Several sheets by title; numbers stay numbers, with a format if they have one."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(SHEET_TITLE_RE.sub(" ", title)[:31] or None)
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
