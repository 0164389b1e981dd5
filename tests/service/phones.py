"""Many simple telephones by sipp: callers who wait silently, and a desk phone that takes calls."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.asterisk.lab import CALLER_ADDRESS, SCENARIOS, free_port
from tests.asterisk.media import Media


@asynccontextmanager
async def sipp(
    scenario: str, values: dict[str, str], address: str, sip_port: int, *options: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """One sipp with a scenario of `tests/asterisk/sipp`, `@NAME@`s replaced; killed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cc-sipp-"))
    text = (SCENARIOS / f"{scenario}.xml").read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    (folder / "scenario.xml").write_text(text)
    program = shutil.which("sipp")
    assert program, "sipp is not installed (Debian: sip-tester)"
    process = await asyncio.create_subprocess_exec(
        program, f"127.0.0.1:{sip_port}", "-sf", "scenario.xml", "-i", address, "-nostdin",
        *options,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def callers(
    sip_port: int, did: str, count: int, *, per_second: int = 10, talk_ms: int = 600_000
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`count` callers one after the other, numbers 13900000001 and on; each hangs up after
    `talk_ms` or when the centre does."""
    values = {
        "DID": did,
        "NUMBER": "139[call_number]",
        "NAME": "Caller [call_number]",
        "TALK": str(talk_ms),
        "MEDIA_ADDRESS": CALLER_ADDRESS,
        "MEDIA_PORT": str(free_port(socket.SOCK_DGRAM)),
    }
    port = str(free_port(socket.SOCK_DGRAM))
    options = ("-m", str(count), "-r", str(per_second), "-l", str(count), "-p", port)
    async with sipp("caller", values, CALLER_ADDRESS, sip_port, *options) as process:
        yield process


@asynccontextmanager
async def caller(
    sip_port: int, did: str, number: str, name: str, *, tone: float | None = None
) -> AsyncIterator[Media]:
    """One caller with real sound, who stays on the line; press keys with `media.press`."""
    async with Media(tone) as media:
        values = {
            "DID": did,
            "NUMBER": number,
            "NAME": name,
            "TALK": "600000",
            "MEDIA_ADDRESS": media.address,
            "MEDIA_PORT": str(media.port),
        }
        options = ("-m", "1", "-p", str(free_port(socket.SOCK_DGRAM)))
        async with sipp("caller", values, CALLER_ADDRESS, sip_port, *options):
            yield media


@asynccontextmanager
async def desk_phone(
    sip_port: int,
    device: str,
    secret: str,
    *,
    ring_ms: int = 20,
    talk_ms: int = 300,
    sound: Media | None = None,
) -> AsyncIterator[None]:
    """Registered; rings `ring_ms`, answers, and hangs up after `talk_ms`, call after call. It is
    silent, or has this `sound`."""
    port = free_port(socket.SOCK_DGRAM)
    media_port = sound.port if sound is not None else free_port(socket.SOCK_DGRAM)
    media = {"MEDIA_ADDRESS": "127.0.0.1", "MEDIA_PORT": str(media_port)}
    values = {"RING": str(ring_ms), "TALK": str(talk_ms), "STATUS": "", **media}
    # Asterisk calls a phone at the port it registers from, and asks there whether it is reachable
    # (OPTIONS, sent again for three seconds): so first one program on this port, then the other.
    await register(sip_port, device, secret, port)
    async with sipp("agent", values, "127.0.0.1", sip_port, "-p", str(port)):
        yield


async def register(
    sip_port: int, device: str, secret: str, port: int, *, seconds: int = 300
) -> None:
    """For so many seconds; nobody registers it again."""
    values = {
        "DEVICE": device,
        "SECRET": secret,
        "CONTACT": f"127.0.0.1:{port}",
        "EXPIRES": str(seconds),
    }
    options = ("-m", "1", "-p", str(port))
    async with sipp("register", values, "127.0.0.1", sip_port, *options) as process:
        async with asyncio.timeout(8):
            code = await process.wait()
        assert code == 0, f"{device} was not registered: sipp ended with {code}"
