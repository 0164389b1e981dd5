"""Commands that come over HTTP: put into the loop like those of a console; the answer is awaited.

Stands before the screens: answers to its own commands it keeps, all else goes through.
"""

from __future__ import annotations

import asyncio
import uuid

from callcenter.core import refusals
from callcenter.core.commands import SupervisorAction
from callcenter.core.effects import Reply, ScreenEffect
from callcenter.core.inputs import SupervisorDid
from callcenter.runtime.ports import Emit, ScreensPort

ANSWER_SECONDS_MAX = 5.0


class NoAnswer(Exception):
    """The centre did not answer in time; whether it was carried out must be looked at."""


class Commands:
    """Implements `callcenter.runtime.ports.ScreensPort` around `screens`."""

    def __init__(self, emit: Emit, screens: ScreensPort) -> None:
        self._emit, self._screens = emit, screens
        self._waiting: dict[str, asyncio.Future[str | None]] = {}

    def perform(self, effect: ScreenEffect) -> None:
        if isinstance(effect, Reply):
            answer = self._waiting.get(effect.command)
            if answer is not None:
                if not answer.done():
                    answer.set_result(effect.refusal)
                return
        self._screens.perform(effect)

    async def supervise(self, by: str, action: SupervisorAction) -> str | None:
        """None: carried out; else the refusal's code. Raises NoAnswer."""
        command = f"http-{uuid.uuid4().hex}"
        answer = self._waiting[command] = asyncio.get_running_loop().create_future()
        try:
            self._emit(SupervisorDid(by, command, action))
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                refusal: str | None = await answer
                return refusal
        except TimeoutError:
            raise NoAnswer(refusals.TEXTS[refusals.LINK_DOWN]) from None
        finally:
            del self._waiting[command]
