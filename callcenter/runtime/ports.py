"""What the loop needs of the world, as protocols. Fakes of these are all that tests may fake.

Every `perform` returns at once (it puts the effect into a bounded outbox of its own) and never
raises for the world's mistakes; what comes of it arrives as an input through `Inbox.put`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from callcenter.core.effects import AsteriskEffect, ScreenEffect, StoreEffect
from callcenter.core.inputs import Input

Emit = Callable[[Input], None]


class Clock(Protocol):
    def now(self) -> float:
        """UNIX seconds that never run backwards within one process."""
        ...


class SwitchPort(Protocol):
    """Asterisk. Built with an `Emit`; `run()` keeps the links up until cancelled."""

    def perform(self, effect: AsteriskEffect) -> None: ...
    async def run(self) -> None: ...


class StorePort(Protocol):
    """The database and the outbox in front of it."""

    def perform(self, effect: StoreEffect) -> None: ...
    async def run(self) -> None: ...


class ScreensPort(Protocol):
    """The console hub."""

    def perform(self, effect: ScreenEffect) -> None: ...
