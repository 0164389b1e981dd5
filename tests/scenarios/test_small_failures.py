"""Single actions that fail, and what many calls leave behind."""

from __future__ import annotations

import pytest

from callcenter.core.commands import FinishWrapUp, HangUpCall, HoldCall
from callcenter.core.effects import HangUp, TagCall
from callcenter.core.inputs import ActionFailed, CallReturned, PromptEnded
from tests.scenarios.stories import caller_in, open_house, talking

pytestmark = pytest.mark.pure


def test_a_prompt_that_asterisk_refuses_is_passed_over() -> None:
    world = open_house("ada")
    line = world.asterisk.dial_in("100")
    world.run(0.1)
    for _ in range(3):  # the greeting, the menu, and the menu once more
        world.step(ActionFailed(line.id, "PlayPrompt", 0, "refused", "no such file"))
    assert world.call_row(line.id).agent == "ada"


def test_the_answer_to_a_prompt_that_was_cut_short_is_not_taken_for_the_next_one() -> None:
    world = open_house("ada")
    line = world.asterisk.dial_in("100")
    world.run(2.5)
    token = world.call(line.id).token
    world.step(PromptEnded(line.id, "p1", "1"))
    assert world.call(line.id).token == token
    assert world.call_row(line.id).stage == "menu"


def test_a_prompt_that_never_ends_does_not_hold_the_caller_for_ever() -> None:
    world = open_house("ada")
    world.asterisk.speaks = lambda line, prompt: setattr(line, "prompt", None)  # nothing is told
    line = world.asterisk.dial_in("100")
    world.run(300)
    assert "prompt-lost" in world.alarms()
    assert world.call_row(line.id).stage == "waiting"  # Ada let it ring and is paused
    assert world.call_row(line.id).queue == "support"


def test_a_hang_up_that_fails_is_asked_again_and_at_last_somebody_is_told() -> None:
    world = open_house("ada")
    line = talking(world)
    asked: list[float] = []

    def lost(effect: object) -> None:
        if isinstance(effect, HangUp):
            asked.append(world.now)

    plain = world.asterisk.execute
    world.asterisk.execute = lost  # type: ignore[method-assign]
    assert world.click("ada", HangUpCall(line.id)) is None
    world.run(60)
    assert len(asked) == 5
    assert "cannot-leave" in world.alarms()
    assert world.click("ada", HoldCall(line.id, True)) == "too-late"
    world.asterisk.execute = plain  # type: ignore[method-assign]
    world.link_down()
    world.link_up()
    world.run(0.1)
    assert line.id not in world.asterisk.lines


def test_facts_that_did_not_reach_the_channel_are_written_again_after_the_next_snapshot() -> None:
    world = open_house()
    plain = world.asterisk.execute
    world.asterisk.execute = (  # type: ignore[method-assign]
        lambda effect: None if isinstance(effect, TagCall) else plain(effect)
    )
    line = caller_in(world)
    assert "enq" not in line.facts
    world.asterisk.execute = plain  # type: ignore[method-assign]
    world.link_down()
    world.link_up()
    world.run(0.1)
    assert float(line.facts["enq"]) == pytest.approx(world.call(line.id).joined_at or 0, abs=0.01)


def test_a_caller_who_comes_back_and_is_known_to_nobody_is_not_left_in_silence() -> None:
    world = open_house()
    line = caller_in(world)
    world.centre.state.calls.clear()  # as if we had lost him
    world.centre.state.router.leave(line.id, world.now)
    world.step(CallReturned(line.id, 1, "no-answer"))
    world.run(0.1)
    assert line.place == "diverted"
    assert "unknown-call" in world.alarms()


def test_after_many_calls_nothing_is_left_behind() -> None:
    world = open_house("ada", "bob")
    for n in range(300):
        line = caller_in(world, number=str(n))
        agent = world.call_row(line.id).agent
        if agent is None or n % 3 == 0:
            world.asterisk.caller_hangs_up(line)
        else:
            world.asterisk.answer(f"{agent}web")
            world.run(1)
            world.asterisk.caller_hangs_up(line)
            world.run(0.1)
            assert world.click(agent, FinishWrapUp(line.id, "solved")) is None
        world.run(0.5)
    state = world.centre.state
    assert len(world.store.interactions) == 300
    assert (state.calls, state.out, state.removed, state.orphaned) == ({}, [], {}, {})
    assert state.timers._at == {}
    assert len(state.timers._heap) <= 64
    assert state.seats.keys() == {"ada", "bob", "cy"}
    assert world.centre.screens.calls == {}
    assert all(seat.call is None for seat in state.seats.values())
