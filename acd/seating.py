"""What agents do: become free or busy, stand with the idle or not, back off, belong to queues."""

from __future__ import annotations

from acd import preferring, rules
from acd.floor import Floor
from acd.queue_state import QueueState
from acd.segments import Seat


def sit(floor: Floor, seat: Seat) -> None:
    """Stand with the idle ones of all his segments."""
    if seat.idle:
        return
    seat.idle = True
    if seat.idle_key < floor.newest_idle:
        for order in seat.segments.values():
            order.late(seat)
    else:
        floor.newest_idle = seat.idle_key
    if seat.load:
        for segment, order in seat.segments.items():
            order.drop(seat, None)
            if seat.room_in(segment):
                order.add(seat)
    else:
        for order in seat.segments.values():
            order.drop(seat, None)
            order.add(seat)


def rise(seat: Seat) -> None:
    """He is taken. The orders in which he stands find out when they meet him (`acd.idle`)."""
    seat.idle = False


def rise_and_refresh(floor: Floor, seat: Seat) -> None:
    """Rise, to be seated again by the next decision."""
    if seat.idle:
        rise(seat)
        floor.fresh[seat] = None


def become(floor: Floor, seat: Seat, now: float, why: str) -> None:
    """The agent is now `why` ("free" or a reason why not)."""
    worked = seat.working
    works = why in rules.WORKING
    if worked:
        spent = now - seat.since
        seat.staffed_seconds += spent
        if not seat.free:
            seat.busy_seconds += spent
    if why == "offline":
        seat.staffed_seconds = seat.busy_seconds = 0.0
    seat.why, seat.since, seat.free = why, now, why == "free"
    seat.history.extend((floor.serial(), now, why, seat.back_off_until))
    if works != worked:
        seat.working = works
        for state in seat.queues:
            state.working += 1 if works else -1
        if worked:
            for waiting in list(seat.kept.values()):
                preferring.release(floor, waiting, now)


def rang_for_nothing(seat: Seat, now: float) -> None:
    """His phone rang, and somebody else was faster: that was no work. Call it before the state
    changes."""
    if seat.why == "offered":
        seat.busy_seconds -= now - seat.since


def note(floor: Floor, seat: Seat, now: float) -> None:
    """Remember the agent's state for decision records."""
    seat.history.extend((floor.serial(), now, seat.why, seat.back_off_until))


def back_off(floor: Floor, seat: Seat, until: float) -> None:
    """No offers for the agent before `until` (minus infinity: at once)."""
    seat.back_off_until = until
    if seat.timer is not None:
        floor.back_offs.remove(seat.timer)
        seat.timer = None


def available(floor: Floor, seat: Seat, now: float) -> None:
    """A free agent takes part in the next decision, or when his back-off is over."""
    if now >= seat.back_off_until:
        floor.fresh[seat] = None
    elif seat.timer is None:
        seat.timer = (seat.back_off_until, floor.serial(), seat.id)
        floor.back_offs.add(seat.timer)


def end_service(seat: Seat, now: float) -> None:
    """What the agent handled last is over: the queue learns how long it took."""
    if seat.serving is not None:
        seat.serving.model.handled(now - seat.serving_since)
        seat.serving = None


# -- membership ---------------------------------------------------------------------------------
def enrol(seat: Seat, state: QueueState) -> None:
    """Make the agent a member of the queue if he belongs to it; he must not be one yet."""
    if seat.agent is None:
        return
    ring = rules.member_ring(seat.agent, state.queue, state.rings)
    if ring is not None:
        state.enrol(seat, ring)


def enrol_everywhere(floor: Floor, seat: Seat) -> None:
    """A member of all queues he belongs to; he must be in none. Queues are found by name, and those
    with groups looked at one by one (agents times queues would be too many)."""
    if seat.agent is None:
        return
    states = [floor.queues[name] for name in seat.agent.queues if name in floor.queues]
    if seat.agent.groups:
        known = set(seat.agent.queues)
        states += [s for s in floor.queues.values() if s.grouped and s.queue.id not in known]
    for state in states:
        enrol(seat, state)
