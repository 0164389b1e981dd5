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
from callcenter.core.state import DEVICES_MAX, Seat, State, remember

RONA = "rona"  # pause reason given by the system: rang, no answer
DEVICE_RETRY_SECONDS = 15.0  # a device that failed is tried again after this, unless it says more
LOG_OUT_AFTER_SECONDS = 900.0  # a console away so long ends the shift
CONSOLES_MAX = 10_000
CONSOLE_GRACE_SECONDS = 10.0  # after our own restart browsers have so long to come back
AGENT_TIMERS = ("back-off", "device", "log-out", "console")


def seat_of(state: State, agent: str, now: float) -> Seat:
    """The agent's seat, made when first needed. The books may hold an older state of his from
    before a restart that forgot it, so the first one is written down, too."""
    seat = state.seats.get(agent)
    if seat is None:
        sequence = state.presence_sequences.pop(agent, 0)
        seat = state.seats[agent] = Seat(agent, Presence(since=now), sequence=sequence)
        state.record_presence(seat, now)
    return seat


def apply(state: State, seat: Seat, event: Event, now: float, reason: str = "") -> Refusal | None:
    """Take one step of the presence table and tell everybody whom it concerns."""
    after = step(seat.presence, event, now, reason)
    if isinstance(after, Refusal):
        return after
    _settle(state, seat, after, now)
    return None


def apply_facts(state: State, seat: Seat, events: tuple[Event, ...], now: float) -> None:
    """Several facts of one moment: what lies between them nobody sees."""
    after = seat.presence
    for event in events:
        next_one = step(after, event, now)
        assert not isinstance(next_one, Refusal), f"a fact was refused: {event}"
        after = next_one
    _settle(state, seat, after, now)


def _settle(state: State, seat: Seat, after: Presence, now: float) -> None:
    before, seat.presence = seat.presence, after
    if after is before:
        return
    if (after.state, after.reason) != (before.state, before.reason):
        state.record_presence(seat, now)
    _pause_limit(state, seat)
    sync(state, seat, now)
    state.touch_agent(seat.agent)


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
    seat = seat_of(state, agent, now)
    seat.call = call.id
    seat.lost_offer = ""
    apply(state, seat, Event.OFFER, now)


def all_withdrawn(state: State, call: Call, now: float) -> None:
    """Nobody's phone rings for this call any more, by nobody's fault."""
    for agent in call.ringing:
        offer_withdrawn(state, agent, call, now)
    call.agent, call.ringing = None, ()


def offer_withdrawn(
    state: State,
    agent: str,
    call: Call,
    now: float,
    back_off_seconds: float = 0.0,
    lost: str = "",
) -> None:
    """The caller went, or somebody else has him, or we took the offer back: no fault of the
    agent, who is as long idle as he was before it."""
    seat = seat_of(state, agent, now)
    if seat.call != call.id:
        return  # he has another call by now
    seat.call = None
    seat.lost_offer = lost
    if back_off_seconds > 0:
        back_off(state, seat, back_off_seconds, now)
    apply(state, seat, Event.OFFER_WITHDRAWN, now)
    state.touch_agent(agent)


def offer_missed(
    state: State, agent: str, call: Call, queue: Queue | None, now: float, *, rejected: bool
) -> None:
    """Rang and not taken. After `rona_pause_after` in a row the agent is paused with the reason
    RONA; before that, and after a rejection, he is left alone for the back-off time."""
    seat = seat_of(state, agent, now)
    if seat.call != call.id:
        return
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
    seat.back_off_until = max(seat.back_off_until, now + seconds)
    state.timers.set("back-off", seat.agent, seat.back_off_until)


def end_back_off(state: State, seat: Seat) -> None:
    seat.back_off_until = 0.0
    state.timers.clear("back-off", seat.agent)


def back_off_over(state: State, agent: str, now: float) -> None:
    seat = state.seats.get(agent)
    if seat is not None:
        sync(state, seat, now)


# -- the telephone and the browser --------------------------------------------------------------
def device_failed(state: State, agent: str, call: Call, now: float) -> None:
    """The phone could not be rung: unreachable until it shows itself again, or until
    `DEVICE_RETRY_SECONDS` have passed and Asterisk still calls it ready."""
    seat = seat_of(state, agent, now)
    if seat.call != call.id:
        return
    seat.call = None
    apply_facts(state, seat, (Event.DEVICE_LOST, Event.OFFER_LAPSED), now)
    state.timers.set("device", agent, now + DEVICE_RETRY_SECONDS)
    state.touch_agent(agent)


def device_retry(state: State, agent: str, now: float) -> None:
    seat = state.seats.get(agent)
    if seat is not None and state.devices.get(seat.device) in ("ready", "in-use"):
        apply(state, seat, Event.DEVICE_BACK, now)


def device_changed(state: State, fact: DeviceChanged, now: float) -> None:
    if fact.device not in state.devices and len(state.devices) >= DEVICES_MAX:
        state.alarm("devices-max", f"{DEVICES_MAX} devices are known: {fact.device} is left out")
        return
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
    if fact.agent not in state.config.agents and fact.agent not in state.seats:
        # A start without memory: browsers may be back before the configuration is read.
        state.consoles.pop(fact.agent, None)
        if fact.connected:
            remember(state.consoles, fact.agent, CONSOLES_MAX)
        return
    _console(state, seat_of(state, fact.agent, now), fact.connected, now)


