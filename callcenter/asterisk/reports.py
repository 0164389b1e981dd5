"""Turns Asterisk's events into the core's inputs: what has happened, in our words.

A table from the event's name to a function. Each may change the book and says what follows from the
event for the core; none sends anything. Events may come twice or late (a snapshot and the stream
overlap), so each function must be harmless the second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from callcenter.asterisk.book import CALLER_ENDPOINTS, Book, Call, device_of_channel
from callcenter.asterisk.consulting import ConsultReports
from callcenter.asterisk.hearing import HearingReports
from callcenter.asterisk.missed import missed
from callcenter.asterisk.outbound import outcome_of
from callcenter.asterisk.parse import Frame, plain_text, read_agi_arguments
from callcenter.asterisk.summoning import SummonReports
from callcenter.core.inputs import (
    AgentAnswered,
    AgentLeft,
    AgentRingEnded,
    AgentRinging,
    CallArrived,
    CallDiverted,
    CallEnded,
    CallReturned,
    DeviceChanged,
    DeviceState,
    DialledAnswered,
    DialledOut,
    DialOutcome,
    HangUpSide,
    HoldChanged,
    Input,
    NumberAnswered,
    NumberFailed,
    NumberRinging,
    RecordingChanged,
)

CAUSE_NORMAL = 16
"""Asterisk leaves 0 where a caller simply hung up."""
CAUSE_CALL_REJECTED = 21
CAUSE_LEG_DEAD = 31
OUTCOMES: dict[str, DialOutcome] = {
    "ANSWER": "answered",
    "NOANSWER": "no-answer",
    "BUSY": "busy",
    "CHANUNAVAIL": "unavailable",
    "CONGESTION": "unavailable",
    "CANCELLED": "cancelled",
    "CANCEL": "cancelled",
    "REFUSED": "refused",
    "RECALLED": "recalled",
}
# Q.850 causes of an agent's leg that ended before anybody answered; any other: not reachable.
# None: it did not end by itself (taken back, answered elsewhere).
STOPPED: dict[int, DialOutcome | None] = {
    0: None,
    16: None,
    26: None,
    17: "busy",
    18: "no-answer",
    19: "no-answer",
    21: "refused",
}
OUTCOMES_OUT: dict[str, Literal["answered", "busy", "no-answer"]] = {
    "ANSWER": "answered",
    "BUSY": "busy",
    "NOANSWER": "no-answer",
    "CANCEL": "no-answer",
}
DEVICE_STATES: dict[str, DeviceState] = {
    "NOT_INUSE": "ready",
    "INUSE": "in-use",
    "BUSY": "in-use",
    "RINGING": "in-use",
    "RINGINUSE": "in-use",
    "ONHOLD": "in-use",
}


@dataclass(frozen=True, slots=True)
class Unexplained(Exception):
    """The event does not fit what we know; only a new snapshot can help."""

    what: str


class Reports:
    """`read` gives the inputs that follow from an event. Raises Unexplained."""

    def __init__(self, book: Book, epoch: int) -> None:
        self._book, self._epoch = book, epoch
        self._consults = ConsultReports(book)
        self._summons = SummonReports(book)
        self._hearing = HearingReports(book)
        self._table: dict[str, Callable[[Frame], Iterable[Input]]] = {
            "AsyncAGIStart": self._agi_started,
            "BridgeEnter": self._bridged,
            "ConfbridgeJoin": self._consults.joined,
            "DeviceStateChange": self._device_changed,
            "DialBegin": self._dial_began,
            "DialEnd": self._dial_ended,
            "DialState": self._dial_rings,
            "Hangup": self._hung_up,
            "HangupRequest": self._hang_up_asked,
            "Hold": lambda frame: self._held_by_phone(frame, True),
            "MixMonitorMute": self._recording_muted,
            "MixMonitorStart": lambda frame: self._recording(frame, "started"),
            "MixMonitorStop": lambda frame: self._recording(frame, "stopped"),
            "Newchannel": self._made,
            "Unhold": lambda frame: self._held_by_phone(frame, False),
            "UserEvent": self._said_by_dialplan,
        }

    def read(self, frame: Frame) -> Iterable[Input]:
        handler = self._table.get(frame.get("Event", ""))
        return () if handler is None else handler(frame)

    # -- the caller ---------------------------------------------------------------------------
    def _agi_started(self, frame: Frame) -> Iterator[Input]:
        arguments = read_agi_arguments(frame.get("Env", ""))
        call = self._book.of_caller(frame["Channel"])
        word = arguments.get(3, "")
        dialled = self._book.of_dialled(frame["Uniqueid"])
        if dialled is not None:
            yield self._number_answered(dialled, frame, arguments)
            return
        if call is None:
            if word or arguments.get(6):
                raise Unexplained(f"{frame['Channel']} came back, but we do not know it")
            yield self._arrived(frame, arguments.get(1, ""))
            return
        playing, call.in_agi, call.lease_due = call.playing, True, 0.0
        call.playing, call.collecting = None, False
        if call.place == "transferred":
            call.place = "agi"
            yield DialledOut(call.id, call.dial_token, OUTCOMES_OUT.get(word, "failed"))
        elif word == "HELD":
            call.moved = True
            if call.place != "held":
                call.place = "held"
                yield self._consults.held(call)
        elif word in OUTCOMES:
            yield from self._returned(call, word, arguments)
        elif playing is not None:
            yield playing.given_up(call.id)

    # -- outside numbers that we dial -----------------------------------------------------------
    def _number_answered(
        self, call: Call, frame: Frame, arguments: dict[int, str]
    ) -> NumberAnswered:
        self._book.set_channel(call, frame["Channel"])
        call.place, call.in_agi, call.lease_due = "agi", True, 0.0
        return NumberAnswered(call.id, call.channel, arguments.get(7) == "MACHINE")

    def _made(self, frame: Frame) -> Iterator[Input]:
        call = self._book.of_dialled(frame["Uniqueid"])
        if call is not None:
            self._book.set_channel(call, frame["Channel"])
        self._summons.made(frame)
        yield from ()

    def _number_rings(self, frame: Frame) -> Iterator[Input]:
        call = self._book.of_dialled(frame.get("DestUniqueid", ""))
        if call is None or call.ringing or frame.get("DialStatus") not in ("RINGING", "PROGRESS"):
            return
        call.ringing.add("")
        yield NumberRinging(call.id)

    def _number_ended(self, call: Call, cause: int) -> NumberFailed:
        self._book.remove(call)
        return NumberFailed(call.id, outcome_of(cause, asked_to_end=call.asked_to_end), cause)

    def _arrived(self, frame: Frame, did: str) -> CallArrived:
        call = Call(frame["Uniqueid"], frame["Channel"], in_agi=True)
        self._book.add(call)
        return CallArrived(
            call.id,
            call.channel,
            number_of(frame),
            name_of(frame),
            did,
            frame.get("Language", "en"),
        )

    def _returned(self, call: Call, word: str, arguments: dict[int, str]) -> Iterator[Input]:
        if call.place == "agi":
            return
        if word == "REFUSED" and not arguments.get(5, "").startswith(f"e{self._epoch}-"):
            raise Unexplained(f"call {call.id}: an older service moved it")
        outcome = OUTCOMES[word]
        cause = _number(arguments.get(4, ""))
        if outcome != "refused" and cause == CAUSE_CALL_REJECTED and not call.answered:
            outcome = "refused"
        attempt = 0 if word == "REFUSED" else _number(arguments.get(2, ""))
        answered = word in ("ANSWER", "RECALLED") or (word == "CANCELLED" and call.answered)
        if word == "ANSWER" and call.place == "offer" and not call.leg_said_bye:
            # He did not hang up: his phone, or its way to us, is dead. Asterisk tells 16 then, too.
            cause = CAUSE_LEG_DEAD
        already_told = word != "RECALLED" and call.agent_left and call.place == "held"
        if not answered:
            yield from _never_rang(call)
        call.place, call.answered = "agi", False
        call.ringing, call.rung = set(), {}
        call.joining = False
        call.agent_left = call.agent_left or answered
        self._book.set_leg(call, "")
        if not already_told:
            yield CallReturned(call.id, attempt, outcome, answered, cause)

    def _hang_up_asked(self, frame: Frame) -> Iterator[Input]:
        call = self._book.of_caller(frame["Channel"])
        if call is not None:
            call.caller_left = True
        agents = self._book.of_leg(frame["Channel"])
        if agents is not None and frame["Channel"] == agents.leg:
            agents.leg_said_bye = True
        yield from ()

    def _hung_up(self, frame: Frame) -> Iterator[Input]:
        cause = _number(frame.get("Cause", "")) or CAUSE_NORMAL
        dialled = self._book.of_dialled(frame.get("Uniqueid", ""))
        if dialled is not None:
            yield self._number_ended(dialled, cause)
            return
        yield from self._hearing.hung_up(frame, cause)
        made = list(self._summons.hung_up(frame, cause))
        if made:
            yield from made
            return
        call = self._book.of_caller(frame["Channel"])
        if call is not None:
            self._book.remove(call)
            yield CallEnded(call.id, cause, _who_ended(call))
            return
        call = self._book.of_consulted(frame["Channel"])
        if call is not None:
            yield from self._consults.hung_up(call, cause)
        call = self._book.of_leg(frame["Channel"])
        if call is None:
            return
        self._book.leg_ends(call, frame["Channel"])
        if not call.answered:
            yield from _stopped(call, device_of_channel(frame["Channel"]), cause)
        elif frame["Channel"] == call.leg:
            yield from self._consults.asker_left(call)
            yield from self._leg_ended(call, cause)

    def _leg_ended(self, call: Call, cause: int) -> Iterator[Input]:
        # When the caller's end came first, this is its consequence.
        call.agent_left = not (call.caller_left or call.asked_to_end)
        if call.place == "held":
            self._book.set_leg(call, "")
            yield CallReturned(call.id, call.attempt, "answered", True, cause)
        elif call.place == "conference" and call.agent_left:
            self._book.set_leg(call, "")
            yield AgentLeft(call.id, call.attempt, cause)

    def _said_by_dialplan(self, frame: Frame) -> Iterator[Input]:
        if frame.get("UserEvent") == "AcdLegReady":
            yield from self._summons.ready(frame)
            return
        if frame.get("UserEvent") == "AcdHearing":
            yield from self._hearing.ready(frame)
            return
        if frame.get("UserEvent") == "AcdLegHeld":
            yield from self._consults.leg_held(frame)
            return
        if frame.get("UserEvent") == "AcdMissed":
            yield from self._missed(frame)
            return
        call = self._book.of_caller(frame.get("Channel", ""))
        place = frame.get("Place", "")
        if frame.get("UserEvent") != "AcdDiverted" or call is None:
            return
        call.place, call.in_agi = "diverted", False
        call.forget_prompts()
        if place == "fallback" or place == "voicemail":
            yield CallDiverted(call.id, "fallback" if place == "fallback" else "voicemail")

    def _missed(self, frame: Frame) -> Iterator[Input]:
        """He hung up before the dialplan had got as far as us."""
        call, at = frame.get("Call", ""), frame.get("At", "")
        cause = frame.get("Cause", "")
        if call in self._book.calls or not at.isdigit():
            return
        found = missed(
            call,
            frame.get("Number", ""),
            frame.get("Did", ""),
            ended_at=float(at),
            cause=int(cause) if cause.isdigit() and cause != "0" else CAUSE_NORMAL,
            place=frame.get("Place", ""),
            channel=frame.get("Channel", ""),
        )
        if found is not None:
            yield found

    # -- the agent's leg ----------------------------------------------------------------------
    def _dial_began(self, frame: Frame) -> Iterator[Input]:
        channel = frame.get("Channel", "")
        call = self._book.of_caller(channel)
        if call is not None and call.place == "offer":
            self._book.leg_begins(call, frame["DestChannel"])
        asking = self._book.of_leg(channel)
        if asking is not None:
            self._consults.dial_began(asking, frame)
        yield from ()

    def _dial_rings(self, frame: Frame) -> Iterator[Input]:
        if "Channel" not in frame:
            yield from self._number_rings(frame)
            return
        asking = self._book.of_leg(frame.get("Channel", ""))
        if asking is not None:
            yield from self._consults.rings(asking, frame)
        call = self._book.of_caller(frame.get("Channel", ""))
        if call is None or call.place != "offer" or call.answered:
            return
        agent = call.rung.get(device_of_channel(frame.get("DestChannel", "")), call.agent)
        if frame.get("DialStatus") in ("RINGING", "PROGRESS") and agent not in call.ringing:
            call.ringing.add(agent)
            yield AgentRinging(call.id, call.attempt, agent)

    def _dial_ended(self, frame: Frame) -> Iterator[Input]:
        asking = self._book.of_leg(frame.get("Channel", ""))
        if asking is not None:
            yield from self._consults.dial_ended(asking, frame)
        call = self._book.of_caller(frame.get("Channel", ""))
        if call is None or frame.get("DialStatus") != "ANSWER":
            return
        if call.place == "transferred":
            yield DialledAnswered(call.id, call.dial_token)
        elif call.place == "offer" and not call.answered:
            yield from self._answered(call, frame["DestChannel"])

    def _answered(self, call: Call, leg: str) -> Iterator[Input]:
        self._book.leg_begins(call, leg)
        self._book.set_leg(call, leg)
        yield from _never_rang(call)
        call.answered = call.apart = True
        call.device = device_of_channel(leg)
        call.agent = call.rung.get(call.device, call.agent)
        yield AgentAnswered(call.id, call.attempt, call.agent, leg)

    def _bridged(self, frame: Frame) -> Iterator[Input]:
        """Who looked between the answer and the bridge saw a phone ringing, and will hear of no
        answer any more: then this is it. (Either side may come into the bridge first; of several
        phones only the leg's own coming tells whose it is.)"""
        channel = frame["Channel"]
        call = self._book.of_caller(channel)
        if call is not None and call.place == "unheld":
            call.place, call.apart = "offer", _alone(frame)
            if call.joining:
                call.joining = call.maker = call.maker_up = False
                call.answered = True
                yield AgentAnswered(call.id, call.attempt, call.agent, call.leg)
                return
            yield self._consults.together(call)
            return
        leg = channel if call is None else next(iter(call.legs), "")
        call = self._book.of_leg(channel) if call is None else call
        if call is not None and call.answered and not _alone(frame):
            call.apart = False
        if call is None or call.place != "offer" or call.answered or leg not in call.legs:
            return
        if leg == channel or len(call.legs) == 1:
            yield from self._answered(call, leg)
            call.apart = _alone(frame)

    def _held_by_phone(self, frame: Frame, held: bool) -> Iterator[Input]:
        call = self._book.of_leg(frame["Channel"])
        if call is not None and call.answered:
            yield HoldChanged(call.id, held)

    # -- the recording of the talk --------------------------------------------------------------
    def _recording_muted(self, frame: Frame) -> Iterator[Input]:
        """Only of both sides at once; half a silence is none."""
        if frame.get("Direction") == "both":
            yield from self._recording(frame, "paused" if frame.get("State") == "1" else "resumed")

    def _recording(
        self, frame: Frame, what: Literal["started", "paused", "resumed", "stopped"]
    ) -> Iterator[Input]:
        call = self._book.of_caller(frame.get("Channel", ""))
        if call is not None:
            yield RecordingChanged(call.id, what)

    # -- devices ------------------------------------------------------------------------------
    def _device_changed(self, frame: Frame) -> Iterator[Input]:
        device = device_of(frame)
        if device is None:
            return
        state = DEVICE_STATES.get(frame.get("State", ""), "unreachable")
        if self._book.devices.get(device) != state:
            self._book.devices[device] = state
            yield DeviceChanged(device, state)


def _stopped(call: Call, device: str, cause: int) -> Iterator[Input]:
    """A phone stopped ringing; of interest while others ring on."""
    agent, outcome = call.rung.get(device, ""), STOPPED.get(cause, "unavailable")
    if call.place == "offer" and not call.withdrawn and len(call.rung) > 1 and agent and outcome:
        del call.rung[device]
        yield AgentRingEnded(call.id, call.attempt, agent, outcome)


def _never_rang(call: Call) -> Iterator[Input]:
    """Phones for which Asterisk could not even begin to ring, when others were rung. (Those that
    were may be gone already: Dial hangs up the others before it tells who has answered.)"""
    for device in [name for name in call.rung if name not in call.begun] if call.begun else ():
        if len(call.rung) > 1:
            yield AgentRingEnded(call.id, call.attempt, call.rung.pop(device), "unavailable")


def _alone(frame: Frame) -> bool:
    """Whoever came into a bridge found nobody there."""
    return frame.get("BridgeNumChannels", "") == "1"


def device_of(frame: Frame) -> str | None:
    """The agent's device that a DeviceStateChange speaks of; None: something else."""
    technology, _, name = frame.get("Device", "").partition("/")
    return name if technology == "PJSIP" and name and name not in CALLER_ENDPOINTS else None


def number_of(frame: Frame) -> str:
    return _known(frame.get("CallerIDNum", ""))


def name_of(frame: Frame) -> str:
    """Asterisk escapes names in events as C does."""
    return plain_text(_known(frame.get("CallerIDName", "")))


def _known(text: str) -> str:
    return "" if text == "<unknown>" else text[:80]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _who_ended(call: Call) -> HangUpSide:
    if call.caller_left and not call.asked_to_end:
        return "caller"
    if call.agent_left:
        return "agent"
    return "system" if call.asked_to_end else "caller"
