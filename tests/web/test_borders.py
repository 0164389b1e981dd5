"""Two teams, a supervisor of each, and one of none: everybody gets the own things alone."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import insert, text

from callcenter.core.board import CallRow
from callcenter.core.effects import History, RecordEvent, Show
from callcenter.reports.feeding import Feeder
from callcenter.reports.service import REPORTS
from callcenter.store.accounts import Account
from callcenter.store.ledger_rows import WRITE, grouped, to_line
from callcenter.store.quick import Quick
from callcenter.store.tables import Journey, Recording, Ticket
from tests.store.records import START, callback, interaction, voicemail
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

SIDES = {"blue": ("ada", "sales"), "red": ("ben", "support")}
AT = datetime.fromtimestamp(START, UTC)


@pytest.fixture
async def house(place: Place) -> Place:
    for team, (agent, queue) in SIDES.items():
        await place.directory.put_agent(agent, {"name": agent.title()}, by=BY)
        await place.directory.put_queue(queue, {"name": queue.title()}, by=BY)
        await place.directory.put_members(queue, [agent], by=BY)
        values = {"name": team.title(), "agents": [agent], "queues": [queue]}
        await place.directory.put_team(team, values, by=BY)
    await place.reload()
    await _write_past(place)
    for call, (agent, queue) in (("live-blue", SIDES["blue"]), ("live-red", SIDES["red"])):
        row = CallRow(call, "talking", START, START, "", "", "", "en", queue=queue, agent=agent)
        place.hub.perform(Show("calls", call, row))
    return place


STEPS = ("arrived", "queued", "offered", "answered", "ended")


async def _write_past(place: Place) -> None:
    """A call, a recording, a callback and a message of each team."""
    async with place.engine.begin() as connection:
        if await connection.scalar(text("select 1 from interactions where call = 'past-red'")):
            return
    records: list[History] = []
    for team, (agent, queue) in SIDES.items():
        call = f"past-{team}"
        records += [
            RecordEvent(call, number, START + number, kind, {"queue": queue, "agent": agent})
            for number, kind in enumerate(STEPS, 1)
        ]
        records += [
            interaction(call, agent=agent, queue=queue),
            voicemail(f"{call}.v", call=call, box=queue),
            callback(f"cb-{team}", queue=queue),
        ]
    quick = Quick(place.engine.url.render_as_string(hide_password=False))
    await quick.fetch(WRITE, *grouped([to_line(record) for record in records]))
    await quick.close()
    async with place.engine.begin() as connection:
        for team, (agent, queue) in SIDES.items():
            about = {"type": "question", "subject": team, "queue": queue}
            since = {"stage": "new", "stage_kind": "open", "stage_since": AT, "created": AT}
            await connection.execute(insert(Ticket).values(**about, **since))
            row = RECORDING | {"call": f"past-{team}", "queue": queue, "agents": [agent]}
            await connection.execute(insert(Recording).values(row | {"id": f"past-{team}.1"}))
        for call in (*(f"past-{team}" for team in SIDES), "past-in-menu"):
            await connection.execute(insert(Journey).values(WAY | {"call": call}))
    await Feeder(place.engine).feed_all()


WAY = {
    "sequence": 1,
    "flow": "main",
    "version": 1,
    "started_at": AT,
    "ended_at": AT,
    "nodes": [],
    "ports": [],
    "last": "end",
    "ended": "queued",
    "contained": False,
    "language": "en",
}
RECORDING = {
    "revision": 1,
    "part": 1,
    "number": "+8613800138000",
    "reason": "always",
    "wanted": True,
    "began_at": AT,
    "ended_at": AT,
    "spoken": [],
    "pauses": [],
}


async def leader(place: Place, team: str) -> httpx.AsyncClient:
    account = await place.accounts.create(
        Account("", f"leader{secrets.token_hex(4)}", "Leader", "supervisor"), "-"
    )
    if team:
        await place.lead(account, team)
    return await place.client(account)


LISTS = (
    ("/api/agents", "id", {"blue": "ada", "red": "ben"}),
    ("/api/queues", "id", {"blue": "sales", "red": "support"}),
    ("/api/teams", "id", {"blue": "blue", "red": "red"}),
    ("/api/interactions", "call", {"blue": "past-blue", "red": "past-red"}),
    ("/api/recordings", "id", {"blue": "past-blue.1", "red": "past-red.1"}),
    ("/api/callbacks", "id", {"blue": "cb-blue", "red": "cb-red"}),
    ("/api/callback-policies", "queue", {"blue": "sales", "red": "support"}),
    ("/api/recording-policies", "queue", {"blue": "sales", "red": "support"}),
    ("/api/voicemails", "id", {"blue": "past-blue.v", "red": "past-red.v"}),
    ("/api/mailboxes", "box", {"blue": {"ada", "sales"}, "red": {"ben", "support"}}),
)


@pytest.mark.parametrize(("path", "key", "own"), LISTS)
async def test_a_list_has_the_own_things_and_nothing_foreign(
    house: Place, path: str, key: str, own: dict[str, str | set[str]]
) -> None:
    for team in ("blue", "red", ""):
        async with await leader(house, team) as client:
            answer = await client.get(path)
        assert answer.status_code == 200
        mine = own.get(team, set())
        expected = {mine} if isinstance(mine, str) else mine
        assert {one[key] for one in answer.json()["items"]} == expected, (path, team)


THINGS = (
    ("GET", "/api/interactions/past-{side}"),
    ("GET", "/api/recordings/past-{side}.1"),
    ("GET", "/api/recordings/past-{side}.1/audio?reason=quality"),
    ("GET", "/api/callbacks/cb-{side}"),
    ("POST", "/api/callbacks/cb-{side}/cancel"),
    ("GET", "/api/voicemails/past-{side}.v"),
    ("DELETE", "/api/voicemails/past-{side}.v"),
    ("POST", "/api/voicemails/past-{side}.v/restore"),
    ("GET", "/api/routing/why/call/past-{side}"),
    ("GET", "/api/routing/why/agent/{agent}"),
    ("POST", "/api/calls/live-{side}/recording"),
    ("POST", "/api/calls/live-{side}/hearing"),
)


@pytest.mark.parametrize(("method", "path"), THINGS)
async def test_a_foreign_thing_is_refused_and_the_own_one_is_not(
    house: Place, method: str, path: str
) -> None:
    async with await leader(house, "blue") as blue, await leader(house, "") as nobody:

        async def ask(client: httpx.AsyncClient, side: str) -> int:
            address = path.format(side=side, agent=SIDES[side][0])
            bodies: dict[str, object] = {"recording": {"action": "pause"}, "hearing": {}}
            body = bodies.get(path.rpartition("/")[2])
            return (await client.request(method, address, json=body)).status_code

        own = await ask(blue, "blue")
        # There is no sound behind these rows, and no telephone in this house: refused for that.
        elsewhere = {"audio": 404, "hearing": 503}
        assert own < 300 or any(word in path and own == code for word, code in elsewhere.items())
        assert await ask(blue, "red") in {403, 404}
        assert await ask(nobody, "blue") in {403, 404}


async def test_reports_hold_the_own_queues_alone(house: Place) -> None:
    day = f"{AT:%Y-%m-%d}"
    for team, expected in (("blue", {"sales"}), ("red", {"support"}), ("", set())):
        async with await leader(house, team) as client:
            params = {"first": day, "last": day, "zone": "UTC"}
            report = (await client.get("/api/reports/queues", params=params)).json()
            rows = report["tables"][0]["rows"]
            assert {row["keys"][0] for row in rows} == expected
            asked = params | {"queues": "support"}
            narrow = (await client.get("/api/reports/queues", params=asked)).json()
            rows = narrow["tables"][0]["rows"]
            assert {row["keys"][0] for row in rows} == expected & {"support"}
            for name in REPORTS:
                answer = await client.get(f"/api/reports/{name}", params=params)
                assert answer.status_code == 200, (name, team, answer.text)
                some = await client.get(f"/api/reports/{name}", params=params | {"agents": "ada"})
                assert some.status_code == 200, (name, team, some.text)
            menus = (await client.get("/api/reports/menus", params=params)).json()
            assert menus["cards"]["journeys"] == len(expected)
            span = {"since": AT.isoformat(), "until": (AT + timedelta(hours=1)).isoformat()}
            behind = await client.get("/api/calls-behind", params={"figure": "offered"} | span)
            assert {one["queue"] for one in behind.json()["items"]} == expected
            for name, figure in (("callbacks", "callbacks_asked"), ("tickets", "tickets_made")):
                report = (await client.get(f"/api/reports/{name}", params=params)).json()
                asked = {"figure": figure, "since": report["since"], "until": report["until"]}
                listed = (await client.get(f"/api/{name}", params=asked)).json()
                assert {one["queue"] for one in listed["items"]} == expected
                assert listed["counted"]["count"] == report["cards"][figure] == len(expected)


async def test_a_team_is_changed_by_administrators_alone_and_its_version_counts(
    house: Place,
) -> None:
    async with await leader(house, "blue") as blue:
        assert (await blue.put("/api/teams/blue", json={"name": "Mine"})).status_code == 403
    async with await house.signed_in("administrator") as client:
        made = await client.put("/api/teams/green", json={"name": "绿队", "version": 0})
        assert (made.status_code, made.json()["version"]) == (200, 1)
        again = await client.put("/api/teams/green", json={"name": "G", "version": 0})
        assert (again.status_code, again.json()["code"]) == (409, "conflict")
        wrong = await client.put("/api/teams/green", json={"name": "G", "agents": ["nobody"]})
        assert (wrong.status_code, wrong.json()["where"]) == (422, "agents.0")
        agent = (await house.user("agent")).id
        wrong = await client.put("/api/teams/green", json={"name": "G", "leaders": [agent]})
        assert (wrong.status_code, wrong.json()["where"]) == (422, "leaders")
        moved = await client.put("/api/teams/green", json={"name": "G", "agents": ["ada"]})
        assert moved.json()["agents"] == ["ada"]
        assert house.config.agents["ada"].team == "green"
        assert (await client.delete("/api/teams/green")).status_code == 204
        assert house.config.agents["ada"].team == ""
        assert (await client.delete("/api/teams/green")).status_code == 404
