"""What a supervisor does to an agent, and how ghosts are found and cleared."""

from __future__ import annotations

import pytest

from callcenter.core.commands import (
    ClearAgent,
    ClearCall,
    ForceState,
    GiveCaller,
    SupervisorAction,
)
from callcenter.core.ghosts import ChannelSeen, PresenceKept, find
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.asterisk import Line
from tests.world.world import World

pytestmark = pytest.mark.pure


def did(world: World, action: SupervisorAction) -> str | None:
    return world.supervise(action)


def state_of(world: World, agent: str) -> tuple[str, str]:
    row = world.agent_row(agent)
    return row.state, row.next_state


def in_talk() -> tuple[World, Line]:
    world = open_house("ada")
    return world, talking(world)


def test_an_agent_is_paused_and_brought_back() -> None:
    world = open_house()
    world.on_duty("ada")
    reason = world.centre.state.config.pause_reasons[0].code
    assert did(world, ForceState("ada", "paused", reason)) is None
    assert world.agent_row("ada").reason == reason
    caller = caller_in(world)
    world.run(1)
    assert caller.agent == ""
    assert did(world, ForceState("ada", "available")) is None
    world.run(1)
    assert caller.agent == "ada"


def test_who_talks_is_not_torn_out_of_it_and_goes_afterwards() -> None:
    world, _ = in_talk()
    assert did(world, ForceState("ada", "offline")) is None
    assert state_of(world, "ada") == ("talking", "offline")


def test_refusals_of_a_forced_state() -> None:
    world = open_house()
    world.on_duty("ada")
    assert did(world, ForceState("ada", "paused", "no-such")) == "unknown-reason"
    assert did(world, ForceState("nobody", "offline")) == "unknown-agent"
    assert did(world, ForceState("ada", "offline")) is None
    assert did(world, ForceState("ada", "available")) == "not-logged-in"


def test_a_supervisor_takes_a_caller_out_of_the_line() -> None:
    world = open_house()
    first, second = caller_in(world), caller_in(world)
    assert did(world, GiveCaller(second.id, "cy")) == "agent-not-free"
    world.on_duty("cy")
    world.run(1)
    assert did(world, GiveCaller(second.id, "cy")) is None
    world.run(1)
    assert (second.agent, first.agent) == ("cy", "")
    assert "given" in world.store.timeline(second.id)


def test_what_agrees_is_no_ghost() -> None:
    world, caller = in_talk()
    world.run(100)
    seen = [ChannelSeen("PJSIP/trunk-1", caller.id, "", True, 100)]
    books = {"ada": PresenceKept("talking", 0)}
    assert find(world.centre.state, seen, books, world.now) == []


def test_a_call_that_asterisk_does_not_know_is_found_and_cleared() -> None:
    world, caller = in_talk()
    world.run(100)
    (ghost,) = find(world.centre.state, [], {}, world.now)
    assert (ghost.kind, ghost.subject, ghost.agents) == ("call", caller.id, ("ada",))
    assert did(world, ClearCall(caller.id)) is None
    assert caller.id not in world.screens.calls
    assert "ghost-cleared" in world.store.timeline(caller.id)
    assert find(world.centre.state, [], {}, world.now) == []


def test_a_channel_of_a_call_that_is_over_is_found_when_it_is_old_enough() -> None:
    world = open_house()
    young, old = (ChannelSeen(f"PJSIP/trunk-{n}", "no.1", "", True, n) for n in (10, 60))
    (ghost,) = find(world.centre.state, [young, old], {}, world.now)
    assert (ghost.id, ghost.agents) == ("channel:PJSIP/trunk-60", ())


def test_an_agent_who_is_busy_with_nothing_is_found_and_freed() -> None:
    world, caller = in_talk()
    del world.centre.state.calls[caller.id]
    world.run(100)
    found = find(world.centre.state, [], {}, world.now)
    assert [ghost.id for ghost in found] == ["agent:ada"]
    assert did(world, ClearAgent("ada")) is None
    assert state_of(world, "ada")[0] == "available"


def test_books_that_have_another_state_are_written_again() -> None:
    world = open_house()
    world.on_duty("ada")
    world.run(100)
    books = {"ada": PresenceKept("talking", 0), "nobody": PresenceKept("paused", 0)}
    (ghost,) = find(world.centre.state, [], books, world.now)
    assert ghost.id == "presence:ada"
    before = len(world.store.presences)
    assert did(world, ClearAgent("ada")) is None
    assert len(world.store.presences) == before + 1
