"""Call flows: drafts that nobody overwrites, versions, publishing, going back, text in and out.

Nothing with a mistake or a failed test case is published; running calls stay on their version.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import JSONResponse

from callcenter.flows.drafts import TEMPLATES, NoDraft, blank, template, values_of
from callcenter.flows.gate import find_mistakes
from callcenter.store.flow_drafts import Draft, DraftPassed, FlowTaken
from callcenter.store.flows import FlowEntry
from callcenter.web.auth import Called
from callcenter.web.errors import ApiError, ErrorBody, not_found
from callcenter.web.routers import flow_schemas as shapes
from callcenter.web.routers.common import FlowId, Served, guarded_router
from callcenter.web.routers.flow_views import (
    changes_between,
    conflict_of,
    examined,
    known_now,
    mistakes_in,
    mistakes_of,
    no_flow,
    refused,
    text_for,
    title_of,
    used_by,
    values_or_none,
)
from callcenter.web.services import WebServices
from ivr.localtime import is_zone
from ivr.writing import write_values

router = guarded_router("flows")

RESERVED = frozenset("check try nodes names import export tests templates versions".split())
Responses = dict[int | str, dict[str, Any]]
CONFLICT: Responses = {409: {"model": shapes.DraftConflict}}
NOT_PUBLISHED: Responses = {422: {"model": shapes.PublishRefused | ErrorBody}}
REFUSED: Responses = CONFLICT | NOT_PUBLISHED
Point = Annotated[str, Query(pattern=r"^(draft|published|[0-9]{1,9})$")]


def _conflict(passed: DraftPassed, mine: str) -> JSONResponse:
    return JSONResponse(conflict_of(passed, mine).model_dump(mode="json"), 409)


async def _draft(served: WebServices, name: str) -> Draft:
    draft = await served.flows.draft(name)
    if draft is None:
        raise not_found("flow")
    return draft


async def _entry(served: WebServices, name: str) -> FlowEntry:
    entries = {entry.id: entry for entry in await served.flows.flows()}
    return entries.get(name) or FlowEntry(name, None, 0, None, "")


async def _is_changed(served: WebServices, draft: Draft, entry: FlowEntry) -> bool:
    """Whether the draft says something else than what callers hear."""
    if entry.published is None:
        return True
    found = await served.flows.flow_text(draft.flow, entry.published)
    return found is None or bool(
        changes_between(values_or_none(found[1]), values_or_none(draft.text))
    )


@router.get("/api/flows")
async def list_flows(served: Served) -> shapes.FlowList:
    entries = {entry.id: entry for entry in await served.flows.flows()}
    known = await known_now(served)
    items = []
    for draft in await served.flows.drafts():
        entry = entries.get(draft.flow) or FlowEntry(draft.flow, None, 0, None, "")
        _, problems = await asyncio.to_thread(find_mistakes, draft.text, known)
        items.append(
            shapes.FlowListed(
                name=draft.flow,
                title=title_of(draft.text, draft.flow),
                draft_revision=draft.revision,
                draft_at=draft.at,
                draft_by=draft.by,
                published_version=entry.published,
                published_at=entry.since if entry.published else None,
                published_by=entry.by if entry.published else "",
                newest_version=entry.newest,
                changed=await _is_changed(served, draft, entry),
                mistakes=len(problems),
            )
        )
    return shapes.FlowList(items=items)


@router.post("/api/flows", status_code=201)
async def create_flow(body: shapes.FlowNew, caller: Called, served: Served) -> shapes.FlowRead:
    """A new flow, from a template, from another flow's draft, or a small one that works."""
    if body.name in RESERVED:
        message = f"{body.name!r} is used by the product itself"
        raise ApiError(422, "invalid", message, where="name", todo="choose another name")
    values = await _first_values(served, body)
    values["name"] = body.title
    text = text_for(body.name, values)
    try:
        await served.flows.create_flow(body.name, text, by=caller.account.id)
    except FlowTaken as taken:
        raise ApiError(409, "taken", str(taken), where="name", todo="choose another name") from None
    return await read_flow(body.name, served)


