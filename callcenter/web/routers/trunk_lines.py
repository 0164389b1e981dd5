"""How many lines the trunks have, as an administrator knows from his carriers: the report of trunks
tells how many of them were in use. Nothing is limited by it.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.routers.defined import put_the_only, the_only

router = guarded_router("trunk lines")

KIND: Final = "trunk_lines"
CODE = "all"
LINES_MAX = 100_000
TRUNKS_MAX = 100
Lines = Annotated[int, Field(ge=1, le=LINES_MAX)]


class LinesOfTrunk(Body):
    """`trunk`: the name of its endpoint in Asterisk."""

    trunk: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    lines: Lines


class TrunkLines(Body):
    """`together`: of all trunks, where several share the same lines."""

    together: Lines | None = None
    trunks: Annotated[list[LinesOfTrunk], Field(max_length=TRUNKS_MAX, default_factory=list)]


class TrunkLinesRead(TrunkLines):
    """`version` 0: nothing was noted yet. `known`: trunks that calls came or went by."""

    version: int
    known: list[str]


class TrunkLinesBody(TrunkLines):
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


@router.get("/api/trunk-lines")
async def read_trunk_lines(served: Served) -> TrunkLinesRead:
    """How many lines there are, as far as somebody noted it."""
    lines, version = await the_only(served, KIND, CODE, TrunkLines)
    known = await served.reports.trunks()
    return TrunkLinesRead(**lines.model_dump(), version=version, known=known)


@router.put("/api/trunk-lines")
async def put_trunk_lines(body: TrunkLinesBody, caller: Called, served: Served) -> TrunkLinesRead:
    """Note it; what is left out is not known."""
    names = [one.trunk for one in body.trunks]
    for place, name in enumerate(names):
        if name in names[:place]:
            where = f"trunks.{place}.trunk"
            raise ApiError(422, "invalid", f"{name} is there twice: keep one of them", where=where)
    await put_the_only(served, caller, KIND, CODE, body, body.version)
    return await read_trunk_lines(served)
