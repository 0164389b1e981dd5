"""The checker catches bad histories, each made up for one rule, and finds a good one good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.checker import check
from tests.faults.history import Entry, History, read

pytestmark = pytest.mark.pure

FIRST, SECOND = "13900000001", "13900000002"


def call(name: str, number: str, joined: float, agent: str = "ada") -> list[Entry]:
    """A caller who waits one second, speaks two, and is hung up on by the agent."""
    leg = f"PJSIP/d{agent}-{name}"
    caller = f"PJSIP/callers-{name}"

    def seen(at: float, event: str, **data: object) -> Entry:
        return Entry(at, "seen", {"event": event, "call": name, **data})

    def told(at: float, kind: str) -> Entry:
        return Entry(at, "told", {"call": name, "kind": kind, "when": at, "queue": "support"})

    offered, answered, ended = joined + 1, joined + 1.2, joined + 3
    return [
        Entry(joined, "up", {"number": number}),
        seen(joined, "line", channel=caller, id=name),
        seen(offered, "rings", channel=leg, device=f"d{agent}"),
        action("Redirect", caller, f"e1-{name}-d{agent}", at=offered),
        seen(answered, "talks", channel=leg),
        seen(answered, "talks", channel=caller),
        seen(ended, "gone", channel=leg, id=f"{name}.2"),
        seen(ended, "gone", channel=caller, id=name),
        Entry(ended, "over", {"number": number, "by": "centre"}),
        told(joined, "queued"),
        told(offered, "offered"),
        told(answered, "answered"),
        row(name, number, "answered", joined, ended),
    ]


def row(name: str, number: str, outcome: str, began: float = 10.0, ended: float = 13.0) -> Entry:
    data = {"call": name, "number": f"+86{number}", "outcome": outcome}
    return Entry(99.0, "row", data | {"began": began, "ended": ended})


def action(kind: str, channel: str, exten: str, at: float = 11.0, **more: str) -> Entry:
    data = {"action": kind, "channel": channel, "context": "connect", "exten": exten}
    return Entry(at, "action", data | more)


def good() -> list[Entry]:
    floor = [Entry(99.0, "agent", {"agent": "ada", "state": "available", "call": None})]
    return [*call("c1", FIRST, 10.0), *call("c2", SECOND, 20.0), *floor]


def without(what: str, name: str = "c1", **where: object) -> list[Entry]:
    def fits(entry: Entry) -> bool:
        named = entry.get("call", name) == name
        return entry.what == what and named and all(entry.get(k) == v for k, v in where.items())

    left = [entry for entry in good() if not fits(entry)]
    assert len(left) < len(good())
    return left


def same_row_again() -> list[Entry]:
    return [*good(), row("c3", FIRST, "abandoned")]


def row_of_two() -> list[Entry]:
    return [*good(), row("c1", "13900000009", "answered")]


def answered_by_nobody() -> list[Entry]:
    return without("seen", event="talks")


def abandoned_in_a_talk() -> list[Entry]:
    return [*without("row"), row("c1", FIRST, "abandoned")]


def dropped_in_line() -> list[Entry]:
    waits = Entry(10.0, "up", {"number": "13900000007"})
    over = Entry(12.0, "over", {"number": "13900000007", "by": "centre"})
    return [*good(), waits, over, row("c7", "13900000007", "abandoned")]


def refused_at_the_door() -> list[Entry]:
    return [*good(), Entry(10.0, "failed", {"number": "13900000008"})]


def overtaken() -> list[Entry]:
    early = call("c0", "13900000000", 9.0, agent="ben")
    late = {"offered": 15.0, "answered": 15.2}
    moved = [
        Entry(e.at, e.what, e.data | {"when": late[e["kind"]]})
        if e.what == "told" and e["kind"] in late
        else e
        for e in early
    ]
    return [*good(), *moved]


def rung_twice() -> list[Entry]:
    return [*good(), *call("c5", "13900000005", 11.0)]


def redirected_twice() -> list[Entry]:
    return [*good(), action("Redirect", "PJSIP/callers-c1", "e1-c1-dada", at=11.5)]


def originated_twice() -> list[Entry]:
    return [*good(), *(action("Originate", "", "", id="out-1") for _ in range(2))]


def ghost_leg() -> list[Entry]:
    return without("seen", event="gone", channel="PJSIP/dada-c1")


def left_over() -> list[Entry]:
    return [*good(), Entry(99.0, "left", {"channel": "PJSIP/callers-9"})]


def stuck() -> list[Entry]:
    return [*good(), Entry(99.0, "agent", {"agent": "ben", "state": "offered", "call": "c2"})]


def available_with_a_call() -> list[Entry]:
    return [*good(), Entry(99.0, "agent", {"agent": "ben", "state": "available", "call": "c2"})]


BAD: dict[str, list[Callable[[], list[Entry]]]] = {
    "one interaction per call": [lambda: without("row"), same_row_again, row_of_two],
    "one true outcome": [answered_by_nobody, abandoned_in_a_talk],
    "nobody is dropped": [dropped_in_line, refused_at_the_door],
    "order is kept": [overtaken],
    "no agent is offered two calls": [rung_twice],
    "nothing is sent twice": [redirected_twice, originated_twice],
    "no ghosts": [ghost_leg, left_over],
    "no agent is stuck": [stuck, available_with_a_call],
    "timelines are whole": [lambda: without("told", kind="offered")],
    "the service lives": [lambda: [*good(), Entry(99.0, "died", {"code": 1})]],
}


def test_a_good_history_has_nothing_wrong() -> None:
    assert check(good()) == []


@pytest.mark.parametrize(
    ("rule", "made"), [(rule, made) for rule, each in BAD.items() for made in each]
)
def test_a_bad_history_is_caught_by_its_rule(rule: str, made: Callable[[], list[Entry]]) -> None:
    assert rule in {wrong.rule for wrong in check(made())}


def test_nobody_is_blamed_for_what_the_observer_missed() -> None:
    blind = Entry(10.5, "blind", {"until": 11.5})
    assert check([*answered_by_nobody(), blind]) == []


def test_a_diverted_caller_was_not_dropped() -> None:
    waits = [
        Entry(10.0, "up", {"number": "13900000007"}),
        Entry(11.0, "seen", {"event": "diverted", "call": "c7", "place": "fallback"}),
        Entry(12.0, "over", {"number": "13900000007", "by": "centre"}),
        row("c7", "13900000007", "diverted"),
    ]
    assert check([*good(), *waits]) == []


def test_a_history_is_read_as_it_was_written(tmp_path: Path) -> None:
    history = History(tmp_path / "history.jsonl")
    for entry in good():
        history.add(entry.what, entry.at, **entry.data)
    history.close()
    with history.path.open() as file:
        assert read(file) == good()
