"""The history of a run: every deed of the nemesis and every event seen, one JSON line each.

A run leaves this file; `checker` reads nothing else, so a verdict can be given again later, and by
somebody who was not there. This file knows no Asterisk and judges nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """`at`: UNIX seconds. `what` names the kind; `checker` says which kinds there are."""

    at: float
    what: str
    data: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def get(self, name: str, other: Any = None) -> Any:
        return self.data.get(name, other)


class History:
    """Writes as it happens: what is in the file is there also if this process dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        self.entries: list[Entry] = []

    def add(self, what: str, at: float | None = None, **data: Any) -> Entry:
        entry = Entry(time.time() if at is None else at, what, data)
        self.entries.append(entry)
        self._file.write(json.dumps({"at": entry.at, "what": what, **data}) + "\n")
        self._file.flush()
        return entry

    def of(self, what: str, since: float = 0.0) -> Iterator[Entry]:
        return (entry for entry in self.entries if entry.what == what and entry.at >= since)

    def close(self) -> None:
        self._file.close()


def read(lines: Iterable[str]) -> list[Entry]:
    """A file's lines as entries. Raises ValueError or KeyError for what is no history."""
    found = []
    for line in lines:
        row = json.loads(line)
        found.append(Entry(float(row.pop("at")), str(row.pop("what")), row))
    return found
