"""The program in the cage: decodes one strange sound file and writes it as 16 and 8 kHz speech.

It runs as a process of its own (`callcenter.sound.converting` starts it), because a decoder fed by
strangers must be taken for broken into. Before it reads the first byte it gives up: its user (when
root), the network, new files and sockets (no descriptor is left), new processes, and all but a
fixed share of memory and processor. The file is descriptor 0, the report (one line of JSON) 1, the
16 kHz and 8 kHz files 3 and 4. It must import nothing of ours: it is run by its path.

Loudness is that of EBU R 128 / ITU-R BS.1770-4. FFmpeg (PyAV) decodes, filters and measures.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import math
import os
import resource
import sys
import wave
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

import av
import av.error
import av.filter

LOUDNESS_LUFS = -19.0
TRUE_PEAK_DBTP = -2.0
GAIN_DB_MAX = 30.0
SILENT_DBFS = -50.0
TRIM_BELOW_PEAK_DB = 42.0
CLIPPED_PEAK_DBFS = -0.2
CLIPPED_FLATNESS = 1.5
RATES = (4_000, 384_000)
CHANNELS_MAX = 8
DAMAGE_MAX = 20
MEASURED_SECONDS_MIN = 3.0
MEMORY_BYTES_MAX = 1 << 30
CPU_SECONDS_MAX = 8
FILE_BYTES_MAX = 32 << 20
NOBODY = 65534
WORK_RATE = 16_000
FORMATS = {
    "wav": "wav", "mp3": "mp3", "ogg": "ogg", "flac": "flac", "m4a": "mov", "amr": "amr",
    "webm": "matroska", "aiff": "aiff", "caf": "caf",
}  # fmt: skip


class Refused(Exception):
    """The file is not taken; the code says why."""


@dataclass
class Decoded:
    """One voice at WORK_RATE, and what was seen of the original."""

    frames: list[av.AudioFrame] = field(default_factory=list)
    seconds: float = 0.0
    rate: int = 0
    channels: int = 0
    codec: str = ""
    peak: float = -200.0
    flatness: float = 0.0
    damage: int = 0


# -- the cage -------------------------------------------------------------------------------------
def enter_cage() -> None:
    """What cannot be had on this kernel (a namespace) is left; every limit is a must."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    clone_newuser, clone_newnet, clone_newipc = 0x10000000, 0x40000000, 0x08000000
    own = clone_newnet | clone_newipc
    libc.unshare(own if os.geteuid() == 0 else own | clone_newuser)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES_MAX,
        resource.RLIMIT_CPU: CPU_SECONDS_MAX,
        resource.RLIMIT_FSIZE: FILE_BYTES_MAX,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        # Descriptors 0 to 4 are open: nothing more can be opened, no file and no socket.
        resource.RLIMIT_NOFILE: 5,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


# -- reading --------------------------------------------------------------------------------------
def decode(kind: str, source: IO[bytes], seconds_max: float) -> Decoded:
    """Raises Refused."""
    try:
        container = av.open(source, mode="r", format=FORMATS[kind], metadata_errors="ignore")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise Refused("not_audio") from error
    with container:
        if not container.streams.audio:
            raise Refused("no_sound")
        stream = container.streams.audio[0]
        codec = stream.codec_context
        found = Decoded(rate=codec.sample_rate, channels=codec.channels, codec=codec.name)
        codec.thread_count = 1
        chain = None
        for frame in _frames(container, stream, found):
            if chain is None:
                chain = _inlet(frame, found)
            found.seconds += frame.samples / frame.sample_rate
            if found.seconds > seconds_max:
                raise Refused("too_long")
            frame.pts = None
            for out in chain.run([frame]):
                _notice(found, out)
                found.frames.append(out)
        if chain is not None:
            found.frames.extend(chain.end())
    if found.seconds == 0:
        raise Refused("damaged" if found.damage else "empty")
    return found


