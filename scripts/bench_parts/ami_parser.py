"""How fast AMI events are read, against bare panoramisk, and what is lost among bad ones.

Both get the same bytes in packets of 4 KiB, as from a socket: first a call's ordinary events, then
10,000 good events with 10,000 bad ones between them. Ours is the link's whole way from bytes to the
function that gets the events; panoramisk's is from bytes to a registered callback. Both functions
read the same five headers. Prints JSON.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sys
import time
from collections.abc import Callable

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager
from panoramisk.message import Message

from callcenter.asterisk.link import Link, LinkAddress
from callcenter.asterisk.parse import Frame
from callcenter.asterisk.wire import Wire

EVENTS = 20_000
PACKET_BYTES = 4096
ROUNDS = 12


class Transport(asyncio.Transport):
    """A connection that only remembers whether it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass


def ordinary_event(number: int) -> bytes:
    channel = f"PJSIP/callers-{number % 4096:08x}"
    headers = {
        "Event": random.choice(("DialState", "BridgeEnter", "Hangup", "AsyncAGIExec", "DTMFEnd")),
        "Privilege": "call,all",
        "Timestamp": f"1795392003.{number:06d}",
        "SystemName": "node1",
        "Channel": channel,
        "ChannelState": "6",
        "ChannelStateDesc": "Up",
        "CallerIDNum": "+8613800138000",
        "CallerIDName": "张伟",
        "ConnectedLineNum": "<unknown>",
        "ConnectedLineName": "<unknown>",
        "Language": "en",
        "AccountCode": "",
        "Context": "acd",
        "Exten": "s",
        "Priority": "8",
        "Uniqueid": f"node1-1795392003.{number}",
        "Linkedid": f"node1-1795392003.{number}",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n"


def bad_event(dice: random.Random) -> bytes:
    return dice.choice(
        (
            b"Event: One\r\nEvent: Two\r\n\r\n",
            b"Event: X\r\nActionID: 1\r\nActionID: 2\r\n\r\n",
            b"nonsense without a colon\r\n\r\n",
            bytes(dice.randrange(128, 256) for _ in range(60)) + b"\r\n\r\n",
            b"\r\n\r\n",
            b"Response: Fail\r\nActionID: 7\r\n\r\n",
        )
    )


def ours(data: bytes) -> tuple[list[str], int]:
    got: list[str] = []

    def handle(frame: Frame) -> None:
        # What a handler reads on average.
        for name in ("Event", "Channel", "CallerIDNum", "Context"):
            frame.get(name)
        got.append(frame.get("Uniqueid"))

    address = LinkAddress("127.0.0.1", 1, "bench", "", events=True)
    link = Link(address, on_event=handle)
    wire, transport = Wire(link), Transport()
    wire.connection_made(transport)
    _feed(wire.data_received, data)
    return got, int(transport.closed)


def bare_panoramisk(data: bytes) -> tuple[list[str], int]:
    """As asyncio does it: an exception while data is taken closes the connection; here a new one
    goes on with the next packet."""
    got: list[str] = []
    manager = Manager(loop=asyncio.get_running_loop())
    manager.log.setLevel(logging.CRITICAL)

    def handle(_: Manager, event: Message) -> None:
        for name in ("Event", "Channel", "CallerIDNum", "Context"):
            event.get(name)
        got.append(event.get("Uniqueid", ""))

    manager.register_event("*", handle)
    losses = 0

    def connect() -> AMIProtocol:
        protocol = AMIProtocol()
        protocol.connection_made(Transport())
        protocol.factory, protocol.encoding = manager, "utf8"
        return protocol

    protocol = connect()

    def receive(packet: bytes) -> None:
        nonlocal losses, protocol
        try:
            protocol.data_received(packet)
        except Exception:
            losses += 1
            protocol = connect()

    _feed(receive, data)
    return got, losses


def _feed(receive: Callable[[bytes], None], data: bytes) -> None:
    for at in range(0, len(data), PACKET_BYTES):
        receive(data[at : at + PACKET_BYTES])


def _rate(read: Callable[[bytes], tuple[list[str], int]], data: bytes) -> float:
    """Events a second of processor time, the best round: others use the machine's caches too."""
    best = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        got, _losses = read(data)
        best = max(best, len(got) / (time.process_time() - began))
        assert len(got) == EVENTS
    return best


async def measure() -> dict[str, object]:
    random.seed(3)
    dice = random.Random(3)
    plain = b"".join(ordinary_event(number) for number in range(EVENTS))
    mixed = b"".join(bad_event(dice) + ordinary_event(number) for number in range(10_000))
    wanted = [f"node1-1795392003.{number}" for number in range(10_000)]
    found: dict[str, object] = {"goal": {"times_panoramisk": 4.0, "good_delivered": 10_000}}
    rates = {}
    for name, read in (("ours", ours), ("panoramisk", bare_panoramisk)):
        rates[name] = _rate(read, plain)
        got, losses = read(mixed)
        good = [each for each in got if each]
        found[name] = {
            "events_per_second": round(rates[name]),
            "good_delivered": len(good),
            "in_order": good == [each for each in wanted if each in set(good)],
            "connections_lost": losses,
        }
    found["times_panoramisk"] = round(rates["ours"] / rates["panoramisk"], 1)
    return found


if __name__ == "__main__":
    json.dump(asyncio.run(measure()), sys.stdout, indent=1)
    print()
