"""The whole web side over a real database, with a hub that talks to a list instead of a centre."""

from __future__ import annotations

import asyncio
import ipaddress
import itertools
import secrets
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from acd.agent_story import Stretch
from acd.decisions import Decision
from acd.estimate import EstimateErrors
from agent_console.hub import Hub
from callcenter.asterisk.prompts import PromptLibrary
from callcenter.core.commands import CustomerCard, SupervisorAction
from callcenter.core.config import Config
from callcenter.core.inputs import Input
from callcenter.core.teams import reach_of
from callcenter.crm.interactions.service import Interactions
from callcenter.crm.services import make_crm
from callcenter.dialling import DialRules
from callcenter.flows.known import Surroundings
from callcenter.media.prompts.service import Prompts
from callcenter.media.recordings.keeping import DiskAndBucket, OnDisk
from callcenter.media.recordings.retention import Retention
from callcenter.media.recordings.service import Recordings
from callcenter.media.recordings.worker import Worker
from callcenter.media.texts.gateway import Gateways
from callcenter.media.texts.service import Texts
from callcenter.media.voicemail.letters import Letters, MailServer
from callcenter.media.voicemail.service import Voicemails
from callcenter.outside.addresses import Allowed, read_hosts, read_networks
from callcenter.outside.documents import Documents
from callcenter.outside.requests import Requests
from callcenter.persons.service import Persons
from callcenter.quality.service import make_quality
from callcenter.reports.keeping import Kept
from callcenter.reports.needed.runs import Needs
from callcenter.reports.service import Reports
from callcenter.reports.what_if.runs import WhatIfs
from callcenter.shifts.book import ShiftBook
from callcenter.store.accounts import Account, Accounts, Role, SignedIn
from callcenter.store.alerts import Alerts
from callcenter.store.audit import AuditBook
from callcenter.store.callbacks import Callbacks
from callcenter.store.config_reading import load_config
from callcenter.store.desk_messages import DeskMessages
from callcenter.store.directory import Directory
from callcenter.store.journeys import Journeys
from callcenter.store.keys import ApiKey, Keys
from callcenter.store.login_sessions import LoginSessions
from callcenter.store.outbound import Outbound
from callcenter.store.phones import Phones
from callcenter.store.sealing import Seal
from callcenter.store.second_factors import SecondFactors
from callcenter.store.sign_in import SignIn
from callcenter.store.traffic import Traffic
from callcenter.store.walls import Walls
from callcenter.web.app import create_app
from callcenter.web.auth import ABSOLUTE_SECONDS, PLAIN_COOKIE, hashed
from callcenter.web.checks import Check
from callcenter.web.keys import new_key
from callcenter.web.services import CallingBack, CallingOut, WebServices
from callcenter.webhooks.service import Webhooks

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "correct horse 电池 staple"
BY = "00000000-0000-0000-0000-000000000000"
LEADERS_KEPT = 50

_counter = itertools.count(1)


class ShiftedClock:
    """The real time and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead


@dataclass
class FakeRouting:
    """An engine that remembers what a test says it decided."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    stretches: list[Stretch] = field(default_factory=list)
    waits: dict[str, tuple[tuple[float, float] | None, EstimateErrors | None]] = field(
        default_factory=dict
    )

    def why(self, call: str) -> Decision | None:
        return self.decisions.get(call)

    def story(self, agent: str, since: float, until: float) -> list[Stretch]:
        return self.stretches

    def in_line(self) -> list[str]:
        return list(self.decisions)

    def estimates(self) -> dict[str, tuple[tuple[float, float] | None, EstimateErrors | None]]:
        return self.waits


