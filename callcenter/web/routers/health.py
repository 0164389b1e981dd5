"""Is it alive, is it ready, and what exactly is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Response

from callcenter.web.body import Body
from callcenter.web.checks import Check
from callcenter.web.routers.common import Served, guarded_router

PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {}}}}
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

router = guarded_router("health")


class Alive(Body):
    status: str = "ok"


class Ready(Body):
    """`reasons`: the names of what does not work; details are for administrators alone."""

    ready: bool
    reasons: list[str]


class CheckRead(Body):
    name: str
    ok: bool
    text: str
    todo: str
    values: dict[str, float | str]


class HealthRead(Body):
    """`figures`: how the running service does, by name; `_ms` are milliseconds."""

    ready: bool
    checks: list[CheckRead]
    figures: dict[str, float]


def _failed(checks: Sequence[Check]) -> list[str]:
    return [check.name for check in checks if check.needed and not check.ok]


@router.get("/healthz")
async def alive(response: Response) -> Alive:
    """The process runs and answers."""
    response.headers["cache-control"] = "no-store"
    return Alive()


@router.get("/readyz", responses={503: {"model": Ready}})
async def ready(response: Response, served: Served) -> Ready:
    """200 when calls can be taken; 503 with the reasons while Asterisk or the database is away."""
    response.headers["cache-control"] = "no-store"
    failed = _failed(served.health())
    if failed:
        response.status_code = 503
    return Ready(ready=not failed, reasons=failed)


@router.get("/metrics", response_class=Response, responses=PAGE)
async def metrics(served: Served) -> Response:
    """Figures for Prometheus, in its text format."""
    return Response(served.metrics(), media_type=METRICS_TYPE)


@router.get("/api/health")
async def health(served: Served) -> HealthRead:
    """Every link with its state and what to do."""
    checks = served.health()
    read = [
        CheckRead(
            name=check.name,
            ok=check.ok,
            text=check.text,
            todo=check.todo,
            values=dict(check.values),
        )
        for check in checks
    ]
    return HealthRead(ready=not _failed(checks), checks=read, figures=served.vitals())
