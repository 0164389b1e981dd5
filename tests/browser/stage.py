"""The whole service on a free port: real core, loop, database, web, console; a stand-in telephone.

What a test drives is the browser on one side and the telephone on the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent_console.hub import Hub, loop_timers
from callcenter.asterisk.prompts import PromptLibrary
from callcenter.bootstrap import parts, web_parts
from callcenter.bootstrap.alerting import Alerting
from callcenter.bootstrap.commands import Commands
from callcenter.bootstrap.configuration import Configuration
from callcenter.bootstrap.health import Health, show_links
from callcenter.bootstrap.media import make_media
from callcenter.bootstrap.reporting import make_reporting
from callcenter.core.centre import Centre
from callcenter.core.inputs import EpochTaken
from callcenter.core.teams import reach_of
from callcenter.crm.keeping import keep_crm
from callcenter.crm.services import make_crm
from callcenter.runtime.clock import SystemClock
from callcenter.runtime.journal import Journal
from callcenter.runtime.loop import Loop
from callcenter.settings import Settings
from callcenter.store.accounts import Accounts
from callcenter.store.demo import seed_demo
from callcenter.web.app import create_app
from callcenter.web.passwords import Passwords
from callcenter.web.server import web_server
from tests.browser.telephone import Telephone, sip_registrar

PASSWORD = "a-demo-password-long-enough"
START_SECONDS = 20.0


@dataclass(slots=True)
class Stage:
    url: str
    telephone: Telephone
    loop: Loop
    hub: Hub
    accounts: Accounts


@asynccontextmanager
async def stage(database_url: str, folder: Path, *, demo: bool = True) -> AsyncIterator[Stage]:
    """A running service. With `demo`, its people, queues and customers; password `PASSWORD`."""
    if demo:
        passwords = Passwords()
        hashed = await passwords.hash(PASSWORD)
        passwords.close()
        await seed_demo(database_url, password_hash=hashed, now=time.time())
    async with sip_registrar() as sip:
        settings = Settings(
            listen_address="127.0.0.1",
            listen_port=0,
            database_url=database_url,
            data_directory=folder,
            asterisk_sip_ws_url=sip,
            asterisk_sounds_directory=folder,
            sso_networks=("127.0.0.0/8",),
            outbound_trunk="trunk.invalid",
        )
        async with _running(settings, folder) as made:
            yield made


@asynccontextmanager
async def _running(settings: Settings, folder: Path) -> AsyncIterator[Stage]:
    clock = SystemClock()
    loop = Loop(Centre(), clock, Journal(folder / "journal"))
    store = parts.make_store(settings, loop)
    telephone = Telephone(loop.put)
    prompts = PromptLibrary(folder / "prompts", folder)
    hub = Hub(
        submit=loop.put,
        cards=parts.card_reader(settings, store),
        clock=clock,
        timers=loop_timers(),
        epoch=1,
        filed=parts.form_checker(store, loop, clock),
        reach=lambda role, user: reach_of(configuration.current, role, user),
    )
    commands = Commands(loop.put, hub)
    loop.attach(telephone, store, commands)
    loop.journal.open_segment(loop.centre)
    loop.step(EpochTaken(1))
    configuration = Configuration(
        store.engine,
        loop.put,
        prompts,
        loop.centre.state.config,
        parts.dial_limits(settings),
        changed=hub.borders_changed,
    )
    health = Health(loop, telephone, store, configuration, folder)  # type: ignore[arg-type]
    recorded = parts.prompt_store(settings, store, prompts, loop)
    texts = parts.make_texts(settings, store, parts.make_requests(settings))
    media = make_media(settings, store, recorded, texts, loop)
    crm = make_crm(store.engine, settings.country)
    url = settings.database_url or ""
    reporting = make_reporting(store.engine, url, lambda: configuration.current, clock)
    services = web_parts.web_services(
        settings, store, hub, clock, configuration, health, loop, crm, media, commands, reporting
    )
    alerting = Alerting(services.alerts, hub, lambda: configuration.current, clock)
    server = web_server(create_app(services), settings)
    await configuration.reload()
    tasks = [
        asyncio.ensure_future(work)
        for work in (
            loop.run(),
            store.run(),
            telephone.run(),
            recorded.watch(),
            media.run(),
            show_links(health, hub),
            keep_crm(crm),
            reporting.run(),
            alerting.run(),
            server.serve(),
        )
    ]
    try:
        async with asyncio.timeout(START_SECONDS):
            while not server.started:  # noqa: ASYNC110 - it does not tell
                await asyncio.sleep(0.01)
        host, port = server.address
        yield Stage(f"http://{host}:{port}", telephone, loop, hub, Accounts(store.engine))
    finally:
        server.should_exit = True
        await tasks[-1]
        for task in tasks[:-1]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await reporting.close()
        await store.close()
