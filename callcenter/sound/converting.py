"""Strange sound files made into prompts: looked at here, decoded in the cage, or refused.

The first bytes say what a file is, not its name. The cage (`callcenter.sound.converter`) is a
process with nothing but the file; when it is killed by one of its limits, the file is refused too.
This file must not know who uploads, nor where the results are kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import secrets
import sys
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

log = logging.getLogger(__name__)

UPLOAD_BYTES_MAX = 20 * 1024 * 1024
WALL_SECONDS_MAX = 30.0
CAGES_MAX = 2
REPORT_BYTES_MAX = 10_000
LONGEST_SECONDS = 600.0
PROGRAM = Path(__file__).with_name("converter.py")

# What a refusal means and what to do about it, for people.
REFUSALS = {
    "empty": ("the file has no sound in it", "choose another file"),
    "not_audio": (
        "this is not a sound file we can read",
        "use WAV, MP3, OGG/Opus, FLAC, M4A, AMR, AIFF or WebM",
    ),
    "no_sound": ("the file has no sound track", "choose another file"),
    "damaged": ("the file is damaged", "save or download it again"),
    "too_long": (f"it is longer than {LONGEST_SECONDS / 60:g} minutes", "cut it into parts"),
    "too_large": (
        f"it is larger than {UPLOAD_BYTES_MAX // 1024 // 1024} MB",
        "save it as MP3 or FLAC, or cut it",
    ),
    "too_heavy": ("it needs too much time or memory to decode", "save it as a plain WAV or MP3"),
    "odd_sound": ("its sample rate or number of channels is odd", "save it with 8 to 48 kHz"),
    "no_room": ("the server could not write it down", "make room on its disk, then try again"),
    "silent": ("nothing can be heard in it", "check the microphone and record again"),
}
WARNINGS = ("clipped", "quiet", "damaged", "narrow")


class SoundRefused(ValueError):
    """The file is not taken. `code` is a key of REFUSALS; `todo` says what helps."""

    def __init__(self, code: str) -> None:
        text, self.todo = REFUSALS[code]
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Converted:
    """What was made. `wide` and `narrow` are 16 and 8 kHz WAV files; loudness in LUFS, `true_peak`
    in dBTP; `warnings` are some of WARNINGS; `sha256` is that of the 16 kHz file."""

    wide: Path
    narrow: Path
    sha256: str
    codec: str
    seconds: float
    loudness_before: float
    loudness: float
    true_peak: float
    warnings: tuple[str, ...]


def kind_of(head: bytes) -> str | None:
    """What a file that begins with these bytes (16 or more) is, by its magic numbers."""
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    begins = {
        b"OggS": "ogg", b"fLaC": "flac", b"#!AMR": "amr", b"caff": "caf", b"ID3": "mp3",
        b"\x1a\x45\xdf\xa3": "webm",
    }  # fmt: skip
    for magic, kind in begins.items():
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp":
        return "m4a"
    # An MPEG audio frame: eleven set bits, a known version, a layer, a bit rate.
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        known = head[1] & 0x18 != 0x08 and head[1] & 0x06 == 0x02 and head[2] & 0xF0 != 0xF0
        return "mp3" if known else None
    return None


class Converter:
    """Makes files in `folder`, with names of its own; at most CAGES_MAX at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places = asyncio.Semaphore(CAGES_MAX)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def convert(self, source: Path) -> Converted:
        """The two files made of `source`, which stays. Raises SoundRefused, or OSError for a full
        disk."""
        with source.open("rb", buffering=0) as file:  # the cage reads on from here
            kind = _checked_kind(file)
            name = secrets.token_hex(16)
            wide, narrow = (self._folder / f"{name}-{rate}.wav" for rate in ("16", "8"))
            try:
                async with self._places:
                    with wide.open("xb") as one, narrow.open("xb") as two:
                        report = await _in_cage(kind, file.fileno(), one.fileno(), two.fileno())
                return _converted(report, wide, narrow)
            except BaseException:
                for made in (wide, narrow):
                    made.unlink(missing_ok=True)
                raise


def _checked_kind(file: FileIO) -> str:
    size = os.fstat(file.fileno()).st_size
    if size == 0:
        raise SoundRefused("empty")
    if size > UPLOAD_BYTES_MAX:
        raise SoundRefused("too_large")
    kind = kind_of(file.read(16))
    if kind is None:
        raise SoundRefused("not_audio")
    file.seek(0)
    return kind


def _converted(report: dict[str, object], wide: Path, narrow: Path) -> Converted:
    refused = report.get("refused")
    if refused is not None:
        raise SoundRefused(str(refused) if refused in REFUSALS else "not_audio")
    digest = hashlib.sha256(wide.read_bytes()).hexdigest()
    seen = report["warnings"]
    assert isinstance(seen, list)
    figures = {
        name: float(str(report[name]))
        for name in ("seconds", "loudness_before", "loudness", "true_peak")
    }
    return Converted(
        wide,
        narrow,
        digest,
        str(report["codec"])[:32],
        warnings=tuple(one for one in WARNINGS if one in seen),
        **figures,
    )


async def _in_cage(kind: str, source: int, wide: int, narrow: int) -> dict[str, object]:
    """Runs the converter; its report. The descriptors arrive as 0, 3 and 4."""
    program = f"import os,sys;{_MOVE};sys.argv=['',{kind!r},'{LONGEST_SECONDS}'];import runpy;" + (
        f"runpy.run_path({str(PROGRAM)!r},run_name='__main__')"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", program, str(wide), str(narrow)),
        stdin=source,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=(wide, narrow),
        env={},
        cwd="/",
    )
    try:
        async with asyncio.timeout(WALL_SECONDS_MAX):
            assert process.stdout is not None
            told = await process.stdout.read(REPORT_BYTES_MAX)
            status = await process.wait()
    except TimeoutError:
        log.warning("a sound file was not decoded in %g s", WALL_SECONDS_MAX)
        raise SoundRefused("too_heavy") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if status != 0:
        log.warning("the sound converter ended with %d", status)
        raise SoundRefused("too_heavy" if status < 0 else "damaged")
    try:
        report = json.loads(told)
    except ValueError:
        raise SoundRefused("damaged") from None
    assert isinstance(report, dict)
    return report


# Above what is passed first, so that none overwrites another.
_MOVE = (
    "a,b=os.dup2(int(sys.argv[1]),200),os.dup2(int(sys.argv[2]),201);"
    "os.dup2(200,3);os.dup2(201,4);os.closerange(5,256)"
)


def remove(*paths: Path) -> None:
    """Files that are not wanted any more; those that are gone already are no trouble."""
    for path in paths:
        with contextlib.suppress(OSError):
            os.unlink(path)
