"""A raw recording made into one to keep, in the cage (`talk_encoder`).

The encoded sound stays in memory (memfd): nothing but the encrypted form is ever written to a disk.
This file must not know where recordings are kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).with_name("talk_encoder.py")
REPORT_BYTES_MAX = 100_000
WALL_SECONDS_MAX = 1_800.0
CODEC = "mp3"
MEDIA_TYPE = "audio/mpeg"
PEAKS_PER_SECOND = 10

Window = tuple[float, float, float | None]
"""A pause in seconds of the file: from, to, and from when on it must be silent already."""


class EncodingFailed(Exception):
    """The raw file could not be made into a recording; it stays where it is."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """`silent`: all pauses that could be proved were silent in the raw file; None: there was none
    to prove. `figures`: how much each side spoke (see `talk_encoder.figures`)."""

    sound: bytes
    peaks: bytes
    seconds: float
    figures: Mapping[str, object]
    silent: bool | None


async def encode(raw: Path, pauses: Sequence[Window]) -> Encoded:
    """Raises EncodingFailed, OSError."""
    with contextlib.ExitStack() as stack:
        sound, peaks = (
            stack.enter_context(os.fdopen(os.memfd_create(name, 0), "r+b"))
            for name in ("recording", "peaks")
        )
        source = stack.enter_context(raw.open("rb"))
        report = await _in_cage(source.fileno(), sound.fileno(), peaks.fileno(), pauses)
        sound.seek(0)
        peaks.seek(0)
        loud = int(str(report["loud_samples"]))
        proved = float(str(report["checked_seconds"])) > 0
        figures = report["figures"]
        assert isinstance(figures, dict)
        return Encoded(
            sound.read(),
            peaks.read(),
            float(str(report["seconds"])),
            figures,
            loud == 0 if proved else None,
        )


# Above what is passed first, so that none overwrites another.
_MOVE = (
    "a,b=os.dup2(int(sys.argv[1]),200),os.dup2(int(sys.argv[2]),201);"
    "os.dup2(200,3);os.dup2(201,4);os.closerange(5,256)"
)


async def _in_cage(
    source: int, sound: int, peaks: int, pauses: Sequence[Window]
) -> dict[str, object]:
    program = (
        f"import os,sys;{_MOVE};sys.argv=['',sys.argv[3]];import runpy;"
        f"runpy.run_path({str(PROGRAM)!r},run_name='__main__')"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", program, str(sound), str(peaks), json.dumps(list(pauses))),
        stdin=source,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=(sound, peaks),
        env={},
        cwd="/",
    )
    try:
        async with asyncio.timeout(WALL_SECONDS_MAX):
            told, complaint = await process.communicate()
    except TimeoutError:
        raise EncodingFailed(f"it was not done in {WALL_SECONDS_MAX:g} s") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise EncodingFailed(f"the encoder ended with {process.returncode}: {' '.join(last)[:150]}")
    report = json.loads(told[:REPORT_BYTES_MAX])
    assert isinstance(report, dict)
    return report
