"""Test cases inside a flow: how they are read, carried out, and what a failure says."""

from __future__ import annotations

import pytest

from ivr.asks import Found, Played
from ivr.nodes.kind import Wrong
from ivr.reading import read_flow
from ivr.story import Story, StoryStep, read_story
from ivr.trying import Tried, coverage, try_all, try_story
from tests.ivr.walking import flow_of

pytestmark = pytest.mark.pure

NODES = """
first: {kind: hours, calendar: office, ports: {open: menu, closed: box, emergency: third}}
menu: {kind: menu, label: Menu, prompt: ask, timeout_prompt: silent, choices: {1: Pay, 2: Wait},
       retries: 1, ports: {1: account, 2: line, timeout: line}}
account: {kind: collect, prompt: more, variable: account, ports: {next: find, timeout: line}}
find: {kind: lookup, source: balance, with: {account: account}, into: found,
       ports: {found: reached, none: other, error: line}}
reached: {kind: milestone, name: paid, next: note}
note: {kind: record, name: note, ports: {next: call, empty: done}}
call: {kind: transfer, number: "1001", ports: {no_answer: other, busy: third}}
line: {kind: queue, queue: support, skills: {zh: 5}, priority: 2, ports: {overflow: box}}
box: {kind: voicemail, box: main}
"""
HEAD = "calendars: {office: {week: {mon-fri: '09:00-18:00'}}}\n"
FLOW = flow_of(NODES, HEAD)


def tried(**case: object) -> Tried:
    return try_story(FLOW, read_story({"name": "case", **case}))


@pytest.mark.parametrize(
    "case",
    [
        {"at": "tue 09:05", "steps": [{"press": 2}], "expect": {"queue": "support"}},
        {"at": "tue 08:59", "expect": {"voicemail": "main"}},
        {"at": "2026-11-28 12:00", "expect": {"voicemail": "main"}},
        {"at": "tue 10:00", "emergency": True, "expect": {"hangup": "third"}},
        {
            "steps": [{"press": 2}, {"wait": 40}, "overflow"],
            "expect": {"voicemail": "main", "hears": ["ask"], "passes": ["menu", "line"]},
        },
        {
            "steps": ["silence", {"press": "2"}],
            "expect": {"queue": "support", "hears": ["ask", "silent", "ask"], "skills": {"zh": 4}},
        },
        {
            "caller": "+86",
            "did": "400",
            "with": {"language": "zh"},
            "steps": [{"press": 1}, {"press": "0042"}, {"found": {"amount": 1}}],
            "expect": {
                "hangup": "done",
                "language": "zh",
                "path": ["Menu: 1 Pay"],
                "passes": ["reached"],
                "variables": {"account": "0042", "caller_number": "+86", "did": "400"},
            },
        },
        {
            "data": {"balance": {"amount": 1}},
            "steps": [{"press": 1}, {"press": 42}, {"recorded": 3}, {"transfer": "busy"}],
            "expect": {"hangup": "third"},
        },
        {
            "data": {"balance": {"amount": 1}},
            "steps": [{"press": 1}, {"press": 42}, {"error": "slow"}],
            "expect": {"queue": "support", "priority": 2},
        },
        {"expect": {"queue": "support"}},
    ],
)
def test_a_case_that_comes_out_as_expected(case: dict[str, object]) -> None:
    assert tried(**case).problems == ()


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ({"expect": {"queue": "sales"}}, "the queue is 'support', expected was 'sales'"),
        (
            {"expect": {"voicemail": "main"}},
            "the call ended in queue support, expected was voicemail",
        ),
        (
            {"steps": [{"press": 1}, {"press": 1}], "expect": {"hangup": "other"}},
            "the flow looked up 'balance', for which the test has nothing: write 'data: {balance:"
            " {...}}' or a step 'found: {...}'",
        ),
        (
            {"steps": [{"press": 2}, {"press": 5}, "silence"], "expect": {"queue": "support"}},
            "the call was over, or asked for something else, before: press 5, silence",
        ),
        (
            {"at": "sun 10:00", "steps": ["overflow"], "expect": {"voicemail": "main"}},
            "the call was over, or asked for something else, before: overflow",
        ),
        (
            {"expect": {"queue": "support", "skills": {"zh": 6}}},
            "skill zh is asked for at 5, expected was at least 6",
        ),
        (
            {"expect": {"queue": "support", "priority": 3}},
            "the priority is 2, expected was 3",
        ),
        (
            {"at": "sun 09:00", "expect": {"skills": {"zh": 1}}},
            "skills and priority were expected, but the call ended in voicemail",
        ),
        ({"expect": {"language": "zh"}}, "the language is en, expected was zh"),
        ({"expect": {"hears": ["silent", "silent"]}}, "hears: 'silent' did not come"),
        ({"expect": {"hears": ["silent", "more"]}}, "hears: 'more' did not come (in order)"),
        ({"expect": {"passes": ["box"]}}, "passes: 'box' did not come"),
        ({"expect": {"variables": {"did": "1"}}}, "variable did is '', expected was '1'"),
    ],
)
def test_a_case_that_fails_says_what_came_instead(case: dict[str, object], problem: str) -> None:
    assert problem in tried(**case).problems


