"""All that works beside the calls: the web server and what stands behind its pages, reports,
recordings, letters, webhooks, alerts.

Loaded and built when the calls are looked after already (docs/decisions/0025).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from socket import socket

from callcenter.bootstrap import web_parts
from callcenter.bootstrap.alerting import Alerting
from callcenter.bootstrap.bucket import bucket_check
from callcenter.bootstrap.calls import Calls
from callcenter.bootstrap.media import Media, console_address, make_media
from callcenter.bootstrap.metrics import make_metrics
from callcenter.bootstrap.reporting import Reporting, make_reporting
from callcenter.bootstrap.vitals import Vitals
from callcenter.crm.keeping import keep_crm
from callcenter.crm.services import Crm, make_crm
from callcenter.crm.tickets.letters import Post
from callcenter.quality.plans import Plans
from callcenter.runtime.collecting import collect_old
from callcenter.web.app import create_app
from callcenter.web.server import WebServer, web_server
from callcenter.webhooks.worker import WebhookWorker


@dataclass(frozen=True, slots=True)
class WebSide:
    calls: Calls
    server: WebServer
    media: Media
    crm: Crm
    webhooks: WebhookWorker
    reporting: Reporting
    alerting: Alerting
    samples: Plans

    async def run(self, door: socket) -> None:
        """Until `server.should_exit`; `door` is the socket to listen on."""
        loop = self.calls.loop
        try:
            async with asyncio.TaskGroup() as tasks:
                work = [
                    tasks.create_task(self.media.run()),
                    tasks.create_task(collect_old(lambda: not loop.centre.state.calls)),
                    tasks.create_task(keep_crm(self.crm)),
                    tasks.create_task(self.webhooks.run()),
                    tasks.create_task(self.reporting.run()),
                    tasks.create_task(self.alerting.run()),
                    tasks.create_task(self.samples.run(loop.clock.now)),
                ]
                await self.server.serve([door])
                for task in work:
                    task.cancel()
        finally:
            await self.reporting.close()


def build_web_side(calls: Calls) -> WebSide:
    """Raises SettingsMistakes, SecretUnusable, and OSError for a certificate that cannot be
    written."""
    settings, store, loop = calls.settings, calls.store, calls.loop
    media = make_media(settings, store, calls.prompts, calls.texts, loop)
    calls.health.others.append(lambda: bucket_check(media.mover))
    post = Post(console_address(settings)) if media.letters.ready else None
    crm = make_crm(store.engine, settings.country, post)
    reporting = make_reporting(
        store.engine,
        settings.database_url or "",
        lambda: calls.configuration.current,
        calls.clock,
    )
    services = web_parts.web_services(
        settings,
        store,
        calls.hub,
        calls.clock,
        calls.configuration,
        calls.health,
        loop,
        crm,
        media,
        calls.commands,
        reporting,
    )
    services = replace(
        services,
        metrics=make_metrics(calls.tally, loop, calls.switch, store, calls.hub).read,
        vitals=Vitals(loop, calls.switch, store, calls.hub).read,
        ghosts=web_parts.make_ghosts(loop, calls.switch, store, calls.commands),
    )
    return WebSide(
        calls,
        web_server(create_app(services), settings),
        media,
        crm,
        web_parts.make_webhook_worker(settings, store, loop),
        reporting,
        Alerting(services.alerts, calls.hub, lambda: calls.configuration.current, calls.clock),
        services.quality.plans,
    )
