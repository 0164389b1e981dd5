"""Whether, and how, a talk is recorded: what becomes of a call's tape (`core.tape`).

The rule of the queue decides when the offer goes out, for the file's name travels with it; a share
of the calls is chosen by a hash of the call's id, so that all of one call is recorded or nothing,
and nobody has to remember. `follow` looks at every call of a step and closes what is over, so no
other part of the core needs to know. The end of a tape is written to history; the file is looked
after elsewhere, long after.
"""

from __future__ import annotations

import hashlib

from callcenter.core import refusals
from callcenter.core.call import Call
from callcenter.core.config import RecordingPolicy
from callcenter.core.effects import (
    MuteRecording,
    NameRecording,
    RecordTalk,
    StopRecording,
    TalkPause,
)
from callcenter.core.inputs import RecordingChanged
from callcenter.core.state import State
from callcenter.core.tape import Event, Pause, Reason, Tape, Why
from ivr.asks import Collect, Enqueue, Play, PromptItem

CONFIRM_SECONDS = 1.0
TRIES_MAX = 5
START_SECONDS = 3.0  # after the answer; Asterisk begins before the phone rings
REFUSING_KEY = "9"
NOTICE_SECONDS = 3.0
NEVER = RecordingPolicy()
EFFECTS = ("NameRecording", "MuteRecording", "StopRecording")
TAPED = ("dialling", "offered", "talking", "held")
CONFIRM_TIMER, RESUME_TIMER = "tape", "tape-resume"


# -- the rule -----------------------------------------------------------------------------------
def policy(state: State, queue: str | None) -> RecordingPolicy:
    return state.config.recording.get(queue or "", NEVER)


def chosen(call: str, percent: float) -> bool:
    """Whether this call is among `percent` of all; the same answer whenever it is asked."""
    drawn = int.from_bytes(hashlib.sha256(call.encode()).digest()[:4], "big")
    return drawn < percent / 100 * 2**32


def reason(state: State, call: Call) -> Reason | None:
    """Why the call's talks are recorded in the queue it is in; None: they are not."""
    rule = policy(state, call.queue)
    if call.trial or call.unrecorded:
        return None
    if call.contact_recorded:  # what has begun is gone on with, whatever queue comes after
        return call.contact_recorded
    match rule.mode:
        case "always":
            return "always"
        case "percent" if chosen(call.books, rule.percent):
            return "percent"
        case "on-demand" | "percent":
            return "on-demand" if rule.by_hand or rule.mode == "on-demand" else None
        case _:
            return None


# -- the notice ---------------------------------------------------------------------------------
def notice(state: State, call: Call, ask: Enqueue) -> Play | None:
    """What the caller must be told before this queue; None: nothing, or he was told."""
    rule = policy(state, ask.queue)
    if not rule.notice or rule.mode == "never" or call.noticed or call.unrecorded or call.trial:
        return None
    if rule.mode == "percent" and not rule.by_hand and not chosen(call.books, rule.percent):
        return None
    call.noticed = True
    call.noticing = ask
    prompt = "recording-notice-refusable" if rule.refusable else "recording-notice"
    collect = Collect(timeout_seconds=NOTICE_SECONDS) if rule.refusable else None
    return Play((PromptItem("prompt", prompt),), collect)


def noticed(state: State, call: Call, digits: str, now: float) -> Enqueue:
    """He was told; on to the queue he was meant for."""
    ask, call.noticing = call.noticing, None
    assert ask is not None, f"call {call.id} was told nothing"
    rule = policy(state, ask.queue)
    refused = rule.refusable and digits == REFUSING_KEY
    call.unrecorded = call.unrecorded or refused
    state.record(call, "recording-notice", now, {"refused": refused})
    state.tag(call, {"unrec": "1"} if refused else {})
    return ask


