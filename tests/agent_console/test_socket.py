"""The console's websocket over a real server and a real client: who comes in, and bad input."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode

from agent_console import wire
from agent_console.browser import Visitor
from agent_console.hub import Hub, loop_timers
from agent_console.socket import Refused, serve_console
from callcenter.core.board import QueueRow
from callcenter.core.commands import CustomerCard
from callcenter.core.effects import Show
from callcenter.core.inputs import AgentDid, Input
from callcenter.core.teams import EVERYTHING, NOTHING
from tests.agent_console.served import served, until

pytestmark = pytest.mark.web

PATIENCE = 5.0


class SystemClock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead


class FakeGate:
    """Sessions by cookie `user`; one session can be ended."""

    def __init__(self) -> None:
        self.ended: set[str] = set()

    async def admit(self, connection: HTTPConnection) -> Visitor | Refused:
        if connection.headers.get("origin") != "http://ours":
            return Refused(403, "foreign_origin", "not ours")
        name = connection.cookies.get("user", "")
        if not name:
            return Refused(401, "not_signed_in", "you are not signed in")
        return Visitor(name, name, name.title(), "supervisor" if name == "boss" else "agent", name)

    async def still_in(self, session: str) -> bool:
        return session not in self.ended


class Place:
    """One hub behind one server."""

    def __init__(self) -> None:
        self.submitted: list[Input] = []
        self.clock = SystemClock()
        self.gate = FakeGate()
        self.hub = Hub(
            submit=self.submitted.append,
            cards=self._card,
            clock=self.clock,
            timers=loop_timers(),
            epoch=1,
            reach=lambda role, user: EVERYTHING if role == "supervisor" else NOTHING,
        )
        self.address = ""

    async def _card(self, id: str) -> CustomerCard | None:
        return None

    async def _console(self, socket: WebSocket) -> None:
        await serve_console(socket, hub=self.hub, gate=self.gate, clock=self.clock)

    def app(self) -> Starlette:
        return Starlette(routes=[WebSocketRoute("/ws/console", self._console)])

    @asynccontextmanager
    async def console(self, user: str = "ada", query: str = "") -> AsyncIterator[ClientConnection]:
        headers = {"Cookie": f"user={user}"}
        url = f"ws://{self.address}/ws/console{query}"
        async with connect(url, origin="http://ours", additional_headers=headers) as client:  # type: ignore[arg-type]
            yield client


def run(story: Callable[[Place], Awaitable[None]]) -> Place:
    async def all_of_it() -> Place:
        place = Place()
        async with served(place.app()) as place.address, asyncio.timeout(15):
            await story(place)
            place.hub.close_all()
        return place

    return asyncio.run(all_of_it())


async def next_of(client: ClientConnection, *kinds: str) -> dict[str, Any]:
    """The next message of one of these types."""
    async with asyncio.timeout(PATIENCE):
        while True:
            message: dict[str, Any] = json.loads(await client.recv())
            if message["type"] in kinds:
                return message


async def close_code(client: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE):
        try:
            while True:
                await client.recv()
        except ConnectionClosed:
            return client.close_code


def test_a_console_gets_a_snapshot_then_changes_and_its_commands_reach_the_centre() -> None:
    async def story(place: Place) -> None:
        async with place.console("boss") as client:
            snapshot = await next_of(client, "snapshot")
            assert (snapshot["user"], snapshot["role"], snapshot["seq"]) == (
                "Boss", "supervisor", 0
            )  # fmt: skip
            place.hub.perform(Show("queues", "sales", QueueRow("sales", "销售")))
            change = await next_of(client, "queue")
            assert (change["seq"], change["row"]["name"]) == (1, "销售")
            await client.send('{"type":"ping"}')
            pong = await next_of(client, "pong")
            assert abs(pong["clock"] - time.time()) < 5
            await client.send('{"type":"pause","id":"p1","reason":"lunch"}')
            await client.send('{"type":"ping"}')
            await next_of(client, "pong")

    place = run(story)
    assert [did for did in place.submitted if isinstance(did, AgentDid)]


def test_a_browser_comes_back_where_it_stopped() -> None:
    async def story(place: Place) -> None:
        async with place.console("boss") as client:
            snapshot = await next_of(client, "snapshot")
        place.hub.perform(Show("queues", "a", QueueRow("a", "A")))
        await asyncio.sleep(0.05)
        query = f"?epoch={snapshot['epoch']}&seq={snapshot['seq']}"
        async with place.console("boss", query) as client:
            assert json.loads(await client.recv())["type"] == "resumed"
            assert json.loads(await client.recv())["key"] == "a"
        for odd in ("?epoch=1", "?epoch=x&seq=-1", "?epoch=²&seq=0", "?epoch=9&seq=" + "9" * 500):
            async with place.console("boss", odd) as client:
                assert json.loads(await client.recv())["type"] == "snapshot"
                await client.send('{"type":"resume","epoch":-1,"seq":99}')
                assert (await next_of(client, "snapshot"))["queues"][0]["queue"] == "a"

    run(story)


@pytest.mark.parametrize(
    ("origin", "user", "status"),
    [(None, "ada", 403), ("null", "ada", 403), ("http://evil", "ada", 403),
     ("http://ours.evil", "ada", 403), ("https://ours", "ada", 403), ("http://ours", "", 401)],
)  # fmt: skip
def test_a_handshake_from_elsewhere_or_without_session_is_refused(
    origin: Any, user: str, status: int
) -> None:
    async def story(place: Place) -> None:
        with pytest.raises(InvalidStatus) as refused:
            await connect(
                f"ws://{place.address}/ws/console",
                origin=origin,
                additional_headers={"Cookie": f"user={user}"},
            )
        assert refused.value.response.status_code == status
        assert json.loads(refused.value.response.body)["code"] in {
            "foreign_origin", "not_signed_in"
        }  # fmt: skip

    run(story)


BROKEN = [
    "",
    "{",
    "[]",
    "null",
    "7",
    '"ping"',
    "{}",
    '{"type":"nonsense"}',
    '{"type":["ping"]}',
    '{"type":"ping","more":1}',
    '{"type":"go_available"}',
    '{"type":"go_available","id":""}',
    '{"type":"go_available","id":7}',
    '{"type":"go_available","id":"a b"}',
    '{"type":"go_available","id":"' + "x" * 41 + '"}',
    '{"type":"hold","id":"1","call":"1.1","hold":"maybe"}',
    '{"type":"hang_up","id":"1","call":"../../etc"}',
    '{"type":"hang_up","id":"1","call":"a\\r\\nAction: Originate"}',
    '{"type":"pause","id":"1","reason":"' + "y" * 33 + '"}',
    '{"type":"finish_wrap_up","id":"1","call":"1.1","disposition":"d","then":"fly"}',
    '{"type":"log_in","id":"1","device":"PJSIP/trunk"}',
    '{"type":"resume","epoch":"x","seq":1}',
    '{"type":"resume","epoch":1e400,"seq":1}',
    "[" * 8000,
    '{"a":' * 2000,
    '{"type":"ping"}{"type":"ping"}',
    "\x00\x01\x02",
    '{"type":"go_available","id":"\ud7ff\\ud800"}',
]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_message_is_answered_with_what_is_wrong_and_the_socket_lives(text: str) -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            await client.send(text)
            told = await next_of(client, "problem", "reply")
            assert "cannot be read" in (told.get("text") or told["refusal"])
            await client.send('{"type":"ping"}')
            await next_of(client, "pong")

    place = run(story)
    assert not [did for did in place.submitted if isinstance(did, AgentDid)]


def test_a_broken_command_with_an_id_is_refused_by_that_id() -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            await client.send('{"type":"hold","id":"h-7","call":"1.1","hold":"maybe"}')
            told = await next_of(client, "reply")
            assert told["id"] == "h-7"
            assert "hold: Input should be a valid boolean" in told["refusal"]

    run(story)


def test_after_a_few_broken_messages_the_socket_is_closed_with_a_code() -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            for _ in range(wire.BROKEN_MESSAGES_MAX):
                await client.send("{")
            assert await close_code(client) == wire.CloseCode.BROKEN_MESSAGES

    run(story)


@pytest.mark.parametrize(
    ("message", "code"),
    [(b"\x00\x01", 1003), ('{"type":"ping","x":"' + "z" * 16_400 + '"}', 1009),
     ('{"type":"ping","x":"' + "王" * 6_000 + '"}', 1009), ("x" * 1_000_000, 1009)],
)  # fmt: skip
def test_binary_and_too_big_messages_close_the_socket_with_a_code(
    message: str | bytes, code: int
) -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            await client.send(message)
            assert await close_code(client) == code

    run(story)


def test_more_than_20_messages_a_second_close_the_socket() -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            try:
                for _ in range(60):
                    await client.send('{"type":"ping"}')
            except ConnectionClosed:
                pass
            assert await close_code(client) == wire.CloseCode.TOO_FAST

    run(story)


def test_a_message_in_many_fragments_is_one_message() -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            await client.send(iter(['{"ty', 'pe":"pi', 'ng"}']))
            await next_of(client, "pong")

    run(story)


def test_the_session_is_looked_at_again_after_a_minute() -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            await next_of(client, "snapshot")
            place.gate.ended.add("ada")
            await client.send('{"type":"ping"}')
            await next_of(client, "pong")
            place.clock.ahead = 61.0
            await client.send('{"type":"ping"}')
            assert await close_code(client) == wire.CloseCode.SESSION_ENDED

    run(story)


def test_log_out_closes_the_socket_at_once() -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            await next_of(client, "snapshot")
            place.hub.session_ended("ada")
            assert await close_code(client) == wire.CloseCode.SESSION_ENDED

    run(story)


def test_the_sixth_console_is_closed_and_the_others_go_on() -> None:
    async def story(place: Place) -> None:
        clients = [
            await connect(
                f"ws://{place.address}/ws/console",
                origin="http://ours",  # type: ignore[arg-type]
                additional_headers={"Cookie": "user=ada"},
            )
            for _ in range(wire.SOCKETS_PER_USER + 1)
        ]
        assert await close_code(clients[-1]) == wire.CloseCode.TOO_MANY_CONSOLES
        await clients[0].send('{"type":"ping"}')
        await next_of(clients[0], "pong")
        for client in clients:
            await client.close()

    run(story)


def test_nothing_is_compressed_and_one_frame_serves_all() -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            assert client.response is not None
            assert "Sec-WebSocket-Extensions" not in client.response.headers

    run(story)


def test_a_browser_that_reads_nothing_is_dropped_and_others_do_not_notice() -> None:
    async def story(place: Place) -> None:
        raw = socket.create_connection(tuple(place.address.rsplit(":", 1)))  # type: ignore[arg-type]
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.sendall(
            f"GET /ws/console HTTP/1.1\r\nHost: {place.address}\r\nOrigin: http://ours\r\n"
            "Cookie: user=boss\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        async with place.console("boss") as client:
            await next_of(client, "snapshot")
            await until(lambda: place.hub.consoles == 2)
            number = 0
            while place.hub.consoles == 2 and number < 400:
                number += 1
                row = QueueRow("a", "x" * 50_000, waiting=number)
                place.hub.perform(Show("queues", "a", row))
                assert (await next_of(client, "queue"))["row"]["waiting"] == number
            assert place.hub.consoles == 1
            assert number < 400
        raw.close()

    run(story)


def test_thousands_of_malformed_messages_of_a_seed_never_reach_the_centre_or_harm_others() -> None:
    dice = random.Random(5)
    good = '{"type":"hold","id":"1","call":"1.1","hold":true,"x":{"y":[1,2]}}'

    def mangled() -> str:
        text = list(good)
        for _ in range(dice.randint(1, 6)):
            place = dice.randrange(len(text))
            text[place] = dice.choice(["{", "}", "[", '"', "\\", "\x00", "王", ":", ",", "9", ""])
        return "".join(text)

    async def story(place: Place) -> None:
        async with place.console("boss") as witness:
            for _ in range(100):
                async with place.console("ada") as client:
                    try:
                        for _ in range(wire.BROKEN_MESSAGES_MAX + 1):
                            await client.send(mangled())
                        code = await close_code(client)
                    except ConnectionClosed:
                        code = client.close_code
                    assert code in {wire.CloseCode.BROKEN_MESSAGES, wire.CloseCode.TOO_FAST}
            await witness.send('{"type":"ping"}')
            await next_of(witness, "pong")

    place = run(story)
    assert not [did for did in place.submitted if isinstance(did, AgentDid)]


def test_an_unmasked_frame_ends_the_connection_and_nothing_else() -> None:
    async def story(place: Place) -> None:
        async with place.console() as client:
            await next_of(client, "snapshot")
            client.transport.write(Frame(Opcode.TEXT, b'{"type":"ping"}').serialize(mask=False))
            assert await close_code(client) == 1002
        async with place.console() as client:
            await next_of(client, "snapshot")

    run(story)
