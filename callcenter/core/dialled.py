"""Outside numbers that the centre dials: ids for the attempts, and what comes of them.

Who asked for the call decides what its answer means (`callbacks` is one); here it is only found out
whose it is. A person who answers a call that nobody knows of any more is not left in silence.
"""

from __future__ import annotations

from callcenter.core.effects import HangUp
from callcenter.core.inputs import NumberAnswered, NumberFailed, NumberRinging
from callcenter.core.state import State


def call_id(state: State) -> str:
    """An id for a call that we dial, never used before: the epoch grows with every start."""
    state.dialled += 1
    return f"out-{state.epoch}.{state.dialled}"


def ringing(state: State, fact: NumberRinging, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is not None and call.stage == "dialling":
        state.record(call, "ringing", now)


def answered(state: State, fact: NumberAnswered, now: float) -> None:
    """Nobody's: an attempt that was given up, or of before a start without memory."""
    if fact.call not in state.calls:
        state.ask(HangUp(fact.call))


def failed(state: State, fact: NumberFailed, now: float) -> None:
    """Nobody's: over and done with."""
