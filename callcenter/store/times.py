"""UNIX seconds of the core to the database's UTC times and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_datetime(seconds: float) -> datetime:
    """Exact to the microsecond. Raises OverflowError or ValueError outside the years 1 to 9999."""
    return EPOCH + timedelta(seconds=seconds)


def to_seconds(moment: datetime) -> float:
    return (moment - EPOCH).total_seconds()
