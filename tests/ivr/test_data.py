"""Look-up, HTTP, text message, wait estimate: what is asked, and what each answer leads to."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ivr.asks import Answer, Disconnect, Found, LookUp, Overflowed
from ivr.nodes.http import at_pointer
from ivr.session import Session
from tests.ivr.walking import TUESDAY, checking_problems, session_of

pytestmark = pytest.mark.pure

LOOK_UP = """
first: {kind: lookup, source: order, with: {number: did, bad: 1 / 0}, into: order,
        ports: {found: done, none: other, error: third}}
"""


def test_a_look_up_asks_with_its_arguments() -> None:
    ask = session_of(LOOK_UP, did="400").start(TUESDAY)
    assert ask == LookUp("order", {"number": "400", "bad": None})


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        (Found({"total": 12.5, "items": [1, 2]}), "done"),
        (Found({}), "other"),
        (Found({"found": False}), "other"),
        (Found({"found": True, "name": ""}), "done"),
        (Found({}, "timeout"), "third"),
        (Found({"total": 1}, "late"), "third"),
        (Found({"big": "x" * 30_000}), "third"),
        (Found({"big": ["x" * 1900] * 20}), "third"),
        (Found({"odd": {1, 2}}), "third"),
        (Found({"odd": float("nan")}), "third"),
        (Overflowed("?"), "third"),
    ],
)
def test_what_a_look_up_finds(answer: Answer, end: str) -> None:
    session = session_of(LOOK_UP)
    session.start(TUESDAY)
    assert session.answer(answer, TUESDAY) == Disconnect(end)
    assert ("order" in session.variables) == (end != "third")


HTTP = """
first:
  kind: http
  method: POST
  url: https://api.example.com/orders/{did}/x
  query: {lang: language, n: 1.0}
  body: {who: caller_number, vip: customer_vip}
  headers: {Accept: application/json}
  secret: shop
  timeout_seconds: 3
  take: {state: /order/state, first: /order/items/0, slash: /a~1b}
  ports: {ok: done, error: third}
"""


def http(body: object, status: object = 200) -> tuple[Session, object]:
    session = session_of(HTTP, did="../4 0")
    session.start(TUESDAY)
    return session, session.answer(Found({"status": status, "body": body}), TUESDAY)


def test_an_http_request_in_full() -> None:
    ask = session_of(HTTP, did="../4 0?#", caller_number="+86").start(TUESDAY)
    assert ask == LookUp(
        "http",
        {
            "method": "POST",
            "url": "https://api.example.com/orders/..%2F4%200%3F%23/x",
            "query": {"lang": "en", "n": "1"},
            "body": {"who": "+86", "vip": False},
            "headers": {"Accept": "application/json"},
            "secret": "shop",
            "timeout_seconds": 3,
            "retries": 0,
        },
    )


def test_what_is_taken_from_an_answer() -> None:
    session, end = http({"order": {"state": "sent", "items": ["x", "y"]}, "a/b": None})
    assert end == Disconnect("done")
    taken = {name: session.variables[name] for name in ("state", "first", "slash")}
    assert taken == {"state": "sent", "first": "x", "slash": None}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"order": {"state": "sent", "items": []}, "a/b": 1}, 200),
        ({"order": {"state": "sent", "items": {"0": 1}}}, 200),
        ({}, 200),
        (None, 200),
        ("text", 200),
        ({"order": {"state": "sent", "items": ["x"]}, "a/b": 1}, 404),
        ({"order": {"state": "sent", "items": ["x"]}, "a/b": 1}, "200"),
        ({"order": {"state": "x" * 3000, "items": ["x"]}, "a/b": 1}, 200),
    ],
)
def test_an_answer_that_lacks_something_leaves_by_error(body: object, status: object) -> None:
    session, end = http(body, status)
    assert end == Disconnect("third")
    assert "state" not in session.variables, "all or nothing"


def test_pointers_as_in_the_rfc() -> None:
    """RFC 6901, section 5."""
    document = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8}
    found = {
        pointer: at_pointer(document, pointer)
        for pointer in ("", "/foo", "/foo/0", "/", "/a~1b", "/m~0n")
    }
    assert found == {
        "": document,
        "/foo": ["bar", "baz"],
        "/foo/0": "bar",
        "/": 0,
        "/a~1b": 1,
        "/m~0n": 8,
    }


def test_a_get_request_has_no_body() -> None:
    problems = checking_problems(HTTP.replace("POST", "GET"))
    assert problems == ["node first: a GET request has no body; use POST, or 'query'."]


TEXT = """
first: {kind: text, to: did, text: {en: "Hello {customer_name}!", zh: "您好{customer_name}"},
        ports: {next: done, failed: third}}
"""


def test_a_text_message() -> None:
    session = session_of(TEXT, did="+8613800138000", customer_name="李雷", language="zh")
    ask = session.start(TUESDAY)
    assert ask == LookUp("text", {"to": "+8613800138000", "text": "您好李雷", "language": "zh"})
    assert session.answer(Found({}), TUESDAY) == Disconnect("done")


def test_a_text_message_that_fails() -> None:
    session = session_of(TEXT, did="123")
    session.start(TUESDAY)
    assert session.answer(Found({}, "refused"), TUESDAY) == Disconnect("third")
    assert session_of(TEXT, did="anonymous").start(TUESDAY) == Disconnect("third")
    no_port = TEXT.replace(", failed: third", "")
    assert session_of(no_port, did="anonymous").start(TUESDAY) == Disconnect("done")


ESTIMATE = """
first: {kind: estimate, queue: q, over_seconds: 60,
        ports: {short: done, long: other, nobody: third}}
"""


@pytest.mark.parametrize(
    ("values", "end", "estimate"),
    [
        ({"estimate_seconds": 60, "waiting": 2, "agents": 1}, "done", 60),
        ({"estimate_seconds": 60.4, "waiting": 2, "agents": 1}, "other", 60),
        ({"estimate_seconds": None, "waiting": 2, "agents": 1}, "done", 0),
        ({"estimate_seconds": 10, "waiting": 0, "agents": 0}, "third", 10),
        ({"estimate_seconds": "soon"}, "done", 0),
        ({}, "done", 0),
    ],
)
def test_a_wait_estimate(values: Mapping[str, object], end: str, estimate: int) -> None:
    session = session_of(ESTIMATE)
    assert session.start(TUESDAY) == LookUp("queue", {"queue": "q"})
    assert session.answer(Found(values), TUESDAY) == Disconnect(end)
    assert session.variables["estimate_seconds"] == estimate
