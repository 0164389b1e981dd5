"""Path analytics: counts, drop-off, milestones, containment."""

from __future__ import annotations

import pytest

from ivr.analytics import Journey, NodeFigures, PathFigures, journey_of, path_figures
from ivr.session import Session
from tests.ivr.walking import TUESDAY, flow_of, keys

pytestmark = pytest.mark.pure

FLOW = flow_of(
    """
    first: {kind: play, prompt: ask, next: menu}
    menu: {kind: menu, prompt: ask, choices: {1: x, 2: y}, ports: {1: balance, 2: q, timeout: q}}
    balance: {kind: milestone, name: balance, next: menu}
    q: {kind: queue, queue: q}
    """
)


def test_counts_over_some_calls() -> None:
    start = ("first", "next")
    journeys = [
        Journey((start, ("menu", "1"), ("balance", "next"), ("menu", "2")), "q", "queue"),
        Journey((start, ("menu", "1"), ("balance", "next")), "menu", "abandoned"),
        Journey((start, ("menu", "timeout")), "q", "queue"),
        Journey((start, ("menu", "1"), ("balance", "next"), ("menu", "1")), "done", "served"),
        Journey((start, ("menu", "3")), "menu", "mistake"),
    ]
    figures = path_figures(FLOW, journeys)
    assert figures == PathFigures(
        calls=5,
        ends={"queue": 2, "abandoned": 1, "served": 1, "mistake": 1},
        nodes={
            "first": NodeFigures(5, 5, 0, {"next": 5}),
            "menu": NodeFigures(8, 5, 1, {"1": 4, "2": 1, "timeout": 1, "3": 1}),
            "balance": NodeFigures(3, 3, 0, {"next": 3}),
            "q": NodeFigures(2, 2, 0, {}),
            "done": NodeFigures(1, 1, 0, {}),
        },
        milestones={"balance": 3},
        containment=0.2,
    )


def test_entries_and_exits_add_up() -> None:
    """Whoever enters a node leaves it by a port, drops there, or ends there."""
    journeys = [
        Journey((("first", "next"), ("menu", "1"), ("balance", "next")), "menu", "abandoned"),
        Journey((("first", "next"),), "menu", "abandoned"),
        Journey((), "first", "abandoned"),
    ]
    for node, figures in path_figures(FLOW, journeys).nodes.items():
        assert figures.entered == sum(figures.left_by.values()) + figures.dropped, node


def test_the_journey_of_a_session() -> None:
    session = Session(FLOW, {})
    session.start(TUESDAY)
    ask = keys(session, "", "1")
    visits = (("first", "next"), ("menu", "1"), ("balance", "next"))
    assert journey_of(session, ask, abandoned=True) == Journey(visits, "menu", "abandoned")
    ask = keys(session, "2")
    assert journey_of(session, ask, abandoned=False).end == "queue"


@pytest.mark.parametrize(
    ("nodes", "end"),
    [
        ("first: {kind: voicemail, box: main}\n", "voicemail"),
        ("first: {kind: hangup}\n", "served"),
        ("first: {kind: hangup, reason: transferred}\n", "transfer"),
        ("first: {kind: play, prompt: [{digits: did}], next: gone}\n", "mistake"),
    ],
)
def test_how_a_journey_ends(nodes: str, end: str) -> None:
    session = Session(flow_of(nodes), {})
    assert journey_of(session, session.start(TUESDAY), abandoned=False).end == end


def test_no_calls() -> None:
    assert path_figures(FLOW, []) == PathFigures(0, {}, {}, {"balance": 0}, None)
