"""Facts and sums of days equal what is counted from the raw event log, however it arrived."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.effects import History
from callcenter.reports.feeding import AGENT_SUMS, DAYS, QUEUE_SUMS, TRUNK_SUMS, Feeder, add_up
from callcenter.reports.lines_in_use import QUARTER, keep
from callcenter.store.ledger_rows import WRITE, grouped, to_line
from callcenter.store.quick import Quick
from tests.reports import recomputed
from tests.reports.ledgers import records_of
from tests.simulation.play import play

pytestmark = [pytest.mark.db, pytest.mark.anyio]

TABLES = "interactions, interaction_events, interaction_parts, presence_events, callbacks"
OURS = ("facts", *DAYS, "spells", "news", "agent_news", "trunk_quarters", "trunk_news")


@pytest.fixture
async def clean(engine: AsyncEngine) -> AsyncEngine:
    async with engine.begin() as connection:
        await connection.execute(text(f"truncate {TABLES}"))
        for table in OURS:
            await connection.execute(text(f"truncate reports.{table}"))
        await connection.execute(text("update config_state set time_zone = 'UTC'"))
    return engine


async def rows(engine: AsyncEngine, query: str) -> list[Any]:
    async with engine.connect() as connection:
        return list(await connection.execute(text(query)))


async def written(url: str, records: Sequence[History], feeder: Feeder, rng: random.Random) -> None:
    """In portions, some twice, with the reports read in between."""
    database = Quick(url)
    left = list(records)
    try:
        while left:
            size = rng.randrange(1, 120)
            lines = [to_line(record) for record in left[:size]]
            await database.fetch(WRITE, *grouped(lines))
            if rng.random() < 0.2:
                await database.fetch(WRITE, *grouped(lines))
            if rng.random() < 0.4:
                await feeder.feed()
            del left[:size]
    finally:
        await database.close()
    await feeder.feed_all()


async def raw(engine: AsyncEngine) -> dict[str, list[recomputed.Event]]:
    calls = defaultdict(list)
    query = "select call, at, kind, data from interaction_events order by call, sequence"
    for call, at, kind, data in await rows(engine, query):
        calls[call].append((at, kind, data))
    return calls


async def queue_days(engine: AsyncEngine) -> dict[recomputed.Day, recomputed.Sums]:
    found = await rows(engine, "select * from reports.queue_days")
    sums = {(row.day, row.queue): {k: getattr(row, k) for k in QUEUE_SUMS} for row in found}
    return {
        key: {k: v for k, v in one.items() if v} for key, one in sums.items() if any(one.values())
    }


def by_beginning(one: recomputed.Taken) -> tuple[Any, ...]:
    return one.at, one.trunk, one.outward, one.until, one.outcome


def in_whole_ms(one: recomputed.Taken) -> recomputed.Taken:
    if one.answered is None:
        return one
    rung = timedelta(milliseconds=recomputed.ms((one.answered - one.at).total_seconds()))
    return replace(one, answered=one.at + rung)


async def lines_of_trunks(engine: AsyncEngine) -> list[recomputed.Taken]:
    """As the reports have them; that they add up is asked here, too."""
    found = []
    for row in await rows(engine, "select * from reports.facts where kind = 'trunk'"):
        taken = row.outcome in ("open", "dialling")
        answered = row.at + timedelta(milliseconds=row.ring_ms)
        lasted = recomputed.ms((row.until - row.at).total_seconds())
        assert abs(row.ring_ms + row.talk_ms - lasted) <= 1, row
        never = row.outward and row.outcome not in ("answered", "open")
        found.append(
            recomputed.Taken(
                row.trunk,
                row.outward,
                row.at,
                None if taken else row.until,
                None if never else answered,
                row.outcome,
            )
        )
    return found


async def quarters_are_right(engine: AsyncEngine, lines: Sequence[recomputed.Taken]) -> None:
    """All are kept, and each equals a recount."""
    async with engine.begin() as connection:
        while await keep(connection, timedelta(), 1000):
            pass
    quarter = min(one.at for one in lines).replace(minute=0, second=0, microsecond=0)
    expected = {}
    while quarter <= max(one.at for one in lines) + timedelta(hours=2):
        for name in ("", *{one.trunk for one in lines}):
            some = [one for one in lines if name in ("", one.trunk)]
            most, at, used = recomputed.in_use(some, quarter, quarter + QUARTER)
            if most:
                micros = used // timedelta(microseconds=1)
                expected[quarter, name == "", name] = (most, at, micros)
        quarter += QUARTER
    found = await rows(engine, "select * from reports.trunk_quarters")
    assert {tuple(row[:3]): tuple(row[3:]) for row in found} == expected


@pytest.mark.parametrize(("seed", "faults"), [(1, False), (2, False), (3, True), (4, True)])
@pytest.mark.parametrize("zone", ["Asia/Kathmandu"])
async def test_every_sum_equals_the_raw_events(
    clean: AsyncEngine, database_url: str, tmp_path: Path, seed: int, faults: bool, zone: str
) -> None:
    world = play(seed, 300, tmp_path, faults=faults)
    async with clean.begin() as connection:
        await connection.execute(text("update config_state set time_zone = :z"), {"z": zone})
    rng = random.Random(seed)
    await written(database_url, records_of(world), Feeder(clean), rng)

    calls = await raw(clean)
    callbacks = [dict(row._mapping) for row in await rows(clean, "select * from callbacks")]
    queues = recomputed.of_queues(calls, callbacks, zone)
    assert await queue_days(clean) == queues
    assert sum(sums.get("offered", 0) for sums in queues.values()) > 5

    agents: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in await rows(clean, "select * from reports.agent_days"):
        for name in ("handled", "ring_ms", "missed", "rejected", "withdrawn"):
            agents[row.day, row.agent][name] += getattr(row, name)
    if not faults:
        told = {key: {k: v for k, v in s.items() if v} for key, s in agents.items()}
        assert {k: v for k, v in told.items() if v} == recomputed.of_agents(calls, zone)
        for call, events in calls.items():
            talk, hold = recomputed.talk_and_hold(events)
            query = (
                "select coalesce(sum(talk_ms), 0), coalesce(sum(hold_ms), 0) from reports.facts"
                f" where call = '{call}' and kind = 'part'"
            )
            ((talk_ms, hold_ms),) = await rows(clean, query)
            assert (talk_ms, hold_ms) == pytest.approx((talk * 1000, hold * 1000), abs=3), call

    taken = sorted(map(in_whole_ms, recomputed.of_trunks(calls)), key=by_beginning)
    assert sorted(await lines_of_trunks(clean), key=by_beginning) == taken
    assert len(taken) > 5
    assert [one for one in taken if one.until is None] == []  # the story has come to rest
    await quarters_are_right(clean, taken)
    days: dict[Any, int] = defaultdict(int)
    for one in taken:
        days[recomputed.day_of(one.at, zone), one.trunk, one.outcome, one.outward] += 1
    counts = "select day, trunk, outcome, {} from reports.trunk_days where {} > 0"
    for way in ("trunk_in", "trunk_out"):
        for *key, count in await rows(clean, counts.format(way, way)):
            assert days.pop((*key, way == "trunk_out")) == count
    assert days == {}

    presences = await rows(
        clean, "select agent, at, state, reason from presence_events order by agent, at, sequence"
    )
    spent = {
        (row.day, row.agent, row.state, row.reason): row.spent_ms
        for row in await rows(clean, "select * from reports.state_days")
    }
    assert spent == recomputed.of_states([tuple(row) for row in presences], zone)


async def test_another_time_zone_makes_other_days_and_the_same_sums(
    clean: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    world = play(11, 300, tmp_path, faults=False)
    feeder = Feeder(clean)
    await written(database_url, records_of(world), feeder, random.Random(1))
    before = await queue_days(clean)
    async with clean.begin() as connection:
        await connection.execute(text("update config_state set time_zone = 'Pacific/Auckland'"))
    await feeder.feed_all()
    calls = await raw(clean)
    callbacks = [dict(row._mapping) for row in await rows(clean, "select * from callbacks")]
    after = await queue_days(clean)
    assert after == recomputed.of_queues(calls, callbacks, "Pacific/Auckland")
    total = sum(sums.get("offered", 0) for sums in before.values())
    assert total == sum(sums.get("offered", 0) for sums in after.values())


async def test_adding_up_anew_and_reading_again_change_nothing(
    clean: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    world = play(12, 300, tmp_path, faults=False)
    feeder = Feeder(clean)
    await written(database_url, records_of(world), feeder, random.Random(2))

    async def everything() -> list[Any]:
        names = ", ".join(("day", "agent", "queue", *AGENT_SUMS))
        nonzero = " + ".join(AGENT_SUMS)
        agents = f"select {names} from reports.agent_days where {nonzero} > 0 order by 1, 2, 3"
        states = "select * from reports.state_days order by 1, 2, 3, 4"
        names = ", ".join(("day", "trunk", "outcome", *TRUNK_SUMS))
        trunks = f"select {names} from reports.trunk_days where trunk_in + trunk_out > 0 order by 3"
        return [
            await queue_days(clean),
            await rows(clean, agents),
            await rows(clean, f"{trunks}, 2, 1"),
            await rows(clean, states),
            await rows(clean, "select * from reports.facts order by call, leg"),
        ]

    kept = await everything()
    async with clean.begin() as connection:
        await add_up(connection, "UTC")
    assert await everything() == kept
    await feeder.read_again()
    await feeder.feed_all()
    assert await everything() == kept


async def test_other_programs_read_the_views(
    clean: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    world = play(13, 300, tmp_path, faults=False)
    await written(database_url, records_of(world), Feeder(clean), random.Random(3))
    views = await rows(
        clean, "select table_name from information_schema.views where table_schema = 'bi'"
    )
    counts = {}
    for (name,) in views:
        ((counts[name],),) = await rows(clean, f"select count(*) from bi.{name}")
    assert counts["calls"] == len(world.store.interactions)
    assert counts["agent_parts"] == len(world.store.parts)
    assert counts["queue_visits"] > 0
    page = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
    assert all(f"`bi.{name}`" in page for name in counts)
