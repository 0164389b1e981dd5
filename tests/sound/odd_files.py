"""Sound files of all kinds, good and odd, made on the spot."""

from __future__ import annotations

import array
import io
import math
import struct
import wave
from pathlib import Path

import av

GOOD = {
    "wav": ("wav", "pcm_s16le", 44_100),
    "mp3": ("mp3", "mp3", 44_100),
    "ogg": ("ogg", "libopus", 48_000),
    "flac": ("flac", "flac", 48_000),
    "m4a": ("ipod", "aac", 44_100),
    "amr": ("amr", "libopencore_amrnb", 8_000),
    "webm": ("webm", "libopus", 48_000),
    "aiff": ("aiff", "pcm_s16be", 22_050),
}


def samples(
    rate: int, seconds: float, hertz: float = 440.0, level: float = 0.3, lead: float = 0.0
) -> array.array[int]:
    """A tone after `lead` seconds of silence; `level` above 1 is clipped."""
    step = 2 * math.pi * hertz / rate
    quiet = array.array("h", bytes(2 * int(lead * rate)))
    loud = (int(32767 * level * math.sin(step * i)) for i in range(int(seconds * rate)))
    return quiet + array.array("h", (max(-32767, min(32767, value)) for value in loud))


def encoded(kind: str, sound: array.array[int] | None = None) -> bytes:
    """A file of this kind (a key of GOOD) with `sound`, else two seconds of 440 Hz."""
    form, codec, rate = GOOD[kind]
    sound = samples(rate, 2.0) if sound is None else sound
    file = io.BytesIO()
    with av.open(file, "w", format=form) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(sound))
        frame.sample_rate, frame.pts = rate, 0
        frame.planes[0].update(sound.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        context = stream.codec_context
        fit = av.AudioResampler(format=context.format, layout=context.layout, rate=rate)
        for part in [*fit.resample(frame), *fit.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return file.getvalue()


def wav(sound: array.array[int], rate: int = 16_000, channels: int = 1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(sound.tobytes())
    return file.getvalue()


def wav_claiming(size: int, body: bytes = b"\0\0" * 100, *, rate: int = 16_000) -> bytes:
    """A WAV file whose header speaks of `size` bytes of sound, whatever is there."""
    form = struct.pack("<HHIIHH", 1, 1, rate, rate * 2 & 0xFFFFFFFF, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", size)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + (b"data" + struct.pack("<I", size) + body)
    )


def hours_of_silence() -> bytes:
    """A small FLAC file that is an hour long when decoded."""
    rate = 8_000
    file = io.BytesIO()
    with av.open(file, "w", format="flac") as out:
        stream = out.add_stream("flac", rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.format = "s16"
        frame = av.AudioFrame(format="s16", layout="mono", samples=4608)
        frame.sample_rate = rate
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        for number in range(3600 * rate // 4608):
            frame.pts = number * 4608
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def spectrum_share(path: Path, hertz: float) -> float:
    """How much of a WAV file's energy is this tone, 0 to 1."""
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        heard = array.array("h", file.readframes(file.getnframes()))
    heard = heard[len(heard) // 4 : len(heard) // 4 + rate // 2]
    step = 2 * math.pi * hertz / rate
    real = sum(s * math.cos(step * i) for i, s in enumerate(heard))
    imaginary = sum(s * math.sin(step * i) for i, s in enumerate(heard))
    return float(2 * (real**2 + imaginary**2) / len(heard) / max(sum(s * s for s in heard), 1))
