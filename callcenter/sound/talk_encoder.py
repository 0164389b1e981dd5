"""The program in the cage that makes a kept recording of a raw one, and measures both sides.

It runs as a process of its own with nothing but its descriptors (as `converter.py`, and like it
run by its path, so it imports nothing of ours): 0 the raw file (16-bit samples at 8,000 a second,
caller and agent in turn), 3 the encoded sound, 4 the peaks, 1 the report (one line of JSON).
Argument: JSON of the pauses in seconds of the file, [[from, to, from when on it must be silent
already, or null]].

What lies in a pause is written as silence whatever the raw file has; whether Asterisk itself had
written silence there is in the report: that is the proof. MP3 without joint stereo keeps the sides
apart (crosstalk 1e-13 of the energy, Opus 3e-4) and lets every browser seek.
"""

from __future__ import annotations

import array
import io
import json
import math
import os
import resource
import sys
from collections.abc import Iterator
from operator import mul
from typing import IO

import av

RATE = 8_000
BIT_RATE = 32_000
FAST = "7"  # of lame's 0 (slow) to 9: two thirds of the usual effort, the same bits for a telephone
BLOCK = 1_152  # samples of an MP3 frame
PEAKS_PER_SECOND = 10
FRAME_SECONDS = 0.02
FRAME = int(RATE * FRAME_SECONDS)
MARGIN_SECONDS = 0.5  # between our clock and the file's
QUIETEST_DBFS, LOUDEST_DBFS = -50.0, -35.0  # bounds of what counts as speech
OVER_FLOOR_DB = 10.0
GAP_SECONDS, BURST_SECONDS = 0.3, 0.1  # shorter pauses are part of speech, shorter bursts are none
SILENCE_SECONDS = 3.0
INTERRUPTION_SECONDS = 0.5
MEMORY_BYTES_MAX = 2 << 30
CPU_SECONDS_MAX = 600
FILE_BYTES_MAX = 1 << 30
NOBODY = 65534

Spans = list[tuple[float, float]]


def enter_cage() -> None:
    """Low priority, no user, nothing more to open, a share of memory and processor."""
    os.nice(15)
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
        resource.RLIMIT_NOFILE: 5,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


# -- pauses ---------------------------------------------------------------------------------------
class Pauses:
    """Cuts out what lies in a pause, and looks whether it was silence already."""

    def __init__(self, pauses: list[tuple[float, float, float | None]]) -> None:
        self._cut = [(int(a * RATE), int(b * RATE)) for a, b, _ in pauses]
        self._proof = [
            (int((since + MARGIN_SECONDS) * RATE), int((until - MARGIN_SECONDS) * RATE))
            for _, until, since in pauses
            if since is not None
        ]
        self.loud = 0
        self.checked = 0

    def apply(self, begin: int, samples: array.array[int]) -> None:
        """`samples`: both sides in turn; `begin`: the first one's place in the file."""
        end = begin + len(samples) // 2
        for since, until in self._proof:
            low, high = max(begin, since), min(end, until)
            if low < high:
                part = samples[(low - begin) * 2 : (high - begin) * 2]
                self.checked += high - low
                self.loud += len(part) - part.count(0)
        for since, until in self._cut:
            low, high = max(begin, since), min(end, until)
            if low < high:
                empty = array.array("h", bytes((high - low) * 4))
                samples[(low - begin) * 2 : (high - begin) * 2] = empty


# -- measuring ------------------------------------------------------------------------------------
def level(samples: array.array[int]) -> float:
    """dBFS of the samples' root mean square; -120 for silence."""
    power = sum(map(mul, samples, samples)) / max(1, len(samples))
    return 10 * math.log10(power / 32768**2) if power > 0 else -120.0


