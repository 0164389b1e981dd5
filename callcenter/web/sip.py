"""/sip: the browser's SIP websocket, passed through to Asterisk's (RFC 7118).

The browser needs one port and one certificate; Asterisk's own websocket stays on loopback. Only
signed-in agents, and supervisors and administrators, who listen to calls and try flows, may pass,
from our own pages; what they say is checked by Asterisk. A message is passed on when it comes,
whole and unread. This file must not know SIP.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol

from agent_console.browser import Visitor
from agent_console.socket import SESSION_CHECK_SECONDS, Gate, Refused, refuse_handshake
from agent_console.wire import CloseCode

SUBPROTOCOL = "sip"
# An INVITE with SDP and many ICE candidates has some 10 kB.
MESSAGE_MAX_BYTES = 64 * 1024
OPEN_SECONDS = 5.0
CLOSE_SECONDS = 2.0
SOCKETS_PER_USER = 5
AWAY = Refused(503, "phone_system_away", "Asterisk cannot be reached; the phone tries again")

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Passage:
    visitor: Visitor
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class SipProxy:
    """Passes SIP websockets on to `upstream` (ws:// or wss:// address; None: there is none)."""

    def __init__(self, upstream: str | None, gate: Gate) -> None:
        self._upstream = upstream
        self._gate = gate
        self._passages: set[_Passage] = set()

    def end_where(self, matches: Callable[[Visitor], bool]) -> None:
        """Close the phones of these visitors (log-out, changed rights)."""
        for passage in self._passages:
            if matches(passage.visitor):
                passage.ended.set()

    async def serve(self, browser: WebSocket) -> None:
        """One phone, from the handshake until either side closes."""
        visitor = await self._gate.admit(browser)
        if isinstance(visitor, Refused):
            await refuse_handshake(browser, visitor)
            return
        refused = self._refusal(browser, visitor)
        if refused is not None or self._upstream is None:
            await refuse_handshake(browser, refused or AWAY)
            return
        passage = _Passage(visitor)
        self._passages.add(passage)
        try:
            await self._connect_and_pass(self._upstream, browser, passage)
        finally:
            self._passages.discard(passage)

    def _refusal(self, browser: WebSocket, visitor: Visitor) -> Refused | None:
        if SUBPROTOCOL not in browser.scope["subprotocols"]:
            return Refused(400, "subprotocol", "the sub-protocol has to be sip")
        if visitor.agent is None and visitor.role == "agent":
            return Refused(403, "not_allowed", "who is no agent has no phone")
        open_now = sum(1 for one in self._passages if one.visitor.user == visitor.user)
        if open_now >= SOCKETS_PER_USER:
            return Refused(429, "too_many_phones", "too many phones of this user are open")
        return None

    async def _connect_and_pass(self, upstream: str, browser: WebSocket, passage: _Passage) -> None:
        try:
            asterisk = await connect(
                upstream,
                subprotocols=[Subprotocol(SUBPROTOCOL)],
                compression=None,
                max_size=MESSAGE_MAX_BYTES,
                open_timeout=OPEN_SECONDS,
                close_timeout=CLOSE_SECONDS,
                ping_interval=None,
                proxy=None,
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            log.warning("the SIP websocket of Asterisk cannot be reached: %s", error)
            await refuse_handshake(browser, AWAY)
            return
        try:
            raw = asterisk.transport.get_extra_info("socket")
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await browser.accept(subprotocol=SUBPROTOCOL)
            log.info("phone of agent %s opened", passage.visitor.agent)
            code, reason = await self._pass(browser, asterisk, passage)
        finally:
            await asterisk.close()
        if browser.client_state is WebSocketState.CONNECTED:
            await _close_quietly(browser, code, reason)
        log.info("phone of agent %s closed: %s", passage.visitor.agent, reason)

    async def _pass(
        self, browser: WebSocket, asterisk: ClientConnection, passage: _Passage
    ) -> tuple[int, str]:
        """Both directions and the session, until the first of them ends; why it did."""
        ways = [
            asyncio.ensure_future(way)
            for way in (
                _upwards(browser, asterisk),
                _downwards(browser, asterisk),
                self._until_session_ends(passage),
            )
        ]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        return next(way.result() for way in ways if way in done)

    async def _until_session_ends(self, passage: _Passage) -> tuple[int, str]:
        while True:
            try:
                await asyncio.wait_for(passage.ended.wait(), SESSION_CHECK_SECONDS)
            except TimeoutError:
                if await self._gate.still_in(passage.visitor.session):
                    continue
            return CloseCode.SESSION_ENDED, "the session ended"


async def _upwards(browser: WebSocket, asterisk: ClientConnection) -> tuple[int, str]:
    while True:
        message = await browser.receive()
        if message["type"] == "websocket.disconnect":
            return 1000, "the browser closed"
        text = message.get("text")
        # SIP over websocket may be text or binary (RFC 7118 4.2); lengths are bytes.
        content: str | bytes = text if text is not None else message["bytes"]
        if len(content) > MESSAGE_MAX_BYTES:
            return CloseCode.TOO_BIG, "the message is too big"
        try:
            await asterisk.send(content)
        except ConnectionClosed:
            return CloseCode.GOING_DOWN, "Asterisk closed"


async def _downwards(browser: WebSocket, asterisk: ClientConnection) -> tuple[int, str]:
    try:
        async for content in asterisk:
            if isinstance(content, str):
                await browser.send_text(content)
            else:
                await browser.send_bytes(content)
    except WebSocketDisconnect:
        return 1000, "the browser closed"
    except ConnectionClosed as closed:
        return CloseCode.GOING_DOWN, f"Asterisk closed: {closed}"
    return CloseCode.GOING_DOWN, "Asterisk closed"


async def _close_quietly(browser: WebSocket, code: int, reason: str) -> None:
    try:
        await browser.close(code, reason)
    except (RuntimeError, WebSocketDisconnect):
        return  # it closed by itself in this very moment
