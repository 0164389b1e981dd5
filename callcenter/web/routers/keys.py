"""API keys of other programs: list, make, revoke. For administrators."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from callcenter.store.keys import ApiKey
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import not_found
from callcenter.web.key_policy import KEY_POLICY, SCOPES, KeyScope
from callcenter.web.keys import new_key
from callcenter.web.routers.common import Served, UuidText, guarded_router

router = guarded_router("keys")

DAY = 86_400.0
KeyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class KeyRead(Body):
    """`prefix`: its first letters, to know it by. `state`: active, expired, revoked."""

    id: str
    name: str
    prefix: str
    state: str
    scopes: list[str]
    per_minute: int
    created: datetime
    created_by: str
    expires: datetime | None
    last_used: datetime | None
    last_address: str
    revoked: datetime | None


class ScopeRead(Body):
    """`routes`: what a key with this scope may call, as "GET /api/customers"."""

    scope: str
    routes: list[str]


class KeyList(Body):
    items: list[KeyRead]
    scopes: list[ScopeRead]


class KeyBody(Body):
    """`days` None: it does not expire. `per_minute`: how many requests it may make."""

    name: KeyName
    scopes: Annotated[list[KeyScope], Field(min_length=1, max_length=len(SCOPES))]
    days: Annotated[int | None, Field(ge=1, le=3650)] = 365
    per_minute: Annotated[int, Field(ge=1, le=6000)] = 300


class MadeKey(Body):
    """`token` is shown this once: put it where the program keeps its secrets."""

    key: KeyRead
    token: str


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _read(key: ApiKey, now: float) -> KeyRead:
    expired = key.expires is not None and now >= key.expires
    created = _moment(key.created)
    assert created is not None
    return KeyRead(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        state="revoked" if key.revoked is not None else "expired" if expired else "active",
        scopes=sorted(key.scopes),
        per_minute=key.per_minute,
        created=created,
        created_by=key.created_by_name,
        expires=_moment(key.expires),
        last_used=_moment(key.last_used),
        last_address=key.last_address,
        revoked=_moment(key.revoked),
    )


@router.get("/api/keys")
async def list_keys(served: Served) -> KeyList:
    """All keys, newest first, and what each scope allows."""
    now = served.clock.now()
    scopes = [
        ScopeRead(
            scope=scope,
            routes=[
                f"{method} {path}" for (method, path), one in KEY_POLICY.items() if one == scope
            ],
        )
        for scope in SCOPES
    ]
    return KeyList(items=[_read(key, now) for key in await served.keys.all()], scopes=scopes)


@router.post("/api/keys", status_code=201)
async def make_key(body: KeyBody, caller: Called, served: Served) -> MadeKey:
    """A new key. Only its hash is kept, so it cannot be shown again."""
    now = float(int(served.clock.now()))
    made = new_key()
    wanted = ApiKey(
        id="",
        name=body.name,
        prefix=made.prefix,
        scopes=frozenset(body.scopes),
        per_minute=body.per_minute,
        created=now,
        created_by=caller.account.id,
        created_by_name=caller.account.name,
        expires=None if body.days is None else now + body.days * DAY,
    )
    key = await served.keys.make(wanted, made.hash)
    return MadeKey(key=_read(key, now), token=made.token)


@router.delete("/api/keys/{key}")
async def revoke_key(key: UuidText, caller: Called, served: Served) -> KeyRead:
    """From now on nobody gets in with it. It cannot be taken back."""
    now = served.clock.now()
    found = await served.keys.revoke(key, by=caller.account.id, now=now)
    if found is None:
        raise not_found("API key")
    return _read(found, now)
