"""Carries out a flow's HTTP request: in its time, to an allowed address, whatever comes back.

`ask` never raises for the world's mistakes; what is wrong is said in the answer's `error`, and the
flow leaves by its error port. `post` hands a message over, with the same care. No redirects are
followed, no proxy and no cookie is used, nothing is unpacked, and not more than ANSWER_BYTES_MAX is
read. Logs name the host and what went wrong, never the path, the body or the answer: callers'
digits are in them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpcore

from callcenter.outside.addresses import Allowed, NotAllowed, Target
from callcenter.outside.delivery import Delivered

log = logging.getLogger(__name__)

ANSWER_BYTES_MAX = 100_000
BODY_BYTES_MAX = 100_000
SECONDS_MAX = 20.0
AT_ONCE_MAX = 100
RETRY_PAUSE_SECONDS = 0.1
AGAIN = frozenset({502, 503, 504})
TROUBLE = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    ssl.SSLError,
    OSError,
    UnicodeError,  # a name that DNS cannot have
)


@dataclass(frozen=True, slots=True)
class Credential:
    """A header that is only ever sent to this host."""

    host: str
    header: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """`status` and `body` as in docs/flows.md, or why there is none."""

    values: Mapping[str, object] = field(default_factory=dict)
    error: str = ""


class Unusable(Exception):
    """The answer cannot be used; the text says why."""


class Requests:
    """One for all calls. `resolve` gives the addresses of a name (the system's, if left out)."""

    def __init__(
        self,
        allowed: Allowed,
        credentials: Mapping[str, Credential] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        resolve: Callable[[str, int], Any] | None = None,
    ) -> None:
        self._allowed = allowed
        self._credentials = dict(credentials or {})
        self._tls = tls
        self._resolve = resolve or _system_addresses
        self._places = asyncio.Semaphore(AT_ONCE_MAX)

    async def ask(self, arguments: Mapping[str, object]) -> Answered:
        """`arguments` as a flow's http node gives them. Answers within its `timeout_seconds`."""
        limit = arguments.get("timeout_seconds")
        seconds = float(limit) if isinstance(limit, int | float) else 5.0
        host = "?"
        try:
            target = self._allowed.target(_with_query(arguments))
            host = target.host
            async with asyncio.timeout(min(max(seconds, 0.1), SECONDS_MAX)), self._places:
                return await self._tried(target, arguments)
        except NotAllowed as error:
            log.warning("a flow's request is refused: %s", error)
            return Answered(error=f"not allowed: {error}")
        except TimeoutError:
            log.warning("host %s did not answer in %g s", host, seconds)
            return Answered(error=f"no answer in {seconds:g} s")
        except Unusable as error:
            log.warning("host %s: %s", host, error)
            return Answered(error=str(error))
        except TROUBLE as error:
            log.warning("host %s cannot be asked: %s", host, type(error).__name__)
            return Answered(error=f"cannot be reached: {type(error).__name__}")

    def check(self, url: str) -> None:
        """Raises NotAllowed when `post` would never call this address, whatever it points to."""
        self._allowed.target(url)

    async def post(
        self, url: str, content: bytes, headers: Mapping[str, str], seconds: float
    ) -> Delivered:
        """Sends `content` once and looks at nothing but the answer's status. Over plain http only
        to networks of our own: what is sent is nobody else's business."""
        host = "?"
        try:
            target = self._allowed.target(url)
            host = target.host
            async with asyncio.timeout(min(max(seconds, 0.1), SECONDS_MAX)), self._places:
                address = self._allowed.address(await self._resolve(target.host, target.port))
                if target.scheme != "https" and not self._allowed.is_own(address):
                    raise NotAllowed("messages go by https")
                return await self._posted(target, address, content, headers)
        except NotAllowed as error:
            log.warning("a message is not sent to %s: %s", host, error)
            return Delivered(error=f"not allowed: {error}", refused_here=True)
        except TimeoutError:
            return Delivered(error=f"no answer in {seconds:g} s")
        except TROUBLE as error:
            return Delivered(error=f"cannot be reached: {type(error).__name__}")

    async def _posted(
        self, target: Target, address: str, content: bytes, headers: Mapping[str, str]
    ) -> Delivered:
        about = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        lines = header_lines({**headers, **usual_headers(target), **about})
        async with (
            self._pool(address) as pool,
            pool.stream("POST", url_of(target), headers=lines, content=content) as answer,
        ):
            found = {name.lower(): value for name, value in answer.headers}
            wait = found.get(b"retry-after", b"").decode("latin-1")
            return Delivered(
                answer.status,
                "" if 200 <= answer.status < 300 else f"answered {answer.status}",
                float(wait) if wait.isascii() and wait.isdecimal() and len(wait) < 7 else None,
            )

    def _pool(self, address: str) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._tls, network_backend=_Pinned(address), max_connections=1
        )

    async def _tried(self, target: Target, arguments: Mapping[str, object]) -> Answered:
        wanted = arguments.get("retries")
        more = wanted if isinstance(wanted, int) else 0
        while True:
            try:
                found = await self._once(target, arguments)
            except TROUBLE:
                if more <= 0:
                    raise
            else:
                if found.values.get("status") not in AGAIN or more <= 0:
                    return found
            more -= 1
            await asyncio.sleep(RETRY_PAUSE_SECONDS)

    async def _once(self, target: Target, arguments: Mapping[str, object]) -> Answered:
        address = self._allowed.address(await self._resolve(target.host, target.port))
        method = str(arguments.get("method", "GET"))
        content = _content(arguments.get("body"))
        headers = self._headers(target, arguments, content)
        async with (
            self._pool(address) as pool,
            pool.stream(method, url_of(target), headers=headers, content=content) as answer,
        ):
            if not 200 <= answer.status < 300:
                return Answered({"status": answer.status, "body": None})
            return Answered({"status": answer.status, "body": await body_of(answer)})

    def _headers(
        self, target: Target, arguments: Mapping[str, object], content: bytes | None
    ) -> list[tuple[bytes, bytes]]:
        given = arguments.get("headers")
        headers = (
            {str(name): str(value) for name, value in given.items()}
            if isinstance(given, Mapping)
            else {}
        )
        headers |= usual_headers(target)
        headers.setdefault("Accept", "application/json")
        if content is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        name = str(arguments.get("secret") or "")
        if name:
            known = self._credentials.get(name)
            if known is None or known.host not in (target.host, target.host_header):
                raise NotAllowed(f"there are no credentials {name!r} for this host")
            headers[known.header] = known.value
        return header_lines(headers)


