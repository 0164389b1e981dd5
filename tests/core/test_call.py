"""The stages of a call: what the table does not list cannot happen, and changes nothing."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest

from callcenter.core.call import STAGES, WITH_AGENT, Call, Event, IllegalStage, Stage

pytestmark = pytest.mark.pure


def call_in(stage: Stage) -> Call:
    call = Call("c1", "ch", "100", "", "4000", "en", 0.0)
    call.stage = stage
    return call


@pytest.mark.parametrize(("stage", "event"), list(itertools.product(get_args(Stage), Event)))
def test_each_pair_of_stage_and_event(stage: Stage, event: Event) -> None:
    call = call_in(stage)
    after = STAGES[stage].get(event)
    if after is None:
        with pytest.raises(IllegalStage, match=f"{event.value} in stage {stage}"):
            call.enter(event, 10.0)
        assert (call.stage, call.since, call.seconds.wait) == (stage, 0.0, 0.0)
    else:
        call.enter(event, 10.0)
        assert (call.stage, call.since) == (after, 10.0)


def test_every_stage_can_be_reached_and_left_for_the_end() -> None:
    assert STAGES.keys() == set(get_args(Stage))
    reached = {"menu", "dialling"} | {after for row in STAGES.values() for after in row.values()}
    assert reached == set(get_args(Stage))
    for stage in STAGES:
        assert ends(stage, set()), f"{stage} never comes to its end"
    assert set(STAGES) > WITH_AGENT


def ends(stage: Stage, seen: set[Stage]) -> bool:
    if stage == "closed":
        return True
    seen.add(stage)
    return any(ends(after, seen) for after in STAGES[stage].values() if after not in seen)


def test_time_is_charged_to_the_stage_in_which_it_was_spent() -> None:
    call = call_in("menu")
    for event, at in (
        (Event.QUEUED, 5.0),
        (Event.OFFERED, 15.0),
        (Event.LAPSED, 18.0),
        (Event.OFFERED, 20.0),
        (Event.ANSWERED, 24.0),
        (Event.HELD, 54.0),
        (Event.UNHELD, 64.0),
        (Event.GONE, 70.0),
        (Event.FINISHED, 78.0),
    ):
        call.enter(event, at)
    seconds = call.seconds
    assert (seconds.wait, seconds.ring, seconds.talk, seconds.hold, seconds.wrap_up) == (
        19.0,
        7.0,
        36.0,
        10.0,
        8.0,
    )


def test_a_clock_that_went_back_charges_nothing() -> None:
    call = call_in("talking")
    call.since = 100.0
    call.enter(Event.GONE, 50.0)
    assert call.seconds.talk == 0.0
