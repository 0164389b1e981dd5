"""A real HTTP server that receives webhooks, checks their signature, and answers as a test says."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

HTTP_END = b"\r\n\r\n"


@dataclass
class Receiver:
    """`answers`: the statuses to come, 204 when there are none left. `secrets`: any of them must
    have signed. `got`: what came, as (headers, body)."""

    port: int = 0
    secrets: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/calls?from=us"

    def kinds(self) -> list[str]:
        return [body["type"] for _, body in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(HTTP_END)).decode("ascii")
        lines = head.split("\r\n")[1:]
        headers = {
            name.lower(): value
            for name, _, value in (line.partition(": ") for line in lines if line)
        }
        content = await reader.readexactly(int(headers["content-length"]))
        self._check(headers, content)
        self.got.append((headers, json.loads(content)))
        status = self.answers.pop(0) if self.answers else 204
        writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    def _check(self, headers: dict[str, str], content: bytes) -> None:
        """As a receiver has to do it: docs/api.md."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + content
        given = [part.partition(",")[2] for part in headers["webhook-signature"].split()]
        for secret in self.secrets:
            key = base64.b64decode(secret.removeprefix("whsec_"))
            made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
            if any(hmac.compare_digest(made, one) for one in given):
                return
        self.wrong.append(headers["webhook-id"])


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
