"""What all definitions of administrators share over HTTP: read with a version, put by code."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field

from callcenter.crm.definitions.schemas import Code as CodeText
from callcenter.crm.definitions.schemas import Defined, Definition, Kind
from callcenter.web.auth import Caller
from callcenter.web.body import Body
from callcenter.web.services import WebServices

T = TypeVar("T", bound=Defined)
Whole = TypeVar("Whole", bound=BaseModel)


class DefinedRead(Body, Generic[T]):
    """`version` 0: comes with the product, nobody changed it yet."""

    code: CodeText
    value: T
    position: int
    version: int


class DefinedPage(Body, Generic[T]):
    items: list[DefinedRead[T]]


class DefinedBody(Body, Generic[T]):
    """`version`: the one that was read; 0 for a new one."""

    value: T
    position: Annotated[int, Field(ge=0, le=1000)] = 0
    version: Annotated[int, Field(ge=0)] = 0


def _stored(body: DefinedBody[T], code: str) -> dict[str, object]:
    stored: dict[str, object] = body.value.model_dump(mode="json")
    return stored | {"code": code} if "code" in type(body.value).model_fields else stored


def _read(one: Definition, kind: type[T]) -> DefinedRead[T]:
    return DefinedRead[kind](  # type: ignore[valid-type]
        code=one.code,
        value=kind.model_validate(one.body),
        position=one.position,
        version=one.version,
    )


async def put_defined(
    served: WebServices, caller: Caller, what: Kind, code: str, body: DefinedBody[T], kind: type[T]
) -> DefinedRead[T]:
    """Keep what was sent as the definition `code` of this kind of definitions."""
    done = await served.crm.definitions.put(
        what,
        code,
        _stored(body, code),
        position=body.position,
        version=body.version,
        by=caller.account.id,
    )
    return _read(done, kind)


async def all_defined(served: WebServices, what: Kind, kind: type[T]) -> DefinedPage[T]:
    found = await served.crm.definitions.all(what)
    return DefinedPage[kind](items=[_read(one, kind) for one in found])  # type: ignore[valid-type]


# -- kinds of which there is one definition alone -------------------------------------------------
async def the_only(
    served: WebServices, what: Kind, code: str, kind: type[Whole]
) -> tuple[Whole, int]:
    """It and its version; as `kind` is by itself, and 0, while nobody has made it."""
    for one in await served.crm.definitions.all(what):
        if one.code == code:
            return kind.model_validate(one.body), one.version
    return kind(), 0


async def put_the_only(
    served: WebServices, caller: Caller, what: Kind, code: str, body: BaseModel, version: int
) -> None:
    """`body`: with the version that was read, which is not kept in it."""
    kept = body.model_dump(exclude={"version"})
    by = caller.account.id
    await served.crm.definitions.put(what, code, kept, position=0, version=version, by=by)
