"""Callbacks: the place is kept exactly, and the customer is dialled when his turn is near."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest

from acd.callback import (
    Callback,
    Event,
    State,
    after_hours,
    agreed,
    merged,
    next_allowed,
    postponed,
    step,
)
from acd.model import Ring
from acd.refusals import Refusal
from tests.acd.centre import Story, agent

pytestmark = pytest.mark.pure


def busy_line() -> Story:
    """One agent who has handled five calls of 100 s each and is talking; three callers wait."""
    story = Story(agent("ada"))
    now = -500.0
    for n in range(5):
        story.free("ada", at=now)
        story.join(f"h{n}", now)
        assert story.offers(now) == f"h{n}>ada"
        story.answered(f"h{n}", "ada", now)
        now += 100.0
    story.free("ada", at=0.0)
    story.router.agent_busy("ada", 0.0, "talking")
    for n in (1, 2, 3):
        story.join(f"c{n}", float(n))
    return story


def test_who_sleeps_keeps_the_place_and_is_passed_over() -> None:
    story = busy_line()
    assert story.router.sleep("c1", 4.0) is None
    assert [story.router.position(c) for c in ("c1", "c2", "c3")] == [1, 2, 3]
    assert story.router.why("c1", 4.0).note == (
        "a callback that keeps its place; it is not its turn yet"
    )
    story.free("ada", at=5.0)
    assert story.offers(5.0) == "c2>ada"
    story.answered("c2", "ada", 5.0)
    assert story.router.wake("c1", 6.0) is None
    story.free("ada", at=7.0)
    assert story.offers(7.0) == "c1>ada"


def test_due_comes_when_the_turn_is_near() -> None:
    story = busy_line()
    story.router.sleep("c2", 4.0)
    story.router.sleep("c3", 4.0)
    # c1 is ahead of c2: 200 s; c3 has c1 and (asleep) c2 ahead
    assert story.router.due(4.0, ahead_seconds=150.0) == []
    assert story.router.due(4.0, ahead_seconds=250.0) == ["c2"]
    story.free("ada", at=10.0)
    assert story.offers(10.0) == "c1>ada"
    story.answered("c1", "ada", 10.0)
    assert story.router.due(10.0, ahead_seconds=150.0) == ["c2"]
    assert story.router.deadline() == 11.0  # callbacks are looked at each second
    story.free("ada", at=11.0)
    assert story.offers(11.0) == ""
    assert story.router.due(11.0, ahead_seconds=0.0) == ["c2"]


def test_an_idle_agent_who_may_not_serve_makes_nobody_due() -> None:
    story = Story(agent("ada", en=1), rings=(Ring(60.0, {"en": 0}),))
    story.free("ada")
    story.join("c0", 0.0, skills={"en": 5})
    story.join("c1", 0.0, skills={"en": 5})
    story.router.sleep("c1", 0.0)
    assert story.router.due(1.0, 10.0) == []
    assert story.router.due(61.0, 10.0) == ["c1"]


def test_the_same_customer_is_found_and_sleep_survives_a_restart() -> None:
    story = busy_line()
    story.join("c4", 5.0, identity="+4930123")
    story.router.sleep("c4", 6.0)
    for engine in (
        story.router,
        pickle.loads(pickle.dumps(story.router)),
        copy.deepcopy(story.router),
    ):
        assert engine.find("q", "+4930123") == "c4"
        assert engine.find("q", "+4930999") is None
        assert engine.position("c4") == 4
    story.router.leave("c4", 7.0)
    assert story.router.find("q", "+4930123") is None
    assert story.router.sleep("c4", 8.0) == Refusal("not-waiting", "c4 is not waiting.")
    assert story.router.wake("c1", 8.0) == Refusal("not-waiting", "c1 is not asleep.")


# -- the request --------------------------------------------------------------------------------
ASKED = Callback("c1", "q", "+4930123", tries_max=2, retry_seconds=300.0, since=0.0)


def after(callback: Callback, *events: tuple[Event, float]) -> Callback:
    for event, now in events:
        stepped = step(callback, event, now)
        assert isinstance(stepped, Callback), stepped
        callback = stepped
    return callback


def test_dialled_reached_and_connected() -> None:
    done = after(ASKED, (Event.DIALLED, 10.0), (Event.ANSWERED, 20.0), (Event.CONNECTED, 25.0))
    assert done == replace(ASKED, state=State.DONE, since=25.0, tries=1)
    assert done.ended


def test_not_reached_rests_and_gives_up_after_enough_tries() -> None:
    resting = after(ASKED, (Event.DIALLED, 10.0), (Event.NOT_REACHED, 40.0))
    assert (resting.state, resting.rested_at) == (State.RESTING, 340.0)
    again = after(resting, (Event.RESTED, 340.0), (Event.DIALLED, 350.0))
    assert (again.tries, again.rested_at) == (2, None)
    assert after(again, (Event.NOT_REACHED, 380.0)).state is State.GIVEN_UP


def test_hours_are_kept() -> None:
    evening = replace(ASKED, windows=((100.0, 200.0), (1000.0, 1100.0)))
    refused = step(evening, Event.DIALLED, 50.0)
    assert isinstance(refused, Refusal)
    resting = after(evening, (Event.DIALLED, 150.0), (Event.NOT_REACHED, 180.0))
    assert resting.rested_at == 1000.0
    last = after(evening, (Event.DIALLED, 1050.0), (Event.NOT_REACHED, 1090.0))
    assert last.state is State.GIVEN_UP
    assert next_allowed((), 5.0) == 5.0


def test_a_second_request_is_the_same_callback() -> None:
    once = after(ASKED, (Event.DIALLED, 10.0), (Event.NOT_REACHED, 40.0))
    both = merged(once, replace(ASKED, entry="c9", windows=((0.0, 9.0),), mode="agent-first"))
    assert (both.entry, both.windows, both.mode) == ("c1", ((0.0, 9.0),), "agent-first")
    assert both.tries_max == 3


def test_what_does_not_fit_is_refused_and_changes_nothing() -> None:
    for event in (Event.ANSWERED, Event.CONNECTED, Event.RESTED, Event.HUNG_UP):
        assert isinstance(step(ASKED, event, 1.0), Refusal)
    cancelled = after(ASKED, (Event.CANCELLED, 1.0))
    assert isinstance(step(cancelled, Event.DIALLED, 2.0), Refusal)


def test_a_time_that_was_agreed_is_waited_for_in_no_line() -> None:
    plain = Callback("cb", "q", "+4930123", windows=((100.0, 200.0), (400.0, 500.0)))
    later = agreed(plain, 250.0, 10.0)
    assert isinstance(later, Callback)
    assert (later.state, later.rested_at, later.tries) == (State.SCHEDULED, 400.0, 0)
    assert isinstance(step(later, Event.DIALLED, 400.0), Refusal)
    assert isinstance(postponed(later, 450.0, 20.0), Refusal)
    again = agreed(later, 450.0, 20.0)
    assert isinstance(again, Callback)
    due = step(again, Event.DUE, 450.0)
    assert isinstance(due, Callback)
    assert (due.state, due.rested_at) == (State.WAITING, None)
    night = after_hours(plain, 250.0)
    assert isinstance(night, Callback)
    assert (night.state, night.rested_at) == (State.AFTER_HOURS, 400.0)
    assert isinstance(step(night, Event.DIALLED, 400.0), Refusal)
    never = agreed(later, 600.0, 20.0)
    assert isinstance(never, Callback)
    assert never.state is State.GIVEN_UP


def test_whom_a_place_was_promised_joins_a_full_line_but_no_closed_one() -> None:
    story = Story(agent("ada"), waiting_max=1)
    story.join("c1", 0.0)
    entry = replace(story.router._floor.waiting["c1"].entry, id="c2", identity="+4930123")
    refused = story.router.join(entry, 1.0)
    assert refused is not None
    assert refused.code == "full"
    assert story.router.join(entry, 1.0, promised=True) is None
    story.router.withdraw("c2")
    assert story.router.waiting("q") == 1
    closed = story.router.join(replace(entry, queue="nowhere"), 1.0, promised=True)
    assert closed is not None
