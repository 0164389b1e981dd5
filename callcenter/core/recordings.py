"""Speaking to a caller and recording one: what is asked of Asterisk, and what is kept of it.

One prompt or one recording is under way at a time; its token tells a late answer from a current
one, and one that never reports back is given up. A recording is named by us (call and event number,
so never twice), and whatever ends it, what was said until then is kept: every way out `close`s it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from callcenter.core import facts
from callcenter.core.call import Call
from callcenter.core.effects import PlayPrompt, RecordCaller, RecordVoicemail
from callcenter.core.state import State
from ivr.asks import Play, Record

PROMPT_LOST_SECONDS = 90.0  # longer than any prompt with its digits may take
RECORDING_LOST_SECONDS = 30.0  # after the longest it may take
KEPT = "-"  # on the channel, in place of the recording's name
SECONDS_MIN = 2.0  # a silence that ends it leaves one; who says less has said nothing

BoxKind = Literal["queue", "agent", "general"]


def play(state: State, call: Call, ask: Play, now: float) -> None:
    call.prompt = ask
    token = call.next_token()
    state.timers.set("prompt", call.id, now + PROMPT_LOST_SECONDS)
    state.ask(PlayPrompt(call.id, token, ask.items, call.language, ask.collect, ask.interruptible))
    state.tag(call, facts.of_menu(call))


def record(state: State, call: Call, ask: Record, now: float) -> None:
    state.record(call, "recording", now, {"name": ask.name})
    id = f"{call.id}.{call.sequence}"
    _ask(
        state,
        call,
        RecordCaller(
            call.id,
            call.next_token(),
            id,
            ask.seconds_max,
            ask.silence_seconds,
            SECONDS_MIN,
            ask.beep,
        ),
        ask.name,
        now,
    )


def again(state: State, call: Call, now: float) -> None:
    """The answer can no longer come (the link was away): ask again. A recording goes on in the same
    file. Data that was asked for may still come; its own deadline looks after it."""
    if call.recording is not None:
        effect = replace(call.recording, token=call.next_token(), beep=False)
        _ask(state, call, effect, call.recording_name, now)
    elif call.prompt is not None:
        play(state, call, call.prompt, now)


def take_up(state: State, call: Call, id: str, name: str, ask: Record, now: float) -> None:
    """A recording found on a channel that we do not remember: go on with it."""
    token = call.next_token()
    seconds = (ask.seconds_max, ask.silence_seconds, SECONDS_MIN)
    _ask(state, call, RecordCaller(call.id, token, id, *seconds, beep=False), name, now)


def _ask(state: State, call: Call, effect: RecordCaller, name: str, now: float) -> None:
    call.prompt = None
    call.recording, call.recording_name = effect, name
    lost = now + effect.seconds_max + RECORDING_LOST_SECONDS
    state.timers.set("prompt", call.id, lost)
    state.ask(effect)
    box = call.message.box if call.message is not None else ""
    state.tag(call, facts.of_menu(call) | {"rec": facts.pack(effect.id), "box": facts.pack(box)})


def close(state: State, call: Call, now: float, seconds: float | None) -> None:
    """What was recorded is kept. `seconds` None: how long it is was not heard; 0: nothing."""
    recording, call.recording = call.recording, None
    if recording is None:
        return
    data = {"name": call.recording_name, "recording": recording.id, "seconds": seconds}
    state.record(call, "recorded", now, data)
    if call.message is None or seconds == 0:
        return
    state.tag(call, {"rec": KEPT})
    kind, box = box_of(state, call.message.box)
    state.ask(
        RecordVoicemail(
            id=recording.id,
            call=call.id,
            at=now,
            box_kind=kind,
            box=box,
            number=call.number,
            name=call.name,
            customer=call.customer.id if call.customer else None,
            language=call.language,
            file=f"{recording.id}.wav",
            seconds=seconds,
        )
    )


def box_of(state: State, box: str) -> tuple[BoxKind, str]:
    """Whose mailbox this name means: a queue's, an agent's, or (any other) the general one's."""
    if box in state.config.queues:
        return "queue", box
    if box in state.config.agents:
        return "agent", box
    return "general", box or "general"
