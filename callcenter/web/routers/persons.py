"""A person's data: everything that is kept about a customer as one file, and its erasure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Annotated

from fastapi.responses import StreamingResponse
from pydantic import StringConstraints

from callcenter.media.recordings.keeping import KeepingFailed
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, conflict
from callcenter.web.routers.common import Served, UuidText, guarded_router

router = guarded_router("customers")

PIECE_BYTES = 64 * 1024


class EraseBody(Body):
    """`name`: the customer's, as proof that this one is meant. `why`: for the audit."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Erased(Body):
    """What was erased: rows by table, recordings, messages. `held`: recordings that stay, because
    they are under legal hold."""

    rows: dict[str, int]
    recordings: int
    messages: int
    held: int


@router.get("/api/customers/{customer}/personal-data", include_in_schema=False)
async def export_person(customer: UuidText, caller: Called, served: Served) -> StreamingResponse:
    """Everything that is kept about the customer, as a ZIP file."""
    made = await served.persons.export(customer, by=caller.account.id)
    headers = {"content-disposition": 'attachment; filename="personal-data.zip"'}
    return StreamingResponse(_pieces(made), media_type="application/zip", headers=headers)


@router.post("/api/customers/{customer}/erase")
async def erase_person(
    customer: UuidText, body: EraseBody, caller: Called, served: Served
) -> Erased:
    """Erase the customer from every store. Figures stay, without him. It cannot be undone."""
    person = await served.persons.person(customer)
    if body.name != person.name:
        raise ApiError(422, "invalid", "this is not the customer's name", where="name")
    for row in served.hub.tables.calls.values():
        if row.number in person.numbers or {card.id for card in row.cards} & set(person.ids):
            raise conflict("the customer is on the telephone", todo="wait until the call is closed")
    try:
        done = await served.persons.erase(customer, by=caller.account.id, why=body.why)
    except KeepingFailed as error:
        todo = "nothing was erased but recordings; try again when the place of recordings is back"
        raise ApiError(503, "recordings_away", str(error), todo=todo) from None
    return Erased(
        rows=done.rows, recordings=done.recordings, messages=done.messages, held=done.held
    )


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece
