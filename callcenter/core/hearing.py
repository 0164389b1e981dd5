"""Supervisors at live calls: let in, led along, let out; and the call taken over.

A supervisor hears the agent's channel, so he hears what the agent hears and says: the caller,
silence in a hold, the colleague who is asked. What lies outside of his teams' border he does not
hear. `follow` looks after every step at who hears what and
tunes him to where the call is now: to the next agent when it is given on, in silence while nobody
has it or card data is spoken. When the caller is gone, so is he. Asterisk lets him go by itself
when we are dead; what is found there after a restart and not known here is let go too.

The agent is told as the queue's rule says that somebody listens, and always that somebody speaks.
"""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.core import giving, handing_out, parties, refusals, taping
from callcenter.core.board import HearerRow
from callcenter.core.call import Call, Event
from callcenter.core.inputs import DialledOut, SupervisorDid
from callcenter.core.monitoring import (
    ChangeHearing,
    DropHearer,
    Hear,
    HearerGone,
    HearerReady,
    HearerSeen,
    Mode,
    MonitoringAction,
    StopHearing,
    TakeOver,
    TakeOverCall,
    TuneIn,
    TuneOut,
)
from callcenter.core.state import Hearer, State
from callcenter.core.teams import reach_of, within

TIMER = "hearing"
HEARERS_MAX = 4  # at one call
AGAIN_SECONDS = 1.0  # who fell out of a call is not tuned to it again at once
TAKEN_SECONDS_MAX = 4 * 3600.0
WHY_SECONDS = 2.0  # so long after the talk Asterisk has told how the supervisor's end ended
NORMAL_CLEARING = 16  # Q.850: he hung up on purpose


@dataclass(frozen=True, slots=True)
class Aim:
    """What a supervisor's channel is tuned to. For *barge* it counts who is in which bridge."""

    attempt: int
    agent: str
    mode: Mode
    together: bool
    bridge: str


# -- what supervisors ask for -------------------------------------------------------------------
def did(state: State, command: SupervisorDid, action: MonitoringAction, now: float) -> str | None:
    """Returns the refusal."""
    if isinstance(action, Hear):
        return _begin(state, command.by, action, now)
    hearer = state.hearers.get(command.by)
    if hearer is None:
        return refusals.NOT_HEARING
    match action:
        case ChangeHearing(mode=mode):
            return _change(state, hearer, mode, now)
        case TakeOverCall():
            return _take_over(state, hearer, now)
        case StopHearing():
            _let_go(state, hearer, now)
    return None


def _begin(state: State, by: str, action: Hear, now: float) -> str | None:
    call = state.calls.get(action.call)
    if call is None or call.trial:
        return refusals.UNKNOWN_CALL
    if call.stage not in ("talking", "held") or not call.agent:
        return refusals.NOT_WITH_AGENT
    if not state.linked:
        return refusals.LINK_DOWN
    there = [one for one in state.hearers.values() if one.call == call.id and one.by != by]
    if len(there) >= HEARERS_MAX:
        return refusals.HEARERS_FULL
    if action.agent and action.agent in _agents(call):
        return refusals.YOUR_OWN_CALL
    if not _inside(state, call, Hearer(by, "", action.role, "", call.id, "listen", now)):
        return refusals.MAY_NOT
    before = state.hearers.get(by)
    if before is not None:
        if before.taken:
            return refusals.BUSY_YOURSELF
        _let_go(state, before, now)
    state.hearers[by] = Hearer(
        by, action.name, action.role, action.token, call.id, action.mode, now
    )
    state.timers.set(TIMER, by, action.until)
    state.touch_call(call.id)
    return None


def _agents(call: Call) -> set[str]:
    asked = call.consult.agent if call.consult is not None else ""
    return {call.agent or "", asked, call.peer}


def _change(state: State, hearer: Hearer, mode: Mode, now: float) -> str | None:
    if hearer.taken:
        return refusals.TOO_LATE
    if not state.linked:
        return refusals.LINK_DOWN
    if mode != hearer.mode:
        hearer.mode = mode
        call = state.calls[hearer.call]
        state.touch_call(call.id)
        if hearer.channel:
            _note(state, call, hearer, "hearing-changed", now)
    return None


