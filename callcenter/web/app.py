"""Puts the web side together: routers, sockets, the console's files, and the guard around all.

Nothing is decided here and nothing is read from the environment: everything comes in `WebServices`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

import agent_console
from agent_console.hub import Hub
from agent_console.socket import serve_console
from callcenter.web import errors, static
from callcenter.web.allowance import Allowance
from callcenter.web.auth import SECURE_COOKIE, GuardedRoute, Sessions, address_of
from callcenter.web.embed_routes import embed_routes
from callcenter.web.errors import ErrorBody
from callcenter.web.form_door import FormDoor
from callcenter.web.guard import Guard
from callcenter.web.key_policy import ANY, scope_needed
from callcenter.web.keys import KeyDoor
from callcenter.web.open_id import OpenId
from callcenter.web.origins import Origins
from callcenter.web.passwords import Passwords
from callcenter.web.policy import rule_for
from callcenter.web.routers import (
    alerts,
    articles,
    behind,
    call_forms,
    callback_form,
    callbacks,
    centre,
    customer_files,
    customer_history,
    customer_merging,
    customers,
    fields,
    floor,
    flow_tools,
    flow_trials,
    flows,
    ghosts,
    groups,
    health,
    hearing,
    hours,
    in_call,
    interactions,
    keys,
    last_hour,
    outbound,
    persons,
    prompts,
    quality,
    quality_work,
    recordings,
    report_views,
    reports,
    routes,
    routing,
    screen_pops,
    scripts,
    second_factor,
    session,
    sessions,
    shifts,
    sign_in,
    sso,
    staffing,
    staffing_simulated,
    tasks,
    teams,
    texts,
    ticket_settings,
    tickets,
    trunk_lines,
    users,
    voicemails,
    walls,
    webhooks,
    what_if,
    work,
)
from callcenter.web.services import WebServices
from callcenter.web.sip import SipProxy
from callcenter.web.throttle import LoginThrottle
from callcenter.web.wall_screens import serve_wall_screen

API_VERSION = "0.1.0"
# The fixed addresses of flow_tools come before the names of flows, those of customer_merging before
# the ids of customers.
ROUTERS = (
    session,
    sessions,
    second_factor,
    sso,
    sign_in,
    work,
    customer_merging,
    persons,
    customer_files,
    customers,
    customer_history,
    fields,
    tickets,
    ticket_settings,
    tasks,
    in_call,
    interactions,
    scripts,
    articles,
    call_forms,
    callbacks,
    callback_form,
    screen_pops,
    reports,
    behind,
    last_hour,
    report_views,
    outbound,
    trunk_lines,
    routing,
    staffing,
    staffing_simulated,
    what_if,
    shifts,
    users,
    keys,
    webhooks,
    centre,
    groups,
    teams,
    floor,
    alerts,
    ghosts,
    walls,
    routes,
    hours,
    flow_tools,
    flow_trials,
    hearing,
    flows,
    prompts,
    quality,
    quality_work,
    voicemails,
    recordings,
    texts,
    health,
)


class OpenSockets:
    """The consoles and phones that are open, to be closed when a session ends."""

    def __init__(self, hub: Hub, phones: SipProxy) -> None:
        self._hub = hub
        self._phones = phones

    # Phones first: no good-bye of a page that is sent away may end its call.
    def session_ended(self, session: str) -> None:
        self._phones.end_where(lambda visitor: visitor.session == session)
        self._hub.session_ended(session)

    def user_changed(self, user: str, *, but: str | None = None) -> None:
        self._phones.end_where(lambda one: one.user == user and one.session != but)
        self._hub.user_changed(user, but=but)


def default_dist() -> Path:
    """Where the built console lies, in a checkout and in an installed wheel."""
    return Path(agent_console.__file__).parent / "web" / "dist"


def create_app(services: WebServices) -> FastAPI:
    """The whole web side as one ASGI application."""
    origins = Origins(services.origins)
    guard = Middleware(
        Guard,
        origins=origins,
        strict_transport=services.own_certificate,
        frames=services.screen_pop_hosts,
    )
    app = _with_routes([guard])
    gate = Sessions(
        services.accounts, services.clock, origins, services.database_errors, services.config
    )
    phones = SipProxy(services.sip_upstream, gate)
    app.state.services = services
    app.state.sessions = gate
    app.state.keys = KeyDoor(services.keys, services.clock, address_of)
    app.state.passwords = Passwords()
    app.state.throttle = LoginThrottle()
    app.state.code_throttle = LoginThrottle()
    app.state.open_id = OpenId(services.documents)
    app.state.sso_allowance = Allowance()
    app.state.form_door = FormDoor()
    app.state.sockets = OpenSockets(services.hub, phones)
    errors.install(app, services.database_errors)

    async def console(socket: WebSocket) -> None:
        await serve_console(socket, hub=services.hub, gate=gate, clock=services.clock)

    async def wall(socket: WebSocket) -> None:
        await serve_wall_screen(socket, services, origins)

    app.router.routes.append(WebSocketRoute("/ws/console", console))
    app.router.routes.append(WebSocketRoute("/ws/wall", wall))
    app.router.routes.append(WebSocketRoute("/sip", phones.serve))
    app.router.routes.extend(embed_routes(services.embed_origins))
    app.router.routes.extend(static.console_routes(services.dist or default_dist()))
    return app


@cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI document, which nobody may change; needs no service to be running. It is the same
    for every application, and takes a second to make."""
    return _described(_with_routes())


def _with_routes(middleware: Sequence[Middleware] = ()) -> FastAPI:
    app = FastAPI(
        title="Call centre",
        version=API_VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=middleware,
        lifespan=_lifespan,
    )
    app.router.route_class = GuardedRoute
    app.openapi = openapi_document  # type: ignore[method-assign]
    # Taken as they are. FastAPI's include_router works each out once more, at the first request:
    # over a second of processor time in which no call would be served.
    for module in ROUTERS:
        app.router.routes.extend(module.router.routes)

    @app.get("/api/openapi.json", include_in_schema=False)
    async def document(request: Request) -> JSONResponse:
        return JSONResponse(app.openapi())

    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """The document with the ways to be let in, and the scope that a key needs for each route."""
    document = FastAPI.openapi(app)
    components = document.setdefault("components", {})
    components["schemas"] = _error_schemas() | components.get("schemas", {})
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": SECURE_COOKIE},
        "key": {"type": "http", "scheme": "bearer"},
    }
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            rule = rule_for(method.upper(), path)
            if rule is None or rule.public:
                operation["security"] = []
                continue
            operation["security"] = [{"session": []}]
            scope = scope_needed(method.upper(), path)
            if scope is not None:
                operation["security"].append({"key": []})
                words = operation.get("description", "")
                needs = "Any API key." if scope == ANY else f"API keys need the scope `{scope}`."
                operation["description"] = f"{words}\n\n{needs}".strip()
    return document


def _error_schemas() -> dict[str, Any]:
    """The body of errors, which routes name only (`routers.common.ERRORS`)."""
    schema = ErrorBody.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    return {**schema.pop("$defs", {}), ErrorBody.__name__: schema}


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.services.hub.close_all()
    app.state.passwords.close()
