"""From the agent's answer to the closed books: talk, hold, the end, wrap-up.

Who hung up decides what happens to the other side: the caller gone means wrap-up; the agent gone on
purpose ends the call; the agent's leg lost (dead browser, no media) brings the caller back to the
head of the line with the original join time.
"""

from __future__ import annotations

from acd.model import Entry, Queue
from callcenter.core import facts, interaction, queueing, seats
from callcenter.core.call import Call, Event
from callcenter.core.effects import HangUp
from callcenter.core.inputs import (
    AgentAnswered,
    AgentRinging,
    CallEnded,
    CallReturned,
    HangUpSide,
    HoldChanged,
)
from callcenter.core.state import State

NORMAL_CLEARING = 16  # Q.850: the agent hung up on purpose
USER_BUSY = 17


def ringing(state: State, fact: AgentRinging, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is not None and call.stage == "offered" and call.attempt == fact.attempt:
        state.record(call, "ringing", now, {"agent": fact.agent})


def answered(state: State, fact: AgentAnswered, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.stage != "offered" or call.attempt != fact.attempt:
        return  # the offer has lapsed already; Asterisk's later word (CallReturned) settles it
    begin_talk(state, call, now)


def begin_talk(state: State, call: Call, now: float) -> None:
    agent = call.agent
    assert agent is not None
    assert call.queue is not None
    call.enter(Event.ANSWERED, now)
    first = call.answered_at is None
    call.answered_at = call.answered_at or now
    call.offered_until = None
    state.timers.clear("offer", call.id)
    state.router.accept(call.id, now)
    seats.answered(state, agent, now)
    waited = now - (call.joined_at or now)
    if first:
        day = state.queue_day(call.queue)
        day.answered += 1
        queue = state.config.queues.get(call.queue)
        if queue is not None and waited <= queue.service_level_seconds:
            day.answered_in_target += 1
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    state.record(call, "answered", now, {"agent": agent, "waited": round(waited, 3)})
    state.tag(call, facts.of_talk(call))


def hold_changed(state: State, fact: HoldChanged, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.stage not in ("talking", "held"):
        return
    if fact.held == (call.stage == "held"):
        return
    call.enter(Event.HELD if fact.held else Event.UNHELD, now)
    seats.hold_changed(state, call.agent or "", fact.held, now)
    state.touch_call(call.id)
    state.record(call, "held" if fact.held else "unheld", now)


# -- the agent's side ended ---------------------------------------------------------------------
def returned(state: State, fact: CallReturned, now: float) -> None:
    """The caller is back with us after ringing or talking (or a redirect the dialplan refused)."""
    call = state.calls.get(fact.call)
    if call is None:
        return
    if call.stage == "offered" and fact.attempt in (0, call.attempt):
        if fact.answered:  # up and gone between two events: the talk still happened
            begin_talk(state, call, now)
            agent_gone(state, call, fact.cause, now)
        else:
            outcome = "cancelled" if fact.attempt == 0 else fact.outcome
            queueing.offer_ended(state, call, outcome, now)
    elif call.stage in ("talking", "held") and fact.attempt == call.attempt:
        agent_gone(state, call, fact.cause, now)
    # any other is the echo of an offer that we have ended ourselves


def agent_gone(state: State, call: Call, cause: int, now: float) -> None:
    if call.ended_by is not None or cause in (NORMAL_CLEARING, USER_BUSY):
        call.ended_by = call.ended_by or "agent"
        state.ask(HangUp(call.id))
        return
    requeue(state, call, now, cause)


def requeue(state: State, call: Call, now: float, cause: int) -> None:
    """The agent's leg died under the talk: the caller goes to the head of the same line."""
    agent = call.agent or ""
    state.record(call, "leg-lost", now, {"agent": agent, "cause": cause})
    state.alarm("leg-lost", f"the phone of {agent} died during call {call.id} (cause {cause})")
    seats.call_over(state, call, now, wrap_up=False)
    seats.device_failed(state, agent, now)
    call.enter(Event.LEG_LOST, now)
    call.agent = None
    entry = Entry(
        id=call.id,
        queue=call.queue or "",
        joined_at=call.joined_at or now,
        priority=queueing.RETURN_PRIORITY,
        preferred_agent=agent,
        identity=call.number or None,
    )
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    refusal = state.router.join(entry, now)
    if refusal is not None:
        state.alarm("requeue-refused", f"call {call.id}: {refusal.text}")
        call.ended_by = "system"
        state.ask(HangUp(call.id))
        return
    queueing.match_again_or_wait(state, call, now)


# -- the caller is gone -------------------------------------------------------------------------
def ended(state: State, fact: CallEnded, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.stage in ("wrap-up", "closed"):
        return
    end(state, call, fact.by, fact.cause, now)


def end(state: State, call: Call, by: HangUpSide, cause: int, now: float) -> None:
    was = call.stage
    call.ended_by = call.ended_by or by
    call.ended_at = now
    if was in ("waiting", "offered"):
        if was == "offered" and call.agent is not None:
            seats.offer_withdrawn(state, call.agent, now)
            call.agent = None
        state.router.leave(call.id, now)
        state.queue_day(call.queue or "").abandoned += 1
        state.touch_queue(call.queue)
    for timer in ("announce", "offer", "prompt"):
        state.timers.clear(timer, call.id)
    call.token = ""
    call.enter(Event.GONE, now)
    state.touch_call(call.id)
    state.record(call, "ended", now, {"by": call.ended_by, "cause": cause, "stage": was})
    if call.stage == "wrap-up":
        begin_wrap_up(state, call, now)
        interaction.write(state, call)
    else:
        interaction.write(state, call)
        del state.calls[call.id]
    queueing.match(state, now)


def begin_wrap_up(state: State, call: Call, now: float) -> None:
    queue = state.config.queues.get(call.queue or "")
    seats.call_over(state, call, now, wrap_up=True)
    if queue is None or queue.wrap_up_mode != "mandatory":
        call.wrap_up_until = now + (queue.wrap_up_seconds if queue else 0.0)
        state.timers.set("wrap-up", call.id, call.wrap_up_until)


def extensions_left(call: Call, queue: Queue | None) -> int:
    if queue is None or queue.wrap_up_mode != "timed-extendable":
        return 0
    return max(0, queue.wrap_up_extensions_max - call.extensions)


def extend_wrap_up(state: State, call: Call, now: float) -> bool:
    """More time to write, where the queue allows it. False: no more extensions."""
    queue = state.config.queues.get(call.queue or "")
    if queue is None or extensions_left(call, queue) == 0 or call.wrap_up_until is None:
        return False
    call.extensions += 1
    call.wrap_up_until += queue.wrap_up_extension_seconds
    state.timers.set("wrap-up", call.id, call.wrap_up_until)
    state.touch_call(call.id)
    state.record(call, "wrap-up-extended", now, {"until": call.wrap_up_until})
    return True


def wrap_up_expired(state: State, call_id: str, now: float) -> None:
    """Time is over: the default disposition closes the call."""
    call = state.calls.get(call_id)
    if call is None or call.stage != "wrap-up":
        return
    default = next((item.code for item in state.config.dispositions if item.default), "")
    finish(state, call, default, "", now)


def finish(state: State, call: Call, disposition: str, note: str, now: float) -> None:
    """Close the books of this call and free the agent."""
    call.enter(Event.FINISHED, now)
    call.disposition = disposition
    call.note = note
    state.timers.clear("wrap-up", call.id)
    state.record(call, "closed", now, {"disposition": disposition})
    interaction.write(state, call)
    state.touch_call(call.id)
    seats.wrap_up_over(state, call, now)
    del state.calls[call.id]
    queueing.match(state, now)
