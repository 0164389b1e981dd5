"""The presence table, told as stories, and as properties over random events."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.presence import BUSY, COMMANDS, Event, Presence, State, step
from acd.refusals import Refusal

pytestmark = pytest.mark.pure

READY = Presence(State.PAUSED, 0.0, device_ready=True, console=True)
FREE = replace(READY, state=State.AVAILABLE, idle_since=0.0)


def after(presence: Presence, *events: Event | tuple[Event, str]) -> Presence:
    now = presence.since
    for event in events:
        now += 1.0
        name, reason = event if isinstance(event, tuple) else (event, "")
        stepped = step(presence, name, now, reason)
        assert isinstance(stepped, Presence), stepped
        presence = stepped
    return presence


def refusal(presence: Presence, event: Event) -> str:
    stepped = step(presence, event, presence.since + 1.0)
    assert isinstance(stepped, Refusal)
    return stepped.code


def test_a_call_from_login_to_the_next_idle_moment() -> None:
    start = after(Presence(), Event.DEVICE_BACK, Event.CONSOLE_BACK, Event.LOG_IN)
    assert start == Presence(State.PAUSED, 3.0, device_ready=True, console=True)
    free = after(start, Event.GO_AVAILABLE)
    assert free == replace(start, state=State.AVAILABLE, since=4.0, idle_since=4.0)
    offered = after(free, Event.OFFER)
    assert offered == replace(free, state=State.OFFERED, since=5.0)
    talking = after(offered, Event.ANSWERED)
    assert talking == replace(free, state=State.TALKING, since=6.0, idle_since=None)
    held = after(talking, Event.HOLD)
    assert held.state is State.HOLD
    wrap = after(held, Event.UNHOLD, Event.CALL_ENDED)
    assert wrap == replace(talking, state=State.WRAP_UP, since=9.0)
    assert after(wrap, Event.WRAP_UP_ENDED) == replace(free, since=10.0, idle_since=10.0)


def test_a_pause_asked_for_while_talking_waits_until_wrap_up_is_over() -> None:
    talking = after(FREE, Event.OFFER, Event.ANSWERED, (Event.PAUSE, "lunch"))
    assert (talking.state, talking.next_state, talking.next_reason) == (
        State.TALKING,
        State.PAUSED,
        "lunch",
    )
    wrap = after(talking, Event.CALL_ENDED)
    assert (wrap.state, wrap.next_state) == (State.WRAP_UP, State.PAUSED)
    paused = after(wrap, Event.WRAP_UP_ENDED)
    assert (paused.state, paused.reason, paused.next_state) == (State.PAUSED, "lunch", None)


def test_the_wish_can_be_taken_back() -> None:
    wrap = after(FREE, Event.OFFER, Event.ANSWERED, Event.LOG_OUT, Event.GO_AVAILABLE)
    assert wrap.next_state is None
    assert after(wrap, Event.CALL_ENDED, Event.WRAP_UP_ENDED).state is State.AVAILABLE


def test_log_out_while_talking_takes_effect_after_wrap_up() -> None:
    out = after(
        FREE, Event.OFFER, Event.ANSWERED, Event.LOG_OUT, Event.CALL_ENDED, Event.WRAP_UP_ENDED
    )
    assert out.state is State.OFFLINE


def test_rona_ends_in_a_pause_and_a_withdrawn_offer_keeps_the_idle_time() -> None:
    missed = after(FREE, Event.OFFER, Event.OFFER_LAPSED, (Event.FORCED_PAUSE, "missed-call"))
    assert (missed.state, missed.reason) == (State.PAUSED, "missed-call")
    withdrawn = after(FREE, Event.OFFER, Event.OFFER_WITHDRAWN)
    assert (withdrawn.state, withdrawn.idle_since) == (State.AVAILABLE, FREE.idle_since)
    lapsed = after(FREE, Event.OFFER, Event.OFFER_LAPSED)
    assert lapsed.idle_since == lapsed.since


def test_available_never_lies_about_device_and_console() -> None:
    lost = after(FREE, Event.DEVICE_LOST)
    assert lost.state is State.UNREACHABLE
    both = after(lost, Event.CONSOLE_LOST)
    assert after(both, Event.DEVICE_BACK).state is State.UNREACHABLE
    assert after(both, Event.DEVICE_BACK, Event.CONSOLE_BACK).state is State.AVAILABLE
    busy = after(FREE, Event.OFFER, Event.ANSWERED, Event.DEVICE_LOST)
    assert busy.state is State.TALKING
    assert after(busy, Event.CALL_ENDED, Event.WRAP_UP_ENDED).state is State.UNREACHABLE


def test_commands_that_make_no_sense_are_refused_with_a_reason() -> None:
    assert refusal(FREE, Event.LOG_IN) == "already-logged-in"
    assert refusal(Presence(), Event.PAUSE) == "not-logged-in"
    assert refusal(Presence(), Event.LOG_OUT) == "not-logged-in"
    assert refusal(after(FREE, Event.DEVICE_LOST), Event.GO_AVAILABLE) == "unreachable"


def test_going_available_without_phone_or_console_takes_effect_when_both_are_there() -> None:
    no_phone, no_console = replace(READY, device_ready=False), replace(READY, console=False)
    for before, back in ((no_phone, Event.DEVICE_BACK), (no_console, Event.CONSOLE_BACK)):
        waiting = after(before, Event.GO_AVAILABLE)
        assert waiting.state is State.UNREACHABLE
        assert after(waiting, back).state is State.AVAILABLE


def test_an_agent_found_talking_while_paused_goes_back_to_his_pause() -> None:
    paused = after(FREE, (Event.PAUSE, "lunch"))
    back = after(paused, Event.ANSWERED, Event.CALL_ENDED, Event.WRAP_UP_ENDED)
    assert (back.state, back.reason) == (State.PAUSED, "lunch")


@given(st.lists(st.sampled_from(list(Event)), max_size=40))
def test_every_story_keeps_the_promises(events: list[Event]) -> None:
    presence = Presence()
    for now, event in enumerate(events):
        stepped = step(presence, event, float(now))
        if isinstance(stepped, Refusal):
            assert event in COMMANDS
            assert stepped.text
            continue
        presence = stepped
        if presence.state is State.AVAILABLE:
            assert presence.device_ready
            assert presence.console
            assert presence.idle_since is not None
        assert presence.next_state is None or presence.state in BUSY
        assert presence.since <= now