# -- beginning ----------------------------------------------------------------------------------
def begin(state: State, call: Call, now: float, *, told: bool = True) -> None:
    """An offer, or a hand-over, goes out under `call.attempt`: its talk gets a file of its own. Who
    was not `told`, where the rule says that people are, is recorded on demand at most."""
    before = call.tape
    carried = before is not None and before.wanted and _silent_or_going(before)
    close(state, call, now)
    why = reason(state, call)
    rule = policy(state, call.queue)
    if why is not None and rule.notice and not (told or call.noticed):
        why = "on-demand" if rule.by_hand or rule.mode == "on-demand" else None
    if why is None:
        return
    tape = Tape(f"{call.id}.{call.attempt}", call.attempt, call.part, why, call.queue or "")
    tape.wanted = why != "on-demand"
    if not tape.wanted:
        tape.at_start = "armed"
    elif carried:
        tape.at_start = "carried"
    call.tape = tape
    state.ask(NameRecording(call.id, tape.attempt, tape.id))
    state.touch_call(call.id)


def _silent_or_going(tape: Tape) -> bool:
    return tape.state in ("pausing", "paused")


def joined_by(state: State, call: Call) -> None:
    """The talk goes on in the same file under another offer: an agent left a conference."""
    if call.tape is not None:
        call.tape.attempt = call.attempt