def _frames(
    container: av.container.InputContainer, stream: av.AudioStream, found: Decoded
) -> Iterator[av.AudioFrame]:
    """What can be decoded; a few broken packets are jumped over."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            yield from packet.decode()
        except StopIteration:
            return
        except (av.error.FFmpegError, ValueError) as error:
            found.damage += 1
            if found.damage > DAMAGE_MAX or isinstance(error, MemoryError):
                raise Refused("damaged") from error


def _inlet(frame: av.AudioFrame, found: Decoded) -> Chain:
    """From whatever it is to one voice; the original's peak is looked at first."""
    found.rate, found.channels = frame.sample_rate, len(frame.layout.channels)
    if not RATES[0] <= found.rate <= RATES[1] or not 1 <= found.channels <= CHANNELS_MAX:
        raise Refused("odd_sound")
    return Chain(
        frame,
        ("astats", "metadata=1:reset=0:measure_perchannel=none"),
        ("aformat", f"sample_fmts=flt:sample_rates={WORK_RATE}:channel_layouts=mono"),
    )


def _notice(found: Decoded, frame: av.AudioFrame) -> None:
    seen = frame.metadata
    with contextlib.suppress(KeyError, ValueError):
        found.peak = max(found.peak, float(seen["lavfi.astats.Overall.Peak_level"]))
        found.flatness = float(seen["lavfi.astats.Overall.Flat_factor"])


# -- filters --------------------------------------------------------------------------------------
class Chain:
    """Filters one after the other for sound like `first`."""

    def __init__(self, first: av.AudioFrame, *filters: tuple[str, str]) -> None:
        self._graph = av.filter.Graph()
        last = self._graph.add_abuffer(
            sample_rate=first.sample_rate, format=first.format.name, layout=first.layout.name
        )
        for name, options in filters:
            step = self._graph.add(name, options)
            last.link_to(step)
            last = step
        sink = self._graph.add("abuffersink")
        last.link_to(sink)
        self._graph.configure()

    def run(self, frames: Iterable[av.AudioFrame]) -> Iterator[av.AudioFrame]:
        for frame in frames:
            self._graph.push(frame)
            yield from self._ready()

    def end(self) -> Iterator[av.AudioFrame]:
        self._graph.push(None)
        yield from self._ready()

    def _ready(self) -> Iterator[av.AudioFrame]:
        with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
            while True:
                frame = self._graph.pull()
                assert isinstance(frame, av.AudioFrame)
                yield frame


def through(frames: list[av.AudioFrame], *filters: tuple[str, str]) -> list[av.AudioFrame]:
    """All of `frames` filtered; their times are set anew."""
    if not frames:
        return []
    chain = Chain(frames[0], *filters)
    at = 0
    out: list[av.AudioFrame] = []
    for frame in frames:
        frame.pts, at = at, at + frame.samples
        out.extend(chain.run([frame]))
    out.extend(chain.end())
    return out


def seconds_of(frames: list[av.AudioFrame]) -> float:
    return sum(frame.samples for frame in frames) / frames[0].sample_rate if frames else 0.0


def trim(frames: list[av.AudioFrame], peak: float) -> list[av.AudioFrame]:
    """Without the hum below speech, and without silence before and after; a breath is left."""
    threshold = max(-65.0, peak - TRIM_BELOW_PEAK_DB)
    cut = (
        "silenceremove",
        f"start_periods=1:start_threshold={threshold:.1f}dB:start_silence=0.08:detection=rms:"
        "window=0.01",
    )
    turn = ("areverse", "")
    return through(frames, ("highpass", "f=60"), cut, turn, cut, turn)


def measure(frames: list[av.AudioFrame]) -> tuple[float, float]:
    """Integrated loudness (LUFS) and true peak (dBTP). What is shorter than the gate of the
    measurement needs is heard several times."""
    seconds = seconds_of(frames)
    if not seconds:
        return -70.0, -200.0
    again = max(1, int(MEASURED_SECONDS_MIN / seconds) + 1 if seconds < MEASURED_SECONDS_MIN else 1)
    heard = through(frames * again, ("ebur128", "metadata=1:peak=true"))
    loudness, peak = -70.0, 0.0
    for frame in heard:
        with contextlib.suppress(KeyError, ValueError):
            loudness = float(frame.metadata["lavfi.r128.I"])
            peak = max(peak, float(frame.metadata["lavfi.r128.true_peak"]))
    return loudness, _decibel(peak)


