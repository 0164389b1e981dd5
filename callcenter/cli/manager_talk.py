"""A short conversation with Asterisk's manager interface, for the doctor and for a service that is
still starting: log in, ask, go.

Not for calls: `callcenter.asterisk.link` is. This one is synchronous, knows no events but those
that answer a question, and forgets everything.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from callcenter.asterisk.actions import check

SECONDS_MAX = 5.0
BYTES_MAX = 1_000_000
EVENTS_MAX = 50_000
TOLD_AT_ONCE = 50

Headers = dict[str, list[str]]


class ManagerRefused(Exception):
    """Asterisk said no; the text is its own."""


class ManagerTalk:
    """`with ManagerTalk(host, port) as talk: talk.ask({"Action": ...})`. Raises OSError."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=SECONDS_MAX)
        self._file = self._socket.makefile("rb")
        self.banner = self._file.readline(1024).decode(errors="replace").strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._socket.close()

    def ask(self, headers: Mapping[str, str]) -> Headers:
        """The response's headers, names in lower case. Raises ManagerRefused, OSError."""
        self._socket.sendall(_written(headers))
        answer = self._response()
        if answer["response"] == ["Error"]:
            raise ManagerRefused(" ".join(answer.get("message", ["no reason given"])))
        return answer

    def listed(self, headers: Mapping[str, str], last: str) -> list[Headers]:
        """The events that answer, without the `last` one. Raises ManagerRefused, OSError."""
        self.ask(headers)
        found: list[Headers] = []
        while (frame := self._frame()).get("event") != [last]:
            found.append(frame)
            if len(found) > EVENTS_MAX:
                raise OSError("Asterisk's answer is too long")
        return found

    def tell(self, several: Sequence[Mapping[str, str]]) -> None:
        """All at once; what is refused is of no consequence. Raises OSError."""
        for start in range(0, len(several), TOLD_AT_ONCE):
            some = several[start : start + TOLD_AT_ONCE]
            self._socket.sendall(b"".join(_written(headers) for headers in some))
            for _ in some:
                self._response()

    def _response(self) -> Headers:
        while "response" not in (answer := self._frame()):
            pass
        return answer

    def _frame(self) -> Headers:
        frame: Headers = {}
        size = 0
        while line := self._file.readline(BYTES_MAX):
            size += len(line)
            if size > BYTES_MAX:
                raise OSError("Asterisk's answer is too long")
            text = line.decode(errors="replace").rstrip("\r\n")
            if not text:
                return frame
            name, colon, value = text.partition(":")
            if colon:
                frame.setdefault(name.lower(), []).append(value.strip())
        raise OSError("Asterisk closed the connection")


def _written(headers: Mapping[str, str]) -> bytes:
    check(headers)
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return "".join([*lines, "\r\n"]).encode()
