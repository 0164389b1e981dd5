"""Pages of calls of an agent or of a team: as if each call were looked at, one after the other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.effects import RecordPart
from callcenter.core.teams import EVERYTHING, Reach
from callcenter.crm.interactions.service import Interactions
from callcenter.store.times import to_datetime
from tests.crm.test_finding import part
from tests.crm.test_interactions import write
from tests.store.records import START, interaction

pytestmark = [pytest.mark.db, pytest.mark.anyio]

HOUR = 3600.0
AGENTS = ("ada", "ben", "cleo", "dan")
QUEUES = ("support", "sales", "vip")
TEAM = Reach(teams=frozenset({"t"}), agents=frozenset({"ben", "cleo"}), queues=frozenset({"vip"}))
NOBODY = Reach(teams=frozenset({"n"}), agents=frozenset(), queues=frozenset())


@dataclass(frozen=True)
class Made:
    call: str
    at: float
    queue: str
    agent: str | None
    parts: tuple[tuple[str, float], ...]

    def agents(self) -> set[str]:
        return {name for name, _ in self.parts} | ({self.agent} if self.agent else set())


def calls() -> list[Made]:
    """Of two months, in bursts with long silences between; some at the same moment, some given on
    hours or days after they began, dan in two alone and only as the first of two agents."""
    rng = random.Random(5)
    made, at = [], START
    for number in range(160):
        at += rng.choice((0.0, 0.0, 60.0, 600.0, 5 * HOUR, 40 * HOUR))
        agent = rng.choice((*AGENTS[:3], None))
        parts: list[tuple[str, float]] = [(agent, at + 20)] if agent else []
        if agent and rng.random() < 0.3:
            first = rng.choice(AGENTS[:3])
            parts = [(first, at + 5), (agent, at + rng.choice((60.0, 3 * HOUR, 100 * HOUR)))]
        if number in (3, 120):
            agent, parts = "ada", [("dan", at + 1), ("ada", at + 90)]
        made.append(Made(f"t{number:03}", at, rng.choice(QUEUES), agent, tuple(parts)))
    return made


def parts_of(one: Made) -> Iterator[RecordPart]:
    for number, (agent, began) in enumerate(one.parts, 1):
        made = part(one.call, agent, "")
        yield replace(made, part=number, queue=one.queue, began_at=began, ended_at=began + 9)


@pytest.fixture
async def books(engine: AsyncEngine) -> Interactions:
    async with engine.begin() as connection:
        await connection.execute(text("truncate interactions, interaction_parts"))
    records = [
        interaction(one.call, started_at=one.at, queue=one.queue, agent=one.agent)
        for one in calls()
    ]
    await write(engine, *records, *(row for one in calls() for row in parts_of(one)))
    return Interactions(engine)


def expected(
    agent: str | None, queue: str | None, reach: Reach, since: float, until: float
) -> list[str]:
    ordered = sorted(calls(), key=lambda one: (one.at, one.call), reverse=True)
    return [
        one.call
        for one in ordered
        if (agent is None or agent in one.agents())
        and queue in (None, one.queue)
        and since <= one.at < until
        and (reach.everything or one.queue in reach.queues or one.agents() & reach.agents)
    ]


async def test_pages_of_an_agent_or_a_team_hold_every_call_once_and_no_other(
    books: Interactions,
) -> None:
    last = max(one.at for one in calls())
    asked = product(
        (None, *AGENTS, "stranger"),
        (None, "vip", "sales"),
        (EVERYTHING, TEAM, NOBODY),
        ((0.0, 4e9), (START + 300 * HOUR, last - 100 * HOUR)),
    )
    some = 0
    for agent, queue, reach, (since, until) in asked:
        seen: list[str] = []
        cursor: str | None = None
        while True:
            found, cursor = await books.interactions(
                agent=agent,
                queue=queue,
                reach=reach,
                since=to_datetime(since),
                until=to_datetime(until),
                limit=25,
                cursor=cursor,
            )
            seen += [one.call for one in found]
            if cursor is None:
                break
        assert seen == expected(agent, queue, reach, since, until), (agent, queue, reach, since)
        some += bool(seen)
    assert some > 45


async def test_without_any_call_there_is_an_empty_page(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("truncate interactions, interaction_parts"))
    assert await Interactions(engine).interactions(agent="ada") == ([], None)
    assert await Interactions(engine).interactions(reach=TEAM) == ([], None)
    since = datetime.now(UTC) - timedelta(days=1)
    assert await Interactions(engine).interactions(reach=TEAM, since=since) == ([], None)