async def _first_values(served: WebServices, body: shapes.FlowNew) -> dict[str, object]:
    if body.copy_of:
        return values_of((await _draft(served, body.copy_of)).text)
    if body.template:
        if body.template not in TEMPLATES:
            message = f"there is no template {body.template!r}"
            todo = "use one of: " + ", ".join(TEMPLATES)
            raise ApiError(422, "invalid", message, where="template", todo=todo)
        return template(body.template)
    if not is_zone(body.time_zone):
        message = f"{body.time_zone!r} is no time zone"
        todo = "write an IANA name such as Asia/Shanghai"
        raise ApiError(422, "invalid", message, where="time_zone", todo=todo)
    return blank(body.name, body.title, served.config(), body.time_zone)


@router.get("/api/flows/{name}")
async def read_flow(name: FlowId, served: Served) -> shapes.FlowRead:
    """The draft with its mistakes, and what callers hear now."""
    draft = await _draft(served, name)
    entry = await _entry(served, name)
    return shapes.FlowRead(
        name=name,
        title=title_of(draft.text, name),
        draft=values_or_none(draft.text),
        draft_revision=draft.revision,
        draft_at=draft.at,
        draft_by=draft.by,
        published_version=entry.published,
        published_at=entry.since if entry.published else None,
        published_by=entry.by if entry.published else "",
        newest_version=entry.newest,
        changed=await _is_changed(served, draft, entry),
        mistakes=mistakes_of(await mistakes_in(served, draft.text)),
        used_by=await used_by(served, name),
    )


@router.delete("/api/flows/{name}", status_code=204)
async def remove_flow(name: FlowId, caller: Called, served: Served) -> None:
    """Refused while something leads to it. Calls that are in it go on to their end."""
    await _draft(served, name)
    uses = await used_by(served, name)
    if uses:
        said = ", ".join(f"{use.what} {use.title}" for use in uses[:10])
        todo = "lead these somewhere else first"
        raise ApiError(409, "in_use", f"it is used by: {said}", where="name", todo=todo)
    await served.flows.remove_flow(name, by=caller.account.id)
    await served.reload()


@router.put("/api/flows/{name}/draft", responses=CONFLICT, response_model=shapes.DraftSaved)
async def save_draft(
    name: FlowId, body: shapes.DraftBody, caller: Called, served: Served
) -> shapes.DraftSaved | JSONResponse:
    """Keep the draft, mistakes and all. When somebody else saved since `base_revision` nothing is
    overwritten: 409 with theirs and the difference."""
    text = text_for(name, body.flow)
    try:
        draft = await served.flows.save_draft(
            name, text, base=body.base_revision, by=caller.account.id
        )
    except DraftPassed as passed:
        return _conflict(passed, text)
    return shapes.DraftSaved(
        name=name, draft_revision=draft.revision, draft_at=draft.at, draft_by=draft.by
    )


# -- publishing ---------------------------------------------------------------------------------
@router.post("/api/flows/{name}/publish", responses=REFUSED, response_model=shapes.Published)
async def publish(
    name: FlowId, body: shapes.PublishBody, caller: Called, served: Served
) -> shapes.Published | JSONResponse:
    """New callers get the draft of `revision`; calls in progress stay on their version."""
    draft = await _draft(served, name)
    if draft.revision != body.revision:
        return _conflict(DraftPassed(draft, None), draft.text)
    found = await examined(served, draft.text)
    if not found.passed:
        return refused(found)
    text = write_values(values_of(draft.text))
    try:
        version = await served.flows.publish_flow(
            name, text, note=body.note, by=caller.account.id, parts=found.parts,
            revision=draft.revision,
        )  # fmt: skip
    except DraftPassed as passed:
        return _conflict(passed, draft.text)
    await served.reload()
    return shapes.Published(name=name, version=version)


@router.post(
    "/api/flows/{name}/rollback",
    responses=NOT_PUBLISHED,
    response_model=shapes.Published,
)
async def roll_back(
    name: FlowId, body: shapes.Rollback, caller: Called, served: Served
) -> shapes.Published | JSONResponse:
    """Put an earlier version to use again; the draft stays as it is. It is checked against what the
    centre has now; its test cases, which once passed, are not run."""
    stored = await served.flows.flow_text(name, body.version)
    if stored is None:
        raise not_found("version")
    found = await examined(served, stored[1], tests=False)
    if not found.passed:
        return refused(found)
    await served.flows.publish_version(name, body.version, note=body.note, by=caller.account.id)
    await served.reload()
    return shapes.Published(name=name, version=body.version)


