"""A short conversation with Asterisk's manager interface, for the doctor: log in, ask, go.

Not for calls: `callcenter.asterisk.link` is. This one is synchronous, knows no events, and forgets
everything.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from callcenter.asterisk.actions import check

SECONDS_MAX = 5.0
BYTES_MAX = 1_000_000

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
        check(headers)
        text = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._socket.sendall(f"{text}\r\n".encode())
        while True:
            answer = self._frame()
            if "response" in answer:
                break
        if answer["response"] == ["Error"]:
            raise ManagerRefused(" ".join(answer.get("message", ["no reason given"])))
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
