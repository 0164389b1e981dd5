"""What a simulated caller sends: speech and key presses as RTP, in a capture file that sipp plays.

One file is one caller's whole side: silence, digits (RFC 4733 telephone-events) at given moments,
then speech again and again. Sequence numbers and time stamps run through, so that Asterisk hears
one telephone. Pure but for `speech`.
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator, Sequence

FRAME_SECONDS = 0.02
FRAME_SAMPLES = 160
PCMU = 0
TELEPHONE_EVENT = 101
EVENTS = "0123456789*#"
DIGIT_FRAMES = 8
SILENCE = b"\xff" * FRAME_SAMPLES
SSRC = 0x0DE70CA1
# pcap-savefile(5): microseconds, link type Ethernet
FILE_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)


def capture(speech: bytes, digits: Sequence[tuple[float, str]], seconds: float) -> bytes:
    """A capture file of `seconds`. `speech`: mu-law at 8 kHz, repeated from 2 s after the last
    digit. `digits`: (seconds from the beginning, key), in order of time."""
    frames = _frames(speech, digits, round(seconds / FRAME_SECONDS))
    packets = [
        _packet(number, *frame, marker=number == 0 or (frame[0] != PCMU and frame[2] == 0))
        for number, frame in enumerate(frames)
    ]
    return FILE_HEADER + b"".join(packets)


def _frames(
    speech: bytes, digits: Sequence[tuple[float, str]], count: int
) -> Iterator[tuple[int, bytes, int]]:
    """(payload type, payload, how many frames after the stamp's own) for every 20 ms."""
    begins = {round(at / FRAME_SECONDS): key for at, key in digits}
    talk_from = max(begins, default=0) + round(2 / FRAME_SECONDS)
    voice = [speech[i : i + FRAME_SAMPLES] for i in range(0, len(speech), FRAME_SAMPLES)]
    voice = [part for part in voice if len(part) == FRAME_SAMPLES] or [SILENCE]
    number = 0
    while number < count:
        if number in begins:
            for step in range(DIGIT_FRAMES + 2):  # the last is said three times (RFC 4733, 2.5.1.4)
                length = min(step + 1, DIGIT_FRAMES) * FRAME_SAMPLES
                end = step >= DIGIT_FRAMES - 1
                event = struct.pack("!BBH", EVENTS.index(begins[number]), 10 | end << 7, length)
                yield TELEPHONE_EVENT, event, step
            number += DIGIT_FRAMES + 2
        else:
            talking = number >= talk_from
            yield PCMU, voice[(number - talk_from) % len(voice)] if talking else SILENCE, 0
            number += 1


def _packet(number: int, kind: int, payload: bytes, after: int, *, marker: bool) -> bytes:
    stamp = (number - after) * FRAME_SAMPLES
    rtp = struct.pack("!BBHII", 0x80, kind | marker << 7, number & 0xFFFF, stamp, SSRC) + payload
    udp = struct.pack("!HHHH", 6000, 6000, 8 + len(rtp), 0) + rtp
    address = b"\x7f\x00\x00\x02"
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + address * 2 + udp
    frame = b"\x00" * 12 + b"\x08\x00" + ip
    micro = round(number * FRAME_SECONDS * 1_000_000)
    return struct.pack("<IIII", *divmod(micro, 1_000_000), len(frame), len(frame)) + frame


def speech(text: str, voice: str) -> bytes:
    """`text` as mu-law at 8 kHz. Raises OSError or subprocess.SubprocessError."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", voice, "-b", "1", "--stdin", "--stdout"],
        input=text.encode(),
        capture_output=True,
        check=True,
        timeout=20,
    ).stdout
    shaped = subprocess.run(
        ["sox", "-t", "wav", "-", "-t", "ul", "-r", "8000", "-c", "1", "-",
         "gain", "-9", "pad", "0", "1.5"],
        input=spoken,
        capture_output=True,
        check=True,
        timeout=20,
    )  # fmt: skip
    return shaped.stdout
