"""What only the whole flow shows: dead ends, strangers, endless circles, undefined variables."""

from __future__ import annotations

import pytest

from ivr.checking import Known, check
from ivr.definite import definite_variables
from ivr.flow import Flow, Node
from ivr.graph import circles
from tests.ivr.walking import checking_problems, flow_of

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        (
            "first: {kind: play, prompt: ask}\n",
            "node first, port next: nothing follows when afterwards; connect it to a node.",
        ),
        (
            "first: {kind: play, prompt: ask, next: gone}\n",
            "node first, port next: it leads to 'gone', which is no node; connect it to a node.",
        ),
        (
            "first: {kind: play, prompt: ask, ports: {next: done, back: done}}\n",
            "node first, port back: a play node has no such port; remove it, or use: next.",
        ),
        (
            "first: {kind: hangup, ports: {next: done}}\n",
            "node first, port next: a hangup node has no such port; remove it, or use: no port"
            " at all.",
        ),
        (
            "first: {kind: play, prompt: gone, next: done}\n",
            "node first: prompt 'gone' is missing in language en; record it, or write its words in"
            " 'prompts'.",
        ),
        (
            "first: {kind: say, text: {en: hi}, next: done}\n",
            "node first: the text of 'text' is missing in language zh; write it under 'zh'.",
        ),
        (
            "first: {kind: play, prompt: ask, next: done}\nlost: {kind: hangup}\n",
            "node lost: no caller can ever get here; connect a port to it or remove it.",
        ),
        (
            "first: {kind: play, prompt: ask, next: first}\n",
            "node first: a caller who does nothing goes round for ever (first -> first); let one"
            " way out lead to a queue, voicemail or hang-up.",
        ),
    ],
)
def test_a_mistake_is_named_with_its_cure(nodes: str, problem: str) -> None:
    assert problem in checking_problems(nodes)


def test_a_start_that_is_no_node() -> None:
    flow = Flow("x", "x", start="gone", nodes={"a": Node("a", "hangup")})
    assert [str(problem) for problem in check(flow, Known())] == [
        "the flow starts at 'gone', which is no node; name the first node in 'start'.",
        "node a: no caller can ever get here; connect a port to it or remove it.",
    ]


EVERYTHING = """
first: {kind: hours, calendar: office, ports: {open: second, closed: done}}
second: {kind: lookup, source: order, into: order, ports: {found: hire, none: call, error: queue}}
hire: {kind: http, url: "https://api.example.com/x", secret: shop, ports: {ok: queue, error: box}}
call: {kind: transfer, number: "+86101", ports: {no_answer: other}}
queue: {kind: queue, queue: support, skills: {zh: 5}}
box: {kind: voicemail, box: main}
"""


def test_what_the_centre_does_not_have() -> None:
    none: frozenset[str] = frozenset()
    known = Known(
        queues=none,
        skills=none,
        boxes=none,
        sources=none,
        secrets=none,
        hosts=frozenset({"elsewhere.example.com"}),
        calendars=frozenset({"another"}),
        dialable=lambda number: "it is a premium number" if number == "+86101" else "",
    )
    assert checking_problems(EVERYTHING, "fallback: nobody\n", known) == [
        "there is no queue 'nobody' to fall back to; name another in 'fallback'.",
        "node first: there is no calendar 'office'; make it first, or name another.",
        "node second: there is no source 'order'; make it first, or name another.",
        "node hire: host 'api.example.com' may not be called; add it to the list of allowed hosts.",
        "node hire: there is no secret 'shop'; make it first, or name another.",
        "node call: +86101 cannot be dialled: it is a premium number; correct it.",
        "node queue: there is no queue 'support'; make it first, or name another.",
        "node queue: there is no skill 'zh'; make it first, or name another.",
        "node box: there is no mailbox 'main'; make it first, or name another.",
    ]
    assert checking_problems(EVERYTHING) == [], "what is not known is not looked at"


def test_recorded_prompts_need_no_words() -> None:
    known = Known(prompts={"en": frozenset({"gone"}), "zh": frozenset({"gone"})})
    assert checking_problems("first: {kind: play, prompt: gone, next: done}\n", known=known) == []


# -- endless circles ----------------------------------------------------------------------------
def test_circles_that_need_an_act_are_no_mistake() -> None:
    assert (
        checking_problems(
            """
        first: {kind: menu, prompt: ask, choices: {1: x}, ports: {1: again, timeout: done}}
        again: {kind: play, prompt: more, next: first}
        """
        )
        == []
    )


def test_a_silent_caller_may_not_be_kept_for_ever() -> None:
    problems = checking_problems(
        """
        first: {kind: play, prompt: ask, next: menu}
        menu: {kind: menu, prompt: ask, choices: {1: x}, ports: {1: done, timeout: first}}
        """
    )
    assert len(problems) == 1
    assert "goes round for ever (first -> menu -> first)" in problems[0]


def test_each_circle_is_named_by_itself_in_the_order_of_the_flow() -> None:
    flow = flow_of(
        """
        first: {kind: condition, when: customer_vip, ports: {yes: b1, no: a1}}
        a1: {kind: milestone, name: m, next: a2}
        a2: {kind: milestone, name: m, next: a1}
        b1: {kind: condition, when: customer_vip, ports: {yes: b2, no: done}}
        b2: {kind: condition, when: customer_vip, ports: {yes: b1, no: a1}}
        """
    )
    assert sorted(circles(flow)) == [["a1", "a2"], ["b1", "b2"]]