def _decibel(linear: float) -> float:

    return 20 * math.log10(linear) if linear > 1e-10 else -200.0


def finish(frames: list[av.AudioFrame], gain: float, rate: int) -> bytes:
    """16 bit samples at `rate`, at the wanted loudness, with no peak above the limit. The limiter
    works on four times the rate, so that it sees the peaks between samples."""
    ceiling = 10 ** (TRUE_PEAK_DBTP / 20)
    out = through(
        frames,
        ("volume", f"{gain:.2f}dB:precision=float"),
        ("aresample", f"{rate}"),
        ("aresample", f"{rate * 4}"),
        ("alimiter", f"limit={ceiling:.4f}:level=0:attack=2:release=40:latency=1"),
        ("aformat", f"sample_fmts=s16:sample_rates={rate}:channel_layouts=mono"),
    )
    return b"".join(bytes(frame.planes[0])[: frame.samples * 2] for frame in out)


# -- all together ---------------------------------------------------------------------------------
def convert(
    kind: str, source: IO[bytes], seconds_max: float
) -> tuple[dict[str, object], dict[int, bytes]]:
    """The report, and the samples by rate. Raises Refused."""
    found = decode(kind, source, seconds_max)
    if found.peak < SILENT_DBFS:
        raise Refused("silent")
    speech = trim(found.frames, found.peak)
    before, _ = measure(speech)
    if before <= -69 or seconds_of(speech) < 0.05:
        raise Refused("silent")
    wanted = LOUDNESS_LUFS - before
    gain = min(wanted, GAIN_DB_MAX)
    made = {rate: finish(speech, gain, rate) for rate in (WORK_RATE, WORK_RATE // 2)}
    after, peak = measure(_as_frames(made[WORK_RATE]))
    report: dict[str, object] = {
        "codec": found.codec,
        "rate": found.rate,
        "channels": found.channels,
        "source_seconds": round(found.seconds, 3),
        "seconds": round(len(made[WORK_RATE]) / 2 / WORK_RATE, 3),
        "loudness_before": round(before, 1),
        "loudness": round(after, 1),
        "true_peak": round(peak, 1),
        "warnings": warnings(found, gain),
    }
    return report, made


def warnings(found: Decoded, gain: float) -> list[str]:
    seen = {
        "clipped": found.peak >= CLIPPED_PEAK_DBFS and found.flatness >= CLIPPED_FLATNESS,
        "quiet": gain > GAIN_DB_MAX - 6,
        "damaged": found.damage > 0,
        "narrow": found.rate < 8_000,
    }
    return [name for name, is_so in seen.items() if is_so]


def _as_frames(samples: bytes) -> list[av.AudioFrame]:
    frames = []
    for at in range(0, len(samples), WORK_RATE * 2):
        part = samples[at : at + WORK_RATE * 2]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(part) // 2)
        frame.sample_rate = WORK_RATE
        frame.planes[0].update(part.ljust(frame.planes[0].buffer_size, b"\0"))
        frames.append(frame)
    return frames


def _write(file: IO[bytes], rate: int, samples: bytes) -> None:
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)


def warm_up() -> None:
    """A harmless file all the way: what is loaded late is loaded before the door shuts."""
    file = io.BytesIO()
    _write(file, WORK_RATE, b"\0\x10\0\xf0" * 4000)
    file.seek(0)
    convert("wav", file, 1.0)


def main() -> None:
    av.logging.set_level(av.logging.PANIC)
    kind, seconds_max = sys.argv[1], float(sys.argv[2])
    warm_up()
    enter_cage()
    try:
        with os.fdopen(0, "rb", closefd=False) as source:
            report, made = convert(kind, source, seconds_max)
        for descriptor, rate in ((3, WORK_RATE), (4, WORK_RATE // 2)):
            with os.fdopen(descriptor, "wb", closefd=False) as target:
                _write(target, rate, made[rate])
    except Refused as refusal:
        report = {"refused": str(refusal)}
    except MemoryError:
        report = {"refused": "too_heavy"}
    os.write(1, json.dumps(report).encode())


if __name__ == "__main__":
    main()
