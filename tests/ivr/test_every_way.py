"""Every kind of node, one caller through each of its ways out: a flow without a mistake in which
each way of the node ends in a place named after it. What is missing in the table fails a test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.asks import (
    Answer,
    Ask,
    Disconnect,
    Enqueue,
    Found,
    LeaveMessage,
    Overflowed,
    Played,
    Recorded,
    Served,
    Transferred,
)
from ivr.calendar import Calendar
from ivr.checking import Known, check
from ivr.flow import Flow
from ivr.linking import link
from ivr.localtime import moment
from ivr.nodes import KINDS
from ivr.reading import read_flow
from ivr.session import Session
from tests.ivr.walking import TUESDAY, flow_text

pytestmark = pytest.mark.pure

SILENCE = Played("", "timeout")
DONE = Played()
SENT = Found({})
AWAY = Found({}, "away")
OFFICE = Calendar(week={"tue": "09:00-18:00"}, holidays={"2026-12-25": "Christmas"})
NUMBER = "+8613800138000"

ENTERED = {  # settings of one node of each kind
    "play": "prompt: ask",
    "say": "value: did, as: digits",
    "menu": "prompt: ask, retries: 0, operator_key: '0', choices: {1: One, '*': Star}",
    "language": "prompt: ask, retries: 0, choices: {1: en, 2: zh}",
    "collect": "prompt: ask, retries: 0, variable: a, what: date",
    "hours": "calendar: office",
    "set": "assign: {a: 1}",
    "condition": "when: int(did) < 450",
    "switch": "cases: {gold: did == '400', silver: did == '500'}",
    "split": "shares: {left: 50, right: 50}",
    "milestone": "name: m",
    "lookup": "source: s, into: found",
    "text": "text: {en: hi, zh: 您好}",
    "estimate": "queue: q, over_seconds: 60",
    "http": "url: 'https://x.example/', take: {a: /a}",
    "callback": "queue: q, prompt: ask, retries: 0",
    "survey": "prompt: ask, retries: 0",
    "record": "name: r",
    "queue": "queue: q",
    "voicemail": "box: b",
    "hangup": "reason: bye",
    "transfer": "number: '1001'",
    "subflow": "flow: sub, exits: {paid: '', failed: ''}",
    "return": "exit: paid",
}

Way = tuple[str, str, dict[str, object], tuple[Answer, ...]]
EVENING = moment("2026-11-24", 20 * 60, "Asia/Shanghai")
HOLIDAY = moment("2026-12-25", 10 * 60, "Asia/Shanghai")
WAYS: list[Way] = [  # kind, way out, what is known of the call, what is answered
    ("play", "next", {}, (DONE,)),
    ("say", "next", {}, (DONE,)),
    ("menu", "1", {}, (Played("1"),)),
    ("menu", "*", {}, (Played("*"),)),
    ("menu", "operator", {}, (Played("0"),)),
    ("menu", "timeout", {}, (SILENCE,)),
    ("menu", "invalid", {}, (Played("7"),)),
    ("language", "next", {}, (Played("2"),)),
    ("collect", "next", {}, (Played("20261224"),)),
    ("collect", "timeout", {}, (SILENCE,)),
    ("collect", "invalid", {}, (Played("20261344"),)),
    ("hours", "open", {}, ()),
    ("hours", "closed", {"now": EVENING}, ()),
    ("hours", "holiday", {"now": HOLIDAY}, ()),
    ("hours", "emergency", {"emergency": True}, ()),
    ("set", "next", {}, ()),
    ("condition", "yes", {}, ()),
    ("condition", "no", {"did": "500"}, ()),
    ("condition", "error", {"did": "*"}, ()),
    ("switch", "gold", {}, ()),
    ("switch", "silver", {"did": "500"}, ()),
    ("switch", "else", {"did": "600"}, ()),
    ("split", "left", {"caller_number": "1"}, ()),
    ("split", "right", {"caller_number": "3"}, ()),
    ("milestone", "next", {}, ()),
    ("lookup", "found", {}, (Found({"x": 1}),)),
    ("lookup", "none", {}, (Found({"found": False}),)),
    ("lookup", "error", {}, (AWAY,)),
    ("text", "next", {}, (SENT,)),
    ("text", "later", {}, (Found({"later": True}),)),
    ("text", "failed", {}, (AWAY,)),
    ("estimate", "short", {}, (Found({"estimate_seconds": 5, "agents": 1}),)),
    ("estimate", "long", {}, (Found({"estimate_seconds": 500, "agents": 1}),)),
    ("estimate", "nobody", {}, (Found({"estimate_seconds": None, "agents": 0}),)),
    ("http", "ok", {}, (Found({"status": 200, "body": {"a": 1}}),)),
    ("http", "error", {}, (Found({"status": 500, "body": {"a": 1}}),)),
    ("callback", "booked", {}, (Played("1"), SENT)),
    ("callback", "failed", {}, (Played("1"), AWAY)),
    ("callback", "declined", {}, (Played("3"),)),
    ("callback", "timeout", {}, (SILENCE,)),
    ("callback", "invalid", {}, (Played("9"),)),
    ("survey", "next", {}, (Played("5"), SENT)),
    ("survey", "timeout", {}, (SILENCE,)),
    ("survey", "invalid", {}, (Played("9"),)),
    ("record", "next", {}, (Recorded(3.0),)),
    ("record", "empty", {}, (Recorded(0.0),)),
    ("queue", "overflow", {}, (Overflowed("full"),)),
    ("queue", "served", {}, (Served(),)),
    ("transfer", "no_answer", {}, (Transferred("no-answer"),)),
    ("transfer", "busy", {}, (Transferred("busy"),)),
    ("subflow", "paid", {"did": "1"}, ()),
    ("subflow", "failed", {"did": "2"}, ()),
]
FALLS = {  # an optional way that is not drawn: what happens instead
    ("menu", "invalid"): "timeout",
    ("collect", "invalid"): "timeout",
    ("callback", "invalid"): "timeout",
    ("survey", "invalid"): "timeout",
    ("callback", "failed"): "declined",
    ("condition", "error"): "no",
    ("estimate", "nobody"): "short",
    ("hours", "holiday"): "closed",
    ("hours", "emergency"): "closed",
    ("record", "empty"): "next",
    ("text", "later"): "next",
    ("text", "failed"): "next",
    ("transfer", "busy"): "no_answer",
}
ENDS: list[tuple[str, tuple[Answer, ...], Ask]] = [  # where a call may stay or end
    ("queue", (), Enqueue("q")),
    ("queue", (Overflowed("full"),), Enqueue("q")),  # nothing drawn for it: the caller waits on
    ("queue", (Served(),), Disconnect("served")),
    ("voicemail", (), LeaveMessage("b")),
    ("hangup", (), Disconnect("bye")),
    ("transfer", (Transferred("answered"),), Disconnect("transferred")),
    ("return", (), Disconnect("returned")),
]
SUB = """
id: sub
languages: [en, zh]
nodes:
  start: {kind: condition, when: did == '1', ports: {yes: good, no: bad}}
  good: {kind: return, exit: paid}
  bad: {kind: return, exit: failed}
