"""Callers in menus, in a process of their own: real SIP, real RFC 4733 digits, next to no sound.

Each presses a key about every `PAUSE_SECONDS` once it is quiet (the prompt is over), and notes how
long after the key's end the next prompt's first packet with sound in it came. A crowd of 200 gets
10,000 packets a second: they are looked at as cheaply as can be, for what is late here counts as
the service's delay. Prints one JSON object: the keys each pressed, by the user part of his From,
and all delays in milliseconds.

python -m scripts.bench_parts._menu_callers SIP_PORT COUNT KEYS PAUSE_SECONDS
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import struct
import sys
import time

import uvloop

CALLER_ADDRESS = "127.0.0.2"
PACKET_SECONDS = 0.02
QUIET_SECONDS = 0.4
PCMU = 0  # RFC 3551; RTCP's packet types 200 to 204 read as 72 to 76 here


class Sip(asyncio.DatagramProtocol):
    """As little SIP as a call needs: INVITE, ACK, BYE, and 200 to whatever comes."""

    def __init__(self) -> None:
        self.answers: dict[str, asyncio.Future[str]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.DatagramTransport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode(errors="replace")
        call = re.search(r"Call-ID: *(\S+)", text, re.I)
        if call is None:
            return
        if text.startswith("SIP/2.0"):
            status, waiting = int(text.split()[1]), self.answers.get(call[1])
            if status >= 200 and waiting is not None and not waiting.done():
                waiting.set_result(text)
        elif not text.startswith("ACK"):
            kept = [
                line
                for line in text.split("\r\n")
                if line.lower().startswith(("via:", "from:", "to:", "call-id:", "cseq:"))
            ]
            self.transport.sendto(
                "\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]).encode(), addr
            )


class Caller(asyncio.DatagramProtocol):
    def __init__(self, number: str, port: int, sip: Sip) -> None:
        self.number, self.port, self.sip = number, port, sip
        self.id = f"{number}-{random.randrange(1 << 40)}"
        self.remote: tuple[str, int] | None = None
        self.last_heard = 0.0
        self.first: asyncio.Future[float] | None = None
        self.pressed = ""
        self.delays: list[float] = []
        self.pressing = False
        self.sequence, self.stamp = random.randrange(1000), random.randrange(100_000)
        self.source = random.randrange(1 << 32)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.DatagramTransport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data[1] & 0x7F != PCMU:
            return  # RTCP of the caller whose port is the one before: no sound, and not our call
        if data.count(data[-1], 12) > len(data) - 20:
            return  # silence, which Asterisk sends while it waits for a key
        self.last_heard = time.perf_counter()
        if self.first is not None and not self.first.done():
            self.first.set_result(self.last_heard)

    def _say(self, method: str, count: int, body: str = "", to: str = "") -> None:
        host, port = self.sip.transport.get_extra_info("sockname")
        branch = f"z9hG4bK{self.id}{method}{count}"
        lines = [
            f"{method} sip:4000@127.0.0.1:{self.port} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch={branch}",
            f'From: "Bench" <sip:{self.number}@{host}:{port}>;tag={self.id}',
            to or f"To: <sip:4000@127.0.0.1:{self.port}>",
            f"Call-ID: {self.id}",
            f"CSeq: {1 if method == 'ACK' else count} {method}",
            f"Contact: <sip:{self.number}@{host}:{port}>",
            "Max-Forwards: 70",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
            "",
            body,
        ]
        self.sip.transport.sendto("\r\n".join(lines).encode(), ("127.0.0.1", self.port))

    async def call(self) -> None:
        host, port = self.transport.get_extra_info("sockname")
        body = (
            f"v=0\r\no=b 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
            "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n"
        )
        answered = self.sip.answers[self.id] = asyncio.get_running_loop().create_future()
        for _ in range(20):
            self._say("INVITE", 1, body)
            with contextlib.suppress(TimeoutError):
                answer = await asyncio.wait_for(asyncio.shield(answered), 1.0)
                break
        else:
            raise SystemExit(f"{self.number} was not answered")
        self.to = next(line for line in answer.split("\r\n") if line.lower().startswith("to:"))
        self._say("ACK", 1, to=self.to)
        media = re.search(r"m=audio (\d+)", answer)
        assert media is not None, answer
        self.remote = ("127.0.0.1", int(media[1]))

    async def press(self, key: str) -> None:
        """100 ms, its end said three times; the delay counts from the first of these."""
        self.pressing = True
        for count in range(1, 9):
            ended = count > 5
            if count == 6:
                self.first = asyncio.get_running_loop().create_future()
                end = time.perf_counter()
            event = struct.pack("!BBH", int(key), 0x80 | 10 if ended else 10, min(count, 6) * 160)
            self.sequence += 1
            head = struct.pack(
                "!BBHII",
                0x80,
                101 | (0x80 if count == 1 else 0),
                self.sequence & 0xFFFF,
                self.stamp & 0xFFFFFFFF,
                self.source,
            )
            self.transport.sendto(head + event, self.remote)
            if not ended:
                await asyncio.sleep(PACKET_SECONDS)
        self.stamp += 8 * 160
        self.pressing = False
        self.pressed += key
        assert self.first is not None
        with contextlib.suppress(TimeoutError):
            self.delays.append((await asyncio.wait_for(self.first, 5.0) - end) * 1000)
        self.first = None

    async def speak(self) -> None:
        """Silence, as a telephone sends it: Asterisk looks for commands at each packet."""
        while True:
            if self.remote is not None and not self.pressing:
                self.sequence += 1
                head = struct.pack(
                    "!BBHII", 0x80, 0, self.sequence & 0xFFFF, self.stamp & 0xFFFFFFFF, self.source
                )
                self.transport.sendto(head + b"\xff" * 160, self.remote)
                self.stamp += 160
            await asyncio.sleep(PACKET_SECONDS)

    async def quiet(self) -> None:
        while time.perf_counter() - self.last_heard < QUIET_SECONDS or not self.last_heard:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    async def go(self, keys: int, pause: float, after: float) -> None:
        await asyncio.sleep(after)
        await self.call()
        for _ in range(keys):
            await self.quiet()
            await asyncio.sleep(random.uniform(0, 2 * pause))
            await self.press(random.choice("123456789"))
        await self.quiet()
        self._say("BYE", 2, to=self.to)


async def main(port: int, count: int, keys: int, pause: float) -> None:
    loop = asyncio.get_running_loop()
    _, sip = await loop.create_datagram_endpoint(Sip, local_addr=(CALLER_ADDRESS, 0))
    callers = []
    for n in range(count):
        _, caller = await loop.create_datagram_endpoint(
            lambda n=n: Caller(f"1380000{n:04d}", port, sip),  # type: ignore[misc]
            local_addr=("127.0.0.1", 0),
        )
        callers.append(caller)
    # So many packets of a crowd would measure this program; its Asterisk then looks each 100 ms.
    speaking = [asyncio.create_task(caller.speak()) for caller in callers if count == 1]
    await asyncio.gather(*(c.go(keys, pause, n * 0.03) for n, c in enumerate(callers)))
    for task in speaking:
        task.cancel()
    pressed = {caller.number: caller.pressed for caller in callers}
    delays = [delay for caller in callers for delay in caller.delays]
    print(json.dumps({"pressed": pressed, "delays_ms": delays}))


if __name__ == "__main__":
    random.seed(7)
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
