"""Nodes that give the caller away: queue, voicemail, transfer, hang up; and the two that join flows
together (sub-flow, return), which are gone once a flow is linked (`ivr.linking`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from ivr.asks import Answer, Disconnect, Enqueue, LeaveMessage, Served, Transfer, Transferred
from ivr.expression import ExpressionFailed
from ivr.flow import Flow, Node
from ivr.nodes.kind import Field, Kind, Mistake, Port, Step, fields
from ivr.nodes.run import Run
from ivr.nodes.speech import as_text
from ivr.nodes.types import (
    DIALABLE,
    EXPRESSION,
    NODE_ID,
    keyed,
    matching,
    named,
    number,
    table,
    text,
    whole,
)

# -- queue --------------------------------------------------------------------------------------
QUEUE = Field("queue", named("queue"), "the queue's id", "", required=True)
SKILLS: Field[Mapping[str, object]] = Field(
    "skills", keyed("skill", whole(0, 10)), "skill -> least proficiency", {}
)
LANGUAGE_SKILL = Field(
    "language_skill", whole(0, 10), "least proficiency in the caller's language (0: any)", 0
)
PRIORITY = Field("priority", whole(-10, 10), "higher is served earlier", 0)


def skills_of(node: Node, run: Run) -> dict[str, int]:
    """The skills asked for, with the caller's language as one of them where the node says so."""
    skills = dict(cast("Mapping[str, int]", SKILLS.of(node)))
    if LANGUAGE_SKILL.of(node):
        skills[run.language] = max(LANGUAGE_SKILL.of(node), skills.get(run.language, 0))
    return skills


def _queue(node: Node, run: Run) -> Step:
    return Enqueue(QUEUE.of(node), skills_of(node, run), PRIORITY.of(node))


SERVED = "served"


def _after_waiting(node: Node, run: Run, answer: Answer) -> Step:
    """Without the port for an overflow the queue's own rule has the last word: wait on."""
    if isinstance(answer, Served):
        return SERVED if SERVED in node.ports else Disconnect("served")
    return "overflow" if "overflow" in node.ports else _queue(node, run)


QUEUE_KIND = Kind(
    "queue",
    "end",
    "The caller waits for an agent.",
    _queue,
    _after_waiting,
    fields(QUEUE, SKILLS, LANGUAGE_SKILL, PRIORITY),
    (
        Port("overflow", "the queue takes nobody, or sent the caller on", optional=True, acts=True),
        Port(
            SERVED,
            "the agent has hung up and the caller has not (without it: the call ends)",
            optional=True,
            acts=True,
        ),
    ),
)

# -- voicemail and hang up ----------------------------------------------------------------------
BOX = Field("box", named("box"), "the mailbox's id", "", required=True)
VOICEMAIL = Kind(
    "voicemail",
    "end",
    "The caller leaves a message.",
    lambda node, run: LeaveMessage(BOX.of(node)),
    fields=fields(BOX),
)

REASON = Field("reason", text(80), "for the reports", "")
HANG_UP = Kind(
    "hangup",
    "end",
    "Ends the call.",
    lambda node, run: Disconnect(REASON.of(node)),
    fields=fields(REASON),
)

# -- transfer -----------------------------------------------------------------------------------
NUMBER = Field("number", matching(DIALABLE, "a number that can be dialled", "number"), "which", "")
NUMBER_FROM = Field("number_from", EXPRESSION, "or an expression that gives the number", "")
RING = Field("ring_seconds", number(5, 120), "how long it rings", 30.0)


def _transfer(node: Node, run: Run) -> Step:
    dialled = NUMBER.of(node)
    if not dialled:
        try:
            dialled = as_text(run.evaluate(NUMBER_FROM.of(node)))
        except ExpressionFailed:
            return "no_answer"
    if not DIALABLE.fullmatch(dialled):
        run.trouble("data", "what was worked out is no number that can be dialled")
        return "no_answer"
    return Transfer(dialled, RING.of(node))


def _transferred(node: Node, run: Run, answer: Answer) -> Step:
    """When the two have spoken the call is over."""
    outcome = answer.outcome if isinstance(answer, Transferred) else "failed"
    if outcome == "answered":
        return Disconnect("transferred")
    return "busy" if outcome == "busy" and "busy" in node.ports else "no_answer"


def _transfer_mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    if bool(NUMBER.of(node)) == bool(NUMBER_FROM.of(node)):
        yield "", "a transfer needs either 'number' or 'number_from'", "write one of them"


TRANSFER = Kind(
    "transfer",
    "end",
    "Rings an extension or an outside number. The call ends when the far end hangs up.",
    _transfer,
    _transferred,
    fields(NUMBER, NUMBER_FROM, RING),
    (
        Port("no_answer", "nobody answered, or it cannot be dialled"),
        Port("busy", "it was busy (without it: no_answer)", optional=True),
    ),
    mistakes=_transfer_mistakes,
)

# -- sub-flows ----------------------------------------------------------------------------------
FLOW = Field("flow", named("flow"), "the flow's id", "", required=True)
EXITS: Field[Mapping[str, object]] = Field(
    "exits",
    table(NODE_ID, "an exit's name", text(80), 20),
    "exit -> what it stands for; the sub-flow's return nodes leave by these",
    {"next": ""},
)
RETURN_BY = Field("exit", matching(NODE_ID, "an exit's name"), "the exit it leaves by", "next")


def _unlinked(node: Node, run: Run) -> Step:
    """Only a flow that was never linked gets here."""
    run.trouble("dead-end", f"the sub-flow at node {node.id} was not linked in")
    return "next"


SUB_FLOW = Kind(
    "subflow",
    "end",
    "Goes through another flow and comes back by one of its exits.",
    _unlinked,
    fields=fields(FLOW, EXITS),
    more_ports=lambda node: tuple(
        Port(name, f"the sub-flow left by {name}") for name in EXITS.of(node)
    ),
)
RETURN = Kind(
    "return",
    "end",
    "Ends a sub-flow and goes back to the flow that called it; ends the call in any other.",
    lambda node, run: Disconnect("returned"),
    fields=fields(RETURN_BY),
)

ENDING = (QUEUE_KIND, VOICEMAIL, HANG_UP, TRANSFER, SUB_FLOW, RETURN)
