"""A small model of what Asterisk and our dialplan really do with callers and agents' phones.

It has the truth: where each caller stands, whatever anybody believes. It is driven by effects
(`execute`) and by people (the verbs), and says what happened through `tell`. A redirect is fenced
by epoch and attempt, ringing ends by itself, prompts end by themselves, a lease that nobody renews
hands the caller to the fallback. It must not know the core.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from callcenter.core.effects import (
    AsteriskEffect,
    Connect,
    ConnectLeg,
    Consult,
    DialOut,
    Divert,
    EndConsult,
    HandOut,
    HandOver,
    HangUp,
    Hold,
    Join,
    MuteRecording,
    NameRecording,
    Originate,
    PlayPrompt,
    Recall,
    RecordCaller,
    SetMusic,
    StopRecording,
    StopRinging,
    Summon,
    Swap,
    TagCall,
    Withdraw,
)
from callcenter.core.in_call import Mute, Part, Parted, Person, PlayDigits
from callcenter.core.inputs import (
    AgentAnswered,
    AgentLeft,
    AgentRingEnded,
    AgentRinging,
    CallArrived,
    CallDiverted,
    CallEnded,
    CallReturned,
    CallSeen,
    ConsultAnswered,
    ConsultEnded,
    ConsultRinging,
    DeviceChanged,
    DeviceState,
    DialledAnswered,
    DialledOut,
    DialOutcome,
    HangUpSide,
    HoldChanged,
    Input,
    Joined,
    LegGone,
    LegReady,
    NumberAnswered,
    NumberFailed,
    NumberOutcome,
    NumberRinging,
    PromptEnded,
    RecordingChanged,
    RecordingEnded,
    Snapshot,
)
from callcenter.core.monitoring import DropHearer, TakeOver, TuneIn, TuneOut
from callcenter.core.transferring import OUTCOMES
from ivr.asks import Sealed
from tests.world.agenda import Agenda
from tests.world.supervisors import Supervisors

Place = Literal[
    "agi", "ringing", "talking", "held", "diverted", "transferred", "dialling", "summoning"
]
SPEECH_SECONDS = 2.0
LEASE_SECONDS = 15.0
VOICEMAIL_SECONDS = 30.0
MESSAGE_SECONDS = 8.0
NORMAL, REJECTED, LEG_DEAD = 16, 21, 31


class Refused(Exception):
    """Asterisk answered the action with an error."""


@dataclass
class Side:
    """An agent who is asked about the caller."""

    serial: int
    agent: str
    device: str
    place: Literal["ringing", "talking", "aside", "joined"] = "ringing"
    number: str = ""
    epoch: int = 0  # the service that asked; the next one does not know of it while it rings


@dataclass
class Line:
    """One caller's channel. `turn` grows with every move, so that what was planned for an earlier
    place (end of ringing, of a prompt) is void."""

    id: str
    channel: str
    number: str
    name: str
    did: str
    place: Place = "agi"
    turn: int = 0
    attempt: int = 0
    agent: str = ""
    device: str = ""
    rung: dict[str, str] = field(default_factory=dict)  # device to agent, while they ring
    music: bool = False
    prompt: PlayPrompt | None = None
    recording: RecordCaller | None = None
    recorded_since: float = 0.0
    facts: dict[str, str] = field(default_factory=dict)
    side: Side | None = None
    joined: bool = False
    taped: bool = False
    muted: bool = False
    silenced: set[Person] = field(default_factory=set)
    keys: str = ""
    maker: str = ""  # the device of the agent who makes the call, until the two talk
    maker_up: bool = False


class Asterisk:
    def __init__(self, agenda: Agenda, tell: Callable[[Input], None]) -> None:
        self.agenda = agenda
        self.tell = tell
        self.lines: dict[str, Line] = {}
        self.ended: dict[str, int] = {}
        self.devices: dict[str, DeviceState] = {}
        self.epoch = 0
        self.restarted = False
        self.connects: list[Connect] = []
        self.records: list[RecordCaller] = []
        self.says_seconds = MESSAGE_SECONDS
        self.sealed = 0
        self.dialled: list[Originate] = []
        self.rings_outside: Callable[[Line], None] = lambda line: None
        self.summons: Callable[[Line], None] = self.maker_answers
        self.rings: Callable[[Line, str], None] = lambda line, device: None
        self.speaks: Callable[[Line, PlayPrompt], None] = lambda line, prompt: None
        self.faster = False  # is an order to stop carried out on a phone that was just picked up?
        self.mutes = True  # are orders to be silent carried out, and told of?
        self._count = 0
        self.supervisors = Supervisors(tell, self._talks_with, self._taken_back)

    # -- callers ------------------------------------------------------------------------------
    def dial_in(self, number: str, did: str = "4000", name: str = "") -> Line:
        self._count += 1
        line = Line(f"c{self._count}", f"PJSIP/callers-{self._count}", number, name, did)
        self.lines[line.id] = line
        self.tell(CallArrived(line.id, line.channel, number, name, did))
        return line

    def press(self, line: Line, digits: str) -> None:
        """Taken only while a prompt collects."""
        if line.prompt is not None and line.prompt.collect is not None and self._alive(line):
            self._prompt_ends(line, digits, "done")

    def caller_hangs_up(self, line: Line) -> None:
        if self._alive(line):
            self._recorded(line, "hangup")
            self._gone(line, NORMAL, "caller")

    # -- customers whom we dial ---------------------------------------------------------------
    def _originate(self, effect: Originate) -> None:
        self.dialled.append(effect)
        made = self.lines.get(effect.call)
        if made is not None and made.place != "summoning":
            return  # no second channel with the id of one that lives
        line = Line(effect.call, f"PJSIP/trunk-{effect.call}", effect.number, "", effect.did)
        if made is not None:
            line.maker, line.maker_up = made.maker, made.maker_up
        line.place, line.facts = "dialling", dict(effect.facts)
        self.lines[line.id] = line
        self._later(line, effect.ring_seconds, lambda: self.not_reached(line, "no-answer"))
        self.tell(NumberRinging(line.id))
        self.rings_outside(line)

    def customer_answers(self, line: Line, *, machine: bool = False) -> bool:
        if not self._alive(line) or line.place != "dialling":
            return False
        self._move(line, "agi")
        self.tell(NumberAnswered(line.id, line.channel, machine))
        return True

    # -- agents who make calls ----------------------------------------------------------------
    def _summon(self, effect: Summon) -> None:
        line = Line(effect.call, f"PJSIP/{effect.device}-9", "", "", "")
        line.place, line.facts, line.maker = "summoning", dict(effect.facts), effect.device
        self.lines[line.id] = line
        if self.devices.get(effect.device, "unreachable") == "unreachable":
            self._maker_gone(line, "unreachable")
        else:
            self._later(line, effect.ring_seconds, lambda: self._maker_gone(line, "no-answer"))
            self.summons(line)

    def maker_answers(self, line: Line) -> None:
        if self._alive(line) and line.place == "summoning" and not line.maker_up:
            line.maker_up = True
            line.turn += 1
            self.tell(LegReady(line.id, line.channel))

    def maker_hangs_up(self, line: Line) -> None:
        """His phone, not the console's button; while nobody else is there."""
        if self._alive(line) and line.maker:
            self._maker_gone(line, "rejected")

    def _maker_gone(self, line: Line, outcome: NumberOutcome) -> None:
        line.maker, line.maker_up = "", False
        if line.place == "summoning":
            del self.lines[line.id]
        self.tell(LegGone(line.id, outcome))

    def _connect_leg(self, line: Line, effect: ConnectLeg) -> None:
        if line.place != "agi":
            raise Refused("not in AGI")
        mark = f"{self.epoch}-{effect.attempt}"
        line.facts |= {"att": mark, "try": str(effect.attempt), "dev": effect.device}
        line.attempt, line.agent, line.device = effect.attempt, effect.agent, effect.device
        if not line.maker_up:
            self._back(line, "answered", LEG_DEAD, answered=True)
            return
        line.maker, line.maker_up = "", False
        self._tape_begins(line)
        self._move(line, "talking")
        self.tell(AgentAnswered(line.id, effect.attempt, effect.agent, line.channel))

    def not_reached(self, line: Line, outcome: NumberOutcome) -> None:
        if self._alive(line) and line.place == "dialling":
            line.maker = ""
            del self.lines[line.id]
            self.tell(NumberFailed(line.id, outcome, 17 if outcome == "busy" else 0))

    # -- agents' phones -----------------------------------------------------------------------
    def line_of(self, device: str) -> Line | None:
        """The caller whom this phone rings for or talks to."""
        for line in self.lines.values():
            if line.place == "ringing" and device in line.rung:
                return line
            if line.place in ("talking", "held") and line.device == device:
                return line
        return None

    def side_of(self, device: str) -> Line | None:
        """The caller about whom this phone's agent is asked."""
        for line in self.lines.values():
            if line.side is not None and line.side.device == device:
                return line
        return None

    def answer(self, device: str) -> bool:
        asked = self.side_of(device)
        if asked is not None:
            return self._side_answers(asked)
        line = self.line_of(device)
        if line is None or line.place != "ringing":
            return False
        line.agent, line.device = line.rung[device], device
        line.facts["dev"] = device
        self._move(line, "talking")
        self.tell(AgentAnswered(line.id, line.attempt, line.agent, f"PJSIP/{device}-1"))
        return True

    def reject(self, device: str) -> None:
        asked = self.side_of(device)
        if asked is not None and asked.side is not None and asked.side.place == "ringing":
            self._side_ends(asked, "busy")
            return
        line = self.line_of(device)
        if line is not None and line.place == "ringing":
            self._stops(line, device, "refused", REJECTED)

    def phone_dies(self, device: str) -> None:
        """While it rings."""
        line = self.line_of(device)
        if line is not None and line.place == "ringing":
            self._stops(line, device, "unavailable", LEG_DEAD)

    def _stops(self, line: Line, device: str, outcome: DialOutcome, cause: int) -> None:
        """Others may ring on; with the last one the offer is over."""
        agent = line.rung.pop(device)
        if line.rung:
            self.tell(AgentRingEnded(line.id, line.attempt, agent, outcome))
        else:
            self._back(line, outcome, cause)

    def agent_hangs_up(self, device: str) -> None:
        self._leg_ends(device, NORMAL)

    def leg_dies(self, device: str) -> None:
        """The browser is gone, or no sound comes any more."""
        self._leg_ends(device, LEG_DEAD)

    def _leg_ends(self, device: str, cause: int) -> None:
        asked = self.side_of(device)
        if asked is not None and asked.side is not None and asked.side.place != "ringing":
            self._side_ends(asked, "answered")
            return
        line = self.line_of(device)
        if line is not None and line.joined and line.place == "talking":
            self.tell(AgentLeft(line.id, line.attempt, cause))
            line.agent = line.device = ""
        elif line is not None and line.place in ("talking", "held"):
            self._back(line, "answered", cause, answered=True)

    def set_device(self, device: str, state: DeviceState) -> None:
        if self.devices.get(device) != state:
            self.devices[device] = state
            self.tell(DeviceChanged(device, state))

    # -- what the service asks ----------------------------------------------------------------
    def execute(self, effect: AsteriskEffect) -> None:
        """Carry it out. Raises Refused."""
        if isinstance(effect, Originate):
            self._originate(effect)
            return
        if isinstance(effect, Summon):
            self._summon(effect)
            return
        if isinstance(effect, TuneIn | TuneOut | DropHearer):
            self.supervisors.execute(effect)
            return
        line = self.lines.get(effect.call)
        if line is None:
            raise Refused("no such channel")
        match effect:
            case TagCall():
                line.facts.update(effect.facts)
            case RecordCaller():
                self._record(line, effect)
            case DialOut():
                self._dial_out(line, effect)
            case SetMusic():
                line.music = effect.on
            case PlayPrompt():
                self._play(line, effect)
            case Connect():
                self._connect(line, effect)
            case StopRinging():
                self._stop_ringing(line, effect)
            case Withdraw():
                if line.attempt == effect.attempt and line.place in ("ringing", "talking"):
                    self._back(line, "cancelled", 0, answered=line.place == "talking")
            case Divert():
                self._divert(line, effect.place)
            case HangUp():
                self._gone(line, effect.cause, "system")
            case Hold():
                if line.side is not None and not effect.hold:
                    if line.side.epoch == self.epoch or line.side.place != "ringing":
                        raise Refused("another is being asked")
                    line.side = None
                self._hold(line, effect.hold)
            case Recall():
                if line.place not in ("talking", "held"):
                    raise Refused("not with an agent")
                self._back(line, "recalled", 0, answered=True)
            case Consult():
                self._consult(line, effect)
            case EndConsult():
                if line.side is not None and line.side.serial == effect.serial:
                    ringing = line.side.place == "ringing"
                    self._side_ends(line, "cancelled" if ringing else "answered")
            case HandOver():
                self._hand_over(line, effect)
            case HandOut():
                self._hand_out(line, effect)
            case ConnectLeg():
                self._connect_leg(line, effect)
            case Swap():
                self._swap(line, effect.to_caller)
            case Join():
                self._join(line)
            case NameRecording():
                line.facts["tape"] = f"{effect.attempt}:{effect.id}"
            case MuteRecording():
                self._mute(line, effect.muted)
            case StopRecording():
                self._tape_ends(line)
            case Mute():
                (line.silenced.add if effect.on else line.silenced.discard)(effect.who)
            case Part():
                self._part(line, effect.to_caller)
            case PlayDigits():
                line.keys += effect.digits
            case TakeOver():
                self._take_over(line, effect)

    # -- supervisors ----------------------------------------------------------------------------
    def _talks_with(self, call: str) -> str:
        line = self.lines.get(call)
        return line.agent if line is not None and line.place in ("talking", "held") else ""

    def _take_over(self, line: Line, effect: TakeOver) -> None:
        if line.place not in ("talking", "held"):
            raise Refused("not with an agent")
        self._move(line, "transferred")
        line.facts |= {"xfer": effect.transfer, "dial": "ANSWER"}
        line.agent = line.device = ""
        self.supervisors.takes(line.id, effect.channel)

    def _taken_back(self, call: str) -> None:
        """The supervisor who had the caller is gone."""
        line = self.lines.get(call)
        if line is not None and line.place == "transferred":
            self._dialled_out(line, line.facts["xfer"], "ANSWER")

    # -- recording ----------------------------------------------------------------------------
    def _tape_begins(self, line: Line) -> None:
        """What was recorded before ends; what is named for this offer begins."""
        self._tape_ends(line)
        if line.facts.get("tape", "").partition(":")[0] == str(line.attempt):
            line.taped, line.muted = True, False
            self.tell(RecordingChanged(line.id, "started"))

    def _tape_ends(self, line: Line) -> None:
        if line.taped:
            line.taped = False
            self.tell(RecordingChanged(line.id, "stopped"))

    def _mute(self, line: Line, muted: bool) -> None:
        if not line.taped:
            raise Refused("not recorded")
        if self.mutes:
            line.muted = muted
            self.tell(RecordingChanged(line.id, "paused" if muted else "resumed"))

    # -- a second agent -----------------------------------------------------------------------
    def _consult(self, line: Line, effect: Consult) -> None:
        if line.place not in ("talking", "held") or line.side is not None or line.joined:
            raise Refused("nobody to consult for")
        if line.place == "talking":
            self._hold(line, True)
        line.side = side = Side(effect.serial, effect.agent, effect.device, number=effect.number)
        side.epoch = self.epoch
        if effect.number:
            self._asks_outside(line, side, effect.ring_seconds)
        elif self.devices.get(effect.device, "unreachable") == "unreachable":
            self._side_ends(line, "unavailable")
        elif self.line_of(effect.device) is not None or self.side_of(effect.device) is not line:
            self._side_ends(line, "busy")
        else:
            self.tell(ConsultRinging(line.id, effect.serial))
            self.agenda.after(
                effect.ring_seconds,
                lambda: (
                    self._side_ends(line, "no-answer")
                    if line.side is side and side.place == "ringing"
                    else None
                ),
            )
            self.rings(line, effect.device)

    def _asks_outside(self, line: Line, side: Side, ring_seconds: float) -> None:
        self.tell(ConsultRinging(line.id, side.serial))
        self.agenda.after(
            ring_seconds,
            lambda: (
                self._side_ends(line, "no-answer")
                if line.side is side and side.place == "ringing"
                else None
            ),
        )

    def outside_answers(self, line: Line) -> bool:
        return self._side_answers(line)

    def outside_fails(self, line: Line, outcome: NumberOutcome) -> None:
        if line.side is not None and line.side.number:
            self._side_ends(line, outcome)

    def outside_hangs_up(self, line: Line) -> None:
        """Who was asked, or who has the caller by now."""
        if line.side is not None and line.side.number:
            self._side_ends(line, "answered")
        elif line.place == "transferred":
            self._dialled_out(line, line.facts["xfer"], "ANSWER")

    def _hand_out(self, line: Line, effect: HandOut) -> None:
        side, line.side = line.side, None
        if side is None or not side.number or side.place == "ringing":
            raise Refused("nobody is asked")
        self._move(line, "transferred")
        line.facts |= {"xfer": effect.token, "dial": "ANSWER"}
        line.agent = line.device = ""

    def _side_answers(self, line: Line) -> bool:
        side = line.side
        if side is None or side.place != "ringing":
            return False
        side.place = "talking"
        leg = f"PJSIP/{side.device}-2"
        line.facts["cleg"] = leg
        self.tell(ConsultAnswered(line.id, side.serial, leg))
        return True

    def _side_ends(self, line: Line, outcome: DialOutcome | NumberOutcome) -> None:
        side, line.side = line.side, None
        if side is not None and self._alive(line):
            self.tell(ConsultEnded(line.id, side.serial, outcome))

    def _hand_over(self, line: Line, effect: HandOver) -> None:
        side = line.side
        if side is None or side.place == "ringing" or side.device != effect.device:
            raise Refused("nobody is asked")
        line.side = None
        mark = f"{self.epoch}-{effect.attempt}"
        line.facts |= {"att": mark, "try": str(effect.attempt), "dev": effect.device}
        line.attempt, line.agent, line.device = effect.attempt, effect.agent, effect.device
        if line.place == "held":
            self._tape_begins(line)
            self._hold(line, False)
        self.supervisors.look_again()

    def _swap(self, line: Line, to_caller: bool) -> None:
        if line.side is None or line.side.place not in ("talking", "aside"):
            raise Refused("nobody to change to")
        line.side.place = "aside" if to_caller else "talking"
        self._hold(line, not to_caller)

    def _join(self, line: Line) -> None:
        if line.side is None or line.side.place == "ringing":
            raise Refused("nobody is asked")
        line.side.place = "joined"
        self._move(line, "talking")
        line.joined = True
        self.tell(Joined(line.id))

    def _part(self, line: Line, to_caller: bool) -> None:
        if line.side is None or not line.joined:
            raise Refused("no conference")
        line.side.place = "aside" if to_caller else "talking"
        self._move(line, "talking" if to_caller else "held")
        self.tell(Parted(line.id, to_caller))

    def _play(self, line: Line, effect: PlayPrompt) -> None:
        if line.place != "agi":
            raise Refused("not in AGI")
        line.prompt, line.recording = effect, None
        line.turn += 1
        wait = 0.0 if effect.collect is None else effect.collect.timeout_seconds
        self._later(line, SPEECH_SECONDS + wait, lambda: self._prompt_over(line))
        self.speaks(line, effect)

    def _record(self, line: Line, effect: RecordCaller) -> None:
        """The caller says what he has to say and presses #."""
        if line.place != "agi":
            raise Refused("not in AGI")
        line.prompt, line.recording, line.recorded_since = None, effect, self.agenda.now
        line.turn += 1
        self.records.append(effect)
        seconds = min(self.says_seconds, effect.seconds_max)
        self._later(line, seconds, lambda: self._recorded(line, "done"))

    def _recorded(self, line: Line, ended: Literal["done", "hangup"]) -> None:
        recording, line.recording = line.recording, None
        if recording is not None:
            spent = self.agenda.now - line.recorded_since
            seconds = spent if spent >= recording.seconds_min else 0.0
            self.tell(RecordingEnded(line.id, recording.token, seconds, ended))

    def _dial_out(self, line: Line, effect: DialOut) -> None:
        """Numbers that end in 0 are busy, in 9 never answer, in 8 are not dialled; others speak."""
        if line.place != "agi" or effect.number.endswith("8"):
            raise Refused("not dialled")
        self._move(line, "transferred")
        line.facts |= {"xfer": effect.token, "dial": "REFUSED"}
        outcomes = {"0": ("BUSY", 1.0), "9": ("NOANSWER", effect.ring_seconds)}
        word, seconds = outcomes.get(effect.number[-1], ("ANSWER", 40.0))
        if word == "ANSWER":
            answered = DialledAnswered(line.id, effect.token)
            self._later(line, seconds / 8, lambda: self.tell(answered))
        self._later(line, seconds, lambda: self._dialled_out(line, effect.token, word))

    def _dialled_out(self, line: Line, token: str, word: str) -> None:
        self._move(line, "agi")
        line.facts["dial"] = word
        self.tell(DialledOut(line.id, token, OUTCOMES[word]))

    def _prompt_over(self, line: Line) -> None:
        if line.prompt is not None:
            silent = line.prompt.collect is not None
            self._prompt_ends(line, "", "timeout" if silent else "done")

    def _prompt_ends(self, line: Line, digits: str, outcome: Literal["done", "timeout"]) -> None:
        assert line.prompt is not None
        prompt, line.prompt = line.prompt, None
        line.turn += 1
        sealed = None
        if prompt.collect is not None and prompt.collect.secret:
            self.sealed += 1
            sealed = Sealed(f"sealed-{self.sealed:024x}", len(digits), digits.isdecimal())
            digits = ""
        self.tell(PromptEnded(line.id, prompt.token, digits, outcome, sealed))

    def _connect(self, line: Line, effect: Connect) -> None:
        self.connects.append(effect)
        if line.place == "diverted":
            raise Refused("in the dialplan's care")
        mark = f"{self.epoch}-{effect.attempt}"
        if line.facts.get("att") == mark:
            self._move(line, "agi")
            self.tell(CallReturned(line.id, 0, "refused"))
            return
        line.facts |= {"att": mark, "try": str(effect.attempt), "dev": effect.device}
        line.attempt, line.agent, line.device = effect.attempt, effect.agent, effect.device
        phones = {effect.device: effect.agent} | {
            device: agent for agent, device in effect.others.items()
        }
        self._tape_begins(line)
        busy = {device for device in phones if self.line_of(device) not in (None, line)}
        self._move(line, "ringing")
        line.rung = phones
        self._later(line, effect.ring_seconds, lambda: self._back(line, "no-answer", 19))
        for device, agent in list(phones.items()):
            if self.devices.get(device, "unreachable") == "unreachable":
                self._stops(line, device, "unavailable", 20)
            elif device in busy:
                self._stops(line, device, "busy", 17)
            else:
                self.tell(AgentRinging(line.id, effect.attempt, agent))
                self.rings(line, device)

    def _stop_ringing(self, line: Line, effect: StopRinging) -> None:
        if line.attempt != effect.attempt:
            return
        if line.place == "ringing" and effect.device in line.rung:
            self._stops(line, effect.device, "refused", REJECTED)
        elif line.place == "talking" and line.device == effect.device and self.faster:
            self._back(line, "answered", REJECTED, answered=True)

    def _divert(self, line: Line, place: Literal["fallback", "voicemail"]) -> None:
        self._move(line, "diverted")
        self.tell(CallDiverted(line.id, place))
        self._later(line, VOICEMAIL_SECONDS, lambda: self._gone(line, NORMAL, "system"))

    def _hold(self, line: Line, hold: bool) -> None:
        if line.place != ("talking" if hold else "held"):
            raise Refused("nothing to hold")
        self._move(line, "held" if hold else "talking")
        self.tell(HoldChanged(line.id, hold))

    # -- moving -------------------------------------------------------------------------------
    def _alive(self, line: Line) -> bool:
        return self.lines.get(line.id) is line

    def _move(self, line: Line, place: Place) -> None:
        line.place = place
        line.prompt = line.recording = None
        line.joined = False
        line.rung = {}
        line.turn += 1

    def _later(self, line: Line, seconds: float, do: Callable[[], None]) -> None:
        turn = line.turn
        self.agenda.after(
            seconds, lambda: do() if self._alive(line) and line.turn == turn else None
        )

    def _back(
        self, line: Line, outcome: DialOutcome, cause: int, *, answered: bool = False
    ) -> None:
        self._move(line, "agi")
        self._tape_ends(line)
        self._side_ends(line, "answered")
        line.facts["cause"] = str(cause)
        self.tell(CallReturned(line.id, line.attempt, outcome, answered, cause))
        self.supervisors.look_again()

    def _gone(self, line: Line, cause: int, by: HangUpSide) -> None:
        if line.place == "summoning":
            self._maker_gone(line, "cancelled")
            return
        if line.place == "dialling":
            self.not_reached(line, "cancelled" if by == "system" else "rejected")
            return
        del self.lines[line.id]
        self.ended[line.id] = cause
        self.tell(CallEnded(line.id, cause, by))
        self.supervisors.look_again()
        self.supervisors.caller_gone(line.id)

    # -- without the service ------------------------------------------------------------------
    def leases_lapse(self) -> None:
        """Nobody renewed them: the dialplan takes everybody who waits."""
        for line in list(self.lines.values()):
            if line.place == "agi":
                self._divert(line, "fallback")
            elif line.place == "held":
                self._move(line, "talking")
                self.tell(HoldChanged(line.id, False))

    def restart(self) -> None:
        """All calls are gone, and nobody is told of any."""
        self.lines.clear()
        self.supervisors.ears.clear()
        self.ended.clear()
        self.restarted = True

    def snapshot(self) -> Snapshot:
        calls = tuple(
            CallSeen(
                line.id,
                line.channel,
                line.number,
                line.name,
                line.did,
                line.place,
                dict(line.facts),
                consulted=f"PJSIP/{line.side.device}-2"
                if line.side is not None and line.side.place != "ringing"
                else "",
                rung=tuple(line.rung),
                joined=line.joined and line.side is not None,
                leg="up" if line.maker_up else "rings" if line.maker else "",
            )
            for line in self.lines.values()
        )
        restarted, self.restarted = self.restarted, False
        ended, hearers = dict(self.ended), self.supervisors.seen()
        return Snapshot("node", calls, dict(self.devices), restarted, ended, hearers=hearers)
