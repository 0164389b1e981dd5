"""Callers and agents of many talks at once, in a process of their own: real SIP, tones both ways.

Each side has one socket for the signalling and one for all its sound: the packets of 20 ms are the
same for everybody with the same tone, only their receivers differ; tones of whole periods in 20 ms
never change either. What Asterisk sends is not read at all, for its files are what is looked at. So
200 telephones cost next to nothing. Prints a line "up" when all callers have been answered; ends
the calls when a line comes in, and itself when its standard input is closed.

python -m scripts.bench_parts._talkers SIP_PORT AGENTS_PORT COUNT PER_SECOND
"""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import re
import socket
import struct
import sys

import uvloop

CALLER_ADDRESS, AGENT_ADDRESS = "127.0.0.2", "127.0.0.1"
PACKET_SAMPLES, PACKET_SECONDS, SPREAD = 160, 0.02, 4
TONES = 10
ANSWER_SECONDS_MAX = 30.0


def caller_tone(number: int) -> int:
    return 400 + 50 * (number % TONES)


def agent_tone(number: int) -> int:
    return 1200 + 50 * (number % TONES)


def mu_law(sample: float) -> int:
    """G.711."""
    value = min(int(abs(sample) * 32635), 32635) + 132
    exponent = value.bit_length() - 8
    mantissa = (value >> (exponent + 3)) & 0x0F
    return ~((0x80 if sample < 0 else 0) | (exponent << 4) | mantissa) & 0xFF


def sound(tone: int) -> bytes:
    step = 2 * math.pi * tone / 8000
    return bytes(mu_law(0.4 * math.sin(step * place)) for place in range(PACKET_SAMPLES))


class Sounds:
    """Speaks to all that have answered, `SPREAD` parts of them one after the other in 20 ms."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.bind((address, 0))
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]
        self.to: dict[str, tuple[int, tuple[str, int]]] = {}
        self._sounds: dict[int, bytes] = {}
        self._sequence = random.randrange(1000)
        self._source = random.randrange(1 << 32)

    async def speak(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            head = struct.pack(
                "!BBHII",
                0x80,
                0,
                self._sequence & 0xFFFF,
                self._sequence * PACKET_SAMPLES & 0xFFFFFFFF,
                self._source,
            )
            packets = {tone: head + voice for tone, voice in self._sounds.items()}
            everybody = list(self.to.values())
            for part in range(SPREAD):
                for tone, address in everybody[part::SPREAD]:
                    self.socket.sendto(packets[tone], address)
                due += PACKET_SECONDS / SPREAD
                await asyncio.sleep(max(0.0, due - loop.time()))
            self._sequence += 1

    def add(self, call: str, tone: int, address: tuple[str, int]) -> None:
        self._sounds.setdefault(tone, sound(tone))
        self.to[call] = (tone, address)


class Telephones(asyncio.DatagramProtocol):
    """The signalling of one side: as little SIP as these calls need."""

    def __init__(self, address: str, sounds: Sounds) -> None:
        self.address, self.sounds = address, sounds
        self.answers: dict[str, asyncio.Future[str]] = {}
        self.gone: set[str] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.DatagramTransport = transport  # type: ignore[assignment]
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode(errors="replace")
        call = found(r"^Call-ID: *(\S+)", text)
        if text.startswith("SIP/2.0"):
            waiting = self.answers.get(call)
            if int(text.split()[1]) >= 200 and waiting is not None and not waiting.done():
                waiting.set_result(text)
        elif text.startswith("INVITE"):
            number = int(found(r"^INVITE sip:a(\d+)@", text))
            self._reply(text, addr, self._offer())
            self.sounds.add(call, agent_tone(number), _media(text))
        elif not text.startswith("ACK"):
            if text.startswith("BYE"):
                self.sounds.to.pop(call, None)
                self.gone.add(call)
            self._reply(text, addr)

    def _reply(self, text: str, addr: tuple[str, int], body: str = "") -> None:
        kept = ("via:", "from:", "to:", "call-id:", "cseq:", "record-route:")
        lines = [line for line in text.split("\r\n") if line.lower().startswith(kept)]
        lines = [
            f"{line};tag=t" if line.lower().startswith("to:") and "tag=" not in line else line
            for line in lines
        ]
        lines.append(f"Contact: <sip:x@{self.address}:{self.port}>")
        if body:
            lines.append("Content-Type: application/sdp")
        message = ["SIP/2.0 200 OK", *lines, f"Content-Length: {len(body)}", "", body]
        self.transport.sendto("\r\n".join(message).encode(), addr)

    def _offer(self) -> str:
        return (
            f"v=0\r\no=b 1 1 IN IP4 {self.address}\r\ns=-\r\nc=IN IP4 {self.address}\r\nt=0 0\r\n"
            f"m=audio {self.sounds.port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
        )

    def say(self, method: str, number: int, call: str, sip: int, to: str = "") -> None:
        body = self._offer() if method == "INVITE" else ""
        count = 2 if method == "BYE" else 1
        lines = [
            f"{method} sip:4000@127.0.0.1:{sip} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address}:{self.port};branch=z9hG4bK{call}{method}",
            f"From: <sip:1380000{number:04d}@{self.address}:{self.port}>;tag={call}",
            to or f"To: <sip:4000@127.0.0.1:{sip}>",
            f"Call-ID: {call}",
            f"CSeq: {count} {method}",
            f"Contact: <sip:1380000{number:04d}@{self.address}:{self.port}>",
            "Max-Forwards: 70",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
            "",
            body,
        ]
        self.transport.sendto("\r\n".join(lines).encode(), ("127.0.0.1", sip))

    async def call(self, number: int, sip: int) -> tuple[str, str]:
        """Dials until it is answered: its id and its To."""
        call = f"{number}-{random.randrange(1 << 40)}"
        answered = self.answers[call] = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            while not answered.done():
                self.say("INVITE", number, call, sip)
                await asyncio.wait([answered], timeout=1.0)
        answer = answered.result()
        if not answer.startswith("SIP/2.0 200"):
            raise SystemExit(f"caller {number}: {answer.splitlines()[0]}")
        to = next(line for line in answer.split("\r\n") if line.lower().startswith("to:"))
        self.say("ACK", number, call, sip, to)
        self.sounds.add(call, caller_tone(number), _media(answer))
        return call, to


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.I | re.M)
    assert match is not None, f"no {pattern} in {text}"
    return match[1]


def _media(text: str) -> tuple[str, int]:
    return "127.0.0.1", int(found(r"^m=audio (\d+)", text))


async def telephones(address: str, port: int) -> Telephones:
    sounds = Sounds(address)
    _, made = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Telephones(address, sounds), local_addr=(address, port)
    )
    return made


async def main(sip: int, agents_port: int, count: int, per_second: float) -> None:
    agents = await telephones(AGENT_ADDRESS, agents_port)
    callers = await telephones(CALLER_ADDRESS, 0)
    speaking = [asyncio.create_task(side.sounds.speak()) for side in (agents, callers)]
    calls: list[asyncio.Task[tuple[str, str]]] = []
    for number in range(count):
        calls.append(asyncio.create_task(callers.call(number, sip)))
        await asyncio.sleep(1 / per_second)
    dialled = await asyncio.gather(*calls)
    sys.stdout.write("up\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    for (call, to), number in zip(dialled, itertools.count(), strict=False):
        callers.sounds.to.pop(call, None)
        callers.say("BYE", number, call, sip, to)
        await asyncio.sleep(1 / per_second)
    for task in speaking:
        task.cancel()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(main(*(int(value) for value in sys.argv[1:4]), float(sys.argv[4])))
