"""Where somebody is signed in: the own sessions, and those of others for administrators.

Who is ended is out at once, also in a talk: sessions are ended because somebody else may sit there,
and he must not go on hearing the caller. The phone's socket goes first, so that no good-bye of the
page gets through; without one the caller is not hung up on, but comes back to the head of the line
(docs/decisions/0022).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import Request

from callcenter.store.accounts import Account, Way
from callcenter.store.login_sessions import Seat
from callcenter.web.auth import IDLE_SECONDS, Called
from callcenter.web.body import Body
from callcenter.web.errors import not_found
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.services import WebServices

router = guarded_router("session")
log = logging.getLogger(__name__)

IN_A_TALK = frozenset({"talking", "hold"})


class SessionRead(Body):
    """`browser`: what the browser calls itself. `current`: the one that asks. `way`: how its user
    signed in. `last_seen` may be a minute behind."""

    id: str
    created: datetime
    last_seen: datetime
    expires: datetime
    address: str
    browser: str
    way: Way
    current: bool


class SessionList(Body):
    """`talking`: the user's agent has a talk now; ending its session ends his part of it."""

    items: list[SessionRead]
    talking: bool


class Ended(Body):
    """How many sessions were ended."""

    ended: int


@router.get("/api/sessions")
async def list_sessions(caller: Called, served: Served) -> SessionList:
    """Where I am signed in, the session used last first."""
    return await _list(served, caller.account, caller.session.token_hash)


@router.delete("/api/sessions/{session}")
async def end_session(session: UuidText, caller: Called, request: Request, served: Served) -> Ended:
    """End one of the own sessions, wherever it is."""
    return await _end(request, served, caller.account, by=caller.account.id, only=session)


@router.post("/api/sessions/end-others")
async def end_other_sessions(caller: Called, request: Request, served: Served) -> Ended:
    """End all own sessions but this one."""
    own = caller.session.token_hash
    return await _end(request, served, caller.account, by=caller.account.id, but=own)


@router.get("/api/users/{user}/sessions")
async def list_sessions_of(user: UuidText, caller: Called, served: Served) -> SessionList:
    """Where a user is signed in."""
    return await _list(served, await _account(served, user), caller.session.token_hash)


@router.delete("/api/users/{user}/sessions/{session}")
async def end_session_of(
    user: UuidText, session: UuidText, caller: Called, request: Request, served: Served
) -> Ended:
    """End one session of a user."""
    account = await _account(served, user)
    return await _end(request, served, account, by=caller.account.id, only=session)


@router.post("/api/users/{user}/sessions/end")
async def end_sessions_of(
    user: UuidText, caller: Called, request: Request, served: Served
) -> Ended:
    """End all sessions of a user, save the one that asks."""
    account, own = await _account(served, user), caller.session.token_hash
    return await _end(request, served, account, by=caller.account.id, but=own)


async def _account(served: WebServices, user: str) -> Account:
    account = await served.accounts.account(user)
    if account is None:
        raise not_found("user")
    return account


async def _list(served: WebServices, account: Account, own: bytes) -> SessionList:
    found = await served.login_sessions.of_user(
        account.id, now=served.clock.now(), idle_seconds=IDLE_SECONDS
    )
    row = served.hub.tables.agents.get(account.agent or "")
    talking = row is not None and row.state in IN_A_TALK
    return SessionList(items=_read(found, own), talking=talking)


async def _end(
    request: Request,
    served: WebServices,
    account: Account,
    *,
    by: str,
    only: str | None = None,
    but: bytes | None = None,
) -> Ended:
    ended = await served.login_sessions.end(account.id, by=by, only=only, but=but)
    if only is not None and not ended:
        raise not_found("session")
    for token_hash in ended:
        request.app.state.sockets.session_ended(token_hash.hex())
    if ended and account.agent is not None and not await served.login_sessions.count(account.id):
        await served.phones.revoke_browser_phone(account.agent)
    log.info("%d sessions of user %s ended by user %s", len(ended), account.id, by)
    return Ended(ended=len(ended))


def _read(seats: Sequence[Seat], own: bytes) -> list[SessionRead]:
    return [
        SessionRead(
            id=seat.id,
            created=datetime.fromtimestamp(seat.created, UTC),
            last_seen=datetime.fromtimestamp(seat.last_seen, UTC),
            expires=datetime.fromtimestamp(seat.expires, UTC),
            address=seat.address,
            browser=seat.agent,
            way=seat.way,
            current=seat.token_hash == own,
        )
        for seat in seats
    ]
