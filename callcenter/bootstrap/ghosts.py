"""Ghosts, found and cleared: Asterisk asked, the books read, the running centre compared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from callcenter.core.commands import ClearAgent, ClearCall, SupervisorAction
from callcenter.core.ghosts import ChannelSeen, Ghost, PresenceKept, find
from callcenter.runtime.loop import Loop

Channels = Callable[[], Awaitable[Sequence[ChannelSeen]]]
Books = Callable[[], Awaitable[Mapping[str, PresenceKept]]]
Command = Callable[[str, SupervisorAction], Awaitable[str | None]]


class Ghosts:
    """Implements `callcenter.web.services.Ghosts`."""

    def __init__(
        self,
        loop: Loop,
        channels: Channels,
        books: Books,
        hang_up: Callable[[str], Awaitable[None]],
        command: Command,
    ) -> None:
        self._loop, self._channels, self._books = loop, channels, books
        self._hang_up, self._command = hang_up, command

    async def find(self) -> Sequence[Ghost]:
        """Raises what Asterisk's link and the database raise."""
        books, channels = await self._books(), await self._channels()
        return find(self._loop.centre.state, channels, books, self._loop.clock.now())

    async def clear(self, ghost: Ghost, by: str) -> str | None:
        """The refusal's code, or None."""
        match ghost.kind:
            case "channel":
                await self._hang_up(ghost.subject)
                return None
            case "call":
                return await self._command(by, ClearCall(ghost.subject))
            case "agent" | "presence":
                return await self._command(by, ClearAgent(ghost.subject))
