"""Who is calling: known, new, several, blocked, and late."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.core.commands import ChooseCustomer, CustomerCard, FinishWrapUp, GoAvailable, Pause
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.houses import SALES, SUPPORT, house

pytestmark = pytest.mark.pure

ANNA, BERT = CustomerCard("u1", "Anna"), CustomerCard("u2", "Bert")


def test_a_new_caller_is_shown_as_one_and_saved_by_the_agent() -> None:
    world = open_house("ada")
    line = talking(world)
    row = world.call_row(line.id)
    assert (row.known, row.cards) == (True, ())
    assert world.click("ada", ChooseCustomer(line.id, ANNA)) is None
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    world.click("ada", FinishWrapUp(line.id, "solved"))
    assert world.store.interactions[line.id].customer == "u1"


def test_a_number_of_two_people_is_a_choice_for_the_agent() -> None:
    world = open_house("ada")
    world.store.cards["+861380000"] = (ANNA, BERT)
    line = talking(world)
    assert world.call_row(line.id).cards == (ANNA, BERT)
    assert world.click("ada", ChooseCustomer(line.id, BERT)) is None
    assert world.call_row(line.id).cards == (BERT,)
    assert world.click("cy", ChooseCustomer(line.id, ANNA)) == "not-your-call"


def test_the_record_comes_later_than_the_call() -> None:
    world = open_house("ada")
    world.store.cards["+861380000"] = (ANNA,)
    world.store.answer_seconds = lambda: 20.0
    line = talking(world)
    assert world.call_row(line.id).known is False
    world.run(20)
    assert world.call_row(line.id).cards == (ANNA,)


def test_an_agents_choice_is_not_undone_by_a_late_look_up() -> None:
    world = open_house("ada")
    world.store.cards["+861380000"] = (ANNA,)
    world.store.answer_seconds = lambda: 20.0
    line = talking(world)
    world.click("ada", ChooseCustomer(line.id, BERT))
    world.run(30)
    assert world.call_row(line.id).cards == (BERT,)


def test_a_customer_with_priority_is_served_before_who_came_earlier() -> None:
    world = open_house()
    world.store.cards["1"] = (CustomerCard("v", "Vip", priority=5),)
    plain = caller_in(world, number="2")
    important = caller_in(world, number="1")
    world.on_duty("bob")
    assert world.call_row(important.id).agent == "bob"
    assert world.call_row(plain.id).stage == "waiting"


def test_the_owner_who_becomes_known_while_the_caller_waits_is_waited_for() -> None:
    patient = replace(SUPPORT, preferred_wait_seconds=60.0)
    world = open_house("ada", "bob", config=house(patient, SALES))
    talking(world)  # with ada
    world.click("bob", Pause("lunch"))
    world.store.cards["1"] = (CustomerCard("o", "Owned", owner_agent="ada"),)
    world.store.answer_seconds = lambda: 8.0
    line = caller_in(world, number="1")
    assert world.call_row(line.id).stage == "waiting"
    world.run(10)
    world.click("bob", GoAvailable())
    world.run(0.1)
    assert world.call_row(line.id).stage == "waiting"
    world.run(52)
    assert world.call_row(line.id).agent == "bob"


@pytest.mark.parametrize("after_seconds", [0.5, 8.0])
def test_a_blocked_caller_is_turned_away_and_never_rings_anybody(after_seconds: float) -> None:
    world = open_house()
    world.store.cards["+861380000"] = (CustomerCard("p", "Pest", blocked=True),)
    world.store.answer_seconds = lambda: after_seconds
    line = caller_in(world)
    world.run(10)
    assert line.id not in world.asterisk.lines
    record = world.store.interactions[line.id]
    assert (record.outcome, record.ended_by) == ("refused", "system")
    assert world.asterisk.connects == []
    assert world.centre.state.calls == {}


def test_a_blocked_caller_whose_phone_already_rings_frees_the_agent() -> None:
    world = open_house("ada")
    world.store.cards["+861380000"] = (CustomerCard("p", "Pest", blocked=True),)
    world.store.answer_seconds = lambda: 5.0
    line = caller_in(world)
    assert world.agent_row("ada").state == "offered"
    world.run(5)
    assert world.agent_row("ada").state == "available"
    assert world.store.interactions[line.id].outcome == "refused"
