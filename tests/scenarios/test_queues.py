"""Numbers without a flow, queues that are full, closed, gone, or too slow."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from acd.model import Overflow
from callcenter.clock_changes import utc_offsets
from callcenter.core.commands import FinishWrapUp, Pause
from callcenter.core.effects import PlayPrompt
from callcenter.core.inputs import ConfigChanged, Tick
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.houses import SALES, SUPPORT, house, main_flow

pytestmark = pytest.mark.pure


def test_a_number_that_leads_nowhere_goes_to_the_fallback_with_an_alarm() -> None:
    world = open_house()
    line = world.asterisk.dial_in("100", did="999")
    world.run(0.1)
    assert line.place == "diverted"
    assert "no-flow" in world.alarms()
    world.run(60)
    assert world.store.interactions[line.id].outcome == "diverted"


def test_a_full_queue_leaves_by_the_overflow_port_to_voicemail() -> None:
    config = house(replace(SUPPORT, waiting_max=1), SALES, flow=main_flow(overflow=True))
    world = open_house(config=config)
    caller_in(world)
    second = caller_in(world)
    world.run(20)
    assert [message.box for message in world.store.voicemails.values()] == ["main"]
    assert "not-queued" in world.store.timeline(second.id)
    row = world.screens.queues["support"]
    assert (row.offered, row.waiting, row.diverted) == (1, 1, 0)


def test_a_full_queue_without_a_way_out_ends_in_the_fallback() -> None:
    world = open_house(config=house(replace(SUPPORT, waiting_max=1), SALES))
    caller_in(world)
    second = caller_in(world)
    world.run(0.1)
    assert second.place == "diverted"


def test_who_waits_too_long_is_sent_to_voicemail() -> None:
    rule = Overflow("voicemail", "main", after_seconds=30.0)
    world = open_house(config=house(replace(SUPPORT, overflow=(rule,)), SALES))
    line = caller_in(world)
    world.run(45)
    (message,) = world.store.voicemails.values()
    assert (message.call, message.box_kind, message.box) == (line.id, "general", "main")
    row = world.screens.queues["support"]
    assert (row.offered, row.diverted, row.waiting) == (1, 1, 0)
    assert world.store.interactions[line.id].outcome == "diverted"


def test_who_waits_too_long_is_told_so_before_we_hang_up() -> None:
    rule = Overflow("hangup", "goodbye", after_seconds=30.0)
    world = open_house(config=house(replace(SUPPORT, overflow=(rule,)), SALES))
    line = caller_in(world)
    said: list[str] = []
    world.asterisk.speaks = lambda _, prompt: said.extend(item.value for item in prompt.items)
    world.run(30.5)
    assert said[-1] == "goodbye"
    assert line.id in world.asterisk.lines  # it is being said
    world.run(10)
    assert line.id not in world.asterisk.lines
    record = world.store.interactions[line.id]
    assert (record.outcome, record.ended_by) == ("refused", "system")


def test_a_link_that_breaks_while_he_is_told_says_it_again() -> None:
    rule = Overflow("hangup", "goodbye", after_seconds=30.0)
    world = open_house(config=house(replace(SUPPORT, overflow=(rule,)), SALES))
    line = caller_in(world)
    world.run(30.5)
    world.link_down()
    world.run(5)
    world.link_up()
    world.run(10)
    assert line.id not in world.asterisk.lines


def test_who_waits_too_long_is_sent_to_another_queue_with_the_time_waited() -> None:
    rule = Overflow("queue", "sales", after_seconds=30.0)
    world = open_house("cy", config=house(replace(SUPPORT, overflow=(rule,)), SALES))
    line = caller_in(world)
    joined = world.call_row(line.id).joined_at
    world.run(31)
    row = world.call_row(line.id)
    assert (row.queue, row.agent, row.joined_at) == ("sales", "cy", joined)


def test_who_waits_is_sent_on_when_the_last_idle_agent_of_another_queue_goes() -> None:
    """`unless_idle_in` is looked at again while the caller waits."""
    rule = Overflow("voicemail", "main", after_seconds=10.0, unless_idle_in="sales")
    world = open_house("cy", config=house(replace(SUPPORT, overflow=(rule,)), SALES))
    line = caller_in(world)
    world.run(30)
    assert world.call_row(line.id).queue == "support"  # cy is idle
    assert world.call_row(line.id).stage == "waiting"
    world.click("cy", Pause("lunch"))
    world.run(20)
    assert [message.call for message in world.store.voicemails.values()] == [line.id]
    assert "overflow" in world.store.timeline(line.id)


def test_who_waits_is_sent_to_another_queue_once_it_is_quick_enough() -> None:
    """`other_estimate_under_seconds` is looked at again while the caller waits."""
    rule = Overflow("queue", "sales", after_seconds=5.0, other_estimate_under_seconds=10.0)
    world = open_house(config=house(replace(SUPPORT, overflow=(rule,)), SALES))
    line = caller_in(world)
    joined = world.call_row(line.id).joined_at
    world.run(30)
    assert world.call_row(line.id).queue == "support"  # nothing is known of sales' speed
    world.on_duty("cy")
    world.run(2)
    row = world.call_row(line.id)
    assert (row.queue, row.agent, row.joined_at) == ("sales", "cy", joined)


def test_who_would_wait_too_long_by_the_estimate_is_sent_on_and_who_stands_before_stays() -> None:
    """`when_estimate_over_seconds` follows what the queue learns of its own speed."""
    rule = Overflow("queue", "sales", when_estimate_over_seconds=60.0)
    support = replace(SUPPORT, overflow=(rule,), wrap_up_seconds=1)
    world = open_house("ada", config=house(support, SALES))
    for _ in range(4):  # the queue learns: a talk takes about 50 s
        talking(world)
        world.run(50)
        world.asterisk.agent_hangs_up("adaweb")
        world.run(0.1)
        world.click("ada", FinishWrapUp(str(world.screens.agents["ada"].call), "solved"))
        world.run(1)
    talking(world)
    first, *others = (caller_in(world) for _ in range(4))
    world.run(2)
    queues = [str(world.call_row(line.id).queue) for line in (first, *others)]
    assert queues[0] == "support"
    assert queues[-1] == "sales"
    assert queues == sorted(queues, reverse=True)  # from the end of the line forward
    estimate = world.centre.state.router.estimate(first.id, world.now)
    assert estimate is not None
    assert sum(estimate) / 2 <= 60.0


def test_queues_that_send_a_caller_round_lose_him_to_the_fallback() -> None:
    there = replace(SUPPORT, overflow=(Overflow("queue", "sales", after_seconds=30.0),))
    back = replace(SALES, overflow=(Overflow("queue", "support", after_seconds=30.0),))
    world = open_house(config=house(there, back))
    line = caller_in(world)
    world.run(31)
    assert line.place == "diverted"


def test_a_flow_without_an_overflow_port_does_not_go_round_for_ever() -> None:
    rule = Overflow("flow", after_seconds=30.0)
    world = open_house(config=house(replace(SUPPORT, overflow=(rule,)), SALES))
    line = caller_in(world)
    world.run(31)
    assert line.place == "diverted"
    assert len(world.store.timeline(line.id)) < 40


def test_callers_of_a_queue_that_is_taken_out_are_sent_on() -> None:
    world = open_house(config=house(SUPPORT, SALES, flow=main_flow(overflow=True)))
    line = caller_in(world)
    world.step(ConfigChanged(house(SALES, flow=main_flow(overflow=True))))
    world.run(20)
    assert [message.call for message in world.store.voicemails.values()] == [line.id]
    assert world.centre.state.orphaned == {}


def test_a_talk_goes_on_when_its_queue_is_taken_out() -> None:
    world = open_house("ada")
    line = talking(world)
    world.step(ConfigChanged(house(SALES)))
    world.run(1)
    assert line.place == "talking"
    world.link_down()
    world.link_up()
    world.run(1)
    assert line.place == "talking"
    assert world.call_row(line.id).stage == "talking"


def test_a_phone_that_rings_when_its_queue_is_taken_out_may_still_be_answered() -> None:
    world = open_house("ada")
    line = caller_in(world)
    world.step(ConfigChanged(house(SALES)))
    world.run(1)
    world.asterisk.answer("adaweb")
    world.run(0.1)
    assert world.call_row(line.id).stage == "talking"


def test_the_waiting_hear_their_position_again_and_again() -> None:
    world = open_house()
    spoken: list[str] = []
    world.asterisk.speaks = lambda line, prompt: spoken.append(words(prompt))
    caller_in(world)
    second = caller_in(world)
    spoken.clear()
    world.run(100)
    assert world.call_row(second.id).position == 2
    assert spoken.count("queue-position 2 queue-thanks") == 2
    assert second.music


def words(prompt: PlayPrompt) -> str:
    return " ".join(item.value for item in prompt.items)


def at_clock(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Asia/Shanghai", "2027-03-09T23:59:00+08:00", "2027-03-10T00:00:30+08:00"),
        # The clocks go forward at 02:00: the day that begins now has 23 hours, the next has 24.
        ("Europe/Berlin", "2027-03-27T23:59:00+01:00", "2027-03-28T00:00:30+01:00"),
        ("Europe/Berlin", "2027-03-28T23:59:00+02:00", "2027-03-29T00:00:30+02:00"),
        ("Europe/Berlin", "2027-10-31T23:59:00+01:00", "2027-11-01T00:00:30+01:00"),
    ],
)
def test_the_day_begins_at_midnight_of_the_centres_time_zone(
    zone: str, before: str, after: str
) -> None:
    offsets = utc_offsets(zone, range(2026, 2030))
    world = open_house(config=replace(house(), time_zone=zone, utc_offsets=offsets))
    world.agenda.now = at_clock(before)
    world.step(Tick())
    world.asterisk.caller_hangs_up(caller_in(world))
    world.run(0.1)
    assert world.screens.queues["support"].offered == 1
    world.agenda.now = at_clock(after)
    world.step(Tick())
    assert world.screens.queues["support"].offered == 0


def test_clocks_that_are_set_back_at_midnight_do_not_begin_the_day_twice() -> None:
    midnight = at_clock("2027-10-17T00:00:00-02:00")  # then it is 23:00 once more
    offsets = ((0.0, -7200.0), (midnight, -10_800.0))
    config = replace(house(), utc_offsets=offsets)
    assert config.day(midnight) == config.day(midnight - 1) == config.day(midnight + 3600) - 1
    ahead = ((0.0, -7200.0), (midnight + 600, -10_800.0))  # set back ten minutes into the day
    world = open_house(config=replace(house(), utc_offsets=ahead))
    world.agenda.now = midnight + 1
    world.step(Tick())
    world.asterisk.caller_hangs_up(caller_in(world))
    for later in (601, 3601):
        world.agenda.now = midnight + later
        world.step(Tick())
        assert world.screens.queues["support"].offered == 1


def test_another_time_zone_begins_no_day_before_its_midnight() -> None:
    world = open_house()
    world.agenda.now = at_clock("2027-03-09T20:00:00+00:00")
    world.step(Tick())
    world.asterisk.caller_hangs_up(caller_in(world))
    offsets = utc_offsets("Asia/Shanghai", range(2026, 2030))  # there it is the 10th already
    world.step(ConfigChanged(replace(house(version=2), utc_offsets=offsets)))
    world.run(0.1)
    assert world.screens.queues["support"].offered == 1
    world.agenda.now = at_clock("2027-03-11T00:00:30+08:00")
    world.step(Tick())
    assert world.screens.queues["support"].offered == 0


def test_the_day_begins_at_midnight_although_nothing_happens_at_night() -> None:
    world = open_house()
    world.agenda.now = at_clock("2027-03-09T20:00:00+00:00")
    world.step(Tick())
    world.asterisk.caller_hangs_up(caller_in(world))
    world.run_until(at_clock("2027-03-09T23:59:59+00:00"))
    assert world.screens.queues["support"].offered == 1
    world.run_until(at_clock("2027-03-10T00:00:00+00:00"))
    assert world.screens.queues["support"].offered == 0


def test_figures_of_the_day_begin_again_at_midnight_and_still_add_up() -> None:
    world = open_house()
    gone = caller_in(world)
    stays = caller_in(world)
    world.asterisk.caller_hangs_up(gone)
    world.run(0.1)
    assert world.screens.queues["support"].offered == 2
    world.agenda.now += 86_400
    world.run(0.1)
    row = world.screens.queues["support"]
    assert (row.offered, row.abandoned, row.waiting) == (1, 0, 1)
    world.asterisk.caller_hangs_up(stays)
    world.run(0.1)
    assert world.screens.queues["support"].abandoned == 1
