"""Why an agent got what he got, read from what is stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from acd.decisions import Considered, Decision
from callcenter.core.effects import RecordEvent, RecordPresence
from callcenter.crm.interactions.service import Interactions
from callcenter.store.times import to_datetime
from tests.crm.test_interactions import write
from tests.store.records import START, interaction

pytestmark = [pytest.mark.db, pytest.mark.anyio]

AT = to_datetime(START)
ONE = Considered("why1", "not-free", "paused for 9 s")
TWO = Considered("why2", "chosen", "chosen")


def offered(call: str, after: float, *considered: Considered) -> RecordEvent:
    why = Decision(call, "q", START + after, "why2", 1, 0, "linear", after, 1, considered, {})
    data = {"agent": "why2", "attempt": 1, "why": why.to_json()}
    return RecordEvent(call, 1, START + after, "offered", data)


async def test_what_an_agent_did_is_told_without_gaps(engine: AsyncEngine) -> None:
    await write(
        engine,
        RecordPresence("why1", 1, START - 100, "available"),
        RecordPresence("why1", 2, START + 10, "paused", "lunch"),
        RecordPresence("why1", 3, START + 30, "available"),
        RecordPresence("why1", 4, START + 90, "talking", call="later"),
        RecordPresence("why2", 1, START + 5, "available"),
    )
    spells = await Interactions(engine).spells("why1", AT, AT + timedelta(seconds=60))
    assert [(s.state, s.reason, (s.until - s.since).total_seconds()) for s in spells] == [
        ("available", "", 10.0),
        ("paused", "lunch", 20.0),
        ("available", "", 30.0),
    ]
    assert spells[0].since == AT
    assert await Interactions(engine).spells("nobody", AT, AT + timedelta(seconds=60)) == []


async def test_decisions_that_looked_at_an_agent_are_found_by_time(engine: AsyncEngine) -> None:
    await write(
        engine,
        interaction("why-a"),
        offered("why-a", 10, TWO, ONE),
        interaction("why-b"),
        offered("why-b", 20, TWO),
        offered("why-live", 30, ONE, TWO),
        interaction("why-late"),
        offered("why-late", 70, ONE),
    )
    ask = Interactions(engine).considered
    end = AT + timedelta(seconds=60)
    (found,) = await ask("why1", AT, end)
    assert (found.call, found.chosen, found.code, found.text) == (
        "why-a", "why2", "not-free", "paused for 9 s",
    )  # fmt: skip
    assert found.at == AT + timedelta(seconds=10)
    live = await ask("why1", AT, end, going_on=["why-live"])
    assert [one.call for one in live] == ["why-a", "why-live"]
    mine = await ask("why2", AT, end)
    assert [(one.call, one.code) for one in mine] == [("why-a", "chosen"), ("why-b", "chosen")]
