"""Simulated callers: what they send, and who calls next."""

from __future__ import annotations

import random
import struct
from collections import Counter

import pytest

from callcenter.cli import demo_sound
from callcenter.cli.demo_callers import PATIENCE_SECONDS, Person, plan, written

pytestmark = pytest.mark.pure

HEADERS = 14 + 20 + 8


def packets(capture: bytes) -> list[tuple[float, int, int, int, bytes]]:
    """(seconds, payload type, sequence, time stamp, payload) of each packet of a capture file."""
    place, found = 24, []
    while place < len(capture):
        second, micro, length, _ = struct.unpack_from("<IIII", capture, place)
        rtp = capture[place + 16 + HEADERS : place + 16 + length]
        _, kind, sequence, stamp, _ = struct.unpack_from("!BBHII", rtp)
        found.append((second + micro / 1e6, kind & 0x7F, sequence, stamp, rtp[12:]))
        place += 16 + length
    return found


def test_a_caller_sends_fifty_packets_a_second_in_one_stream() -> None:
    sent = packets(demo_sound.capture(b"\x11" * 1600, [(0.5, "2")], 4.0))
    assert len(sent) == 200
    assert [round(at * 50) for at, *_ in sent] == list(range(200))
    assert [sequence for _, _, sequence, _, _ in sent] == list(range(200))


def test_a_key_is_a_telephone_event_with_a_growing_length_and_three_ends() -> None:
    sent = packets(demo_sound.capture(b"", [(1.0, "7")], 3.0))
    events = [packet for packet in sent if packet[1] == demo_sound.TELEPHONE_EVENT]
    read = [struct.unpack("!BBH", payload) for *_, payload in events]
    assert events[0][0] == pytest.approx(1.0)
    assert {digit for digit, _, _ in read} == {7}
    assert len({stamp for _, _, _, stamp, _ in events}) == 1
    lengths = [length for _, _, length in read]
    assert lengths == sorted(lengths)
    assert [flags >> 7 for _, flags, _ in read] == [0] * (len(read) - 3) + [1, 1, 1]


def test_speech_begins_after_the_keys_and_repeats() -> None:
    speech = bytes([0x22]) * 160 + bytes([0x33]) * 160
    sent = packets(demo_sound.capture(speech, [(0.2, "1")], 4.0))
    sound = [(at, payload[0]) for at, kind, _, _, payload in sent if kind == demo_sound.PCMU]
    assert {first for at, first in sound if at < 2.1} == {0xFF}
    assert [first for at, first in sound if at > 3.0][:4] in ([0x22, 0x33] * 2, [0x33, 0x22] * 2)


def test_customers_and_strangers_call_with_every_key() -> None:
    people = [Person("+8613000000000", "张伟", "zh"), Person("+447700900001", "Ann", "en")]
    dice = random.Random(7)
    planned = [plan(people, dice) for _ in range(400)]
    strangers = sum(person not in people for person, _, _ in planned)
    assert 40 < strangers < 130
    assert set(Counter(key for _, key, _ in planned)) == {"1", "2", "3"}
    shortest, longest = PATIENCE_SECONDS
    assert all(shortest <= patience <= longest for _, _, patience in planned)


def test_a_number_is_written_in_all_the_ways_trunks_do() -> None:
    dice = random.Random(1)
    ways = {written("+8613000000000", dice) for _ in range(50)}
    assert ways == {"+8613000000000", "008613000000000", "13000000000"}
    assert written("13512345678", dice) == "13512345678"
