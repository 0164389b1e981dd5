"""The live clock: never backwards, never a jump, whatever is done to the machine's clock."""

from __future__ import annotations

import pytest

from callcenter.runtime import clock as module
from callcenter.runtime.clock import SystemClock

pytestmark = pytest.mark.pure


class Machine:
    """Stands in for the module `time`."""

    def __init__(self) -> None:
        self.wall, self.ticks = 1_000_000.0, 50.0

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.ticks += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(module, "time", made)
    return made


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_is_set_moves_ours_only_slowly(machine: Machine, jump: float) -> None:
    clock = SystemClock()
    before = clock.now()
    machine.wall += jump
    machine.passes(10.0)
    assert clock.now() - before == pytest.approx(10.0, abs=0.11)
    last = clock.now()
    for _ in range(1000):
        machine.passes(1.0)
        now = clock.now()
        assert now > last
        last = now


def test_a_small_difference_is_made_good(machine: Machine) -> None:
    clock = SystemClock()
    machine.wall += 1.0
    for _ in range(200):
        machine.passes(1.0)
        clock.now()
    assert clock.now() == pytest.approx(machine.wall)


def test_a_clock_set_back_between_two_lives_does_not_put_deadlines_off(machine: Machine) -> None:
    stopped_at = SystemClock().now()
    machine.wall -= 3600.0
    clock = SystemClock(not_before=stopped_at)
    assert clock.now() == stopped_at
    machine.passes(10.0)
    assert clock.now() == pytest.approx(stopped_at + 10.0, abs=0.11)
