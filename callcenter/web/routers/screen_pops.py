"""Pages of an own CRM that open with a call: address templates, by queue, which agents read and
administrators define.

An address goes to https hosts that the operator named (CALLCENTER_SCREEN_POP_HOSTS) and no other.
What is filled in stands in the path or the query only, and is encoded where it is filled in.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from callcenter.crm.definitions.schemas import Definition
from callcenter.outside.addresses import Allowed, NotAllowed
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.routers.common import Code, Served, guarded_router

router = guarded_router("screen pops")

KIND: Final = "screen_pop"
VALUES: Final = frozenset(
    {"number", "name", "call", "queue", "did", "customer", "agent", "language"}
)
_HOLE = re.compile(r"{([^{}]*)}")
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
QueueName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")]


class ScreenPop(Body):
    """`url` with holes as {number}. `queues` empty: calls of all. `when`: the moment it opens.
    `where`: a tab of its own, or a panel in the console (the site must allow that)."""

    name: Name
    url: Url
    queues: Annotated[list[QueueName], Field(max_length=500, default_factory=list)]
    when: Literal["offered", "talking"] = "talking"
    where: Literal["tab", "panel"] = "tab"
    active: bool = True


class ScreenPopRead(ScreenPop):
    code: str
    version: int


class ScreenPops(Body):
    """`hosts`: where addresses may lead, as the operator set it. `values`: the holes there are."""

    items: list[ScreenPopRead]
    hosts: list[str]
    values: list[str]


class ScreenPopBody(ScreenPop):
    """`version` 0: a new one."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


def _read(one: Definition) -> ScreenPopRead:
    return ScreenPopRead.model_validate({**one.body, "code": one.code, "version": one.version})


def check_template(url: str, hosts: frozenset[str]) -> None:
    """Raises ApiError, saying what to write instead."""
    unknown = [name for name in _HOLE.findall(url) if name not in VALUES]
    if unknown:
        raise _wrong(f"there is no value {{{unknown[0]}}}; there are: {', '.join(sorted(VALUES))}")
    filled = _HOLE.sub("x", url)
    authority = url.partition("//")[2].partition("/")[0]
    if not url.lower().startswith("https://") or _HOLE.search(authority) or "\\" in url:
        raise _wrong("it must begin with https:// and a host without any {value}")
    if "{" in filled or "}" in filled:
        raise _wrong("a { or } stands alone")
    try:
        Allowed(hosts).target(filled)
    except NotAllowed as error:
        raise _wrong(f"{error} (CALLCENTER_SCREEN_POP_HOSTS)") from None


def _wrong(message: str) -> ApiError:
    return ApiError(422, "invalid", message, where="url")


@router.get("/api/screen-pops")
async def list_screen_pops(served: Served) -> ScreenPops:
    """In the administrator's order."""
    found = await served.crm.definitions.all(KIND)
    return ScreenPops(
        items=[_read(one) for one in found],
        hosts=sorted(served.screen_pop_hosts),
        values=sorted(VALUES),
    )


@router.put("/api/screen-pops/{code}")
async def put_screen_pop(
    code: Code, body: ScreenPopBody, caller: Called, served: Served
) -> ScreenPopRead:
    """Make or change one."""
    check_template(body.url, served.screen_pop_hosts)
    for place, queue in enumerate(body.queues):
        if queue not in served.config().queues:
            where = f"queues.{place}"
            raise ApiError(422, "invalid", f"there is no queue {queue!r}", where=where)
    kept = await served.crm.definitions.put(
        KIND,
        code,
        body.model_dump(exclude={"version"}),
        position=0,
        version=body.version,
        by=caller.account.id,
    )
    return _read(kept)


@router.delete("/api/screen-pops/{code}", status_code=204)
async def remove_screen_pop(code: Code, caller: Called, served: Served) -> None:
    """It opens no more."""
    await served.crm.definitions.remove(KIND, code, by=caller.account.id)
