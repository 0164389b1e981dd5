"""The session as its driver sees it: late facts, restarts, mistakes of the flow."""

from __future__ import annotations

import pickle

import pytest

from ivr.asks import Disconnect, Enqueue, LeaveMessage, Overflowed, Play, Played, PromptItem
from ivr.flow import Flow, Node
from ivr.session import Position, Session, read_position
from tests.ivr.walking import TUESDAY, flow_of, keys, said, session_of

pytestmark = pytest.mark.pure

SPOKEN = """
first:
  kind: play
  prompt:
    - ask
    - {number: 1 + 1}
    - {digits: did}
    - {money: 12.5, currency: CNY}
    - {date: date}
    - {time: time}
    - {text: {en: "Dear {customer_name}, {gone}", zh: "尊敬的{customer_name}"}}
    - {number: did}
    - {digits: gone}
  next: done
"""


def test_all_that_can_be_said_and_what_cannot_is_left_out() -> None:
    session = session_of(SPOKEN, did="400", customer_name="李雷", language="zh")
    ask = session.start(TUESDAY)
    assert isinstance(ask, Play)
    assert ask.items == (
        PromptItem("prompt", "ask"),
        PromptItem("number", "2"),
        PromptItem("digits", "400"),
        PromptItem("money", "12.50 CNY"),
        PromptItem("date", "2026-11-24"),
        PromptItem("time", "10:00"),
        PromptItem("text", "尊敬的李雷"),
    )
    assert [trouble.code for trouble in session.troubles] == ["data", "undefined"]


def test_a_play_node_with_nothing_to_say_goes_on() -> None:
    assert session_of("first: {kind: play, prompt: [{digits: did}], next: done}\n").start(
        TUESDAY
    ) == Disconnect("done")


@pytest.mark.parametrize(
    ("settings", "item"),
    [
        ("value: 1 + 1, as: number", PromptItem("number", "2")),
        ("value: did", PromptItem("text", "400")),
        ("value: 5.0, as: money, currency: EUR", PromptItem("money", "5.00 EUR")),
        ("text: 'Hello {did}'", PromptItem("text", "Hello 400")),
    ],
)
def test_a_say_node(settings: str, item: PromptItem) -> None:
    session = session_of(f"first: {{kind: say, {settings}, next: done}}\n", did="400")
    assert session.start(TUESDAY) == Play((item,))


LEARNS = """
first: {kind: play, prompt: ask, next: second}
second: {kind: set, assign: {tier: "'own'"}, next: third-node}
third-node: {kind: play, prompt: more, next: fourth}
fourth: {kind: condition, when: customer_vip && tier == 'own', ports: {yes: done, no: other}}
"""


def test_a_session_learns_but_what_the_flow_set_itself_stays() -> None:
    session = session_of(LEARNS, language="zh")
    session.start(TUESDAY)
    session.learn({"customer_vip": True, "tier": "learned early", "language": "en", "time": "x"})
    session.answer(Played(), TUESDAY)
    session.learn({"tier": "learned late"})
    assert session.answer(Played(), TUESDAY) == Disconnect("done")
    assert session.language == "zh"


def test_a_position_travels() -> None:
    session = session_of(LEARNS, language="zh")
    session.start(TUESDAY)
    session.answer(Played(), TUESDAY)
    assert session.position() == "1:zh:third-node"
    assert read_position("1:zh:third-node") == Position(1, "zh", "third-node")
    again = Session.resume(session.flow, session.position(), {"customer_vip": True}, path=["a"])
    assert said(again.start(TUESDAY)) == ["more"]
    assert again.language == "zh"
    assert again.path == ("a",)
    assert again.answer(Played(), TUESDAY) == Disconnect("other"), "what was set is forgotten"
    assert again.troubles == []


@pytest.mark.parametrize("position", ["", "x", "1:zh:gone", "1:fr:first", ":::", "1:zh:a b"])
def test_a_position_that_means_nothing_begins_again(position: str) -> None:
    session = Session.resume(flow_of(LEARNS), position, {})
    assert said(session.start(TUESDAY)) == ["ask"]


