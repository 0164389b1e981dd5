"""The console's and the phone's websockets of the whole application, over a real server."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from callcenter.core.board import QueueRow
from callcenter.core.effects import Show
from callcenter.core.inputs import ConsoleChanged
from callcenter.store.accounts import Account
from callcenter.store.engine import make_engine
from callcenter.web.auth import PLAIN_COOKIE
from tests.agent_console.served import served, until
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

SIP = Subprotocol("sip")
PATIENCE = 5.0


class FakeAsterisk:
    """A websocket server that answers each SIP message and remembers what it got."""

    def __init__(self) -> None:
        self.heard: list[str | bytes] = []
        self.open: set[ServerConnection] = set()
        self.address = ""

    async def _phone(self, connection: ServerConnection) -> None:
        self.open.add(connection)
        try:
            async for message in connection:
                self.heard.append(message)
                if message == "BYE":
                    await connection.close()
                    return
                await connection.send(message)
        finally:
            self.open.discard(connection)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        async with serve(
            self._phone, "127.0.0.1", 0, subprotocols=[SIP], compression=None
        ) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            self.address = f"ws://127.0.0.1:{port}/ws"
            yield self.address


@asynccontextmanager
async def house(
    engine: AsyncEngine, upstream: str | None = None
) -> AsyncIterator[tuple[Place, str]]:
    place = Place(engine, sip_upstream=upstream)
    await place.reload()
    async with served(place.app) as address:
        yield place, address
    place.close()


async def opened(
    place: Place,
    address: str,
    path: str,
    account: Account | None,
    token: str = "",
    **more: object,
) -> ClientConnection:
    cookie = f"{PLAIN_COOKIE}={await place.token(account) if account else token}"
    arguments = {"origin": Origin(f"http://{address}"), "compression": None} | more
    url = f"ws://{address}{path}"
    return await connect(url, additional_headers={"Cookie": cookie}, **arguments)  # type: ignore[arg-type]


async def close_code(client: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE):
        try:
            while True:
                await client.recv()
        except ConnectionClosed:
            return client.close_code


async def refusal(place: Place, address: str, path: str, **more: object) -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as refused:
        await opened(place, address, path, **more)  # type: ignore[arg-type]
    response = refused.value.response
    return response.status_code, json.loads(response.body)["code"]


async def test_a_signed_in_agent_has_a_console_until_the_log_out(engine: AsyncEngine) -> None:
    async with house(engine) as (place, address):
        agent = await place.agent()
        account = await place.user("agent", agent)
        browser = await place.client(account)
        cookie = f"{PLAIN_COOKIE}={browser.cookies[PLAIN_COOKIE]}"
        client = await connect(
            f"ws://{address}/ws/console",
            origin=Origin(f"http://{address}"),
            additional_headers={"Cookie": cookie},
        )
        snapshot = json.loads(await client.recv())
        assert (snapshot["type"], snapshot["role"], snapshot["agent"]) == (
            "snapshot", "agent", agent
        )  # fmt: skip
        assert place.submitted == [ConsoleChanged(agent, True)]
        assert (await browser.post("/api/logout")).status_code == 204
        assert await close_code(client) == 4401
        await browser.aclose()


async def test_a_changed_password_closes_the_consoles_of_the_other_sessions(
    engine: AsyncEngine,
) -> None:
    async with house(engine) as (place, address):
        account = await place.user("supervisor")
        client = await opened(place, address, "/ws/console", account)
        admin = await place.signed_in("administrator")
        answer = await admin.post(f"/api/users/{account.id}/password")
        assert answer.status_code == 200
        assert await close_code(client) == 4401
        await admin.aclose()


@pytest.mark.parametrize("path", ["/ws/console", "/sip"])
async def test_sockets_say_so_while_the_database_is_away(path: str) -> None:
    place = Place(make_engine("postgresql://nobody@127.0.0.1:1/nowhere"))
    async with served(place.app) as address:
        refused = await refusal(place, address, path, account=None, token="x" * 43)
    place.close()
    assert refused == (503, "database_away")


@pytest.mark.parametrize("path", ["/ws/console", "/sip"])
async def test_sockets_refuse_strangers_other_sites_and_old_sessions(
    engine: AsyncEngine, path: str
) -> None:
    async with house(engine) as (place, address):
        account = await place.user("agent", await place.agent())
        assert await refusal(place, address, path, account=None) == (401, "not_signed_in")
        for origin in (None, Origin("http://evil.example"), Origin(f"https://{address}")):
            answer = await refusal(place, address, path, account=account, origin=origin)
            assert answer == (403, "foreign_origin")
        place.clock.ahead = -1900.0
        old = await place.token(account)
        place.clock.ahead = 0.0
        answer = await refusal(place, address, path, account=None, token=old)
        assert answer == (401, "not_signed_in")


async def test_sip_messages_pass_both_ways_as_they_are(engine: AsyncEngine) -> None:
    asterisk = FakeAsterisk()
    async with asterisk.running() as upstream, house(engine, upstream) as (place, address):
        account = await place.user("agent", await place.agent())
        phone = await opened(place, address, "/sip", account, subprotocols=[SIP])
        assert phone.subprotocol == "sip"
        messages: list[str | bytes] = [
            "REGISTER sip:x SIP/2.0\r\n\r\n",
            "王\r\n",
            b"\x00\xff",
            "x" * 60_000,
            "\r\n\r\n",
        ]
        for message in messages:
            await phone.send(message)
            assert await phone.recv() == message
        assert asterisk.heard == messages
        await phone.close()
        await until(lambda: not asterisk.open)


async def test_the_phone_is_told_when_asterisk_closes(engine: AsyncEngine) -> None:
    asterisk = FakeAsterisk()
    async with asterisk.running() as upstream, house(engine, upstream) as (place, address):
        account = await place.user("agent", await place.agent())
        phone = await opened(place, address, "/sip", account, subprotocols=[SIP])
        await phone.send("BYE")
        assert await close_code(phone) == 1012


async def test_asterisk_is_told_when_the_browser_vanishes(engine: AsyncEngine) -> None:
    asterisk = FakeAsterisk()
    async with asterisk.running() as upstream, house(engine, upstream) as (place, address):
        account = await place.user("agent", await place.agent())
        phone = await opened(place, address, "/sip", account, subprotocols=[SIP])
        await until(lambda: bool(asterisk.open))
        phone.transport.abort()
        await until(lambda: not asterisk.open)


async def test_log_out_closes_the_phone_too(engine: AsyncEngine) -> None:
    asterisk = FakeAsterisk()
    async with asterisk.running() as upstream, house(engine, upstream) as (place, address):
        account = await place.user("agent", await place.agent())
        phone = await opened(place, address, "/sip", account, subprotocols=[SIP])
        place.app.state.sockets.user_changed(account.id)
        assert await close_code(phone) == 4401
        await until(lambda: not asterisk.open)


async def test_a_session_that_is_ended_loses_its_console_and_its_phone_and_no_other_does(
    engine: AsyncEngine,
) -> None:
    asterisk = FakeAsterisk()
    async with asterisk.running() as upstream, house(engine, upstream) as (place, address):
        account = await place.user("agent", await place.agent())
        console = await opened(place, address, "/ws/console", account)
        (session,) = await place.login_sessions.of_user(
            account.id, now=place.clock.now(), idle_seconds=60.0
        )
        phone = await opened(place, address, "/sip", account, subprotocols=[SIP])
        admin = await place.signed_in("administrator")
        path = f"/api/users/{account.id}/sessions"
        assert (await admin.delete(f"{path}/{session.id}")).json() == {"ended": 1}
        assert await close_code(console) == 4401
        assert asterisk.open  # the phone is of another session
        assert (await admin.post(f"{path}/end")).json() == {"ended": 1}
        assert await close_code(phone) == 4401
        await until(lambda: not asterisk.open)
        await admin.aclose()


async def test_a_sip_message_that_is_too_big_closes_the_phone(engine: AsyncEngine) -> None:
    asterisk = FakeAsterisk()
    async with asterisk.running() as upstream, house(engine, upstream) as (place, address):
        account = await place.user("agent", await place.agent())
        phone = await opened(place, address, "/sip", account, subprotocols=[SIP])
        await phone.send("x" * 70_000)
        assert await close_code(phone) == 1009
        assert asterisk.heard == []


async def test_a_phone_is_refused_without_sub_protocol_agent_or_asterisk(
    engine: AsyncEngine,
) -> None:
    asterisk = FakeAsterisk()
    async with asterisk.running() as upstream, house(engine, upstream) as (place, address):
        account = await place.user("agent", await place.agent())
        phoneless = await place.user("agent")
        assert (await refusal(place, address, "/sip", account=account))[0] == 400
        answer = await refusal(place, address, "/sip", account=phoneless, subprotocols=[SIP])
        assert answer == (403, "not_allowed")
    async with house(engine, "ws://127.0.0.1:1/ws") as (place, address):
        account = await place.user("agent", await place.agent())
        answer = await refusal(place, address, "/sip", account=account, subprotocols=[SIP])
        assert answer == (503, "phone_system_away")


async def test_the_proxy_adds_little_time(engine: AsyncEngine) -> None:
    asterisk = FakeAsterisk()
    async with asterisk.running() as upstream, house(engine, upstream) as (place, address):
        account = await place.user("agent", await place.agent())
        phone = await opened(place, address, "/sip", account, subprotocols=[SIP])
        taken = []
        for _ in range(200):
            began = time.perf_counter()
            await phone.send("OPTIONS")
            await phone.recv()
            taken.append((time.perf_counter() - began) * 1000)
        # Client, proxy and upstream share one thread here; a Nagle delay would show as 40 ms.
        assert statistics.median(taken) < 15
        await phone.close()


async def test_a_screen_on_the_wall_is_let_in_by_its_token_alone_and_shows_its_team(
    engine: AsyncEngine,
) -> None:
    async with house(engine) as (place, address):
        for team, queue in (("blue", "bluequeue"), ("red", "redqueue")):
            await place.directory.put_queue(queue, {"name": queue}, by=BY)
            await place.directory.put_team(team, {"name": team, "queues": [queue]}, by=BY)
        await place.reload()
        for queue in ("bluequeue", "redqueue"):
            place.hub.perform(Show("queues", queue, QueueRow(queue, queue)))
        tile = {"id": "a", "kind": "figure", "x": 0, "y": 0, "w": 4, "h": 3}
        body = {"name": "Hall", "team": "blue", "layout": {"pages": [{"tiles": [tile]}]}}
        async with await place.signed_in("administrator") as boss:
            wall = (await boss.post("/api/walls", json=body)).json()
            made = await boss.post(f"/api/walls/{wall['id']}/screens", json={"name": "Left"})
            screen = made.json()
            origin = Origin(f"http://{address}")
            for wrong in ("", "x" * 43):
                with pytest.raises(InvalidStatus) as refused:
                    await connect(f"ws://{address}/ws/wall?token={wrong}", origin=origin)
                assert refused.value.response.status_code == 401
            url = f"ws://{address}/ws/wall?token={screen['token']}"
            with pytest.raises(InvalidStatus) as refused:
                await connect(url, origin=Origin("https://other.example"))
            assert refused.value.response.status_code == 403
            async with connect(url, origin=origin) as socket, asyncio.timeout(PATIENCE):
                await socket.send(json.dumps({"type": "resume", "epoch": 0, "seq": 0}))
                seen = ""
                while "bluequeue" not in seen:
                    seen += str(await socket.recv())
                assert "redqueue" not in seen
                await socket.send(json.dumps({"type": "set_ready", "id": "1"}))
                assert await close_code(socket) is not None  # it only shows
            await boss.delete(f"/api/walls/{wall['id']}/screens/{screen['id']}")
            with pytest.raises(InvalidStatus) as refused:
                await connect(url, origin=origin)
            assert refused.value.response.status_code == 401
