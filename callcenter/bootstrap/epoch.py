"""The epoch of this start: higher than any before, also while the database is away.

The database's leader row is the judge between machines; a local file keeps the number growing when
the database cannot be asked, so that Asterisk never takes our actions for those of an older start.
"""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.leader import take_epoch

log = logging.getLogger(__name__)


async def next_epoch(engine: AsyncEngine, file: Path) -> int:
    """Take the lead. Writes the epoch to `file` before returning it; a disk that takes no more
    matters only when the database does not know the number either (then OSError is raised)."""
    above, counted_here = _read(file), False
    try:
        epoch = await take_epoch(engine, f"{socket.gethostname()}:{os.getpid()}", above=above)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("the database is away (%s): the epoch is counted locally", type(error).__name__)
        epoch, counted_here = above + 1, True
    temporary = file.with_suffix(".new")
    try:
        temporary.write_text(str(epoch))
        temporary.replace(file)
    except OSError as error:
        if counted_here:
            raise
        log.error("the epoch cannot be written to %s: %s", file, error.strerror)
    return epoch


def _read(file: Path) -> int:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0
