"""The agents' telephones as Asterisk sees them: rows in its realtime tables, made and changed here.

Trial phone: endpoint `t` + a name made of the user's id, WebRTC, for calls to drafts of flows; a
supervisor's ear: the same with `h`, for calls he listens to.
Browser phone: endpoint `b` + agent, WebRTC, a new secret each time the agent logs in, gone at
log-out or when it expires. Desk phone: endpoint `d` + agent, plain SIP, a lasting secret shown
once. Asterisk gets the digest (HA1) of a secret, never the secret. It may keep endpoints and
addresses of record in memory: their rows do not change from login to login, only `ps_auths` does.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from callcenter.store.passwords import new_secret, sip_digest
from callcenter.store.tables import (
    AgentRecord,
    BrowserPhone,
    ps_aors,
    ps_auths,
    ps_contacts,
    ps_endpoints,
)
from callcenter.store.times import to_datetime

BROWSER = "b"
DESK = "d"
TRIAL = "t"
TRIAL_CONTEXT = "trial"
EAR = "h"
EAR_CONTEXT = "hearing"
AGENT_ID = re.compile(r"[a-z0-9]{1,32}")
SECRET_SECONDS = 12 * 3600.0
ACL_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PhoneCredentials:
    """What a phone registers with. `password` is in no log and no table."""

    endpoint: str
    user: str
    password: str = field(repr=False)
    realm: str


@dataclass(frozen=True, slots=True)
class PhoneAccess:
    """What the browser phone registers with; the password works until `expires` (UNIX seconds)."""

    device: str
    password: str = field(repr=False)
    expires: float


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """What differs from one installation to the next. `acl`: a section of Asterisk's acl.conf that
    a desk phone's address must pass. `media_address`: the address phones send their sound to, where
    Asterisk's own is not the one. Seconds without RTP after which a leg is dead: a browser sends
    always, muted or in a hidden tab too; a desk phone may keep silent while nobody speaks."""

    realm: str = "callcenter"
    context: str = "agents"
    codecs: str = "ulaw,alaw,opus"
    browser_codecs: str = "ulaw,alaw,opus"
    media_address: str | None = None
    acl: str | None = None
    desk_media_encryption: str = "no"
    browser_rtp_timeout_seconds: int = 10
    desk_rtp_timeout_seconds: int = 20
    rtp_timeout_hold_seconds: int = 300
    expiration_seconds: int = 300
    qualify_seconds: int = 30

    def __post_init__(self) -> None:
        if self.acl is not None and not ACL_NAME.fullmatch(self.acl):
            raise ValueError(f"not a name of an ACL: {self.acl!r}")
        if self.desk_media_encryption not in ("no", "sdes"):
            raise ValueError("desk_media_encryption is no or sdes")


class UnknownAgent(Exception):
    """There is no active agent of that id."""


class Phones:
    """Each method is one transaction of its own: Asterisk must see the rows when it returns.

    Raises UnknownAgent, ValueError (an id that is none); OSError or SQLAlchemyError when the
    database is away."""

    def __init__(self, engine: AsyncEngine, settings: PhoneSettings | None = None) -> None:
        self._engine = engine
        self.settings = settings or PhoneSettings()

    async def issue_browser_phone(self, agent_id: str, *, now: float) -> PhoneCredentials:
        """A fresh secret for the agent's browser; the one before stops working at once for new
        registrations. Good for 12 hours."""
        endpoint = endpoint_of(BROWSER, agent_id)
        credentials = PhoneCredentials(endpoint, endpoint, new_secret(), self.settings.realm)
        async with self._engine.begin() as connection:
            await self._must_exist(connection, agent_id)
            await self._put(connection, credentials, browser_endpoint(self.settings))
            expires = to_datetime(now + SECRET_SECONDS)
            values = {"agent_id": agent_id, "expires": expires}
            await _upsert(connection, BrowserPhone.__table__, "agent_id", values)
        return credentials

    async def browser_access(self, agent: str, *, now: float) -> PhoneAccess:
        """The same for the web layer."""
        issued = await self.issue_browser_phone(agent, now=now)
        return PhoneAccess(issued.endpoint, issued.password, now + SECRET_SECONDS)

    async def revoke_browser_phone(self, agent_id: str) -> None:
        """At log-out: the secret ends. The endpoint stays, Asterisk may hold it in memory."""
        endpoint = endpoint_of(BROWSER, agent_id)
        async with self._engine.begin() as connection:
            await _end(connection, [endpoint])
            await connection.execute(delete(BrowserPhone).where(BrowserPhone.agent_id == agent_id))

    async def end_expired(self, now: float) -> int:
        """End the secrets whose time is over; how many."""
        async with self._engine.begin() as connection:
            ended = await connection.execute(
                delete(BrowserPhone)
                .where(BrowserPhone.expires <= to_datetime(now))
                .returning(BrowserPhone.agent_id)
            )
            endpoints = [endpoint_of(BROWSER, agent) for agent in ended.scalars()]
            await _end(connection, endpoints)
        return len(endpoints)

    async def trial_access(self, user: str, *, now: float) -> PhoneAccess:
        """A fresh secret for a user's phone that can only try flows: what it may dial are one-time
        numbers of the context [trial]. It never registers, so no other phone is disturbed."""
        return await self._one_time(TRIAL, TRIAL_CONTEXT, user, now)

    async def hearing_access(self, user: str, *, now: float) -> PhoneAccess:
        """The same for a supervisor who listens to a call (context [hearing])."""
        return await self._one_time(EAR, EAR_CONTEXT, user, now)

    async def _one_time(self, kind: str, context: str, user: str, now: float) -> PhoneAccess:
        endpoint = kind + hashlib.sha256(user.encode()).hexdigest()[:16]
        credentials = PhoneCredentials(endpoint, endpoint, new_secret(), self.settings.realm)
        values = browser_endpoint(self.settings) | {"context": context}
        async with self._engine.begin() as connection:
            await self._put(connection, credentials, values)
        return PhoneAccess(endpoint, credentials.password, now + SECRET_SECONDS)

    async def issue_desk_phone(self, agent_id: str, *, password: str = "") -> PhoneCredentials:
        """Make the desk phone, or give it a new secret (`password`: this one). Shown once."""
        endpoint = endpoint_of(DESK, agent_id)
        secret = password or new_secret()
        credentials = PhoneCredentials(endpoint, endpoint, secret, self.settings.realm)
        async with self._engine.begin() as connection:
            await self._must_exist(connection, agent_id)
            await self._put(connection, credentials, desk_endpoint(self.settings))
            await _has_desk_phone(connection, agent_id, True)
        return credentials

    async def desk_phone(self, agent: str, *, name: str = "") -> str:
        """The same for the web layer: only the new SIP password. `name` is for the audit's text."""
        return (await self.issue_desk_phone(agent)).password

    async def remove_desk_phone(self, agent_id: str) -> None:
        """The phone cannot register again; its row stays because Asterisk may hold it in memory."""
        async with self._engine.begin() as connection:
            await _end(connection, [endpoint_of(DESK, agent_id)])
            await _has_desk_phone(connection, agent_id, False)

    async def _must_exist(self, connection: AsyncConnection, agent_id: str) -> None:
        query = select(AgentRecord.id).where(AgentRecord.id == agent_id, AgentRecord.active)
        found = (await connection.execute(query)).scalar_one_or_none()
        if found is None:
            raise UnknownAgent(f"there is no active agent {agent_id}")

    async def _put(
        self, connection: AsyncConnection, credentials: PhoneCredentials, endpoint: Values
    ) -> None:
        name = credentials.endpoint
        digest = sip_digest(credentials.user, credentials.realm, credentials.password)
        identity = {"id": name, "aors": name, "auth": name}
        await _upsert(connection, ps_endpoints, "id", identity | endpoint)
        await _upsert(connection, ps_aors, "id", {"id": name} | aor(self.settings))
        secret = {"username": credentials.user, "realm": credentials.realm, "md5_cred": digest}
        # Asterisk 20 and 22 know `md5`; 22 calls it deprecated and turns it into `digest`.
        await _upsert(connection, ps_auths, "id", {"id": name, "auth_type": "md5"} | secret)


