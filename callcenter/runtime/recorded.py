"""How long a recording is, by the size of its file: right also when nobody closed it properly.

Recordings are WAV files of Asterisk: 8,000 samples a second of 16 bits, one channel, behind a
header of 44 bytes (formats/format_wav.c). The core makes their names (`effects.RecordCaller`).
"""

from __future__ import annotations

import re
from pathlib import Path
from stat import S_ISREG

HEADER_BYTES = 44
BYTES_A_SECOND = 16_000
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,103}$")


def file_of(folder: Path, recording: str) -> Path:
    """Where the recording of this name lies. Raises ValueError for what is no name of ours."""
    if not NAME.fullmatch(recording):
        raise ValueError(f"not a recording's name: {recording[:120]!r}")
    return folder / f"{recording}.wav"


def seconds_of(file: Path) -> float | None:
    """None: there is no such file."""
    try:
        found = file.stat()
    except OSError:
        return None
    return max(0, found.st_size - HEADER_BYTES) / BYTES_A_SECOND if S_ISREG(found.st_mode) else None


def kept_seconds(file: Path, seconds_min: float) -> float | None:
    """The same; what is shorter than `seconds_min` is removed and counts as 0."""
    seconds = seconds_of(file)
    if seconds is not None and seconds < seconds_min:
        file.unlink(missing_ok=True)
        return 0.0
    return seconds
