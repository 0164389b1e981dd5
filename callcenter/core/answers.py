"""What a flow asks for and the centre itself answers at once: a queue's figures, a survey's score.

Everything else is asked of the world (`effects.AskData`).
"""

from __future__ import annotations

from collections.abc import Mapping

from acd.presence import State as PresenceState
from callcenter.core.call import Call
from callcenter.core.effects import RecordSurvey
from callcenter.core.state import State
from ivr.asks import Found, LookUp

ABSENT = frozenset({PresenceState.OFFLINE, PresenceState.UNREACHABLE})


def at_once(state: State, call: Call, ask: LookUp, now: float) -> Found | None:
    """None: it is not for the centre to answer."""
    match ask.source:
        case "queue":
            return queue_figures(state, ask.arguments, now)
        case "survey":
            return score(state, call, ask.arguments, now)
        case _:
            return None


def queue_figures(state: State, arguments: Mapping[str, object], now: float) -> Found:
    """`estimate_seconds`: what a caller who joins now would most likely wait, null when nobody
    knows; 0 when somebody is free. `agents`: logged in; `idle`: free this moment."""
    queue = str(arguments.get("queue", ""))
    if queue not in state.config.queues:
        return Found({}, f"there is no queue {queue!r}")
    logged_in = idle = 0
    for seat in state.seats.values():
        agent = state.config.agents.get(seat.agent)
        if agent is None or queue not in agent.queues or seat.presence.state in ABSENT:
            continue
        logged_in += 1
        idle += seat.presence.state is PresenceState.AVAILABLE and seat.back_off_until <= now
    waiting = state.router.waiting(queue)
    seconds = _estimate(state, queue, now)
    if idle > waiting:
        seconds = 0.0
    values = {"estimate_seconds": seconds, "waiting": waiting, "agents": logged_in, "idle": idle}
    return Found(values)


def _estimate(state: State, queue: str, now: float) -> float | None:
    span = state.router.queue_estimate(queue, now)
    return None if span is None else sum(span) / 2


def score(state: State, call: Call, arguments: Mapping[str, object], now: float) -> Found:
    """Kept with the call, exactly once."""
    value = arguments.get("score")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 9:
        return Found({}, "a score is a number from 0 to 9")
    question = str(arguments.get("question", ""))[:80]
    state.record(call, "survey", now, {"question": question, "score": value})
    state.ask(
        RecordSurvey(
            call=call.id,
            sequence=call.sequence,
            at=now,
            question=question,
            score=value,
            flow=call.flow or "",
            customer=call.customer.id if call.customer else None,
            queue=call.queue,
            agent=call.served_by,
        )
    )
    return Found({"kept": True})
