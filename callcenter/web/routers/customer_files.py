"""Customers from files and into files."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from callcenter.crm.customers.schemas import CustomerKind, Wanted
from callcenter.crm.imports.schemas import Duplicates, FileWrong, Import, NotRunnable, State
from callcenter.sheets import csv_lines, xlsx
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, conflict, not_found
from callcenter.web.routers.common import Served, UuidText, guarded_router, plain_text

router = guarded_router("customers")

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ColumnRead(Body):
    name: str
    target: str
    samples: list[str]


class RowFlawRead(Body):
    """`row` as a spreadsheet counts."""

    row: int
    where: str
    message: str


class ImportRead(Body):
    """`state`: mapping (tell where the columns go), waiting, running, finished, cancelled, failed
    (`message` says why). In a dry run nothing is kept and the counts say what would be."""

    id: str
    file_name: str
    created: datetime
    by: str
    state: State
    columns: list[ColumnRead]
    duplicates: Duplicates
    dry_run: bool
    total: int
    done: int
    made: int
    changed: int
    skipped: int
    failed: int
    flaws: list[RowFlawRead]
    message: str


class ImportsPage(Body):
    items: list[ImportRead]


class StartBody(Body):
    """`columns`: a target for each column, '' for none: name, kind, company, numbers, emails, tags,
    language, vip, blocked, owner_agent, priority, notes, custom.<code>, consent.<channel>.
    `duplicates`: what to do with a row whose number or e-mail somebody has already."""

    columns: Annotated[list[Annotated[str, Field(max_length=50)]], Field(max_length=100)]
    duplicates: Duplicates = "skip"
    dry_run: bool = True


FLAWS_SHOWN = 100


def _read(one: Import) -> ImportRead:
    shown = asdict(one)
    shown["flaws"] = shown["flaws"][:FLAWS_SHOWN]
    return ImportRead.model_validate(shown)


@router.get("/api/imports")
async def list_imports(served: Served) -> ImportsPage:
    """The latest imports."""
    return ImportsPage(items=[_read(one) for one in await served.crm.imports.imports()])


@router.post("/api/imports", status_code=201)
async def take_file(
    request: Request,
    caller: Called,
    served: Served,
    name: Annotated[str, Query(max_length=200)] = "customers.csv",
) -> ImportRead:
    """Send a CSV or XLSX file as the body; the answer says how its columns might go."""
    content = await request.body()
    try:
        taken = await served.crm.imports.take(
            plain_text(name) or "", content, by=caller.account.id, name=caller.account.name
        )
    except FileWrong as wrong:
        raise ApiError(422, "file_wrong", str(wrong), where="file") from None
    return _read(taken)


@router.get("/api/imports/{import_id}")
async def get_import(import_id: UuidText, served: Served) -> ImportRead:
    found = await served.crm.imports.one(import_id)
    if found is None:
        raise not_found("import")
    return _read(found)


@router.post("/api/imports/{import_id}/start")
async def start_import(
    import_id: UuidText, body: StartBody, caller: Called, served: Served
) -> ImportRead:
    """Begin, in the background; a dry run keeps nothing."""
    try:
        begun = await served.crm.imports.start(
            import_id, body.columns, body.duplicates, dry_run=body.dry_run, by=caller.account.id
        )
    except NotRunnable as reason:
        raise conflict(str(reason), where="columns") from None
    if begun is None:
        raise not_found("import")
    return _read(begun)


@router.post("/api/imports/{import_id}/cancel")
async def cancel_import(import_id: UuidText, caller: Called, served: Served) -> ImportRead:
    """Stop it. What is in already stays in."""
    stopped = await served.crm.imports.cancel(import_id, by=caller.account.id)
    if stopped is None:
        raise not_found("import")
    return _read(stopped)


@router.get("/api/imports/{import_id}/flaws", include_in_schema=False)
async def flaws_file(import_id: UuidText, served: Served) -> Response:
    """The rows that could not be taken, as CSV."""
    found = await served.crm.imports.one(import_id)
    if found is None:
        raise not_found("import")
    rows = [["row", "where", "message"]]
    rows += [[str(flaw.row), flaw.where, flaw.message] for flaw in found.flaws]
    return _file(csv_lines(rows, first=True), "text/csv; charset=utf-8", "rows-not-taken.csv")


@router.get("/api/customers/export", include_in_schema=False)
async def export_customers(
    caller: Called,
    served: Served,
    form: Literal["csv", "xlsx"] = "xlsx",
    q: Annotated[str, Query(max_length=100)] = "",
    kind: CustomerKind | None = None,
    owner: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    tag: Annotated[str | None, Query(max_length=40)] = None,
    vip: bool | None = None,
    blocked: bool | None = None,
) -> Response:
    """The customers found, as a file that cannot compute anything in a spreadsheet."""
    wanted = Wanted("", kind, owner, plain_text(tag), vip, blocked)
    rows = await served.crm.imports.export(plain_text(q) or "", wanted, by=caller.account.id)
    if form == "csv":
        body = await asyncio.to_thread(csv_lines, rows, first=True)
        return _file(body, "text/csv; charset=utf-8", "customers.csv")
    return _file(await asyncio.to_thread(xlsx, rows), XLSX_TYPE, "customers.xlsx")


def _file(body: bytes, kind: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=kind, headers=headers)
