"""Every promise of the engine as a story of a few calls."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from acd.model import Agent, Entry, Offer, Queue, Ring
from acd.refusals import Refusal
from tests.acd.centre import Story, agent, queue

pytestmark = pytest.mark.pure


# -- who is chosen ------------------------------------------------------------------------------
def test_turns_tell_the_order_of_a_queue_and_follow_a_change_of_priority() -> None:
    story = Story(agent("ada"))
    story.join("c1", 0.0)
    story.join("c2", 10.0)
    router = story.router

    def order() -> list[str]:
        turns = {name: router.turn(name) for name in ("c1", "c2")}
        return sorted(turns, key=lambda name: turns[name] or 0.0)

    assert order() == ["c1", "c2"]
    router.reprioritise("c2", 1, 11.0)
    assert order() == ["c2", "c1"]
    assert [router.position(name) for name in order()] == [1, 2]
    assert router.turn("nobody") is None


def test_the_longest_waiting_caller_goes_to_the_longest_idle_agent() -> None:
    story = Story(agent("ada"), agent("bob"), ring_seconds=15.0, auto_answer=True)
    story.free("bob", at=1.0)
    story.free("ada", at=2.0)
    story.join("c1", 3.0)
    story.join("c2", 4.0)
    assert story.router.match(4.0) == [
        Offer("c1", "bob", "q", 1, 19.0, True),
        Offer("c2", "ada", "q", 1, 19.0, True),
    ]
    assert story.offers(5.0) == ""


def test_idle_time_survives_an_offer_that_was_withdrawn() -> None:
    story = Story(agent("ada"), agent("bob"))
    story.free("ada", at=1.0)
    story.free("bob", at=2.0)
    story.join("c1", 3.0)
    assert story.offers(3.0) == "c1>ada"
    story.router.leave("c1", 5.0)
    story.router.agent_free("ada", 5.0, idle_since=1.0)
    story.join("c2", 6.0)
    assert story.offers(6.0) == "c2>ada"


def test_most_skilled_takes_the_best_then_the_longest_idle() -> None:
    story = Story(
        agent("ada", en=5), agent("bob", en=9), agent("eve", en=9), strategy="most-skilled"
    )
    story.free("ada", "eve", "bob")
    for n in (1, 2, 3):
        story.join(f"c{n}", float(n), skills={"en": 3})
    assert story.offers(3.0) == "c1>eve c2>bob c3>ada"


def test_ring_order_starts_at_the_top_each_time() -> None:
    story = Story(agent("ada", 2), agent("bob", 1), strategy="linear")
    story.free("ada", at=1.0)
    story.free("bob", at=2.0)
    story.join("c1", 3.0)
    assert story.offers(3.0) == "c1>bob"


def test_round_robin_goes_on_behind_the_last_one() -> None:
    story = Story(agent("ada", 1), agent("bob", 2), agent("eve", 3), strategy="round-robin")
    served = []
    for n in range(1, 8):
        story.free("eve", "ada", "bob", at=float(n))
        story.join(f"c{n}", float(n))
        who = story.offers(float(n)).split(">")[1]
        story.answered(f"c{n}", who, float(n))
        story.free(who, at=float(n))
        served.append(who)
    assert served == ["ada", "bob", "eve", "ada", "bob", "eve", "ada"]


def test_least_occupied_looks_at_the_share_of_busy_time() -> None:
    story = Story(agent("ada"), agent("bob"), strategy="least-occupied")
    story.free("ada", "bob")
    story.router.agent_busy("ada", 0.0, "talking")
    story.router.agent_busy("bob", 40.0, "talking")
    story.free("bob", at=60.0)  # busy 20 of 60 seconds
    story.free("ada", at=50.0)  # busy 50 of 50 when she came back
    story.join("c1", 61.0)
    assert story.offers(61.0) == "c1>bob"


def test_chance_follows_the_weights_and_can_be_repeated() -> None:
    def day() -> dict[str, int]:
        heavy = Agent("ada", "Ada", queues={"q": 0}, weight=3)
        story = Story(heavy, agent("bob"), strategy="random")
        served = {"ada": 0, "bob": 0}
        for n in range(2000):
            now = float(n)
            story.free("ada", "bob", at=now)
            story.join(f"c{n}", now)
            who = story.offers(now).split(">")[1]
            served[who] += 1
            story.answered(f"c{n}", who, now)
        return served

    first = day()
    assert first == day()
    assert first["ada"] / 2000 == pytest.approx(0.75, abs=0.035)


def test_several_can_be_rung_and_the_others_stay_offered_until_they_are_freed() -> None:
    story = Story(agent("ada"), agent("bob"), agent("eve"), broadcast=2)
    story.free("ada", "bob", "eve")
    story.join("c1", 1.0)
    assert story.offers(1.0) == "c1>ada c1>bob"
    story.missed("c1", "ada", 2.0)
    assert story.offers(2.0) == ""  # bob still rings
    story.answered("c1", "bob", 3.0)
    story.join("c2", 3.0)
    assert story.offers(3.0) == "c2>eve"


# -- who may be chosen --------------------------------------------------------------------------
def test_only_the_skilled_are_offered_and_rings_relax_that() -> None:
    story = Story(agent("ada", en=3), rings=(Ring(10.0, {"en": 4}), Ring(30.0, {"en": 0})))
    story.free("ada")
    story.join("c1", 0.0, skills={"en": 5})
    assert story.offers(0.0) == ""
    assert story.router.deadline() == 10.0
    assert story.offers(10.0) == ""
    assert story.router.deadline() == 30.0
    assert story.offers(30.0) == "c1>ada"


def test_a_ring_brings_in_another_group() -> None:
    helper = Agent("eve", "Eve", groups=frozenset({"second"}))
    story = Story(agent("ada"), helper, rings=(Ring(10.0, {}, frozenset({"second"})),))
    story.free("eve")
    story.join("c1", 0.0)
    assert story.offers(9.9) == ""
    assert story.offers(10.0) == "c1>eve"


def test_a_caller_who_missed_somebody_goes_to_another_and_keeps_his_place() -> None:
    story = Story(agent("ada"), agent("bob"))
    story.free("ada")
    story.join("c1", 1.0)
    story.join("c2", 2.0)
    assert story.offers(2.0) == "c1>ada"
    story.missed("c1", "ada", 22.0)
    assert story.router.position("c1") == 1
    story.free("bob", at=22.0)
    assert story.offers(22.0) == "c1>bob"
    assert story.router.deadline() == 32.0  # ada's back-off
    assert story.offers(32.0) == "c2>ada"


def test_never_again_while_another_can_take_it_but_rather_again_than_never() -> None:
    story = Story(agent("ada"), agent("bob"), rona_back_off_seconds=0.0)
    story.free("ada")
    story.free("bob", at=0.0)
    story.router.agent_busy("bob", 0.0, "talking")
    story.join("c1", 1.0)
    story.join("c2", 2.0)
    assert story.offers(2.0) == "c1>ada"
    story.missed("c1", "ada", 3.0)
    # bob is at work and will be able to take c1, so ada gets the next one
    assert story.offers(3.0) == "c2>ada"
    story.answered("c2", "ada", 4.0)
    # nobody else waits: better ada again than a caller waiting before an idle agent
    story.free("ada", at=5.0)
    assert story.offers(5.0) == "c1>ada"
    # and when nobody else is at work at all, c1 keeps his turn
    story.missed("c1", "ada", 6.0)
    story.router.agent_busy("bob", 6.0, "offline")
    story.join("c3", 6.0)
    assert story.offers(6.0) == "c1>ada"


def test_reserved_agents_stay_free_for_others() -> None:
    story = Story(
        agent("ada", queues="q vip"),
        agent("bob", queues="q vip"),
        queues=(queue("q", reserved_idle=1), queue("vip")),
    )
    story.free("ada", "bob")
    story.join("c1", 1.0)
    story.join("c2", 1.0)
    assert story.offers(1.0) == "c1>ada"
    story.join("v1", 2.0, into="vip")
    assert story.offers(2.0) == "v1>bob"
    story.answered("v1", "bob", 3.0)
    story.answered("c1", "ada", 3.0)
    story.free("ada", at=4.0)
    assert story.offers(4.0) == ""
    story.free("bob", at=5.0)
    assert story.offers(5.0) == "c2>ada"


def test_chats_go_beside_each_other_and_a_call_wants_the_agent_alone() -> None:
    ada = Agent("ada", "Ada", queues={"q": 0, "chat": 0}, capacity={"voice": 1, "chat": 2})
    story = Story(ada, agent("bob", queues="chat"), queues=(queue(), queue("chat", media="chat")))
    story.free("ada", "bob")
    for n in (1, 2, 3):
        story.join(f"m{n}", float(n), into="chat")
    story.join("c1", 4.0)
    assert story.offers(4.0) == "m1>ada"  # bob takes calls alone
    story.router.accept("m1", 5.0)
    story.router.agent_load("ada", "chat", 1, 5.0)
    story.free("ada", at=5.0)
    assert story.offers(5.0) == "m2>ada"
    story.router.accept("m2", 6.0)
    story.router.agent_load("ada", "chat", 2, 6.0)
    story.free("ada", at=6.0)
    assert story.offers(6.0) == ""
    story.router.agent_load("ada", "chat", 0, 7.0)
    assert story.offers(7.0) == "m3>ada"


def test_work_in_the_background_is_interrupted_for_a_call() -> None:
    ada = Agent("ada", "Ada", queues={"q": 0, "work": 0}, capacity={"voice": 1, "work": 1})
    story = Story(ada, queues=(queue(), queue("work", media="work")))
    story.free("ada")
    story.router.agent_load("ada", "work", 1, 0.0)
    story.join("w1", 1.0, into="work")
    story.join("c1", 2.0)
    assert story.offers(2.0) == "c1>ada"


# -- preferred agent ----------------------------------------------------------------------------
def test_the_preferred_agent_is_waited_for_and_then_anybody_takes_it() -> None:
    story = Story(agent("ada"), agent("bob"), preferred_wait_seconds=30.0)
    story.free("ada", "bob")
    story.router.agent_busy("ada", 0.0, "talking")
    story.join("c1", 1.0, preferred_agent="ada")
    story.join("c2", 2.0)
    assert story.offers(2.0) == "c2>bob"
    story.answered("c2", "bob", 2.0)
    story.free("bob", at=3.0)
    assert story.offers(3.0) == ""
    assert story.router.deadline() == 31.0
    assert story.offers(31.0) == "c1>bob"


def test_the_preferred_agent_takes_his_caller_in_the_order_of_joining() -> None:
    story = Story(agent("ada"), preferred_wait_seconds=30.0)
    story.router.agent_busy("ada", 0.0, "talking")
    story.join("c1", 1.0)
    story.join("c2", 2.0, preferred_agent="ada")
    story.free("ada", at=3.0)
    assert story.offers(3.0) == "c1>ada"
    story.answered("c1", "ada", 3.0)
    story.free("ada", at=4.0)
    assert story.offers(4.0) == "c2>ada"


@pytest.mark.parametrize("why", ["offline", "paused", "lunch", "unreachable"])
def test_nobody_waits_for_a_preferred_agent_who_left(why: str) -> None:
    story = Story(agent("ada"), agent("bob"), preferred_wait_seconds=30.0)
    story.free("ada", "bob")
    story.router.agent_busy("ada", 0.0, "talking")
    story.join("c1", 1.0, preferred_agent="ada")
    assert story.offers(1.0) == ""
    story.router.agent_busy("ada", 2.0, why)
    assert story.offers(2.0) == "c1>bob"


def test_a_free_preferred_agent_comes_first_also_without_waiting_for_him() -> None:
    story = Story(agent("ada"), agent("bob"))
    story.free("bob", at=1.0)
    story.free("ada", at=2.0)
    story.join("c1", 3.0, preferred_agent="ada")
    assert story.offers(3.0) == "c1>ada"


def test_a_preferred_agent_may_become_known_while_the_caller_waits() -> None:
    story = Story(agent("ada"), agent("bob"), preferred_wait_seconds=30.0)
    for name in ("ada", "bob"):
        story.router.agent_busy(name, 0.0, "talking")
    story.join("c1", 1.0)
    wish: dict[str, Any] = {"priority": 0, "value_seconds": 0.0, "preferred_agent": "ada"}
    assert story.router.learn("c1", 2.0, **wish) is None
    story.free("bob", at=3.0)
    assert story.offers(3.0) == ""
    assert story.router.deadline() == 31.0
    assert story.router.learn("c1", 4.0, **wish | {"preferred_agent": None}) is None
    assert story.offers(4.0) == "c1>bob"
    assert story.router.learn("c9", 4.0, **wish) == Refusal("not-waiting", "c9 is not waiting.")


def test_what_becomes_known_while_it_rings_changes_nothing_of_the_offer() -> None:
    story = Story(agent("ada"), agent("bob"), preferred_wait_seconds=30.0)
    story.free("ada")
    story.join("c1", 1.0)
    assert story.offers(1.0) == "c1>ada"
    wish: dict[str, Any] = {"priority": 5, "value_seconds": 0.0, "preferred_agent": "bob"}
    assert story.router.learn("c1", 2.0, **wish) is None
    assert story.offers(2.0) == ""
    story.router.rejoin("c1", 3.0, missed_by="ada")
    story.free("bob", at=4.0)
    assert story.offers(4.0) == "c1>bob"


# -- order --------------------------------------------------------------------------------------
def test_one_order_over_all_queues_of_an_agent() -> None:
    story = Story(agent("ada", queues="a b"), queues=(queue("a"), queue("b")))
    story.join("c1", 1.0, into="b")
    story.join("c2", 2.0, into="a")
    story.join("c3", 3.0, into="b")
    served = []
    for now in (4.0, 5.0, 6.0):
        story.free("ada", at=now)
        served.append(story.offers(now))
        story.answered(served[-1].split(">")[0], "ada", now)
    assert served == ["c1>ada", "c2>ada", "c3>ada"]


def test_priority_is_worth_a_minute_and_can_be_changed_while_waiting() -> None:
    story = Story(agent("ada"))
    story.join("c1", 0.0)
    story.join("c2", 50.0, priority=1)
    story.join("c3", 55.0)
    assert [story.router.position(c) for c in ("c1", "c2", "c3")] == [2, 1, 3]
    assert story.router.reprioritise("c3", 5, 60.0) is None
    assert [story.router.position(c) for c in ("c1", "c2", "c3")] == [3, 2, 1]
    assert story.router.oldest("q") == 0.0
    story.free("ada", at=60.0)
    assert story.offers(60.0) == "c3>ada"
    assert story.router.reprioritise("c9", 1, 60.0) == Refusal("not-waiting", "c9 is not waiting.")


def test_deadline_order_serves_who_would_be_late_first() -> None:
    story = Story(
        agent("ada", queues="slow fast"),
        queues=(
            queue("slow", order="deadline", service_level_seconds=100.0),
            queue("fast", order="deadline", service_level_seconds=10.0),
        ),
    )
    story.join("c1", 0.0, into="slow")
    story.join("c2", 15.0, into="fast")
    story.free("ada", at=16.0)
    assert story.offers(16.0) == "c2>ada"


def test_moving_to_another_queue_keeps_the_waited_time() -> None:
    story = Story(agent("ada", queues="b"), queues=(queue("a"), queue("b", waiting_max=2)))
    story.join("c1", 1.0, into="b")
    story.join("c2", 0.0, into="a")
    assert story.router.move("c2", "b", 5.0) is None
    assert (story.router.position("c2"), story.router.position("c1")) == (1, 2)
    assert story.router.waiting("a") == 0
    story.join("c3", 6.0, into="a")
    refused = story.router.move("c3", "b", 6.0)
    assert refused == Refusal("full", "Queue B is full (2 waiting).")
    assert story.router.position("c3") == 1


# -- the door -----------------------------------------------------------------------------------
def test_joining_is_refused_with_a_reason() -> None:
    story = Story(agent("ada"), queues=(queue(waiting_max=1), queue("shut", enabled=False)))
    story.join("c1", 0.0)

    def code(name: str, into: str) -> str | None:
        refusal = story.router.join(Entry(name, into, 0.0), 0.0)
        return None if refusal is None else refusal.code

    assert code("c1", "q") == "already-waiting"
    assert code("c2", "q") == "full"
    assert code("c2", "nowhere") == "unknown-queue"
    assert code("c2", "shut") == "queue-closed"


def test_unknown_names_are_ignored_where_a_fact_may_come_late() -> None:
    story = Story(agent("ada"))
    story.router.leave("nobody", 1.0)
    story.router.accept("nobody", 1.0)
    story.router.rejoin("nobody", 1.0, missed_by="ada")
    assert story.router.position("nobody") is None
    assert story.router.estimate("nobody", 1.0) is None
    assert story.router.waiting("nowhere") == 0
    assert story.router.oldest("nowhere") is None
    assert story.router.queue_estimate("nowhere", 1.0) is None
    assert story.router.deadline() is None


def test_a_caller_who_was_cut_off_gets_his_place_back() -> None:
    story = Story(agent("ada"), resume_place_seconds=300.0)
    story.join("c1", 0.0, identity="+4930123")
    story.join("c2", 10.0)
    story.router.leave("c1", 20.0)
    story.join("c3", 200.0, identity="+4930123")
    assert story.router.position("c3") == 1
    assert story.router.oldest("q") == 0.0
    story.router.leave("c3", 210.0)
    story.join("c4", 600.0, identity="+4930123")  # too late
    assert story.router.position("c4") == 2


def test_who_was_answered_does_not_get_an_old_place() -> None:
    story = Story(agent("ada"), resume_place_seconds=300.0)
    story.free("ada")
    story.join("c1", 0.0, identity="+4930123")
    assert story.offers(0.0) == "c1>ada"
    story.answered("c1", "ada", 1.0)
    story.join("c2", 10.0)
    story.join("c3", 20.0, identity="+4930123")
    assert story.router.position("c3") == 2


# -- configuration ------------------------------------------------------------------------------
def test_a_new_skill_counts_at_once() -> None:
    story = Story(agent("ada", en=1))
    story.free("ada")
    story.join("c1", 1.0, skills={"en": 5})
    assert story.offers(1.0) == ""
    story.router.configure(story.queues, {"ada": agent("ada", en=5)}, 2.0)
    assert story.offers(2.0) == "c1>ada"


def test_who_is_taken_out_of_a_queue_gets_nothing_from_it() -> None:
    story = Story(agent("ada"))
    story.free("ada")
    assert story.offers(0.0) == ""
    story.router.configure(story.queues, {"ada": agent("ada", queues="other")}, 1.0)
    story.join("c1", 1.0)
    assert story.offers(1.0) == ""
    story.router.configure(story.queues, {"ada": agent("ada")}, 2.0)
    assert story.offers(2.0) == "c1>ada"


def test_a_queue_that_is_gone_is_still_served_but_takes_nobody() -> None:
    story = Story(agent("ada"))
    story.join("c1", 0.0)
    story.router.configure({}, story.agents, 1.0)
    refusal = story.router.join(Entry("c2", "q", 1.0), 1.0)
    assert refusal is not None
    assert refusal.code == "queue-closed"
    story.free("ada", at=2.0)
    assert story.offers(2.0) == "c1>ada"
    story.answered("c1", "ada", 3.0)
    story.router.configure({}, story.agents, 4.0)
    refusal = story.router.join(Entry("c2", "q", 1.0), 5.0)
    assert refusal is not None
    assert refusal.code == "unknown-queue"


def test_changed_rules_apply_to_who_waits_already() -> None:
    story = Story(agent("ada"))
    story.join("c1", 0.0)
    story.join("c2", 50.0, priority=1)
    assert story.router.position("c2") == 1
    story.router.configure({"q": Queue("q", "Q", priority_seconds=10.0)}, story.agents, 60.0)
    assert story.router.position("c2") == 2


def test_free_is_not_a_reason_to_be_busy() -> None:
    with pytest.raises(ValueError, match="agent_free"):
        Story(agent("ada")).router.agent_busy("ada", 0.0, "free")


def test_a_call_leaves_no_reference_cycle_behind() -> None:
    """So the engine's memory does not depend on when the garbage collector runs."""
    story = Story(agent("ada"), agent("bob"), preferred_wait_seconds=5.0, wait_max_seconds=60.0)

    def day(start: int) -> None:
        for n in range(start, start + 200):
            now = 10.0 * n
            story.free("ada", "bob", at=now)
            story.join(f"c{n}", now, preferred_agent="bob", identity=f"i{n}")
            who = story.offers(now).split(">")[1]
            if n % 3 == 0:
                story.missed(f"c{n}", who, now)
                story.offers(now)
            story.router.accept(f"c{n}", now)
            story.router.agent_busy(who, now, "talking")

    day(0)
    gc.collect()
    gc.disable()
    try:
        day(200)
        assert gc.collect() == 0
    finally:
        gc.enable()


