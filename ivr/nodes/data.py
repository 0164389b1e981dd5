"""Nodes that ask for data or have something done elsewhere: look-up, text message, wait estimate
(and `http`, in a file of its own). All ask a LookUp and are answered by Found; whatever goes wrong
there is an ordinary way out of the node, within the driver's time limit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

from ivr.asks import Answer, Found, LookUp
from ivr.expression import ExpressionFailed, plain
from ivr.flow import Node
from ivr.nodes.kind import Field, Kind, Port, Step, fields
from ivr.nodes.run import Run
from ivr.nodes.speech import WORDS, as_text, words
from ivr.nodes.types import (
    EXPRESSION,
    VARIABLE,
    VARIABLE_NAME,
    named,
    number,
    table,
)

ANSWER_MAX = 20_000  # characters of JSON that a flow keeps of one answer

ERROR_PORT = Port("error", "it could not be done in time, or the answer cannot be used")


def arguments(node: Node, field: Field[Mapping[str, object]], run: Run) -> dict[str, object]:
    """The arguments' values; one that has none is null."""
    out: dict[str, object] = {}
    for name, expression in field.of(node).items():
        try:
            out[name] = run.evaluate(cast(str, expression))
        except ExpressionFailed:
            out[name] = None
    return out


def usable(answer: Answer, run: Run) -> Mapping[str, object] | None:
    """What was found as plain, bounded values; None (with a trouble noted) when it is not that."""
    if not isinstance(answer, Found) or answer.error:
        return None
    try:
        values = plain(answer.values)
        if len(json.dumps(values)) > ANSWER_MAX:
            raise ExpressionFailed(f"more than {ANSWER_MAX} characters")
    except ExpressionFailed as failed:
        run.trouble("data", f"the answer cannot be used: {failed}")
        return None
    return cast("Mapping[str, object]", values)


# -- look-up in our own data --------------------------------------------------------------------
SOURCE = Field("source", named("source"), "which data (see the list of sources)", "", required=True)
WITH: Field[Mapping[str, object]] = Field(
    "with", table(VARIABLE, "an argument", EXPRESSION, 20), "argument -> expression", {}
)
INTO = Field("into", VARIABLE_NAME, "the variable that gets what was found", "", required=True)


def _look_up(node: Node, run: Run) -> Step:
    return LookUp(SOURCE.of(node), arguments(node, WITH, run))


def _looked_up(node: Node, run: Run, answer: Answer) -> Step:
    """Nothing, or `found: false` among the values, means that there is none."""
    values = usable(answer, run)
    if values is None:
        return "error"
    run.set(INTO.of(node), values)
    return "found" if values and values.get("found") is not False else "none"


LOOK_UP = Kind(
    "lookup",
    "data",
    "Looks something up in the centre's own data (a customer, an order, a balance).",
    _look_up,
    _looked_up,
    fields(SOURCE, WITH, INTO),
    (Port("found", "there is such a thing"), Port("none", "there is none"), ERROR_PORT),
    writes=lambda node: {"found": (INTO.of(node),), "none": (INTO.of(node),)},
)

# -- text message -------------------------------------------------------------------------------
MESSAGE: Field[object] = Field(
    "text", WORDS, "a text per language, values in {braces}", "", required=True
)
TO = Field("to", EXPRESSION, "the number (an expression)", "caller_number")


SENT, LATER, FAILED = "next", "later", "failed"


def _send_text(node: Node, run: Run) -> Step:
    try:
        to = as_text(run.evaluate(TO.of(node)))
    except ExpressionFailed:
        to = ""
    if not re.fullmatch(r"\+?[0-9]{3,20}", to):
        run.trouble("data", "there is no number to send the text to")
        return FAILED if FAILED in node.ports else SENT
    said = words(MESSAGE.of(node), run)
    return LookUp("text", {"to": to, "text": said, "language": run.language})


def _text_sent(node: Node, run: Run, answer: Answer) -> Step:
    """Found.values: `later` true when it is kept, for the gateway is away."""
    if not isinstance(answer, Found) or answer.error:
        return FAILED if FAILED in node.ports else SENT
    later = answer.values.get("later") is True and LATER in node.ports
    return LATER if later else SENT


SEND_TEXT = Kind(
    "text",
    "data",
    "Sends a text message by the centre's webhook.",
    _send_text,
    _text_sent,
    fields(MESSAGE, TO),
    (
        Port(SENT, "it is sent: the gateway has taken it"),
        Port(
            LATER,
            "the gateway is away: it is kept and tried again (without it: next)",
            optional=True,
        ),
        Port(FAILED, "it cannot be sent (without it: next)", optional=True),
    ),
)

# -- wait estimate ------------------------------------------------------------------------------
ESTIMATED = Field("queue", named("queue"), "which queue", "", required=True)
OVER = Field("over_seconds", number(0, 86400), "longer than this is long", 300.0)


def _estimate(node: Node, run: Run) -> Step:
    return LookUp("queue", {"queue": ESTIMATED.of(node)})


def _estimated(node: Node, run: Run, answer: Answer) -> Step:
    """Found.values: `estimate_seconds` (null when unknown), `waiting`, `agents` (logged in)."""
    values = answer.values if isinstance(answer, Found) and not answer.error else {}
    seconds, agents = values.get("estimate_seconds"), values.get("agents")
    waiting = values.get("waiting")
    known = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
    run.set("estimate_seconds", round(cast(float, seconds)) if known else 0)
    run.set("queue_waiting", waiting if isinstance(waiting, int) else 0)
    if agents == 0 and "nobody" in node.ports:
        return "nobody"
    return "long" if known and cast(float, seconds) > OVER.of(node) else "short"


ESTIMATE = Kind(
    "estimate",
    "data",
    "Goes by how long a caller would wait now. Sets `estimate_seconds` and `queue_waiting`.",
    _estimate,
    _estimated,
    fields(ESTIMATED, OVER),
    (
        Port("short", "the wait is not longer, or not known"),
        Port("long", "the wait is longer"),
        Port("nobody", "no agent is logged in (without it: as the estimate says)", optional=True),
    ),
    writes=lambda node: {"": ("estimate_seconds", "queue_waiting")},
)


FETCHING = (LOOK_UP, SEND_TEXT, ESTIMATE)
