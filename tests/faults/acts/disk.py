"""Files that are gone, disks that are full, and everything brought back from a backup."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from callcenter.store.directory import Directory
from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.engine import make_engine
from tests.faults.acts.common import BOOKS, LOST, STUCK, Size, all_over, counted
from tests.faults.ground import READY_SECONDS, Ground
from tests.faults.measured import at_most, exactly
from tests.faults.telephones import crowd
from tests.figure_table import Figure

SPEAKING_DID = "4701"
SPEAKING = """
id: speaking
name: Speaks first
languages: [en]
start: hello
fallback: line
prompts:
  hello: {en: "Hello, this is a test of prompts that are gone."}
  unread: {en: "This one cannot be read."}
nodes:
  hello: {kind: play, prompt: hello, next: unread}
  unread: {kind: play, prompt: unread, next: line}
  line: {kind: queue, queue: faults, ports: {}}
"""
ROOM = 24_000_000


@contextmanager
def small_disk(folder: Path, size: int = ROOM) -> Iterator[None]:
    """A tmpfs of this size on `folder`; it and the folders in it keep their owners. Needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    was = folder.stat()
    within = [(each.name, each.stat()) for each in folder.iterdir() if each.is_dir()]
    subprocess.run(
        [
            "mount",
            "-t",
            "tmpfs",
            "-o",
            f"size={size},mode={was.st_mode & 0o777:o}",
            "tmpfs",
            folder,
        ],
        check=True,
    )
    os.chown(folder, was.st_uid, was.st_gid)
    for name, inside in within:
        (folder / name).mkdir(mode=inside.st_mode & 0o7777)
        os.chown(folder / name, inside.st_uid, inside.st_gid)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No byte more fits on this disk."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        for block in (1_000_000, 4096, 1):
            with suppress(OSError):
                while True:
                    os.write(file.fileno(), b"\0" * block)
    try:
        yield
    finally:
        filler.unlink()


async def f15(ground: Ground, size: Size) -> list[Figure]:
    """Prompts vanish from the disk, or may not be read, while callers hear them."""
    began, count = time.time(), size.of(40)
    engine = make_engine(ground.centre.database.url)
    directory = Directory(engine)
    await directory.publish_flow("speaking", SPEAKING, note="for tests", by="tests")
    await directory.put_route(SPEAKING_DID, "speaking", by="tests")
    await ground.configured(engine)
    await engine.dispose()
    sip = ground.centre.ports["sip"]
    made = ground.centre.folders.data / "prompts"

    async def spoil() -> None:
        while True:
            ground.deed("prompts gone or unreadable")
            for place, file in enumerate(sorted(made.rglob("*.wav"))):
                with suppress(FileNotFoundError):
                    if place % 2:
                        file.unlink()
                    else:
                        file.chmod(0)
            await asyncio.sleep(0.5)

    async with ground.staffed(talk_ms=300):
        spoiling = asyncio.create_task(spoil())
        try:
            numbers = ground.numbers(count)
            people = crowd(ground.history, sip, SPEAKING_DID, numbers, per_second=2)
            async with people as callers:
                await all_over(ground, callers)
        finally:
            spoiling.cancel()
    wrong = await ground.verdict(began)
    outcomes = [row["outcome"] for row in ground.history.of("row", began)]
    return [
        exactly(
            "F15", f"of {count} callers who reached an agent", outcomes.count("answered"), count
        ),
        *counted("F15", wrong, LOST, BOOKS),
    ]


async def f21(ground: Ground, size: Size) -> list[Figure]:
    """The disks of the data folder's parts are full: recordings first, then journal and outbox."""
    policy = {"mode": "percent", "percent": 100}
    told = await ground.web.put("/api/recording-policies/faults", json=policy)
    assert told.status_code == 204, told.text
    figures = await _full_while_calling(
        ground, "recordings", ground.centre.settings.recordings, restart=False
    )
    for name in ("journal", "outbox"):
        figures += await _full_while_calling(
            ground, name, ground.centre.folders.data / name, restart=True
        )
    return figures


async def _full_while_calling(
    ground: Ground, name: str, folder: Path, *, restart: bool
) -> list[Figure]:
    """`restart`: the service has files open there, so it begins on the small disk."""
    if restart:
        ground.centre.kill_service()
    read, mounted = len(ground.centre.log()), time.time()
    with small_disk(folder):
        if restart:
            ground.centre.start_service()
            await ground.centre.ready(READY_SECONDS)
        began, pid = time.time(), ground.pid
        async with ground.staffed(talk_ms=400), ground.crowd(24, per_second=2) as callers:
            await asyncio.sleep(2)
            ground.deed(f"disk of {name} full")
            at = time.time()
            if restart:
                read, mounted = len(ground.centre.log()), at
            with full(folder):
                told = await _within(ground, read, mounted, 8)
                await asyncio.sleep(max(0.0, at + 8 - time.time()))
            ground.deed(f"disk of {name} has room")
            await all_over(ground, callers)
        wrong = await ground.verdict(began)
        lived = ground.pid == pid and ground.centre.service is not None
        lived = lived and ground.centre.service is not None and ground.centre.service.poll() is None
        ground.centre.kill_service()
    ground.centre.start_service()
    await ground.centre.ready(READY_SECONDS)
    figures = [
        Figure("F21", f"disk of {name} full: the service", "lives", _life(lived), lived),
        *counted("F21", wrong, LOST, BOOKS, STUCK),
    ]
    figures.append(at_most("F21", f"disk of {name} full: alarm", told, 10, " s"))
    return figures


def _life(lived: bool) -> str:
    return "lives" if lived else "ended"


async def _within(ground: Ground, read: int, at: float, seconds: float) -> float:
    """From `at` until the service's log, behind what was `read`, tells of too little room."""
    while time.time() - at < seconds:
        for line in ground.centre.log()[read:].splitlines():
            if any(word in line for word in ("cannot be written", "disk is full", "alarm disk")):
                return max(0.0, datetime.fromisoformat(json.loads(line)["time"]).timestamp() - at)
        await asyncio.sleep(0.05)
    return float("inf")


async def f22(ground: Ground, size: Size) -> list[Figure]:
    """A backup while people call, brought back on an empty place, compared."""
    began = time.monotonic()
    folder = _open_folder()
    file = folder / "backup.tar"
    try:
        async with ground.staffed(talk_ms=400), ground.crowd(10, per_second=2) as callers:
            await _command(ground, {}, "backup", str(file))
            await all_over(ground, callers)
        async with _empty_server(folder / "postgres") as server:
            other = {
                "CALLCENTER_DATA_DIRECTORY": str(folder / "data"),
                "CALLCENTER_RECORDINGS_DIRECTORY": str(folder / "data" / "recordings"),
                "CALLCENTER_DATABASE_URL": server.url,
            }
            said = await _command(ground, other, "restore", str(file))
        seconds = time.monotonic() - began
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    ok = "restored, and compared" in said
    return [
        at_most("F22", "backup and restore", seconds / 60, 15, " min"),
        Figure("F22", "rows and checksums", "equal", "equal" if ok else said[-200:], ok),
    ]


def _open_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cc-restored-"))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    return folder


@asynccontextmanager
async def _empty_server(folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    async with EmbeddedPostgres(folder, settings={"fsync": "off"}) as server:
        yield server


async def _command(ground: Ground, other: dict[str, str], *words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "callcenter", *words,
        env=ground.centre.environment | other,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    text = said.decode(errors="replace")
    ground.history.add("command", words=list(words), said=text[-500:], code=process.returncode)
    return text
