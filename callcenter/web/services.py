"""What the web layer needs of the rest of the house, as protocols and plain values.

The bootstrap builds the real ones and hands them over in one `WebServices`; tests hand over the
same with fakes at these edges only. Errors the database makes are not listed: any exception of the
kinds in `WebServices.database_errors` is answered as "the database is away".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from acd.agent_story import Stretch
from acd.decisions import Decision
from acd.estimate import EstimateErrors
from agent_console.hub import Hub
from callcenter.core.commands import SupervisorAction
from callcenter.core.config import CallbackPolicy, Config
from callcenter.core.effects import RecordCallback
from callcenter.core.ghosts import Ghost
from callcenter.core.teams import EVERYTHING, Reach
from callcenter.core.toll import OutboundRules
from callcenter.crm.interactions.finding import Sought
from callcenter.crm.interactions.schemas import (
    Considering,
    Interaction,
    LegQuality,
    Part,
    Spell,
    TimelineEvent,
)
from callcenter.crm.services import Crm
from callcenter.dialling import Dialable, NotDialable
from callcenter.flows.known import Surroundings
from callcenter.media.prompts.service import Prompts
from callcenter.media.recordings.service import Recordings
from callcenter.media.texts.service import Texts
from callcenter.media.voicemail.letters import Letters
from callcenter.media.voicemail.service import Voicemails
from callcenter.outside.documents import Documents
from callcenter.persons.service import Persons
from callcenter.quality.service import Quality
from callcenter.reports.keeping import Kept
from callcenter.reports.needed.runs import Needs
from callcenter.reports.service import Reports
from callcenter.reports.what_if.runs import WhatIfs
from callcenter.runtime.ports import Clock
from callcenter.shifts.book import ShiftBook
from callcenter.store.accounts import Account, SignedIn
from callcenter.store.alerts import Alerts
from callcenter.store.calendars import StoredCalendar
from callcenter.store.callbacks import Wanted as WantedCallbacks
from callcenter.store.desk_messages import DeskMessages
from callcenter.store.flow_drafts import Draft
from callcenter.store.flows import FlowEntry, VersionEntry
from callcenter.store.journeys import JourneyCounts
from callcenter.store.keys import ApiKey
from callcenter.store.login_sessions import LoginSessions
from callcenter.store.outbound import Contact
from callcenter.store.phones import PhoneAccess
from callcenter.store.routes import ListEntry, ListSummary, RouteRow
from callcenter.store.sealing import Seal
from callcenter.store.second_factors import SecondFactors
from callcenter.store.sign_in import SignIn
from callcenter.store.walls import Walls
from callcenter.web.checks import Check
from callcenter.webhooks.service import Webhooks
from ivr.flow import Flow


# -- accounts -----------------------------------------------------------------------------------
class Accounts(Protocol):
    async def credentials(self, login: str) -> tuple[Account, str | None] | None:
        """The account with its password hash; logins do not differ by case."""

    async def account(self, id: str) -> Account | None: ...
    async def accounts(self) -> Sequence[Account]: ...
    async def create(self, account: Account, password_hash: str) -> Account:
        """`account.id` is ignored. Raises Taken."""

    async def update(self, account: Account) -> Account | None:
        """Everything but the password; None: there is no such id. Raises Taken."""

    async def set_password(self, id: str, password_hash: str) -> None: ...
    async def has_administrator(self) -> bool: ...
    async def open_session(self, session: SignedIn, *, address: str, user_agent: str) -> None: ...
    async def session(self, token_hash: bytes) -> SignedIn | None: ...
    async def touch_session(self, token_hash: bytes, now: float) -> None: ...
    async def close_session(self, token_hash: bytes) -> None: ...
    async def close_sessions(self, user: str, *, but: bytes | None = None) -> None: ...
    async def first_run_valid(self, token_hash: bytes, now: float) -> bool: ...
    async def first_administrator(
        self, token_hash: bytes, account: Account, password_hash: str, now: float
    ) -> Account | None:
        """Use up the token and make the account, in one transaction; None: the token is not valid
        (used, expired, unknown). Raises Taken."""


class Keys(Protocol):
    """API keys; only hashes of them go in and out (`callcenter.store.keys`)."""

    async def all(self) -> Sequence[ApiKey]:
        """Newest first, the revoked ones too."""

    async def make(self, key: ApiKey, hash: bytes) -> ApiKey:
        """`key.id` is ignored. Raises ConfigRefused when there are too many."""

    async def revoke(self, id: str, *, by: str, now: float) -> ApiKey | None:
        """Once and for all; None: there is no such key."""

    async def find(self, hash: bytes) -> ApiKey | None: ...
    async def used(self, id: str, now: float, address: str) -> None: ...


# -- interactions -----------------------------------------------------------------
class Interactions(Protocol):
    async def interactions(
        self,
        *,
        agent: str | None = None,
        customer: str | None = None,
        queue: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        reach: Reach = EVERYTHING,
        limit: int,
        cursor: str | None,
    ) -> tuple[Sequence[Interaction], str | None]:
        """Newest first."""

    async def find(
        self, sought: Sought, country: str, *, limit: int, cursor: str | None
    ) -> tuple[Sequence[Interaction], str | None, bool]:
        """Newest first; the last value: only some of the customers with such a name were looked
        at. Raises TooShort and TooSlow."""

    async def interaction(
        self, call: str
    ) -> tuple[Interaction, Sequence[TimelineEvent]] | None: ...
    async def parts(self, call: str) -> Sequence[Part]: ...
    async def quality(self, call: str) -> Sequence[LegQuality]: ...
    async def keep_quality(self, call: str, heard: LegQuality) -> None: ...
    async def timeline(self, call: str) -> Sequence[TimelineEvent]:
        """Also of a call that is not over; empty: nothing is known of it."""

    async def spells(self, agent: str, since: datetime, until: datetime) -> Sequence[Spell]: ...
    async def considered(
        self, agent: str, since: datetime, until: datetime, *, going_on: Sequence[str] = ()
    ) -> Sequence[Considering]: ...
    async def of_calls(self, calls: Sequence[str]) -> Sequence[Interaction]:
        """Those of these calls that are over, in their order."""

    async def draft(self, call: str, agent: str) -> tuple[str, Mapping[str, object]]: ...
    async def save_draft(
        self, call: str, agent: str, text: str, form: Mapping[str, object]
    ) -> None: ...


# -- routing ------------------------------------------------------------------------------------
class Routing(Protocol):
    """The running engine asked for its reasons."""

    def why(self, call: str) -> Decision | None:
        """Why the call waits, or to whom it is offered, now; None: it is not in a line."""

    def story(self, agent: str, since: float, until: float) -> Sequence[Stretch]:
        """What the agent did lately and why he got nothing, UNIX seconds."""

    def in_line(self) -> Sequence[str]:
        """The calls that are in the house now."""

    def estimates(
        self,
    ) -> Mapping[str, tuple[tuple[float, float] | None, EstimateErrors | None]]:
        """By queue: how long somebody who joined now would wait (low, high; seconds), and how good
        such estimates have been."""


class Traffic(Protocol):
    """Logged calls for staffing (`callcenter.store.traffic`)."""

    async def calls(
        self, queue: str, since: datetime, until: datetime
    ) -> Sequence[tuple[float, float]]:
        """(arrived at, UNIX seconds; seconds an agent had the call, 0: nobody answered)."""


# -- phones -------------------------------------------------------------------------------------
class Phones(Protocol):
    async def browser_access(self, agent: str, *, now: float) -> PhoneAccess:
        """A new short-lived secret for the endpoint b<agent>; the one before ends. Raises
        UnknownAgent."""

    async def revoke_browser_phone(self, agent: str, /) -> None:
        """The secret ends (log-out)."""

    async def desk_phone(self, agent: str, *, name: str) -> str:
        """Make or renew the endpoint d<agent>; its new SIP password, shown once. Raises
        UnknownAgent."""


@dataclass(frozen=True, slots=True)
class TrialAccess:
    """What to dial to hear a draft, once, and the phone that may; `expires` in UNIX seconds."""

    extension: str
    device: str
    password: str = field(repr=False)
    expires: float


class Trials(Protocol):
    async def offer(self, flow: Flow, *, user: str, number: str) -> TrialAccess:
        """The next call to the extension goes through `flow` (linked, without mistakes)."""


class Hearing(Protocol):
    """A supervisor at a live call: his phone, and the book of who listened."""

    async def access(self, user: str) -> PhoneAccess:
        """A fresh secret for a phone that may dial nothing but tokens of calls to listen to."""

    async def note(self, by: str, action: str, call: str, detail: Mapping[str, object]) -> None:
        """A line of the audit."""


# -- the centre's configuration -----------------------------------------------------------------
class Directory(Protocol):
    """Changes of the configuration. Each is one transaction, counted and audited; the caller then
    reloads the running centre. What is not named keeps its value. `by` is the user's id. Raises
    ConfigRefused, NotThere, VersionPassed of `store.config_values`."""

    async def put_agent(self, id: str, values: Mapping[str, object], *, by: str) -> None: ...
    async def put_queue(self, id: str, values: Mapping[str, object], *, by: str) -> None: ...
    async def put_members(
        self, queue: str, agents: Sequence[str], *, by: str, version: int | None = None
    ) -> None: ...
    async def put_group(self, id: str, values: Mapping[str, object], *, by: str) -> None: ...
    async def remove_group(self, id: str, *, by: str) -> None: ...
    async def put_team(self, id: str, values: Mapping[str, object], *, by: str) -> None: ...
    async def remove_team(self, id: str, *, by: str) -> None: ...
    async def put_time_zone(self, zone: str, *, by: str) -> None: ...
    async def put_pause_reasons(
        self, reasons: Sequence[Mapping[str, object]], *, by: str
    ) -> None: ...
    async def put_dispositions(
        self, dispositions: Sequence[Mapping[str, object]], *, by: str
    ) -> None: ...


class RouteStore(Protocol):
    """Routes and lists of callers (`callcenter.store.routes`)."""

    async def routes(self) -> tuple[int, Sequence[RouteRow]]: ...
    async def put_routes(self, rows: Sequence[RouteRow], *, version: int, by: str) -> int:
        """Raises VersionPassed."""

    async def lists(self) -> Sequence[ListSummary]: ...
    async def list_entries(self, id: str) -> Sequence[ListEntry] | None: ...
    async def put_list(self, id: str, name: str, *, by: str) -> None: ...
    async def remove_list(self, id: str, *, by: str) -> bool: ...
    async def add_numbers(self, id: str, numbers: Sequence[tuple[str, str]], *, by: str) -> int: ...
    async def remove_number(self, id: str, number: str, *, by: str) -> bool: ...


class CalendarStore(Protocol):
    """Business hours (`callcenter.store.calendars`)."""

    async def calendars(self) -> Sequence[StoredCalendar]: ...
    async def put_calendar(
        self, id: str, name: str, settings: Mapping[str, Any], *, version: int | None, by: str
    ) -> None:
        """Raises VersionPassed."""

    async def remove_calendar(self, id: str, *, by: str) -> bool: ...
    async def set_emergency(self, id: str | None, on: bool, message: str, *, by: str) -> int: ...


class Journeys(Protocol):
    """How callers went through flows (`callcenter.store.journeys`)."""

    async def counts(
        self, flow: str, since: datetime, until: datetime, *, version: int | None, zone: str
    ) -> JourneyCounts: ...


class FlowStore(Protocol):
    """Flows: drafts by revision, versions by number (`callcenter.store.flows`)."""

    async def draft(self, flow: str) -> Draft | None: ...
    async def drafts(self) -> Sequence[Draft]: ...
    async def create_flow(self, flow: str, text: str, *, by: str) -> Draft:
        """Raises FlowTaken."""

    async def save_draft(self, flow: str, text: str, *, base: int, by: str) -> Draft:
        """Raises NotThere, DraftPassed."""

    async def flows(self) -> Sequence[FlowEntry]: ...
    async def versions(self, id: str) -> Sequence[VersionEntry]: ...
    async def flow_text(self, id: str, version: int | None = None) -> tuple[int, str] | None: ...
    async def library(self) -> Mapping[str, Flow]: ...
    async def publish_flow(
        self,
        id: str,
        text: str,
        *,
        note: str = "",
        by: str,
        parts: Mapping[str, int] | None = None,
        revision: int | None = None,
    ) -> int:
        """Store the text (read and checked before) as a new version, publish it; its number."""

    async def publish_version(self, id: str, version: int, *, note: str = "", by: str) -> None: ...
    async def remove_flow(self, id: str, *, by: str) -> bool: ...


# -- callbacks ----------------------------------------------------------------------------------
class CallbackBook(Protocol):
    async def callback(self, id: str) -> RecordCallback | None: ...
    async def callbacks(
        self, wanted: WantedCallbacks, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> Sequence[RecordCallback]:
        """Newest first."""

    async def count(self, wanted: WantedCallbacks) -> int:
        """How many there are, on all pages."""

    async def policies(self) -> Mapping[str, tuple[CallbackPolicy, int]]:
        """By queue, with the version."""

    async def put_policy(self, queue: str, values: Mapping[str, object], *, by: str) -> None:
        """Raises ConfigRefused, NotThere, VersionPassed."""


@dataclass(frozen=True, slots=True)
class CallingBack:
    """`command`: to the running centre, on behalf of a user; the refusal's code or None. `check`:
    may this number be dialled?"""

    book: CallbackBook
    command: Callable[[str, SupervisorAction], Awaitable[str | None]]
    check: Callable[[str], Dialable | NotDialable]


# -- calls by hand ------------------------------------------------------------------------------
class OutboundBook(Protocol):
    """The rules, with their version, and the directory (`callcenter.store.outbound`)."""

    async def rules(self) -> tuple[OutboundRules, int]: ...
    async def put_rules(self, values: Mapping[str, object], *, by: str) -> None:
        """Raises ConfigRefused, VersionPassed."""

    async def contacts(self) -> Sequence[Contact]: ...
    async def put_contact(self, contact: Contact, *, by: str) -> Contact:
        """Raises ConfigRefused, NotThere, VersionPassed."""

    async def remove_contact(self, id: str, *, by: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class CallingOut:
    """`check`: may this number be dialled?"""

    book: OutboundBook
    check: Callable[[str], Dialable | NotDialable]


# -- health -------------------------------------------------------------------------------------
class Ghosts(Protocol):
    """What does not agree (`callcenter.core.ghosts`), and its clearing."""

    async def find(self) -> Sequence[Ghost]:
        """Raises what the link to Asterisk and the database raise."""

    async def clear(self, ghost: Ghost, by: str) -> str | None:
        """The refusal's code, or None."""


