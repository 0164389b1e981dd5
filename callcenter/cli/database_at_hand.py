"""The centre's database for a command: that of the settings, or our own, started if need be."""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from callcenter.cli.installation import Folders, prepare_database
from callcenter.settings import Settings
from callcenter.store.embedded import EmbeddedPostgres


@asynccontextmanager
async def database_at_hand(settings: Settings, *, prepared: bool = True) -> AsyncIterator[str]:
    """The URL, while the block runs. `prepared`: with the newest tables, where we start it.
    Raises CannotStart, EmbeddedPostgresError, SecretUnusable, MigrationError, OSError."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    folders = Folders(settings.data_directory)
    folders.make()
    server = EmbeddedPostgres(folders.database)
    with (folders.run / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except BlockingIOError:
            alone = False  # a centre runs here and owns the server
        await server.start()
        try:
            if alone and prepared:
                await prepare_database(server.url, settings)
            yield server.url
        finally:
            if alone:
                await server.stop()
