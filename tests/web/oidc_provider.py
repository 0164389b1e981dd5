"""A real OpenID provider (oidc-provider-mock, on authlib's server side), a process of its own."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

START_SECONDS = 60.0
PEOPLE: tuple[dict[str, Any], ...] = (
    {
        "sub": "u-1001",
        "preferred_username": "mei.lin",
        "name": "林美 Mei Lin",
        "locale": "zh-CN",
        "groups": ["staff", "phones"],
    },
    {"sub": "u-1002", "preferred_username": "boss", "name": "Bo Ss", "groups": ["staff", "leads"]},
    {"sub": "u-1003", "preferred_username": "guest", "name": "A Guest", "groups": ["visitors"]},
    {"sub": "u-1004", "preferred_username": "no login!", "groups": ["phones"]},
)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@asynccontextmanager
async def provider(*arguments: str) -> AsyncIterator[str]:
    """Its issuer, while the block runs."""
    port = free_port()
    people = [word for one in PEOPLE for word in ("--user-claims", json.dumps(one))]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people, *arguments),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient() as client:
            while True:
                try:
                    await client.get(f"{issuer}/.well-known/openid-configuration")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        await process.wait()
