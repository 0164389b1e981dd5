"""Agents at their places: every change of presence goes through here, and on to the router.

`sync` is the only place that tells the router who may be offered a call: presence says available,
the telephone is ready, a browser is there, and no back-off runs. So the router and the screens can
never disagree about it.
"""

from __future__ import annotations

from acd.model import Queue
from acd.presence import Event, Presence, step
from acd.presence import State as PresenceState
from acd.refusals import Refusal
from callcenter.core.call import Call
from callcenter.core.inputs import ConsoleChanged, DeviceChanged
from callcenter.core.state import Seat, State

RONA = "rona"  # pause reason given by the system: rang, no answer
DEVICE_RETRY_SECONDS = 15.0  # a device that failed is tried again after this, unless it says more
LOG_OUT_AFTER_SECONDS = 900.0  # a console away so long ends the shift


def seat_of(state: State, agent: str) -> Seat:
    """The agent's seat, made when first needed."""
    seat = state.seats.get(agent)
    if seat is None:
        seat = state.seats[agent] = Seat(agent, Presence())
    return seat


def apply(state: State, seat: Seat, event: Event, now: float, reason: str = "") -> Refusal | None:
    """Take one step of the presence table and tell everybody whom it concerns."""
    after = step(seat.presence, event, now, reason)
    if isinstance(after, Refusal):
        return after
    before, seat.presence = seat.presence, after
    if after is before:
        return None
    if (after.state, after.reason) != (before.state, before.reason):
        state.record_presence(seat, now)
    _pause_limit(state, seat)
    sync(state, seat, now)
    state.touch_agent(seat.agent)
    return None


def sync(state: State, seat: Seat, now: float) -> None:
    """Tell the router whether this agent may be offered a call now, and if not, why."""
    presence = seat.presence
    if presence.offerable and seat.back_off_until <= now:
        state.router.agent_free(seat.agent, now, idle_since=presence.idle_since)
    elif presence.offerable:
        state.router.agent_busy(seat.agent, now, "back-off")
    else:
        state.router.agent_busy(seat.agent, now, presence.reason or presence.state.value)


def _pause_limit(state: State, seat: Seat) -> None:
    presence = seat.presence
    if presence.state is not PresenceState.PAUSED:
        seat.limit_seconds = None
        return
    reasons = {item.code: item for item in state.config.pause_reasons}
    known = reasons.get(presence.reason)
    seat.limit_seconds = known.limit_seconds if known else None


# -- offers -------------------------------------------------------------------------------------
def offered(state: State, agent: str, call: Call, now: float) -> None:
    seat = state.seats[agent]
    seat.call = call.id
    apply(state, seat, Event.OFFER, now)


def offer_withdrawn(state: State, agent: str, now: float) -> None:
    """The caller went, or we took the offer back: no fault of the agent."""
    seat = seat_of(state, agent)
    seat.call = None
    apply(state, seat, Event.OFFER_WITHDRAWN, now)


def offer_missed(
    state: State, agent: str, queue: Queue | None, now: float, *, rejected: bool
) -> None:
    """Rang and not taken. After `rona_pause_after` in a row the agent is paused with the reason
    RONA; before that, and after a rejection, he is left alone for the back-off time."""
    seat = seat_of(state, agent)
    seat.call = None
    seat.missed += 1
    if not rejected:
        seat.missed_in_row += 1
    back_off(state, seat, queue.rona_back_off_seconds if queue else 10.0, now)
    apply(state, seat, Event.OFFER_LAPSED, now)
    if not rejected and seat.missed_in_row >= (queue.rona_pause_after if queue else 1):
        apply(state, seat, Event.FORCED_PAUSE, now, RONA)
    state.touch_agent(agent)


def back_off(state: State, seat: Seat, seconds: float, now: float) -> None:
    seat.back_off_until = now + seconds
    state.timers.set("back-off", seat.agent, seat.back_off_until)


def back_off_over(state: State, agent: str, now: float) -> None:
    seat = state.seats.get(agent)
    if seat is not None:
        sync(state, seat, now)


# -- the telephone and the browser --------------------------------------------------------------
def device_failed(state: State, agent: str, now: float) -> None:
    """The phone could not be rung, or its leg died: unreachable until it shows itself again, or
    until `DEVICE_RETRY_SECONDS` have passed and Asterisk still calls it ready."""
    seat = seat_of(state, agent)
    seat.call = None
    apply(state, seat, Event.DEVICE_LOST, now)
    apply(state, seat, Event.OFFER_LAPSED, now)
    state.timers.set("device", agent, now + DEVICE_RETRY_SECONDS)


def device_retry(state: State, agent: str, now: float) -> None:
    seat = state.seats.get(agent)
    if seat is not None and state.devices.get(seat.device) in ("ready", "in-use"):
        apply(state, seat, Event.DEVICE_BACK, now)


def device_changed(state: State, fact: DeviceChanged, now: float) -> None:
    state.devices[fact.device] = fact.state
    for seat in state.seats.values():
        if seat.device == fact.device:
            follow_device(state, seat, now)


def follow_device(state: State, seat: Seat, now: float) -> None:
    ready = state.devices.get(seat.device) in ("ready", "in-use")
    if ready:
        state.timers.clear("device", seat.agent)
    apply(state, seat, Event.DEVICE_BACK if ready else Event.DEVICE_LOST, now)


def console_changed(state: State, fact: ConsoleChanged, now: float) -> None:
    if fact.agent not in state.config.agents:
        return
    seat = seat_of(state, fact.agent)
    if fact.connected:
        state.timers.clear("log-out", seat.agent)
    elif seat.presence.state is not PresenceState.OFFLINE:
        state.timers.set("log-out", seat.agent, now + LOG_OUT_AFTER_SECONDS)
    apply(state, seat, Event.CONSOLE_BACK if fact.connected else Event.CONSOLE_LOST, now)


def shift_forgotten(state: State, agent: str, now: float) -> None:
    """The console has been away for long: the shift ends."""
    seat = state.seats.get(agent)
    if seat is not None and not seat.presence.console:
        apply(state, seat, Event.FORCED_LOG_OUT, now)


# -- talk and wrap-up ---------------------------------------------------------------------------
def answered(state: State, agent: str, now: float) -> None:
    seat = seat_of(state, agent)
    seat.missed_in_row = 0
    seat.handled += 1
    apply(state, seat, Event.ANSWERED, now)


def hold_changed(state: State, agent: str, held: bool, now: float) -> None:
    apply(state, seat_of(state, agent), Event.HOLD if held else Event.UNHOLD, now)


def call_over(state: State, call: Call, now: float, *, wrap_up: bool) -> None:
    """The talk is over. Without wrap-up (the leg died, the caller is elsewhere) he is free now."""
    seat = seat_of(state, call.agent or "")
    seat.talk_seconds += call.seconds.talk + call.seconds.hold - call.talk_charged
    call.talk_charged = call.seconds.talk + call.seconds.hold
    apply(state, seat, Event.CALL_ENDED, now)
    if not wrap_up:
        seat.call = None
        apply(state, seat, Event.WRAP_UP_ENDED, now)
    state.touch_agent(seat.agent)


def wrap_up_over(state: State, call: Call, now: float) -> None:
    seat = seat_of(state, call.agent or "")
    seat.wrap_up_seconds += call.seconds.wrap_up
    if seat.call == call.id:
        seat.call = None
    apply(state, seat, Event.WRAP_UP_ENDED, now)
    state.touch_agent(seat.agent)
