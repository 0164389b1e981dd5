"""Reads from Asterisk what is really there: every caller, device and ended call of a node.

Only this file reads state back, after each login and when an event does not fit what we know. The
facts travel on the callers' channels (ACD_ variables), so nothing else is needed to rebuild the
book and to tell the core (`Snapshot`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from callcenter.asterisk import actions, hearing
from callcenter.asterisk.book import Call, Consulting, Place, device_of_channel
from callcenter.asterisk.errors import AmiRejected
from callcenter.asterisk.link import Link
from callcenter.asterisk.missed import PLACES, ServedBy, missed
from callcenter.asterisk.parse import Frame
from callcenter.asterisk.reports import CAUSE_NORMAL, DEVICE_STATES, device_of, name_of, number_of
from callcenter.asterisk.summoning import LEG_ID, call_id
from callcenter.core.inputs import CallMissed, CallSeen, DeviceState
from callcenter.core.monitoring import HearerSeen

ENDED_SECONDS_MAX = 86_400.0
BEAT_SLACK_SECONDS = 10
"""The last sign of life is older than the death by an interval."""
Stage = Literal[
    "agi", "ringing", "talking", "held", "diverted", "dialling", "transferred", "summoning"
]
_PLACES: dict[str, Place] = {
    "acd": "agi",
    "callers": "agi",
    "outbound": "agi",
    "connect": "offer",
    "transfer": "transferred",
    "outside": "transferred",
    "hold": "held",
    "unhold": "unheld",
    "handover": "unheld",
    "conference": "conference",
    "fallback": "diverted",
    "voicemail": "diverted",
}


@dataclass(frozen=True, slots=True)
class Node:
    """What `look` found. `boot` names the run of Asterisk; `fresh`: it was not named before.
    `ended`: Q.850 cause and time (Asterisk's clock) of the calls in its journal; `missed`: those
    of them that no service took in hand; `served`: who served those alone that no service did."""

    calls: tuple[tuple[Call, CallSeen], ...]
    devices: dict[str, DeviceState]
    ended: dict[str, tuple[int, float]]
    boot: str
    fresh: bool
    missed: tuple[CallMissed, ...] = ()
    hearers: tuple[HearerSeen, ...] = ()
    served: Mapping[str, ServedBy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lead:
    """`boot` names the run of Asterisk, `fresh`: it had no name yet. `beat`: when a service last
    gave a sign of life (Asterisk's clock, UNIX seconds), 0: none since Asterisk began."""

    boot: str
    fresh: bool
    beat: int


class HigherEpoch(Exception):
    """Another service, started later, leads this node."""


async def take_lead(control: Link, epoch: int) -> Lead:
    """Names the run of Asterisk if it has no name yet, and tells the dialplan who leads. Raises
    HigherEpoch and AmiError."""
    led = await _global(control, "ACD_EPOCH")
    if led.isdigit() and int(led) > epoch:
        raise HigherEpoch(f"a service of epoch {led} leads; ours is {epoch}")
    await control.call(actions.set_variable(None, "ACD_EPOCH", str(epoch)))
    boot, beat = await _global(control, "ACD_BOOT"), await _global(control, "ACD_BEAT")
    if boot:
        return Lead(boot, False, int(beat) if beat.isdigit() else 0)
    boot = secrets.token_hex(8)
    await control.call(actions.set_variable(None, "ACD_BOOT", boot))
    return Lead(boot, True, 0)


async def look(control: Link, lead: Lead) -> Node:
    """One question for all channels, one for all devices, one for the journal. Raises AmiError."""
    channels = control.send({"Action": "Status", "AllVariables": "true"})
    devices = control.send({"Action": "DeviceStateList"})
    journal = control.send({"Action": "DBGetTree", "Family": "acdend"})
    frames = await channels
    there = frozenset(frame.get("Channel") for frame in frames)
    found = [seen for frame in frames if (seen := read_channel(frame, there)) is not None]
    calls = with_makers(frames, _with_legs(frames, found))
    lines = await _journal(journal)
    ended = {line.call: (line.cause, line.at) for line in lines}
    missed, hearers = _missed(lines, lead), hearing.seen(frames)
    devices_now = _devices(await devices)
    served = {line.call: PLACES[line.place] for line in lines if line.place in PLACES}
    return Node(calls, devices_now, ended, lead.boot, lead.fresh, missed, hearers, served)


def calls_in(frames: list[Frame]) -> list[Call]:
    """The calls that these Status events describe."""
    there = frozenset(frame.get("Channel") for frame in frames)
    found = [seen for frame in frames if (seen := read_channel(frame, there)) is not None]
    return [call for call, _ in with_makers(frames, _with_legs(frames, found))]


def facts_of(frame: Frame) -> dict[str, str]:
    """Our facts on a channel."""
    return _facts(frame)


async def look_at(control: Link, channel: str) -> Call | None:
    """Where this caller stands; None: the channel is gone. Raises AmiDown and AmiUnknown."""
    try:
        frames = await control.call(
            {"Action": "Status", "Channel": actions.channel_name(channel), "AllVariables": "true"}
        )
    except AmiRejected:
        return None
    return next((seen[0] for frame in frames if (seen := read_channel(frame)) is not None), None)


IN_AGI = frozenset({"AGI", "BackGround", "Playback", "Read", "Record"})
"""What a caller in AGI is seen doing: waiting for a command, or carrying out our EXEC. The dialplan
itself runs none of these where callers wait."""


def read_channel(frame: Frame, there: frozenset[str] = frozenset()) -> tuple[Call, CallSeen] | None:
    """The caller that a Status event describes; None: it is no caller's channel. `there`: the
    names of all channels; who is consulted about a call is found only among them."""
    facts = _facts(frame)
    place = _PLACES.get(frame.get("Context", ""))
    if facts.get("out") and frame.get("ChannelStateDesc") != "Up":
        place = "dialling"  # its context is still that of the endpoint
    if frame.get("Event") != "Status" or "call" not in facts or place is None:
        return None
    if facts["call"] != frame.get("Uniqueid"):
        return None
    bridged = bool(frame.get("BridgeID"))
    in_agi = place in ("agi", "held") and frame.get("Application") in IN_AGI
    if place == "unheld" and bridged:
        place = "offer"
    attempt, leg = facts.get("try", ""), _leg(frame, place, bridged)
    rung = _rung(facts)
    if leg:
        facts["dev"] = device_of_channel(leg)
    call = Call(
        facts["call"],
        frame["Channel"],
        place,
        in_agi,
        attempt=int(attempt) if attempt.isdigit() else 0,
        agent=facts.get("agent", facts.get("dev", "")),
        device=facts.get("dev", ""),
        leg=leg,
        rung=rung,
        answered=place in ("held", "unheld", "conference") or (place == "offer" and bridged),
        music=facts.get("moh", ""),
        dial_token=facts.get("xfer", ""),
        consult=_consult(facts, there),
        moved=bool(facts.get("leg")),
    )
    return call, CallSeen(
        call.id,
        call.channel,
        facts.get("num", "") or number_of(frame),
        "" if facts.get("num") else name_of(frame),
        facts.get("did", ""),
        _stage(place, bridged),
        facts,
        frame.get("Language", "en"),
        consulted=call.consult.leg if call.consult else "",
        joined=place == "conference" and call.consult is not None,
    )


def _consult(facts: dict[str, str], there: frozenset[str]) -> Consulting | None:
    """As the core noted it on the caller's channel: serial, agent, device, and his channel."""
    leg = facts.get("cleg", "")
    serial, _, who = facts.get("cons", "").partition(":")
    agent, _, device = who.partition(":")
    if leg not in there or not serial.isdigit():
        return None
    aside = facts.get("caside") == "1"
    outside = not agent
    return Consulting(int(serial), agent, device, leg, True, True, aside, outside=outside)


def _with_legs(
    frames: list[Frame], calls: list[tuple[Call, CallSeen]]
) -> tuple[tuple[Call, CallSeen], ...]:
    """Adds the agents' phones that ring for these calls. One that is in a bridge already has
    answered, the caller is on the way to it (`Reports` hears him come)."""
    legs: dict[str, list[str]] = {}
    answered: dict[str, list[str]] = {}
    for frame in frames:
        if frame.get("Event") == "Status" and frame.get("Uniqueid") != frame.get("Linkedid"):
            found = answered if frame.get("BridgeID") else legs
            found.setdefault(frame.get("Linkedid", ""), []).append(frame.get("Channel", ""))
    legs |= answered
    done: list[tuple[Call, CallSeen]] = []
    for call, seen in calls:
        if seen.stage == "ringing" and call.id in legs:
            call.legs = {leg: device_of_channel(leg) for leg in legs[call.id]}
            rung = tuple(call.legs.values())
            call.begun = set(rung)
            call.rung = {device: agent for device, agent in call.rung.items() if device in rung}
            seen = replace(seen, rung=rung)
        done.append((call, seen))
    return tuple(done)


def with_makers(
    frames: list[Frame], calls: tuple[tuple[Call, CallSeen], ...]
) -> tuple[tuple[Call, CallSeen], ...]:
    """With the agents who make calls: their legs wait for the other side, or ring still. Where that
    is not there yet, the leg stands for the call."""
    legs = {
        call_id(frame["Uniqueid"]): frame
        for frame in frames
        if frame.get("Event") == "Status" and LEG_ID.match(frame.get("Uniqueid", ""))
    }
    done: list[tuple[Call, CallSeen]] = []
    for call, seen in calls:
        frame = legs.pop(call.id, None)
        if frame is None or call.place not in ("dialling", "agi") or frame.get("BridgeID"):
            done.append((call, seen))
            continue
        call.leg, call.maker, call.maker_up = frame["Channel"], True, _is_up(frame)
        done.append((call, replace(seen, leg="up" if call.maker_up else "rings")))
    known = {call.id for call, _ in done}
    for id, frame in legs.items():
        if id not in known and not frame.get("BridgeID"):
            done.append(_only_maker(id, frame))
    return tuple(done)


def _only_maker(id: str, frame: Frame) -> tuple[Call, CallSeen]:
    facts, up = _facts(frame), _is_up(frame)
    call = Call(id, id, "summoning", agent=facts.get("agent", ""), leg=frame["Channel"])
    call.device = device_of_channel(call.leg)
    call.maker, call.maker_up = True, up
    leg: Literal["up", "rings"] = "up" if up else "rings"
    seen = CallSeen(id, id, "", "", "", "summoning", facts, frame.get("Language", "en"), leg=leg)
    return call, seen


def _is_up(frame: Frame) -> bool:
    return frame.get("ChannelStateDesc") == "Up" and frame.get("Context") == "summoned"


def _rung(facts: dict[str, str]) -> dict[str, str]:
    """The devices of the latest offer, and whose they are, as noted on the channel."""
    attempt, more = facts.get("try", ""), facts.get("more", "")
    count, _, others = more.partition(":")
    devices = [facts.get("dev", ""), *(others.split("+") if others and count == attempt else ())]
    count, _, agents = facts.get("offer", "").partition(":")
    names = agents.split("+")
    known = devices[0] and agents and count == attempt and len(names) == len(devices)
    return dict(zip(devices, names, strict=True)) if known else {}


def _stage(place: Place, bridged: bool) -> Stage:
    if place == "offer":
        return "talking" if bridged else "ringing"
    if place == "conference":
        return "talking"
    return "held" if place == "unheld" else place


def _leg(frame: Frame, place: Place, bridged: bool) -> str:
    if place == "offer" and not bridged:
        return ""
    if place not in ("offer", "held", "unheld", "conference"):
        return ""
    variables = _variables(frame)
    return variables.get("ACD_LEG", "") or variables.get("DIALEDPEERNAME", "")


def _variables(frame: Frame) -> dict[str, str]:
    pairs = (line.partition("=") for line in frame.all("Variable"))
    return {name: value for name, equals, value in pairs if equals}


def _facts(frame: Frame) -> dict[str, str]:
    return {
        name[4:].lower(): value
        for name, value in _variables(frame).items()
        if name.startswith("ACD_")
    }


def _devices(frames: list[Frame]) -> dict[str, DeviceState]:
    found: dict[str, DeviceState] = {}
    for frame in frames:
        device = device_of(frame)
        if device is not None:
            found[device] = DEVICE_STATES.get(frame.get("State", ""), "unreachable")
    return found


@dataclass(frozen=True, slots=True)
class _Ended:
    """A line of the dialplan's journal (`[acdhup]`). `taken`: a service had the call in hand."""

    call: str
    at: float
    cause: int
    place: str
    taken: bool
    number: str
    did: str
    channel: str


async def _journal(answer: object) -> list[_Ended]:
    try:
        frames: list[Frame] = await answer  # type: ignore[misc]
    except AmiRejected:
        return []  # nothing in it yet
    lines = []
    for frame in frames:
        parts = frame.get("Val", "").split("|")
        if len(parts) >= 3 and parts[1].isdigit():
            # An older dialplan wrote fewer; then nobody knows whether it was taken in hand.
            place, taken, number, did = parts[4:8] if len(parts) >= 8 else ("", "1", "", "")
            channel = parts[8] if len(parts) >= 9 else ""
            cause = int(parts[2]) if parts[2].isdigit() else 0
            why, is_taken = cause or CAUSE_NORMAL, bool(taken)
            ended = float(parts[1])
            lines.append(_Ended(parts[0], ended, why, place, is_taken, number, did, channel))
    return lines


def _missed(lines: list[_Ended], lead: Lead) -> tuple[CallMissed, ...]:
    """Who ended since the last sign of life and was never taken in hand, in order."""
    found = [
        missed(
            line.call,
            line.number,
            line.did,
            ended_at=line.at,
            cause=line.cause,
            place=line.place,
            channel=line.channel,
        )
        for line in lines
        if not line.taken and line.at >= lead.beat - BEAT_SLACK_SECONDS
    ]
    return tuple(sorted(filter(None, found), key=lambda call: call.began_at))


async def _global(control: Link, name: str) -> str:
    frames = await control.call(actions.get_global(name))
    return frames[0].get("Value", "")
