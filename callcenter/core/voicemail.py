"""A caller leaves a message: greeting, tone, recording, thanks, and the call is over.

The caller stays in the menu stage meanwhile; nobody waits for him. Should Asterisk be unable to
record, the dialplan's own voicemail takes him.
"""

from __future__ import annotations

from callcenter.core import leaving, recordings
from callcenter.core.call import Call, Message
from callcenter.core.inputs import RecordingEnded
from callcenter.core.state import State
from ivr.asks import Play, PromptItem, Record

GREETING = Play((PromptItem("prompt", "voicemail-greeting"),))
THANKS = Play((PromptItem("prompt", "voicemail-thanks"),))
RECORDING = Record("message", seconds_max=180.0, silence_seconds=6.0)


def begin(state: State, call: Call, box: str, now: float, *, reason: str) -> None:
    """Who waited has left the line before. Counts as diverted: no agent was spoken to."""
    call.was_diverted = True
    call.message = Message(box)
    kind, owner = recordings.box_of(state, box)
    state.record(call, "voicemail", now, {"box_kind": kind, "box": owner, "reason": reason})
    state.touch_call(call.id)
    recordings.play(state, call, GREETING, now)


def take_up(state: State, call: Call, box: str, recording: str, now: float) -> None:
    """Found on a channel that we do not remember. What was recorded so far is not lost."""
    if not recording:
        begin(state, call, box, now, reason="found there")
        return
    call.was_diverted = True
    if recording == recordings.KEPT:
        call.message = Message(box, "thanks")
        recordings.play(state, call, THANKS, now)
        return
    call.message = Message(box, "recording")
    recordings.take_up(state, call, recording, RECORDING.name, RECORDING, now)


def prompt_over(state: State, call: Call, now: float) -> None:
    """The greeting, or the thanks, was said (or could not be)."""
    assert call.message is not None
    call.prompt = None
    if call.message.phase == "greeting":
        call.message.phase = "recording"
        recordings.record(state, call, RECORDING, now)
    else:
        leaving.hang_up(state, call, "system", now)


def recorded(state: State, call: Call, fact: RecordingEnded, now: float) -> None:
    assert call.message is not None
    if fact.ended == "failed":
        leaving.divert(state, call, "voicemail", "", now, reason="cannot record")
    elif fact.seconds:
        call.message.phase = "thanks"
        recordings.play(state, call, THANKS, now)
    else:
        leaving.hang_up(state, call, "system", now)