def url_of(target: Target) -> httpcore.URL:
    return httpcore.URL(
        scheme=target.scheme, host=target.host, port=target.port, target=target.path
    )


def usual_headers(target: Target) -> dict[str, str]:
    return {
        "Host": target.host_header,
        "User-Agent": "callcenter",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def header_lines(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Raises NotAllowed."""
    try:
        return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
    except UnicodeEncodeError:
        raise NotAllowed("a header is not plain text") from None


def _with_query(arguments: Mapping[str, object]) -> str:
    url, query = str(arguments.get("url", "")), arguments.get("query")
    if not isinstance(query, Mapping) or not query:
        return url
    return f"{url}?{urlencode({str(name): str(value) for name, value in query.items()})}"


def _content(body: object) -> bytes | None:
    if body is None:
        return None
    try:
        content = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    except ValueError:
        raise Unusable("what is to be sent is not a number") from None
    if len(content) > BODY_BYTES_MAX:
        raise Unusable("what is to be sent is too large")
    return content


async def body_of(answer: httpcore.Response) -> object:
    """The answer as JSON; None when there is nothing in it. Raises Unusable."""
    for name, value in answer.headers:
        if name.lower() == b"content-encoding" and value.strip().lower() not in (b"", b"identity"):
            raise Unusable("the answer is packed, which was not asked for")
    content = bytearray()
    async for part in answer.aiter_stream():
        content += part
        if len(content) > ANSWER_BYTES_MAX:
            raise Unusable(f"the answer is larger than {ANSWER_BYTES_MAX} bytes")
    if not content.strip():
        return None
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unusable("the answer is not JSON") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


async def _system_addresses(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found: Iterable[Any] = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to the address that was checked, whatever the name says by now. TLS still asks for
    the name."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return await self._real.connect_tcp(
            self._address, port, timeout, local_address, socket_options
        )

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds)
