"""Which program this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    try:
        return version("callcenter")
    except PackageNotFoundError:
        return "0.1.0 (from a checkout)"