# -- what Asterisk tells ------------------------------------------------------------------------
def changed(state: State, fact: RecordingChanged, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.tape is None:
        return
    tape = call.tape
    match fact.what:
        case "started" if tape.enter(Event.STARTED):
            if tape.at_start is not None:
                _pause(state, call, tape, tape.at_start, now)
                tape.at_start = None
        case "paused" if tape.enter(Event.PAUSED):
            tape.pauses[-1].since = now
            _settled(state, call)
            if tape.wanted:
                state.record(call, "recording-paused", now, {"why": tape.pauses[-1].why})
        case "resumed" if tape.enter(Event.RESUMED):
            tape.pauses[-1].until = now
            _settled(state, call)
            state.record(call, "recording-resumed", now)
        case "stopped" if tape.enter(Event.STOPPED):
            _settled(state, call)
        case _:
            return
    state.touch_call(call.id)


def _settled(state: State, call: Call) -> None:
    state.timers.clear(CONFIRM_TIMER, call.id)


def overdue(state: State, call_id: str, now: float) -> None:
    """What was asked for is not confirmed in time."""
    call = state.calls.get(call_id)
    tape = call.tape if call is not None else None
    if call is None or tape is None:
        return
    match tape.state:
        case "pausing":
            _fail_closed(state, call, tape, now)
        case "stopping":
            _insist(state, call, tape, now)
        case "resuming":
            state.alarm("recording-silent", f"call {call.id}: its recording stays silent")
            tape.trouble = "not-resumed"
        case "asked":
            state.alarm("not-recorded", f"call {call.id}: Asterisk does not record it")
            tape.trouble = "not-started"
        case _:
            pass
    state.touch_call(call.id)


def failed(state: State, call: Call, what: str, now: float) -> None:
    """Asterisk refused it, or nobody knows."""
    tape = call.tape
    if tape is None:
        return
    if what == "MuteRecording" and tape.state == "pausing":
        _fail_closed(state, call, tape, now)
    elif what == "NameRecording" and tape.state == "asked":
        tape.trouble = "not-started"
        state.touch_call(call.id)


def _fail_closed(state: State, call: Call, tape: Tape, now: float) -> None:
    """Rather no recording than one with what must not be in it."""
    if tape.wanted:
        state.alarm(
            "recording-stopped",
            f"call {call.id}: the pause of its recording was not confirmed, so it was stopped",
        )
        state.record(call, "recording-stopped", now, {"why": "pause not confirmed"})
    tape.trouble = "pause-unconfirmed"
    _stop(state, call, tape, now)


def _stop(state: State, call: Call, tape: Tape, now: float) -> None:
    tape.enter(Event.STOP)
    tape.tries = 0
    tape.resume_at = None
    state.timers.clear(RESUME_TIMER, call.id)
    state.touch_call(call.id)
    _insist(state, call, tape, now)


def _insist(state: State, call: Call, tape: Tape, now: float) -> None:
    tape.tries += 1
    if tape.tries > TRIES_MAX:
        state.alarm("recording-goes-on", f"call {call.id}: its recording could not be stopped")
        return
    state.ask(StopRecording(call.id))
    state.timers.set(CONFIRM_TIMER, call.id, now + CONFIRM_SECONDS)


# -- pause and resume ---------------------------------------------------------------------------
def pause(
    state: State, call: Call, why: Why, by: str, now: float, seconds: float | None = None
) -> str | None:
    """Silence from now on, until it is resumed, by itself after the rule's time (or `seconds`).
    Returns the refusal."""
    tape = call.tape
    if tape is None or not tape.going_on or not tape.wanted:
        return refusals.NOT_RECORDED
    if not state.linked:
        return refusals.LINK_DOWN
    limit = policy(state, tape.queue).pause_seconds_max
    limit = min(limit, seconds) if seconds is not None and limit else seconds or limit
    if limit:
        tape.resume_at = now + limit
        state.timers.set(RESUME_TIMER, call.id, tape.resume_at)
        state.touch_call(call.id)  # asked again while it is silent: only the time is another
    if tape.state == "asked":
        tape.at_start = why
        return None
    if tape.state in ("on", "resuming"):
        state.record(call, "recording-pause-asked", now, {"why": why, "by": by})
        _pause(state, call, tape, why, now)
    return None


def _pause(state: State, call: Call, tape: Tape, why: Why, now: float) -> None:
    if tape.state == "resuming":  # the silence before was not over yet
        tape.pauses[-1].until = now
    if not tape.enter(Event.PAUSE):
        return
    tape.pauses.append(Pause(now, why))
    state.tag(call, {"mute": why})
    state.ask(MuteRecording(call.id, True))
    state.timers.set(CONFIRM_TIMER, call.id, now + CONFIRM_SECONDS)
    state.touch_call(call.id)


def resume(state: State, call: Call, by: str, now: float) -> str | None:
    """What is said is written again, or for the first time (on demand). Returns the refusal."""
    tape = call.tape
    if tape is None or not tape.going_on or call.unrecorded:
        return refusals.NOT_RECORDED
    if not state.linked:
        return refusals.LINK_DOWN
    tape.resume_at = None
    state.timers.clear(RESUME_TIMER, call.id)
    if not tape.wanted:
        tape.wanted = True
        call.contact_recorded = tape.reason
        state.record(call, "recording-asked", now, {"by": by})
    tape.at_start = None
    if tape.enter(Event.RESUME):
        state.tag(call, {"mute": ""})
        state.ask(MuteRecording(call.id, False))
        state.timers.set(CONFIRM_TIMER, call.id, now + CONFIRM_SECONDS)
    state.touch_call(call.id)
    return None


def resume_due(state: State, call_id: str, now: float) -> None:
    """A pause may be forgotten, a recording not."""
    call = state.calls.get(call_id)
    if call is None or call.tape is None:
        return
    if resume(state, call, "timer", now) == refusals.LINK_DOWN:
        state.timers.set(RESUME_TIMER, call.id, now + CONFIRM_SECONDS)


def refuse(state: State, call: Call, by: str, now: float) -> str | None:
    """The caller does not want it: no more of this call is recorded. What was so far stays, for who
    may erase it does that by hand. Returns the refusal."""
    if call.unrecorded:
        return None
    call.unrecorded = True
    state.record(call, "recording-refused", now, {"by": by})
    state.tag(call, {"unrec": "1"})
    if call.tape is not None and call.tape.going_on:
        _stop(state, call, call.tape, now)
    state.touch_call(call.id)
    return None


# -- following the call -------------------------------------------------------------------------
def follow(state: State, now: float) -> None:
    """After a step: who talks is noted, and what is over is closed."""
    for name in list(state.stale.calls):
        call = state.calls.get(name)
        if call is None or call.tape is None:
            continue
        if call.stage not in TAPED or call.attempt != call.tape.attempt:
            close(state, call, now)
            continue
        _note(state, call, call.tape, now)


def _note(state: State, call: Call, tape: Tape, now: float) -> None:
    speaking = bool(tape.spoken) and tape.spoken[-1][1] is None
    if call.stage == "talking":
        if not tape.spoken and tape.state == "asked":
            state.timers.set(CONFIRM_TIMER, call.id, now + START_SECONDS)
        if not speaking:
            tape.spoken.append((call.since, None))
        third = call.consult if call.consult and call.consult.stage == "joined" else None
        for agent in (call.agent, third.agent if third else None):
            if agent is not None and agent not in tape.agents:
                tape.agents.append(agent)
    elif speaking:
        tape.spoken[-1] = (tape.spoken[-1][0], now)


def close(state: State, call: Call, now: float) -> None:
    """The file gets no more. What was never spoken into leaves no trace."""
    tape, call.tape = call.tape, None
    if tape is None:
        return
    for timer in (CONFIRM_TIMER, RESUME_TIMER):
        state.timers.clear(timer, call.id)
    if call.tags.get("mute"):
        state.tag(call, {"mute": ""})
    state.touch_call(call.id)
    if not tape.spoken:
        return
    spoken = tuple((since, now if until is None else until) for since, until in tape.spoken)
    state.ask(
        RecordTalk(
            id=tape.id,
            revision=state.next_revision(call),
            call=call.books,
            part=tape.part,
            agents=tuple(tape.agents),
            queue=tape.queue or None,
            customer=call.customer.id if call.customer else None,
            number=call.number,
            reason=tape.reason,
            wanted=tape.wanted,
            began_at=spoken[0][0],
            ended_at=spoken[-1][1],
            spoken=spoken,
            pauses=tuple(
                TalkPause(one.asked_at, one.since, now if one.until is None else one.until, one.why)
                for one in tape.pauses
            ),
            trouble=tape.trouble,
        )
    )


# -- after the link was away --------------------------------------------------------------------
def reconcile(state: State, call: Call, now: float) -> None:
    """Asterisk cannot be asked whether it is silent: it is told again."""
    tape = call.tape
    if tape is not None and tape.attempt != call.attempt:
        close(state, call, now)
        tape = None
    if tape is None:
        _take_up(state, call, now)
        return
    if tape.state in ("pausing", "paused"):
        tape.enter(Event.PAUSE)
        state.ask(MuteRecording(call.id, True))
    elif tape.state in ("resuming", "on"):
        state.ask(MuteRecording(call.id, False))
    elif tape.state == "stopping":
        tape.tries = 0
        _insist(state, call, tape, now)
        return
    elif tape.state == "asked" and call.tags.get("tape") == f"{tape.attempt}:{tape.id}":
        tape.enter(Event.STARTED)
        if tape.at_start is not None:
            _pause(state, call, tape, tape.at_start, now)
            tape.at_start = None
        return
    if tape.state in ("pausing", "resuming"):
        state.timers.set(CONFIRM_TIMER, call.id, now + CONFIRM_SECONDS)


def _take_up(state: State, call: Call, now: float) -> None:
    """A talk found on the channel of a call that we had forgotten."""
    call.unrecorded = call.unrecorded or call.tags.get("unrec") == "1"
    count, _, name = call.tags.get("tape", "").partition(":")
    if call.stage not in ("talking", "held") or count != str(call.attempt) or not name:
        return
    rule = policy(state, call.queue)
    why: Reason = {"always": "always", "percent": "percent"}.get(rule.mode, "on-demand")  # type: ignore[assignment]
    tape = Tape(name, call.attempt, call.part, why, call.queue or "", "on")
    tape.trouble = "taken-up"
    mute = call.tags.get("mute", "")
    if mute:
        tape.wanted = mute != "armed"
        tape.state = "pausing"
        tape.pauses.append(Pause(call.started_at, "armed" if mute == "armed" else "hand"))
        state.ask(MuteRecording(call.id, True))
        state.timers.set(CONFIRM_TIMER, call.id, now + CONFIRM_SECONDS)
    call.tape = tape
