"""The first door of every request: sizes, forged requests, security headers, the request log.

Plain ASGI, outside the framework, so that nothing inside can forget it. This file must not know
routes or roles.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.web.errors import ApiError, rendered
from callcenter.web.keys import bearer_of
from callcenter.web.origins import SAFE_METHODS, Origins

BODY_MAX_BYTES = 1024 * 1024
# Files are uploaded here; who reads them counts again what a file may have.
LARGE_BODIES = re.compile(r"/api/prompts/[^/]+/[^/]+/audio|/api/imports")
LARGE_BODY_MAX_BYTES = 21 * BODY_MAX_BYTES
# Scripts only from us. Styles may be inline: Mantine writes its theme into <style> elements.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}
# Half a year; only sent with a certificate the operator brought.
STRICT_TRANSPORT = "max-age=15552000"

log = logging.getLogger("callcenter.web.requests")


class Guard:
    """Wraps the application. `frames`: hosts whose pages the console may show. `strict_transport`:
    tell browsers to use https alone from now on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        origins: Origins,
        strict_transport: bool = False,
        frames: Iterable[str] = (),
    ) -> None:
        self._app = app
        self._origins = origins
        self._headers = dict(SECURITY_HEADERS)
        named = "".join(f" https://{host}" for host in sorted(frames))
        policy = CONTENT_SECURITY_POLICY.replace("frame-src 'self'", f"frame-src 'self'{named}")
        self._headers["content-security-policy"] = policy
        if strict_transport:
            self._headers["strict-transport-security"] = STRICT_TRANSPORT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(message, scope["path"])
            await send(message)

        try:
            refusal = self._refusal(scope)
            if refusal is not None:
                await rendered(refusal)(scope, receive, send_guarded)
            else:
                await self._limited(scope, receive, send_guarded)
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            # Files of the console and probes of a monitor are noise in a log.
            path = scope["path"]
            told = path.startswith("/api/") or (status >= 400 and path != "/readyz")
            level = logging.INFO if told else logging.DEBUG
            words = (scope["method"], path, status, milliseconds)
            log.log(level, "%s %s %d %.1f ms", *words)

    def _refusal(self, scope: Scope) -> ApiError | None:
        connection = HTTPConnection(scope)
        length = connection.headers.get("content-length", "0")
        most = body_max(scope)
        if not (length.isascii() and length.isdecimal()) or int(length) > most:
            return _too_large(most)
        # A browser puts no `Authorization: Bearer` into a request that another site forged, and
        # who sends one is let in by that key alone.
        by_key = bearer_of(connection) is not None
        unsafe = scope["method"] not in SAFE_METHODS and not by_key
        if unsafe and not self._origins.may_write(connection):
            return ApiError(
                403,
                "foreign_origin",
                "this request did not come from a page of this server",
                where="Origin",
                todo="open the console at its own address, or name it in CALLCENTER_ORIGINS",
            )
        return None

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A body without a length is counted while it comes."""
        taken, most = 0, body_max(scope)

        async def receive_limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413)  # rendered by `errors`, like every other
            return message

        await self._app(scope, receive_limited, send)

    def _add_headers(self, message: Message, path: str) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        if path.startswith("/api/"):
            headers["cache-control"] = "no-store"


def body_max(scope: Scope) -> int:
    """How many bytes the body of this request may have."""
    large = scope["method"] == "POST" and LARGE_BODIES.fullmatch(scope["path"])
    return LARGE_BODY_MAX_BYTES if large else BODY_MAX_BYTES


def _too_large(most: int) -> ApiError:
    return ApiError(413, "too_large", f"a request may have {most // 1024} KiB")
