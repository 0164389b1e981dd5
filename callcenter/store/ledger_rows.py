"""The ledger's records: from the core's effects to JSON lines, and from lines into the tables.

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

from callcenter.core.effects import (
    History,
    RecordCallback,
    RecordEvent,
    RecordInteraction,
    RecordJourney,
    RecordPart,
    RecordPresence,
    RecordSurvey,
    RecordTalk,
    RecordVoicemail,
)

Record = History

KINDS: dict[type, str] = {
    RecordEvent: "event",
    RecordPresence: "presence",
    RecordInteraction: "call",
    RecordVoicemail: "voicemail",
    RecordJourney: "journey",
    RecordSurvey: "survey",
    RecordPart: "part",
    RecordCallback: "callback",
    RecordTalk: "talk",
}
STARTS = tuple(b'{"record":"%s",' % kind.encode() for kind in KINDS.values())
WITH_CUSTOMER = RecordInteraction | RecordVoicemail | RecordSurvey | RecordCallback | RecordTalk
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
    """One line for the outbox. Its first member says what it is."""
    body = {"record": KINDS[type(record)], **plain(record)}
    if isinstance(record, WITH_CUSTOMER):
        body["customer"] = _uuid(record.customer)
    elif isinstance(record, RecordJourney):
        visits = body.pop("visits")
        body["nodes"] = [node for node, _ in visits]
        body["ports"] = [port for _, port in visits]
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _uuid(text: str | None) -> str | None:
    """Customers that are not ours (a form still unsaved) leave the column empty."""
    try:
        return str(uuid.UUID(text)) if text else None
    except ValueError:
        return None


def grouped(lines: list[bytes]) -> list[str]:
    """The values of WRITE: the lines of each kind, in the order of KINDS, as one JSON array. They
    are not parsed here; PostgreSQL does that. Raises ValueError for a line that is of no kind."""
    kinds: dict[bytes, list[bytes]] = {start: [] for start in STARTS}
    for line in lines:
        start = next((start for start in STARTS if line.startswith(start)), None)
        if start is None:
            raise ValueError(f"a line of no known kind: {line[:40]!r}")
        kinds[start].append(line)
    return ["[" + b",".join(some).decode() + "]" for some in kinds.values()]


CALL_COLUMNS: dict[str, str] = {
    "call": "text",
    "revision": "bigint",
    "started_at": "float8",
    "ended_at": "float8",
    "number": "text",
    "did": "text",
    "customer": "uuid",
    "queue": "text",
    "agent": "text",
    "flow": "text",
    "outcome": "text",
    "ended_by": "text",
    "path": "text[]",
    "wait_seconds": "float8",
    "ring_seconds": "float8",
    "talk_seconds": "float8",
    "hold_seconds": "float8",
    "wrap_up_seconds": "float8",
    "offers": "int",
    "language": "text",
    "disposition": "text",
    "note": "text",
    "park_seconds": "float8",
    "direction": "text",
    "dial_outcome": "text",
    "shown": "text",
    "peer": "text",
}
# Lines that an older program wrote have not got these.
_LATER = {"direction": "in", "dial_outcome": "", "shown": "", "peer": ""}
PART_COLUMNS: dict[str, str] = {
    "call": "text",
    "part": "int",
    "revision": "bigint",
    "agent": "text",
    "queue": "text",
    "began_at": "float8",
    "ended_at": "float8",
    "ended": "text",
    "ring_seconds": "float8",
    "talk_seconds": "float8",
    "hold_seconds": "float8",
    "consult_seconds": "float8",
    "wrap_up_seconds": "float8",
    "disposition": "text",
    "note": "text",
    "conference_seconds": "float8",
    "park_seconds": "float8",
}
CALLBACK_COLUMNS: dict[str, str] = {
    "id": "text",
    "revision": "bigint",
    "contact": "text",
    "queue": "text",
    "number": "text",
    "name": "text",
    "did": "text",
    "language": "text",
    "mode": "text",
    "state": "text",
    "outcome": "text",
    "started_at": "float8",
    "asked_at": "float8",
    "asked_by": "text",
    "joined_at": "float8",
    "changed_at": "float8",
    "next_at": "float8",
    "time_zone": "text",
    "flow": "text",
    "path": "text[]",
    "skills": "jsonb",
    "asked_priority": "int",
    "priority": "int",
    "value_seconds": "float8",
    "customer": "uuid",
    "call": "text",
    "tries": "int",
    "attempts": "jsonb",
}
_CALLBACK_TARGETS = [{"customer": "customer_id"}.get(name, name) for name in CALLBACK_COLUMNS]
_CALLBACK_VALUES = [
    f"to_timestamp({name})" if name.endswith("_at") and name != "joined_at" else name
    for name in CALLBACK_COLUMNS
]
_CALLBACK_NEWS = ", ".join(
    f"{name} = excluded.{name}" for name in _CALLBACK_TARGETS if name != "id"
)
TALK_COLUMNS: dict[str, str] = {
    "id": "text",
    "revision": "bigint",
    "call": "text",
    "part": "int",
    "agents": "text[]",
    "queue": "text",
    "customer": "uuid",
    "number": "text",
    "reason": "text",
    "wanted": "boolean",
    "began_at": "float8",
    "ended_at": "float8",
    "spoken": "jsonb",
    "pauses": "jsonb",
    "trouble": "text",
}
_TALK_TARGETS = [{"customer": "customer_id"}.get(name, name) for name in TALK_COLUMNS]
_TALK_VALUES = [f"to_timestamp({n})" if n.endswith("_at") else n for n in TALK_COLUMNS]
_TALK_NEWS = ", ".join(f"{name} = excluded.{name}" for name in _TALK_TARGETS if name != "id")
_PART_VALUES = [f"to_timestamp({n})" if n.endswith("_at") else n for n in PART_COLUMNS]
_PART_NEWS = ", ".join(f"{name} = excluded.{name}" for name in PART_COLUMNS)
_RENAMED = {"customer": "customer_id"}
_TARGETS = [_RENAMED.get(name, name) for name in CALL_COLUMNS]
_VALUES = [
    f"to_timestamp({n})"
    if n.endswith("_at")
    else f"coalesce({n}, '{_LATER[n]}')"
    if n in _LATER
    else n
    for n in CALL_COLUMNS
]

JOURNEY_STEPS = """
        select call, sequence, flow, version, hour, step.node, 'left' as what, step.port as name
        from journey_rows, unnest(nodes, ports) as step(node, port)
        union all
        select call, sequence, flow, version, hour, step.node, 'entered', ''
        from journey_rows, unnest(nodes) as step(node)
        union all
        select call, sequence, flow, version, hour, last, 'entered', ''
        from journey_rows
        where ended <> 'mistake' or nodes[cardinality(nodes)] is distinct from last
        union all
        select call, sequence, flow, version, hour, last, 'ended', ended
        from journey_rows