def _take_over(state: State, hearer: Hearer, now: float) -> str | None:
    call = state.calls[hearer.call]
    if not hearer.channel:
        return refusals.NOT_ANSWERED_YET
    if not _with_agent(call) or hearer.taken:
        return refusals.TOO_LATE
    if call.direction == "internal":
        return refusals.NO_CALLER
    if not state.linked:
        return refusals.LINK_DOWN
    if hearer.aim is None:
        _take(state, call, hearer, now)
    else:
        hearer.taking, hearer.aim = True, None
        state.ask(TuneOut(call.id, hearer.token, hearer.channel))
    return None


def _with_agent(call: Call) -> bool:
    return call.stage in ("talking", "held") and call.giving_on is None


def _take(state: State, call: Call, hearer: Hearer, now: float) -> None:
    """His channel is at rest, so it can be put together with the caller's."""
    giver = call.agent
    parties.drop(state, call, now)
    giving.begin_writing(state, call, now)
    call.enter(Event.GIVEN_OUT, now)
    call.agent = None
    hearer.taken = True
    transfer = call.next_token()
    state.ask(TakeOver(call.id, transfer, hearer.channel, TAKEN_SECONDS_MAX))
    state.tag(call, {"xfer": transfer, "outto": ""})
    state.touch_call(call.id)
    data = {"by": hearer.by, "name": hearer.name, "agent": giver}
    state.record(call, "taken-over", now, data)


# -- what Asterisk tells ------------------------------------------------------------------------
def ready(state: State, fact: HearerReady, now: float) -> None:
    hearer = _by_token(state, fact.token)
    if hearer is None or hearer.channel not in ("", fact.channel):
        state.ask(DropHearer("", fact.token, fact.channel))  # too late, or a second one
        return
    call = state.calls[hearer.call]
    if not hearer.channel:
        hearer.channel, hearer.since = fact.channel, now
        state.timers.clear(TIMER, hearer.by)
        _note(state, call, hearer, "hearing-began", now)
    elif hearer.taking:
        hearer.taking = False
        if _with_agent(call):
            _take(state, call, hearer, now)
    elif hearer.aim is not None:
        hearer.aim, hearer.not_before = None, now + AGAIN_SECONDS
        state.timers.set(TIMER, hearer.by, hearer.not_before)
    elif hearer.taken:  # the caller is gone, or they did not come together
        _let_go(state, hearer, now)
    state.touch_call(call.id)


def gone(state: State, fact: HearerGone, now: float) -> None:
    hearer = _by_token(state, fact.token)
    if hearer is None:
        return
    call = state.calls[hearer.call]
    if hearer.taken:  # a dead browser does not end the caller's call
        call.taker_lost = fact.cause != NORMAL_CLEARING
    _forget(state, hearer, now)
    if hearer.caller_back:
        _after_take_over(state, call, now)


def dialled_out(state: State, fact: DialledOut, now: float) -> None:
    """The caller is back from somebody who is no agent: from a supervisor it counts how he went,
    and that may come to be known a moment later."""
    taker = next((h for h in state.hearers.values() if h.taken and h.call == fact.call), None)
    call = state.calls.get(fact.call)
    if taker is None or call is None or fact.outcome != "answered" or call.token != fact.token:
        handing_out.dialled_out(state, fact, now)
        return
    taker.caller_back = True
    state.timers.set(TIMER, taker.by, now + WHY_SECONDS)


def _after_take_over(state: State, call: Call, now: float) -> None:
    if call.stage == "outside":
        handing_out.dialled_out(state, DialledOut(call.id, call.token, "answered"), now)


def due(state: State, by: str, now: float) -> None:
    """His browser did not dial in time. (Else it is time to try again, which `follow` does.)"""
    hearer = state.hearers.get(by)
    if hearer is not None and hearer.caller_back:
        _let_go(state, hearer, now)
        _after_take_over(state, state.calls[hearer.call], now)
    elif hearer is not None and not hearer.channel:
        _forget(state, hearer, now)


def reconcile(state: State, seen: tuple[HearerSeen, ...], now: float) -> None:
    """After the link was away: who is still on the line? Who is there and unknown is let go, save
    with a caller, whom nobody else has."""
    there = {one.token: one for one in seen}
    for hearer in list(state.hearers.values()):
        found = there.pop(hearer.token, None)
        if found is not None:
            hearer.channel, hearer.aim, hearer.taking = found.channel, None, False
        elif hearer.channel:
            _forget(state, hearer, now)
    for stranger in there.values():
        if not stranger.taken:
            state.ask(DropHearer("", stranger.token, stranger.channel))


