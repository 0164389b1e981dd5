"""Single sign-on: the button, the way to the provider, the way back, and signing out there.

What the browser has to bring back lies sealed in a cookie of ten minutes, so that a restart between
the two ways costs nothing and no other browser can come back in its place. That cookie is `Lax`:
the provider's page sends the browser here, and a `Strict` one would stay away. Whoever does not
come in is shown the sign-in page with a word of why; the details are in the log.
"""

from __future__ import annotations

import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from callcenter.store.sealing import SealBroken
from callcenter.store.sign_in import Rules
from callcenter.web import auth
from callcenter.web.allowance import Allowance
from callcenter.web.auth import Called, Sessions
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, conflict, not_found
from callcenter.web.open_id import PENDING_SECONDS, OpenId, Pending
from callcenter.web.open_id_checks import SignInFailed
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.services import WebServices
from callcenter.web.sso_people import account_for

router = guarded_router("session")
log = logging.getLogger(__name__)

SECURE_COOKIE = "__Host-callcenter-sso"
PLAIN_COOKIE = "callcenter-sso"
COOKIE_MAX = 2048
ABOUT = "pending single sign-on"
TRIES_PER_MINUTE = 30  # of one address: each may cost a request to the provider


class SsoState(Body):
    """`name`: what the button says; None: there is no single sign-on. `only`: passwords are for
    administrators."""

    name: str | None
    only: bool


class SsoLink(Body):
    """`linked`: with an account of the provider; `password`: there is one, too."""

    linked: bool
    password: bool


class SsoAddress(Body):
    """Where the browser goes; None: it stays."""

    address: str | None


@router.get("/api/sso")
async def sso_state(served: Served) -> SsoState:
    """Whether people may sign in elsewhere."""
    sso = (await served.sign_in.rules()).sso
    return SsoState(name=(sso.name or "SSO") if sso.on else None, only=sso.on and sso.only)


