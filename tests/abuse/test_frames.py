"""A1: what cannot be read on the manager interface costs no event and no connection."""

from __future__ import annotations

import asyncio
import random

import pytest

from callcenter.asterisk.link import Link, LinkAddress
from callcenter.asterisk.parse import Frame
from tests.abuse.figures import SEED, Abuse
from tests.agent_console.served import until

pytestmark = pytest.mark.web


def good(number: int) -> bytes:
    return f"Event: Good\r\nNumber: {number}\r\nName: 张伟: {number}\r\n\r\n".encode()


def malformed(dice: random.Random) -> bytes:
    noise = bytes(dice.randrange(1, 256) for _ in range(dice.randrange(300))).replace(b"\r", b"")
    heads = [
        noise,
        b"",
        b"Event",
        b": nothing",
        b"Event: Bad\r\nEvent: Worse\r\nActionID: 1\r\nActionID: 2",
        b"Response: Success\r\nActionID: " + noise.replace(b"\n", b""),
        b"Response: Fail\r\n\xff\xfe\xfd",
        b"Event: \x00\x00\r\n\x00: \x00",
        b"Key" + b"y" * dice.randrange(5000),
        "Nåme: \udcff".encode("utf-8", "surrogatepass"),
        b"Event: Long\r\n" + b"X: y\r\n" * dice.randrange(200) + b"Z: z",
    ]
    return dice.choice(heads) + b"\r\n\r\n"


class Manager:
    """Lets everybody in, answers pings, and sends `stream` in odd pieces."""

    def __init__(self, stream: bytes, dice: random.Random) -> None:
        self.stream, self.dice = stream, dice
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        sender: asyncio.Task[None] | None = None
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                id = asked.partition(b"ActionID: ")[2].partition(b"\r\n")[0]
                writer.write(b"Response: Success\r\nActionID: " + id + b"\r\n\r\n")
                if sender is None:  # it has logged in
                    sender = asyncio.create_task(self._send(writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            if sender is not None:
                sender.cancel()
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        at = 0
        while at < len(self.stream):
            size = self.dice.choice([1, 7, 100, 1500, 65_536])
            # An answer to a ping is written between, so a piece ends where a frame ends.
            end = self.stream.find(b"\r\n\r\n", at + size)
            writer.write(self.stream[at : end + 4 if end >= 0 else None])
            at = end + 4 if end >= 0 else len(self.stream)
            await writer.drain()


async def _played(count: int) -> tuple[list[int], int, int]:
    dice = random.Random(SEED)
    stream = b"".join(malformed(dice) + good(number) for number in range(count))
    manager, heard = Manager(stream, dice), list[int]()

    def deliver(frame: Frame) -> None:
        if frame.get("Event") == "Good":
            heard.append(int(frame["Number"]))

    server = await asyncio.start_server(manager.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    address = LinkAddress("127.0.0.1", port, "reader", "secret", events=True)
    link = Link(address, on_event=deliver)
    running = asyncio.create_task(link.run())
    try:
        await until(lambda: len(heard) >= count, 50)
        losses = link.counters.losses
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        server.close()
    return heard, losses, manager.connections


def test_a1_malformed_frames_between_good_ones(abuse: Abuse) -> None:
    count = abuse.count(500, 10_000)
    heard, losses, connections = asyncio.run(_played(count))
    in_order = heard == list(range(count))
    abuse.reached(
        "A1",
        f"{count} malformed frames among {count} good ones",
        "all delivered in order, 0 disconnects",
        f"{len(heard)} delivered{' in order' if in_order else ', NOT in order'}, "
        f"{losses + connections - 1} disconnects",
        in_order and losses == 0 and connections == 1,
    )
