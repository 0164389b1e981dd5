"""One call: the stages it can be in as a table, its facts, and the sums of its time.

The table is the rule: a pair (stage, event) that is absent cannot happen, and asking for it is our
bug (`IllegalStage`). Facts from Asterisk that arrive late are sorted out before they come here.
A call exists from its arrival until its books are closed; its caller is gone in *wrap-up*.

    dialling   we ring the customer, who has not answered yet
    menu       the flow is talking to the caller
    waiting    in a queue
    offered    still in the queue, an agent's phone is ringing
    talking    with an agent
    held       the agent put the caller on hold
    parked     on a numbered place, with music; any agent of the queue may take him
    outside    given on to an outside number, nobody of ours is with him
    diverted   the dialplan serves the caller alone (fallback queue, voicemail)
    wrap-up    the caller is gone, the agent writes
    closed     the interaction is written; the call is forgotten
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from callcenter.core.commands import CustomerCard
from callcenter.core.effects import (
    DialOut,
    Direction,
    Divert,
    HangUp,
    RecordCaller,
    RecordInteraction,
)
from callcenter.core.in_call import Person
from callcenter.core.inputs import HangUpSide
from callcenter.core.tape import Reason, Tape
from ivr.asks import Enqueue, LookUp, Outcome, Play
from ivr.session import Session


@dataclass(slots=True)
class Message:
    """The caller leaves a message in `box`: is greeted, is recorded, is thanked."""

    box: str
    phase: Literal["greeting", "recording", "thanks"] = "greeting"


Stage = Literal[
    "dialling",
    "menu",
    "waiting",
    "offered",
    "talking",
    "held",
    "parked",
    "outside",
    "diverted",
    "wrap-up",
    "closed",
]


# An agent makes a call: his own phone rings; the other is dialled, rings, is being connected.
DialPhase = Literal["", "summoning", "dialling", "ringing", "connecting"]


class Event(Enum):
    REACHED = "reached"
    NOT_REACHED = "not-reached"
    QUEUED = "queued"
    OFFERED = "offered"
    LAPSED = "lapsed"
    ANSWERED = "answered"
    HELD = "held"
    UNHELD = "unheld"
    LEG_LOST = "leg-lost"
    SENT_TO_MENU = "sent-to-menu"
    GIVEN_ON = "given-on"
    PARKED = "parked"
    GIVEN_OUT = "given-out"
    DIVERTED = "diverted"
    GONE = "gone"
    LEFT = "left"  # hung up on his place; who parked him has the time to write
    FINISHED = "finished"


STAGES: dict[Stage, dict[Event, Stage]] = {
    "dialling": {
        Event.REACHED: "menu",
        Event.ANSWERED: "talking",
        Event.NOT_REACHED: "wrap-up",
        Event.DIVERTED: "diverted",
        Event.GONE: "closed",
    },
    "menu": {Event.QUEUED: "waiting", Event.DIVERTED: "diverted", Event.GONE: "closed"},
    "waiting": {
        Event.OFFERED: "offered",
        Event.SENT_TO_MENU: "menu",
        Event.DIVERTED: "diverted",
        Event.GONE: "closed",
    },
    "offered": {
        Event.LAPSED: "waiting",
        Event.ANSWERED: "talking",
        Event.DIVERTED: "diverted",
        Event.GONE: "closed",
    },
    "talking": {
        Event.HELD: "held",
        Event.LEG_LOST: "waiting",
        Event.GIVEN_ON: "menu",
        Event.PARKED: "parked",
        Event.GIVEN_OUT: "outside",
        Event.DIVERTED: "diverted",
        Event.GONE: "wrap-up",
    },
    "held": {
        Event.UNHELD: "talking",
        Event.LEG_LOST: "waiting",
        Event.GIVEN_ON: "menu",
        Event.PARKED: "parked",
        Event.GIVEN_OUT: "outside",
        Event.DIVERTED: "diverted",
        Event.GONE: "wrap-up",
    },
    "outside": {
        Event.SENT_TO_MENU: "menu",
        Event.DIVERTED: "diverted",
        Event.GONE: "closed",
    },
    "parked": {
        Event.GIVEN_ON: "menu",
        Event.DIVERTED: "diverted",
        Event.LEFT: "wrap-up",
        Event.GONE: "closed",
    },
    "diverted": {Event.GONE: "closed"},
    "wrap-up": {Event.FINISHED: "closed"},
    "closed": {},
}

WITH_AGENT: frozenset[Stage] = frozenset({"offered", "talking", "held"})


class IllegalStage(AssertionError):
    """Our own mistake: this event has no place in this stage."""


@dataclass(slots=True)
class Seconds:
    """What the time of a call was spent on; `wait` includes `ring`: the caller hears one; `hold`
    includes `consult`, and `talk` includes `conference`."""

    wait: float = 0.0
    ring: float = 0.0
    talk: float = 0.0
    hold: float = 0.0
    wrap_up: float = 0.0
    consult: float = 0.0
    conference: float = 0.0
    park: float = 0.0

    def since(self, earlier: Seconds) -> Seconds:
        """What came on top of `earlier`."""
        return Seconds(*(now - then for now, then in zip(self, earlier, strict=True)))

    def __iter__(self) -> Iterator[float]:
        spent = (self.wait, self.ring, self.talk, self.hold, self.wrap_up)
        return iter((*spent, self.consult, self.conference, self.park))


@dataclass(slots=True)
class Consultation:
    """The agent who has the call asks another (`agent`, at `device`; or `number`, outside, by the
    `name` of the directory; `give`: he has the caller as soon as he answers). `stage`: *ringing*,
    *talking* (to the one who asks, or put aside while he talks to the caller), *joined* (all three
    in a conference). `serial` counts the consultations of the call. `leg`: the other's channel.
    `joined_at`: since when they are three; `muted`: who of them is not heard. `machine`: a
    voicemail answered, says who asked."""

    serial: int
    agent: str
    device: str
    by: str
    since: float
    stage: Literal["ringing", "talking", "joined"] = "ringing"
    leg: str = ""
    number: str = ""
    name: str = ""
    give: bool = False
    joined_at: float = 0.0
    muted: tuple[Person, ...] = ()
    machine: bool = False

    def joined_seconds(self, since: float, now: float) -> float:
        """How long, of the time after `since`, the three have been together."""
        return max(0.0, now - max(since, self.joined_at)) if self.stage == "joined" else 0.0


@dataclass(frozen=True, slots=True)
class Parking:
    """The caller stands on this numbered place since, and until, these moments (UNIX seconds);
    `by`: the agent who parked him."""

    place: int
    by: str
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class GivingOn:
    """Where an agent sends the caller, once Asterisk has taken him back from that agent.
    *again*: the head of the line he came from; `by` is then no longer there. *after*: what is to
    follow the talk that `by` has ended. *park*: a numbered place; `target` is then the call that
    the agent takes next, "" for none."""

    to: Literal["queue", "agent", "flow", "again", "after", "park", "message"]
    target: str
    by: str


@dataclass(slots=True)
class Call:
    """The mutable record behind one caller. `sequence` numbers the timeline (see
    `effects.RecordEvent`); `token` is that of the prompt we wait for, "" when none. `attempt` is
    the number of the latest offer; it never starts again while the call lives, so that a late word
    about an old offer cannot be taken for one about the current. `leaving` is what we asked for to
    let the caller go and have not seen done yet. `path_before`: of earlier flows. `asking`: the
    look-up that the flow waits for; `booked`: the callback that this caller has asked for;
    `callback`: the one that this call carries out and that is not over (`called_back`: over or
    not), `contact` the interaction it belongs to, `gone_because` why we ended it before an agent
    had it. `agent` has the call now, `served_by` is the one who talked last. `ringing`: whose
    phones ring for this offer, `agent` first; `stopped`: those of this offer that ring no longer.
    `asked_priority` is the flow's, `set_priority` a supervisor's, which stands above all other.
    `flow_end` is what the flow has come to, None while it goes on; `flow_closed`: its journey is
    written. `recording` is under way; `message`: the caller leaves one; `dial_out`: the flow gave
    him on. `trial`: see `core.trials`. `part_of`: this is only the writing of an agent who gave
    that call on, or (`last_part`) ended the talk while the caller stayed; `whole`: how that call
    was written down, if it is over already. `part` numbers the agents who have had the call,
    `part_from` is what had been spent before the present one. `consult_ended`: how the latest
    consultation ended, `consulted_number` whom it was with if that was an outside number.
    `direction`: who began the call; `dial_phase` is how far a call is that an agent makes
    (`outgoing`), `dial_outcome` what came of it, `shown` the number shown, `peer` the colleague of
    an internal one. `resuming`: the caller is on the way back from it to the agent; `back_at_once`:
    the consultation was over before he was on hold, and he comes back when he is. `tape`: the
    recording of this talk; `unrecorded`: the caller does not want any; `contact_recorded`: why it
    is recorded on demand, once somebody did ask; `noticed`: he was told, `noticing`: is being told,
    on the way to this queue; `farewell`: is being told something before we hang up. `taker_lost`:
    the supervisor who had taken it over lost his phone. `picker`: who takes the call as soon as the
    phones have stopped that ring for it."""

    id: str
    channel: str
    number: str
    name: str
    did: str
    language: str
    started_at: float
    stage: Stage = "menu"
    since: float = 0.0
    flow: str | None = None
    session: Session | None = None
    flow_since: float = 0.0
    flow_end: Outcome | None = None
    flow_closed: bool = False
    prompt: Play | None = None
    recording: RecordCaller | None = None
    recording_name: str = ""
    message: Message | None = None
    dial_out: DialOut | None = None
    token: str = ""
    tokens: int = 0
    cards: tuple[CustomerCard, ...] = ()
    known: bool = False
    path: tuple[str, ...] = ()
    path_before: tuple[str, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    asked_priority: int = 0
    set_priority: int | None = None
    queue: str | None = None
    joined_at: float | None = None
    announcing: bool = False
    position: int | None = None
    agent: str | None = None
    ringing: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    served_by: str | None = None
    attempt: int = 0
    auto_answer: bool = False
    offered_until: float | None = None
    answered_at: float | None = None
    wrap_up_until: float | None = None
    extensions: int = 0
    why: str = ""
    ended_by: HangUpSide | None = None
    ended_at: float | None = None
    restarted: bool = False
    sequence: int = 0
    revision: int = 0
    tags: dict[str, str] = field(default_factory=dict)
    offers: int = 0
    refusals: int = 0
    troubles: int = 0
    overflows: int = 0
    failed_connects: int = 0
    leaving: HangUp | Divert | None = None
    leave_tries: int = 0
    talk_charged: float = 0.0
    was_diverted: bool = False
    trial: bool = False
    seconds: Seconds = field(default_factory=Seconds)
    disposition: str = ""
    note: str = ""
    part_of: str = ""
    last_part: bool = False
    whole: RecordInteraction | None = None
    part: int = 1
    part_began: float = 0.0
    part_from: Seconds = field(default_factory=Seconds)
    consult: Consultation | None = None
    consults: int = 0
    consult_ended: str = ""
    resuming: bool = False
    back_at_once: bool = False
    giving_on: GivingOn | None = None
    parking: Parking | None = None
    picker: str = ""
    asking: LookUp | None = None
    booked: str = ""
    callback: str = ""
    called_back: str = ""
    contact: str = ""
    gone_because: str = ""
    tape: Tape | None = None
    unrecorded: bool = False
    contact_recorded: Reason | None = None
    noticed: bool = False
    noticing: Enqueue | None = None
    farewell: bool = False
    taker_lost: bool = False
    direction: Direction = "in"
    dial_phase: DialPhase = ""
    dial_outcome: str = ""
    shown: str = ""
    peer: str = ""
    consulted_number: str = ""
    consulted_name: str = ""
    consulted_give: bool = False

    @property
    def by_hand(self) -> bool:
        """Made by an agent, to a customer or to a colleague."""
        return self.direction != "in"

    @property
    def books(self) -> str:
        """The interaction in which this call is written down: its own, or the one it belongs to."""
        return self.contact or self.id

    def enter(self, event: Event, now: float) -> None:
        """Take the step the table allows, and charge the time of the stage that ends."""
        try:
            stage = STAGES[self.stage][event]
        except KeyError:
            raise IllegalStage(f"call {self.id}: {event.value} in stage {self.stage}") from None
        self.charge(now)
        self.stage = stage
        self.since = now

    def charge(self, now: float) -> None:
        """Count the time since the stage began, once: the caller of this begins a new one."""
        spent = max(0.0, now - self.since)
        match self.stage:
            case "dialling" if self.by_hand:
                self.seconds.ring += spent
            case "waiting":
                self.seconds.wait += spent
            case "offered":
                self.seconds.wait += spent
                self.seconds.ring += spent
            case "talking":
                self.seconds.talk += spent
                if self.consult is not None:
                    self.seconds.conference += self.consult.joined_seconds(self.since, now)
            case "held":
                self.seconds.hold += spent
                if self.consult is not None:
                    self.seconds.consult += min(spent, max(0.0, now - self.consult.since))
            case "parked":
                self.seconds.park += spent
            case "wrap-up":
                self.seconds.wrap_up += spent
            case _:
                pass

    @property
    def customer(self) -> CustomerCard | None:
        """Who the caller is, once that is certain."""
        return self.cards[0] if len(self.cards) == 1 else None

    def priority_of(self, asked: int) -> int:
        """The priority in a line that is joined with `asked`."""
        if self.set_priority is not None:
            return self.set_priority
        return asked + (self.customer.priority if self.customer else 0)

    def next_token(self) -> str:
        self.tokens += 1
        self.token = f"p{self.tokens}"
        return self.token
