"""Lines of a customer's timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

EntryKind = Literal["call", "ticket", "task", "note", "voicemail"]
KINDS: tuple[EntryKind, ...] = get_args(EntryKind)


@dataclass(frozen=True, slots=True)
class Entry:
    """`data` by kind; see `timeline.repository.SOURCES`."""

    kind: EntryKind
    id: str
    at: datetime
    data: Mapping[str, object]
