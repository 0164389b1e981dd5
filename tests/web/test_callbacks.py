"""Callbacks over HTTP: the list, deeds, rules; who sees what."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.core.commands import AskCallback, CancelCallback, DialCallbackNow, PostponeCallback
from callcenter.store.ledger_rows import WRITE, grouped, to_line
from callcenter.store.quick import Quick
from tests.store.records import callback
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

NUMBER = "+8613911110003"


async def kept(place: Place, **changes: object) -> str:
    """A callback as the ledger writes it; its id."""
    row = replace(callback(f"cb-{uuid.uuid4()}"), **changes)  # type: ignore[arg-type]
    quick = Quick(place.engine.url.render_as_string(hide_password=False))
    try:
        async with asyncio.timeout(10):
            await quick.fetch(WRITE, *grouped([to_line(row)]))
    finally:
        await quick.close()
    return row.id


@pytest.fixture
async def queues(place: Place) -> tuple[str, str]:
    """Two queues; agent `zed` serves the first."""
    mark = uuid.uuid4().hex[:6]
    mine, other = f"mine{mark}", f"other{mark}"
    async with await place.signed_in("administrator") as client:
        for queue in (mine, other):
            await client.put(f"/api/queues/{queue}", json={"name": queue})
        await client.put("/api/agents/zed", json={"name": "Zed"})
        await client.put(f"/api/queues/{mine}/members", json={"agents": ["zed"]})
    return mine, other


async def test_the_list_shows_the_newest_first_page_by_page(
    place: Place, queues: tuple[str, str]
) -> None:
    mine, _ = queues
    ids = [
        await kept(place, queue=mine, asked_at=1_790_000_000.0 + n, number=f"+861391111{n:04d}")
        for n in range(5)
    ]
    await kept(place, queue=mine, outcome="served", state="done", asked_at=1_790_000_100.0)
    async with await place.signed_in("supervisor") as client:
        where = f"/api/callbacks?queue={mine}&state=open"
        first = (await client.get(f"{where}&limit=3")).json()
        rest = (await client.get(f"{where}&limit=3&cursor={first['next']}")).json()
        assert [one["id"] for one in first["items"] + rest["items"]] == ids[::-1]
        assert rest["next"] is None
        found = (await client.get(f"{where}&text=11110002")).json()["items"]
        assert [one["id"] for one in found] == [ids[2]]
        assert (await client.get(f"{where}&text=%25")).json()["items"] == []
        over = (await client.get(f"/api/callbacks?queue={mine}&state=over")).json()["items"]
        assert [one["outcome"] for one in over] == ["served"]


async def test_an_agent_sees_and_touches_those_of_the_own_queues_alone(
    place: Place, queues: tuple[str, str]
) -> None:
    mine, other = queues
    seen, hidden = await kept(place, queue=mine), await kept(place, queue=other)
    account = await place.user("agent", agent="zed")
    async with await place.client(account) as client:
        shown = [one["id"] for one in (await client.get("/api/callbacks")).json()["items"]]
        assert seen in shown
        assert hidden not in shown
        assert (await client.get(f"/api/callbacks/{hidden}")).status_code == 404
        assert (await client.post(f"/api/callbacks/{hidden}/cancel")).status_code == 404
        asked = {"queue": other, "number": NUMBER}
        assert (await client.post("/api/callbacks", json=asked)).status_code == 404
        assert place.commands == []
        assert (await client.post(f"/api/callbacks/{seen}/cancel")).status_code == 204
    assert place.commands == [(account.id, CancelCallback(seen))]


async def test_deeds_go_to_the_centre_and_refusals_come_back(
    place: Place, queues: tuple[str, str]
) -> None:
    mine, _ = queues
    id = await kept(place, queue=mine)
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    async with await place.signed_in("supervisor") as client:
        asked = {"queue": mine, "number": "139 1111 0003", "name": "李明", "language": "zh"}
        made = await client.post("/api/callbacks", json=asked | {"not_before": later.isoformat()})
        assert made.status_code == 201
        await client.post(f"/api/callbacks/{id}/dial")
        await client.put(f"/api/callbacks/{id}/time", json={"not_before": later.isoformat()})
        ask, dial, postpone = (action for _, action in place.commands)
        assert ask == AskCallback(
            made.json()["id"], mine, NUMBER, "李明", "zh", None, "Asia/Shanghai", later.timestamp()
        )
        assert (dial, postpone) == (DialCallbackNow(id), PostponeCallback(id, later.timestamp()))
        place.refusal = "outside-hours"
        refused = await client.post(f"/api/callbacks/{id}/dial")
        assert (refused.status_code, refused.json()["code"]) == (409, "outside-hours")
        assert "hours" in refused.json()["message"]


@pytest.mark.parametrize("number", ["110", "+864008001234", "+12125550123", "x", "+86139"])
async def test_a_number_that_may_not_be_dialled_is_refused_with_the_reason(
    place: Place, queues: tuple[str, str], number: str
) -> None:
    async with await place.signed_in("supervisor") as client:
        asked = {"queue": queues[0], "number": number}
        refused = await client.post("/api/callbacks", json=asked)
        assert (refused.status_code, refused.json()["where"]) == (422, "number")
    assert place.commands == []


async def test_the_rules_of_a_queue(place: Place, queues: tuple[str, str]) -> None:
    mine, _ = queues
    async with await place.signed_in("administrator") as client:
        rows = (await client.get("/api/callback-policies")).json()["items"]
        row = next(one for one in rows if one["queue"] == mine)
        assert (row["enabled"], row["version"]) == (False, 0)
        wanted = {
            "enabled": True,
            "mode": "agent-first",
            "hours": {"mon-fri": "09:00-18:00"},
            "time_zone": "Asia/Shanghai",
            "customer_hours": "08:00-21:00",
        }
        put = await client.put(f"/api/callback-policies/{mine}", json=wanted)
        assert put.status_code == 200, put.text
        policy = place.config.callbacks[mine]
        assert (policy.mode, policy.customer_hours) == ("agent-first", "08:00-21:00")
        again = await client.put(f"/api/callback-policies/{mine}", json={"tries_max": 5})
        assert (again.json()["mode"], again.json()["tries_max"]) == ("agent-first", 5)
        stale = await client.put(
            f"/api/callback-policies/{mine}", json={"version": 1, "tries_max": 2}
        )
        assert stale.status_code == 409


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"tries_max": 0}, "tries_max"),
        ({"ring_seconds": 1000}, "ring_seconds"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"hours": {"someday": "09:00-18:00"}}, "hours.someday"),
        ({"hours": {"mon": "9-18"}}, "hours.mon"),
        ({"customer_hours": "22:00-06:00"}, "customer_hours"),
    ],
)
async def test_rules_that_make_no_sense_are_refused_where_they_are_wrong(
    place: Place, queues: tuple[str, str], wrong: dict[str, object], where: str
) -> None:
    async with await place.signed_in("administrator") as client:
        refused = await client.put(f"/api/callback-policies/{queues[0]}", json=wrong)
        assert refused.status_code == 422
        assert where in refused.text
        nowhere = await client.put("/api/callback-policies/nowhere", json={"enabled": True})
        assert nowhere.status_code == 404
