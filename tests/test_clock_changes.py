"""Offsets as numbers, beside what the time zone database says of each hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callcenter.clock_changes import utc_offsets
from callcenter.core.config import Config

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "zone",
    ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
     "Asia/Kathmandu", "America/Havana", "Africa/Casablanca"],
)  # fmt: skip
def test_the_day_is_that_of_the_local_calendar_at_every_hour(zone: str) -> None:
    config = Config(utc_offsets=utc_offsets(zone, (2026, 2027)))
    place, first = ZoneInfo(zone), datetime(1970, 1, 1).date()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    while at.year < 2028:
        expected = (at.astimezone(place).date() - first).days
        assert config.day(at.timestamp()) == expected, at
        begins = config.day_begins(expected + 1)
        assert at.timestamp() < begins <= at.timestamp() + 26 * 3600
        assert config.day(begins) == expected + 1 == config.day(begins - 0.001) + 1
        at += timedelta(minutes=30)


def test_the_change_of_the_clocks_is_found_to_the_second() -> None:
    found = utc_offsets("Europe/Berlin", (2027,))
    spring = datetime(2027, 3, 28, 1, tzinfo=UTC).timestamp()
    autumn = datetime(2027, 10, 31, 1, tzinfo=UTC).timestamp()
    begin = datetime(2027, 1, 1, tzinfo=UTC).timestamp()
    assert found == ((begin, 3600.0), (spring, 7200.0), (autumn, 3600.0))