# -- priorities that age at their own pace --------------------------------------------------------
def test_who_ages_faster_overtakes_while_he_waits() -> None:
    story = Story(agent("ada"), priority_seconds=0.0, ageing={1: 3.0})
    story.router.agent_busy("ada", 0.0, "talking")
    story.join("slow", 0.0)
    story.join("fast", 60.0, priority=1)
    assert story.offers(80.0) == ""
    assert [story.router.position(name) for name in ("slow", "fast")] == [1, 2]
    assert story.offers(100.0) == ""
    assert [story.router.position(name) for name in ("slow", "fast")] == [2, 1]
    story.free("ada", at=100.0)
    assert story.offers(100.0) == "fast>ada"


def test_another_ageing_applies_to_who_waits_already() -> None:
    story = Story(agent("ada"), priority_seconds=0.0)
    story.router.agent_busy("ada", 0.0, "talking")
    story.join("slow", 0.0)
    story.join("fast", 60.0, priority=1)
    ageing = {"q": queue(priority_seconds=0.0, ageing={1: 3.0})}
    story.router.configure(ageing, story.agents, 90.0)
    story.router.configure(story.queues, story.agents, 91.0)
    story.router.configure(ageing, story.agents, 92.0)
    story.free("ada", at=100.0)
    assert story.offers(100.0) == "fast>ada"


# -- who is idle where ----------------------------------------------------------------------------
def test_an_agent_taken_by_one_queue_stands_behind_when_he_sits_down_again() -> None:
    story = Story(
        agent("ada", queues="q r"), agent("bob", queues="q r"), queues=(queue("q"), queue("r"))
    )
    story.free("ada", at=0.0)
    story.free("bob", at=1.0)
    story.join("c1", 2.0, into="r")
    assert story.offers(2.0) == "c1>ada"
    story.answered("c1", "ada", 2.0)
    story.free("ada", at=3.0)
    assert story.offers(3.0) == ""
    story.join("c2", 4.0, into="q")
    assert story.offers(4.0) == "c2>bob"
