"""The console's websocket endpoint: who may come in, what may come in, and how it ends.

Every message is limited in size and rate and read by schema; a broken one is answered, and after a
few the socket is closed with a code. The session is looked at again once a minute and at log-out.
This file must not know where sessions are stored: that is the `Gate`.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from agent_console import wire
from agent_console.browser import Browser, Visitor
from agent_console.commands import Broken, read
from agent_console.frames import EXTENSION, FrameWriter
from agent_console.hub import Hub
from agent_console.wire import CloseCode
from callcenter.runtime.ports import Clock

SESSION_CHECK_SECONDS = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refused:
    """The handshake is answered with this HTTP status instead."""

    status: int
    code: str
    message: str


class Gate(Protocol):
    """Sessions and origins as the sockets need them."""

    async def admit(self, connection: HTTPConnection) -> Visitor | Refused:
        """Who this is, when the Origin is ours and the session is valid."""
        ...

    async def still_in(self, session: str) -> bool:
        """Whether the session (by public id) is still valid; counts as use of it. True also when
        the sessions cannot be read just now."""
        ...


async def refuse_handshake(socket: WebSocket, refused: Refused) -> None:
    """Answer a handshake with an HTTP status and a typed error."""
    body = {"code": refused.code, "message": refused.message}
    with contextlib.suppress(WebSocketDisconnect):
        await socket.send_denial_response(JSONResponse(body, refused.status))


def frame_writer(socket: WebSocket) -> FrameWriter:
    """The writer that our uvicorn protocol lends; its absence is a mistake in the start-up."""
    lent = socket.scope.get("extensions", {}).get(EXTENSION)
    if lent is None:
        raise RuntimeError("the server does not run with agent_console.frame_protocol")
    writer: FrameWriter = lent["writer"]
    return writer


async def serve_console(socket: WebSocket, *, hub: Hub, gate: Gate, clock: Clock) -> None:
    """One console, from the handshake to the end of the connection."""
    visitor = await gate.admit(socket)
    if isinstance(visitor, Refused):
        await refuse_handshake(socket, visitor)
        return
    writer = frame_writer(socket)
    await socket.accept()
    browser = Browser(visitor, writer, clock.now())
    code = hub.enter(browser, _stopped_at(socket))
    if code is not None:
        browser.close(code, "too many consoles of this user are open")
        return
    log.info("console %d opened by user %s", browser.number, visitor.user)
    try:
        await _listen(socket, browser, hub, gate, clock)
    finally:
        hub.leave(browser)
        log.info("console %d closed", browser.number)


async def serve_wall(socket: WebSocket, visitor: Visitor, *, hub: Hub, clock: Clock) -> None:
    """A screen on the wall: it is shown figures, and nothing that it says is a command."""
    writer = frame_writer(socket)
    await socket.accept()
    browser = Browser(visitor, writer, clock.now())
    code = hub.enter(browser, None)
    if code is not None:
        browser.close(code, "too many screens use this address")
        return
    try:
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            now, text = clock.now(), message.get("text")
            browser.heard(now)
            closing = _unfit(text, browser, now)
            if closing is not None:
                browser.close(*closing)
                return
            match read(text or ""):
                case wire.Ping():
                    hub.pong(browser)
                case wire.Resume() as asked:
                    hub.resume(browser, asked)
                case _:
                    browser.close(CloseCode.BROKEN_MESSAGES, "this screen only shows")
                    return
    finally:
        hub.leave(browser)


async def _listen(socket: WebSocket, browser: Browser, hub: Hub, gate: Gate, clock: Clock) -> None:
    checked_at = clock.now()
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        now = clock.now()
        browser.heard(now)
        if now - checked_at >= SESSION_CHECK_SECONDS:
            checked_at = now
            if not await gate.still_in(browser.visitor.session):
                browser.close(CloseCode.SESSION_ENDED, "the session ended")
                return
        text = message.get("text")
        closing = _unfit(text, browser, now)
        if closing is not None:
            browser.close(*closing)
            return
        assert isinstance(text, str)
        if not await _handle(text, browser, hub):
            browser.close(CloseCode.BROKEN_MESSAGES, "too many messages could not be read")
            return


def _unfit(text: str | None, browser: Browser, now: float) -> tuple[CloseCode, str] | None:
    """Why this message ends the connection, if it does."""
    if text is None:
        return CloseCode.BINARY, "only text messages are understood"
    if len(text) > wire.MESSAGE_MAX_BYTES or len(text.encode()) > wire.MESSAGE_MAX_BYTES:
        return CloseCode.TOO_BIG, f"a message may have {wire.MESSAGE_MAX_BYTES} bytes"
    if not browser.allowance.take(now):
        return CloseCode.TOO_FAST, f"at most {wire.COMMANDS_PER_SECOND} messages a second"
    return None


async def _handle(text: str, browser: Browser, hub: Hub) -> bool:
    """Do what a message says; False when the browser sent too much that cannot be read."""
    match read(text):
        case Broken(text=told, id=id):
            browser.broken += 1
            if id is not None:
                hub.refuse(browser, id, told)
            else:
                hub.problem(browser, told)
            return browser.broken < wire.BROKEN_MESSAGES_MAX
        case wire.Ping():
            hub.pong(browser)
        case wire.Resume() as message:
            hub.resume(browser, message)
        case command:
            await hub.command(browser, command)
    return True


def _stopped_at(socket: WebSocket) -> tuple[int, int] | None:
    """Where the browser stopped, from ?epoch=&seq=; anything odd means: from the start."""
    epoch, seq = (socket.query_params.get(name, "") for name in ("epoch", "seq"))
    usable = all(text.isascii() and text.isdecimal() and len(text) <= 16 for text in (epoch, seq))
    return (int(epoch), int(seq)) if usable else None
