"""A supervisor at a live call: what his browser gets, what the centre is asked, what is noted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from callcenter.bootstrap.hearing import Hearing
from callcenter.core.board import CallRow, HearerRow
from callcenter.core.effects import RecordEvent, Show
from callcenter.core.monitoring import ChangeHearing, Hear, StopHearing, TakeOverCall
from callcenter.store.audit import AuditBook
from callcenter.store.phones import Phones
from callcenter.store.tables import AuditEntry
from tests.crm.test_interactions import write
from tests.store.records import interaction
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


def with_telephone(place: Place) -> None:
    hearing = Hearing(Phones(place.engine), AuditBook(place.engine), place.clock)
    place.app.state.services = replace(
        place.app.state.services, hearing=hearing, sip_upstream="ws://127.0.0.1:1/ws"
    )


def show(place: Place, call: str, *hearers: HearerRow) -> None:
    row = CallRow(
        call, "talking", 10.0, 5.0, "+861380000", "李明", "4000", "en", agent="ada", hearers=hearers
    )
    place.hub.perform(Show("calls", call, row))


async def noted(place: Place, call: str) -> list[tuple[str, object]]:
    query = select(AuditEntry).where(AuditEntry.subject == call).order_by(AuditEntry.id)
    async with place.engine.connect() as connection:
        rows = (await connection.execute(query)).mappings().all()
    return [(row["action"], row["detail"]) for row in rows]


async def test_into_a_call_and_out_again(place: Place) -> None:
    with_telephone(place)
    account = await place.user("supervisor")
    show(place, "h1")
    async with await place.client(account) as client:
        answer = await client.post("/api/calls/h1/hearing", json={"mode": "whisper"})
        assert answer.status_code == 201, answer.text
        told = answer.json()
        by, hear = place.commands.pop()
        assert by == account.id
        assert isinstance(hear, Hear)
        assert told["extension"] == f"hear{hear.token}"
        assert (hear.call, hear.mode, hear.name, hear.agent) == ("h1", "whisper", account.name, "")
        assert told["device"].startswith("h")
        assert told["expires"] == hear.until
        assert (await client.put("/api/hearing", json={"mode": "barge"})).status_code == 409
        show(place, "h1", HearerRow(account.id, "S", "whisper", 11.0, True, True, False, True))
        assert (await client.put("/api/hearing", json={"mode": "barge"})).status_code == 204
        assert (await client.post("/api/hearing/take-over")).status_code == 204
        assert (await client.delete("/api/hearing")).status_code == 204
        assert [action for _, action in place.commands] == [
            ChangeHearing("barge"),
            TakeOverCall(),
            StopHearing(),
        ]
        show(place, "h1")
        assert (await client.delete("/api/hearing")).status_code == 204
    assert await noted(place, "h1") == [
        ("call.hear", {"mode": "whisper", "agent": "ada"}),
        ("call.hear", {"mode": "barge"}),
        ("call.take-over", {"agent": "ada"}),
        ("call.leave", {}),
    ]


async def test_what_is_refused_says_why(place: Place) -> None:
    account = await place.user("supervisor")
    show(place, "h2")
    async with await place.client(account) as client:
        answer = await client.post("/api/calls/h2/hearing", json={})
        assert (answer.status_code, answer.json()["code"]) == (503, "no_telephone")
        with_telephone(place)
        answer = await client.post("/api/calls/nowhere/hearing", json={})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-call")
        answer = await client.post("/api/calls/h2/hearing", json={"mode": "shout"})
        assert answer.status_code == 422
        place.refusal = "hearers-full"
        answer = await client.post("/api/calls/h2/hearing", json={})
        assert (answer.status_code, answer.json()["code"]) == (409, "hearers-full")


async def test_a_timeline_tells_agents_of_listeners_only_where_they_are_told(place: Place) -> None:
    me = await place.agent()
    whole = interaction("h3", agent=me)
    listened = {"mode": "listen", "told": False}
    events = [
        RecordEvent("h3", 1, whole.started_at, "hearing-began", listened),
        RecordEvent("h3", 2, whole.started_at, "hearing-changed", listened | {"told": True}),
    ]
    await write(place.engine, whole, *events)
    seen = {}
    for role, agent in (("agent", me), ("supervisor", None)):
        account = await place.user(role, agent)  # type: ignore[arg-type]
        async with await place.client(account) as client:
            told = (await client.get("/api/interactions/h3")).json()
        seen[role] = [event["kind"] for event in told["events"]]
    assert seen == {
        "agent": ["hearing-changed"],
        "supervisor": ["hearing-began", "hearing-changed"],
    }
