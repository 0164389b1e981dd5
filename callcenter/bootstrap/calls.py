"""The part of the service that looks after calls: recovered, built, and run.

A service that starts needs it within the second (docs/decisions/0025), so nothing is imported here
that calls can do without: no routes, no reports, no customers' records. Those are `web_side`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from agent_console.hub import Hub, loop_timers
from callcenter.asterisk.prompts import PromptLibrary
from callcenter.asterisk.switch import Switch
from callcenter.bootstrap import parts
from callcenter.bootstrap.asking import Asking
from callcenter.bootstrap.call_log import CallLog
from callcenter.bootstrap.callers import reading_numbers
from callcenter.bootstrap.commands import Commands
from callcenter.bootstrap.configuration import Configuration
from callcenter.bootstrap.epoch import next_epoch
from callcenter.bootstrap.health import Health, show_links, watch_disk
from callcenter.bootstrap.metrics import Tally
from callcenter.bootstrap.remembered import Remembered
from callcenter.core.effects import Alarm
from callcenter.core.inputs import EpochTaken
from callcenter.core.teams import reach_of
from callcenter.media.prompts.service import Prompts
from callcenter.media.texts.service import Texts
from callcenter.runtime.clock import SystemClock
from callcenter.runtime.journal import Journal
from callcenter.runtime.loop import Loop, watch_lag
from callcenter.runtime.recovery import Recovered, recover
from callcenter.runtime.vault import Vault
from callcenter.settings import Settings
from callcenter.store.store import Store

log = logging.getLogger(__name__)

ADOPTED_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Calls:
    """The parts that calls need, wired."""

    settings: Settings
    clock: SystemClock
    loop: Loop
    store: Store
    asking: Asking
    switch: Switch
    hub: Hub
    commands: Commands
    library: PromptLibrary
    prompts: Prompts
    texts: Texts
    tally: Tally
    configuration: Configuration
    health: Health
    remembered: Remembered

    async def run(self, before_calls: Callable[[], None]) -> None:
        """Until cancelled. `before_calls`: see `serve`. Raises CoreFailed when the core does."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.loop.run())
            tasks.create_task(self.asking.run())
            tasks.create_task(self.remembered.take())
            tasks.create_task(self._run_switch(before_calls))
            tasks.create_task(self.configuration.run())
            tasks.create_task(self.prompts.watch())
            tasks.create_task(show_links(self.health, self.hub))
            tasks.create_task(watch_disk(self.health, self.loop))
            tasks.create_task(watch_lag(self.loop))

    async def _run_switch(self, before_calls: Callable[[], None]) -> None:
        """Not before there is a configuration: callers found in Asterisk would have no flow and no
        queue. Should the database stay away, Asterisk's own fallback serves them meanwhile."""
        if not self.loop.centre.state.config.flows:
            await self.configuration.first.wait()
        await self.remembered.before_the_first_look()
        await asyncio.to_thread(before_calls)
        await self.switch.run()

    async def adopted(self, seconds_max: float) -> None:
        """Returns when the calls in Asterisk are looked after, or that takes too long."""
        try:
            async with asyncio.timeout(seconds_max):
                while not self.switch.up:  # noqa: ASYNC110 - it may be up and down meanwhile
                    await asyncio.sleep(ADOPTED_LOOK_SECONDS)
        except TimeoutError:
            log.info("Asterisk or the database is not there yet; going on without")


async def build_calls(settings: Settings) -> Calls:
    """Raises SettingsMistakes, OutboxInUse, and OSError for a folder that cannot be written."""
    data = settings.data_directory
    data.mkdir(parents=True, exist_ok=True, mode=0o711)
    settings.recordings.mkdir(parents=True, exist_ok=True, mode=0o750)
    journal = Journal(data / "journal")
    found = recover(journal)
    clock = SystemClock(found.stopped_at)
    loop = Loop(found.centre, clock, journal)
    store = parts.make_store(settings, loop)
    epoch = await next_epoch(store.engine, data / "epoch")
    library = parts.make_prompts(settings)
    vault = Vault()
    emit = reading_numbers(loop.put, settings.country)
    switch = Switch(
        parts.switch_settings(settings), emit, epoch, library, settings.recordings, vault
    )
    hub = Hub(
        submit=loop.put,
        cards=parts.card_reader(settings, store),
        clock=clock,
        timers=loop_timers(),
        epoch=epoch,
        check_number=parts.dial_rules(settings).check,
        filed=parts.form_checker(store, loop, clock),
        reach=lambda role, user: reach_of(configuration.current, role, user),
    )
    requests = parts.make_requests(settings)
    texts = parts.make_texts(settings, store, requests)
    asking = Asking(store, requests, texts, vault, loop.put)
    commands = Commands(loop.put, hub)
    tally = Tally(CallLog(asking))
    loop.attach(switch, tally, commands)
    _begin(loop, found, epoch)
    configuration = Configuration(
        store.engine,
        loop.put,
        library,
        loop.centre.state.config,
        parts.dial_limits(settings),
        hub.borders_changed,
    )
    return Calls(
        settings,
        clock,
        loop,
        store,
        asking,
        switch,
        hub,
        commands,
        library,
        parts.prompt_store(settings, store, library, loop),
        texts,
        tally,
        configuration,
        Health(loop, switch, store, configuration, data, settings.recordings),
        Remembered(store, configuration, loop, found.cold),
    )


def _begin(loop: Loop, found: Recovered, epoch: int) -> None:
    """Take up the recovered centre: history once more, the board on the screens, the new epoch."""
    loop.act(found.history)
    loop.journal.open_segment(loop.centre)
    loop.act(found.centre.screens.all_rows())
    loop.step(EpochTaken(epoch))
    for quarantined in found.quarantine:
        loop.step(quarantined)
        loop.act([Alarm("quarantine", quarantined.reason)])
    kind = "from nothing" if found.cold else f"from the journal ({found.inputs} inputs)"
    log.info("epoch %d, %d calls, started %s", epoch, len(loop.centre.state.calls), kind)