@router.post("/api/sso/start")
async def start_sso(request: Request, response: Response, served: Served) -> SsoAddress:
    """The address of the provider's page, and a cookie to come back with."""
    _slowly(request, served)
    rules = await served.sign_in.rules()
    if not rules.sso.on:
        raise conflict("single sign-on is not set up")
    try:
        address, pending = await _open_id(request).begin(
            rules.sso, _origin(request), served.clock.now()
        )
    except SignInFailed as failed:
        log.warning("single sign-on cannot begin: %s", failed)
        raise ApiError(
            503,
            f"sso_{failed.trouble}",
            "the sign-in service cannot be used just now",
            todo="try again, or tell an administrator",
        ) from None
    secure = auth.seen_secure(request)
    response.set_cookie(
        SECURE_COOKIE if secure else PLAIN_COOKIE,
        urlsafe_b64encode(served.seal.close(pending.text(), ABOUT)).decode(),
        max_age=int(PENDING_SECONDS),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return SsoAddress(address=address)


@router.get("/api/sso/callback", include_in_schema=False)
async def finish_sso(request: Request, served: Served) -> Response:
    """The provider sends the browser back here."""
    _slowly(request, served)
    secure = SECURE_COOKIE in request.cookies
    try:
        back = await _finished(request, served, secure)
    except SignInFailed as failed:
        log.warning("single sign-on from %s failed: %s", auth.address_of(request), failed)
        back = RedirectResponse(f"/login?sso={failed.trouble}", 303)
    back.delete_cookie(
        SECURE_COOKIE if secure else PLAIN_COOKIE,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return back


@router.get("/api/sso/exit")
async def leave_sso(caller: Called, request: Request, served: Served) -> SsoAddress:
    """Where signing out goes on, for who signed in elsewhere; to be asked before the log-out."""
    sso = (await served.sign_in.rules()).sso
    if caller.session.way != "sso" or not sso.on:
        return SsoAddress(address=None)
    open_id = _open_id(request)
    try:
        provider = await open_id.provider(sso.issuer, served.clock.now())
    except SignInFailed as failed:
        log.warning("nobody is signed out at the provider: %s", failed)
        return SsoAddress(address=None)
    return SsoAddress(address=open_id.leave_address(provider, sso, _origin(request)))


@router.get("/api/users/{user}/sso")
async def read_link_of(user: UuidText, served: Served) -> SsoLink:
    """Whether a user signs in with an account of the provider."""
    return await _link_of(user, served)


@router.delete("/api/users/{user}/sso", status_code=204)
async def unlink_user(user: UuidText, caller: Called, request: Request, served: Served) -> None:
    """The account at the provider is this user's no longer, and all his sessions end. Without a
    password he cannot sign in until he is given one, or is connected again."""
    link = await _link_of(user, served)
    if user == caller.account.id and not link.password:
        raise conflict("you could not sign in any more", todo="give yourself a password first")
    if not await served.sign_in.unlink(user, by=caller.account.id):
        raise not_found("connection with the provider")
    own = user == caller.account.id and caller.session.way == "password"
    await served.accounts.close_sessions(user, but=caller.session.token_hash if own else None)
    but = caller.session.token_hash.hex() if own else None
    request.app.state.sockets.user_changed(user, but=but)
    log.info("user %s was unlinked from the provider by user %s", user, caller.account.id)


async def _link_of(user: str, served: WebServices) -> SsoLink:
    account = await served.accounts.account(user)
    if account is None:
        raise not_found("user")
    found = await served.accounts.credentials(account.login)
    return SsoLink(
        linked=await served.sign_in.is_linked(user),
        password=found is not None and found[1] is not None,
    )


async def _finished(request: Request, served: WebServices, secure: bool) -> Response:
    pending = _pending(request, served)
    rules = await served.sign_in.rules()
    if not rules.sso.on:
        raise SignInFailed("off")
    claims = await _open_id(request).finish(
        rules.sso,
        await _secret(served, rules),
        pending,
        dict(request.query_params),
        served.clock.now(),
    )
    account, changed = await account_for(claims, rules.sso, served.sign_in, served.accounts)
    if changed:
        await served.accounts.close_sessions(account.id)
        request.app.state.sockets.user_changed(account.id)
    back = RedirectResponse("/", 303)
    sessions: Sessions = request.app.state.sessions
    await sessions.open(account, request, back, way="sso", secure=secure)
    log.info("user %s signed in at the provider, from %s", account.id, auth.address_of(request))
    return back


async def _secret(served: WebServices, rules: Rules) -> str:
    try:
        return await served.sign_in.client_secret() if rules.has_secret else ""
    except SealBroken:
        told = "the client's secret was sealed with another key; give it again"
        raise SignInFailed("client_refused", told) from None


def _pending(request: Request, served: WebServices) -> Pending:
    kept = request.cookies.get(SECURE_COOKIE)
    if kept is None and request.scope["scheme"] == "http":
        kept = request.cookies.get(PLAIN_COOKIE)
    if kept is None or len(kept) > COOKIE_MAX:
        raise SignInFailed("expired", "there is no cookie of the way out")
    try:
        return Pending.read(served.seal.open(urlsafe_b64decode(kept), ABOUT))
    except (SealBroken, ValueError, TypeError):
        raise SignInFailed("expired", "the cookie of the way out cannot be read") from None


def _open_id(request: Request) -> OpenId:
    open_id: OpenId = request.app.state.open_id
    return open_id


def _origin(request: Request) -> str:
    """Our address as the browser sees it. The guard has looked at the Origin of unsafe requests;
    a browser that sends none is told by the address that it asked."""
    named = request.headers.get("origin", "")
    return named or str(request.base_url).rstrip("/")


def _slowly(request: Request, served: WebServices) -> None:
    allowance: Allowance = request.app.state.sso_allowance
    wait = allowance.take(auth.address_of(request), TRIES_PER_MINUTE, 60.0, served.clock.now())
    if wait > 0:
        raise ApiError(
            429,
            "too_many_tries",
            "too many tries to sign in",
            todo=f"wait {int(wait) + 1} seconds and try again",
            headers={"Retry-After": str(int(wait) + 1)},
        )
