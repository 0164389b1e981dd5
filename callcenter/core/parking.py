"""A caller on a numbered place: parked by an agent, with music, until somebody takes him.

Below everything that can end a call, so that no place stays taken by a call that is over. The time
there is charged to the agent who parked him, whose part in the call is written when it is over.
How a parked caller is taken, or goes back to the line, is in `picking`.
"""

from __future__ import annotations

from acd.presence import State as PresenceState
from callcenter.core import interaction, seats
from callcenter.core.call import Call, Event, Parking
from callcenter.core.effects import SetMusic
from callcenter.core.state import Seat, State

TIMER = "park"
PLACES = 99
PARK_SECONDS = 180.0  # where the queue is gone


def free_place(state: State) -> int | None:
    """The lowest number nobody stands on; None: all are taken."""
    taken = {call.parking.place for call in state.calls.values() if call.parking is not None}
    return next((place for place in range(1, PLACES + 1) if place not in taken), None)


def begin(state: State, call: Call, by: str, place: int, now: float) -> None:
    """Asterisk has taken the caller back from the agent, who is free now."""
    queue = state.config.queues.get(call.queue or "")
    until = now + (queue.park_seconds if queue else PARK_SECONDS)
    seats.call_over(state, call, now, wrap_up=False)
    call.enter(Event.PARKED, now)
    call.agent = None
    stand(state, call, Parking(place, by, now, until), now)
    state.record(call, "parked", now, {"place": place, "by": by, "until": round(until, 3)})


def stand(state: State, call: Call, parking: Parking, now: float) -> None:
    call.parking = parking
    state.timers.set(TIMER, call.id, parking.until)
    state.ask(SetMusic(call.id, True))
    state.tag(call, of_parking(parking))
    state.touch_call(call.id)
    state.touch_queue(call.queue)


def writer(state: State, call: Call) -> Seat | None:
    """Who writes about this caller, should he hang up now: the agent who parked him, if he is free.
    With another caller, or in a break, he is not made to."""
    if call.parking is None or call.trial:
        return None
    seat = state.seats.get(call.parking.by)
    free = seat is not None and seat.call is None and seat.presence.state is PresenceState.AVAILABLE
    return seat if free else None


def over(state: State, call: Call, now: float, *, written: bool = True) -> Parking | None:
    """The place is free again, whatever comes next; the stage is the caller's care. Not `written`:
    the agent's part goes on with his wrap-up."""
    parking, call.parking = call.parking, None
    if parking is None:
        return None
    call.charge(now)
    call.since = now
    state.timers.clear(TIMER, call.id)
    state.tag(call, {"park": ""})
    state.touch_call(call.id)
    if written:
        interaction.write_parked(state, call, now)
    return parking


def of_parking(parking: Parking) -> dict[str, str]:
    """As a fact on the channel (see `facts`)."""
    return {"park": f"{parking.place}:{parking.by}:{parking.since:.3f}:{parking.until:.3f}"}


def read(text: str) -> Parking | None:
    """A fact as written by `of_parking`; None: there is none, or it cannot be read."""
    place, _, rest = text.partition(":")
    by, _, times = rest.partition(":")
    since, _, until = times.partition(":")
    try:
        return Parking(int(place), by, float(since), float(until))
    except ValueError:
        return None
