"""The rules one by one, with hand-worked numbers."""

from __future__ import annotations

import pytest

from acd import rules
from acd.model import Agent, Entry, Queue, Ring

pytestmark = pytest.mark.pure

RINGS = (Ring(10.0, {"en": 3}), Ring(20.0, {"en": 0}, frozenset({"second"})))


def test_rings_open_in_the_order_of_their_times() -> None:
    queue = Queue("q", "Q", rings=(RINGS[1], RINGS[0]))
    assert rules.rings_of(queue) == RINGS
    assert [rules.ring_at(RINGS, 100.0, now) for now in (100.0, 109.9, 110.0, 120.0, 999.0)] == [
        0,
        0,
        1,
        2,
        2,
    ]


def test_a_ring_relaxes_and_never_asks_for_more() -> None:
    skills = {"en": 5, "tech": 2}
    assert rules.requirement(skills, RINGS, 0) == {"en": 5, "tech": 2}
    assert rules.requirement(skills, RINGS, 1) == {"en": 3, "tech": 2}
    assert rules.requirement(skills, RINGS, 2) == {"tech": 2}
    assert rules.requirement({"en": 2}, RINGS, 1) == {"en": 2}
    assert rules.requirement({}, RINGS, 1) == {}


def test_membership_by_name_by_group_and_by_ring() -> None:
    queue = Queue("q", "Q", rings=RINGS, groups=frozenset({"first"}))

    def ring(**agent: object) -> int | None:
        return rules.member_ring(Agent("a", "A", **agent), queue, RINGS)  # type: ignore[arg-type]

    assert ring(queues={"q": 3}) == 0
    assert ring(groups=frozenset({"first"})) == 0
    assert ring(groups=frozenset({"second"})) == 2
    assert ring(queues={"other": 0}) is None


def test_the_first_lacking_skill_is_named() -> None:
    agent = Agent("a", "A", skills={"en": 4})
    assert rules.lacking(agent, {"en": 4}) is None
    assert rules.lacking(agent, {"zh": 1, "en": 5}) == ("en", 5)
    assert rules.lacking(agent, {"zh": 1}) == ("zh", 1)


@pytest.mark.parametrize(
    ("entry", "queue", "key"),
    [
        (Entry("e", "q", 1000.0), Queue("q", "Q"), 1000.0),
        (Entry("e", "q", 1000.0, priority=2), Queue("q", "Q"), 880.0),
        (Entry("e", "q", 1000.0, priority=-1), Queue("q", "Q"), 1060.0),
        (Entry("e", "q", 1000.0, value_seconds=50.0), Queue("q", "Q"), 950.0),
        (Entry("e", "q", 1000.0, value_seconds=500.0), Queue("q", "Q"), 880.0),
        (Entry("e", "q", 1000.0, value_seconds=-500.0), Queue("q", "Q"), 1000.0),
        (Entry("e", "q", 1000.0), Queue("q", "Q", order="deadline"), 1020.0),
    ],
)
def test_the_key_is_joining_less_priority_and_value(entry: Entry, queue: Queue, key: float) -> None:
    assert rules.order_key(entry, queue) == key


def test_a_late_call_comes_before_one_that_can_still_be_in_time() -> None:
    # Joined at 0 and 15, targets of 100 and 10 seconds: the deadlines are 100 and 25.
    assert rules.turn(25.0, 10.0, 1.0, 20.0) < rules.turn(100.0, 100.0, 1.0, 20.0)
    # At 110 both are late; now the longer wait counts, not the deadline.
    assert rules.turn(100.0, 100.0, 1.0, 110.0) < rules.turn(25.0, 10.0, 1.0, 110.0)


def test_who_ages_faster_overtakes_in_time() -> None:
    queue = Queue("q", "Q", priority_seconds=0.0, ageing={1: 3.0})
    slow, fast = Entry("s", "q", 0.0), Entry("f", "q", 60.0, priority=1)

    def turn(entry: Entry, now: float) -> rules.Turn:
        key, slope = rules.order_key(entry, queue), rules.slope(entry, queue)
        return rules.turn(key, 0.0, slope, now)

    assert turn(slow, 80.0) < turn(fast, 80.0)  # 80 s against 3 x 20 s
    assert turn(slow, 100.0) > turn(fast, 100.0)  # 100 s against 3 x 40 s


def test_a_head_start_is_worth_the_same_seconds_at_any_pace() -> None:
    queue = Queue("q", "Q", priority_seconds=60.0, ageing={1: 3.0})
    entry = Entry("f", "q", 100.0, priority=1)
    key = rules.order_key(entry, queue)
    assert rules.aged(key, rules.slope(entry, queue), 100.0) == 100.0 - 60.0


def test_deadlines_do_not_age() -> None:
    queue = Queue("q", "Q", order="deadline", ageing={1: 3.0})
    assert rules.slope(Entry("f", "q", 0.0, priority=1), queue) == 1.0