"""


def read(text: str) -> Flow:
    flow, problems = read_flow(text)
    assert problems == [], "\n".join(map(str, problems))
    assert flow is not None
    return flow


def ways_of(kind: str) -> list[str]:
    """All ways out of the node in ENTERED, by asking its kind."""
    text = flow_text(f"first: {{kind: {kind}, {ENTERED[kind]}}}\n")
    return [port.name for port in KINDS[kind].ports_of(read(text).nodes["first"])]


def drawn(kind: str, *, without: str = "") -> Flow:
    """The node with each way out ending in a hang-up whose reason is the way; no mistakes."""
    ways = [way for way in ways_of(kind) if way != without]
    ports = ", ".join(f"'{way}': end{place}" for place, way in enumerate(ways))
    ends = "".join(
        f"  end{place}: {{kind: hangup, reason: '{way}'}}\n" for place, way in enumerate(ways)
    )
    node = f"first: {{kind: {kind}, {ENTERED[kind]}, ports: {{{ports}}}}}\n"
    head, _, nodes = flow_text(node).partition("nodes:\n")
    flow = read(head + "nodes:\n" + nodes.splitlines()[0] + "\n" + ends)
    flow = replace(flow, calendars={"office": OFFICE})
    assert [str(one) for one in check(flow, Known(flows={"sub": read(SUB)}))] == []
    return link(flow, {"sub": read(SUB)})[0]


def led(flow: Flow, call: dict[str, object], answers: tuple[Answer, ...]) -> tuple[Ask, Session]:
    known = {"did": "400", "caller_number": NUMBER, **call}
    now = float(str(known.pop("now", TUESDAY)))
    shut = replace(flow.calendars["office"], emergency=bool(known.pop("emergency", False)))
    session = Session(flow, known, {"office": shut})
    ask = session.start(now)
    for answer in answers:
        ask = session.answer(answer, now)
    return ask, session


@pytest.mark.parametrize(
    ("kind", "way", "call", "answers"), WAYS, ids=[f"{k}-{w}" for k, w, *_ in WAYS]
)
def test_each_way_out_is_taken(
    kind: str, way: str, call: dict[str, object], answers: tuple[Answer, ...]
) -> None:
    ask, session = led(drawn(kind), call, answers)
    assert ask == Disconnect(way)
    if kind != "subflow":
        assert session.visits[-1] == ("first", way)
    allowed = {"condition-error": {"expression"}}.get(f"{kind}-{way}", set())
    assert {trouble.code for trouble in session.troubles} <= allowed


@pytest.mark.parametrize(("kind", "way"), FALLS, ids=[f"{k}-{w}" for k, w in FALLS])
def test_what_happens_without_a_way_that_need_not_be_drawn(kind: str, way: str) -> None:
    call, answers = next((call, answers) for k, w, call, answers in WAYS if (k, w) == (kind, way))
    assert led(drawn(kind, without=way), call, answers)[0] == Disconnect(FALLS[kind, way])


@pytest.mark.parametrize(("kind", "answers", "end"), ENDS)
def test_where_a_call_ends_or_stays(kind: str, answers: tuple[Answer, ...], end: Ask) -> None:
    flow = read(flow_text(f"first: {{kind: {kind}, {ENTERED[kind]}}}\n"))
    if kind == "transfer":
        flow = drawn("transfer")
    flow = replace(flow, calendars={"office": Calendar()})
    assert led(flow, {}, answers)[0] == end


def test_the_tables_leave_no_kind_and_no_way_out() -> None:
    assert set(ENTERED) == set(KINDS)
    gone = {(kind, way) for kind, way, *_ in WAYS}
    assert gone == {(kind, way) for kind in KINDS for way in ways_of(kind)}
    assert {kind for kind in KINDS if not ways_of(kind)} <= {kind for kind, *_ in ENDS}
    optional = {
        (kind, port.name)
        for kind in KINDS
        if kind != "queue"  # without ways of its own the caller waits on, or the call is over
        for port in KINDS[kind].ports
        if port.optional
    }
    assert optional == set(FALLS)
