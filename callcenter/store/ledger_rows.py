"""The ledger's records: from the core's effects to JSON lines, and from lines to table rows.

Everything is made safe for PostgreSQL here (no NUL, no lone surrogates, no NaN in JSON), because a
row that the database refuses could otherwise stand in the way of all behind it. No I/O.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert

from callcenter.core.effects import RecordEvent, RecordInteraction, RecordPresence
from callcenter.store.tables import Interaction, InteractionEvent, PresenceEvent
from callcenter.store.times import to_datetime

Record = RecordEvent | RecordInteraction | RecordPresence
Row = dict[str, Any]

KINDS: dict[type, str] = {
    RecordEvent: "event",
    RecordInteraction: "call",
    RecordPresence: "presence",
}
DEPTH_MAX = 20


def plain(value: object, depth: int = 0) -> Any:
    """`value` as JSON-able data that PostgreSQL accepts; what is unknown becomes text."""
    if depth > DEPTH_MAX:
        return "…"
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {_text(str(key)): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item, depth + 1) for item in value), key=str)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name), depth + 1) for f in fields(value)}
    return _text(str(value))


def _text(value: str) -> str:
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def to_line(record: Record) -> bytes:
    """One line for the outbox."""
    body = {"record": KINDS[type(record)], **plain(record)}
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def to_row(line: bytes) -> tuple[str, Row]:
    """The record's kind and its row. Raises ValueError for a line we never wrote."""
    body = json.loads(line)
    kind = body.pop("record")
    if kind in ("event", "presence"):
        body["at"] = to_datetime(body["at"])
    elif kind == "call":
        body["started_at"] = to_datetime(body["started_at"])
        body["ended_at"] = to_datetime(body["ended_at"])
        body["customer_id"] = _uuid(body.pop("customer"))
    else:
        raise ValueError(f"unknown record kind {kind!r}")
    return kind, body


def _uuid(text: str | None) -> uuid.UUID | None:
    """Customers that are not ours (a form still unsaved) leave the column empty."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _upsert_interaction() -> Insert:
    statement = insert(Interaction)
    columns = [c.name for c in Interaction.__table__.columns if c.name not in ("call", "written")]
    return statement.on_conflict_do_update(
        index_elements=["call"],
        set_={name: statement.excluded[name] for name in columns},
        where=statement.excluded.revision > Interaction.revision,
    )


STATEMENTS: dict[str, Insert] = {
    "event": insert(InteractionEvent).on_conflict_do_nothing(),
    "presence": insert(PresenceEvent).on_conflict_do_nothing(),
    "call": _upsert_interaction(),
}
