"""Ghosts: where Asterisk, the centre and the books do not agree, found by comparing three lists.

Nothing is decided here but what is a ghost; what clears one stands in `core.forcing` and in the
Asterisk link. What is younger than `SETTLING_SECONDS` is on its way and no ghost. Pure: time is an
argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from callcenter.core.state import State

SETTLING_SECONDS = 30.0
GHOSTS_MAX = 500

Kind = Literal["channel", "call", "agent", "presence"]
NO_CHANNEL = ("wrap-up", "closed", "dialling")


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """A channel that Asterisk has. `call`: the call that its facts name; `device`: of an agent,
    "" for a caller's; `bridged`: it hears somebody; `seconds`: how long it is there."""

    channel: str
    call: str
    device: str
    bridged: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class PresenceKept:
    """An agent's last state in the books."""

    state: str
    at: float


@dataclass(frozen=True, slots=True)
class Ghost:
    """*channel*: in Asterisk alone; *call*: in the centre alone; *agent*: busy with a call that
    does not exist; *presence*: the books have another state. `subject` names it, `detail` says what
    each side has; `agents` and `queues`: to whose team it belongs, if to any."""

    kind: Kind
    subject: str
    since: float
    detail: Mapping[str, str]
    agents: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.subject}"


def find(
    state: State, channels: Iterable[ChannelSeen], books: Mapping[str, PresenceKept], now: float
) -> list[Ghost]:
    """Oldest first. `books`: by agent; an agent without a line there is left out."""
    seen = list(channels)
    found = [
        *_channels(state, seen, now),
        *_calls(state, seen, now),
        *_agents(state, now),
        *_presences(state, books, now),
    ]
    return sorted(found, key=lambda ghost: ghost.since)[:GHOSTS_MAX]


def _channels(state: State, seen: list[ChannelSeen], now: float) -> Iterable[Ghost]:
    """A caller of a call that we do not have; an agent's phone that is up and hears nobody."""
    ringing = {device for call in state.calls.values() for device in _devices(state, call.id)}
    for one in seen:
        if one.seconds < SETTLING_SECONDS:
            continue
        unknown = bool(one.call) and one.call not in state.calls
        stray = not one.call and bool(one.device) and not one.bridged and one.device not in ringing
        if unknown or stray:
            agents = (one.device[1:],) if one.device else ()
            detail = {"asterisk": one.channel, "centre": "", "call": one.call}
            yield Ghost("channel", one.channel, now - one.seconds, detail, agents)


def _devices(state: State, call: str) -> Iterable[str]:
    return (seat.device for seat in state.seats.values() if seat.call == call)


def _calls(state: State, seen: list[ChannelSeen], now: float) -> Iterable[Ghost]:
    there = {one.call for one in seen if one.call}
    if not state.linked:
        return
    for call in state.calls.values():
        old = now - call.since >= SETTLING_SECONDS
        if old and call.stage not in NO_CHANNEL and call.id not in there:
            detail = {"asterisk": "", "centre": call.stage, "call": call.id}
            agents = tuple(agent for agent in (call.agent, *call.ringing) if agent)
            queues = (call.queue,) if call.queue else ()
            yield Ghost("call", call.id, call.since, detail, agents, queues)


def _agents(state: State, now: float) -> Iterable[Ghost]:
    for seat in state.seats.values():
        presence = seat.presence
        old = now - presence.since >= SETTLING_SECONDS
        if old and presence.busy and (seat.call or "") not in state.calls:
            detail = {"asterisk": "", "centre": presence.state.value, "call": seat.call or ""}
            yield Ghost("agent", seat.agent, presence.since, detail, (seat.agent,))


def _presences(state: State, books: Mapping[str, PresenceKept], now: float) -> Iterable[Ghost]:
    for agent, kept in books.items():
        seat = state.seats.get(agent)
        if seat is None:
            continue
        presence = seat.presence
        settled = now - max(presence.since, kept.at) >= SETTLING_SECONDS
        if settled and presence.state.value != kept.state:
            detail = {"books": kept.state, "centre": presence.state.value}
            yield Ghost("presence", agent, presence.since, detail, (agent,))
