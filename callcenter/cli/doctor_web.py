"""The doctor's look at the running service from where a browser stands: page, readiness, socket."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator

from websockets.exceptions import InvalidHandshake, InvalidURI
from websockets.sync.client import connect

from callcenter.cli.findings import Finding, bad, ok
from callcenter.settings import Settings

SECONDS_MAX = 5.0
CONSOLE_PATH = "/ws/console"


def service(settings: Settings) -> Iterator[Finding]:
    address = own_address(settings)
    try:
        page = _get(f"{address}/", settings)
    except OSError as error:
        yield bad("Service", f"{address} does not answer: {error}", "Start it: scripts/run")
        return
    yield ok("Service", f"answers at {address}")
    if b"<div id=" in page:
        yield ok("Console", "is built and served")
    else:
        yield bad("Console", "is not built", "scripts/run builds it.")
    yield _ready(address, settings)
    yield _websocket(address, settings)


def own_address(settings: Settings) -> str:
    """Where the service is reached from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(
        settings.listen_address, settings.listen_address
    )
    host = f"[{host}]" if ":" in host else host
    return f"{'https' if settings.tls else 'http'}://{host}:{settings.listen_port}"


def trusting() -> ssl.SSLContext:
    """For asking ourselves, perhaps by a name that our certificate does not have."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _get(url: str, settings: Settings) -> bytes:
    """Raises OSError."""
    context = trusting() if settings.tls else None
    try:
        with urllib.request.urlopen(url, timeout=SECONDS_MAX, context=context) as answer:
            return bytes(answer.read(1_000_000))
    except urllib.error.HTTPError as error:
        with error:
            return error.read(1_000_000)


def _ready(address: str, settings: Settings) -> Finding:
    try:
        said = json.loads(_get(f"{address}/readyz", settings))
        reasons = ", ".join(said["reasons"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        return bad("Readiness", f"cannot be read: {error}", "Look into the service's log.")
    if reasons:
        todo = "Mend what is said above; the service connects again by itself."
        return bad("Readiness", f"calls cannot be taken: {reasons}", todo)
    return ok("Readiness", "calls can be taken")


def _websocket(address: str, settings: Settings) -> Finding:
    """Without a session the console's websocket must open its door and say no."""
    part = "Browser websocket"
    url = address.replace("http", "ws", 1) + CONSOLE_PATH
    context = trusting() if settings.tls else None
    try:
        with connect(
            url, origin=None, ssl=context, open_timeout=SECONDS_MAX, compression=None, proxy=None
        ):
            todo = "This must not be: tell the makers of this program."
            return bad(part, "lets in somebody who is not signed in", todo)
    except InvalidHandshake as refusal:
        status = getattr(getattr(refusal, "response", None), "status_code", None)
        if status in (401, 403):
            return ok(part, "answers, and refuses who is not signed in")
        reason = f"status {status}" if status else str(refusal)
    except (OSError, InvalidURI, TimeoutError) as error:
        reason = str(error)
    todo = "A proxy in front must pass websockets on (Upgrade and Connection headers)."
    return bad(part, f"{url} does not work: {reason}", todo)
