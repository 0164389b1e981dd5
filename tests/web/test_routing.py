"""The engine's reasons over HTTP: of a call that waits, and of an agent who got nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from acd.agent_story import Stretch
from acd.decisions import Considered, Decision, from_json
from callcenter.core.effects import RecordEvent, RecordPresence
from tests.crm.test_interactions import write
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


def decided(call: str, at: float, agent: str) -> Decision:
    considered = (Considered(agent, "not-free", "lunch for 5 s"),)
    return Decision(
        call, "sales", at, None, 2, 1, "linear", 12.5, 3, considered, {"not-free": 1}, "a note"
    )


def test_a_record_is_read_as_it_was_written() -> None:
    decision = decided("1.1", 1.0, "ada")
    assert from_json(decision.to_json()) == decision


async def test_why_a_call_waits_and_what_was_decided_before(place: Place) -> None:
    at = place.clock.now()
    now = decided("why.1", at, "ada")
    place.routing.decisions["why.1"] = now
    before = {"agent": "ben", "attempt": 1, "why": now.to_json()}
    await write(
        place.engine,
        RecordEvent("why.1", 1, at - 9, "queued", {"queue": "sales"}),
        RecordEvent("why.1", 2, at - 8, "announced", {"position": 3}),
        RecordEvent("why.1", 3, at - 5, "offered", before),
    )
    async with await place.signed_in("supervisor") as client:
        told = (await client.get("/api/routing/why/call/why.1")).json()
        missing = await client.get("/api/routing/why/call/nothing.1")
    assert told["now"] == now.to_json() | {"text": now.to_text()}
    assert [step["kind"] for step in told["steps"]] == ["queued", "offered"]
    assert told["steps"][1]["data"] == before
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


async def test_why_an_agent_got_nothing(place: Place) -> None:
    agent = await place.agent()
    at = place.clock.now()
    why = decided("why.2", at - 20, agent)
    place.routing.decisions["why.2"] = why  # still in line, so without an interaction
    place.routing.stretches = [
        Stretch(at - 99, at - 60, "unknown", "no longer known"),
        Stretch(at - 60, at - 10, "free", "free: nobody waited whom he may serve"),
    ]
    await write(
        place.engine,
        RecordPresence(agent, 1, at - 600, "paused", "lunch"),
        RecordEvent("why.2", 1, at - 20, "offered", {"why": why.to_json()}),
    )
    async with await place.signed_in("supervisor") as client:
        since = datetime.fromtimestamp(at - 300, UTC).isoformat()
        answer = await client.get(f"/api/routing/why/agent/{agent}", params={"since": since})
        told = answer.json()
    assert [(one["state"], one["reason"]) for one in told["presence"]] == [("paused", "lunch")]
    assert [one["text"] for one in told["lately"]] == ["free: nobody waited whom he may serve"]
    (decision,) = told["decisions"]
    assert (decision["call"], decision["code"], decision["chosen"]) == ("why.2", "not-free", None)


async def test_spans_that_cannot_be_asked_for(place: Place) -> None:
    agent = await place.agent()
    now = datetime.now(UTC)
    early = (now - timedelta(days=8)).isoformat()
    async with await place.signed_in("administrator") as client:
        url = f"/api/routing/why/agent/{agent}"
        long = await client.get(url, params={"since": early})
        backwards = await client.get(url, params={"since": now.isoformat(), "until": early})
        ancient = await client.get(url, params={"until": "0001-01-01T00:00:00+14:00"})
        far = await client.get(url, params={"until": "9999-12-31T23:59:59-14:00"})
        nobody = await client.get("/api/routing/why/agent/nobody")
    assert (long.status_code, long.json()["where"]) == (422, "since")
    assert (backwards.status_code, backwards.json()["where"]) == (422, "until")
    for outside in (ancient, far):
        assert (outside.status_code, outside.json()["where"]) == (422, "query.until")
    assert nobody.status_code == 404
