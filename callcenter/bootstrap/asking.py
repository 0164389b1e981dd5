"""Where a flow's look-ups go: to our own data, over HTTP, or out as a text message. Secrets are
opened here, last of all.

Stands before the store as the loop's store port; everything but `AskData` goes straight through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from callcenter.core.effects import AskData, StoreEffect
from callcenter.core.inputs import DataLookedUp
from callcenter.media.texts.service import NotSent, Texts
from callcenter.outside.requests import Answered, Requests
from callcenter.runtime.ports import Emit, StorePort
from callcenter.runtime.vault import SecretGone, Vault

REQUESTS_MAX = 1000


class Asking:
    """Implements `runtime.ports.StorePort`."""

    def __init__(
        self, store: StorePort, requests: Requests, texts: Texts, vault: Vault, emit: Emit
    ) -> None:
        self._store, self._texts, self._vault, self._emit = store, texts, vault, emit
        self._slow: Mapping[str, Callable[[AskData], Awaitable[Answered]]] = {
            "http": lambda effect: requests.ask(effect.arguments),
            "text": self._send_text,
        }
        self._tasks: asyncio.TaskGroup | None = None
        self._under_way = 0

    def perform(self, effect: StoreEffect) -> None:
        if not isinstance(effect, AskData):
            self._store.perform(effect)
            return
        try:
            opened = self._vault.open(effect.call, effect.arguments)
        except SecretGone:
            self._fail(effect, "what was keyed in is not known any more")
            return
        assert isinstance(opened, dict)
        asked = replace(effect, arguments=opened)
        if asked.source not in self._slow:
            self._store.perform(asked)
        elif self._tasks is None or self._under_way >= REQUESTS_MAX:
            self._fail(asked, "too many requests at once")
        else:
            self._under_way += 1
            self._tasks.create_task(self._request(asked))

    def _fail(self, effect: AskData, error: str) -> None:
        """From the event loop's next round: `perform` is called within the core's step."""
        failed = DataLookedUp(effect.call, effect.token, {}, error)
        asyncio.get_running_loop().call_soon(self._emit, failed)

    async def _request(self, effect: AskData) -> None:
        try:
            answer = await self._slow[effect.source](effect)
        finally:
            self._under_way -= 1
        self._emit(DataLookedUp(effect.call, effect.token, answer.values, answer.error))

    async def _send_text(self, effect: AskData) -> Answered:
        told = {name: str(effect.arguments.get(name, "")) for name in ("to", "text", "language")}
        try:
            text = await self._texts.send(told["to"], told["text"], told["language"], effect.call)
        except NotSent as error:
            return Answered(error=str(error))
        except (SQLAlchemyError, OSError):
            return Answered(error="the database is away: the message could not be kept")
        if text.state in ("sent", "waiting"):
            return Answered({"sent": text.state == "sent", "later": text.state == "waiting"})
        return Answered(error=text.trouble)

    async def run(self) -> None:
        """The store's work and the requests under way, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                tasks.create_task(self._store.run())
        finally:
            self._tasks = None
