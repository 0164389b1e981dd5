"""What an agent may take himself, and how his leg sounded."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.core.board import AgentRow, CallRow, ConsultRow, ParkingRow, QueueRow
from callcenter.core.effects import Show
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

HEARD: dict[str, Any] = {
    "began_at": 1_800_000_000.0,
    "ended_at": 1_800_000_010.0,
    "measures": 5,
    "packets_received": 500,
    "packets_lost": 3,
    "jitter_ms": 4.5,
    "jitter_max_ms": 9.0,
    "round_trip_ms": 30.0,
    "round_trip_max_ms": 80.0,
    "mos": 4.2,
    "mos_min": 3.9,
}


def row(call: str, stage: str, **more: Any) -> CallRow:
    given = {"queue": "support", "queue_name": "Support", **more}
    return CallRow(call, stage, 10.0, 5.0, "+861380000", "李明", "4000", "en", **given)  # type: ignore[arg-type]


def show(place: Place, *rows: CallRow) -> None:
    for one in rows:
        place.hub.perform(Show("calls", one.call, one))


async def test_an_agent_sees_what_he_may_take_and_nothing_else(place: Place) -> None:
    me = await place.agent()
    account = await place.user("agent", me)
    place.hub.perform(
        Show("agents", me, AgentRow(me, "Me", "", "available", 1.0, queues=("support",)))
    )
    place.hub.perform(Show("queues", "support", QueueRow("support", "Support", agents_choose=True)))
    place.hub.perform(Show("queues", "sales", QueueRow("sales", "Sales")))
    show(
        place,
        row("q1", "parked", parking=ParkingRow(3, "bob", 11.0, 191.0)),
        row("q2", "offered", agent="bob", offered_to=("bob",)),
        row("q3", "offered", agent=me, offered_to=(me,)),
        row("q4", "waiting", joined_at=9.0),
        row("q5", "waiting", queue="sales"),
        row("q6", "offered", queue="sales", agent="cy", offered_to=("cy",)),
        row("q7", "parked", queue="sales", parking=ParkingRow(4, me, 12.0, 192.0)),
        row("q8", "talking", agent="bob"),
    )
    async with await place.client(account) as client:
        told = (await client.get("/api/shelf")).json()
    assert [(one["call"], one["kind"]) for one in told["items"]] == [
        ("q1", "parked"),
        ("q7", "parked"),
        ("q2", "ringing"),
        ("q4", "waiting"),
    ]
    assert told["items"][0] == {
        "call": "q1",
        "kind": "parked",
        "queue": "support",
        "queue_name": "Support",
        "name": "李明",
        "number": "+861380000",
        "since": 11.0,
        "agent": "bob",
        "place": 3,
        "until": 191.0,
    }
    assert told["more"] == 0
    for name in ("q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8"):
        place.hub.perform(Show("calls", name, None))


async def test_how_a_leg_sounded_is_kept_once_and_the_longest_account_counts(place: Place) -> None:
    me = await place.agent()
    account = await place.user("agent", me)
    call = f"heard-{me}"
    show(place, row(call, "talking", agent=me))
    async with await place.client(account) as client:
        address = f"/api/calls/{call}/quality/leg-1"
        assert (await client.put(address, json=HEARD)).status_code == 204
        more = {**HEARD, "measures": 9, "mos": 3.5}
        assert (await client.put(address, json=more)).status_code == 204
        assert (await client.put(address, json=HEARD)).status_code == 204
    (kept,) = await place.interactions.quality(call)
    assert (kept.agent, kept.leg, kept.measures, kept.mos) == (me, "leg-1", 9, 3.5)


async def test_only_of_a_call_one_is_in(place: Place) -> None:
    me = await place.agent()
    account = await place.user("agent", me)
    asked = row(f"a-{me}", "held", agent="bob", consult=ConsultRow(me, "bob", "talking", 1.0))
    written = row(f"w-{me}:1", "wrap-up", agent=me, part_of=f"w-{me}")
    called = row(f"p-{me}", "talking", agent="bob", direction="internal", peer=me)
    show(place, row(f"x-{me}", "talking", agent="bob"), asked, written, called)
    async with await place.client(account) as client:
        for call, status in (
            (f"x-{me}", 404),
            (asked.call, 204),
            (f"w-{me}", 204),
            (called.call, 204),
        ):
            answer = await client.put(f"/api/calls/{call}/quality/leg-1", json=HEARD)
            assert answer.status_code == status, call


async def test_the_last_account_may_come_when_the_call_is_gone(place: Place) -> None:
    me, other = await place.agent(), await place.agent()
    call = f"gone-{me}"
    show(place, row(call, "talking", agent=me, direction="internal", peer=other))
    address = f"/api/calls/{call}/quality/"
    async with await place.client(await place.user("agent", me)) as client:
        assert (await client.put(f"{address}leg-1", json=HEARD)).status_code == 204
        place.hub.perform(Show("calls", call, None))
        last = {**HEARD, "measures": 9}
        for leg in ("leg-1", "leg-2"):  # of the second one nothing was known before
            assert (await client.put(address + leg, json=last)).status_code == 204
    async with await place.client(await place.user("agent", other)) as client:
        assert (await client.put(f"{address}leg-1", json=HEARD)).status_code == 204
    (kept,) = await place.interactions.quality(call)
    assert (kept.agent, kept.leg, kept.measures) == (me, "leg-1", 9)


@pytest.mark.parametrize(
    "wrong", [{"mos": 5.0}, {"packets_lost": -1}, {"measures": 0}, {"jitter_ms": "much"}]
)
async def test_figures_that_cannot_be(place: Place, wrong: dict[str, object]) -> None:
    me = await place.agent()
    account = await place.user("agent", me)
    show(place, row(f"y-{me}", "talking", agent=me))
    async with await place.client(account) as client:
        answer = await client.put(f"/api/calls/y-{me}/quality/leg-1", json={**HEARD, **wrong})
        assert answer.status_code == 422
