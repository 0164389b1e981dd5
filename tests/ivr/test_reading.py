"""Text to flow: what is understood, and every mistake told with its line and its cure."""

from __future__ import annotations

import json

import pytest

from ivr.flow import Flow, Node
from ivr.reading import located, read_flow
from tests.ivr.walking import flow_of, flow_text, reading_problems

pytestmark = pytest.mark.pure

GOOD = """\
id: line
nodes:
  start: {kind: play, prompt: hello, next: end}
  end: {kind: hangup}
"""


def test_a_short_flow_has_its_defaults() -> None:
    flow, problems = read_flow(GOOD)
    assert problems == []
    assert flow == Flow(
        "line",
        "line",
        nodes={
            "start": Node("start", "play", {"prompt": "hello"}, {"next": "end"}),
            "end": Node("end", "hangup"),
        },
    )


def test_json_is_read_too_with_characters_beyond_the_basic_plane() -> None:
    values = {
        "id": "line",
        "name": "线路 😀 \\ud83d",
        "nodes": {"start": {"kind": "hangup", "reason": "a\tb/c"}},
    }
    flow, problems = read_flow(json.dumps(values, indent="\t"))
    assert problems == []
    assert flow is not None
    assert flow.name == "线路 😀 \\ud83d"
    assert flow.nodes["start"].settings == {"reason": "a\tb/c"}


def test_words_and_times_that_yaml_once_took_for_something_else_are_text() -> None:
    flow = flow_of(
        """
        first: {kind: switch, cases: {no: customer_vip, on: customer_known},
                ports: {no: done, on: other, else: third}}
        hours: {kind: hours, week: {mon: 10:00-12:30}, ports: {open: done, closed: other}}
        """
    )
    assert flow.nodes["first"].ports == {"no": "done", "on": "other", "else": "third"}
    assert flow.nodes["hours"].settings["week"] == {"mon": "10:00-12:30"}


def test_numbers_with_a_plus_or_a_leading_zero_are_text() -> None:
    flow, _ = read_flow("id: x\nvariables: {a: +86, b: 007, c: 7, d: 1e3, e: 1e999}\n" + GOOD[9:])
    assert flow is not None
    assert flow.variables == {"a": "+86", "b": "007", "c": 7, "d": 1000.0, "e": "1e999"}


