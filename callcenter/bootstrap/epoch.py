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
    """Take the lead. Writes the epoch to `file` before returning it."""
    above = _read(file)
    try:
        epoch = await take_epoch(engine, f"{socket.gethostname()}:{os.getpid()}", above=above)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("the database is away (%s): the epoch is counted locally", type(error).__name__)
        epoch = above + 1
    temporary = file.with_suffix(".new")
    temporary.write_text(str(epoch))
    temporary.replace(file)
    return epoch


def _read(file: Path) -> int:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0