def test_mistakes_of_the_flow_fail_a_case() -> None:
    flow = flow_of("first: {kind: set, assign: {a: 1 / 0}, next: done}\n")
    result = try_story(flow, read_story({"name": "x", "expect": {"hangup": "done"}}))
    assert result.problems == (
        "mistake in the flow: node first: '1 / 0': division by zero in CEL expression",
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("x", "'x' is not a test"),
        ({"name": "x"}, "the test expects nothing"),
        ({"expect": {"queue": "x"}}, "the test has no name"),
        ({"name": "x", "when": "now", "expect": {"queue": "x"}}, "a test has no 'when'"),
        ({"name": "x", "at": "noon", "expect": {"queue": "x"}}, "'noon' is no time"),
        ({"name": "x", "at": "day 10:00", "expect": {"queue": "x"}}, "'day 10:00' is no time"),
        ({"name": "x", "at": "2026-02-30 10:00", "expect": {"queue": "x"}}, "is no day"),
        ({"name": "x", "steps": "1", "expect": {"queue": "x"}}, "steps is not a list"),
        ({"name": "x", "steps": ["jump"], "expect": {"queue": "x"}}, "'jump' is no step"),
        ({"name": "x", "steps": [{"press": "a"}], "expect": {"queue": "x"}}, "press: 'a' is not"),
        ({"name": "x", "steps": [{"press": -1}], "expect": {"queue": "x"}}, "press: -1 is not"),
        ({"name": "x", "steps": [{"transfer": "x"}], "expect": {"queue": "x"}}, "transfer: 'x'"),
        ({"name": "x", "expect": {"queue": "a", "hangup": "b"}}, "cannot end in queue and in"),
        ({"name": "x", "expect": {"colour": "red"}}, "expect has no 'colour'"),
        ({"name": "x", "expect": {"hears": "a"}}, "hears is not a list of names"),
        ({"name": "x", "with": {"time": "1"}, "expect": {"queue": "x"}}, "'time' follows from"),
        ({"name": "x", "emergency": "no", "expect": {"queue": "x"}}, "neither true nor false"),
    ],
)
def test_a_case_that_cannot_be_read(raw: object, reason: str) -> None:
    with pytest.raises(Wrong, match=reason):
        read_story(raw)


def test_weekdays_without_a_date_are_weekdays() -> None:
    story = read_story({"name": "x", "at": "sun 23:59", "expect": {"queue": "x"}})
    assert (story.day, story.minute) == ("2026-11-29", 1439)
    assert read_story({"name": "x", "expect": {"queue": "x"}}).steps == ()


def test_all_cases_of_a_flow_and_the_ways_they_went() -> None:
    flow, problems = read_flow(
        """
id: x
nodes:
  start: {kind: condition, when: customer_vip, ports: {yes: a, no: b}}
  a: {kind: queue, queue: vip, ports: {overflow: b}}
  b: {kind: hangup}
tests:
  - {name: vip, with: {customer_vip: true}, expect: {queue: vip}}
  - {name: others, expect: {queue: vip}}
"""
    )
    assert problems == []
    assert flow is not None
    results = try_all(flow)
    assert [(result.name, result.passed) for result in results] == [
        ("vip", True),
        ("others", False),
    ]
    covered = coverage(flow, results)
    assert covered.missed == [("a", "overflow")]
    assert round(covered.percent) == 67
    assert coverage(flow, []).percent == 0.0


def test_the_turns_show_every_question_and_answer() -> None:
    steps = [{"press": 1}, {"press": 42}, {"wait": 30}, {"found": {}}]
    turns = tried(at="tue 10:00", steps=steps, expect={"hangup": "other"}).turns
    assert [turn.node for turn in turns] == ["menu", "account", "find", "other"]
    assert [turn.at - turns[0].at for turn in turns] == [0, 1, 32, 33]
    assert turns[0].variables == {"closed_reason": ""}
    assert turns[2].variables == {"closed_reason": "", "account": "42"}
    assert turns[2].answer == Found({})
    assert turns[-1].answer is None


def test_secrets_are_not_shown_in_the_turns() -> None:
    flow = flow_of(
        """
        first: {kind: collect, prompt: ask, variable: code, what: pin, secret: true,
                ports: {next: second, timeout: done}}
        second: {kind: play, prompt: more, next: done}
        """
    )
    case = {"name": "x", "steps": [{"press": "0042"}], "expect": {"variables": {"code": "0042"}}}
    result = try_story(flow, read_story(case))
    assert result.passed
    assert result.turns[0].answer == Played("****")
    assert result.turns[1].variables == {"code": "****"}
    assert "0042" not in repr(result.turns)


def test_a_call_that_goes_round_for_ever_fails() -> None:
    steps = tuple(StoryStep("overflow") for _ in range(100))
    flow = flow_of("first: {kind: queue, queue: q}\n")
    result = try_story(flow, Story("x", steps=steps))
    assert result.passed, "a caller may wait on as often as the queue sends them on"
    circle = flow_of("first: {kind: play, prompt: ask, next: first}\n")
    result = try_story(circle, Story("x"))
    assert any("came to no end" in problem for problem in result.problems)
