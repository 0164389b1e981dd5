"""A flow gives the caller on to a number or an extension: he is rung through, and comes back unless
they have spoken. The caller stays in the menu stage meanwhile, in the dialplan's care, without a
lease: a service that dies does not end the talk, and the next one finds the caller where he is.
"""

from __future__ import annotations

from typing import Literal

from callcenter.core import trunks
from callcenter.core.call import Call
from callcenter.core.effects import DialOut
from callcenter.core.inputs import CallSeen, DialledAnswered
from callcenter.core.state import State
from ivr.asks import Transfer, Transferred

Outcome = Literal["answered", "busy", "no-answer", "failed"]
OUTCOMES: dict[str, Outcome] = {
    "ANSWER": "answered",
    "BUSY": "busy",
    "NOANSWER": "no-answer",
    "CANCEL": "no-answer",
}
"""By the dialplan's word (ACD_DIAL); every other is a failure."""


def begin(state: State, call: Call, ask: Transfer, now: float) -> None:
    token = call.next_token()
    call.dial_out = DialOut(call.id, token, ask.number, ask.ring_seconds)
    inside = ask.number in state.devices
    by_trunk = {} if inside else {"trunk": trunks.OUT}
    state.record(call, "transfer", now, {"number": ask.number, **by_trunk})
    state.ask(call.dial_out)


def answered(state: State, fact: DialledAnswered, now: float) -> None:
    """Noted at once: should the caller hang up, nobody tells that they have spoken."""
    call = state.calls.get(fact.call)
    if call is not None and call.dial_out is not None and call.token == fact.token:
        state.record(call, "transfer-answered", now)


def over(state: State, call: Call, outcome: Outcome, now: float) -> Transferred:
    """The answer for the flow."""
    call.dial_out = None
    call.token = ""
    state.record(call, "transfer-ended", now, {"outcome": outcome})
    return Transferred(outcome)


def take_up(call: Call, token: str) -> None:
    """Found on a channel that we do not remember."""
    call.token = token
    call.dial_out = DialOut(call.id, token, "", 0.0)


def found_back(call: Call, seen: CallSeen) -> Outcome:
    """The caller waits with us again; what became of it stands on the channel."""
    assert call.dial_out is not None
    mine = seen.facts.get("xfer") == call.dial_out.token
    return OUTCOMES.get(seen.facts.get("dial", ""), "failed") if mine else "failed"
