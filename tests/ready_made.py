"""What each server and house of tests needs in the same way, made once and taken by all others: a
PostgreSQL with all migrations run, and the spoken prompts.

Each is made by the product itself and kept by the code that made it, as packages are
(`scripts/warm.py`): the next process, and the next checkout of the same code, takes a copy.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.migrations import migrate
from scripts import warm

ROOT = Path(__file__).resolve().parent.parent
MIGRATED = "migrated_for_copies"
"""The database of a server that others are copies of; nobody connects to it."""
# What reads or writes beside these cannot change what a new cluster, or a spoken prompt, is.
_CLUSTER = ("callcenter/store", "requirements.lock")
_SPOKEN = ("callcenter/asterisk/prompts.py", "callcenter/sound/speech.py")


def lay_cluster(folder: Path) -> None:
    """The files of a server that is stopped, at `folder`, where nothing is; its own database and
    `MIGRATED` have all tables. Not to be called where an event loop runs."""
    key = _key(_CLUSTER)
    with _one_at_a_time():  # several processes begin together: the first makes it
        if warm.take("cluster", key, folder):
            return
        folder.mkdir(mode=0o755)
        asyncio.run(_make_cluster(folder))
        (folder / "port").unlink()  # or all copies would ask for the same one
        warm.keep("cluster", key, folder)


async def _make_cluster(folder: Path) -> None:
    async with EmbeddedPostgres(folder, settings={"fsync": "off"}) as server:
        connection = await asyncpg.connect(server.admin_url.replace("+asyncpg", "", 1))
        await connection.execute(f"create database {MIGRATED} owner callcenter")
        await connection.close()
        for name in ("callcenter", MIGRATED):
            await migrate(database_of(server, name))


def database_of(server: EmbeddedPostgres, name: str) -> str:
    return server.url.rsplit("/", 1)[0] + f"/{name}"


@contextmanager
def spoken(prompts: Path) -> Iterator[None]:
    """The data folder's `prompts` with what other houses have spoken; what this one has in the end
    is there for others. Files are named by what was said, and how."""
    made, key = prompts / "made", _key(_SPOKEN)
    prompts.mkdir(exist_ok=True)
    warm.take("spoken", key, made)
    before = _files(made)
    try:
        yield
    finally:
        if _files(made) > before:
            warm.keep("spoken", key, made)


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.wav")}


def _key(made_by: Iterable[str]) -> str:
    """Of what stands in these files, and in all Python files below these folders."""
    found = hashlib.sha256()
    for name in made_by:
        place = ROOT / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found.update(f"{path.relative_to(ROOT)}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:32]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    name = Path(tempfile.gettempdir()) / f"callcenter-cluster-{os.geteuid()}.lock"
    lock = os.open(name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
