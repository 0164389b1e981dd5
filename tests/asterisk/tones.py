"""How much of a sound is one tone, also where packets came late.

A packet that comes late is a gap in the tone, and after it the tone stands elsewhere in its wave:
over half a second the two pieces can cancel each other wholly. So each twentieth of a second is
looked at by itself. (In it the tones of the tests, which are multiples of 20 Hz, are whole waves,
so that none of them counts as a part of another.)
"""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Sequence
from pathlib import Path

RATE = 8000
PIECE = RATE // 20
MUSIC, MUSIC_SECONDS = 300.0, 10


def share(samples: Sequence[float], tone: float) -> float:
    """The share of the energy of `samples` (8,000 a second) that is this tone in Hz (0 to 1)."""
    step = 2 * math.pi * tone / RATE
    wave = [(math.cos(step * i), math.sin(step * i)) for i in range(PIECE)]
    of_tone = 0.0
    for begin in range(0, len(samples) - PIECE + 1, PIECE):
        piece = samples[begin : begin + PIECE]
        real = sum(s * c for s, (c, _) in zip(piece, wave, strict=True))
        imaginary = sum(s * c for s, (_, c) in zip(piece, wave, strict=True))
        of_tone += 2 * (real**2 + imaginary**2) / PIECE
    total = sum(s * s for s in samples[: len(samples) // PIECE * PIECE])
    return of_tone / total if total else 0.0


def hold_music(folder: Path) -> Path:
    """One note, which is nobody's tone. (Of a song's half seconds every seventh holds as much of
    one of the parties' tones as if that party were heard.)"""
    folder.mkdir()
    step = 2 * math.pi * MUSIC / RATE
    sound = (round(3000 * math.sin(step * i)) for i in range(MUSIC_SECONDS * RATE))
    with wave.open(str(folder / "note.wav"), "wb") as note:
        note.setparams((1, 2, RATE, 0, "NONE", ""))
        note.writeframes(b"".join(struct.pack("<h", value) for value in sound))
    return folder
