"""Wallboards: layouts for supervisors, and the address that shows one without a login.

A screen is let in by a token alone; what it is shown is figures, never a caller. Tokens are random,
kept as hashes, and can be revoked: the screen goes dark at once.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field, StringConstraints, field_validator

from callcenter.core.teams import Reach, within
from callcenter.store.walls import KeptWall
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError, not_found
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.routers.queue_settings import Version
from callcenter.web.services import WebServices

router = guarded_router("walls")

LAYOUT_MAX = 60_000
TOKEN_BYTES = 32
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Team = Annotated[str, Field(max_length=64)]


class WallTile(Body):
    """A rectangle of a grid of 12 by 8. `warn` and `bad`: from there on yellow and red; `low`:
    below them instead."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    kind: Literal["figure", "queues", "agents", "clock", "text"]
    title: Annotated[str, Field(max_length=80)] = ""
    metric: Annotated[str, Field(max_length=24)] = ""
    queue: Annotated[str, Field(max_length=32)] = ""
    x: Annotated[int, Field(ge=0, le=11)]
    y: Annotated[int, Field(ge=0, le=7)]
    w: Annotated[int, Field(ge=1, le=12)]
    h: Annotated[int, Field(ge=1, le=8)]
    warn: float | None = None
    bad: float | None = None
    low: bool = False


class WallPage(Body):
    tiles: Annotated[list[WallTile], Field(max_length=40)]


class WallLayout(Body):
    """`seconds`: after which the next page comes."""

    pages: Annotated[list[WallPage], Field(min_length=1, max_length=12)]
    seconds: Annotated[float, Field(ge=5, le=600)] = 20.0


class WallBody(Body):
    """`team` "": the whole house."""

    name: Name
    team: Team = ""
    language: Literal["en", "zh"] = "en"
    layout: WallLayout
    version: Version | None = None

    @field_validator("layout")
    @classmethod
    def _small(cls, layout: WallLayout) -> WallLayout:
        if len(json.dumps(layout.model_dump())) > LAYOUT_MAX:
            raise ValueError("too much for one wallboard")
        return layout


class WallScreen(Body):
    """Revoked screens are not listed."""

    id: str
    name: str
    created: datetime
    used: datetime | None


class WallRead(Body):
    id: str
    name: str
    team: str
    language: str
    layout: WallLayout
    version: int
    screens: list[WallScreen]


class WallsRead(Body):
    items: list[WallRead]


class NewScreen(Body):
    name: Name


class ScreenMade(Body):
    """`token` is shown this once."""

    id: str
    token: str


class WallShown(Body):
    """What a screen needs beside the live figures. `team_name` "": the whole house."""

    name: str
    team_name: str
    language: str
    layout: WallLayout


def _read(wall: KeptWall) -> WallRead:
    return WallRead(
        id=wall.id,
        name=wall.name,
        team=wall.team,
        language=wall.language,
        layout=WallLayout.model_validate(dict(wall.layout)),
        version=wall.version,
        screens=[
            WallScreen(id=one.id, name=one.name, created=one.created, used=one.used)
            for one in wall.tokens
            if one.revoked is None
        ],
    )


def _inside(reach: Reach, team: str) -> bool:
    return within(reach, teams=(team,) if team else ())


async def _own(id: str, reach: Reach, served: WebServices) -> KeptWall:
    found = await served.walls.wall(id)
    if found is None or not _inside(reach, found.team):
        raise not_found("wallboard")
    return found


@router.get("/api/walls")
async def list_walls(caller: Called, served: Served) -> WallsRead:
    """Those of the own teams; those of the whole house are for who sees all of it."""
    found = await served.walls.walls()
    return WallsRead(items=[_read(wall) for wall in found if _inside(caller.reach, wall.team)])


@router.post("/api/walls", status_code=201)
async def make_wall(body: WallBody, caller: Called, served: Served) -> WallRead:
    values = _checked(body, caller.reach, served)
    id = await served.walls.put_wall(None, values, by=caller.account.id)
    return _read(await _own(id, caller.reach, served))


