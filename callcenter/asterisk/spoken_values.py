"""Reads the values that prompts say: clock times and amounts of money. Pure."""

from __future__ import annotations

import re


def clock(value: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(:\d{2})?", value.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return int(found[1]), int(found[2])


def amount(value: str) -> tuple[int, int, str] | None:
    """ "12.50 CNY" -> (12, 50, "CNY"); the currency is CNY if none is named."""
    found = re.fullmatch(r"(\d{1,12})(?:\.(\d{1,2}))?(?:\s+([A-Z]{3}))?", value.strip())
    if not found:
        return None
    return int(found[1]), int((found[2] or "").ljust(2, "0") or 0), found[3] or "CNY"
