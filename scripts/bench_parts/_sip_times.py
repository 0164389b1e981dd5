"""Reads sipp's message log: when each telephone sent or received which request.

The same instrument for our centre and for app_queue: what a telephone sees, on one clock. (This is
no part by itself: its name is imported by `queueing`.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_HEAD = re.compile(r"^-{10,} (\d{4}-\d\d-\d\d)[ T\t]+(\d\d:\d\d:\d\d\.\d+)", re.MULTILINE)
_NUMBER = re.compile(r"^From:.*<sip:\+?(\d+)@", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Seen:
    """`what`: a method, or a status code. `number`: the caller's, as digits."""

    at: float
    sent: bool
    what: str
    number: str
    method: str


def read(log: Path) -> list[Seen]:
    """All messages in order of time."""
    text = log.read_text(errors="replace")
    heads = list(_HEAD.finditer(text))
    found = []
    for place, head in enumerate(heads):
        end = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        message = text[head.end() : end]
        seen = _message(_seconds(head[1], head[2]), message)
        if seen is not None:
            found.append(seen)
    return sorted(found, key=lambda seen: seen.at)


def _message(at: float, text: str) -> Seen | None:
    head, _, body = text.partition("\n\n")
    lines = body.lstrip().splitlines()
    if not lines:
        return None
    words = lines[0].split()
    what = words[1] if words[0].startswith("SIP/") else words[0]
    number = _NUMBER.search(body)
    sequence = re.search(r"^CSeq: *\d+ (\w+)", body, re.MULTILINE)
    return Seen(
        at,
        " sent" in head,
        what,
        number[1] if number else "",
        sequence[1] if sequence else "",
    )


def _seconds(day: str, clock: str) -> float:
    return datetime.fromisoformat(f"{day} {clock[:15]}").timestamp()


def percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)

    def at(share: float) -> float:
        place = min(len(ordered) - 1, int(share * len(ordered)))
        return round(ordered[place] * 1000, 1)

    if not ordered:
        return {"count": 0}
    return {"count": len(ordered), "p50_ms": at(0.5), "p90_ms": at(0.9), "p99_ms": at(0.99)}