class Auditing(Protocol):
    async def write(
        self, by: str, action: str, subject: str, detail: Mapping[str, object]
    ) -> None: ...


@dataclass(frozen=True)
class WebServices:
    """Everything `create_app` is given. `config`: the configuration that runs now; `reload`: read
    it from the database again and hand it to the centre. `dist`: the built console. `surroundings`:
    what flows may name beside the configuration. `trials`, `hearing` None: no telephone system.
    `embed_origins`: web sites of ours that may show the public form, and talk to the console.
    `screen_pop_hosts`: where pages that open with a call may lead.
    `country`: where numbers are dialled from. `metrics`: the page for Prometheus;
    `vitals`: the same for people, by name, empty where there are none."""

    accounts: Accounts
    login_sessions: LoginSessions
    factors: SecondFactors
    sign_in: SignIn
    seal: Seal
    documents: Documents
    keys: Keys
    webhooks: Webhooks
    crm: Crm
    callbacks: CallingBack
    outbound: CallingOut
    interactions: Interactions
    routing: Routing
    traffic: Traffic
    phones: Phones
    directory: Directory
    flows: FlowStore
    reports: Reports
    kept_reports: Kept
    prompts: Prompts
    voicemails: Voicemails
    recordings: Recordings
    quality: Quality
    shifts: ShiftBook
    what_ifs: WhatIfs
    needs: Needs
    persons: Persons
    letters: Letters
    texts: Texts
    text_hosts: Sequence[str]
    routes: RouteStore
    calendars: CalendarStore
    journeys: Journeys
    desk_messages: DeskMessages
    alerts: Alerts
    walls: Walls
    audit: Auditing
    hub: Hub
    config: Callable[[], Config]
    reload: Callable[[], Awaitable[None]]
    health: Callable[[], Sequence[Check]]
    clock: Clock
    sip_upstream: str | None
    database_errors: tuple[type[Exception], ...] = ()
    origins: tuple[str, ...] = ()
    own_certificate: bool = False
    embed_origins: tuple[str, ...] = ()
    screen_pop_hosts: frozenset[str] = frozenset()
    dist: Path | None = None
    surroundings: Callable[[], Surroundings] = Surroundings
    trials: Trials | None = None
    hearing: Hearing | None = None
    country: str = "CN"
    metrics: Callable[[], bytes] = bytes
    vitals: Callable[[], dict[str, float]] = dict
    ghosts: Ghosts | None = None
