"""How people may sign in: second factors by role, and the provider of single sign-on. For
administrators. A change holds for the next sign-in; nobody is thrown out by it."""

from __future__ import annotations

import logging
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Request
from pydantic import Field, StringConstraints, field_validator, model_validator

from callcenter.outside.addresses import NotAllowed
from callcenter.store.sign_in import RoleRule, Rules, SingleSignOn
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.open_id import CALLBACK, OpenId
from callcenter.web.open_id_checks import SignInFailed
from callcenter.web.policy import Role
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.services import WebServices

router = guarded_router("users")
log = logging.getLogger(__name__)

RULES_MAX = 50
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Claim = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=120, pattern=r"^[\w.:/-]*$")
]
Issuer = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class RoleRuleBody(Body):
    """Whoever has `value` in the claim of roles gets `role`."""

    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    role: Role


class SsoBody(Body):
    """See `callcenter.store.sign_in.SingleSignOn` and the administrator's guide."""

    on: bool = False
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    issuer: Issuer = ""
    client_id: Short = ""
    scopes: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[!#-\[\]-~ ]*$"),
    ] = "openid profile email"
    login_claim: Claim = "preferred_username"
    role_claim: Claim = ""
    role_rules: Annotated[list[RoleRuleBody], Field(max_length=RULES_MAX)] = Field(
        default_factory=list
    )
    role_else: Role | None = None
    create: bool = False
    link: bool = False
    only: bool = False

    @field_validator("issuer")
    @classmethod
    def _must_be_an_issuer(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise ValueError("an address as https://login.example.com, as the provider tells it")
        if parts.query or parts.fragment or parts.username is not None or not value.isascii():
            raise ValueError("an address without a question mark, hash sign or name")
        return value

    @model_validator(mode="after")
    def _must_be_whole(self) -> SsoBody:
        if self.on and not (self.issuer and self.client_id and self.login_claim):
            raise ValueError("to be switched on it needs issuer, client and the claim of logins")
        if self.on and "openid" not in self.scopes.split():
            raise ValueError("the scopes need openid among them")
        if self.on and not self.role_rules and self.role_else is None:
            raise ValueError("nobody would get a role: give rules, or a role for everybody else")
        return self


class SignInRulesBody(Body):
    """`client_secret` None: the one that is kept stays; empty: there is none any more."""

    factor_roles: Annotated[list[Role], Field(max_length=3)] = Field(default_factory=list)
    sso: SsoBody
    client_secret: Annotated[str | None, Field(max_length=500)] = None
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class SignInRulesRead(Body):
    """`callback`: what the provider has to be told as redirect address."""

    factor_roles: list[Role]
    sso: SsoBody
    has_secret: bool
    callback: str
    version: int


class ProviderTry(Body):
    issuer: Issuer


class ProviderTold(Body):
    """`ok` False: `problem` says what is wrong, in words for who sets it up."""

    ok: bool
    problem: str
    signs_out: bool
    algorithms: list[str]


@router.get("/api/sign-in")
async def read_sign_in(request: Request, served: Served) -> SignInRulesRead:
    return _read(await served.sign_in.rules(), request, served)


@router.put("/api/sign-in")
async def put_sign_in(
    body: SignInRulesBody, caller: Called, request: Request, served: Served
) -> SignInRulesRead:
    """Change all of it; 409 when somebody else did meanwhile."""
    if body.sso.issuer:
        _allowed(body.sso.issuer, served)
    told = body.sso
    sso = SingleSignOn(
        told.on,
        told.name,
        told.issuer,
        told.client_id,
        told.scopes,
        told.login_claim,
        told.role_claim,
        tuple(RoleRule(rule.value, rule.role) for rule in told.role_rules),
        told.role_else,
        told.create,
        told.link,
        told.only,
    )
    rules = Rules(frozenset(body.factor_roles), sso, version=body.version)
    kept = await served.sign_in.put(rules, body.client_secret, by=caller.account.id)
    log.info("the ways to sign in were changed by user %s", caller.account.id)
    return _read(kept, request, served)


@router.post("/api/sign-in/test")
async def try_provider(body: ProviderTry, request: Request, served: Served) -> ProviderTold:
    """Ask a provider for what it says about itself; nothing is kept."""
    _allowed(body.issuer, served)
    open_id = OpenId(served.documents)  # of its own: what is remembered would not be a test
    try:
        provider = await open_id.provider(body.issuer, served.clock.now())
        await open_id.keys(provider)
    except SignInFailed as failed:
        return ProviderTold(ok=False, problem=str(failed)[:500], signs_out=False, algorithms=[])
    return ProviderTold(
        ok=True,
        problem="",
        signs_out=bool(provider.end_session),
        algorithms=sorted(provider.algorithms),
    )


def _allowed(issuer: str, served: WebServices) -> None:
    try:
        served.documents.check(issuer)
    except NotAllowed as error:
        raise ApiError(422, "invalid", str(error), where="issuer") from None


def _read(rules: Rules, request: Request, served: WebServices) -> SignInRulesRead:
    sso = rules.sso
    named = request.headers.get("origin") or next(iter(served.origins), "")
    return SignInRulesRead(
        factor_roles=sorted(rules.factor_roles),
        sso=SsoBody.model_construct(
            on=sso.on,
            name=sso.name,
            issuer=sso.issuer,
            client_id=sso.client_id,
            scopes=sso.scopes,
            login_claim=sso.login_claim,
            role_claim=sso.role_claim,
            role_rules=[RoleRuleBody(value=r.value, role=r.role) for r in sso.role_rules],
            role_else=sso.role_else,
            create=sso.create,
            link=sso.link,
            only=sso.only,
        ),
        has_secret=rules.has_secret,
        callback=(named or str(request.base_url).rstrip("/")) + CALLBACK,
        version=rules.version,
    )
