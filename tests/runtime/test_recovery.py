"""Back to life: the recovered centre is the one that died, and a replay decides the same again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from callcenter.core import talking
from callcenter.core.inputs import CallEnded, Input, Quarantined, Tick
from callcenter.core.screens import agent_row, call_row
from callcenter.core.timers import Timers
from callcenter.runtime.journal import Journal
from callcenter.runtime.recovery import recover, replay
from tests.scenarios.stories import caller_in
from tests.scenarios.stories import talking as talk_with
from tests.world.houses import house
from tests.world.world import World

pytestmark = pytest.mark.pure

REPLAYS = """
import json, sys, zlib
from pathlib import Path
from callcenter.runtime.journal import Journal, effects_mark, read_lines
centre, segment = Journal(Path(sys.argv[1])).latest()
marks = [(effects_mark(centre.step(line.fact, line.at)), line.mark) for line in read_lines(segment)]
print(json.dumps(marks))
"""


def a_busy_morning(folder: Path) -> World:
    world = World(house(), journal=Journal(folder)).start()
    world.run(0.1)
    world.on_duty("ada", "bob")
    talk_with(world, "ada")
    done = talk_with(world, "bob")
    for n in range(4):
        caller_in(world, number=f"10{n}")
    world.asterisk.agent_hangs_up("bobweb")
    world.run(90)
    assert done.id in world.store.interactions
    return world


def close(world: World) -> None:
    assert world.journal is not None
    world.journal.close()


def picture(world: World) -> object:
    state = world.centre.state
    return (
        [
            (key, call_row(state, call), call.sequence, call.tags)
            for key, call in state.calls.items()
        ],
        [(key, agent_row(state, key), seat.sequence) for key, seat in state.seats.items()],
        sorted(state.timers._at.items()),
        state.days,
        state.devices,
        [state.router.position(key) for key in state.calls],
        world.centre.deadline(),
    )


def test_the_recovered_centre_is_the_one_that_died(tmp_path: Path) -> None:
    world = a_busy_morning(tmp_path)
    alive = picture(world)
    close(world)
    recovered = recover(Journal(tmp_path))
    assert not recovered.cold
    assert recovered.inputs == world.steps
    assert recovered.stopped_at <= world.now
    assert recovered.stopped_at == pytest.approx(world.now, abs=60)
    world.centre = recovered.centre
    assert picture(world) == alive
    assert recovered.quarantine == []


def test_the_history_is_handed_over_once_more_word_for_word(tmp_path: Path) -> None:
    world = a_busy_morning(tmp_path)
    close(world)
    before = (dict(world.store.events), dict(world.store.interactions))
    history = recover(Journal(tmp_path)).history
    assert len(history) > 20
    for record in history:
        world.store.perform(record)  # raises where a word differs
    assert (world.store.events, world.store.interactions) == before


def test_nothing_there_is_a_cold_start(tmp_path: Path) -> None:
    recovered = recover(Journal(tmp_path))
    assert recovered.cold
    assert recovered.centre.state.calls == {}


def test_a_replay_decides_the_same_again(tmp_path: Path) -> None:
    world = a_busy_morning(tmp_path)
    close(world)
    report = replay(tmp_path)
    assert report.inputs == world.steps
    assert report.effects > report.inputs
    assert report.different == []


def test_a_replay_that_differs_says_where(tmp_path: Path) -> None:
    world = a_busy_morning(tmp_path)
    close(world)
    (segment,) = tmp_path.glob("inputs-*.jsonl")
    lines = segment.read_text().splitlines(keepends=True)
    entry = json.loads(lines[5])
    entry["e"] += 1
    lines[5] = json.dumps(entry) + "\n"
    segment.write_text("".join(lines))
    assert replay(tmp_path).different == [5]


def test_a_replay_in_other_processes_with_other_hash_seeds_is_the_same(tmp_path: Path) -> None:
    world = a_busy_morning(tmp_path)
    close(world)
    outputs = set()
    for seed in ("0", "1", "4242"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        command = [sys.executable, "-c", REPLAYS, str(tmp_path)]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    (output,) = outputs
    marks = json.loads(output)
    assert len(marks) == world.steps
    assert all(now == then for now, then in marks)


def test_an_input_that_makes_the_core_fail_is_left_out_and_its_call_put_in_quarantine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_busy_morning(tmp_path)
    victim = next(key for key, call in world.centre.state.calls.items() if call.stage == "waiting")
    monkeypatch.setattr(talking, "ended", failing(talking.ended, victim))
    with pytest.raises(ZeroDivisionError):
        world.step(CallEnded(victim))
    world.die()
    world.come_back()
    world.run(0.1)
    assert world.centre.state.calls[victim].stage == "diverted"
    assert world.asterisk.lines[victim].place == "diverted"
    assert "quarantine" in world.alarms()
    assert sum(call.stage == "talking" for call in world.centre.state.calls.values()) == 1
    close(world)


def failing(plain: object, victim: str) -> object:
    def ended(state: object, fact: CallEnded, now: float) -> None:
        if fact.call == victim:
            raise ZeroDivisionError("a bug")
        plain(state, fact, now)  # type: ignore[operator]

    return ended


def test_a_tick_that_fails_blames_the_call_whose_deadline_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_busy_morning(tmp_path)
    victim = next(key for key, call in world.centre.state.calls.items() if call.stage == "waiting")
    from callcenter.core import queueing

    plain = queueing.announce

    def announce(state: object, call_id: str, now: float) -> None:
        if call_id == victim:
            raise ZeroDivisionError("a bug")
        plain(state, call_id, now)  # type: ignore[arg-type]

    monkeypatch.setattr(queueing, "announce", announce)
    with pytest.raises(ZeroDivisionError):
        world.run(200)
    world.die()
    world.come_back()
    world.run(200)
    assert victim not in world.centre.state.calls
    assert world.store.interactions[victim].outcome == "diverted"
    close(world)


def test_a_call_whose_arrival_fails_is_found_in_the_snapshot_and_diverted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from callcenter.core import arrival

    world = World(house(), journal=Journal(tmp_path)).start()
    world.run(0.1)

    def enter_flow(*_: object) -> None:
        raise ZeroDivisionError("a bug in the flow")

    monkeypatch.setattr(arrival, "enter_flow", enter_flow)
    line = world.asterisk.dial_in("100")
    with pytest.raises(ZeroDivisionError):
        world.run(0.1)
    world.die()
    world.come_back()
    world.run(1)
    assert line.place == "diverted"
    close(world)


def test_too_many_bad_inputs_mean_a_cold_start_not_a_crash_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_busy_morning(tmp_path)
    for _ in range(60):
        world.step(Tick())
    close(world)

    def due(self: Timers, now: float) -> list[tuple[str, str]]:
        raise ZeroDivisionError("every tick fails")

    monkeypatch.setattr(Timers, "due", due)
    recovered = recover(Journal(tmp_path))
    assert recovered.cold
    assert recovered.centre.state.calls == {}


def test_quarantine_inputs_name_call_and_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_busy_morning(tmp_path)
    victim = next(iter(world.centre.state.calls))
    fact: Input = CallEnded(victim)
    assert world.journal is not None
    world.journal.begin(fact, world.now)
    close(world)
    monkeypatch.setattr(talking, "ended", failing(talking.ended, victim))
    recovered = recover(Journal(tmp_path))
    assert recovered.quarantine == [Quarantined(victim, "ZeroDivisionError: a bug")]
