"""Telephones by the dozen, with sound: callers of whom each says what became of him, and one
program that is every agent's desk phone."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.asterisk.lab import CALLER_ADDRESS, free_port
from tests.faults.history import History
from tests.service.phones import register

SCENARIOS = Path(__file__).with_name("sipp")
HEARD_SECONDS = 0.05
SHIFT_SECONDS = 7200  # Asterisk's longest registration: a soak's phones must not run out
SOUND_BYTES = 80_000
REGISTER_TRIES = 4


def sound(folder: Path) -> Path:
    """Ten seconds of a rough tone in mu-law."""
    path = folder / "tone.ulaw"
    path.write_bytes(bytes([0x90, 0x80, 0x90, 0xFF, 0x10, 0x00, 0x10, 0x7F]) * (SOUND_BYTES // 8))
    return path


def program() -> str:
    found = shutil.which("sipp")
    assert found, "sipp is not installed (Debian: sip-tester)"
    return found


@asynccontextmanager
async def _sipp(
    folder: Path, name: str, values: dict[str, str], target: int, address: str, *options: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    text = (SCENARIOS / f"{name}.xml").read_text()
    for key, value in ({"SOUND": str(sound(folder)), "MEDIA_ADDRESS": address} | values).items():
        text = text.replace(f"@{key}@", value)
    (folder / "scenario.xml").write_text(text)
    process = await asyncio.create_subprocess_exec(
        program(), f"127.0.0.1:{target}", "-sf", "scenario.xml", "-i", address, "-mi", address,
        "-nostdin", *options,
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


class Crowd:
    """Callers under way. `numbers`: all who dial. `up`, `over`: those who got in, who are out."""

    def __init__(self, history: History, numbers: Sequence[str]) -> None:
        self.history, self.numbers = history, tuple(numbers)
        self.up: set[str] = set()
        self.over: dict[str, str] = {}
        self._read = 0

    def listen(self, file: Path) -> None:
        """What they have said since last time."""
        if not file.exists():
            return
        with file.open() as said:
            said.seek(self._read)
            text = said.read()
        whole, newline, _ = text.rpartition("\n")
        self._read += len((whole + newline).encode())
        for line in whole.splitlines():
            what, _, number = line.strip().rpartition(" ")
            self._hear(what.rpartition(" ")[2], number)

    def _hear(self, what: str, number: str) -> None:
        if what == "up":
            self.up.add(number)
            self.history.add("up", number=number)
        elif what in ("centre", "caller"):
            self.over[number] = what
            self.history.add("over", number=number, by=what)

    def end(self) -> None:
        """Nobody dials any more: who never got in is said."""
        for number in self.numbers:
            if number not in self.up:
                self.history.add("failed", number=number)

    @property
    def waiting(self) -> set[str]:
        return self.up - set(self.over)


@asynccontextmanager
async def crowd(
    history: History,
    sip_port: int,
    did: str,
    numbers: Sequence[str],
    *,
    per_second: float,
    stay_ms: int = 3_600_000,
    racing: bool = False,
    at_once_max: int = 2_000,
) -> AsyncIterator[Crowd]:
    """They dial `did` one after the other; all must be over before the block ends, or they are
    simply gone. `racing`: each hangs up by itself between 0 and `stay_ms` after the answer."""
    folder = Path(tempfile.mkdtemp(prefix="cc-crowd-"))
    (folder / "numbers.csv").write_text("\n".join(["SEQUENTIAL", *(f"{n};" for n in numbers)]))
    values = {"DID": did, "TALK": str(stay_ms)}
    rate, period = (round(per_second * 1000), 1_000_000)
    options = (
        *("-inf", "numbers.csv", "-m", str(len(numbers)), "-r", str(rate), "-rp", str(period)),
        *("-l", str(at_once_max), "-p", str(free_port(socket.SOCK_DGRAM))),
        *("-trace_logs", "-log_file", "logs.txt", "-trace_err", "-error_file", "errors.txt"),
    )
    made = Crowd(history, numbers)

    async def listen() -> None:
        while True:
            made.listen(folder / "logs.txt")
            await asyncio.sleep(HEARD_SECONDS)

    listening = asyncio.create_task(listen())
    name = "racers" if racing else "callers"
    try:
        async with _sipp(folder, name, values, sip_port, CALLER_ADDRESS, *options):
            yield made
    finally:
        listening.cancel()
        made.listen(folder / "logs.txt")
        made.end()
        shutil.rmtree(folder, ignore_errors=True)


async def _registered(sip_port: int, device: str, secret: str, port: int) -> None:
    """As phones do: again, where an Asterisk that has just come up does not answer well yet."""
    for left in reversed(range(REGISTER_TRIES)):
        try:
            await register(sip_port, device, secret, port, seconds=SHIFT_SECONDS)
            return
        except (AssertionError, TimeoutError):
            if not left:
                raise


@asynccontextmanager
async def desk_phones(
    sip_port: int,
    secrets: dict[str, str],
    *,
    ring_ms: int = 50,
    talk_ms: int = 1500,
    refuse: str = "",
) -> AsyncIterator[None]:
    """Every device of `secrets` on one port: rings, answers, hangs up after `talk_ms`; or refuses
    at once, as with "486 Busy Here"."""
    folder = Path(tempfile.mkdtemp(prefix="cc-desks-"))
    port = free_port(socket.SOCK_DGRAM)
    for device, secret in secrets.items():
        await _registered(sip_port, device, secret, port)
    values = {"RING": str(ring_ms), "TALK": str(talk_ms), "STATUS": refuse}
    try:
        async with _sipp(
            folder,
            "refusers" if refuse else "agents",
            values,
            sip_port,
            "127.0.0.1",
            "-p",
            str(port),
        ):
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
