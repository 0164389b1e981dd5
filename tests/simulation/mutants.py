"""Some bugs that somebody could write: each breaks one rule of the core and nothing else.

The simulation, or the one named story beside it, has to notice. A rule whose breach nobody notices
is a rule that will be broken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from acd.model import Entry
from acd.router import Router
from callcenter.core import (
    adopting,
    callbacks,
    callbacks_asked,
    facts,
    interaction,
    leaving,
    overflow,
    queueing,
    resync,
    seats,
    talking,
    writing,
)
from callcenter.core import state as state_module
from callcenter.core.call import Call, Event
from callcenter.core.callback import Request, Schedule
from callcenter.core.state import State
from callcenter.core.timers import Timers
from tests.scenarios import (
    test_callbacks,
    test_customers,
    test_desks,
    test_hanging_up,
    test_supervision,
    test_unanswered_offers,
    test_wrap_up,
)
from tests.scenarios import test_callbacks_after_hours as night

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Mutant:
    """`story`: the named test that must fail; None: the simulation must."""

    name: str
    write: Callable[[Patch], None]
    story: Callable[[], None] | None = None


def nothing(*_: Any, **__: Any) -> None:
    return None


def absent(where: Any, name: str) -> Callable[[Patch], None]:
    """The function is there and does nothing."""
    return lambda patch: patch.setattr(where, name, nothing)


def lapse_forgotten(patch: Patch) -> None:
    plain = Call.enter

    def enter(self: Call, event: Event, now: float) -> None:
        if event is not Event.LAPSED:
            plain(self, event, now)

    patch.setattr(Call, "enter", enter)


def abandoned_not_written(patch: Patch) -> None:
    plain = interaction.write

    def write(state: State, call: Call) -> None:
        if interaction.outcome(call) != "abandoned":
            plain(state, call)

    patch.setattr(interaction, "write", write)


def joins_with(**changes: Any) -> Callable[[Patch], None]:
    """Callers join the line with something about them forgotten."""

    def write(patch: Patch) -> None:
        plain = Router.join

        def join(self: Router, entry: Entry, now: float) -> Any:
            return plain(self, replace(entry, **changes), now)

        patch.setattr(Router, "join", join)

    return write


def priority_by_hand_forgotten(patch: Patch) -> None:
    plain = facts.of_queue

    def of_queue(call: Call) -> dict[str, str]:
        return {name: value for name, value in plain(call).items() if name != "prio_set"}

    patch.setattr(facts, "of_queue", of_queue)


def newest_idle_first(patch: Patch) -> None:
    plain = Router.agent_free

    def agent_free(self: Router, agent: str, now: float, idle_since: float | None = None) -> None:
        plain(self, agent, now, -(now if idle_since is None else idle_since))

    patch.setattr(Router, "agent_free", agent_free)


def place_lost_with_the_leg(patch: Patch) -> None:
    plain = queueing.join_again

    def join_again(state: State, call: Call, agent: str, now: float) -> str | None:
        call.joined_at = now + 1000.0
        return plain(state, call, agent, now)

    patch.setattr(queueing, "join_again", join_again)


def any_answer_counts(patch: Patch) -> None:
    def answered(state: State, fact: Any, now: float) -> None:
        call = state.calls.get(fact.call)
        if call is not None and call.stage == "offered":
            talking.begin_talk(state, call, now)

    patch.setattr(talking, "answered", answered)


def any_return_counts(patch: Patch) -> None:
    plain = talking.returned

    def returned(state: State, fact: Any, now: float) -> None:
        call = state.calls.get(fact.call)
        plain(state, fact if call is None else replace(fact, attempt=call.attempt), now)

    patch.setattr(talking, "returned", returned)


def left_counted_twice(patch: Patch) -> None:
    plain = State.count_left

    def count_left(self: State, call: Call, how: Any) -> None:
        plain(self, call, how)
        plain(self, call, how)

    patch.setattr(State, "count_left", count_left)


def everybody_is_free(patch: Patch) -> None:
    def sync(state: State, seat: Any, now: float) -> None:
        state.router.agent_free(seat.agent, now)

    patch.setattr(seats, "sync", sync)


def matches_only_by_chance(patch: Patch) -> None:
    plain = queueing.match

    def match(state: State, now: float) -> None:
        if int(now * 1000) % 2:
            plain(state, now)

    patch.setattr(queueing, "match", match)


def rings_without_end(patch: Patch) -> None:
    plain = Timers.set

    def set_timer(self: Timers, what: str, whose: str, at: float) -> None:
        if what != "offer":
            plain(self, what, whose, at)

    patch.setattr(Timers, "set", set_timer)


def epoch_forgotten(patch: Patch) -> None:
    patch.setattr(state_module, "EPOCH_SHIFT", 0)


def any_order_in_the_morning(patch: Patch) -> None:
    def due(state: State, queue: str, now: float) -> None:
        for id, at in sorted(state.schedules[queue].times.items()):
            if at <= now:
                callbacks._begin_to_wait(state, state.callbacks[id], now)

    patch.setattr(callbacks, "due", due)


def waits_all_night(patch: Patch) -> None:
    patch.setattr(callbacks_asked, "take_in", callbacks.enter)
    patch.setattr(callbacks, "take_in", callbacks.enter)


def waits_at_once(patch: Patch) -> None:
    def agree(state: State, request: Request, until: float, now: float) -> None:
        callbacks.enter(state, request, now, until)

    patch.setattr(callbacks, "agree", agree)


MUTANTS = (
    Mutant("an agent is not freed when the caller goes", absent(seats, "offer_withdrawn")),
    Mutant("a lapsed offer leaves the call offered", lapse_forgotten),
    Mutant("callers who give up are not in the books", abandoned_not_written),
    Mutant("skills are ignored", joins_with(skills={})),
    Mutant(
        "priority is ignored",
        joins_with(priority=0),
        test_customers.test_a_customer_with_priority_is_served_before_who_came_earlier,
    ),
    Mutant(
        "a supervisor's priority is forgotten in a restart",
        priority_by_hand_forgotten,
        test_supervision.test_it_outlives_a_restart_that_remembers_nothing,
    ),
    Mutant(
        "the newest idle agent is served first",
        newest_idle_first,
        test_desks.test_longest_idle_is_served_first,
    ),
    Mutant(
        "the place is lost with the agent's leg",
        place_lost_with_the_leg,
        test_hanging_up.test_the_agents_leg_dies_and_the_caller_is_at_the_head_of_the_line,
    ),
    Mutant(
        "an answer to an old offer counts",
        any_answer_counts,
        test_unanswered_offers.test_an_old_answer_is_not_taken_for_one_to_the_present_offer,
    ),
    Mutant(
        "the end of an old offer counts",
        any_return_counts,
        test_unanswered_offers.test_the_end_of_an_old_offer_does_not_end_the_present_one,
    ),
    Mutant("timers are not cleared", absent(Timers, "clear")),
    Mutant("who leaves the line is counted twice", left_counted_twice),
    Mutant("agents' rows on the screens are not renewed", absent(State, "touch_agent")),
    Mutant("numbers of records begin again after a restart", epoch_forgotten),
    Mutant("calls that ended while we looked away live on", absent(resync, "_gone")),
    Mutant("callers found in a snapshot are not taken in", absent(adopting, "adopt")),
    Mutant("overflow rules are not carried out", absent(overflow, "apply")),
    Mutant("who is to leave is not asked to", absent(leaving, "insist")),
    Mutant(
        "wrap-up never runs out",
        absent(writing, "expired"),
        test_wrap_up.test_it_ends_by_itself_with_the_default_disposition,
    ),
    Mutant("everybody is offered calls, at work or not", everybody_is_free),
    Mutant("offers are made only now and then", matches_only_by_chance),
    Mutant("hold is not told to the agent's place", absent(seats, "hold_changed")),
    Mutant("nobody watches an offer that rings for ever", rings_without_end),
    Mutant(
        "a callback agreed for tomorrow waits at once",
        waits_at_once,
        test_callbacks.test_what_is_agreed_for_later_waits_from_then_on_and_in_no_figure_before,
    ),
    Mutant("the time of a callback comes, and nothing of it", absent(callbacks, "due")),
    Mutant("who agrees to a later time keeps his place", absent(Router, "withdraw")),
    Mutant("a callback that is over is shown as scheduled", absent(Schedule, "drop")),
    Mutant(
        "those of one night are called in any order",
        any_order_in_the_morning,
        partial(
            night.test_they_wait_for_nothing_at_night_and_are_called_in_the_order_of_asking,
            night.CLOSED,
        ),
    ),
    Mutant(
        "who asks at night waits until the morning",
        waits_all_night,
        night.test_who_stood_in_line_when_the_hours_ended_keeps_his_place,
    ),
    Mutant(
        "who asked at night and is served is called all the same",
        absent(callbacks, "not_needed"),
        night.test_who_calls_by_himself_before_the_hours_begin_is_not_called_any_more,
    ),
    Mutant(
        "other hours hold from tomorrow on",
        absent(callbacks, "hours_changed"),
        partial(night.test_other_hours_hold_at_once_for_who_waits_for_them, {}, 0.0),
    ),
)
