"""Local time from a given moment, over the changes of the clocks; and that no clock is read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import ivr.localtime
from ivr.localtime import (
    LocalTime,
    clock,
    day_after,
    is_date,
    is_zone,
    local_time,
    moment,
    weekday_of,
)

pytestmark = pytest.mark.pure


def test_the_same_moment_is_another_day_elsewhere() -> None:
    at = moment("2026-11-24", 5, "Asia/Shanghai")
    assert local_time(at, "Asia/Shanghai") == LocalTime("2026-11-24", 1, 5)
    assert local_time(at, "America/New_York") == LocalTime("2026-11-23", 0, 11 * 60 + 5)


def test_the_hour_that_is_skipped_and_the_hour_that_comes_twice() -> None:
    """New York 2026: 8 March 02:00 -> 03:00, 1 November 02:00 -> 01:00."""
    zone = "America/New_York"
    before = moment("2026-03-08", 119, zone)
    assert local_time(before + 60, zone) == LocalTime("2026-03-08", 6, 180)
    first = moment("2026-11-01", 90, zone)
    assert local_time(first, zone) == local_time(first + 3600, zone)


def test_days() -> None:
    assert is_date("2028-02-29")
    assert not is_date("2026-02-29")
    assert not is_date("20260224")
    assert weekday_of("2026-11-23") == 0
    assert day_after("2026-12-31", 1) == "2027-01-01"
    assert clock(545) == "09:05"


@pytest.mark.parametrize("name", ["", "Nowhere", "../etc/passwd", "/etc/localtime", "\0"])
def test_what_is_no_zone(name: str) -> None:
    assert not is_zone(name)


def test_the_file_reads_no_clock() -> None:
    tree = ast.parse(Path(ivr.localtime.__file__).read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert names.isdisjoint({"now", "today", "utcnow", "time", "monotonic", "localtime"})
    assert "fromtimestamp" in names
