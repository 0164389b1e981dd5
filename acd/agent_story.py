"""Why did an agent get nothing between two moments? His own course of events, in words.

Told from the agent's history, which is short (`history.MOMENTS_MAX` states); what lies further
back is in the stored presence of the agent. Since the engine never leaves an agent idle while
somebody waits whom he may serve, a free stretch means that nobody did, except where a rule of a
queue keeps agents back; then it is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from acd.floor import Floor
from acd.segments import Seat


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `since` until `until` the agent was `state` ("unknown" before the history begins)."""

    since: float
    until: float
    state: str
    text: str


def stretches(floor: Floor, agent: str, since: float, until: float) -> tuple[Stretch, ...]:
    """What the agent did between `since` and `until`, without gaps."""
    seat = floor.seats.get(agent)
    if seat is None or until <= since:
        return ()
    starts = _starts(seat)
    out: list[Stretch] = []
    for n, (at, why, back_off_until) in enumerate(starts):
        end = starts[n + 1][0] if n + 1 < len(starts) else until
        start, end = max(at, since), min(end, until)
        if start < end:
            out += _told(seat, start, end, why, back_off_until)
    return tuple(out)


def _starts(seat: Seat) -> list[tuple[float, str, float]]:
    """(from when, what, back-off until), the first reaching back for ever."""
    first = (float("-inf"), "unknown" if seat.history.full else "offline", float("-inf"))
    return [first, *((at, why, back_off) for _, at, why, back_off in seat.history.moments())]


def _told(seat: Seat, start: float, end: float, why: str, back_off_until: float) -> list[Stretch]:
    if why == "unknown":
        return [Stretch(start, end, why, "no longer known here; see the stored presence")]
    if why != "free":
        return [Stretch(start, end, why, why)]
    out: list[Stretch] = []
    if back_off_until > start:
        middle = min(back_off_until, end)
        out.append(Stretch(start, middle, "back-off", "left alone after a missed call"))
        start = middle
    if start < end:
        out.append(Stretch(start, end, "free", _why_free(seat)))
    return out


def _why_free(seat: Seat) -> str:
    if seat.agent is None:
        return "not in the configuration, so offered nothing"
    if not seat.queues:
        return "free, but a member of no queue"
    text = "free: nobody waited whom he may serve"
    keep = sorted(s.queue.name for s in seat.queues if s.queue.reserved_idle)
    if keep:
        text += f" (of {', '.join(keep)} only while more agents were idle than are kept back)"
    return text
