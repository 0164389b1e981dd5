"""The supervisor watches the database: what was killed comes back, at the same port."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.cli.database_watch import LOOK_SECONDS, DatabaseWatch
from callcenter.store.embedded import EmbeddedPostgres

pytestmark = pytest.mark.db


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="cc-watched-"))
    folder.chmod(0o755)  # it runs as a user of its own
    made = EmbeddedPostgres(folder)
    asyncio.run(made.start())
    yield made
    asyncio.run(made.stop("immediate"))
    shutil.rmtree(folder)


def test_a_killed_database_comes_back_at_its_port(server: EmbeddedPostgres) -> None:
    said: list[str] = []
    watch = DatabaseWatch(server, said.append)
    watch.look(100.0)
    assert said == []
    port = server.port
    pid = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}/cwd").exists():
        pass
    watch.look(100.0 + LOOK_SECONDS / 2)
    assert said == []  # it does not look so often
    watch.look(100.0 + LOOK_SECONDS)
    assert server.runs()
    assert server.port == port
    assert [line.split(";")[0].strip() for line in said] == [
        "The database ended",
        "The database runs again",
    ]
