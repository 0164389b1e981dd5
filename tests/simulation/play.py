"""One seed is one story: build the world, let it run, let it come to rest, look at the books."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from acd.model import Overflow
from callcenter.core.commands import CancelCallback
from callcenter.core.config import CallbackPolicy, RecordingPolicy
from callcenter.core.effects import Effect
from callcenter.core.inputs import CallArrived, Input, Snapshot
from callcenter.runtime.journal import Journal
from ivr.flow import Flow, Node
from tests.simulation.faults import Faults
from tests.simulation.invariants import Invariants
from tests.simulation.players import Agents, Callers, Customers, cards_of
from tests.world.houses import SALES, SUPPORT, house, main_flow
from tests.world.world import World

REST_SECONDS = 4 * 3600.0
# In which customers are called back. The stories begin at 08:00.
HOURS = ("", "", "", "08:02-24:00", "00:00-08:01, 08:03-08:05, 08:09-24:00", "00:00-08:02")


class Violation(AssertionError):
    """A seed found something; the message says how to see it again."""


def play(seed: int, steps: int, folder: Path, *, faults: bool = True) -> World:
    """Raises Violation with the way to replay it."""
    journal = Journal(folder)
    world: World | None = None
    try:
        world = _begin(seed, journal)
        return _go(world, seed, steps, faults)
    except Exception as error:
        step = world.steps if world is not None else 0
        command = f"python -m tests.simulation {seed} {steps}"
        text = f"seed {seed}, step {step}: {type(error).__name__}: {error}\nreplay: {command}"
        raise Violation(text) from error
    finally:
        journal.close()


def _begin(seed: int, journal: Journal) -> World:
    rng = random.Random(seed)
    overflow = rng.choice(
        (
            (),
            (Overflow("voicemail", "main", after_seconds=60.0),),
            (Overflow("flow", after_seconds=40.0),),
            (Overflow("queue", "sales", after_seconds=30.0),),
            (Overflow("hangup", "goodbye" if seed % 2 else "", after_seconds=100.0),),
        )
    )
    support = replace(
        SUPPORT,
        ring_seconds=rng.choice((5.0, 10.0)),
        overflow=overflow,
        waiting_max=rng.choice((2, 500)),
        rona_pause_after=rng.choice((1, 2)),
        broadcast=rng.choice((1, 1, 2, 3)),
        strategy=rng.choice(("longest-idle", "linear", "most-skilled", "round-robin")),
        wrap_up_mode=rng.choice(("optional", "mandatory", "timed", "timed-extendable")),
    )
    flow = main_flow(support_skill=rng.choice((0, 3, 4)), overflow=rng.random() < 0.5)
    if rng.random() < 0.5:
        flow = with_services(flow, rng)
    policy = CallbackPolicy(
        mode=rng.choice(("customer-first", "agent-first")),
        tries_max=rng.choice((1, 3)),
        retry_seconds=rng.choice((20.0, 300.0)),
        ring_seconds=rng.choice((10.0, 30.0)),
        confirm=rng.random() < 0.5,
        at_once_max=rng.choice((1, 5)),
        waiting_max=rng.choice((2, 200)),
    )
    # Drawn apart from the rest, so that a seed's story stays what it was.
    taping = random.Random(rng.random())
    modes: tuple[Literal["never", "always", "percent", "on-demand"], ...]
    modes = ("never", "always", "percent", "on-demand")
    recording = {
        queue: RecordingPolicy(
            taping.choice(modes),
            percent=50.0,
            by_hand=taping.random() < 0.5,
            notice=taping.random() < 0.3,
            refusable=taping.random() < 0.5,
            agent_may_stop=True,
            pause_seconds_max=taping.choice((0.0, 5.0)),
        )
        for queue in ("support", "sales")
    }
    hours = random.Random(rng.random()).choice(HOURS)
    policy = replace(policy, hours={"mon-sun": hours} if hours else {})
    config = house(support, SALES, flow=flow, callbacks={"support": policy}, recording=recording)
    return World(config, journal=journal)


def with_services(flow: Flow, rng: random.Random) -> Flow:
    """The same flow, with callers who are recorded, given on, or asked for a score on the way."""
    number = rng.choice(("+8621000", "+8621001", "+8621008", "+8621009"))
    nodes = [
        Node("record", "record", {"name": "why"}, {"next": "give", "empty": "sales"}),
        Node("give", "transfer", {"number": number}, {"no_answer": "score", "busy": "look"}),
        Node(
            "look",
            "lookup",
            {"source": "order", "with": {}, "into": "found"},
            {"found": "score", "none": "score", "error": "support"},
        ),
        Node(
            "score",
            "survey",
            {"prompt": "score"},
            {"next": "leave", "timeout": "leave", "invalid": "support"},
        ),
        Node("leave", "voicemail", {"box": rng.choice(("support", "ada", "main"))}),
    ]
    menu = flow.nodes["menu"]
    menu = replace(menu, ports={**menu.ports, "1": "record"})
    return replace(flow, nodes={**flow.nodes, "menu": menu, **{node.id: node for node in nodes}})


def _go(world: World, seed: int, steps: int, with_faults: bool) -> World:
    rng = random.Random(seed * 7919 + 1)
    seen: set[str] = set()
    world.watches += [Invariants(), lambda world, fact, effects: _arrivals(seen, fact, effects)]
    world.latency = lambda: rng.uniform(0.0005, 0.05)
    world.store.answer_seconds = lambda: rng.choice((0.01, 0.2, 5.0, 30.0))
    world.store.cards = cards_of(rng)
    if with_faults:
        world.doubled = lambda: rng.random() < 0.05
    world.start()
    world.asterisk.faster = rng.random() < 0.5
    Customers(world, rng)
    callers = Callers(world, rng, every_seconds=rng.choice((2.0, 6.0, 15.0)))
    agents = Agents(world, rng, every_seconds=rng.choice((4.0, 10.0)))
    faults = Faults(world, rng, agents, every_seconds=rng.choice((20.0, 60.0, 300.0)))
    faults.open = with_faults
    while world.steps < steps and world.advance(float("inf")):
        pass
    callers.open = faults.open = agents.wild = False
    _come_to_rest(world)
    _books(world, seen)
    if not faults.memory_lost:
        _figures_of_today(world)
    return world


def _arrivals(seen: set[str], fact: Input, effects: Sequence[Effect]) -> None:
    if isinstance(fact, CallArrived):
        seen.add(fact.call)
    elif isinstance(fact, Snapshot):
        came = (call.call for call in fact.calls if not call.call.startswith("out-"))
        seen.update(came)


def _come_to_rest(world: World) -> None:
    """No more callers, no more faults: everything must come to its end by itself."""
    until = world.now + REST_SECONDS
    world.doubled = lambda: False
    while world.now < until and world.advance(until):
        if world.alive and not world.wire:
            world.link_up()
        state = world.centre.state
        over = not world.asterisk.lines and not state.calls and not state.callbacks
        if world.alive and over:
            break
        if world.now > until - REST_SECONDS / 4 and world.alive:
            for id in list(state.callbacks):  # nobody is at work who could have him
                world.supervise(CancelCallback(id))
    state = world.centre.state
    assert not world.asterisk.lines, f"callers never came to an end: {world.asterisk.lines}"
    assert not state.calls, f"calls were never closed: {state.calls}"
    assert not state.callbacks, f"callbacks never came to an end: {state.callbacks}"
    assert state.router.deadline() is None or not state.calls
    left = [key for key in state.timers._at if key[0] not in AGENT_TIMERS]
    assert not left, f"timers of calls are left: {left}"


AGENT_TIMERS = ("back-off", "device", "log-out", "console")


def _books(world: World, seen: set[str]) -> None:
    """Each caller who came to us is in the books exactly once; nobody else is."""
    written = {call for call in world.store.interactions if not call.startswith("cb-staff")}
    missing, strangers = seen - written - world.forgotten, written - seen
    assert not missing, f"not written: {missing}"
    assert not strangers, f"written, but never came: {strangers}"
    for record in world.store.interactions.values():
        spent = record.wait_seconds + record.talk_seconds + record.hold_seconds
        assert spent <= record.ended_at - record.started_at + 0.01, (
            f"more time than there was: {record}"
        )
        assert record.ring_seconds <= record.wait_seconds + 0.001
        if record.outcome == "answered":
            assert record.agent is not None, record


def _figures_of_today(world: World) -> None:
    """What each agent sees of his day is the sum of his parts in the books, to the hundredth."""
    booked: defaultdict[str, float] = defaultdict(float)
    for part in world.store.parts.values():
        record = world.store.interactions.get(part.call)
        if record is None or not record.peer:
            booked[part.agent] += part.talk_seconds + part.hold_seconds
    for seat in world.centre.state.seats.values():
        assert abs(seat.talk_seconds - booked[seat.agent]) < 0.01, (
            f"{seat.agent} talked {booked[seat.agent]} s by the books, and sees {seat.talk_seconds}"
        )
