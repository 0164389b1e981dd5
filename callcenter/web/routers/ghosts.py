"""Break glass: what Asterisk, the centre and the books do not agree about, and its clearing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import Query
from pydantic import StringConstraints

from callcenter.core import refusals
from callcenter.core.ghosts import Ghost
from callcenter.core.teams import within
from callcenter.store.config_values import NotThere
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.services import WebServices

router = guarded_router("floor")


class GhostRead(Body):
    """*channel*: in Asterisk alone; *call*: in the centre alone; *agent*: busy with no call;
    *presence*: the books have another state. `since`: UNIX seconds."""

    id: str
    kind: Literal["channel", "call", "agent", "presence"]
    subject: str
    since: float
    detail: Mapping[str, str]


class GhostsRead(Body):
    items: list[GhostRead]


class ClearGhost(Body):
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


async def _found(caller: Caller, served: WebServices) -> list[Ghost]:
    if served.ghosts is None:
        return []
    try:
        found = await served.ghosts.find()
    except served.database_errors:
        raise
    except Exception as error:
        if type(error).__module__.startswith("callcenter.asterisk"):
            raise _away() from None
        raise
    return [one for one in found if within(caller.reach, agents=one.agents, queues=one.queues)]


def _away() -> ApiError:
    return ApiError(
        503,
        "asterisk_away",
        "Asterisk cannot be asked at the moment",
        todo="look at the health page, and try again",
    )


@router.get("/api/ghosts")
async def list_ghosts(caller: Called, served: Served) -> GhostsRead:
    """Oldest first. Channels that belong to nobody are shown to those who see the whole house."""
    return GhostsRead(
        items=[
            GhostRead(
                id=one.id,
                kind=one.kind,
                subject=one.subject,
                since=one.since,
                detail=one.detail,
            )
            for one in await _found(caller, served)
        ]
    )


@router.post("/api/ghosts/clear", status_code=204)
async def clear_ghost(
    ghost: Annotated[str, Query(max_length=250)], body: ClearGhost, caller: Called, served: Served
) -> None:
    """Looked at once more before it is cleared: what is no ghost any more is left alone."""
    found = next((one for one in await _found(caller, served) if one.id == ghost), None)
    if found is None or served.ghosts is None:
        raise NotThere("ghost", ghost[:80])
    refusal = await served.ghosts.clear(found, caller.account.id)
    if refusal is not None:
        raise ApiError(409, refusal, refusals.TEXTS.get(refusal, refusal))
    detail = dict(found.detail) | {"why": body.why}
    await served.audit.write(caller.account.id, "ghost.clear", found.id, detail)
