"""An agent without a browser: signs in, keeps the console's websocket, does as it is told.

What it sees is what a console sees; `rows` is its picture, kept by snapshot and deltas.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.asterisk.lab import until

PING_SECONDS = 5.0


class Robot:
    """`on_call(row)` is called for each new state of the robot's own call."""

    def __init__(self, url: str, cookie: str, agent: str) -> None:
        self.url, self.cookie, self.agent = url, cookie, agent
        self.rows: dict[str, dict[str, Any]] = {"call": {}, "agent": {}, "queue": {}}
        self.replies: dict[str, str | None] = {}
        self.on_call: Callable[[dict[str, Any]], None] = lambda row: None
        self._numbers = itertools.count(1)
        self._socket: ClientConnection | None = None
        self._sending: set[asyncio.Future[None]] = set()

    async def run(self) -> None:
        """Connected until cancelled, also after the service was away."""
        address = self.url.replace("http", "ws", 1) + "/ws/console"
        headers = {"Cookie": self.cookie, "Origin": self.url}
        while True:
            with contextlib.suppress(ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                async with connect(address, additional_headers=headers) as socket:
                    self._socket = socket
                    async with asyncio.TaskGroup() as tasks:
                        pings = tasks.create_task(self._ping(socket))
                        await self._listen(socket)
                        pings.cancel()
            self._socket = None
            await asyncio.sleep(0.1)

    async def _ping(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(PING_SECONDS)
                await socket.send('{"type":"ping"}')

    async def _listen(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in socket:
                self._hear(json.loads(text))

    def _hear(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "snapshot":
                for table, name in (("call", "calls"), ("agent", "agents"), ("queue", "queues")):
                    self.rows[table] = {row[table]: row for row in message[name]}
                for row in self.rows["call"].values():
                    self.on_call(row)
            case "call" | "agent" | "queue" as table:
                if message["row"] is None:
                    self.rows[table].pop(message["key"], None)
                else:
                    self.rows[table][message["key"]] = message["row"]
                    if table == "call":
                        self.on_call(message["row"])
            case "reply":
                self.replies[message["id"]] = message["refusal"]

    # -- doing ----------------------------------------------------------------------------------
    def send(self, kind: str, **values: object) -> str:
        """Sends a command if connected; its id."""
        number = f"r{next(self._numbers)}"
        if self._socket is not None:
            text = json.dumps({"type": kind, "id": number, **values})
            sending = asyncio.ensure_future(self._send(self._socket, text))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)
        return number

    async def _send(self, socket: ClientConnection, text: str) -> None:
        with contextlib.suppress(ConnectionClosed):
            await socket.send(text)

    async def do(self, kind: str, **values: object) -> str | None:
        """Sends a command and waits for its answer: None, or why it was refused."""
        await until(lambda: self._socket is not None)
        number = self.send(kind, **values)
        await until(lambda: number in self.replies)
        return self.replies[number]

    @property
    def state(self) -> str:
        return str(self.rows["agent"].get(self.agent, {}).get("state", "unknown"))

    async def begin_shift(self, device: str = "desk") -> None:
        await self.do("log_in", device=device)
        await until(lambda: self.rows["agent"].get(self.agent, {}).get("device_ready"))
        await self.do("go_available")

    def close_calls_at_once(self, disposition: str = "resolved") -> None:
        """Finishes each wrap-up the moment it begins."""

        def on_call(row: dict[str, Any]) -> None:
            if row["stage"] == "wrap-up" and row["agent"] == self.agent:
                self.send("finish_wrap_up", call=row["call"], disposition=disposition)

        self.on_call = on_call


@asynccontextmanager
async def robot(url: str, login: str, password: str) -> AsyncIterator[Robot]:
    """A signed-in agent with an open console."""
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}) as client:
        answer = await client.post("/api/login", json={"login": login, "password": password})
        assert answer.status_code == 200, answer.text
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    made = Robot(url, cookie, login)
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
