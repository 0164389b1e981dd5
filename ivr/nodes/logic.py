"""Nodes that decide without the caller: set, condition, switch, split, milestone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast
from zlib import crc32

from ivr.expression import ExpressionFailed
from ivr.flow import Flow, Node
from ivr.nodes.kind import NEXT, Field, Kind, Mistake, Port, Step, fields
from ivr.nodes.run import Run
from ivr.nodes.types import EXPRESSION, NAME, NODE_ID, VARIABLE_NAME, matching, table, whole

# -- set ----------------------------------------------------------------------------------------
ASSIGN: Field[Mapping[str, object]] = Field(
    "assign",
    table(VARIABLE_NAME.read, "a variable", EXPRESSION, 20, 1),
    "variable -> expression, one after the other",
    {},
    required=True,
    in_turn=True,
)


def _set(node: Node, run: Run) -> Step:
    """A value that cannot be worked out becomes null; the flow goes on."""
    for name, expression in ASSIGN.of(node).items():
        try:
            run.set(name, run.evaluate(cast(str, expression)))
        except ExpressionFailed:
            run.set(name, None)
    return "next"


SET = Kind(
    "set",
    "decide",
    "Gives variables values; one that cannot be worked out becomes null.",
    _set,
    fields=fields(ASSIGN),
    ports=(NEXT,),
    writes=lambda node: {"next": tuple(ASSIGN.of(node))},
)

# -- condition and switch -----------------------------------------------------------------------
WHEN = Field("when", EXPRESSION, "the expression", "", required=True)


def _true(run: Run, expression: str) -> bool | None:
    """None: it has no value, or one that is neither true nor false."""
    try:
        value = run.evaluate(expression)
    except ExpressionFailed:
        return None
    if isinstance(value, bool):
        return value
    run.trouble("expression", f"{expression!r} is neither true nor false")
    return None


def _condition(node: Node, run: Run) -> Step:
    value = _true(run, WHEN.of(node))
    if value is None:
        return "error" if "error" in node.ports else "no"
    return "yes" if value else "no"


CONDITION = Kind(
    "condition",
    "decide",
    "Goes one way or the other.",
    _condition,
    fields=fields(WHEN),
    ports=(
        Port("yes", "it is true"),
        Port("no", "it is not"),
        Port("error", "it has no value (without it: no)", optional=True),
    ),
)

CASES: Field[Mapping[str, object]] = Field(
    "cases",
    table(NODE_ID, "a port's name", EXPRESSION, 20, 1),
    "port -> expression; the first that is true is taken",
    {},
    required=True,
)


def _switch(node: Node, run: Run) -> Step:
    for port, expression in CASES.of(node).items():
        if _true(run, cast(str, expression)):
            return port
    return "else"


def _no_else(node: Node, flow: Flow) -> Iterable[Mistake]:
    if "else" in CASES.of(node):
        yield "else", "'else' cannot be a case: it is what is left", "give the case another name"


SWITCH = Kind(
    "switch",
    "decide",
    "Takes the first of several ways whose expression is true.",
    _switch,
    fields=fields(CASES),
    ports=(Port("else", "none of them is true"),),
    more_ports=lambda node: tuple(
        Port(name, "its expression is true") for name in CASES.of(node) if name != "else"
    ),
    mistakes=_no_else,
)

# -- split --------------------------------------------------------------------------------------
SHARES: Field[Mapping[str, object]] = Field(
    "shares",
    table(NODE_ID, "a port's name", whole(0, 100), 10, 1),
    "port -> percent of the callers; together 100",
    {},
    required=True,
)


def _split(node: Node, run: Run) -> Step:
    """By a checksum of the call and the node: even, and the same again in a replay."""
    drawn = crc32(f"{run.seed}:{node.id}".encode()) % 100
    port = ""
    for port, share in SHARES.of(node).items():
        drawn -= cast(int, share)
        if drawn < 0:
            return port
    return port


def _split_mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    total = sum(cast(int, share) for share in SHARES.of(node).values())
    if total != 100:
        yield "", f"the shares add up to {total} percent", "make them add up to 100"


SPLIT = Kind(
    "split",
    "decide",
    "Sends callers several ways by percentages.",
    _split,
    fields=fields(SHARES),
    more_ports=lambda node: tuple(
        Port(name, f"{share} percent of the callers") for name, share in SHARES.of(node).items()
    ),
    mistakes=_split_mistakes,
)

# -- milestone ----------------------------------------------------------------------------------
MILESTONE_NAME = Field("name", matching(NAME, "a milestone's name"), "its name", "", required=True)


def _milestone(node: Node, run: Run) -> Step:
    return "next"


MILESTONE = Kind(
    "milestone",
    "decide",
    "Marks that the caller got this far (counted in the path analytics).",
    _milestone,
    fields=fields(MILESTONE_NAME),
    ports=(NEXT,),
)

DECIDING = (SET, CONDITION, SWITCH, SPLIT, MILESTONE)
