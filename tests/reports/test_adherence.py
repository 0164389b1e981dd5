"""Adherence and occupancy by interval equal what is counted from the raw states and the plan as it
was written: on days on which the clocks are changed, too."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.effects import RecordPresence
from callcenter.reports.asked.adherence import adherence
from callcenter.reports.asked.agents import agents
from callcenter.reports.asked.staffing import staffing
from callcenter.reports.asking import Report, Table, Wanted, reading
from callcenter.reports.feeding import Feeder
from callcenter.reports.figures import FIGURES, sums_of
from callcenter.reports.periods import Period, cut
from callcenter.shifts.book import Planned, ShiftBook
from callcenter.shifts.values import read_shift
from callcenter.store.directory import Directory
from callcenter.store.ledger_rows import WRITE, grouped, to_line
from callcenter.store.quick import Quick
from tests.reports import recomputed

pytestmark = [pytest.mark.db, pytest.mark.anyio]

ZONE = "Europe/Berlin"
FIRST = date(2026, 3, 27)  # on the 29th the clocks are put forward
DAYS = 4
BY = "00000000-0000-0000-0000-000000000000"
PEOPLE = ("ann", "ben", "cid", "dan")
DAY_SHIFT = read_shift("09:00", "17:00", [("12:00", "12:30"), ("15:00", "15:15")])
NIGHT = read_shift("22:00", "06:00", [("01:45", "03:15")])
SPLIT = (read_shift("06:00", "10:00"), read_shift("14:00", "18:00", [("16:00", "16:10")]))


@pytest.fixture
async def planned(engine: AsyncEngine, database_url: str) -> AsyncIterator[list[Any]]:
    """Four people who come and go as they like, and a plan; the presences as they were written."""
    directory, book = Directory(engine), ShiftBook(engine)
    for agent in PEOPLE:
        await directory.put_agent(agent, {"name": agent.title()}, by=BY)
    days = []
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        kinds = {"ann": (DAY_SHIFT,), "ben": (NIGHT,), "cid": SPLIT, "dan": (DAY_SHIFT,)}
        days += [Planned(agent, day, shifts) for agent, shifts in kinds.items()]
    await book.write(days, "typed", zone=ZONE, by=BY, name="Test")
    records = [one for agent in PEOPLE[:3] for one in _wandering(agent)]
    database = Quick(database_url)
    try:
        await database.fetch(WRITE, *grouped([to_line(record) for record in records]))
    finally:
        await database.close()
    await Feeder(engine).feed_all()
    async with engine.connect() as connection:
        query = "select agent, at, state, reason from presence_events order by agent, sequence"
        yield [tuple(row) for row in await connection.execute(text(query))]


def _wandering(agent: str) -> list[RecordPresence]:
    """Some days of states that change after odd times, hardly ever at full minutes."""
    rng = random.Random(agent)
    states = ("available", "offered", "talking", "hold", "wrap-up", "paused", "unreachable")
    at = datetime(2026, 3, 26, 20, tzinfo=UTC).timestamp()
    until = at + (DAYS + 1) * 86_400
    made: list[RecordPresence] = []
    while at < until:
        away = rng.random() < 0.06
        state = "offline" if away else rng.choice(states)
        made.append(RecordPresence(agent, len(made) + 1, round(at, 3), state, ""))
        at += rng.uniform(600, 36_000) if away else rng.uniform(1, 2400)
    made.append(RecordPresence(agent, len(made) + 1, at, "offline", ""))
    return made


def table(report: Report, name: str) -> Table:
    return next(one for one in report.tables if one.name == name)


async def test_every_figure_of_adherence_equals_the_raw_states(
    engine: AsyncEngine, planned: list[Any]
) -> None:
    wanted = Wanted(Period(FIRST, FIRST + timedelta(days=DAYS - 1), ZONE), "day")
    async with reading(engine, 10_000) as source:
        report = await adherence(source, wanted)
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("select agent_id, day, time_zone, shifts from shift_days")
        )
        counted = recomputed.of_plan([tuple(row) for row in rows], planned)
    days = table(report, "agent-days")
    sums = sums_of(days.figures)
    assert len(days.rows) == len(counted) == DAYS * len(PEOPLE)
    for (agent, day), values in days.rows:
        raw = dict.fromkeys(sums, 0) | counted[agent, date.fromisoformat(day)]
        expected = tuple(FIGURES[name].value(raw) for name in days.figures)
        assert values == expected, (agent, day)
    # Every exception happens, and planned work is what the definition says it is made of.
    totals = [value or 0.0 for value in table(report, "agents").totals or ()]
    whole = dict(zip(days.figures, totals, strict=True))
    assert all(value for value in whole.values())
    parts = ("late", "left_early", "absent", "unplanned_break", "away")
    assert whole["planned"] + whole["break_planned"] == pytest.approx(
        whole["kept"]
        + whole["break_worked"]
        + whole["break_missed"]
        + sum(whole[name] for name in parts)
    )
    # Ben's night shift of the 28th has an hour less, and so has his break.
    ben = dict(
        zip(days.figures, next(v for k, v in days.rows if k == ("ben", "2026-03-28")), strict=True)
    )
    assert (ben["planned"], ben["break_planned"]) == (6.5 * 3600, 0.5 * 3600)


async def test_what_was_not_as_planned_is_listed_with_its_moments(
    engine: AsyncEngine, planned: list[Any]
) -> None:
    wanted = Wanted(Period(FIRST, FIRST + timedelta(days=DAYS - 1), ZONE), "day")
    async with reading(engine, 10_000) as source:
        report = await adherence(source, wanted)
        one = await adherence(source, Wanted(wanted.period, "day", agents=("ann",)))
    listed = table(report, "exceptions")
    lines = [keys for keys, _ in listed.rows]
    assert {keys[1] for keys in lines} == {
        "late", "left-early", "absent", "unplanned-break", "away", "break-worked",
    }  # fmt: skip
    for (_, _, since, until), (spent,) in listed.rows:
        length = datetime.fromisoformat(until) - datetime.fromisoformat(since)
        assert spent == pytest.approx(length.total_seconds(), abs=0.002)
        assert (spent or 0) >= 60
    dan = [keys for keys in lines if keys[0] == "dan"]
    assert len(dan) == DAYS * 3  # never there: what is planned between the breaks, each day
    assert {keys[1] for keys in dan} == {"absent"}
    assert {keys[0] for keys, _ in table(one, "agent-days").rows} == {"ann"}
    whole = dict(zip(listed.figures, ("",), strict=True))
    assert whole == {"not_as_planned": ""}


@pytest.mark.parametrize("interval", ["5min", "hour", "day"])
async def test_occupancy_by_interval_equals_the_raw_states(
    engine: AsyncEngine, planned: list[Any], interval: Any
) -> None:
    period = Period(FIRST, FIRST + timedelta(days=DAYS - 1), ZONE)
    async with reading(engine, 10_000) as source:
        report = await agents(source, Wanted(period, interval))
    rows = table(report, "intervals")
    counted = recomputed.of_intervals(planned, cut(period, interval), period.until)
    assert len(rows.rows) == len(counted)
    for (keys, values), (signed_in, busy, available) in zip(rows.rows, counted, strict=True):
        told = dict(zip(rows.figures, values, strict=True))
        assert told["signed_in"] == signed_in / 1000, keys
        assert told["busy"] == busy / 1000, keys
        both = busy + available
        assert told["occupancy"] == (busy / both if both else None), keys
        assert told["utilisation"] == (busy / signed_in if signed_in else None), keys


async def test_the_plan_stands_beside_what_is_needed(
    engine: AsyncEngine, planned: list[Any]
) -> None:
    assert planned
    day = FIRST + timedelta(days=1)
    async with reading(engine, 10_000) as source:
        report = await staffing(source, Wanted(Period(day, day, ZONE), "30min"))
        two = await staffing(source, Wanted(Period(day, day, ZONE), "30min", agents=("ann", "ben")))
    rows = table(report, "intervals")
    place = rows.figures.index("agents_planned")
    at = {datetime.fromisoformat(keys[0]).strftime("%H:%M"): v[place] for keys, v in rows.rows}
    # UTC; Berlin is an hour ahead: night shift of the day before, split shift, day shifts, ...
    assert (at["23:00"], at["00:30"], at["05:00"]) == (1.0, 0.5, 1.0)
    assert (at["08:00"], at["11:00"], at["14:00"], at["15:00"]) == (3.0, 0.0, 2.0, 8 / 3)
    assert (at["21:00"], at["20:30"]) == (1.0, 0.0)
    fewer = {keys: values[place] for keys, values in table(two, "intervals").rows}
    assert max(value for value in fewer.values() if value is not None) == 1.0
    over = rows.figures.index("agents_over")
    needed = rows.figures.index("agents_needed")
    assert all(v[over] == (v[place] or 0) - (v[needed] or 0) for _, v in rows.rows)
    async with reading(engine, 10_000) as source:
        later = FIRST + timedelta(days=365)
        unplanned = await staffing(source, Wanted(Period(later, later, ZONE), "30min"))
    values = [(v[place], v[over]) for _, v in table(unplanned, "intervals").rows]
    assert set(values) == {(None, None)}  # nothing is known, which is not nobody


def _at(hour: int, minute: int = 0) -> float:
    """On the second day of the plan, there."""
    return datetime(2026, 3, 28, hour - 1, minute, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("agent", "states", "kept", "missed"),
    [
        ("never", [], 0.0, 0.75),
        ("came-at-two", [(14, "available"), (15, "paused"), (15.25, "available"), (17, "offline")],
            3.0, 0.5),
        ("left-for-lunch", [(9, "available"), (12, "offline")], 3.5, 0.25),
        ("left-at-eleven", [(9, "available"), (11, "paused"), (11.5, "offline")], 2.0, 0.75),
        ("as-planned", [(9, "available"), (12, "offline"), (12.5, "available"), (15, "paused"),
            (15.25, "available"), (17, "offline")], 8.0, 0.0),
    ],
)  # fmt: skip
async def test_a_break_is_kept_by_who_came_to_the_work_before_it(
    engine: AsyncEngine,
    database_url: str,
    agent: str,
    states: list[tuple[float, str]],
    kept: float,
    missed: float,
) -> None:
    """Nine to five, breaks from twelve to half past and from three to a quarter past: hours."""
    agent = agent.replace("-", "")
    await Directory(engine).put_agent(agent, {"name": agent}, by=BY)
    day = FIRST + timedelta(days=1)
    plan = [Planned(agent, day, (DAY_SHIFT,))]
    await ShiftBook(engine).write(plan, "typed", zone=ZONE, by=BY, name="Test")
    lines = [
        to_line(RecordPresence(agent, number, _at(int(hour), round(hour % 1 * 60)), state, ""))
        for number, (hour, state) in enumerate(states, 1)
    ]
    database = Quick(database_url)
    try:
        await database.fetch(WRITE, *grouped(lines))
    finally:
        await database.close()
    await Feeder(engine).feed_all()
    async with reading(engine, 10_000) as source:
        report = await adherence(source, Wanted(Period(day, day, ZONE), "day", agents=(agent,)))
    rows = table(report, "agents")
    told = dict(zip(rows.figures, rows.rows[0][1], strict=True))
    assert (told["kept"], told["break_missed"]) == (kept * 3600, missed * 3600)
    assert told["adherence"] == pytest.approx(kept / 8)
