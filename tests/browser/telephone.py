"""A telephone system that exists only at the port: all the core asks of it is answered at once.

Callers arrive by `arrive`, press what they are told to press, and ring at agents until the test
lets somebody answer. The SIP websocket answers REGISTER, so that a browser phone is registered;
no sound flows here: that is for the tests with a real Asterisk.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from callcenter.core.effects import (
    AsteriskEffect,
    Connect,
    Divert,
    HangUp,
    Hold,
    PlayPrompt,
    Withdraw,
)
from callcenter.core.inputs import (
    AgentAnswered,
    AgentRinging,
    CallArrived,
    CallDiverted,
    CallEnded,
    CallReturned,
    DeviceChanged,
    HoldChanged,
    LinkChanged,
    PromptEnded,
    Snapshot,
)
from callcenter.runtime.ports import Emit

NODE = "stage"


class Telephone:
    """Implements `SwitchPort`. `digits[call]`: what the caller presses, menu after menu."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.up = True
        self.trouble = ""
        self.digits: dict[str, list[str]] = {}
        self.ringing: dict[str, Connect] = {}
        self.ended_by_us: list[str] = []

    async def run(self) -> None:
        self._emit(LinkChanged(NODE, up=True))
        self._emit(Snapshot(NODE, (), {}))
        await asyncio.Event().wait()

    def perform(self, effect: AsteriskEffect) -> None:
        match effect:
            case PlayPrompt():
                self._prompt(effect)
            case Connect():
                self.ringing[effect.call] = effect
                self._emit(AgentRinging(effect.call, effect.attempt, effect.agent))
            case Withdraw():
                self.ringing.pop(effect.call, None)
                self._emit(CallReturned(effect.call, effect.attempt, "cancelled"))
            case Hold():
                self._emit(HoldChanged(effect.call, effect.hold))
            case HangUp():
                self.ended_by_us.append(effect.call)
                self._emit(CallEnded(effect.call, by="agent"))
            case Divert():
                self._emit(CallDiverted(effect.call, effect.place))
            case _:
                pass  # music and notes on a channel: nobody listens here

    def _prompt(self, effect: PlayPrompt) -> None:
        pressed = ""
        if effect.collect is not None and self.digits.get(effect.call):
            pressed = self.digits[effect.call].pop(0)
        self._emit(PromptEnded(effect.call, effect.token, pressed))

    # -- what callers and agents' phones do ------------------------------------------------------
    def arrive(self, call: str, number: str, *, name: str = "", digits: str = "") -> None:
        self.digits[call] = list(digits)
        self._emit(CallArrived(call, f"PJSIP/trunk-{call}", number, name, "4000"))

    def device(self, device: str, *, ready: bool = True) -> None:
        self._emit(DeviceChanged(device, "ready" if ready else "unreachable"))

    def answer(self, call: str) -> None:
        asked = self.ringing.pop(call)
        self._emit(AgentAnswered(call, asked.attempt, asked.agent, f"PJSIP/{asked.device}-1"))

    def no_answer(self, call: str) -> None:
        asked = self.ringing.pop(call)
        self._emit(CallReturned(call, asked.attempt, "no-answer"))

    def caller_hangs_up(self, call: str) -> None:
        self.ringing.pop(call, None)
        self._emit(CallEnded(call, by="caller"))


_VIA = re.compile(r"^(?:Via|From|To|Call-ID|CSeq):.*$", re.MULTILINE | re.IGNORECASE)
_CONTACT = re.compile(r"^Contact:.*$", re.MULTILINE | re.IGNORECASE)


def _answer(request: str) -> str | None:
    """200 OK to a REGISTER or OPTIONS (RFC 3261, 8.2.6); everything else is not answered."""
    method = request.partition(" ")[0]
    if method not in {"REGISTER", "OPTIONS"}:
        return None
    kept = [line.rstrip("\r") for line in _VIA.findall(request)]
    kept = [
        f"{line};tag=stage" if line.lower().startswith("to:") and ";tag=" not in line else line
        for line in kept
    ]
    contact = [line.rstrip("\r") for line in _CONTACT.findall(request)][:1]
    return "\r\n".join(["SIP/2.0 200 OK", *kept, *contact, "Content-Length: 0", "", ""])


async def _talk(socket: ServerConnection) -> None:
    try:
        async for message in socket:
            text = message if isinstance(message, str) else message.decode()
            answer = _answer(text)
            if answer is not None:
                await socket.send(answer)
    except ConnectionClosed:
        return


@asynccontextmanager
async def sip_registrar() -> AsyncIterator[str]:
    """The address of a SIP websocket that registers everybody."""
    async with serve(_talk, "127.0.0.1", 0, subprotocols=[Subprotocol("sip")]) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}/ws"
