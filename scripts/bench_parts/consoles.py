"""A thousand open consoles, each told 20 changes a second, over real websockets.

The server runs in a process of its own, with the product's hub, endpoint and uvicorn; the readers
in this one, on the same machine. All consoles are supervisors', so each sees every change. Figures:
CPU of the server a delivery and as a share of one core, the delay from the change to the bytes in
the reader (its own share included), and the server's memory.

Run it with `python -m scripts.bench_parts.consoles [consoles] [seconds]` from the root of the
repository; needs two open files a console (`ulimit -n`).
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from typing import cast

import uvloop
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from agent_console.browser import Visitor
from agent_console.hub import Hub
from agent_console.socket import Refused, serve_console
from callcenter.core.board import QueueRow
from callcenter.core.commands import CustomerCard
from callcenter.core.effects import Show
from callcenter.core.inputs import Input
from callcenter.core.teams import EVERYTHING
from tests.agent_console.served import served, until

CONSOLES = 1000
SECONDS = 10
CHANGES_A_SECOND = 20
GOAL_P99_MS = 50.0
GOAL_CORE_PERCENT = 25.0
STAMP = b'"oldest_joined_at":'
PING = bytes((0x81, 0x80 | 15)) + bytes(4) + b'{"type":"ping"}'
HANDSHAKE = (
    b"GET /ws/console HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class SystemClock:
    def now(self) -> float:
        return time.time()


class OpenGate:
    """Lets everybody in as a new supervisor."""

    def __init__(self) -> None:
        self._count = 0

    async def admit(self, connection: HTTPConnection) -> Visitor | Refused:
        self._count += 1
        return Visitor(str(self._count), str(self._count), "Bench", "supervisor", None)

    async def still_in(self, session: str) -> bool:
        return True


async def serve_changes(consoles: int, seconds: int) -> None:
    """The server's process: wait for all consoles, change rows, print what it cost."""

    def ignore(_: Input) -> None:
        """There is no centre here."""

    async def no_cards(_: str) -> CustomerCard | None:
        return None

    clock, gate = SystemClock(), OpenGate()
    hub = Hub(
        submit=ignore,
        cards=no_cards,
        clock=clock,
        timers=asyncio.get_running_loop(),
        epoch=1,
        reach=lambda role, user: EVERYTHING,
    )

    async def endpoint(socket: WebSocket) -> None:
        await serve_console(socket, hub=hub, gate=gate, clock=clock)

    async with served(Starlette(routes=[WebSocketRoute("/ws/console", endpoint)])) as address:
        print(address, flush=True)
        await until(lambda: hub.consoles == consoles, 60)
        await asyncio.sleep(1)
        before, began = resource.getrusage(resource.RUSAGE_SELF), time.time()
        for number in range(CHANGES_A_SECOND * seconds):
            await asyncio.sleep(max(0.0, began + number / CHANGES_A_SECOND - time.time()))
            queue = f"queue{number % 10}"
            row = QueueRow(queue, "Support", waiting=number, oldest_joined_at=time.time())
            hub.perform(Show("queues", queue, row))
        await asyncio.sleep(1)
        after = resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        cost = {
            "core_percent": round(100 * cpu / seconds, 1),
            "cpu_us_a_delivery": round(1e6 * cpu / (consoles * CHANGES_A_SECOND * seconds), 2),
            "memory_mb": round(after.ru_maxrss / 1024, 1),
        }
        print(json.dumps(cost), flush=True)
        hub.close_all()


class Reader(asyncio.Protocol):
    """One console: notes how old each change is when its bytes are here."""

    def __init__(self, delays: list[float]) -> None:
        self._delays = delays
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass of it
        self.transport.write(HANDSHAKE)

    def data_received(self, data: bytes) -> None:
        now, at = time.time(), data.find(STAMP)
        while at >= 0:
            end = data.find(b",", at)
            if end > 0:
                self._delays.append(now - float(data[at + len(STAMP) : end]))
            at = data.find(STAMP, end) if end > 0 else -1

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None


async def read_changes(address: str, consoles: int, seconds: int) -> list[float]:
    """All readers, until the server has done; the delays in milliseconds, sorted."""
    delays: list[float] = []
    host, _, port = address.rpartition(":")
    loop = asyncio.get_running_loop()
    readers = []
    for _ in range(consoles):
        made = await loop.create_connection(lambda: Reader(delays), host, int(port))
        readers.append(made[1])
    for _ in range(seconds):
        for reader in readers:
            if reader.transport is not None:
                reader.transport.write(PING)
        # Heartbeats spread over 5 s cost the same; one round a 5 s is what browsers send.
        await asyncio.sleep(5)
        if all(reader.transport is None for reader in readers):
            break
    return sorted(1000 * delay for delay in delays)


def measure(consoles: int = CONSOLES, seconds: int = SECONDS) -> dict[str, object]:
    """The figures with their goals beside them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 2 * consoles + 200), hard), hard))
    words = (sys.executable, "-m", "scripts.bench_parts.consoles", "--serve")
    server = subprocess.Popen(
        (*words, str(consoles), str(seconds)), stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        address = server.stdout.readline().strip()
        delays = uvloop.run(read_changes(address, consoles, seconds + 10))
        cost: dict[str, object] = json.loads(server.stdout.readline())
    finally:
        server.terminate()
        server.wait(10)
    wanted = consoles * CHANGES_A_SECOND * seconds
    return {
        "consoles": consoles,
        "deliveries": len(delays),
        "deliveries_wanted": wanted,
        "p50_ms": round(delays[len(delays) // 2], 2),
        "p99_ms": round(delays[int(0.99 * (len(delays) - 1))], 2),
        "max_ms": round(delays[-1], 2),
        "goal_p99_ms": GOAL_P99_MS,
        "goal_core_percent": GOAL_CORE_PERCENT,
    } | cost


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    if "--serve" in sys.argv:
        uvloop.run(serve_changes(*numbers))
    else:
        print(json.dumps(measure(*numbers), indent=2))


if __name__ == "__main__":
    main()
