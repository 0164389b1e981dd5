"""Nodes that give the caller away: queue, voicemail, hang up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from ivr.asks import Answer, Disconnect, Enqueue, LeaveMessage
from ivr.flow import Node
from ivr.nodes.kind import Field, Kind, Port, Run, Step, fields
from ivr.nodes.types import ID, NAME, table, text, whole

QUEUE = Field("queue", ID, "the queue's id", "", required=True)
SKILLS: Field[Mapping[str, object]] = Field(
    "skills", table(NAME, "a skill's id", whole(0, 10)), "skill -> least proficiency", {}
)
PRIORITY = Field("priority", whole(-10, 10), "higher is served earlier", 0)


def _queue(node: Node, run: Run) -> Step:
    skills = cast("Mapping[str, int]", SKILLS.of(node))
    return Enqueue(QUEUE.of(node), dict(skills), PRIORITY.of(node))


def _overflowed(node: Node, run: Run, answer: Answer) -> Step:
    """Without the port the queue's own overflow rule has the last word: wait on."""
    return "overflow" if "overflow" in node.ports else _queue(node, run)


QUEUE_KIND = Kind(
    "queue",
    "The caller waits for an agent.",
    _queue,
    _overflowed,
    fields(QUEUE, SKILLS, PRIORITY),
    (Port("overflow", "the queue sent the caller on", optional=True, acts=True),),
)

BOX = Field("box", ID, "the mailbox's id", "", required=True)


def _voicemail(node: Node, run: Run) -> Step:
    return LeaveMessage(BOX.of(node))


VOICEMAIL = Kind("voicemail", "The caller leaves a message.", _voicemail, fields=fields(BOX))

REASON = Field("reason", text(), "for the reports", "")


def _hang_up(node: Node, run: Run) -> Step:
    return Disconnect(REASON.of(node))


HANG_UP = Kind("hangup", "Ends the call.", _hang_up, fields=fields(REASON))

ENDS = (QUEUE_KIND, VOICEMAIL, HANG_UP)
