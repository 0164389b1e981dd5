"""Each part of the web side and of what works beside the calls, made from the settings; nothing
here runs yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from agent_console.hub import Hub
from callcenter import secret_files
from callcenter.asterisk import ghosts
from callcenter.asterisk.switch import Switch
from callcenter.bootstrap.commands import Commands
from callcenter.bootstrap.configuration import AWAY, Configuration
from callcenter.bootstrap.ghosts import Ghosts
from callcenter.bootstrap.health import Health
from callcenter.bootstrap.hearing import Hearing
from callcenter.bootstrap.media import Media
from callcenter.bootstrap.parts import dial_rules
from callcenter.bootstrap.reasons import Reasons
from callcenter.bootstrap.reporting import Reporting
from callcenter.bootstrap.trials import Trials
from callcenter.core.effects import Alarm
from callcenter.core.ghosts import ChannelSeen, PresenceKept
from callcenter.crm.interactions.service import Interactions
from callcenter.crm.services import Crm
from callcenter.flows.known import Surroundings
from callcenter.outside.addresses import Allowed, read_hosts, read_networks
from callcenter.outside.documents import Documents
from callcenter.outside.requests import Requests
from callcenter.persons.service import Persons
from callcenter.quality.service import make_quality
from callcenter.runtime.loop import Loop
from callcenter.runtime.ports import Clock
from callcenter.settings import Settings
from callcenter.shifts.book import ShiftBook
from callcenter.store.accounts import Accounts
from callcenter.store.alerts import Alerts
from callcenter.store.audit import AuditBook
from callcenter.store.callbacks import Callbacks
from callcenter.store.desk_messages import DeskMessages
from callcenter.store.directory import Directory
from callcenter.store.journeys import Journeys
from callcenter.store.keys import Keys
from callcenter.store.login_sessions import LoginSessions
from callcenter.store.outbound import Outbound
from callcenter.store.phones import Phones, PhoneSettings
from callcenter.store.presences import last_presences
from callcenter.store.sealing import Seal
from callcenter.store.second_factors import SecondFactors
from callcenter.store.sign_in import SignIn
from callcenter.store.store import Store
from callcenter.store.traffic import Traffic
from callcenter.store.walls import Walls
from callcenter.web.services import CallingBack, CallingOut, WebServices
from callcenter.webhooks.service import Webhooks
from callcenter.webhooks.worker import WebhookWorker


def webhook_rules(settings: Settings) -> Allowed:
    """Where webhooks may go."""
    hosts = read_hosts(settings.webhook_hosts)
    return Allowed(hosts, read_networks(settings.webhook_networks), any_host=not hosts)


def make_seal(settings: Settings) -> Seal:
    """For secrets that lie in the database. Raises SecretUnusable."""
    return Seal(secret_files.read_or_make(settings.secrets_directory, "seal"))


def make_webhook_worker(settings: Settings, store: Store, loop: Loop) -> WebhookWorker:
    def alarm(code: str, text: str) -> None:
        loop.act([Alarm(code, text)])

    requests = Requests(webhook_rules(settings))
    return WebhookWorker(store.engine, make_seal(settings), requests, alarm)


def hosts_by_name(settings: Settings) -> frozenset[str] | None:
    """The hosts that a flow may name; None: too many to list (a wildcard)."""
    names = {entry.partition(":")[0] for entry in read_hosts(settings.flow_hosts)}
    return None if any(name.startswith("*") for name in names) else frozenset(names)


def make_ghosts(loop: Loop, switch: Switch, store: Store, commands: Commands) -> Ghosts:
    """What Asterisk, the centre and the books do not agree about."""

    def agents() -> frozenset[str]:
        return frozenset(loop.centre.state.config.agents)

    async def channels() -> Sequence[ChannelSeen]:
        return await ghosts.channels(switch.control, agents())

    async def books() -> Mapping[str, PresenceKept]:
        return await last_presences(store.engine, agents())

    async def hang_up(channel: str) -> None:
        await ghosts.hang_up(switch.control, channel)

    return Ghosts(loop, channels, books, hang_up, commands.supervise)


def forgetter(loop: Loop, store: Store) -> Callable[[], None]:
    """Past calls are dropped from the journal and from history that is safe in the database."""

    def forget() -> None:
        loop.journal.open_segment(loop.centre)
        store.forget()

    return forget


def web_services(
    settings: Settings,
    store: Store,
    hub: Hub,
    clock: Clock,
    configuration: Configuration,
    health: Health,
    loop: Loop,
    crm: Crm,
    media: Media,
    commands: Commands,
    reporting: Reporting,
) -> WebServices:
    engine = store.engine
    directory = Directory(engine)
    seal = make_seal(settings)
    phones = PhoneSettings(media_address=settings.media_address)
    return WebServices(
        accounts=Accounts(engine),
        login_sessions=LoginSessions(engine),
        factors=SecondFactors(engine, seal),
        sign_in=SignIn(engine, seal),
        seal=seal,
        documents=Documents(Allowed(networks=read_networks(settings.sso_networks), any_host=True)),
        keys=Keys(engine),
        webhooks=Webhooks(engine, seal, webhook_rules(settings)),
        crm=crm,
        callbacks=CallingBack(Callbacks(engine), commands.supervise, dial_rules(settings).check),
        outbound=CallingOut(Outbound(engine), dial_rules(settings).check),
        interactions=Interactions(engine),
        routing=Reasons(loop),
        traffic=Traffic(engine),
        phones=Phones(engine, phones),
        directory=directory,
        flows=directory,
        reports=reporting.reports,
        kept_reports=reporting.kept,
        prompts=media.prompts,
        voicemails=media.voicemails,
        recordings=media.recordings,
        quality=make_quality(engine, lambda: configuration.current),
        shifts=ShiftBook(engine),
        what_ifs=reporting.what_ifs,
        needs=reporting.needs,
        persons=Persons(engine, media.recordings, settings.recordings, forgetter(loop, store)),
        letters=media.letters,
        texts=media.texts,
        text_hosts=settings.flow_hosts,
        routes=directory,
        calendars=directory,
        journeys=Journeys(engine),
        country=settings.country,
        desk_messages=DeskMessages(engine),
        alerts=Alerts(engine),
        walls=Walls(engine),
        audit=AuditBook(engine),
        hub=hub,
        config=lambda: configuration.current,
        reload=configuration.reload,
        health=health.checks,
        clock=clock,
        sip_upstream=settings.asterisk_sip_ws_url,
        database_errors=AWAY,
        origins=settings.origins,
        embed_origins=settings.embed_origins,
        screen_pop_hosts=read_hosts(settings.screen_pop_hosts),
        own_certificate=settings.tls_certificate is not None,
        trials=Trials(configuration.library, Phones(engine, phones), loop.put, clock),
        hearing=Hearing(Phones(engine, phones), AuditBook(engine), clock),
        surroundings=lambda: Surroundings(
            prompts=media.prompts.recorded(),
            sources=store.sources.names,
            hosts=hosts_by_name(settings),
        ),
    )