def endpoint_of(kind: str, agent_id: str) -> str:
    """The endpoint's name. Raises ValueError for an id that could mean more than an agent."""
    if not AGENT_ID.fullmatch(agent_id):
        raise ValueError(f"not an agent's id: {agent_id[:40]!r}")
    return kind + agent_id


def _common(settings: PhoneSettings) -> Values:
    return {
        "context": settings.context,
        "disallow": "all",
        "dtmf_mode": "rfc4733",
        "direct_media": "no",
        "identify_by": "username",
        "send_connected_line": "no",
        "trust_connected_line": "no",
        "trust_id_inbound": "no",
        "allow_transfer": "no",
        "allow_subscribe": "no",
        "force_rport": "yes",
        "rewrite_contact": "yes",
        "rtp_symmetric": "yes",
        "device_state_busy_at": 1,
        "media_address": settings.media_address,
        "bind_rtp_to_media_address": "yes" if settings.media_address else None,
        "rtp_timeout_hold": settings.rtp_timeout_hold_seconds,
    }


def browser_endpoint(settings: PhoneSettings) -> Values:
    """WebRTC: what `webrtc=yes` implies is written out too, so that the row says what is so."""
    return _common(settings) | {
        "allow": settings.browser_codecs,
        "rtp_timeout": settings.browser_rtp_timeout_seconds,
        "webrtc": "yes",
        "use_avpf": "yes",
        "ice_support": "yes",
        "rtcp_mux": "yes",
        "bundle": "yes",
        "media_encryption": "dtls",
        "dtls_auto_generate_cert": "yes",
        "dtls_verify": "fingerprint",
        "dtls_setup": "actpass",
        "media_use_received_transport": "yes",
        "timers": "no",
    }


