"""Where the sound of prompts lies: masters in a folder of ours, copies where Asterisk plays from.

A copy has the name of its version's file, so a new version is a new name: whoever is hearing the
old one hears it to its end, and the next caller hears the new one. Copies are renamed into place
whole. Several Asterisk machines: each needs the shelf folder, nothing else of it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from callcenter.sound.converting import Converted

log = logging.getLogger(__name__)

FILE = re.compile(r"[0-9a-f]{32}")
WIDE, NARROW = "wav16", "wav"
"""Asterisk's endings for 16 and 8 kHz; it takes what suits the call's codec."""


class Shelf:
    """`masters` is ours alone; `shown` is read by Asterisk."""

    def __init__(self, masters: Path, shown: Path) -> None:
        self._masters, self.shown = masters, shown
        masters.mkdir(parents=True, exist_ok=True, mode=0o700)
        shown.mkdir(parents=True, exist_ok=True)
        shown.chmod(0o755)

    def keep(self, made: Converted) -> str:
        """Take over what was converted; the name it has from now on. Raises OSError."""
        file = secrets.token_hex(16)
        for path, ending in ((made.wide, WIDE), (made.narrow, NARROW)):
            with path.open("rb") as written:
                os.fsync(written.fileno())
            path.replace(self._master(file, ending))
        return file

    def master(self, file: str) -> Path | None:
        """The 16 kHz sound; None: it is gone from the disk."""
        path = self._master(file, WIDE)
        return path if path.is_file() else None

    def put_out(self, files: Iterable[str]) -> list[str]:
        """See that copies of these lie on the shelf; returns those whose sound is lost."""
        return [file for file in files if not all([self._out(file, end) for end in (WIDE, NARROW)])]

    def forget(self, files: Iterable[str]) -> None:
        for file in files:
            for ending in (WIDE, NARROW):
                for path in (self._master(file, ending), self.shown / f"{file}.{ending}"):
                    with contextlib.suppress(OSError):
                        path.unlink()

    def clear(self, wanted: set[str], older_than: float) -> int:
        """Removes copies of versions that have not been `wanted` since this UNIX time: nobody can
        be hearing them. Returns how many."""
        count = 0
        for path in self.shown.iterdir():
            if FILE.fullmatch(path.stem) and path.stem not in wanted:
                with contextlib.suppress(OSError):
                    if path.stat().st_mtime < older_than:
                        path.unlink()
                        count += 1
        return count

    def used_bytes(self) -> int:
        return sum(path.stat().st_size for path in self._masters.iterdir())

    def _out(self, file: str, ending: str) -> bool:
        target = self.shown / f"{file}.{ending}"
        with contextlib.suppress(FileNotFoundError):
            os.utime(target)  # wanted now; see `clear`
            return True
        master = self._master(file, ending)
        new = target.with_name(f"{target.name}.{secrets.token_hex(4)}.new")
        try:
            shutil.copyfile(master, new)
            new.chmod(0o644)
            new.replace(target)
        except OSError as error:
            log.warning("the prompt file %s cannot be put out: %s", target.name, error)
            return False
        finally:
            new.unlink(missing_ok=True)
        return True

    def _master(self, file: str, ending: str) -> Path:
        if not FILE.fullmatch(file):
            raise ValueError(f"not a file of ours: {file!r}")
        return self._masters / f"{file}.{ending}"
