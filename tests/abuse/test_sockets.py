"""A3 and A4: what comes over a websocket that no console sends, and who may not have one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import resource
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from agent_console import wire
from callcenter.core.board import AgentRow, CallRow, QueueRow
from callcenter.core.effects import Show
from callcenter.core.inputs import AgentDid, ConsoleChanged
from callcenter.store.accounts import Account
from callcenter.web.auth import PLAIN_COOKIE
from callcenter.web.policy import ROLES
from tests.abuse.figures import SEED, Abuse
from tests.agent_console.served import served, until
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

SECRET = "foreign-7f3a"
PATIENCE = 15.0
CODES = {int(code) for code in wire.CloseCode} | {1002, 1007}
SLOW_SECONDS_MAX = 10.0
HALF_OPEN_BYTES_MAX = 100_000
"""Of memory for a connection that has not said what it wants, both ends of it."""


def call(key: str) -> CallRow:
    return CallRow(key, "talking", 1.0, 1.0, SECRET, SECRET, "100", "zh", agent="boss")


def agent_row(key: str) -> AgentRow:
    return AgentRow(key, SECRET, "team", "available", 5.0, queues=("q1",))


@asynccontextmanager
async def house(engine: AsyncEngine) -> AsyncIterator[tuple[Place, str]]:
    place = Place(engine)
    await place.reload()
    async with served(place.app) as address:
        yield place, address
    place.close()


async def opened(
    place: Place, address: str, account: Account | None, token: str = "", **more: object
) -> ClientConnection:
    cookie = f"{PLAIN_COOKIE}={await place.token(account) if account else token}"
    arguments = {"origin": Origin(f"http://{address}"), "compression": None} | more
    url = f"ws://{address}/ws/console"
    return await connect(url, additional_headers={"Cookie": cookie}, **arguments)  # type: ignore[arg-type]


def malformed(dice: random.Random) -> list[str | bytes]:
    """The fragments of one message."""
    name = dice.choice(["hang_up", "transfer", "dial", "resume", "log_in", "nonsense", "join"])
    choices: list[str | bytes] = [
        "",
        "{",
        "nul",
        "[" * dice.randrange(1, 12_000),
        '{"a":' * dice.randrange(1, 3_000),
        "x" * dice.choice((16 * 1024 + 1, 1 << 20)),
        bytes(dice.randrange(256) for _ in range(dice.randrange(300))),
        json.dumps({"type": name}),
        json.dumps({"type": name, "id": "x" * dice.randrange(80), "call": SECRET}),
        json.dumps({"type": name, "id": "1", "call": [{}], "agent": 7, "more": None}),
        json.dumps({"type": name, "id": "1", "call": "1.1\r\nAction: Originate"}),
        json.dumps({"type": "hang_up", "id": "1", "call": SECRET}),
        json.dumps({"type": "pause", "id": "1", "reason": "\x00\u202e" * 9}),
        json.dumps({"type": "resume", "epoch": 10**400, "seq": -1}),
        '{"type":"resume","epoch":1e400,"seq":NaN}',
        '{"type":"ping","type":"log_out","id":"1"}',
        '{"type":"dial","id":"1","number":"' + "9" * 9_000 + '"}',
        "".join(chr(dice.choice((0, 9, 0x7F, 0xD7FF, 0x1F600))) for _ in range(40)),
    ]
    whole = dice.choice(choices)
    if isinstance(whole, str) and len(whole) > 2 and dice.random() < 0.2:
        cut = dice.randrange(1, len(whole))
        return [whole[:cut], whole[cut:]]
    return [whole]


class Attacker:
    """Sends malformed messages as one user, and comes back whenever it is thrown out."""

    def __init__(self, place: Place, address: str, account: Account | None) -> None:
        self.place, self.address, self.account = place, address, account
        self.codes: list[int] = []
        self.leaked = 0
        self.sent = 0

    async def send(self, dice: random.Random, count: int) -> None:
        while self.sent < count:
            client = await opened(self.place, self.address, self.account)
            reading = asyncio.create_task(self._read(client))
            with contextlib.suppress(ConnectionClosed):
                while self.sent < count:
                    self.sent += 1
                    fragments = malformed(dice)
                    await client.send(fragments if len(fragments) > 1 else fragments[0])
            await client.close()
            async with asyncio.timeout(PATIENCE):
                await reading

    async def _read(self, client: ClientConnection) -> None:
        try:
            while True:
                said = await client.recv()
                # An agent's own board has no foreign call in it, and no answer may tell of one.
                told = said if isinstance(said, str) else said.decode(errors="replace")
                self.leaked += SECRET in told and '"type":"call"' in told.replace(" ", "")
        except ConnectionClosed as closed:
            self.codes.append(closed.rcvd.code if closed.rcvd else 1006)


async def _pinged(client: ClientConnection, stop: asyncio.Event) -> list[float]:
    """How long each ping of a quiet user takes, in milliseconds."""
    taken = []
    while not stop.is_set():
        began = time.perf_counter()
        await client.send('{"type":"ping"}')
        while json.loads(await client.recv())["type"] != "pong":
            pass
        taken.append((time.perf_counter() - began) * 1000)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.06):
                await stop.wait()
    return taken


async def test_a3_malformed_messages(engine: AsyncEngine, abuse: Abuse) -> None:
    count = abuse.count(150, 5_000)
    async with house(engine) as (place, address):
        place.hub.perform(Show("calls", SECRET, call(SECRET)))
        quiet = await opened(place, address, await place.user("supervisor"))
        stop = asyncio.Event()
        before = asyncio.create_task(_pinged(quiet, stop))
        await asyncio.wait([before], timeout=1.0 if not abuse.full else 10.0)
        stop.set()
        alone = await before
        attackers = []
        for role in (*ROLES, "agent"):
            agent = await place.agent() if role == "agent" else None
            attackers.append(Attacker(place, address, await place.user(role, agent)))
        stop = asyncio.Event()
        pinging = asyncio.create_task(_pinged(quiet, stop))
        dice = random.Random(SEED)
        for attacker in attackers:  # one after the other: the quiet user sees each alone
            await attacker.send(dice, count)
        stop.set()
        beside = await pinging
        await quiet.close()
        submitted = [one for one in place.submitted if not isinstance(one, ConsoleChanged)]
    codes = {code for one in attackers for code in one.codes}
    leaked = sum(one.leaked for one in attackers[:1] + attackers[3:])
    odd = codes - CODES - {1000, 1001, 1006}
    abrupt = sum(one.codes.count(1006) for one in attackers)
    worse = _p99(beside) - _p99(alone)
    limit = 20.0 if abuse.full else 2_000.0
    commands = [one for one in submitted if not isinstance(one, AgentDid)]
    abuse.reached(
        "A3",
        f"{sum(one.sent for one in attackers)} malformed messages by 4 users of all roles",
        f"0 crashes, 0 foreign rows, closed with a code, another's ping p99 < +{limit:.0f} ms",
        f"{len(odd)} odd codes, {abrupt} without a code, {leaked} foreign rows, "
        f"{len(commands)} odd inputs, ping p99 {worse:+.1f} ms "
        f"(median {statistics.median(beside) - statistics.median(alone):+.1f})",
        not odd and not leaked and not commands and not abrupt and worse < limit,
        f"codes {sorted(codes)}; attacker and service share one process",
    )


def _p99(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]


async def _refusal(place: Place, address: str, account: Account | None, **more: object) -> int:
    try:
        client = await opened(place, address, account, **more)  # type: ignore[arg-type]
    except InvalidStatus as refused:
        return refused.response.status_code
    await client.close()
    return 101


async def _refusals(place: Place, address: str) -> dict[str, int]:
    account = await place.user("agent", await place.agent())
    port = address.rpartition(":")[2]
    origins = [
        None, "null", "http://evil.example", f"https://{address}", f"http://{address}.evil.example",
        f"http://evil.example/?{address}", f"http://localhost:{port}.evil", "file://", "http://[::1]",
        f"http://127.0.0.1:{int(port) + 1}", f"http://user@{address}.evil",
    ]  # fmt: skip
    seen = {
        f"origin {origin}": await _refusal(place, address, account, origin=origin)
        for origin in origins
    }
    for name in ("", "x", "x" * 43, "x" * 5_000, "../../x", "%00", "' or 1=1--"):
        seen[f"cookie {name[:12]}"] = await _refusal(place, address, None, token=name)
    place.clock.ahead = -1_900.0
    old = await place.token(account)
    place.clock.ahead = 0.0
    seen["expired"] = await _refusal(place, address, None, token=old)
    ended = await place.token(account)
    await place.accounts.close_sessions(account.id)
    seen["revoked"] = await _refusal(place, address, None, token=ended)
    return seen


async def test_a4_sockets_that_are_refused(engine: AsyncEngine, abuse: Abuse) -> None:
    async with house(engine) as (place, address):
        seen = await _refusals(place, address)
        # A session that ends while the socket is open: closed at once.
        account = await place.user("agent", await place.agent())
        client = await opened(place, address, account)
        async with await place.signed_in("administrator") as admin:
            await admin.post(f"/api/users/{account.id}/password")
        code = await _close_code(client)
        foreign = await _foreign_rows(place, address)
    let_in = [name for name, status in seen.items() if status not in {400, 401, 403}]
    abuse.reached(
        "A4",
        f"{len(seen)} handshakes: no, evil and null origins, bad, expired and revoked cookies",
        "all refused; an ended session's socket closed; 0 foreign rows",
        f"{len(seen) - len(let_in)} refused, closed with {code}, {foreign} foreign rows",
        not let_in and code == 4401 and not foreign,
        "; ".join(let_in),
    )


async def _close_code(client: ClientConnection) -> int:
    async with asyncio.timeout(PATIENCE):
        try:
            while True:
                await client.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0


async def _foreign_rows(place: Place, address: str) -> int:
    """Rows of queues and calls that are no business of this agent."""
    agent = await place.agent()
    client = await opened(place, address, await place.user("agent", agent))
    for number in range(20):
        place.hub.perform(Show("queues", f"q{number}", QueueRow(f"q{number}", SECRET)))
        place.hub.perform(Show("calls", f"{number}.1", call(f"{number}.1")))
        place.hub.perform(Show("agents", f"other{number}", agent_row(f"other{number}")))
    await client.send('{"type":"resume","epoch":0,"seq":0}')
    await client.send('{"type":"ping"}')
    foreign = 0
    async with asyncio.timeout(PATIENCE):
        while (said := json.loads(await client.recv()))["type"] != "pong":
            if said["type"] == "snapshot":
                foreign += len(said["calls"]) + sum(SECRET in str(one) for one in said["queues"])
            foreign += said["type"] in {"call", "queue"} and said["row"] is not None
    await client.close()
    return foreign


async def test_a4_half_open_and_slow_sockets(engine: AsyncEngine, abuse: Abuse) -> None:
    count = abuse.count(100, 1_000)
    async with house(engine) as (place, address):
        host, _, port = address.partition(":")
        before = _resident()
        half = [await asyncio.open_connection(host, int(port)) for _ in range(count)]
        for _, writer in half:
            writer.write(b"GET /ws/console HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n")
        user = await place.user("supervisor")
        began = time.perf_counter()
        other = await opened(place, address, user)
        await other.recv()
        came_in = time.perf_counter() - began
        grown = (_resident() - before) / count
        for _, writer in half:
            writer.close()
        await other.close()
        took, kept = await _slow_reader(place, address)
    limit = SLOW_SECONDS_MAX if abuse.full else 2 * SLOW_SECONDS_MAX
    abuse.reached(
        "A4",
        f"{count} half-open handshakes; a reader that takes nothing",
        f"others come in, bounded memory, slow reader closed within {limit:.0f} s",
        f"another came in after {came_in:.2f} s, {grown / 1000:.0f} kB each (both ends), "
        f"slow reader dropped after {took:.1f} s with {kept / 1e6:.1f} MB waiting",
        came_in < PATIENCE and grown < HALF_OPEN_BYTES_MAX and took <= limit and kept < 8e6,
    )


def _resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def _slow_reader(place: Place, address: str) -> tuple[float, float]:
    """(seconds until it is dropped, most bytes that waited for it)."""
    account = await place.user("supervisor")
    token = await place.token(account)
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    writer.write(
        (
            f"GET /ws/console HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: http://{address}\r\n"
            f"Cookie: {PLAIN_COOKIE}={token}\r\n\r\n"
        ).encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    await until(lambda: place.hub.consoles == 1)
    began, written = time.perf_counter(), 0
    while place.hub.consoles and time.perf_counter() - began < 3 * SLOW_SECONDS_MAX:
        for number in range(50):
            row = QueueRow(f"q{number}", "n" * 2_000)
            place.hub.perform(Show("queues", f"q{number}", None))
            place.hub.perform(Show("queues", f"q{number}", row))
            written += 2_000
        await asyncio.sleep(0.02)
    took = time.perf_counter() - began
    writer.close()
    return took, float(written)
