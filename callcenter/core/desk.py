"""What an agent's clicks do: each is carried out, or refused with a reason, and replied to."""

from __future__ import annotations

from typing import Literal

from acd.presence import Event
from acd.presence import State as PresenceState
from acd.refusals import Refusal
from callcenter.core import (
    calling_back,
    conferring,
    consulting,
    dispositions,
    facts,
    giving,
    leaving,
    outgoing,
    picking,
    queueing,
    refusals,
    seats,
    taping,
    writing,
)
from callcenter.core.call import Call
from callcenter.core.commands import (
    AgentAction,
    CallColleague,
    ChooseCustomer,
    ConsultAgent,
    ConsultNumber,
    DialNumber,
    DropMessage,
    EndConsultation,
    ExtendWrapUp,
    FinishWrapUp,
    GoAvailable,
    HandOverCall,
    HangUpCall,
    HoldCall,
    JoinParties,
    LogIn,
    LogOut,
    Pause,
    PauseTalkRecording,
    RefuseRecording,
    RejectOffer,
    ReturnToCall,
    SwapParties,
    TransferCall,
)
from callcenter.core.effects import Hold, StopRinging, Withdraw
from callcenter.core.in_call import MutePerson, ParkCall, PartParties, PickUpCall, SendDigits
from callcenter.core.inputs import AgentDid
from callcenter.core.state import Seat, State

CallMove = (
    TransferCall
    | ConsultNumber
    | DropMessage
    | ConsultAgent
    | EndConsultation
    | HandOverCall
    | SwapParties
    | JoinParties
    | ReturnToCall
    | ParkCall
    | MutePerson
    | PartParties
    | SendDigits
)


def did(state: State, command: AgentDid, now: float) -> None:
    if command.agent not in state.config.agents and command.agent not in state.seats:
        state.reply(command.agent, command.command, refusals.UNKNOWN_AGENT)
        return
    seat = seats.seat_of(state, command.agent, now)
    refusal = _carry_out(state, seat, command.action, now)
    state.reply(command.agent, command.command, refusal)
    queueing.match(state, now)


def _carry_out(state: State, seat: Seat, action: AgentAction, now: float) -> str | None:
    match action:
        case LogIn():
            return _log_in(state, seat, action, now)
        case LogOut():
            return _code(seats.apply(state, seat, Event.LOG_OUT, now))
        case GoAvailable():
            return _go_available(state, seat, now)
        case Pause():
            return _pause(state, seat, action.reason, now)
        case RejectOffer():
            return _reject(state, seat, action.call, now)
        case HangUpCall():
            return _hang_up(state, seat, action.call, now)
        case HoldCall():
            return _hold(state, seat, action, now)
        case ChooseCustomer():
            return _choose_customer(state, seat, action, now)
        case ExtendWrapUp():
            call = _own(state, seat, action.call)
            if isinstance(call, str):
                return call
            if call.stage != "wrap-up":
                return refusals.TOO_LATE
            return None if writing.extend(state, call, now) else refusals.NO_EXTENSION
        case FinishWrapUp():
            return _finish(state, seat, action, now)
        case PauseTalkRecording() | RefuseRecording():
            return _recording(state, seat, action, now)
        case PickUpCall():
            return picking.pick_up(state, seat, action.call, now)
        case DialNumber():
            return outgoing.dial(state, seat, action, now)
        case CallColleague():
            return outgoing.call_colleague(state, seat, action, now)
        case _:
            return _with_others(state, seat, action, now)


def _with_others(state: State, seat: Seat, action: CallMove, now: float) -> str | None:
    """What takes a second agent, a queue or a flow."""
    call = _talking(state, seat, action.call)
    if isinstance(call, str):
        consulted = _consulted(state, seat, action.call)
        if consulted is not None and isinstance(action, EndConsultation):
            return consulting.end(state, consulted, now)
        return call
    if call.peer and not isinstance(action, ReturnToCall | SendDigits):
        return refusals.BETWEEN_COLLEAGUES
    match action:
        case TransferCall():
            return giving.ask(state, call, seat, action.to, action.target, now)
        case ConsultAgent():
            return consulting.begin(state, call, seat, action.agent, now)
        case ConsultNumber():
            return consulting.begin_outside(state, call, seat, action, now)
        case DropMessage():
            return giving.drop_message(state, call, seat, action.message, now)
        case EndConsultation():
            return consulting.end(state, call, now, machine=action.machine)
        case HandOverCall():
            return consulting.hand_over(state, call, now)
        case SwapParties():
            return consulting.swap(state, call, now)
        case JoinParties():
            return consulting.join(state, call, now)
        case ReturnToCall():
            return giving.return_to(state, call, now)
        case ParkCall():
            return picking.park(state, call, seat, now)
        case MutePerson():
            return conferring.mute(state, call, action, now)
        case PartParties():
            return conferring.part(state, call, action, now)
        case SendDigits():
            return conferring.digits(state, call, action.digits, now)


