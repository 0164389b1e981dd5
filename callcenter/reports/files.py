"""A report as a file for a spreadsheet: CSV of one table, XLSX of all, in the reader's language.

Numbers are numbers: seconds as seconds, shares as shares (shown as per cent); texts can compute
nothing (`callcenter.sheets`). Moments are those of the report's time zone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from callcenter.reports.asking import Report, Table, Value, figure_of
from callcenter.reports.words import KEY_TITLES, REPORT_TITLES, TABLE_TITLES, key_text
from callcenter.sheets import Cell, Formatted, csv_lines, xlsx_book

Language = Literal["en", "zh"]
Names = Callable[[str, str, Language], str]
"""(kind of key, value, language) to a name: of a queue, an agent, a disposition."""


def as_csv(report: Report, table: str, language: Language, names: Names) -> bytes:
    """One table; the first of the report if there is none of that name."""
    found = next((one for one in report.tables if one.name == table), report.tables[0])
    rows = [[_plain(cell) for cell in row] for row in _rows(report, found, language, names)]
    return csv_lines(rows, first=True)


def as_xlsx(report: Report, language: Language, names: Names) -> bytes:
    """A sheet with what was asked and the cards, and one for each table."""
    sheets: dict[str, list[list[Cell]]] = {
        REPORT_TITLES[report.name][language == "zh"]: _front(report, language)
    }
    for table in report.tables:
        title = TABLE_TITLES.get(table.name, (table.name, table.name))[language == "zh"]
        while title in sheets:
            title += " "
        sheets[title] = _rows(report, table, language, names)
    return xlsx_book(sheets)


def _front(report: Report, language: Language) -> list[list[Cell]]:
    zh = language == "zh"
    period = report.wanted.period
    rows: list[list[Cell]] = [
        ["指标" if zh else "Figure", "数值" if zh else "Value", "定义" if zh else "Definition"],
        ["日期" if zh else "Days", f"{period.first} – {period.last}", period.zone],
    ]
    for name, value in report.cards.items():
        figure = figure_of(name)
        rows.append([figure.title[zh], _cell(name, value, ZoneInfo(period.zone)), figure.text[zh]])
    return rows


def _rows(report: Report, table: Table, language: Language, names: Names) -> list[list[Cell]]:
    zh = language == "zh"
    zone = ZoneInfo(report.wanted.period.zone)
    heads: list[Cell] = [KEY_TITLES[key][zh] for key in table.keys]
    heads += [_head(name, zh) for name in table.figures]
    rows = [heads]
    for keys, values in table.rows:
        shown: list[Cell] = [
            _key(kind, key, language, names, zone)
            for kind, key in zip(table.keys, keys, strict=True)
        ]
        rows.append(shown + _cells(table.figures, values, zone))
    if table.totals is not None:
        blank: list[Cell] = [""] * (len(table.keys) - 1)
        rows.append(["合计" if zh else "Total", *blank, *_cells(table.figures, table.totals, zone)])
    return rows


def _head(name: str, zh: bool) -> str:
    figure = figure_of(name)
    unit = {"seconds": "（秒）" if zh else " (s)"}.get(figure.unit, "")
    return figure.title[zh] + unit


def _key(kind: str, key: str, language: Language, names: Names, zone: ZoneInfo) -> str:
    if kind in ("interval", "moment", "until"):
        return datetime.fromisoformat(key).astimezone(zone).strftime("%Y-%m-%d %H:%M %z")
    return names(kind, key, language) or key_text(kind, key, language == "zh")


def _cells(figures: Sequence[str], values: Sequence[Value], zone: ZoneInfo) -> list[Cell]:
    return [_cell(name, value, zone) for name, value in zip(figures, values, strict=True)]


def _cell(name: str, value: Value, zone: ZoneInfo) -> Cell:
    if value is None:
        return None
    unit = figure_of(name).unit
    if unit == "moment":
        return datetime.fromtimestamp(value, zone).strftime("%Y-%m-%d %H:%M:%S %z")
    if unit == "share":
        return Formatted(round(value, 6), "0.0%")
    if unit == "count":
        return int(value)
    return Formatted(round(value, 3), "0.0")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return str(cell.value) if isinstance(cell, Formatted) else str(cell)