"""
"""What one journey adds to the counts. A node whose mistake stranded the caller was left already
(`ivr.analytics.path_figures` counts the same way)."""

WRITE = f"""
    with events as (
        insert into interaction_events (call, sequence, at, kind, data)
        select call, sequence, to_timestamp(at), kind, data
        from jsonb_to_recordset($1::jsonb)
             as r(call text, sequence bigint, at float8, kind text, data jsonb)
        on conflict do nothing
        returning call
    ), presences as (
        insert into presence_events (agent, sequence, at, state, reason, call)
        select agent, sequence, to_timestamp(at), state, reason, call
        from jsonb_to_recordset($2::jsonb)
             as r(agent text, sequence bigint, at float8, state text, reason text, call text)
        on conflict do nothing
        returning agent, at
    ), presence_news as (
        insert into reports.agent_news (agent, since)
        select agent, min(at) from presences group by agent
    ), messages as (
        insert into voicemails (id, call, box_kind, box, number, name, customer_id, language, file,
                                seconds, created)
        select distinct on (id) id, call, box_kind, box, number, name, customer, language, file,
               seconds, to_timestamp(at)
        from jsonb_to_recordset($4::jsonb)
             as r(id text, call text, at float8, box_kind text, box text, number text, name text,
                  customer uuid, language text, file text, seconds float8)
        order by id, seconds desc nulls last
        on conflict (id) do update set seconds = excluded.seconds
        where excluded.seconds > voicemails.seconds
    ), journey_rows as (
        insert into journeys (call, sequence, flow, version, started_at, ended_at, nodes, ports,
                              last, ended, contained, language)
        select call, sequence, flow, version, to_timestamp(started_at), to_timestamp(ended_at),
               nodes, ports, last, ended, contained, language
        from jsonb_to_recordset($5::jsonb)
             as r(call text, sequence bigint, flow text, version int, started_at float8,
                  ended_at float8, nodes text[], ports text[], last text, ended text,
                  contained boolean, language text)
        on conflict do nothing
        returning call, sequence, flow, version, nodes, ports, last, ended,
                  to_timestamp(floor(extract(epoch from started_at) / 3600) * 3600) as hour
    ), counts as (
        insert into journey_counts (flow, version, hour, node, what, name, times, callers)
        select flow, version, hour, node, what, name, count(*), count(distinct (call, sequence))
        from ({JOURNEY_STEPS}) steps
        group by flow, version, hour, node, what, name
        on conflict (flow, version, hour, node, what, name) do update
        set times = journey_counts.times + excluded.times,
            callers = journey_counts.callers + excluded.callers
    ), surveys as (
        insert into survey_answers (call, sequence, at, question, score, flow, customer_id, queue,
                                    agent)
        select call, sequence, to_timestamp(at), question, score, flow, customer, queue, agent
        from jsonb_to_recordset($6::jsonb)
             as r(call text, sequence bigint, at float8, question text, score smallint, flow text,
                  customer uuid, queue text, agent text)
        on conflict do nothing
    ), parts as (
        insert into interaction_parts ({", ".join(PART_COLUMNS)})
        select distinct on (call, part) {", ".join(_PART_VALUES)}
        from jsonb_to_recordset($7::jsonb)
             as r({", ".join(f"{name} {kind}" for name, kind in PART_COLUMNS.items())})
        order by call, part, revision desc
        on conflict (call, part) do update
        set {_PART_NEWS}
        where excluded.revision > interaction_parts.revision
        returning call
    ), callback_rows as (
        insert into callbacks ({", ".join(_CALLBACK_TARGETS)})
        select distinct on (id) {", ".join(_CALLBACK_VALUES)}
        from jsonb_to_recordset($8::jsonb)
             as r({", ".join(f"{name} {kind}" for name, kind in CALLBACK_COLUMNS.items())})
        order by id, revision desc
        on conflict (id) do update set {_CALLBACK_NEWS}
        where excluded.revision > callbacks.revision
        returning contact
    ), talks as (
        insert into recordings ({", ".join(_TALK_TARGETS)})
        select distinct on (id) {", ".join(_TALK_VALUES)}
        from jsonb_to_recordset($9::jsonb)
             as r({", ".join(f"{name} {kind}" for name, kind in TALK_COLUMNS.items())})
        order by id, revision desc
        on conflict (id) do update set {_TALK_NEWS}
        where excluded.revision > recordings.revision
    ), calls as (
        insert into interactions ({", ".join(_TARGETS)})
        select distinct on (call) {", ".join(_VALUES)}
        from jsonb_to_recordset($3::jsonb)
             as r({", ".join(f"{name} {kind}" for name, kind in CALL_COLUMNS.items())})
        order by call, revision desc
        on conflict (call) do update
        set {", ".join(f"{name} = excluded.{name}" for name in _TARGETS if name != "call")}
        where excluded.revision > interactions.revision
        returning call
    )
    insert into reports.news (call)
    select call from events union select call from calls union select call from parts
    union select contact from callback_rows
"""
"""One statement, so one round trip and all or nothing, for lines of all kinds. What is new of a
call or an agent is noted for the reports (`callcenter.reports.feeding`) together with it."""