def _code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


# -- the shift ----------------------------------------------------------------------------------
def _log_in(state: State, seat: Seat, action: LogIn, now: float) -> str | None:
    """Begin the shift with this phone; while logged in, it only changes the phone."""
    seat.device = action.device
    if seat.presence.state is PresenceState.OFFLINE:
        refusal = seats.apply(state, seat, Event.LOG_IN, now)
        if refusal is not None:
            return refusal.code
    seats.follow_device(state, seat, now)
    seats.watch_console(state, seat, now)
    state.touch_agent(seat.agent)
    return None


def _go_available(state: State, seat: Seat, now: float) -> str | None:
    """A click of the agent himself: what he missed before is forgiven."""
    seat.missed_in_row = 0
    if seat.presence.state is PresenceState.PAUSED:
        seats.end_back_off(state, seat)
    return _code(seats.apply(state, seat, Event.GO_AVAILABLE, now))


def _pause(state: State, seat: Seat, reason: str, now: float) -> str | None:
    if reason not in {item.code for item in state.config.pause_reasons}:
        return refusals.UNKNOWN_REASON
    return _code(seats.apply(state, seat, Event.PAUSE, now, reason))


def shift_forgotten(state: State, agent: str, now: float) -> None:
    """The console has been away for long: the shift ends, and with it a wrap-up nobody writes."""
    seat = state.seats.get(agent)
    if seat is None or seat.presence.console:
        return
    seats.apply(state, seat, Event.FORCED_LOG_OUT, now)
    call = state.calls.get(seat.call or "")
    if call is not None and call.stage == "wrap-up":
        writing.close(state, call, now)


# -- the call -----------------------------------------------------------------------------------
def _own(state: State, seat: Seat, call_id: str) -> Call | str:
    call = state.calls.get(call_id)
    if call is None:
        return refusals.UNKNOWN_CALL
    own = seat.agent in (call.agent, call.peer) or seat.agent in call.ringing
    return call if own else refusals.NOT_YOUR_CALL


def _talking(state: State, seat: Seat, call_id: str) -> Call | str:
    """The agent's own call, with the caller there and Asterisk within reach; or why not."""
    call = _own(state, seat, call_id)
    if isinstance(call, str):
        return call
    if call.stage not in ("talking", "held") or call.ended_by is not None:
        return refusals.TOO_LATE
    return call if state.linked else refusals.LINK_DOWN


def _consulted(state: State, seat: Seat, call_id: str) -> Call | None:
    """The call about which this agent is being asked."""
    call = state.calls.get(call_id)
    asked = call is not None and call.consult is not None and call.consult.agent == seat.agent
    return call if asked and state.linked else None


def _reject(state: State, seat: Seat, call_id: str, now: float) -> str | None:
    consulted = _consulted(state, seat, call_id)
    if consulted is not None:
        return consulting.end(state, consulted, now)
    call = _own(state, seat, call_id)
    if isinstance(call, str):
        return call
    if call.stage == "dialling" and call.by_hand:
        return _give_up(state, seat, call, now)
    if call.stage == "dialling":  # he is reserved for a customer who has not answered yet
        calling_back.let_agent_go(state, call, now, rejected=True)
        return None
    if call.stage != "offered":
        return refusals.TOO_LATE
    if len(call.ringing) > 1:
        state.ask(StopRinging(call.id, call.attempt, seat.agent, seat.device))
        queueing.one_stopped(state, call, seat.agent, "refused", now)
        return None
    state.ask(Withdraw(call.id, call.attempt))
    queueing.offer_ended(state, call, "refused", now)
    return None


