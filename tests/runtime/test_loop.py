"""The loop: steps in order, one timer, an end with a reason when the core fails. Nothing sleeps:
the event loop is turned by hand."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from callcenter.core.centre import Centre
from callcenter.core.effects import AsteriskEffect, Effect, LookUpCaller, ScreenEffect, StoreEffect
from callcenter.core.inputs import (
    CallArrived,
    CallEnded,
    ConfigChanged,
    EpochTaken,
    Input,
    LinkChanged,
    Snapshot,
    Tick,
)
from callcenter.runtime import loop as module
from callcenter.runtime.journal import Journal, read_lines
from callcenter.runtime.loop import CoreFailed, Loop
from tests.world.houses import house

pytestmark = pytest.mark.pure


class SetClock:
    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time


class Ports:
    """All three at once: they keep what they are given."""

    def __init__(self) -> None:
        self.done: list[Effect] = []

    def perform(self, effect: AsteriskEffect | StoreEffect | ScreenEffect) -> None:
        self.done.append(effect)

    async def run(self) -> None:
        raise NotImplementedError("nobody runs these")


class Seen(Centre):
    """The real centre; it notes what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Input] = []

    def step(self, fact: Input, now: float) -> list[Effect]:
        self.given.append(fact)
        if isinstance(fact, CallEnded) and fact.call == "poison":
            raise ZeroDivisionError("a bug")
        return super().step(fact, now)


def built(folder: Path, centre: Centre) -> tuple[Loop, Ports, SetClock]:
    clock, ports = SetClock(), Ports()
    journal = Journal(folder)
    journal.open_segment(Centre())
    loop = Loop(centre, clock, journal)
    loop.attach(ports, ports, ports)
    return loop, ports, clock


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


START: tuple[Input, ...] = (
    EpochTaken(1),
    ConfigChanged(house()),
    LinkChanged("n", True),
    Snapshot("n", (), {}),
)


def test_inputs_are_stepped_in_the_order_they_came(tmp_path: Path) -> None:
    centre = Seen()
    loop, ports, _ = built(tmp_path, centre)

    async def story() -> None:
        loop.put(EpochTaken(1))  # before it runs: kept
        running = asyncio.create_task(loop.run())
        await turns()
        for fact in (*START[1:], CallArrived("c1", "ch", "100", "", "4000"), CallEnded("c1")):
            loop.put(fact)
        assert loop.waiting == 5
        await turns()
        assert loop.waiting == 0
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(story())
    kinds = [type(fact).__name__ for fact in centre.given]
    assert kinds == [
        "EpochTaken",
        "ConfigChanged",
        "LinkChanged",
        "Snapshot",
        "CallArrived",
        "CallEnded",
    ]
    assert loop.steps == 6
    assert any(isinstance(effect, LookUpCaller) for effect in ports.done)
    (segment,) = tmp_path.glob("inputs-*.jsonl")
    assert [line.fact for line in read_lines(segment)] == centre.given


def test_there_is_one_timer_and_it_is_set_to_the_next_deadline(tmp_path: Path) -> None:
    loop, _, clock = built(tmp_path, Seen())

    async def story() -> None:
        running = asyncio.create_task(loop.run())
        await turns()
        assert loop._timer is None  # nothing is due, ever: it knows of no day
        for fact in (*START, CallArrived("c1", "ch", "100", "", "4000")):
            loop.put(fact)
        await turns()
        first = loop._timer
        assert first is not None
        deadline = loop.centre.deadline()
        assert deadline == pytest.approx(clock.time + 90.0)
        assert first.when() - asyncio.get_running_loop().time() == pytest.approx(90.0, abs=1.0)
        loop.put(CallArrived("c2", "ch2", "100", "", "4000"))
        await turns()
        assert first.cancelled()
        assert loop._timer is not None
        assert not loop._timer.cancelled()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert loop._timer is None or loop._timer.cancelled()

    asyncio.run(story())


def test_the_timer_is_a_tick(tmp_path: Path) -> None:
    centre = Seen()
    loop, _, clock = built(tmp_path, centre)

    async def story() -> None:
        for fact in (*START, CallArrived("c1", "ch", "100", "", "4000")):
            loop.put(fact)
        running = asyncio.create_task(loop.run())
        await turns()
        clock.time += 91.0
        loop._arm()  # as after any input: the deadline has passed, so it is due at once
        await turns(20)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(story())
    assert Tick() in centre.given


def test_a_core_that_fails_ends_the_loop_with_the_reason(tmp_path: Path) -> None:
    centre = Seen()
    loop, _, _ = built(tmp_path, centre)

    async def story() -> None:
        for fact in (*START, CallEnded("poison"), CallEnded("later")):
            loop.put(fact)
        with pytest.raises(CoreFailed, match="ZeroDivisionError: a bug"):
            await loop.run()

    asyncio.run(story())
    assert CallEnded("later") not in centre.given
    (segment,) = tmp_path.glob("inputs-*.jsonl")
    *_, last = read_lines(segment)
    assert (last.fact, last.mark) == (CallEnded("poison"), None)


def test_an_inbox_that_is_not_emptied_is_a_failure_not_a_leak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INBOX_MAX", 3)
    loop, _, _ = built(tmp_path, Seen())
    for _ in range(3):
        loop.put(Tick())
    with pytest.raises(CoreFailed, match="3 inputs are waiting"):
        loop.put(Tick())
    loop.journal.close()


def test_a_long_queue_of_inputs_lets_others_have_a_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TURN_MAX", 2)
    centre = Seen()
    loop, _, _ = built(tmp_path, centre)

    async def story() -> None:
        running = asyncio.create_task(loop.run())
        await turns(2)
        for _ in range(5):
            loop.put(Tick())
        await turns(1)
        assert len(centre.given) == 2
        await turns(4)
        assert len(centre.given) == 5
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(story())