@router.put("/api/walls/{wall}")
async def change_wall(wall: UuidText, body: WallBody, caller: Called, served: Served) -> WallRead:
    """Screens that show it take the new layout when they next ask, within a minute."""
    before = await _own(wall, caller.reach, served)
    values = _checked(body, caller.reach, served)
    values |= {"version": body.version} if body.version is not None else {}
    await served.walls.put_wall(wall, values, by=caller.account.id)
    if before.team != body.team:
        for one in before.tokens:
            served.hub.user_changed(_user(one.id))
    return _read(await _own(wall, caller.reach, served))


def _checked(body: WallBody, reach: Reach, served: WebServices) -> dict[str, Any]:
    if body.team and body.team not in served.config().teams:
        message = f"there is no team {body.team[:40]!r}"
        raise ApiError(422, "invalid", message, where="team", todo="choose one of the list")
    if not _inside(reach, body.team):
        raise outside()
    return body.model_dump(exclude={"version"})


@router.delete("/api/walls/{wall}", status_code=204)
async def remove_wall(wall: UuidText, caller: Called, served: Served) -> None:
    """Its screens go dark. For a week it can be restored."""
    found = await _own(wall, caller.reach, served)
    await served.walls.remove_wall(wall, by=caller.account.id)
    for one in found.tokens:
        served.hub.user_changed(_user(one.id))


@router.post("/api/walls/{wall}/restore")
async def restore_wall(wall: UuidText, caller: Called, served: Served) -> WallRead:
    """One that was removed is back, and shows itself again on its screens. 404: it is forgotten."""
    found = await served.walls.removed_wall(wall)
    if found is None or not _inside(caller.reach, found.team):
        raise not_found("wallboard")
    await served.walls.restore_wall(wall, by=caller.account.id)
    return _read(await _own(wall, caller.reach, served))


@router.post("/api/walls/{wall}/screens", status_code=201)
async def add_screen(wall: UuidText, body: NewScreen, caller: Called, served: Served) -> ScreenMade:
    """A new address that shows the wallboard without a login."""
    await _own(wall, caller.reach, served)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    id = await served.walls.add_token(wall, _hashed(token), body.name, by=caller.account.id)
    return ScreenMade(id=id, token=token)


@router.delete("/api/walls/{wall}/screens/{screen}", status_code=204)
async def revoke_screen(wall: UuidText, screen: UuidText, caller: Called, served: Served) -> None:
    """The address is good for nothing from now on; the screen goes dark."""
    await _own(wall, caller.reach, served)
    await served.walls.revoke_token(wall, screen, by=caller.account.id)
    served.hub.user_changed(_user(screen))


# -- the screen itself ----------------------------------------------------------------------------
@router.get("/api/public/wall")
async def show_wall(
    token: Annotated[str, Query(pattern=r"^[A-Za-z0-9_-]{20,100}$")], served: Served
) -> WallShown:
    """The layout, for a screen with a token."""
    found = await shown_by(served, token)
    if found is None:
        raise ApiError(
            404,
            "wall_gone",
            "this address shows nothing any more",
            todo="ask a supervisor for a new one",
        )
    wall, _ = found
    team = served.config().teams.get(wall.team)
    return WallShown(
        name=wall.name,
        team_name=team.name if team else "",
        language=wall.language,
        layout=WallLayout.model_validate(dict(wall.layout)),
    )


async def shown_by(served: WebServices, token: str) -> tuple[KeptWall, str] | None:
    """The wall of a token and the screen's name among the consoles."""
    now = datetime.fromtimestamp(served.clock.now(), UTC)
    found = await served.walls.shown_by(_hashed(token), now)
    return None if found is None else (found[0], _user(found[1]))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _user(screen: str) -> str:
    return f"wall-{screen}"