def test_a_long_way_is_looked_through_without_recursion() -> None:
    nodes = {
        f"n{n}": Node(f"n{n}", "milestone", {"name": "m"}, {"next": f"n{n + 1}"})
        for n in range(1999)
    }
    nodes["n1999"] = Node("n1999", "milestone", {"name": "m"}, {"next": "n0"})
    flow = Flow("x", "x", start="n0", nodes=nodes)
    assert [len(circle) for circle in circles(flow)] == [2000]


# -- variables ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("nodes", "undefined"),
    [
        ("first: {kind: condition, when: a > 1, ports: {yes: done, no: other}}\n", ["a"]),
        ("first: {kind: set, assign: {a: 1, b: a + 1}, next: done}\n", []),
        ("first: {kind: set, assign: {b: a + 1, a: 1}, next: done}\n", ["a"]),
        (
            "first: {kind: collect, prompt: ask, variable: a, valid_when: size(value) > a,"
            " ports: {next: done, timeout: other}}\n",
            ["a"],
        ),
        (
            "first: {kind: collect, prompt: ask, variable: a, ports: {next: use, timeout: done}}\n"
            "use: {kind: play, prompt: [{digits: a}], next: done}\n",
            [],
        ),
        (
            "first: {kind: collect, prompt: ask, variable: a, ports: {next: use, timeout: use}}\n"
            "use: {kind: say, text: 'x {a.b}', next: done}\n",
            ["a"],
        ),
        (
            "first: {kind: condition, when: customer_vip, ports: {yes: one, no: two}}\n"
            "one: {kind: set, assign: {a: 1}, next: use}\n"
            "two: {kind: set, assign: {a: 2}, next: use}\n"
            "use: {kind: set, assign: {b: a}, next: done}\n",
            [],
        ),
        (
            "first: {kind: set, assign: {a: 1}, next: menu}\n"
            "menu: {kind: menu, prompt: ask, choices: {1: x}, ports: {1: use, timeout: done}}\n"
            "use: {kind: set, assign: {b: a}, next: menu}\n",
            [],
        ),
        (
            "first: {kind: lookup, source: s, into: a, ports: {found: use, none: use, error: done}}"
            "\nuse: {kind: http, url: 'https://x.example/{a}', ports: {ok: done, error: other}}\n",
            [],
        ),
        (
            "first: {kind: http, url: 'https://x.example/', take: {a: /a},"
            " ports: {ok: done, error: use}}\n"
            "use: {kind: text, text: '{a}', next: done}\n",
            ["a"],
        ),
    ],
)
def test_variables_that_may_have_no_value(nodes: str, undefined: list[str]) -> None:
    problems = [problem for problem in checking_problems(nodes) if "may have no value" in problem]
    assert [problem.split("'")[1] for problem in problems] == undefined


def test_a_first_value_makes_a_variable_safe() -> None:
    nodes = "first: {kind: condition, when: a > 1, ports: {yes: done, no: other}}\n"
    assert checking_problems(nodes, "variables: {a: 0}\n") == []


def test_nodes_that_nobody_gets_to_are_not_asked_for_their_variables() -> None:
    flow = flow_of("first: {kind: hangup}\nlost: {kind: set, assign: {b: a}, next: done}\n")
    assert "lost" not in definite_variables(flow)
    assert not [p for p in check(flow, Known()) if "may have no value" in p.reason]


def test_secrets_are_not_told() -> None:
    nodes = """
    first: {kind: collect, prompt: ask, variable: code, what: pin, secret: true,
            ports: {next: second, timeout: done}}
    second: {kind: play, prompt: [{digits: code}, {text: "{code}"}], next: third-node}
    third-node: {kind: lookup, source: check, with: {code: code}, into: found,
                 ports: {found: done, none: done, error: done}}
    """
    assert checking_problems(nodes) == [
        "node second: 'code' is secret and would be told by 'prompt'; leave it out.",
        "node second: 'code' is secret and would be told by 'prompt'; leave it out.",
    ]
    read_back = nodes.replace("what: pin", "what: pin, confirm_prompt: [{digits: value}]")
    assert "node first: what is secret may not be read back; remove confirm_prompt." in (
        checking_problems(read_back)
    )


def test_secrets_are_handed_on_as_they_are_or_not_at_all() -> None:
    """Nobody between the telephone and the look-up knows what they stand for."""
    nodes = """
    first: {kind: collect, prompt: ask, variable: pin, what: pin, secret: true,
            ports: {next: look, timeout: done}}
    look: {kind: lookup, source: s, with: {pin: pin}, into: x,
           ports: {found: peek, none: part, error: done}}
    peek: {kind: condition, when: "pin == '1234'", ports: {yes: done, no: done}}
    part: {kind: lookup, source: s, with: {pin: "pin + '0'"}, into: x,
           ports: {found: done, none: done, error: done}}
    """
    cure = "hand it as it is to a look-up ('with') or a request ('body')."
    assert sorted(checking_problems(nodes)) == [
        f"node part: 'pin' is secret and cannot be read by 'with'; {cure}",
        f"node peek: 'pin' is secret and cannot be read by 'when'; {cure}",
    ]
