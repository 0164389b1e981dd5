"""Logs that programs write for months must not fill the disk: the long ones are begun anew.

Programs keep their files open (for appending), so what is there is copied aside and the file itself
made empty. A line written in between may be lost. One older part is kept of each.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

LOG_BYTES_MAX = 100_000_000
LOOK_SECONDS = 30.0


class LogFiles:
    """Those with the ending ".log" in `folders`. Call `look` often; it looks now and then."""

    def __init__(self, folders: Sequence[Path], bytes_max: int = LOG_BYTES_MAX) -> None:
        self._folders, self._bytes_max = tuple(folders), bytes_max
        self._look_at = 0.0

    def look(self, now: float) -> None:
        """`now`: seconds, any scale."""
        if now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        for folder in self._folders:
            for path in folder.glob("*.log"):
                with suppress(OSError):  # a full disk: then it is made empty the next time
                    self._shorten(path)

    def _shorten(self, path: Path) -> None:
        if path.is_symlink() or path.stat().st_size <= self._bytes_max:
            return
        older = path.with_suffix(".log.1")
        try:
            shutil.copyfile(path, older)
        except OSError:
            older.unlink(missing_ok=True)  # better no older part than a full disk
        with path.open("r+b") as file:
            file.truncate(0)