# -- following the call -------------------------------------------------------------------------
def follow(state: State, now: float) -> None:
    """After a step: everybody is tuned to where his call is now."""
    for hearer in list(state.hearers.values()):
        call = state.calls.get(hearer.call)
        if hearer.taken and call is not None and call.stage != "outside":
            hearer.taken = hearer.caller_back = False
        if call is None or _over(call, hearer):
            _let_go(state, hearer, now)
        elif hearer.channel and not (hearer.taken or hearer.taking) and state.linked:
            _tune(state, call, hearer, now)


def _over(call: Call, hearer: Hearer) -> bool:
    """Nobody of ours will have this caller again."""
    if call.stage == "outside":
        return not hearer.taken
    return call.stage in ("diverted", "wrap-up", "closed") or call.leaving is not None


def _tune(state: State, call: Call, hearer: Hearer, now: float) -> None:
    aim = _aim(call, hearer)
    if aim == hearer.aim:
        return
    if aim is not None and not _inside(state, call, hearer):
        aim = None  # it has come to another team, and may come back
        if hearer.aim is None:
            return
    state.touch_call(call.id)
    if aim is None:
        hearer.aim = None
        state.ask(TuneOut(call.id, hearer.token, hearer.channel))
    elif now >= hearer.not_before:
        hearer.aim = aim
        state.ask(TuneIn(call.id, hearer.token, hearer.channel, aim.mode, aim.together))


def _aim(call: Call, hearer: Hearer) -> Aim | None:
    """None: silence."""
    if call.stage not in ("talking", "held") or not call.agent or _card_data(call):
        return None
    joined = call.consult is not None and call.consult.stage == "joined"
    asked = call.consult.stage if call.consult is not None else ""
    barging = hearer.mode == "barge"
    bridge = f"{call.stage} {asked}" if barging else ""
    return Aim(call.attempt, call.agent, hearer.mode, barging and joined, bridge)


def _inside(state: State, call: Call, hearer: Hearer) -> bool:
    """Whether the call lies inside the border of the supervisor's teams, wherever it is by now."""
    reach = reach_of(state.config, hearer.role, hearer.by)
    return within(reach, agents=_agents(call) - {""}, queues=(call.queue,))


def _card_data(call: Call) -> bool:
    """What is kept out of the recording is kept from other ears, too."""
    tape = call.tape
    silent = tape is not None and tape.state in ("pausing", "paused")
    return silent and tape is not None and bool(tape.pauses) and tape.pauses[-1].why == "card"


# -- ending -------------------------------------------------------------------------------------
def _let_go(state: State, hearer: Hearer, now: float) -> None:
    if hearer.channel:
        state.ask(DropHearer(hearer.call, hearer.token, hearer.channel))
    _forget(state, hearer, now)


def _forget(state: State, hearer: Hearer, now: float) -> None:
    del state.hearers[hearer.by]
    state.timers.clear(TIMER, hearer.by)
    call = state.calls.get(hearer.call)
    if call is not None and hearer.channel:
        _note(state, call, hearer, "hearing-ended", now)
    state.touch_call(hearer.call)


def _by_token(state: State, token: str) -> Hearer | None:
    return next((one for one in state.hearers.values() if one.token == token), None)


# -- what is told -------------------------------------------------------------------------------
def _note(state: State, call: Call, hearer: Hearer, kind: str, now: float) -> None:
    """`told` false: for supervisors' eyes only."""
    data = {
        "by": hearer.by,
        "name": hearer.name,
        "mode": hearer.mode,
        "agent": call.agent,
        "told": _told(state, call, hearer),
    }
    state.record(call, kind, now, data)


def _told(state: State, call: Call, hearer: Hearer) -> bool:
    return hearer.mode != "listen" or taping.policy(state, call.queue).listeners_shown


def rows(state: State, call: Call) -> tuple[HearerRow, ...]:
    return tuple(
        HearerRow(
            by=one.by,
            name=one.name,
            mode=one.mode,
            since=one.since,
            there=bool(one.channel),
            hears=one.aim is not None or one.taken,
            taken=one.taken,
            told=_told(state, call, one),
            private=_card_data(call),
        )
        for one in state.hearers.values()
        if one.call == call.id
    )
