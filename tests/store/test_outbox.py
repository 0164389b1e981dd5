"""The outbox keeps lines through crashes, torn writes and full disks."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.store.outbox import LINE_BYTES_MAX, Outbox, OutboxInUse, decode, encode

pytestmark = pytest.mark.pure


def opened(folder: Path, **limits: int) -> Outbox:
    outbox = Outbox(folder, **limits)
    outbox.open()
    return outbox


def drain(outbox: Outbox, at_once: int = 7) -> list[bytes]:
    found: list[bytes] = []
    while outbox.depth:
        batch = outbox.peek(at_once)
        found += batch.payloads
        outbox.settle(batch)
    return found


def lines(count: int) -> list[bytes]:
    return [b'{"n":%d}' % n for n in range(count)]


def test_lines_come_out_in_order_over_many_segments(tmp_path: Path) -> None:
    outbox = opened(tmp_path, segment_bytes_max=200)
    for line in lines(100):
        assert outbox.append(line)
    assert outbox.depth == 100
    assert len(list(tmp_path.glob("*.outbox"))) > 5
    assert drain(outbox) == lines(100)
    assert len(list(tmp_path.glob("*.outbox"))) == 1
    outbox.close()
    assert list(tmp_path.glob("*.outbox")) == []


def test_what_was_not_settled_is_there_after_a_restart(tmp_path: Path) -> None:
    first = opened(tmp_path, segment_bytes_max=150)
    for line in lines(20):
        first.append(line)
    first.settle(first.peek(5))
    first.close()
    second = opened(tmp_path)
    second.append(b'{"new":1}')
    rest = drain(second)
    second.close()
    assert rest[-16:] == [*lines(20)[5:], b'{"new":1}']
    assert set(rest) <= set(lines(20)) | {b'{"new":1}'}


def test_peeking_twice_without_settling_gives_the_same(tmp_path: Path) -> None:
    outbox = opened(tmp_path)
    for line in lines(10):
        outbox.append(line)
    assert outbox.peek(4).payloads == outbox.peek(4).payloads == lines(4)
    outbox.close()


@pytest.mark.parametrize("cut", range(1, 18))
def test_a_torn_last_line_costs_only_itself(tmp_path: Path, cut: int) -> None:
    first = opened(tmp_path)
    for line in lines(3):
        first.append(line)
    first.close()
    path = next(tmp_path.glob("*.outbox"))
    path.write_bytes(path.read_bytes()[:-cut])
    second = opened(tmp_path)
    second.append(b"{}")
    assert drain(second) == [*lines(2), b"{}"]
    assert second.depth == 0
    second.close()


def test_a_damaged_line_in_the_middle_costs_only_itself(tmp_path: Path) -> None:
    first = opened(tmp_path)
    for line in lines(3):
        first.append(line)
    first.close()
    path = next(tmp_path.glob("*.outbox"))
    path.write_bytes(path.read_bytes().replace(b'{"n":1}', b'{"n":9}'))
    second = opened(tmp_path)
    assert drain(second) == [lines(3)[0], lines(3)[2]]
    second.close()


def test_only_one_process_may_have_it_open(tmp_path: Path) -> None:
    first = opened(tmp_path)
    with pytest.raises(OutboxInUse, match="another process uses"):
        opened(tmp_path)
    first.close()
    opened(tmp_path).close()


def test_past_the_size_limit_lines_wait_in_memory_then_are_refused(tmp_path: Path) -> None:
    outbox = opened(tmp_path, bytes_max=100, segment_bytes_max=50, unwritten_max=3)
    accepted = [outbox.append(line) for line in lines(12)]
    on_disk = 100 // len(encode(lines(1)[0]))
    assert accepted == [True] * (on_disk + 3) + [False] * (12 - on_disk - 3)
    assert "records are being lost" in outbox.trouble
    assert outbox.counts.refused == 12 - on_disk - 3
    assert drain(outbox) == lines(on_disk + 3)
    assert outbox.append(b"{}")
    assert outbox.trouble == ""
    outbox.close()


def test_a_disk_that_refuses_is_trouble_not_an_error(tmp_path: Path) -> None:
    outbox = opened(tmp_path / "outbox")
    (tmp_path / "outbox").rename(tmp_path / "away")
    assert outbox.append(b"{}")
    assert "cannot be written" in outbox.trouble
    assert outbox.depth == 1
    (tmp_path / "away").rename(tmp_path / "outbox")
    outbox.write_waiting()
    assert outbox.trouble == ""
    assert drain(outbox) == [b"{}"]
    outbox.close()


def test_a_line_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    outbox = opened(tmp_path)
    assert not outbox.append(b"x" * (LINE_BYTES_MAX + 1))
    assert outbox.counts.refused == 1
    outbox.close()


def test_one_sync_serves_all_lines_before_it(tmp_path: Path) -> None:
    outbox = opened(tmp_path, segment_bytes_max=100)
    for line in lines(50):
        outbox.append(line)
    assert outbox.needs_sync
    outbox.sync()
    assert not outbox.needs_sync
    assert outbox.counts.syncs == 1
    outbox.close()


def test_damage_anywhere_in_a_line_is_seen() -> None:
    good = encode(b'{"a":1}')
    assert decode(good) == b'{"a":1}'
    for place in range(len(good)):
        bad = bytearray(good)
        bad[place] ^= 1
        assert decode(bytes(bad)) is None
