"""An administrator hears a flow that callers do not hear yet; nobody else notices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.core.inputs import TrialOffered
from callcenter.core.trials import PREFIX, TRIALS_MAX
from ivr.flow import Flow, Node
from tests.scenarios.stories import caller_in, open_house
from tests.world.world import World

pytestmark = pytest.mark.pure

DRAFT = Flow(
    id="main",
    name="Draft",
    start="menu",
    nodes={
        "menu": Node(
            "menu",
            "menu",
            {"prompt": "new-menu", "choices": {"1": "a", "2": "b"}},
            {"1": "queue", "2": "bye", "timeout": "bye"},
        ),
        "queue": Node("queue", "queue", {"queue": "support"}),
        "bye": Node("bye", "hangup", {"reason": "served"}),
    },
    prompts={"new-menu": {"en": "New."}},
)


def offered(world: World, token: str = "abc", seconds: float = 60.0) -> str:
    world.step(TrialOffered(token, DRAFT, "+861390000", world.now + seconds))
    return PREFIX + token


def test_the_draft_is_heard_and_leaves_nothing_in_the_books() -> None:
    world = open_house("ada")
    line = world.asterisk.dial_in("tboss", offered(world))
    world.run(0.1)
    call = world.call(line.id)
    assert (call.flow, call.number, call.trial) == ("main", "+861390000", True)
    assert call.prompt is not None
    assert [item.value for item in call.prompt.items] == ["new-menu"]
    world.run(2.5)
    world.asterisk.press(line, "2")
    world.run(1)
    assert line.id not in world.centre.state.calls
    assert line.id not in world.store.interactions
    assert world.store.timeline(line.id) == []
    assert line.id not in world.screens.board().calls


def test_it_ends_where_an_agent_would_be_rung() -> None:
    world = open_house("ada")
    line = world.asterisk.dial_in("tboss", offered(world))
    world.run(2.5)
    world.asterisk.press(line, "1")
    world.run(1)
    assert line.id not in world.centre.state.calls
    assert world.agent_row("ada").state == "available"
    assert world.centre.state.days == {}


def test_nothing_is_kept_of_what_a_trial_caller_says_or_books() -> None:
    world = open_house("ada")
    nodes = {
        "say": Node("say", "record", {"name": "complaint"}, {"next": "score"}),
        "score": Node("score", "survey", {"prompt": "new-menu"}, {"next": "bye", "timeout": "bye"}),
        "bye": DRAFT.nodes["bye"],
    }
    draft = replace(DRAFT, start="say", nodes=nodes)
    world.step(TrialOffered("abc", draft, "", world.now + 60))
    line = world.asterisk.dial_in("tboss", PREFIX + "abc")
    world.run(2.5)
    world.asterisk.press(line, "5")
    world.run(2)
    assert line.id not in world.centre.state.calls
    store = world.store
    assert (store.events, store.surveys, store.journeys, store.interactions) == ({}, {}, {}, {})


def test_a_token_is_good_for_one_call_and_a_while() -> None:
    world = open_house("ada")
    did = offered(world)
    world.asterisk.dial_in("tboss", did)
    world.run(0.1)
    again = world.asterisk.dial_in("tboss", did)
    late = offered(world, "late", seconds=5.0)
    world.run(6)
    too_late = world.asterisk.dial_in("tboss", late)
    world.run(1)
    for line in (again, too_late):
        assert line.id not in world.centre.state.calls
        assert line.id not in world.asterisk.lines


def test_callers_hear_what_is_published_meanwhile() -> None:
    world = open_house("ada")
    offered(world)
    line = caller_in(world, "2")
    assert world.call(line.id).trial is False
    assert world.call_row(line.id).queue == "support"


def test_offers_are_bounded() -> None:
    world = open_house()
    for number in range(TRIALS_MAX + 5):
        offered(world, f"{number:x}")
    assert len(world.centre.state.trials) == TRIALS_MAX


def test_after_a_restart_without_memory_a_trial_call_is_ended() -> None:
    world = open_house("ada")
    line = world.asterisk.dial_in("tboss", offered(world))
    world.run(1)
    world.die()
    world.come_back(cold=True)
    world.run(2)
    assert line.id not in world.centre.state.calls
    assert line.id not in world.store.interactions
