"""Where a flow's look-ups go: to our own data, or over HTTP. Secrets are opened here, last of all.

Stands before the store as the loop's store port; everything but `AskData` goes straight through.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from callcenter.core.effects import AskData, StoreEffect
from callcenter.core.inputs import DataLookedUp
from callcenter.outside.requests import Requests
from callcenter.runtime.ports import Emit, StorePort
from callcenter.runtime.vault import SecretGone, Vault

REQUESTS_MAX = 1000


class Asking:
    """Implements `runtime.ports.StorePort`."""

    def __init__(self, store: StorePort, requests: Requests, vault: Vault, emit: Emit) -> None:
        self._store, self._requests, self._vault, self._emit = store, requests, vault, emit
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
        if asked.source != "http":
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
            answer = await self._requests.ask(effect.arguments)
        finally:
            self._under_way -= 1
        self._emit(DataLookedUp(effect.call, effect.token, answer.values, answer.error))

    async def run(self) -> None:
        """The store's work and the requests under way, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                tasks.create_task(self._store.run())
        finally:
            self._tasks = None
