"""A telephone's sound: sends a tone and RFC 4733 digits, measures the tones it hears.

PCMU over RTP (RFC 3550, G.711), 20 ms a packet. Where to send is learnt from the first packet that
comes, unless it is said.
"""

from __future__ import annotations

import asyncio
import math
import random
import struct
import time
from typing import Self

from tests.asterisk.tones import share

PACKET_SAMPLES = 160
PACKET_SECONDS = 0.02
DIGITS = "0123456789*#"


def _encode(sample: float) -> int:
    """G.711 mu-law."""
    value = min(int(abs(sample) * 32635), 32635) + 132
    exponent = value.bit_length() - 8
    mantissa = (value >> (exponent + 3)) & 0x0F
    return ~((0x80 if sample < 0 else 0) | (exponent << 4) | mantissa) & 0xFF


def _decode(code: int) -> float:
    code = ~code & 0xFF
    value = (((code & 0x0F) << 3) + 132 << ((code >> 4) & 7)) - 132
    return (-value if code & 0x80 else value) / 32768


_DECODED = [_decode(code) for code in range(256)]


class Media(asyncio.DatagramProtocol):
    """One party's sound. `tone` is in hertz, None sends silence."""

    def __init__(self, tone: float | None = None) -> None:
        self.tone = tone
        self.remote: tuple[str, int] | None = None
        self.heard: list[float] = []
        self.keys_heard: list[str] = []
        self._key_stamp = -1
        self.packets = 0
        self.last_heard = 0.0
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._sequence = random.randrange(1000)
        self._stamp = random.randrange(100000)
        self._source = random.randrange(1 << 32)
        self._phase = 0

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )
        self.address, self.port = self._transport.get_extra_info("sockname")
        self._sender = asyncio.create_task(self._send())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._sender.cancel()
        self._transport.close()
        await asyncio.gather(self._sender, return_exceptions=True)

    def press(self, keys: str) -> None:
        """Presses these keys one after the other, 100 ms each with 60 ms between."""
        for key in keys:
            self._keys.put_nowait(key)

    @property
    def idle(self) -> bool:
        """All keys are on their way."""
        return self._keys.empty()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) >= 16 and data[1] & 0x7F == 101:
            self._hear_key(data)
        if len(data) < 13 or data[1] & 0x7F != 0:
            return
        self.remote = addr
        self.packets += 1
        self.last_heard = time.monotonic()
        self.heard.extend(_DECODED[code] for code in data[12:])
        del self.heard[:-8000]

    def _hear_key(self, data: bytes) -> None:
        """One event has one time stamp, and several packets (RFC 4733)."""
        (stamp,) = struct.unpack("!I", data[4:8])
        if stamp != self._key_stamp and data[12] < len(DIGITS):
            self._key_stamp = stamp
            self.keys_heard.append(DIGITS[data[12]])

    def number_from(self, sequence: int) -> None:
        """The next packet has the RTP sequence number after this one, as of a new call's stream."""
        self._sequence = sequence

    def listen_anew(self) -> None:
        self.heard.clear()

    def energy(self) -> float:
        """Mean square of the last second heard (1 is full scale)."""
        return sum(s * s for s in self.heard) / max(len(self.heard), 1)

    def hears(self, tone: float) -> bool:
        """At least half a second was heard, and most of the last half second is this tone."""
        return len(self.heard) >= 4000 and self.part(tone) > 0.5

    def part(self, tone: float) -> float:
        """The share of this tone in the last half second heard (0 to 1); 0 of next to nothing."""
        samples = self.heard[-4000:]
        return share(samples, tone) if sum(s * s for s in samples) > 1 else 0.0

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            if not self._keys.empty():
                await self._press(self._keys.get_nowait())
                due = loop.time()
            self._packet(0, self._sound())
            self._stamp += PACKET_SAMPLES
            due += PACKET_SECONDS
            await asyncio.sleep(max(0, due - loop.time()))

    def _sound(self) -> bytes:
        if self.tone is None:
            return b"\xff" * PACKET_SAMPLES
        step = 2 * math.pi * self.tone / 8000
        start, self._phase = self._phase, self._phase + PACKET_SAMPLES
        return bytes(_encode(0.5 * math.sin(step * (start + i))) for i in range(PACKET_SAMPLES))

    async def _press(self, key: str) -> None:
        event = DIGITS.index(key)
        for count in range(1, 9):
            ended = count > 5
            duration = min(count, 6) * PACKET_SAMPLES
            body = struct.pack("!BBH", event, 0x80 | 10 if ended else 10, duration)
            self._packet(101, body, marker=count == 1)
            if not ended:
                await asyncio.sleep(PACKET_SECONDS)
        self._stamp += 8 * PACKET_SAMPLES
        await asyncio.sleep(0.06)

    def _packet(self, kind: int, body: bytes, marker: bool = False) -> None:
        if self.remote is None:
            return
        self._sequence += 1
        head = struct.pack(
            "!BBHII",
            0x80,
            kind | (0x80 if marker else 0),
            self._sequence & 0xFFFF,
            self._stamp & 0xFFFFFFFF,
            self._source,
        )
        self._transport.sendto(head + body, self.remote)