# -- versions -----------------------------------------------------------------------------------
@router.get("/api/flows/{name}/versions")
async def list_versions(name: FlowId, served: Served) -> shapes.Versions:
    """Newest first."""
    versions = await served.flows.versions(name)
    if not versions:
        await _draft(served, name)
    return shapes.Versions(
        items=[
            shapes.VersionRead(
                version=one.version,
                published=one.published,
                note=one.note,
                created=one.created,
                by=one.by,
                since=one.since,
                kind=one.kind,
                parts=dict(one.parts),
                used_by=one.used_by,
                used_note=one.used_note,
            )
            for one in versions
        ]
    )


async def _values_at(served: WebServices, name: str, point: str) -> dict[str, object]:
    """The values of the draft, of the published version, or of a version."""
    if point == "draft":
        return values_or_none((await _draft(served, name)).text) or {}
    number = (await _entry(served, name)).published if point == "published" else int(point)
    found = await served.flows.flow_text(name, number) if number is not None else None
    if found is None:
        raise not_found("version")
    return values_or_none(found[1]) or {}


@router.get("/api/flows/{name}/versions/{version}")
async def read_version(name: FlowId, version: int, served: Served) -> shapes.VersionFlow:
    if not 1 <= version <= 10**9:
        raise not_found("version")
    values = await _values_at(served, name, str(version))
    return shapes.VersionFlow(name=name, version=version, flow=values | {"version": version})


@router.get("/api/flows/{name}/diff")
async def compare(
    name: FlowId,
    served: Served,
    from_: Annotated[str, Query(alias="from", pattern=r"^(draft|published|[0-9]{1,9})$")],
    to: Point = "draft",
) -> shapes.Diff:
    """What `to` has differently from `from`: each a version's number, `published` or `draft`."""
    before = await _values_at(served, name, from_)
    return shapes.Diff(items=changes_between(before, await _values_at(served, name, to)))


# -- text in and out ----------------------------------------------------------------------------
@router.get("/api/flows/{name}/export")
async def export_flow(name: FlowId, served: Served, version: Point = "draft") -> shapes.Exported:
    """The flow as YAML, as it can be imported again."""
    values = await _values_at(served, name, version)
    number = (await _entry(served, name)).published if version == "published" else version
    if version != "draft":
        values["version"] = int(str(number))
    suffix = "draft" if version == "draft" else f"v{number}"
    return shapes.Exported(name=name, filename=f"{name}-{suffix}.yaml", text=write_values(values))


@router.post("/api/flows/import", responses=CONFLICT, response_model=shapes.Imported)
async def import_flow(
    body: shapes.ImportBody, caller: Called, served: Served
) -> shapes.Imported | JSONResponse:
    """A flow's text becomes the draft of a new flow, or of the one it replaces."""
    try:
        values = values_of(body.text)
    except NoDraft as wrong:
        raise no_flow(wrong) from None
    name = body.name or str(values.get("id", ""))
    if not name or name in RESERVED:
        todo = "write 'id: my-flow' at the top of the text, or give a name"
        raise ApiError(422, "invalid", "the flow has no usable name", where="name", todo=todo)
    text = text_for(name, values)
    by = caller.account.id
    try:
        if body.base_revision is None:
            draft, created = await served.flows.create_flow(name, text, by=by), True
        else:
            base = body.base_revision
            draft = await served.flows.save_draft(name, text, base=base, by=by)
            created = False
    except FlowTaken as taken:
        todo = "import it under another name, or replace the draft of this one"
        raise ApiError(409, "taken", str(taken), where="name", todo=todo) from None
    except DraftPassed as passed:
        return _conflict(passed, text)
    return shapes.Imported(
        name=name,
        draft_revision=draft.revision,
        created=created,
        mistakes=mistakes_of(await mistakes_in(served, text)),
    )
