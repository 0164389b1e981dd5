"""Which web addresses are ours: the answer to requests forged by other sites.

A browser states the page's origin on every websocket handshake and every unsafe request; it must
be exactly one of ours: the address the connection really came in on, this machine's names, and
those the operator named (a reverse proxy). Pure but for the machine's own name.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable

from starlette.requests import HTTPConnection

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Origins:
    """`named` are complete origins (https://name:port) from the settings."""

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._named = frozenset(named)
        self._hosts = frozenset({"localhost", socket.gethostname().lower()})

    def ours(self, origin: str | None, connection: HTTPConnection) -> bool:
        """True when `origin` is exactly one of our addresses. A missing one is not."""
        if not origin:
            return False
        return origin in self._named or origin in self._reached_at(connection)

    def may_write(self, connection: HTTPConnection) -> bool:
        """For unsafe methods: the Origin is ours, or a browser that sends none says same-origin
        (Fetch Metadata). Anything else is refused, a script has to send the Origin too."""
        origin = connection.headers.get("origin")
        if origin is not None:
            return self.ours(origin, connection)
        return connection.headers.get("sec-fetch-site") == "same-origin"

    def _reached_at(self, connection: HTTPConnection) -> set[str]:
        server = connection.scope.get("server")
        if server is None or server[1] is None:
            return set()
        address, port = server
        secure = connection.scope["scheme"] in {"https", "wss"}
        scheme, usual = ("https", 443) if secure else ("http", 80)
        tail = "" if port == usual else f":{port}"
        bracketed = f"[{address}]" if ":" in address else address
        return {f"{scheme}://{host}{tail}" for host in (*self._hosts, bracketed)}
