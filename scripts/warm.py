"""What was made for one checkout and fits the next: installed packages, the built console, ...

Each piece is kept below the user's cache folder under a key that says what it was made from, so a
fresh clone takes it instead of making it again. Nothing relies on it: what is not there, or cannot
be taken, is made. Any number of checkouts may take and keep at once: whole folders are moved to
their place, never written there. It must import nothing but Python's own library.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path

KEPT_MAX = 3  # of each name; the ones not used for longest go
LEFT_OVER_SECONDS = 24 * 3600.0  # then whoever was making it is gone


def place() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "callcenter" / "warm"


def take(name: str, key: str, target: Path, *, linked: bool = False) -> bool:
    """Puts what was kept at `target`, where nothing must be. False: there is nothing to take.

    `linked`: the files are hard links where that can be, which is quick and takes no room; then
    nobody may change one in place (`write_anew`). So it was kept, too."""
    kept = place() / name / key
    if target.exists() or not _ours(kept):
        return False
    making = target.with_name(f"{target.name}.taken-{os.getpid()}")
    with contextlib.suppress(OSError):
        os.utime(kept)  # first, so that nobody removes it now
        if _copy(kept, making, linked):
            making.rename(target)
            return True
    shutil.rmtree(making, ignore_errors=True)
    return False


def keep(name: str, key: str, source: Path, *, linked: bool = False) -> None:
    """Keeps a copy of `source` for others; one of the same key goes. Failing to is no trouble."""
    folder = place() / name
    making = folder / f"making-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if _copy(source, making, linked):
            _drop(folder / key)
            making.rename(folder / key)
            os.utime(folder / key)
        _prune(folder)
    except OSError:
        pass  # the disk is full, or another one was quicker
    shutil.rmtree(making, ignore_errors=True)


def write_anew(path: Path, text: str) -> None:
    """As a new file: the old one may be a link to what is kept."""
    path.unlink(missing_ok=True)
    path.write_text(text)


def _ours(folder: Path) -> bool:
    """Whether it is there, and made by this user: what is taken is run."""
    try:
        return folder.stat().st_uid == os.geteuid()
    except OSError:
        return False


def _copy(source: Path, target: Path, linked: bool) -> bool:
    for how in ("-al", "-a") if linked else ("-a",):  # on another disk there are no links
        command = ["cp", how, str(source), str(target)]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return True
        shutil.rmtree(target, ignore_errors=True)
    return False


def _drop(folder: Path) -> None:
    """Away at once, for whoever looks; then its files."""
    away = folder.with_name(f"old-{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        folder.rename(away)
    shutil.rmtree(away, ignore_errors=True)


def _prune(folder: Path) -> None:
    found = [(path.stat().st_mtime, path) for path in folder.iterdir()]
    unfinished = {path for _, path in found if path.name.startswith(("making-", "old-"))}
    whole = sorted((at, path) for at, path in found if path not in unfinished)
    for _, path in whole[:-KEPT_MAX]:
        _drop(path)
    for at, path in found:
        if path in unfinished and at < time.time() - LEFT_OVER_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