async def _addresses_alone(host: str, port: int) -> list[str]:
    """No test asks the world for a name."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        raise OSError(f"no name is looked up in a test: {host}") from None


MASTER = b"master key of the web's tests 32"


@dataclass
class Place:
    """Use `client()` for a browser, signed in or not."""

    engine: AsyncEngine
    sip_upstream: str | None = None
    dist: Path | None = None
    origins: tuple[str, ...] = ()
    own_certificate: bool = False
    submitted: list[Input] = field(default_factory=list)
    checks: Sequence[Check] = (Check("asterisk", True), Check("database", True))
    config: Config = field(default_factory=Config)
    alarms: list[tuple[str, str]] = field(default_factory=list)
    forgotten: int = 0
    routing: FakeRouting = field(default_factory=FakeRouting)
    house: str = ""
    """The team that a new supervisor leads; without one: the whole house."""
    leaders: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = ShiftedClock()
        self.accounts = Accounts(self.engine)
        self.keys = Keys(self.engine)
        self.login_sessions = LoginSessions(self.engine)
        self.sign_in = SignIn(self.engine, Seal("test"))
        self.alerts = Alerts(self.engine)
        self.crm = make_crm(self.engine, "CN")
        self.customers = self.crm.customers
        self.directory = Directory(self.engine)
        self.hub = Hub(
            submit=self.submitted.append,
            cards=self._card,
            clock=self.clock,
            timers=asyncio.get_running_loop(),
            epoch=1,
            reach=lambda role, user: reach_of(self.config, role, user),
        )
        self.interactions = Interactions(self.engine)
        self.refusal: str | None = None
        self.commands: list[tuple[str, SupervisorAction]] = []
        self.folder = Path(tempfile.mkdtemp(prefix="callcenter-web-"))
        library = PromptLibrary(self.folder / "played", self.folder)
        self.prompts = Prompts(self.engine, self.folder, library.shelf_folder, library, self._alarm)
        server = MailServer("127.0.0.1", 9, "calls@example.com", "none")
        requests = Requests(Allowed(read_hosts(["sms.example"])))
        gateways = Gateways(self.engine, self.folder / "secrets", requests.check)
        self.texts = Texts(self.engine, gateways, requests)
        self.letters = Letters(self.engine, server, self.folder, ORIGIN)
        url = self.engine.url.render_as_string(hide_password=False)
        self.reports = Reports(self.engine, url)
        simulating = asyncio.Semaphore(1)
        self.what_ifs = WhatIfs(url, simulating)
        self.needs = Needs(simulating)
        self.kept = keeping = DiskAndBucket(OnDisk(self.folder / "kept"))
        retention = Retention(self.engine, keeping)
        self.recordings = Recordings(self.engine, keeping, MASTER, retention)
        self.quality = make_quality(self.engine, lambda: self.config)
        self.recorder = Worker(self.engine, self.folder, keeping, MASTER, retention, self._alarm)
        self.app: FastAPI = create_app(
            WebServices(
                accounts=self.accounts,
                login_sessions=self.login_sessions,
                factors=SecondFactors(self.engine, Seal("test")),
                sign_in=self.sign_in,
                seal=Seal("test"),
                documents=Documents(
                    Allowed(networks=read_networks(["127.0.0.0/8"]), any_host=True),
                    resolve=_addresses_alone,
                ),
                keys=self.keys,
                webhooks=Webhooks(self.engine, Seal("test"), Allowed(any_host=True)),
                crm=self.crm,
                callbacks=CallingBack(Callbacks(self.engine), self._command, DialRules("CN").check),
                outbound=CallingOut(Outbound(self.engine), DialRules("CN").check),
                interactions=self.interactions,
                routing=self.routing,
                traffic=Traffic(self.engine),
                phones=Phones(self.engine),
                directory=self.directory,
                flows=self.directory,
                reports=self.reports,
                kept_reports=Kept(self.engine, self.reports),
                prompts=self.prompts,
                voicemails=Voicemails(self.engine, self.folder),
                recordings=self.recordings,
                quality=self.quality,
                shifts=ShiftBook(self.engine),
                what_ifs=self.what_ifs,
                needs=self.needs,
                persons=Persons(self.engine, self.recordings, self.folder, self._forget),
                letters=self.letters,
                texts=self.texts,
                text_hosts=("sms.example",),
                routes=self.directory,
                calendars=self.directory,
                journeys=Journeys(self.engine),
                desk_messages=DeskMessages(self.engine),
                alerts=self.alerts,
                walls=Walls(self.engine),
                audit=AuditBook(self.engine),
                hub=self.hub,
                config=lambda: self.config,
                reload=self.reload,
                health=lambda: self.checks,
                clock=self.clock,
                sip_upstream=self.sip_upstream,
                database_errors=(SQLAlchemyError, OSError, TimeoutError),
                origins=self.origins,
                own_certificate=self.own_certificate,
                dist=self.dist,
                screen_pop_hosts=frozenset({"crm.example.com"}),
                surroundings=lambda: Surroundings(prompts=self.prompts.recorded()),
            )
        )

    def _forget(self) -> None:
        self.forgotten += 1

    def _alarm(self, code: str, text: str) -> None:
        self.alarms.append((code, text))

    async def _command(self, by: str, action: SupervisorAction) -> str | None:
        self.commands.append((by, action))
        return self.refusal

    async def reload(self) -> None:
        self.config = await load_config(self.engine)

    async def _card(self, id: str) -> CustomerCard | None:
        return await self.customers.card(id)

    async def agent(self) -> str:
        """A new agent's id."""
        id = f"agent{next(_counter)}"
        await self.directory.put_agent(id, {"name": id.title()}, by=BY)
        await self.reload()
        return id

    async def user(self, role: Role, agent: str | None = None, password: str = "") -> Account:
        """A new user; hashing is only paid for when there is a password."""
        login = f"{role}{next(_counter)}"
        made = password and await self.app.state.passwords.hash(password)
        wanted = Account("", login, login, role, "en", agent)
        account = await self.accounts.create(wanted, made or "-")
        if role == "supervisor":
            await self.lead(account, self.house or "house", everything=not self.house)
        return account

    async def lead(self, account: Account, team: str, **values: object) -> None:
        """This supervisor leads the team, too; without one he sees nothing."""
        leaders = self.leaders.setdefault(team, [])
        leaders.append(account.id)
        values |= {"name": team.title(), "leaders": leaders[-LEADERS_KEPT:]}
        await self.directory.put_team(team, values, by=BY)
        await self.reload()

    async def token(self, account: Account) -> str:
        """A session's secret, as the cookie holds it."""
        token = secrets.token_urlsafe(32)
        now = self.clock.now()
        session = SignedIn(hashed(token), account, now, now, now + ABSOLUTE_SECONDS)
        await self.accounts.open_session(session, address="127.0.0.1", user_agent="test")
        return token

    async def key(self, *scopes: str, **more: Any) -> str:
        """A new API key with these scopes."""
        made = new_key()
        wanted = ApiKey(
            id="",
            name=f"program {next(_counter)}",
            prefix=made.prefix,
            scopes=frozenset(scopes),
            per_minute=more.pop("per_minute", 6000),
            created=self.clock.now(),
            created_by=BY,
            created_by_name="Test",
            **more,
        )
        await self.keys.make(wanted, made.hash)
        return made.token

    async def client(self, account: Account | None = None, **more: Any) -> httpx.AsyncClient:
        """A browser on our own page."""
        cookies = httpx.Cookies()
        if account:
            cookies.set(PLAIN_COOKIE, await self.token(account), domain="127.0.0.1")
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"Origin": ORIGIN} | more.pop("headers", {})
        return httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, headers=headers, cookies=cookies, **more
        )

    async def signed_in(self, role: Role, *, as_agent: bool | None = None) -> httpx.AsyncClient:
        """A browser of a new user of this role (agents are agents unless said otherwise)."""
        wants_agent = role == "agent" if as_agent is None else as_agent
        return await self.client(await self.user(role, await self.agent() if wants_agent else None))

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.hub.close_all()
        self.app.state.passwords.close()
