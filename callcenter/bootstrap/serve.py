"""The life of the service process: recover, look after calls, serve, and stop in order.

Start order matters: the address and the outbox lock first (two services on one data folder must not
happen), then the centre as it was, then the epoch, then the tasks of the calls. The web side is a
second of code more; it is loaded in a thread when the calls are looked after, and soon also without
them: while Asterisk or the database is away the web server answers, with a red /readyz. On SIGTERM
the consoles are told, the journal is closed, and calls stay in Asterisk. If the core fails, the
process ends with `CORE_FAILED` and whoever supervises it starts it again.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from socket import socket
from types import ModuleType

import uvloop

from callcenter.bootstrap.calls import Calls, build_calls
from callcenter.runtime import collecting
from callcenter.runtime.loop import CoreFailed
from callcenter.settings import Settings
from callcenter.web.listening import listening

log = logging.getLogger(__name__)

CORE_FAILED = 70  # sysexits.h: EX_SOFTWARE
ADOPTED_SECONDS_MAX = 3.0
"""So long the web side waits for the calls to be looked after; then it comes without."""


def serve(settings: Settings, before_calls: Callable[[], None]) -> int:
    """Run until told to stop. Returns the exit status. `before_calls` is called, in a thread,
    before the calls in Asterisk are looked at. Raises, within a group, SettingsMistakes,
    ListenFailed, OutboxInUse, SecretUnusable."""
    status = 0
    try:
        uvloop.run(_serve(settings, before_calls))
    except* CoreFailed as group:
        log.critical("the core failed; the next start recovers: %s", group.exceptions[0])
        status = CORE_FAILED
    return status


async def _serve(settings: Settings, before_calls: Callable[[], None]) -> None:
    door = listening(settings.listen_address, settings.listen_port)
    calls = await build_calls(settings)
    stopping = asyncio.Event()
    running = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(sign, stopping.set)
    try:
        async with asyncio.TaskGroup() as tasks:
            calling = tasks.create_task(calls.run(before_calls))
            adopting = tasks.create_task(calls.adopted(ADOPTED_SECONDS_MAX))
            await _either(stopping, adopting)
            if not stopping.is_set():
                await _with_web_side(calls, door, stopping)
            adopting.cancel()
            calling.cancel()
    finally:
        door.close()
        await calls.store.close()


async def _with_web_side(calls: Calls, door: socket, stopping: asyncio.Event) -> None:
    """Until `stopping`, or until the web server gave up."""
    code = await asyncio.to_thread(_load)
    side = code.build_web_side(calls)
    collecting.begin()
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(side.run(door))
        await _either(stopping, serving)
        log.info("stopping: calls stay in Asterisk")
        side.server.should_exit = True


def _load() -> ModuleType:
    from callcenter.bootstrap import web_side

    return web_side


async def _either(stopping: asyncio.Event, task: asyncio.Task[None]) -> None:
    """Until a signal, or until the task is over."""
    signalled = asyncio.ensure_future(stopping.wait())
    await asyncio.wait({signalled, task}, return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
