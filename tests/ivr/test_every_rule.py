"""Every rule of the checker: a flow that breaks it and nothing else, and what is said: which node,
which way out, which setting, what is wrong, and what to do. A sort of mistake without a line here
fails a test."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import get_args

import pytest

from ivr.checking import Known, check
from ivr.flow import Flow, Node
from ivr.problems import Code, Problem
from ivr.reading import read_flow
from tests.ivr.walking import flow_text

pytestmark = pytest.mark.pure

NONE: frozenset[str] = frozenset()
OF_ROUTES = {"too-many", "twice", "shadowed", "uncovered", "region", "percent"}
OF_ROUTES |= {"no-flow", "no-calendar", "no-list"}
NOT_OF_A_NODE = {"", "holidays"} | OF_ROUTES
PLAY = "first: {kind: play, prompt: ask, next: done}\n"
ASKS = "prompt: ask, ports: {next: done, timeout: done}"
PIN = "first: {kind: collect, variable: pin, what: pin, secret: true, " + ASKS + "}\n"


@dataclass(frozen=True)
class Case:
    """`nodes` have one mistake; its `place` is 'node port setting', a dash for none."""

    code: Code
    nodes: str
    place: str
    said: str
    head: str = ""
    known: Known = field(default_factory=Known)


def hours(settings: str) -> str:
    return f"first: {{kind: hours, {settings}, ports: {{open: done, closed: done}}}}\n"


def collects(settings: str) -> str:
    return f"first: {{kind: collect, variable: a, {settings}, {ASKS}}}\n"


def looks_up(settings: str) -> str:
    return (
        f"look: {{kind: lookup, source: s, into: x, {settings},"
        " ports: {found: done, none: done, error: done}}\n"
    )


def transfers(settings: str) -> str:
    return f"first: {{kind: transfer, {settings}, ports: {{no_answer: done}}}}\n"


HTTP = "first: {{kind: http, url: 'https://x.example/', {} ports: {{ok: done, error: done}}}}\n"
CASES = [
    # -- the text of a node ----------------------------------------------------------------------
    Case(
        "form", "first: {prompt: ask, next: done}\n", "first - -", "the node has no kind; use one"
    ),
    Case("value", PLAY.replace("ask", "[]"), "first - prompt", "0 things to say; write 1 to 20."),
    Case("needed", "first: {kind: play, next: done}\n", "first - prompt", "needs 'prompt'"),
    Case(
        "unknown-setting",
        PLAY.replace("prompt: ask", "prompt: ask, x: 1"),
        "first - x",
        "no setting 'x'; use: prompt",
    ),
    # -- ways ------------------------------------------------------------------------------------
    Case(
        "open-port", "first: {kind: play, prompt: ask}\n", "first next -", "connect it to a node."
    ),
    Case(
        "unknown-port",
        PLAY.replace("next: done", "ports: {next: done, b: done}"),
        "first b -",
        "remove it",
    ),
    Case(
        "lost-port", PLAY.replace("done", "gone"), "first next -", "it leads to 'gone', which is no"
    ),
    Case(
        "unreachable", PLAY + "lost: {kind: hangup}\n", "lost - -", "connect a port to it or remove"
    ),
    Case("endless", PLAY.replace("done", "first"), "first - -", "let one way out lead to a queue"),
    Case(
        "endless",
        "first: {kind: menu, prompt: ask, choices: {1: x}, ports: {1: done, timeout: first}}\n",
        "first - -",
        "a caller who does nothing goes round for ever (first -> first)",
    ),
    # -- words -----------------------------------------------------------------------------------
    Case(
        "no-prompt",
        PLAY.replace("ask", "gone"),
        "first - prompt",
        "'gone' is missing in language en; record it",
        known=Known(prompts={"zh": frozenset({"gone"})}),
    ),
    Case(
        "no-text",
        "first: {kind: say, text: {en: hi}, next: done}\n",
        "first - text",
        "missing in language zh; write it under 'zh'.",
    ),
    # -- values ----------------------------------------------------------------------------------
    Case(
        "value",
        "first: {kind: condition, when: 'a >', ports: {yes: done, no: done}}\n",
        "first - when",
        "is not an expression",
    ),
    Case(
        "undefined",
        "first: {kind: set, assign: {b: a}, next: done}\n",
        "first - assign",
        "variable 'a' in 'a' may have no value here; give it a first value",
    ),
    Case(
        "secret",
        PIN.replace("next: done", "next: say") + "say: {kind: say, value: pin, next: done}\n",
        "say - value",
        "cannot be read by 'value'; hand it as it is",
    ),
    Case(
        "secret",
        PIN.replace("next: done", "next: say") + "say: {kind: say, text: '{pin}', next: done}\n",
        "say - text",
        "would be told by 'text'; leave it out.",
    ),
    Case(
        "secret",
        PIN.replace("next: done", "next: look") + looks_up("with: {p: pin + '1'}"),
        "look - with",
        "cannot be read by 'with'",
    ),
    # -- what the centre has not -----------------------------------------------------------------
    Case(
        "stranger",
        PLAY,
        "- - fallback",
        "no queue 'x' to fall back to; name another",
        "fallback: x\n",
        Known(queues=NONE),
    ),
    Case(
        "stranger",
        "first: {kind: queue, queue: x}\n",
        "first - queue",
        "there is no queue 'x'; make it first",
        known=Known(queues=NONE),
    ),
    Case(
        "stranger",
        "first: {kind: queue, queue: x, skills: {zh: 5}}\n",
        "first - skills",
        "there is no skill 'zh'",
        known=Known(skills=NONE),
    ),
    Case(
        "stranger",
        "first: {kind: voicemail, box: x}\n",
        "first - box",
        "there is no mailbox 'x'",
        known=Known(boxes=NONE),
    ),
    Case(
        "stranger",
        looks_up("with: {}").replace("look", "first", 1),
        "first - source",
        "there is no source 's'",
        known=Known(sources=NONE),
    ),
    Case(
        "stranger",
        HTTP.format("secret: x,"),
        "first - secret",
        "there is no secret 'x'",
        known=Known(secrets=NONE),
    ),
    Case(
        "stranger",
        HTTP.format(""),
        "first - url",
        "host 'x.example' may not be called; add it to the list",
        known=Known(hosts=NONE),
    ),
    Case(
        "stranger",
        hours("calendar: x"),
        "first - calendar",
        "there is no calendar 'x'",
        known=Known(calendars=NONE),
    ),
    Case(
        "number",
        transfers("number: '+1900'"),
        "first - number",
        "+1900 cannot be dialled: dear; correct it.",
        known=Known(dialable=lambda number: "dear"),
    ),
    Case(
        "sub-flow",
        "first: {kind: subflow, flow: x, next: done}\n",
        "first - -",
        "there is no flow 'x'; make it first",
    ),
    # -- settings that do not go together --------------------------------------------------------
    Case(
        "settings",
        "first: {kind: say, value: did, text: hi, next: done}\n",
        "first - -",
        "either 'text' or 'value'; write one",
    ),
    Case(
        "settings",
        "first: {kind: say, next: done}\n",
        "first - -",
        "either 'text' or 'value'; write one",
    ),
    Case(
        "settings",
        "first: {kind: menu, prompt: ask, choices: {1: x}, back_key: '1',"
        " ports: {1: done, timeout: done}}\n",
        "first - -",
        "key 1 is a choice and also back_key; give each its own",
    ),
    Case(
        "settings",
        "first: {kind: language, prompt: ask, choices: {1: fr}, next: done}\n",
        "first - -",
        "'fr' is none of the flow's languages; add it",
    ),
    Case(
        "settings",
        collects("digits_min: 9, digits_max: 4"),
        "first - -",
        "make digits_min smaller.",
    ),
    Case(
        "settings", collects("what: amount, least: 9, most: 4"), "first - -", "make least smaller."
    ),
    Case(
        "settings",
        collects("what: amount, terminator: '*'"),
        "first - -",
        "use # as the terminator.",
    ),
    Case("settings", collects("what: pin"), "first - -", "write 'secret: true'."),
    Case(
        "settings",
        collects("secret: true, confirm_prompt: more"),
        "first - -",
        "remove confirm_prompt.",
    ),
    Case(
        "settings",
        collects("secret: true, valid_when: value == '1'"),
        "first - -",
        "let a look-up say if it is right.",
    ),
    Case(
        "settings",
        collects("secret: true, what: date"),
        "first - -",
        "a secret date cannot be read; use 'digits', 'account'",
    ),
    Case(
        "settings",
        hours("calendar: c, week: {mon: closed}"),
        "first - -",
        "both a calendar and its own week; keep one",
    ),
    Case("settings", hours("timezone: UTC"), "first - -", "neither a calendar nor a week; write"),
    Case(
        "settings",
        "first: {kind: switch, cases: {else: 'true'}, ports: {else: done}}\n",
        "first else -",
        "give the case another name.",
    ),
    Case(
        "settings",
        "first: {kind: split, shares: {a: 50}, ports: {a: done}}\n",
        "first - -",
        "add up to 50 percent; make them add up to 100.",
    ),
    Case(
        "settings",
        HTTP.format("body: {a: did},"),
        "first - -",
        "a GET request has no body; use POST",
    ),
    Case(
        "settings",
        transfers("number: '1', number_from: did"),
        "first - -",
        "either 'number' or 'number_from'; write one",
    ),
    Case(
        "settings",
        transfers("ring_seconds: 20"),
        "first - -",
        "either 'number' or 'number_from'; write one",
    ),
    Case(
        "settings",
        "first: {kind: callback, queue: q, prompt: ask, accept_key: '3',"
        " ports: {booked: done, declined: done, timeout: done}}\n",
        "first - -",
        "two answers have the same key; give each its own key.",
    ),
    Case(
        "settings",
        f"first: {{kind: survey, lowest: 5, {ASKS}}}\n",
        "first - -",
        "lowest is not below highest; make lowest smaller.",
    ),
]
MADE_BY_HAND = [  # what no text can say, but a program could hand in
    Case(
        "start",
        "",
        "- - start",
        "starts at 'gone', which is no node; name the first node in 'start'.",
    ),
    Case("unknown-kind", "", "first - kind", "'dance' is no kind of node; use one of: callback, "),
    Case("expression", "", "first - when", "'a >' is not an expression"),
]
HANDED = {
    "start": Flow("x", "x", start="gone"),
    "unknown-kind": Flow("x", "x", start="first", nodes={"first": Node("first", "dance")}),
    "expression": Flow(
        "x",
        "x",
        start="first",
        nodes={
            "first": Node("first", "condition", {"when": "a >"}, {"yes": "end", "no": "end"}),
            "end": Node("end", "hangup"),
        },
    ),
}


def found(case: Case) -> list[Problem]:
    if case in MADE_BY_HAND:
        return check(HANDED[case.code], case.known)
    flow, problems = read_flow(flow_text(case.nodes, case.head))
    if flow is not None:
        used = {target for node in flow.nodes.values() for target in node.ports.values()}
        ends = {"done", "other", "third"} - used
        nodes = {name: node for name, node in flow.nodes.items() if name not in ends}
        problems = check(replace(flow, nodes=nodes), case.known)
    return problems


@pytest.mark.parametrize(
    "case", [*CASES, *MADE_BY_HAND], ids=lambda case: case.code + ": " + case.said[:40]
)
def test_a_broken_rule_is_told_with_its_place_and_its_cure(case: Case) -> None:
    (problem,) = set(found(case))
    node, port, setting = (word.replace("-", "", word == "-") for word in case.place.split())
    assert problem.code == case.code
    assert (problem.node, problem.port, problem.setting) == (node, port, setting)
    assert case.said in str(problem)
    assert problem.cure
    assert problem.reason


def test_every_sort_of_mistake_is_in_the_table() -> None:
    codes = {case.code for case in [*CASES, *MADE_BY_HAND]}
    assert codes == set(get_args(Code)) - NOT_OF_A_NODE