def configured(state: State, agent: str, now: float) -> None:
    """This agent is in the configuration, perhaps newly."""
    seat = seat_of(state, agent, now)
    if agent in state.consoles:
        del state.consoles[agent]
        _console(state, seat, True, now)
    sync(state, seat, now)


def _console(state: State, seat: Seat, connected: bool, now: float) -> None:
    state.timers.clear("console", seat.agent)
    apply(state, seat, Event.CONSOLE_BACK if connected else Event.CONSOLE_LOST, now)
    if connected:
        state.timers.clear("log-out", seat.agent)
    else:
        watch_console(state, seat, now)


def watch_console(state: State, seat: Seat, now: float) -> None:
    """A shift whose console is away, and stays away, comes to its end."""
    if not seat.presence.console and seat.presence.state is not PresenceState.OFFLINE:
        state.timers.set("log-out", seat.agent, now + LOG_OUT_AFTER_SECONDS)


def expect_consoles(state: State, now: float) -> None:
    """We are a new process: browsers have to come back, or they count as away. What we remember of
    each agent is written down, for the books may hold what we have forgotten."""
    for seat in state.seats.values():
        state.record_presence(seat, now)
        if seat.presence.console:
            state.timers.set("console", seat.agent, now + CONSOLE_GRACE_SECONDS)


def console_missing(state: State, agent: str, now: float) -> None:
    seat = state.seats.get(agent)
    if seat is not None:
        _console(state, seat, False, now)


def dismiss(state: State, now: float) -> None:
    """Seats of agents who are no longer configured go when their call is over."""
    for agent in list(state.removed):
        seat = state.seats.get(agent)
        if agent in state.config.agents or seat is None or not seat.presence.busy:
            del state.removed[agent]
            state.touch_agent(agent)
        if agent not in state.config.agents and seat is not None and not seat.presence.busy:
            apply(state, seat, Event.FORCED_LOG_OUT, now)
            state.presence_sequences[agent] = seat.sequence
            del state.seats[agent]
            for timer in AGENT_TIMERS:
                state.timers.clear(timer, agent)


# -- talk and wrap-up ---------------------------------------------------------------------------
def answered(state: State, agent: str, now: float, *, again: bool = False) -> None:
    """`again`: he had this caller before, and is not counted twice."""
    seat = seat_of(state, agent, now)
    seat.missed_in_row = 0
    seat.handled += not again
    apply(state, seat, Event.ANSWERED, now)


def hold_changed(state: State, agent: str, held: bool, now: float) -> None:
    apply(state, seat_of(state, agent, now), Event.HOLD if held else Event.UNHOLD, now)


def call_over(
    state: State, call: Call, now: float, *, wrap_up: bool, until: float | None = None
) -> None:
    """The talk is over. Without wrap-up (the caller is elsewhere) he is free now. `until`: when it
    was over, if that is only found now."""
    seat = seat_of(state, call.agent or "", now)
    _charge_talk(seat, call, now if until is None else until)
    if seat.call != call.id:
        pass  # he is with another call by now
    elif wrap_up:
        apply(state, seat, Event.CALL_ENDED, now)
    else:
        seat.call = None
        apply_facts(state, seat, (Event.CALL_ENDED, Event.WRAP_UP_ENDED), now)
    state.touch_agent(seat.agent)


def writes_after_parking(state: State, seat: Seat, call: Call, now: float) -> None:
    """Whom he parked has hung up: he writes now, as after a talk that ended with him."""
    seat.call, call.agent = call.id, seat.agent
    apply(state, seat, Event.WRAP_UP_STARTED, now)


def leg_lost(state: State, call: Call, now: float) -> None:
    """His phone died under the talk: no wrap-up, and not reachable for now."""
    seat = seat_of(state, call.agent or "", now)
    _charge_talk(seat, call, now)
    if seat.call == call.id:
        seat.call = None
        events = (Event.DEVICE_LOST, Event.CALL_ENDED, Event.WRAP_UP_ENDED)
        apply_facts(state, seat, events, now)
        state.timers.set("device", seat.agent, now + DEVICE_RETRY_SECONDS)
    state.touch_agent(seat.agent)


def _charge_talk(seat: Seat, call: Call, now: float) -> None:
    """His until now, also where the stage goes on. Talks of colleagues are nobody's customers."""
    if call.peer:
        return
    call.charge(now)
    call.since = now
    seat.talk_seconds += call.seconds.talk + call.seconds.hold - call.talk_charged
    call.talk_charged = call.seconds.talk + call.seconds.hold


def wrap_up_over(state: State, call: Call, now: float) -> None:
    seat = seat_of(state, call.agent or "", now)
    seat.wrap_up_seconds += call.seconds.wrap_up
    if seat.call == call.id:
        seat.call = None
        apply(state, seat, Event.WRAP_UP_ENDED, now)
    state.touch_agent(seat.agent)
