"""Signing in and staying in: sessions behind a cookie, and the door of every route.

The cookie holds 256 random bits; the database holds their SHA-256. A session ends 30 minutes after
its last use, 12 hours after its start, at log-out, and when the user's password or rights change.
A signing-in always makes a new session. This file must not know which routes exist: `policy` does.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from agent_console.browser import Visitor
from agent_console.socket import Refused
from callcenter.core.config import Config
from callcenter.core.teams import EVERYTHING, NOTHING, Reach, reach_of
from callcenter.runtime.ports import Clock
from callcenter.store.accounts import Account, SignedIn, Way
from callcenter.web.borders import border_kept, outside
from callcenter.web.errors import ApiError, not_allowed, not_signed_in
from callcenter.web.keys import KeyDoor, bearer_of
from callcenter.web.origins import SAFE_METHODS, Origins
from callcenter.web.policy import WHILE_LIMITED, Role, Rule, Scope, rule_for, scope_of
from callcenter.web.services import Accounts

IDLE_SECONDS = 30 * 60.0
ABSOLUTE_SECONDS = 12 * 3600.0
# The last use is written down at most so often.
TOUCH_SECONDS = 60.0
SECURE_COOKIE = "__Host-callcenter"
LIMITED = "second_factor_needed"
PLAIN_COOKIE = "callcenter"  # http on this machine itself, where __Host- is not possible

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and how much of it he or she may see (`policy`). `reach`: inside which border a
    scope of "all" is (`borders`)."""

    session: SignedIn
    scope: Scope
    reach: Reach = NOTHING

    @property
    def account(self) -> Account:
        return self.session.account

    @property
    def agent(self) -> str:
        """The own agent id, on routes that only agents may call."""
        assert self.account.agent is not None
        return self.account.agent


class Sessions:
    """Makes, finds and ends sessions, and guards sockets (it is the console's `Gate`)."""

    def __init__(
        self,
        accounts: Accounts,
        clock: Clock,
        origins: Origins,
        database_errors: tuple[type[Exception], ...],
        config: Callable[[], Config],
    ) -> None:
        self._accounts = accounts
        self._config = config
        self._clock = clock
        self._origins = origins
        self._database_errors = database_errors

    async def open(
        self,
        account: Account,
        request: Request,
        response: Response,
        *,
        way: Way = "password",
        limited: bool = False,
        secure: bool | None = None,
    ) -> SignedIn:
        """A new session for `account`; the one the browser had before ends. `secure`: what the
        browser sees, where the request itself does not tell."""
        before = token_of(request)
        if before is not None:
            await self._accounts.close_session(hashed(before))
        token = secrets.token_urlsafe(32)
        now = self._clock.now()
        expires = float(int(now + ABSOLUTE_SECONDS))
        session = SignedIn(hashed(token), account, now, now, expires, way, limited)
        await self._accounts.open_session(
            session,
            address=address_of(request),
            user_agent=request.headers.get("user-agent", "")[:300],
        )
        set_cookie(request, response, token, secure=secure)
        return session

    async def find(self, connection: HTTPConnection) -> SignedIn | None:
        """The valid session of the cookie, if there is one. Counts as a use of it."""
        token = token_of(connection)
        return await self._use(hashed(token)) if token else None

    async def close(self, session: SignedIn) -> None:
        await self._accounts.close_session(session.token_hash)

    def reach(self, account: Account) -> Reach:
        """The border of this user, by the configuration that runs now."""
        return reach_of(self._config(), account.role, account.id)

    # -- the console's and the phone's sockets -----------------------------------------------------
    async def admit(self, connection: HTTPConnection) -> Visitor | Refused:
        if not self._origins.ours(connection.headers.get("origin"), connection):
            return Refused(403, "foreign_origin", "the page is not one of this server")
        try:
            session = await self.find(connection)
        except self._database_errors:
            return Refused(503, "database_away", "the database cannot be reached")
        if session is None:
            return Refused(401, "not_signed_in", "you are not signed in")
        if session.limited:
            return Refused(403, LIMITED, "a second factor has to be set up first")
        account = session.account
        return Visitor(
            session.token_hash.hex(), account.id, account.name, account.role, account.agent
        )

    async def still_in(self, session: str) -> bool:
        try:
            return await self._use(bytes.fromhex(session)) is not None
        except self._database_errors:
            return True  # the database is away: nobody is thrown out of a call for that

    async def _use(self, token_hash: bytes) -> SignedIn | None:
        session = await self._accounts.session(token_hash)
        now = self._clock.now()
        if session is None or not session.account.active or now >= session.expires:
            return None
        if now - session.last_seen > IDLE_SECONDS:
            await self._accounts.close_session(token_hash)
            return None
        if now - session.last_seen > TOUCH_SECONDS:
            await self._accounts.touch_session(token_hash, now)
        return session


def hashed(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def token_of(connection: HTTPConnection) -> str | None:
    """The session's token. The plain cookie counts on unencrypted connections only."""
    token = connection.cookies.get(SECURE_COOKIE)
    if token is None and connection.scope["scheme"] in {"http", "ws"}:
        token = connection.cookies.get(PLAIN_COOKIE)
    return token if token and len(token) <= 128 else None


def seen_secure(request: Request) -> bool:
    """Whether the browser speaks https. Behind a proxy that ends TLS the page's origin says so."""
    return request.url.scheme == "https" or request.headers.get("origin", "")[:6] == "https:"


def set_cookie(
    request: Request, response: Response, token: str | None, *, secure: bool | None = None
) -> None:
    """Give the browser its session, or take it away (None)."""
    secure = seen_secure(request) if secure is None else secure
    name = SECURE_COOKIE if secure else PLAIN_COOKIE
    if token is None:
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="strict")
        return
    response.set_cookie(
        name,
        token,
        max_age=int(ABSOLUTE_SECONDS),
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )


def address_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


class GuardedRoute(APIRoute):
    """Every route of the product: `policy` is asked before anything of the request is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            await self._authorise(request)
            return await inner(request)

        return handler

    async def _authorise(self, request: Request) -> None:
        rule = rule_for(request.method, self.path)
        if rule is None:
            raise not_allowed()
        token = bearer_of(request)
        if token is not None and not (rule.public and request.method in SAFE_METHODS):
            door: KeyDoor = request.app.state.keys
            found = await door.admit(request, token, request.method, self.path)
            request.state.caller = Caller(found, "all", EVERYTHING)
            return
        if rule.public:
            return
        sessions: Sessions = request.app.state.sessions
        session = await sessions.find(request)
        if session is None:
            raise not_signed_in()
        if session.limited and (request.method, self.path) not in WHILE_LIMITED:
            raise ApiError(
                403,
                LIMITED,
                "your role needs a second factor, and you have none yet",
                todo="set it up; until then nothing else is open to you",
            )
        scope = scope_of(rule, session.account.role)
        if scope is None or (rule.agent_only and session.account.agent is None):
            log.warning("user %s may not %s %s", session.account.id, request.method, self.path)
            raise not_allowed()
        reach = sessions.reach(session.account)
        if _has_border(rule, session.account.role) and not border_kept(
            reach, request.method, self.path, request.path_params
        ):
            log.warning("user %s outside: %s %s", session.account.id, request.method, self.path)
            raise outside()
        request.state.caller = Caller(session, scope, reach)


def _has_border(rule: Rule, role: Role) -> bool:
    """What agents may all see has none."""
    return role == "supervisor" and rule.bordered


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


Called = Annotated[Caller, Depends(_caller)]
