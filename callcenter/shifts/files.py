"""A plan as CSV, in and out: a line a shift, several lines for a day with several. Pure.

The columns are agent, day, begins, ends, breaks; the breaks stand as `12:00-12:30 15:00-15:15`. A
line without times is a day off, which takes away what was planned. What goes out comes back in as
it was. All mistakes are told, each with its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from callcenter.sheets import csv_lines, without_guard
from callcenter.shifts.values import Shift, ShiftWrong, checked, clock_text, read_shift

HEAD = ("agent", "day", "begins", "ends", "breaks")
ALSO = {
    "坐席": "agent",
    "日期": "day",
    "date": "day",
    "开始": "begins",
    "start": "begins",
    "from": "begins",
    "结束": "ends",
    "end": "ends",
    "until": "ends",
    "to": "ends",
    "休息": "breaks",
}
LINES_MAX = 20_000
FLAWS_MAX = 50
DAY_RE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
FIRST_YEAR, LAST_YEAR = 1971, 2199

Day = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Flaw:
    line: int
    message: str


def as_csv(rows: Sequence[tuple[str, date, Sequence[Shift]]]) -> bytes:
    lines: list[Sequence[str]] = [HEAD]
    for agent, day, shifts in rows:
        for shift in shifts:
            times = (clock_text(shift.begins), clock_text(shift.ends))
            breaks = " ".join(f"{clock_text(b.begins)}-{clock_text(b.ends)}" for b in shift.breaks)
            lines.append((agent, day.isoformat(), *times, breaks))
    return csv_lines(lines, first=True)


def read_csv(
    text: str, agents: Mapping[str, str]
) -> tuple[dict[Day, tuple[Shift, ...]], list[Flaw]]:
    """The days in a file, and what is wrong in it. `agents`: those who may stand there, id to name;
    a name will do where only one has it."""
    found: dict[Day, list[Shift]] = {}
    lines: dict[Day, int] = {}
    flaws: list[Flaw] = []
    by_name: dict[str, list[str]] = {}
    for id, name in agents.items():
        by_name.setdefault(name.strip().casefold(), []).append(id)
    rows = _rows(text, flaws)
    for line, row in rows:
        try:
            day = (_agent(row["agent"], agents, by_name), _day(row["day"]))
            shift = _shift(row)
        except ShiftWrong as wrong:
            flaws.append(Flaw(line, str(wrong)))
            continue
        lines[day] = line
        found.setdefault(day, [])
        if shift is not None:
            found[day].append(shift)
    made = {}
    for day, shifts in found.items():
        try:
            made[day] = checked(shifts)
        except ShiftWrong as wrong:
            flaws.append(Flaw(lines[day], f"{day[0]}, {day[1]}: {wrong}"))
    return made, sorted(flaws, key=lambda flaw: flaw.line)[:FLAWS_MAX]


def _rows(text: str, flaws: list[Flaw]) -> list[tuple[int, dict[str, str]]]:
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        lines = [(reader.line_num, row) for row in reader]
    except csv.Error as problem:
        flaws.append(Flaw(reader.line_num, f"this is no CSV: {problem}"))
        return []
    lines = [(number, row) for number, row in lines if any(cell.strip() for cell in row)]
    if not lines or len(lines) > LINES_MAX:
        flaws.append(Flaw(1, f"a header and 1 to {LINES_MAX} lines are needed"))
        return []
    names = [cell.strip().casefold() for cell in lines[0][1]]
    names = [ALSO.get(name, name) for name in names]
    missing = [name for name in HEAD[:4] if name not in names]
    if missing:
        flaws.append(
            Flaw(1, f"the header needs {', '.join(HEAD)}; {', '.join(missing)} is not there")
        )
        return []
    empty = dict.fromkeys(HEAD, "")
    return [
        (
            number,
            empty | {n: without_guard(cell.strip()) for n, cell in zip(names, row, strict=False)},
        )
        for number, row in lines[1:]
    ]


def _agent(text: str, agents: Mapping[str, str], by_name: Mapping[str, list[str]]) -> str:
    if text in agents:
        return text
    found = by_name.get(text.casefold(), [])
    if len(found) == 1:
        return found[0]
    if found:
        raise ShiftWrong(f"several agents are called {text[:40]!r}: write the id")
    raise ShiftWrong(f"there is no agent {text[:40]!r} whom you may plan")


def _day(text: str) -> date:
    parts = DAY_RE.fullmatch(text)
    try:
        day = date(int(parts[1]), int(parts[2]), int(parts[3])) if parts else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ShiftWrong(f"{text[:20]!r} is no day: write it as 2026-12-31")
    return day


def _shift(row: Mapping[str, str]) -> Shift | None:
    if not row["begins"] and not row["ends"]:
        return None
    return read_shift(row["begins"], row["ends"], read_breaks(row["breaks"]))


def read_breaks(text: str) -> list[tuple[str, str]]:
    """Of `12:00-12:30 15:00-15:15`. Raises ShiftWrong."""
    made = []
    for part in re.split(r"[\s,;，；、]+", text.strip()):
        if part:
            begins, mark, ends = part.replace("–", "-").partition("-")
            if not mark:
                raise ShiftWrong(f"{part[:20]!r} is no break: write it as 12:00-12:30")
            made.append((begins, ends))
    return made