def broken(fallback: str = "") -> Flow:
    """Made by hand: the reader lets it pass, the checker would not."""
    nodes = {
        "ask": Node("ask", "play", {"prompt": "ask"}, {"next": "gone"}),
        "round": Node("round", "set", {"assign": {"a": "1"}}, {"next": "again"}),
        "again": Node("again", "milestone", {"name": "m"}, {"next": "round"}),
        "odd": Node("odd", "dance"),
        "bare": Node("bare", "milestone", {"name": "m"}),
        "sub": Node("sub", "subflow", {"flow": "x"}, {"next": "ask"}),
    }
    return Flow("broken", "Broken", start="ask", nodes=nodes, fallback=fallback)


@pytest.mark.parametrize(
    ("node", "code", "text"),
    [
        ("round", "endless", "node round: round in a circle without a word to the caller"),
        ("odd", "dead-end", "there is no node 'odd' to go to"),
        ("bare", "dead-end", "node bare: nothing follows at port next"),
    ],
)
def test_a_mistake_in_the_flow_keeps_the_caller(node: str, code: str, text: str) -> None:
    session = Session.resume(broken("support"), f"1:en:{node}", {})
    assert session.start(TUESDAY) == Enqueue("support")
    assert [(trouble.code, str(trouble)) for trouble in session.troubles] == [(code, text)]
    assert session.answer(Overflowed("full"), TUESDAY) == Enqueue("support")
    ended = Session.resume(broken(), f"1:en:{node}", {})
    assert ended.start(TUESDAY) == Disconnect(f"flow mistake: {text}")


def test_a_port_to_nowhere() -> None:
    session = Session(broken("support"), {})
    session.start(TUESDAY)
    assert session.answer(Played(), TUESDAY) == Enqueue("support")


def test_a_sub_flow_that_was_never_linked_is_passed_over() -> None:
    session = Session.resume(broken(), "1:en:sub", {})
    assert said(session.start(TUESDAY)) == ["ask"]
    assert [trouble.code for trouble in session.troubles] == ["dead-end"]


def test_an_answer_before_the_first_question() -> None:
    session = Session(broken("support"), {})
    assert session.answer(Played(), TUESDAY) == Enqueue("support")


def test_an_answer_after_the_end_asks_the_same_again() -> None:
    session = session_of("first: {kind: voicemail, box: main}\n")
    assert session.start(TUESDAY) == LeaveMessage("main")
    assert session.answer(Played("1"), TUESDAY) == LeaveMessage("main")


def test_a_queue_that_sends_the_caller_on_without_a_way_waits_on() -> None:
    session = session_of("first: {kind: queue, queue: q, skills: {zh: 3}, language_skill: 2}\n")
    wait = Enqueue("q", {"zh": 3, "en": 2})
    assert session.start(TUESDAY) == wait
    assert session.answer(Overflowed("full"), TUESDAY) == wait


def test_the_language_as_a_skill_takes_the_higher_demand() -> None:
    nodes = "first: {kind: queue, queue: q, skills: {zh: 3}, language_skill: 5, priority: -1}\n"
    assert session_of(nodes, language="zh").start(TUESDAY) == Enqueue("q", {"zh": 5}, -1)
    nodes = nodes.replace("zh: 3", "zh: 7")
    assert session_of(nodes, language="zh").start(TUESDAY) == Enqueue("q", {"zh": 7}, -1)


def test_visits_say_which_way_was_taken() -> None:
    session = session_of(LEARNS)
    session.start(TUESDAY)
    keys(session, "", "")
    assert session.visits == [
        ("first", "next"),
        ("second", "next"),
        ("third-node", "next"),
        ("fourth", "no"),
    ]


def test_a_session_can_be_kept_on_disk_and_taken_up_again() -> None:
    session = session_of(LEARNS, customer_vip=True)
    session.start(TUESDAY)
    again: Session = pickle.loads(pickle.dumps(session))
    assert keys(again, "", "") == keys(session, "", "") == Disconnect("done")
    assert again.visits == session.visits


def test_sessions_share_nothing() -> None:
    flow = flow_of(LEARNS, "variables: {tier: none}\n")
    one, two = Session(flow, {}), Session(flow, {})
    one.start(TUESDAY)
    two.start(TUESDAY)
    keys(one, "")
    assert one.variables["tier"] == "own"
    assert two.variables["tier"] == "none"
    assert flow.variables == {"tier": "none"}
