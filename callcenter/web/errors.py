"""Errors as data: what every refused or failed request answers, and the one place that renders it.

Each answer has a fixed code for programs, a sentence for people, and, where known, where the
mistake is and what to do. Causes inside the house (SQL, stack traces) go to the log alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.websockets import WebSocketState

from callcenter.quality.evaluations import NotNow, Oneself
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.web.body import Body

log = logging.getLogger(__name__)

TRY_AGAIN_LATER = 1013  # of the registry of RFC 6455, 11.7


class Flaw(Body):
    """One mistake in what was sent: where it is, what is wrong, what to write instead."""

    where: str
    message: str
    line: int | None = None
    todo: str | None = None


class ErrorBody(Body):
    """The body of every answer with a status of 400 or more."""

    code: str
    message: str
    where: str | None = None
    todo: str | None = None
    flaws: list[Flaw] = Field(default_factory=list)


class ApiError(Exception):
    """A refusal with its status; raised by endpoints, rendered here."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        where: str | None = None,
        todo: str | None = None,
        flaws: list[Flaw] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = ErrorBody(code=code, message=message, where=where, todo=todo, flaws=flaws or [])
        self.headers = dict(headers or {})


def not_signed_in() -> ApiError:
    return ApiError(401, "not_signed_in", "you are not signed in", todo="sign in again")


def not_allowed() -> ApiError:
    return ApiError(
        403, "not_allowed", "your role does not allow this", todo="ask an administrator"
    )


def not_found(what: str) -> ApiError:
    return ApiError(404, "not_found", f"there is no such {what}")


def conflict(message: str, *, where: str | None = None, todo: str | None = None) -> ApiError:
    return ApiError(409, "conflict", message, where=where, todo=todo)


def database_away() -> ApiError:
    return ApiError(
        503,
        "database_away",
        "the database cannot be reached; calls go on",
        todo="try again in a few seconds",
        headers={"Retry-After": "3"},
    )


def rendered(error: ApiError) -> JSONResponse:
    return JSONResponse(error.body.model_dump(), error.status, error.headers)


_PHRASES = {
    404: ("not_found", "there is nothing at this address"),
    405: ("method_not_allowed", "this address does not know the method"),
    413: ("too_large", "the request is too large"),
}


def _is_of_data(error: Exception) -> bool:
    """The database is there, but does not take what was sent: SQLSTATE class 22 (a NUL in a text, a
    number out of range)."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", "")).startswith("22")


def install(app: FastAPI, database_errors: tuple[type[Exception], ...]) -> None:
    """Register the handlers; `database_errors` mean that the database is away."""

    async def on_api_error(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ApiError)
        return rendered(error)

    async def on_invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        flaws = [
            Flaw(
                where=".".join(str(part) for part in problem["loc"]),
                message=str(problem["msg"]).removeprefix("Value error, "),
            )
            for problem in error.errors()[:20]
        ]
        first = flaws[0]
        message = f"{first.where}: {first.message}"
        return rendered(ApiError(422, "invalid", message, where=first.where, flaws=flaws))

    async def on_http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code, message = _PHRASES.get(error.status_code, ("refused", str(error.detail)))
        headers = error.headers
        return rendered(ApiError(error.status_code, code, message, headers=headers))

    async def on_database(asked: Request, error: Exception) -> JSONResponse:
        log.warning("%s: database: %s", asked.url.path, error)
        if _is_of_data(error):
            return rendered(ApiError(422, "invalid", "a text or number in it cannot be kept"))
        if isinstance(asked, WebSocket):  # Starlette hands over what was asked, of either kind
            if asked.application_state is WebSocketState.CONNECTED:
                await asked.close(TRY_AGAIN_LATER)
            else:
                await asked.send_denial_response(rendered(database_away()))
        return rendered(database_away())

    async def on_bug(request: Request, error: Exception) -> JSONResponse:
        # The traceback is logged by the server, which sees the exception raised on.
        message = "something went wrong in the service; it is in the log"
        return rendered(ApiError(500, "internal", message))

    async def on_config_refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ConfigRefused)
        flaws = [Flaw(where=where, message=reason) for where, reason in error.flaws]
        where = flaws[0].where if flaws else None
        return rendered(ApiError(422, "invalid", str(error), where=where, flaws=flaws))

    async def on_not_there(_: Request, error: Exception) -> JSONResponse:
        return rendered(ApiError(404, "not_found", str(error.args[0])))

    async def on_version_passed(_: Request, error: Exception) -> JSONResponse:
        todo = "read it again and repeat your change"
        return rendered(conflict(str(error), where="version", todo=todo))

    async def on_not_now(_: Request, error: Exception) -> JSONResponse:
        message = "the evaluation is in another state by now"
        return rendered(ApiError(409, "evaluation_moved_on", message, todo="read it again"))

    async def on_oneself(_: Request, error: Exception) -> JSONResponse:
        message = "nobody evaluates or judges himself"
        return rendered(ApiError(403, "evaluating_oneself", message))

    app.add_exception_handler(ApiError, on_api_error)
    app.add_exception_handler(ConfigRefused, on_config_refused)
    app.add_exception_handler(NotThere, on_not_there)
    app.add_exception_handler(VersionPassed, on_version_passed)
    app.add_exception_handler(NotNow, on_not_now)
    app.add_exception_handler(Oneself, on_oneself)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_bug)
    for kind in database_errors:
        app.add_exception_handler(kind, on_database)
