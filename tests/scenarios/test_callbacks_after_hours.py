"""Callbacks that were asked for when nobody could call: they wait from when the hours begin, in the
order in which they were asked for. The stories begin on a Friday at 08:00 UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from callcenter.core.callbacks_asked import told
from callcenter.core.commands import AskCallback, CancelCallback, DialCallbackNow, PostponeCallback
from callcenter.core.config import CallbackPolicy
from callcenter.core.inputs import ConfigChanged
from callcenter.runtime.journal import Journal
from tests.scenarios.test_callbacks import (
    AGENT_FIRST,
    PLAIN,
    SUPPORT,
    XU,
    YAN,
    ZOE,
    asks,
    config,
    dialled,
    figures,
    waiting,
)
from tests.world.world import START, World

pytestmark = pytest.mark.pure

HOURS = {"mon-fri": "09:00-17:00"}
CLOSED = replace(PLAIN, hours=HOURS)
OPENS = START + 3600.0


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path)
    yield made
    made.close()


def early(policy: CallbackPolicy = CLOSED, journal: Journal | None = None) -> World:
    """An hour before the hours begin."""
    world = World(config(policy), journal=journal).start()
    world.run(0.1)
    return world


def in_line(world: World) -> list[str]:
    """The numbers of those who wait to be called, in order."""
    place = world.centre.state.router.position
    found = [(place(id), one.number) for id, one in world.centre.state.callbacks.items()]
    return [number for at, number in sorted((at, number) for at, number in found if at is not None)]


@pytest.mark.parametrize(
    "policy", [CLOSED, replace(AGENT_FIRST, hours=HOURS)], ids=["customer first", "agent first"]
)
def test_they_wait_for_nothing_at_night_and_are_called_in_the_order_of_asking(
    policy: CallbackPolicy,
) -> None:
    world = early(policy)
    for id, number in (("cb-z", ZOE), ("cb-a", YAN)):  # whatever their names are
        assert world.supervise(AskCallback(id, "support", number)) is None
        world.run(60)
    assert asks(world, XU).startswith("cb-c")
    assert figures(world) == (0, None, 0, 3, OPENS)
    assert {row.state for row in world.store.callbacks.values()} == {"after-hours"}
    assert {row.joined_at for row in world.store.callbacks.values()} == {OPENS}
    world.run(OPENS - world.now + 0.5)
    assert in_line(world) == [ZOE, YAN, XU]
    assert figures(world) == (3, OPENS, 3, 0, None)
    late = waiting(world, "+8613900000004")
    assert world.centre.state.router.position(late.id) == 4
    world.asterisk.caller_hangs_up(late)
    world.run(OPENS + 30 - world.now)
    world.on_duty("ada")
    world.run(2)
    customer = dialled(world)
    assert customer.number == ZOE
    world.asterisk.customer_answers(customer)
    world.run(0.5)
    assert world.asterisk.answer("adaweb")
    world.run(0.1)
    (said,) = [line for line in world.store.lines("cb-z") if line.kind == "answered"]
    assert said.data["waited"] == pytest.approx(world.now - OPENS, abs=2)


def test_who_stood_in_line_when_the_hours_ended_keeps_his_place() -> None:
    """He asked while somebody could have called him."""
    world = early(replace(PLAIN, hours={"mon-sun": "00:00-08:10, 09:00-17:00"}))
    asks(world, ZOE)
    joined = world.store.callbacks["cb-c1"].joined_at
    world.run(600)
    assert world.supervise(AskCallback("cb-staff", "support", YAN)) is None
    assert figures(world) == (1, joined, 1, 1, OPENS)
    world.run(OPENS - world.now + 1)
    assert in_line(world) == [ZOE, YAN]
    assert figures(world) == (2, joined, 2, 0, None)
    assert world.screens.queues["support"].callbacks_due == 2


def test_who_asks_again_at_night_is_called_once_at_his_older_place() -> None:
    world = early()
    asks(world, ZOE)
    asks(world, YAN)
    asks(world, ZOE)
    assert figures(world) == (0, None, 0, 2, OPENS)
    said = told(world.centre.state, world.centre.state.callbacks["cb-c1"], world.now)
    assert (said["position"], said["date"], said["time"]) == (None, "2027-01-15", "09:00")
    world.run(OPENS - world.now + 1)
    assert in_line(world) == [ZOE, YAN]


def test_who_had_agreed_to_a_day_and_asks_at_night_is_called_when_the_hours_begin() -> None:
    world = early()
    tomorrow = START + 3 * 86_400 + 3 * 3600
    assert world.supervise(AskCallback("cb-x", "support", ZOE, not_before=tomorrow)) is None
    asks(world, ZOE)
    assert figures(world) == (0, None, 0, 1, OPENS)
    assert world.store.callbacks["cb-x"].state == "after-hours"
    assert world.supervise(PostponeCallback("cb-x", tomorrow)) is None
    assert figures(world) == (0, None, 0, 1, tomorrow)
    assert world.store.callbacks["cb-x"].state == "scheduled"


def test_who_calls_by_himself_before_the_hours_begin_is_not_called_any_more() -> None:
    world = early()
    callback = asks(world, ZOE)
    waiting(world, ZOE)
    assert world.store.callbacks[callback].outcome == "returned"
    assert figures(world)[2:] == (1, 0, None)  # one caller, who waits by himself
    world.run(OPENS - world.now + 1)
    assert world.asterisk.dialled == []


def test_staff_cancel_it_and_cannot_dial_it_before_its_hours() -> None:
    world = early()
    callback = asks(world, ZOE)
    assert world.supervise(DialCallbackNow(callback)) == "outside-hours"
    assert world.supervise(CancelCallback(callback)) is None
    world.run(0.1)
    assert figures(world) == (0, None, 0, 0, None)
    assert world.screens.queues["support"].abandoned == 0


@pytest.mark.parametrize(
    ("hours", "opens"),
    [({}, 0.0), ({"mon-fri": "08:30-17:00"}, 1800.0), ({"mon-fri": "10:00-17:00"}, 7200.0)],
    ids=["any time", "earlier", "later"],
)
def test_other_hours_hold_at_once_for_who_waits_for_them(
    hours: dict[str, str], opens: float
) -> None:
    world = early()
    asks(world, ZOE)
    changed = max(world.now, START + opens)
    made = config(replace(CLOSED, hours=hours))
    world.step(ConfigChanged(replace(made, version=2)))
    assert world.screens.queues["support"].next_scheduled_at == pytest.approx(changed, abs=1)
    world.run(changed - world.now + 1)
    assert in_line(world) == [ZOE]
    assert figures(world)[1] == pytest.approx(changed, abs=1)


def test_a_queue_that_is_switched_off_keeps_who_was_promised_a_call() -> None:
    world = early()
    callback = asks(world, ZOE)
    off = replace(config(CLOSED, replace(SUPPORT, enabled=False)), version=2)
    world.step(ConfigChanged(off))
    assert world.supervise(AskCallback("cb-x", "support", YAN)) is not None
    world.run(OPENS - world.now + 1)
    assert in_line(world) == [ZOE]
    gone = replace(off, version=3, queues={"sales": replace(SUPPORT, id="sales")})
    world.step(ConfigChanged(gone))
    world.run(1)
    assert world.store.callbacks[callback].outcome == "queue-gone"


@pytest.mark.parametrize("cold", [False, True], ids=["with the journal", "with the database"])
@pytest.mark.parametrize("away", [3.0, 5400.0], ids=["before the hours", "when they have begun"])
def test_a_night_outlives_a_restart(journal: Journal, cold: bool, away: float) -> None:
    world = early(journal=journal)
    for id, number in (("cb-z", ZOE), ("cb-a", YAN)):
        assert world.supervise(AskCallback(id, "support", number)) is None
        world.run(60)
    world.die()
    world.run(away)
    world.come_back(cold=cold)
    world.run(1)
    if away < 3600:
        assert figures(world) == (0, None, 0, 2, OPENS)
        world.run(OPENS - world.now + 1)
    assert in_line(world) == [ZOE, YAN]
    assert figures(world) == (2, OPENS, 2, 0, None)
