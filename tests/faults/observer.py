"""Somebody at Asterisk's manager interface whom the service does not know of, writing down what is.

He reads the same events over a connection of his own, so a lost link of the service hides nothing
from him. When he is cut off himself (Asterisk died), he says for how long.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.faults.history import History

RETRY_SECONDS = 0.1
Frame = dict[str, str]


def frames(text: bytes) -> tuple[list[Frame], bytes]:
    """Whole frames, and what is left of the next one."""
    *whole, rest = text.split(b"\r\n\r\n")
    return [_frame(each) for each in whole], rest


def _frame(raw: bytes) -> Frame:
    lines = raw.decode("utf-8", "replace").split("\r\n")
    return {name: value for name, colon, value in (line.partition(": ") for line in lines) if colon}


class Observer:
    def __init__(self, history: History, port: int, user: str, secret: str) -> None:
        self._history, self._port = history, port
        self._login = f"Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\n\r\n".encode()
        self._lost_at = 0.0
        self.looking = False

    async def run(self) -> None:
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._look()
            if self.looking:
                self.looking, self._lost_at = False, time.time()
            await asyncio.sleep(RETRY_SECONDS)

    async def _look(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(self._login)
            rest = b""
            while data := await reader.read(65536):
                found, rest = frames(rest + data)
                for frame in found:
                    self._see(frame)
        finally:
            writer.close()

    def _see(self, frame: Frame) -> None:
        if frame.get("Response") == "Success":
            self.looking = True
            if self._lost_at:
                self._history.add("blind", self._lost_at, until=time.time())
        at = float(frame.get("Timestamp", 0)) or None
        channel, call = frame.get("Channel", ""), frame.get("Linkedid", "")

        def seen(event: str, **data: str) -> None:
            self._history.add("seen", at, event=event, **({"channel": channel} | data))

        match frame.get("Event"):
            case "AsyncAGIStart":
                seen("line", call=call, id=frame.get("Uniqueid", ""))
            case "DialBegin":
                dialled = frame.get("DestChannel", "")
                device = dialled.removeprefix("PJSIP/").rpartition("-")[0]
                seen("rings", call=frame.get("DestLinkedid", ""), channel=dialled, device=device)
            case "DialEnd":
                seen("rang", channel=frame.get("DestChannel", ""), how=frame.get("DialStatus", ""))
            case "BridgeEnter":
                seen("talks", call=call)
            case "Hangup":
                cause = frame.get("Cause", "")
                seen("gone", call=call, id=frame.get("Uniqueid", ""), cause=cause)
            case "FullyBooted":
                seen("boot", uptime=frame.get("Uptime", ""))
            case "UserEvent" if frame.get("UserEvent") == "AcdDiverted":
                seen("diverted", call=frame.get("Call", ""), place=frame.get("Place", ""))


@asynccontextmanager
async def observing(history: History, port: int, user: str, secret: str) -> AsyncIterator[Observer]:
    made = Observer(history, port, user, secret)
    task = asyncio.create_task(made.run())
    try:
        async with asyncio.timeout(20):
            while not made.looking:  # noqa: ASYNC110 - it does not tell
                await asyncio.sleep(0.02)
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
