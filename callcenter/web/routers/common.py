"""What every router shares: the services, the shape of ids, and the errors in the API document."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request

from agent_console.view import call_within
from callcenter.web.auth import Caller, GuardedRoute
from callcenter.web.errors import ErrorBody
from callcenter.web.services import WebServices

# Of all routes. By its name, which `app` puts into the document: given as a model, FastAPI would
# build what checks and writes one for each status of each route, at every start of the service.
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
    for status in (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)
    for name in (ErrorBody.__name__,)
}

AgentId = Annotated[str, Path(pattern=r"^[a-z0-9]{1,32}$")]
QueueId = Annotated[str, Path(pattern=r"^[a-z0-9]{1,32}$")]
GroupId = Annotated[str, Path(pattern=r"^[a-z0-9]{1,32}$")]
FlowId = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,32}$")]
CallId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,80}$")]
UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
UuidText = Annotated[str, Path(pattern=UUID_PATTERN)]
Code = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,32}$")]


def plain_text(text: str | None) -> str | None:
    """Text of a query as PostgreSQL takes it: without NUL and lone surrogates."""
    return None if text is None else text.replace("\0", "").encode("utf-8", "replace").decode()


def _services(request: Request) -> WebServices:
    services: WebServices = request.app.state.services
    return services


Served = Annotated[WebServices, Depends(_services)]


def live_call_within(caller: Caller, served: WebServices, call: str) -> bool:
    """Whether a call that goes on lies inside the caller's border."""
    row = served.hub.tables.calls.get(call)
    return caller.reach.everything or (row is not None and call_within(caller.reach, row))


def guarded_router(tag: str) -> APIRouter:
    return APIRouter(
        route_class=GuardedRoute,
        tags=[tag],
        responses=ERRORS,
        generate_unique_id_function=lambda route: route.name,
    )
