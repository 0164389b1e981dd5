"""What the switch itself must remember of each call, and how it is found again by channel.

The truth is in Asterisk and the decisions are in the core; this is only what lies between: which
channels belong to a call, whether the caller can take commands now, what was asked and not yet
answered. All of it can be lost and read back (`resync`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from callcenter.asterisk.actions import Headers
from callcenter.core.effects import AsteriskEffect, Connect, PlayPrompt, RecordCaller
from callcenter.core.inputs import DeviceState, PromptEnded, RecordingEnded
from callcenter.runtime.recorded import kept_seconds
from ivr.asks import Collect

TYPED_DIGITS_MAX = 32
TYPED_SECONDS_MAX = 8.0
"""A digit typed ahead counts for so long while no prompt is playing."""
CALLER_ENDPOINTS = frozenset({"callers", "anonymous", "trunk"})
"""Endpoints of pjsip.conf that are not an agent's device."""

Place = Literal[
    "agi",
    "offer",
    "held",
    "unheld",
    "conference",
    "diverted",
    "dialling",
    "transferred",
    "summoning",
]
NO_OTHERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Playing:
    """A prompt or a recording under way. `answer_id`: the AGI command whose end is its end;
    `read_id`: the one that listens for digits; `file`: what is recorded into."""

    token: str
    answer_id: str
    collect: Collect | None
    read_id: str = ""
    file: Path | None = None
    seconds_min: float = 0.0

    def given_up(self, call: str) -> PromptEnded | RecordingEnded:
        """It came to no end of its own."""
        if self.file is None:
            return PromptEnded(call, self.token, "", "failed")
        return self.recorded(call, "done")

    def recorded(self, call: str, ended: Literal["done", "hangup"]) -> RecordingEnded:
        """What there is now of the recording; too little is removed. `failed`: there is no file."""
        assert self.file is not None
        seconds = kept_seconds(self.file, self.seconds_min)
        if seconds is None and ended == "done":
            return RecordingEnded(call, self.token, 0.0, "failed")
        return RecordingEnded(call, self.token, seconds or 0.0, ended)


@dataclass(slots=True)
class Consulting:
    """A consultation about a call. `leg` is the consulted one's channel, `aside`: he hears music
    while the agent talks to the caller. `follow`: what is sent when the agent's leg is in hold;
    `parting`: out of a conference. `outside`: not one of ours, `device` is his number; `unwanted`:
    the agent has given up; `status`: Dial's word for why nobody answered; `alone`: only the agent's
    leg was sent to ring him, the caller was in hold before; `coming`: channels that were sent into
    the conference and are not there yet."""

    serial: int
    agent: str
    device: str
    leg: str = ""
    ringing: bool = False
    answered: bool = False
    aside: bool = False
    parting: bool = False
    follow: tuple[Headers, ...] = ()
    outside: bool = False
    unwanted: bool = False
    status: str = ""
    alone: bool = False
    coming: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Call:
    """`rung`: the devices of the offer under way and whose they are; `legs`: their channels, with
    the device of each; `begun`: devices that had one; `unwanted`: devices that must stop as soon as
    they ring. `leg` is the channel of the agent, once one of them has answered.

    `in_agi`: the caller can take AGI commands; only then is his lease renewed, and never is a
    command sent at another time, for Asterisk would keep it and run it later. `withdrawn`: on the
    way back from an offer that we took back; `next_connect` waits for him to be there.
    `giving_leg`: of the agent who has given the call on, until it is gone. `moved`: the agent's leg
    was taken out of its first bridge, so nobody but us ends it for certain. `maker`: `leg` is the
    agent's who makes this call, and nobody else's yet; `maker_up`: he is on the line; `joining`:
    the two are being put together. `leg_said_bye`: the agent hung up his phone. `apart`: he
    has answered, but the two are not in one bridge yet; `keys` pressed meanwhile wait for it."""

    id: str
    channel: str
    place: Place = "agi"
    in_agi: bool = False
    attempt: int = 0
    agent: str = ""
    device: str = ""
    leg: str = ""
    rung: dict[str, str] = field(default_factory=dict)
    legs: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    unwanted: set[str] = field(default_factory=set)
    ringing: set[str] = field(default_factory=set)
    answered: bool = False
    asked_to_end: bool = False
    caller_left: bool = False
    agent_left: bool = False
    music: str = ""
    dial_token: str = ""
    lease_due: float = 0.0
    playing: Playing | None = None
    next_prompt: PlayPrompt | RecordCaller | None = None
    withdrawn: bool = False
    next_connect: Connect | None = None
    prompt_serial: int = 0
    collecting: bool = False
    typed: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=TYPED_DIGITS_MAX))
    unsure: list[AsteriskEffect] = field(default_factory=list)
    consult: Consulting | None = None
    giving_leg: str = ""
    moved: bool = False
    maker: bool = False
    maker_up: bool = False
    joining: bool = False
    leg_said_bye: bool = False
    apart: bool = False
    keys: str = ""

    def forget_prompts(self) -> None:
        self.playing = self.next_prompt = None
        self.withdrawn, self.next_connect = False, None
        self.prompt_serial += 1
        self.collecting = False

    def begin_offer(
        self, attempt: int, agent: str, device: str, others: Mapping[str, str] = NO_OTHERS
    ) -> None:
        self.forget_prompts()
        self.typed.clear()
        self.place, self.in_agi = "offer", False
        self.attempt, self.agent, self.device = attempt, agent, device
        self.rung = {device: agent} | {phone: other for other, phone in others.items()}
        self.leg, self.answered, self.agent_left = "", False, False
        self.moved = self.leg_said_bye = False
        self.apart, self.keys = False, ""
        self.ringing, self.unwanted, self.begun = set(), set(), set()

    def take_keys(self) -> str:
        """Those that waited for the bridge."""
        keys, self.keys = self.keys, ""
        return keys

    def keep_typed(self, now: float) -> None:
        """Let all digits typed ahead count from `now`."""
        keys = [key for _, key in self.typed]
        self.typed.clear()
        self.typed.extend((now, key) for key in keys)

    def take_typed(self, now: float) -> str:
        """The digits typed ahead that still count; they are taken out."""
        digits = "".join(key for at, key in self.typed if now - at <= TYPED_SECONDS_MAX)
        self.typed.clear()
        return digits