def _hang_up(state: State, seat: Seat, call_id: str, now: float) -> str | None:
    """While another is asked, only that talk ends; in a conference the others go on."""
    consulted = _consulted(state, seat, call_id)
    if consulted is not None:
        return consulting.end(state, consulted, now)
    made = state.calls.get(call_id)
    if made is not None and made.by_hand and made.stage == "dialling":
        return _give_up(state, seat, made, now)
    call = _talking(state, seat, call_id)
    if isinstance(call, str):
        return call
    if call.consult is not None and call.consult.stage == "joined":
        return consulting.hand_over(state, call, now)
    if call.consult is not None:
        return refusals.CONSULTING
    if call.giving_on is not None:
        return refusals.TOO_LATE
    state.record(call, "hang-up-asked", now, {"agent": seat.agent})
    giving.end_talk(state, call, now, there=False)
    return None


def _give_up(state: State, seat: Seat, call: Call, now: float) -> str | None:
    """The call that is being made is not wanted any more: by who makes it, or by the colleague."""
    if seat.agent not in (call.agent, call.peer):
        return refusals.NOT_YOUR_CALL
    if not state.linked:
        return refusals.LINK_DOWN
    if call.leaving is not None:
        return refusals.TOO_LATE
    if seat.agent == call.peer:
        call.gone_because = "rejected"
        leaving.hang_up(state, call, "system", now)
    else:
        leaving.hang_up(state, call, "agent", now)
    return None


def _hold(state: State, seat: Seat, action: HoldCall, now: float) -> str | None:
    call = _talking(state, seat, action.call)
    if isinstance(call, str):
        return call
    if call.consult is not None or call.giving_on is not None:
        return refusals.CONSULTING
    if call.peer == seat.agent:  # his own end is the one that would hear the music
        return refusals.BETWEEN_COLLEAGUES
    if action.hold != (call.stage == "held"):
        call.back_at_once = False
        state.ask(Hold(call.id, action.hold))
    return None


def _recording(
    state: State, seat: Seat, action: PauseTalkRecording | RefuseRecording, now: float
) -> str | None:
    """By the agent who talks, as far as the queue's rule lets him. Card data he may always keep
    out."""
    call = _talking(state, seat, action.call)
    if isinstance(call, str):
        return call
    rule = taping.policy(state, call.queue)
    if isinstance(action, RefuseRecording):
        if not rule.agent_may_stop:
            return refusals.MAY_NOT
        return taping.refuse(state, call, seat.agent, now)
    if not action.paused:
        return taping.resume(state, call, seat.agent, now)
    if not (rule.agent_may_pause or action.card):
        return refusals.MAY_NOT
    why: Literal["card", "hand"] = "card" if action.card else "hand"
    return taping.pause(state, call, why, seat.agent, now, action.seconds)


def _choose_customer(state: State, seat: Seat, action: ChooseCustomer, now: float) -> str | None:
    call = _own(state, seat, action.call)
    if isinstance(call, str):
        return call
    call.cards = (action.card,)
    call.known = True
    state.touch_call(call.id)
    state.record(call, "customer", now, {"customer": action.card.id, "by": seat.agent})
    state.tag(call, {"cust": facts.pack(action.card.id)})
    return None


# -- wrap-up ------------------------------------------------------------------------------------
def _finish(state: State, seat: Seat, action: FinishWrapUp, now: float) -> str | None:
    call = _own(state, seat, action.call)
    if isinstance(call, str):
        return call
    if call.stage != "wrap-up":
        return refusals.STILL_TALKING if call.stage in ("talking", "held") else refusals.TOO_LATE
    queue = state.config.queues.get(call.queue or "")
    if not action.disposition:
        if call.dial_outcome:
            pass  # nobody was reached: the outcome says it all
        elif queue is None or queue.wrap_up_mode != "optional":
            return refusals.DISPOSITION_MISSING
    elif not dispositions.valid(state.config, call.queue, action.disposition):
        return refusals.UNKNOWN_DISPOSITION
    if action.then == "pause" and seat.presence.next_state is None:
        default = state.config.pause_reasons[0].code if state.config.pause_reasons else "pause"
        seats.apply(state, seat, Event.PAUSE, now, default)
    writing.finish(state, call, action.disposition, action.note, now)
    return None