MISTAKES = [
    ("", "the text is empty; write a flow."),
    ("- a\n- b\n", "line 1: a flow is a table; begin with 'id: my-flow'."),
    ("id: x\nnodes: {a: [}\n", "line 2: this is neither YAML nor JSON"),
    ("id: x\n\tnodes: 1\n", "line 2: this is neither YAML nor JSON"),
    ("nodes: {start: {kind: hangup}}\n", "line 1: the flow has no id"),
    (GOOD + "colour: red\n", "line 5: 'colour' is not known here; use: id, name"),
    (GOOD + "id: again\n", "line 5: 'id' is there twice; remove one."),
    ("id: x\n", "line 1: the flow has no nodes"),
    ("id: x\nnodes: [a]\n", "line 2: nodes is not a table"),
    ("id: a b\n" + GOOD[9:], "line 1: id: 'a b' is not an id"),
    ("id: x\nversion: 0\n" + GOOD[9:], "line 2: version: 0 is out of range; use 1 to 1000000000."),
    ("id: x\nlanguages: en\n" + GOOD[9:], "line 2: languages is not a list"),
    ("id: x\nlanguages: [EN]\n" + GOOD[9:], "line 2: languages: 'EN' is not a language"),
    ("id: x\ntimezone: Mars/Phobos\n" + GOOD[9:], "line 2: timezone: 'Mars/Phobos' is no time"),
    ("id: x\nprompts: {a: {en: 5}}\n" + GOOD[9:], "line 2: prompt a, en: 5 is not text"),
    ("id: x\nvariables: {caller_number: 1}\n" + GOOD[9:], "line 2: 'caller_number' is given by"),
    ("id: x\nvariables: {size: 1}\n" + GOOD[9:], "line 2: 'size' is a word of the expression"),
    ("id: x\ncalendars: {c: {week: {mo: closed}}}\n" + GOOD[9:], "line 2: week: 'mo' is not a day"),
    ("id: x\ncalendars: {c: {weeks: 1}}\n" + GOOD[9:], "line 2: calendar c has no setting 'weeks'"),
    ("id: x\ntests: [{name: t}]\n" + GOOD[9:], "line 2: test: the test expects nothing"),
    (GOOD + "layout: {end: [1]}\n", "line 5: layout: the place of end is not [x, y]"),
    (GOOD + "notes: {n: {at: [1]}}\n", "line 5: note n: its place is not [x, y]"),
    (GOOD + "notes: {n: {words: a}}\n", "line 5: 'n' is no note"),
    ("id: &a x\n" + GOOD[9:], "line 1: anchors (&) and aliases (*) are not allowed"),
    ("id: x\nnodes: {start: {kind: hangup, reason: *x}}\n", "line 2: anchors (&) and aliases"),
    ("id: !!python/name:os.system x\n", "line 1: tags (!) are not allowed"),
    (GOOD + "---\nid: y\n", "line 5: a second document begins here"),
    ("id: x\nnodes: " + "[" * 40 + "]" * 40, "line 2: more than 12 levels deep"),
    ("id: x\n? {a: b}\n: c\n" + GOOD[9:], "line 2: a table's key must be a word"),
    ("x" * 1_000_001, "the text has 1000001 characters, more than 1000000"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[m[:40] for _, m in MISTAKES])
def test_a_mistake_is_told_with_its_line(text: str, message: str) -> None:
    flow, problems = read_flow(text)
    assert flow is None
    assert any(str(problem).startswith(message) for problem in problems), [*map(str, problems)]


NODE_MISTAKES = [
    ("first: {prompt: ask}", "node first: the node has no kind; use one of: callback, collect"),
    ("first: {kind: dance}", "node first: 'dance' is no kind of node"),
    ("first: 5", "node first: the node is not a table"),
    ("first: {kind: play, next: done}", "node first: a play node needs 'prompt' (what is said)"),
    (
        "first: {kind: play, prompt: ask, colour: red, next: done}",
        "node first: a play node has no setting 'colour'; use: prompt, interruptible.",
    ),
    (
        "first: {kind: play, prompt: ask, next: done, ports: {next: done}}",
        "node first, port next: next is there twice",
    ),
    ("first: {kind: play, prompt: ask, next: a b}", "node first: port next: 'a b' is not a node"),
    ("first: {kind: play, prompt: [], next: done}", "node first: prompt: 0 things to say"),
    ("first: {kind: play, prompt: {sing: x}, next: done}", "node first: prompt: {'sing': 'x'}"),
    (
        "first: {kind: say, text: '{1 + 1}', next: done}",
        "node first: text: '{1 + 1}' has a brace that holds no variable",
    ),
    (
        "first: {kind: menu, prompt: ask, choices: {12: x}}",
        "node first: choices: '12' is not a key",
    ),
    ("first: {kind: menu, prompt: ask, choices: {}}", "node first: choices: the table has 0 rows"),
    (
        "first: {kind: menu, prompt: ask, retries: 99, choices: {1: x}}",
        "node first: retries: 99 is",
    ),
    (
        "first: {kind: collect, prompt: ask, variable: A}",
        "node first: variable: 'A' is no variable's name",
    ),
    (
        "first: {kind: collect, prompt: ask, variable: did}",
        "node first: variable: 'did' is given by the call",
    ),
    (
        "first: {kind: condition, when: 'a >'}",
        "node first: when: 'a >' is not an expression: at character",
    ),
    (
        "first: {kind: set, assign: {a: now()}}",
        "node first: assign: a: 'now()' is not an expression: there is no function 'now'",
    ),
    (
        "first: {kind: hours, week: {mon: 9-5}}",
        "node first: week: mon: '9-5' is not a span of time; write 09:00-18:00, or closed.",
    ),
    (
        "first: {kind: hours, week: {mon: '22:00-06:00'}}",
        "node first: week: mon: '22:00-06:00' does not end after it begins; split it at midnight",
    ),
    (
        "first: {kind: hours, week: {mon: closed}, overrides: {2026-02-30: closed}}",
        "node first: overrides: '2026-02-30' is no day",
    ),
    ("first: {kind: queue, queue: x, skills: {zh: 11}}", "node first: skills: zh: 11 is out of"),
    ("first: {kind: transfer, number: '12; rm'}", "node first: number: '12; rm' is not a number"),
    ("first: {kind: http, url: 'ftp://x/'}", "node first: url: 'ftp://x/' is not an address"),
    (
        "first: {kind: http, url: 'https://{did}/'}",
        "first: url: 'https://{did}/' has more than",
    ),
    ("first: {kind: http, url: 'https://a@b/'}", "node first: url: 'https://a@b/' has more than"),
    ("first: {kind: http, url: 'https://a/?q=1'}", "node first: url: 'https://a/?q=1' has a query"),
    (
        "first: {kind: http, url: 'https://a/', headers: {Host: b}}",
        "node first: headers: the header Host is not yours to set; remove it.",
    ),
    (
        "first: {kind: http, url: 'https://a/', take: {a: b}}",
        "node first: take: a: 'b' is not a JSON pointer",
    ),
    ("'a b': {kind: hangup}", "'a b' is no node's id"),
]


@pytest.mark.parametrize(("node", "message"), NODE_MISTAKES, ids=[m[:60] for _, m in NODE_MISTAKES])
def test_a_mistake_in_a_node_names_the_node(node: str, message: str) -> None:
    problems = reading_problems(node + "\n")
    assert any(message in problem for problem in problems), problems
    assert all(problem.startswith("line ") for problem in problems)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_text() -> None:
    problems = reading_problems(
        """
        first: {kind: play, next: done}
        second: {kind: dance}
        fourth: {kind: queue, queue: a, priority: high}
        """
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "line 12, node first",
        "line 13, node second",
        "line 14, node fourth",
    ]


def test_mistakes_found_later_get_the_line_of_their_node() -> None:
    from ivr.checking import Known, check

    text = flow_text("first: {kind: play, prompt: ask, next: gone}\n")
    flow, _ = read_flow(text)
    assert flow is not None
    first = located(check(flow, Known()), text)[0]
    assert str(first) == (
        "line 11, node first, port next: it leads to 'gone', which is no node;"
        " connect it to a node."
    )