def device_of_channel(channel: str) -> str:
    """Whose channel this is: "PJSIP/<device>-<number>"."""
    return channel.partition("/")[2].rpartition("-")[0]


class Book:
    """All calls of one node, by id, by the caller's channel and by the agent's. `hearers`: tokens
    of supervisors by their channels."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.hearers: dict[str, str] = {}
        self.devices: dict[str, DeviceState] = {}
        self._by_channel: dict[str, Call] = {}
        self._by_leg: dict[str, Call] = {}
        self._by_consulted: dict[str, Call] = {}

    def add(self, call: Call) -> None:
        self.calls[call.id] = call
        self._by_channel[call.channel] = call
        for leg in (call.leg, *call.legs):
            if leg:
                self._by_leg[leg] = call
        if call.consult is not None and call.consult.leg:
            self._by_consulted[call.consult.leg] = call

    def remove(self, call: Call) -> None:
        """It is over. Who was consulted still stands in it, to be let go."""
        self.calls.pop(call.id, None)
        self._by_channel.pop(call.channel, None)
        for leg in (call.leg, *call.legs):
            self._by_leg.pop(leg, None)
        if call.consult is not None:
            self._by_consulted.pop(call.consult.leg, None)

    def of_caller(self, channel: str) -> Call | None:
        return self._by_channel.get(channel)

    def of_leg(self, channel: str) -> Call | None:
        return self._by_leg.get(channel)

    def of_dialled(self, id: str) -> Call | None:
        """The call of an outside number that is being dialled; its id is ours."""
        call = self.calls.get(id)
        return call if call is not None and call.place == "dialling" else None

    def set_channel(self, call: Call, channel: str) -> None:
        """The channel's name has become known (until then a dialled call goes by its id)."""
        self._by_channel.pop(call.channel, None)
        call.channel = channel
        self._by_channel[channel] = call

    def of_consulted(self, channel: str) -> Call | None:
        return self._by_consulted.get(channel)

    def set_consulted(self, call: Call, leg: str) -> None:
        assert call.consult is not None
        self._by_consulted.pop(call.consult.leg, None)
        call.consult.leg = leg
        self._by_consulted[leg] = call

    def end_consult(self, call: Call) -> None:
        if call.consult is not None:
            self._by_consulted.pop(call.consult.leg, None)
            call.consult = None

    def leg_begins(self, call: Call, leg: str) -> None:
        """A phone of the offer is being rung by this channel."""
        call.legs[leg] = device_of_channel(leg)
        call.begun.add(call.legs[leg])
        self._by_leg[leg] = call

    def leg_ends(self, call: Call, leg: str) -> None:
        call.legs.pop(leg, None)
        if leg != call.leg:
            self._by_leg.pop(leg, None)

    def set_leg(self, call: Call, leg: str) -> None:
        if call.leg != leg:
            if call.leg not in call.legs:
                self._by_leg.pop(call.leg, None)
            call.leg = leg
            if leg:
                self._by_leg[leg] = call

    def replace(self, calls: list[Call]) -> None:
        """Take these for all there are."""
        self.calls, self._by_channel = {}, {}
        self._by_leg, self._by_consulted = {}, {}
        for call in calls:
            self.add(call)