def desk_endpoint(settings: PhoneSettings) -> Values:
    return _common(settings) | {
        "allow": settings.codecs,
        "rtp_timeout": settings.desk_rtp_timeout_seconds,
        "media_encryption": settings.desk_media_encryption,
        "timers": "yes",
        "acl": settings.acl,
    }


def aor(settings: PhoneSettings) -> Values:
    """One contact; the newest registration takes the place of an older one."""
    return {
        "max_contacts": 1,
        "remove_existing": "yes",
        "default_expiration": settings.expiration_seconds,
        "minimum_expiration": 60,
        "maximum_expiration": 2 * settings.expiration_seconds,
        "qualify_frequency": settings.qualify_seconds,
        "qualify_timeout": 3.0,
        "support_path": "no",
    }


async def _upsert(connection: AsyncConnection, table: Any, key: str, values: Values) -> None:
    statement = insert(table).values(values)
    changes = {name: statement.excluded[name] for name in values if name != key}
    await connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=changes))


async def _has_desk_phone(connection: AsyncConnection, agent_id: str, has: bool) -> None:
    await connection.execute(
        update(AgentRecord).where(AgentRecord.id == agent_id).values(desk_phone=has)
    )


async def _end(connection: AsyncConnection, endpoints: list[str]) -> None:
    """Nobody knows the secrets from now on. The rows stay: Asterisk answers 500 where it misses
    one, and a phone then keeps trying, but 401 to a wrong secret."""
    nobodys = func.md5(func.concat(func.gen_random_uuid(), func.gen_random_uuid()))
    await connection.execute(
        update(ps_auths).where(ps_auths.c.id.in_(endpoints)).values(md5_cred=nobodys)
    )
    await connection.execute(delete(ps_contacts).where(ps_contacts.c.endpoint.in_(endpoints)))
