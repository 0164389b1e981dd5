"""Call flows: list, read, check, publish. A flow with a mistake is refused with line and reason,
and the published one stays as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field, StringConstraints

from callcenter.core.config import Config
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, not_found
from callcenter.web.routers.common import FlowId, Served, guarded_router
from ivr.checking import Known, check
from ivr.flow import Flow
from ivr.problems import Problem
from ivr.reading import read_flow

router = guarded_router("flows")

FLAWS_SHOWN = 100


class FlowText(Body):
    """`text` is YAML or JSON; its `id` says which flow it is."""

    text: Annotated[str, Field(min_length=1, max_length=800_000)]
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


class FlowChecked(Body):
    """`id` is None when not even that could be read."""

    ok: bool
    id: str | None
    flaws: list[Flaw]


class FlowPublished(Body):
    id: str
    version: int


class FlowListed(Body):
    """`published`: the version callers hear (None: none is)."""

    id: str
    name: str
    published: int | None
    newest: int
    changed: datetime | None


class Flows(Body):
    items: list[FlowListed]


class FlowSource(Body):
    id: str
    version: int
    text: str


def flaws_of(problems: list[Problem]) -> list[Flaw]:
    """The problems as the API tells them, each with its place."""
    out = []
    for problem in problems[:FLAWS_SHOWN]:
        place = [f"line {problem.line}"] if problem.line is not None else []
        place += [f"node {problem.node}"] if problem.node else []
        place += [f"port {problem.port}"] if problem.port else []
        out.append(
            Flaw(
                where=", ".join(place) or "the flow",
                message=problem.reason,
                line=problem.line,
                todo=problem.cure or None,
            )
        )
    return out


def examine(text: str, config: Config) -> tuple[Flow | None, list[Problem]]:
    """Read a flow's text and check it against what this centre has."""
    flow, problems = read_flow(text)
    if flow is None:
        return None, problems
    return flow, check(flow, Known(queues=frozenset(config.queues)))


@router.get("/api/flows")
async def list_flows(served: Served) -> Flows:
    entries = await served.directory.flows()
    return Flows(
        items=[
            FlowListed(
                id=entry.id,
                name=entry.name,
                published=entry.published,
                newest=entry.newest,
                changed=entry.changed,
            )
            for entry in entries
        ]
    )


@router.get("/api/flows/{flow}")
async def get_flow(
    flow: FlowId, served: Served, version: Annotated[int | None, Query(ge=1, le=10**9)] = None
) -> FlowSource:
    """The text of the published version, or of the one asked for."""
    found = await served.directory.flow_text(flow, version)
    if found is None:
        raise not_found("flow")
    return FlowSource(id=flow, version=found[0], text=found[1])


@router.post("/api/flows/check")
async def check_flow(body: FlowText, served: Served) -> FlowChecked:
    """Look for mistakes; nothing is changed."""
    flow, problems = examine(body.text, served.config())
    return FlowChecked(ok=not problems, id=flow.id if flow else None, flaws=flaws_of(problems))


@router.post("/api/flows", status_code=201)
async def publish_flow(body: FlowText, caller: Called, served: Served) -> FlowPublished:
    """Publish a flow: new callers get it, calls in progress stay on their version."""
    flow, problems = examine(body.text, served.config())
    if flow is None or problems:
        flaws = flaws_of(problems)
        first = flaws[0]
        raise ApiError(
            422,
            "flow_has_mistakes",
            f"{first.where}: {first.message}",
            where=first.where,
            todo="mend it and send it again; the flow that is published stays as it is",
            flaws=flaws,
        )
    version = await served.directory.publish_flow(
        flow.id, body.text, note=body.note, by=caller.account.id
    )
    await served.reload()
    return FlowPublished(id=flow.id, version=version)
