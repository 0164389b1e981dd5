"""The life of the service process: recover, connect, serve, and stop in order.

Start order matters: the outbox lock first (two services on one data folder must not happen), then
the centre as it was, then the epoch, then the tasks. The web server answers from the first second,
with a red /readyz, while Asterisk or the database is still away. On SIGTERM the consoles are told,
the journal is closed, and calls stay in Asterisk. If the core fails, the process ends with
`CORE_FAILED` and whoever supervises it starts it again.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from dataclasses import dataclass, replace

import uvloop

from agent_console.hub import Hub, loop_timers
from callcenter.asterisk.prompts import PromptLibrary
from callcenter.asterisk.switch import Switch
from callcenter.bootstrap import parts
from callcenter.bootstrap.alerting import Alerting
from callcenter.bootstrap.asking import Asking
from callcenter.bootstrap.call_log import CallLog
from callcenter.bootstrap.callers import reading_numbers
from callcenter.bootstrap.commands import Commands
from callcenter.bootstrap.configuration import Configuration
from callcenter.bootstrap.epoch import next_epoch
from callcenter.bootstrap.health import Health, show_links, watch_disk
from callcenter.bootstrap.media import Media, make_media
from callcenter.bootstrap.metrics import Tally, make_metrics
from callcenter.bootstrap.remembered import Remembered
from callcenter.bootstrap.reporting import Reporting, make_reporting
from callcenter.bootstrap.vitals import Vitals
from callcenter.core.effects import Alarm
from callcenter.core.inputs import EpochTaken
from callcenter.core.teams import reach_of
from callcenter.crm.keeping import keep_crm
from callcenter.crm.services import Crm, make_crm
from callcenter.quality.plans import Plans
from callcenter.runtime.clock import SystemClock
from callcenter.runtime.collecting import collect_old
from callcenter.runtime.journal import Journal
from callcenter.runtime.loop import CoreFailed, Loop, watch_lag
from callcenter.runtime.recovery import Recovered, recover
from callcenter.runtime.vault import Vault
from callcenter.settings import Settings
from callcenter.store.store import Store
from callcenter.web.app import create_app
from callcenter.web.server import WebServer, web_server
from callcenter.webhooks.worker import WebhookWorker

log = logging.getLogger(__name__)

CORE_FAILED = 70  # sysexits.h: EX_SOFTWARE


def serve(settings: Settings) -> int:
    """Run until told to stop. Returns the exit status."""
    status = 0
    try:
        uvloop.run(_serve(settings))
    except* CoreFailed as group:
        log.critical("the core failed; the next start recovers: %s", group.exceptions[0])
        status = CORE_FAILED
    return status


@dataclass(slots=True)
class Service:
    """The parts of a running service, wired."""

    loop: Loop
    store: Store
    asking: Asking
    switch: Switch
    hub: Hub
    prompts: PromptLibrary
    media: Media
    configuration: Configuration
    health: Health
    web: WebServer
    crm: Crm
    webhooks: WebhookWorker
    remembered: Remembered
    reporting: Reporting
    alerting: Alerting
    samples: Plans


async def _serve(settings: Settings) -> None:
    service = await _build(settings)
    stopping = asyncio.Event()
    running = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(sign, stopping.set)
    try:
        async with asyncio.TaskGroup() as tasks:
            work = [
                tasks.create_task(service.loop.run()),
                tasks.create_task(service.asking.run()),
                tasks.create_task(service.remembered.take()),
                tasks.create_task(_run_switch(service)),
                tasks.create_task(service.configuration.run()),
                tasks.create_task(service.media.run()),
                tasks.create_task(show_links(service.health, service.hub)),
                tasks.create_task(watch_disk(service.health, service.loop)),
                tasks.create_task(watch_lag(service.loop)),
                tasks.create_task(collect_old(lambda: not service.loop.centre.state.calls)),
                tasks.create_task(keep_crm(service.crm)),
                tasks.create_task(service.webhooks.run()),
                tasks.create_task(service.reporting.run()),
                tasks.create_task(service.alerting.run()),
                tasks.create_task(service.samples.run(service.loop.clock.now)),
            ]
            web = tasks.create_task(service.web.serve())
            await _either(stopping, web)
            log.info("stopping: calls stay in Asterisk")
            service.web.should_exit = True
            await web
            for task in work:
                task.cancel()
    finally:
        await service.reporting.reports.close()
        await service.store.close()


async def _either(stopping: asyncio.Event, web: asyncio.Task[None]) -> None:
    """Until a signal, or until the web server gave up (an address in use)."""
    signalled = asyncio.ensure_future(stopping.wait())
    await asyncio.wait({signalled, web}, return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()


async def _build(settings: Settings) -> Service:
    data = settings.data_directory
    data.mkdir(parents=True, exist_ok=True, mode=0o711)
    settings.recordings.mkdir(parents=True, exist_ok=True, mode=0o750)
    journal = Journal(data / "journal")
    found = recover(journal)
    clock = SystemClock(found.stopped_at)
    loop = Loop(found.centre, clock, journal)
    store = parts.make_store(settings, loop)
    epoch = await next_epoch(store.engine, data / "epoch")
    prompts = parts.make_prompts(settings)
    vault = Vault()
    emit = reading_numbers(loop.put, settings.country)
    switch = Switch(
        parts.switch_settings(settings), emit, epoch, prompts, settings.recordings, vault
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
    media = make_media(settings, store, prompts, loop, requests)
    asking = Asking(store, requests, media.texts, vault, loop.put)
    commands = Commands(loop.put, hub)
    tally = Tally(CallLog(asking))
    loop.attach(switch, tally, commands)
    _begin(loop, found, epoch)
    limits = parts.dial_limits(settings)
    current = loop.centre.state.config
    configuration = Configuration(
        store.engine, loop.put, prompts, current, limits, hub.borders_changed
    )
    health = Health(loop, switch, store, configuration, data, settings.recordings)
    crm = make_crm(store.engine, settings.country)
    reporting = make_reporting(
        store.engine, settings.database_url or "", lambda: configuration.current, clock
    )
    services = parts.web_services(
        settings,
        store,
        hub,
        clock,
        configuration,
        health,
        loop,
        crm,
        media,
        commands,
        reporting,
    )
    metrics = make_metrics(tally, loop, switch, store, hub)
    vitals = Vitals(loop, switch, store, hub)
    ghosts = parts.make_ghosts(loop, switch, store, commands)
    services = replace(services, metrics=metrics.read, vitals=vitals.read, ghosts=ghosts)
    web = web_server(create_app(services), settings)
    remembered = Remembered(store, configuration, loop, found.cold)
    return Service(
        loop,
        store,
        asking,
        switch,
        hub,
        prompts,
        media,
        configuration,
        health,
        web,
        crm,
        parts.make_webhook_worker(settings, store, loop),
        remembered,
        reporting,
        Alerting(services.alerts, hub, lambda: configuration.current, clock),
        services.quality.plans,
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


async def _run_switch(service: Service) -> None:
    """Not before there is a configuration: callers found in Asterisk would have no flow and no
    queue. Should the database stay away, Asterisk's own fallback serves them meanwhile."""
    if not service.loop.centre.state.config.flows:
        await service.configuration.first.wait()
    await service.remembered.before_the_first_look()
    await service.switch.run()