def speech(levels: list[float]) -> Spans:
    """When this side spoke, (from, to) in seconds: louder than its own quiet, smoothed."""
    heard = sorted(one for one in levels if one > -119.0)
    if not heard:
        return []
    floor = heard[len(heard) // 10]
    threshold = min(max(floor + OVER_FLOOR_DB, QUIETEST_DBFS), LOUDEST_DBFS)
    spans: Spans = []
    for place, one in enumerate(levels):
        if one < threshold:
            continue
        at = place * FRAME_SECONDS
        if spans and at - spans[-1][1] < GAP_SECONDS:
            spans[-1] = (spans[-1][0], at + FRAME_SECONDS)
        else:
            spans.append((at, at + FRAME_SECONDS))
    return [(a, b) for a, b in spans if b - a >= BURST_SECONDS]


def both(left: Spans, right: Spans) -> Spans:
    """When both spoke."""
    found: Spans = []
    i = j = 0
    while i < len(left) and j < len(right):
        begin, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if begin < end:
            found.append((begin, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return found


def interruptions(by: Spans, of: Spans) -> int:
    """How often `by` began to speak into what `of` was saying, for a while."""
    count = 0
    for begin, end in by:
        into = [(a, b) for a, b in of if a < begin < b]
        count += any(min(end, b) - begin >= INTERRUPTION_SECONDS for _, b in into)
    return count


def silences(left: Spans, right: Spans, seconds: float) -> Spans:
    """When neither spoke for a while."""
    found: Spans = []
    at = 0.0
    for begin, end in [*sorted(left + right), (seconds, seconds)]:
        if begin - at >= SILENCE_SECONDS:
            found.append((at, begin))
        at = max(at, end)
    return found


def figures(left: Spans, right: Spans, seconds: float) -> dict[str, object]:
    """The caller is left. `agent_share`: of all that was spoken. Seconds with two digits."""
    caller, agent = (sum(b - a for a, b in spans) for spans in (left, right))
    quiet = silences(left, right, seconds)
    return {
        "caller_seconds": round(caller, 2),
        "agent_seconds": round(agent, 2),
        "agent_share": round(agent / (caller + agent), 4) if caller + agent else None,
        "both_seconds": round(sum(b - a for a, b in both(left, right)), 2),
        "agent_interrupts": interruptions(right, left),
        "caller_interrupts": interruptions(left, right),
        "silences": len(quiet),
        "silence_seconds": round(sum(b - a for a, b in quiet), 2),
        "silence_longest": round(max((b - a for a, b in quiet), default=0.0), 2),
        "silent_spans": [[round(a, 2), round(b, 2)] for a, b in quiet[:200]],
    }


# -- encoding -------------------------------------------------------------------------------------
def blocks(source: IO[bytes]) -> Iterator[array.array[int]]:
    while data := source.read(BLOCK * 4):
        samples = array.array("h")
        samples.frombytes(data[: len(data) // 4 * 4])
        if samples:
            yield samples


class Meter:
    """Peaks for the picture and the level of each 20 ms, side by side."""

    def __init__(self) -> None:
        self.peaks = bytearray()
        self.levels: tuple[list[float], list[float]] = ([], [])
        self._rest = (array.array("h"), array.array("h"))
        self._loudest = [0, 0]
        self._frames = 0

    def take(self, samples: array.array[int]) -> None:
        for side in (0, 1):
            self._rest[side].extend(samples[side::2])
        while len(self._rest[0]) >= FRAME:
            for side in (0, 1):
                frame = self._rest[side][:FRAME]
                del self._rest[side][:FRAME]
                self.levels[side].append(level(frame))
                self._loudest[side] = max(self._loudest[side], max(frame), -min(frame))
            self._frames += 1
            if self._frames * PEAKS_PER_SECOND % round(1 / FRAME_SECONDS) == 0:
                self.peaks += bytes(min(255, loud >> 7) for loud in self._loudest)
                self._loudest = [0, 0]


def encode(source: IO[bytes], target: IO[bytes], pauses: Pauses) -> tuple[float, Meter]:
    """Seconds, and what was measured."""
    meter, samples_done = Meter(), 0
    with av.open(target, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE)
        stream.layout = "stereo"
        stream.bit_rate = BIT_RATE
        stream.options = {"joint_stereo": "0", "compression_level": FAST}
        for samples in blocks(source):
            pauses.apply(samples_done, samples)
            meter.take(samples)
            frame = av.AudioFrame(format="s16", layout="stereo", samples=len(samples) // 2)
            frame.sample_rate, frame.pts = RATE, samples_done
            frame.planes[0].update(samples.tobytes())
            samples_done += len(samples) // 2
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return samples_done / RATE, meter


def warm_up() -> None:
    """PyAV imports parts of itself at the first use, which the cage forbids."""
    encode(io.BytesIO(bytes(BLOCK * 4)), io.BytesIO(), Pauses([]))


def main() -> int:
    warm_up()
    enter_cage()
    pauses = Pauses([(a, b, c) for a, b, c in json.loads(sys.argv[1])])
    with os.fdopen(0, "rb") as source, os.fdopen(3, "wb") as target:
        seconds, meter = encode(source, target, pauses)
    with os.fdopen(4, "wb") as peaks:
        peaks.write(meter.peaks)
    left, right = (speech(levels) for levels in meter.levels)
    report = {
        "seconds": seconds,
        "figures": figures(left, right, seconds),
        "checked_seconds": pauses.checked / RATE,
        "loud_samples": pauses.loud,
    }
    sys.stdout.write(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
