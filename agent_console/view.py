"""Who sees which rows, and the numbered stream of changes each kind of viewer gets.

Pure: no sockets, no clock. An agent sees the own row, the calls that are the own ones and the
queues he or she serves; a supervisor what lies inside the border of his teams
(`callcenter.core.teams`) as well, an administrator all. All viewers with the same rights share one
`Feed`, so that each change is encoded once. This file must not know who is connected.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import TypeAdapter

from agent_console.frames import text_frame
from callcenter.core.board import AgentRow, Board, CallRow, QueueRow
from callcenter.core.teams import Reach, within

Role = Literal["agent", "supervisor", "administrator"]
Table = Literal["calls", "agents", "queues"]
Row = CallRow | AgentRow | QueueRow

# How many changes a browser may have missed and still go on without a new snapshot.
KEPT_FOR_AGENT = 128
KEPT_FOR_ALL = 2048

_MESSAGE: dict[Table, str] = {"calls": "call", "agents": "agent", "queues": "queue"}
_ADAPTERS: dict[Table, TypeAdapter[Row]] = {
    "calls": TypeAdapter(CallRow),
    "agents": TypeAdapter(AgentRow),
    "queues": TypeAdapter(QueueRow),
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose eyes: what lies inside a border, and what is one agent's own (None: who is no agent).
    Without a border, and no agent: sees nothing. `figures_alone`: a screen on the wall, which shows
    no caller to anybody."""

    reach: Reach
    agent: str | None = None
    figures_alone: bool = False

    @property
    def everything(self) -> bool:
        return self.reach.everything and not self.figures_alone

    @property
    def own_alone(self) -> bool:
        """An agent, who gets what is his at once."""
        return self.reach.nothing


def audience_of(reach: Reach, agent: str | None) -> Audience:
    """Who sees everything sees it whether he is an agent or not."""
    return Audience(reach) if reach.everything else Audience(reach, agent)


@dataclass(slots=True)
class Tables:
    """The hub's copy of the board, kept current by `Show` effects."""

    calls: dict[str, CallRow] = field(default_factory=dict)
    agents: dict[str, AgentRow] = field(default_factory=dict)
    queues: dict[str, QueueRow] = field(default_factory=dict)

    def put(self, table: Table, key: str, row: Row | None) -> Row | None:
        """Set or remove a row; the row that was there before comes back."""
        rows: dict[str, Row] = getattr(self, table)
        before = rows.get(key)
        if row is None:
            rows.pop(key, None)
        else:
            rows[key] = row
        return before

    def queues_of(self, agent: str | None) -> frozenset[str]:
        row = self.agents.get(agent) if agent else None
        return frozenset(row.queues) if row else frozenset()

    def serves(self, agent: str | None, queue: str) -> bool:
        row = self.agents.get(agent) if agent else None
        return row is not None and queue in row.queues


def visible(audience: Audience, tables: Tables) -> Board:
    """All rows the audience may see now: what a fresh snapshot holds."""
    if audience.everything:
        return Board(dict(tables.calls), dict(tables.agents), dict(tables.queues))
    return Board(
        {
            key: for_agents(row) if audience.own_alone else row
            for key, row in tables.calls.items()
            if sees_call(audience, row)
        },
        {key: row for key, row in tables.agents.items() if sees_agent(audience, key)},
        {key: row for key, row in tables.queues.items() if sees_queue(audience, key, tables)},
    )


def sees_call(audience: Audience, row: CallRow) -> bool:
    if audience.figures_alone:
        return False
    return (audience.agent is not None and audience.agent in owners(row)) or call_within(
        audience.reach, row
    )


def sees_agent(audience: Audience, agent: str) -> bool:
    return agent == audience.agent or within(audience.reach, agents=(agent,))


def sees_queue(audience: Audience, queue: str, tables: Tables) -> bool:
    return tables.serves(audience.agent, queue) or within(audience.reach, queues=(queue,))


def call_within(reach: Reach, row: CallRow) -> bool:
    """A call lies where its queue or one of its agents does. A caller who is still in the menu
    belongs to nobody yet."""
    return within(reach, agents=owners(row), queues=(row.queue,))


def owners(row: CallRow) -> frozenset[str]:
    """The agents whom a call concerns: who has it, at whose phones it rings, who is asked about
    it, who has parked it."""
    asked = row.consult.agent if row.consult is not None else None
    parked = row.parking.by if row.parking is not None else None
    concerned = (row.agent, asked, parked, row.peer, *row.offered_to)
    return frozenset(agent for agent in concerned if agent)


def for_agents(row: CallRow) -> CallRow:
    """The row as agents may see it: without supervisors of whom they are not told."""
    told = tuple(one for one in row.hearers if one.told)
    return row if told == row.hearers else replace(row, hearers=told)


def encoded(table: Table, row: Row | None) -> bytes:
    """A row as JSON, the same for every viewer."""
    return b"null" if row is None else _ADAPTERS[table].dump_json(row)


def delta(table: Table, seq: int, key: str, row: bytes) -> bytes:
    """A delta message of `wire` around a row that is encoded already."""
    head = f'{{"type":"{_MESSAGE[table]}","seq":{seq},"key":{json.dumps(key)},"row":'
    return head.encode() + row + b"}"


class Feed:
    """The numbered changes one audience gets, and the latest of them for those who come back.

    `epoch` is unique among all feeds ever made, so a number of another feed is never taken for one
    of this."""

    def __init__(self, audience: Audience, epoch: int) -> None:
        self.audience = audience
        self.epoch = epoch
        self.seq = 0
        kept = KEPT_FOR_AGENT if audience.own_alone else KEPT_FOR_ALL
        self._frames: deque[tuple[int, bytes]] = deque(maxlen=kept)
        self.shown: set[tuple[Table, str]] = set()
        """Rows inside the border that were sent: who leaves it is taken off the screen. Kept for
        teams alone; the others' rows come and go by simpler rules."""

    def append(self, table: Table, key: str, row: bytes) -> bytes:
        """Number a change; the frame to send."""
        self.seq += 1
        frame = text_frame(delta(table, self.seq, key, row))
        self._frames.append((self.seq, frame))
        return frame

    def since(self, epoch: int, seq: int) -> Iterator[bytes] | None:
        """The frames after (epoch, seq), or None where some of them are gone or it is not ours."""
        oldest = self._frames[0][0] if self._frames else self.seq + 1
        if epoch != self.epoch or not oldest - 1 <= seq <= self.seq:
            return None
        return (frame for number, frame in self._frames if number > seq)
