"""A changed configuration applied to the running engine.

Only what changed is rebuilt: a changed queue's entries and members stand anew, a changed agent
leaves his segments and joins the right ones. Entries keep their place, agents what they are doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from acd import entries, preferring, seating
from acd.floor import Floor
from acd.model import Agent, Queue
from acd.queue_state import QueueState
from acd.segments import Seat, Waiting


def configure(
    floor: Floor, queues: Mapping[str, Queue], agents: Mapping[str, Agent], now: float
) -> None:
    """See `Router.configure`."""
    changed = _queues_now(floor, queues)
    evicted: list[Waiting] = []
    for state in changed:
        evicted += [floor.waiting[item[2]] for item in state.line]
    for waiting in evicted:
        floor.step_back(waiting)
        floor.out_of_line(waiting)
    for state in changed:
        for seat in list(state.members):
            _leave_segments(floor, seat, state)
            state.strike(seat)
        for segment in list(state.segments.values()):
            floor.drop(segment)
    _agents_now(floor, agents, changed)
    floor.agents = dict(agents)
    floor.configured()
    for waiting in evicted:
        entries.rekey(floor, waiting)
        if not waiting.offered and not waiting.asleep:
            floor.stand(waiting, now)
    _release_unqualified(floor, now)


def _queues_now(floor: Floor, queues: Mapping[str, Queue]) -> list[QueueState]:
    """Bring the queues up to date; returns those that are new or changed. A queue that is gone
    stays, closed, until nobody waits in it."""
    changed: list[QueueState] = []
    for name, state in list(floor.queues.items()):
        if name not in queues:
            if not len(state.line):
                for seat in list(state.members):
                    _leave_segments(floor, seat, state)
                    state.strike(seat)
                for segment in list(state.segments.values()):
                    floor.drop(segment)
                del floor.queues[name]
            elif state.queue.enabled:
                state.define(replace(state.queue, enabled=False))
    for name, queue in queues.items():
        known = floor.queues.get(name)
        if known is None:
            floor.queues[name] = QueueState(queue)
            changed.append(floor.queues[name])
        elif known.queue != queue:
            known.define(queue)
            changed.append(known)
    return changed


def _agents_now(floor: Floor, agents: Mapping[str, Agent], changed: list[QueueState]) -> None:
    for name, seat in floor.seats.items():
        if name not in agents and seat.agent is not None:
            _move_agent(floor, seat, None)
    for name, agent in agents.items():
        seat = floor.seat(name)
        if seat.agent != agent:
            _move_agent(floor, seat, agent)
        else:
            for state in changed:
                seating.enrol(seat, state)


def _move_agent(floor: Floor, seat: Seat, agent: Agent | None) -> None:
    seating.rise_and_refresh(floor, seat)
    for segment in list(seat.segments):
        segment.strike(seat)
    for state in list(seat.queues):
        state.strike(seat)
    seat.agent = agent
    seating.enrol_everywhere(floor, seat)


def _leave_segments(floor: Floor, seat: Seat, state: QueueState) -> None:
    seating.rise_and_refresh(floor, seat)
    for segment in [one for one in seat.segments if one.queue is state]:
        segment.strike(seat)


def _release_unqualified(floor: Floor, now: float) -> None:
    """Nobody is kept for an agent who, after the change, may not serve him."""
    for seat in floor.seats.values():
        for waiting in list(seat.kept.values()):
            if not preferring.may_serve(seat, waiting, now):
                preferring.release(floor, waiting, now)
