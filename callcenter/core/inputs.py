"""Everything that can happen to the contact centre: one closed union, `Input`.

Facts come from Asterisk, the database or the clock and may not be refused. Commands (`AgentDid`,
`SupervisorDid`) may: see `core.commands`. All are frozen, hold only plain values, and can be
written to the journal and read back (`callcenter.runtime.journal`). Nothing here carries the time:
the loop stamps it.

Ids: `call` is the caller's Linkedid, `channel` a full channel name, `agent` matches
`^[a-z0-9]{1,32}$`, `device` is the PJSIP endpoint (same charset), `token` is ours and comes back
unchanged so that a late answer can be told from a current one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from callcenter.core.commands import AgentAction, CustomerCard, SupervisorAction
from callcenter.core.config import Config
from callcenter.core.effects import RecordCallback
from callcenter.core.in_call import Parted
from callcenter.core.monitoring import HearerGone, HearerReady, HearerSeen
from ivr.asks import Sealed
from ivr.flow import Flow

DialOutcome = Literal[
    "answered", "no-answer", "busy", "unavailable", "refused", "cancelled", "recalled"
]
DeviceState = Literal["ready", "in-use", "unreachable"]
# How dialling an outside number failed. `rejected`: by the far end; `invalid`: there is no such
# number; `unreachable`: the network or our trunk; `refused`: we do not dial it; `cancelled`: by us.
NumberOutcome = Literal[
    "busy", "no-answer", "rejected", "invalid", "unreachable", "refused", "cancelled"
]
# How a consultation ended, with a colleague or with a number; with a machine it was an answer.
ConsultOutcome = Literal[
    "answered",
    "no-answer",
    "busy",
    "unavailable",
    "refused",
    "cancelled",
    "recalled",
    "rejected",
    "invalid",
    "unreachable",
]
HangUpSide = Literal["caller", "agent", "system"]


# -- trials --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TrialOffered:
    """An administrator wants to hear `flow`: the next call to `token` goes through it, once, until
    `until` (UNIX seconds). `number`: whom the call shall seem to come from."""

    token: str
    flow: Flow
    number: str
    until: float


# -- facts from Asterisk ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CallArrived:
    """A new caller is answered and waits in AGI. `number` and `did` as Asterisk gave them; `e164`
    is the number as it could be read, `region` its country (ISO 3166), '' when not known."""

    call: str
    channel: str
    number: str
    name: str
    did: str
    language: str = "en"
    e164: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class CallReturned:
    """The caller is back in AGI after a Dial (or after a refused redirect, `attempt` 0).

    `answered` says that an agent had picked up; `cause` is the agent leg's Q.850 cause."""

    call: str
    attempt: int
    outcome: DialOutcome
    answered: bool = False
    cause: int = 0


@dataclass(frozen=True, slots=True)
class PromptEnded:
    """The prompt of `token` was played, and digits were collected if asked for. Those of a secret
    are never here: `sealed` stands for them (`runtime.vault`)."""

    call: str
    token: str
    digits: str = ""
    outcome: Literal["done", "timeout", "missing", "failed"] = "done"
    sealed: Sealed | None = None


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """The recording of `token` is over. `seconds` 0: nothing was said, or too little, and there is
    no file. `failed`: Asterisk could not record."""

    call: str
    token: str
    seconds: float
    ended: Literal["done", "hangup", "failed"] = "done"


@dataclass(frozen=True, slots=True)
class DialledOut:
    """The caller is back from the number he was given on to (`DialOut`). `answered`: they spoke."""

    call: str
    token: str
    outcome: Literal["answered", "busy", "no-answer", "failed"]


@dataclass(frozen=True, slots=True)
class DialledAnswered:
    """The number that a flow gave the caller on to (`DialOut`) has answered: they speak."""

    call: str
    token: str


@dataclass(frozen=True, slots=True)
class AgentRinging:
    call: str
    attempt: int
    agent: str


@dataclass(frozen=True, slots=True)
class AgentRingEnded:
    """Of several phones that ring for one offer this one stopped; the others may ring on. The end
    of the last one is told by `CallReturned`."""

    call: str
    attempt: int
    agent: str
    outcome: DialOutcome


@dataclass(frozen=True, slots=True)
class AgentAnswered:
    """The agent's leg is up and bridged with the caller."""

    call: str
    attempt: int
    agent: str
    leg: str = ""


@dataclass(frozen=True, slots=True)
class HoldChanged:
    call: str
    held: bool


@dataclass(frozen=True, slots=True)
class ConsultRinging:
    call: str
    serial: int


@dataclass(frozen=True, slots=True)
class ConsultAnswered:
    """The consulted agent is up and talks with the one who asks; `leg` is his channel."""

    call: str
    serial: int
    leg: str


@dataclass(frozen=True, slots=True)
class ConsultEnded:
    """The consulted agent is gone, or never came; the one who asks is in silence (in a conference:
    with the caller)."""

    call: str
    serial: int
    outcome: ConsultOutcome
    cause: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """Caller, agent and the consulted one are in a conference."""

    call: str


@dataclass(frozen=True, slots=True)
class LegReady:
    """The agent whose phone was rung by `Summon` is on the line, `leg` is his channel."""

    call: str
    leg: str


@dataclass(frozen=True, slots=True)
class LegGone:
    """That agent's phone was not answered, or he has hung up before anybody else was there."""

    call: str
    outcome: NumberOutcome
    cause: int = 0


@dataclass(frozen=True, slots=True)
class AgentLeft:
    """The agent's leg left a conference; the caller is still in it."""

    call: str
    attempt: int
    cause: int


@dataclass(frozen=True, slots=True)
class RecordingChanged:
    """What Asterisk says of the recording of the caller's talk; it does not name the file."""

    call: str
    what: Literal["started", "paused", "resumed", "stopped"]


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The caller's channel is gone. `cause` is the Q.850 cause, `by` who ended it if known."""

    call: str
    cause: int = 16
    by: HangUpSide = "caller"


@dataclass(frozen=True, slots=True)
class CallDiverted:
    """The dialplan took the caller itself: fallback queue or voicemail."""

    call: str
    place: Literal["fallback", "voicemail"]


@dataclass(frozen=True, slots=True)
class NumberRinging:
    """The far end of an `Originate` rings."""

    call: str


@dataclass(frozen=True, slots=True)
class NumberAnswered:
    """Who was dialled has answered and waits in AGI. `machine`: it sounds like a machine."""

    call: str
    channel: str
    machine: bool = False


@dataclass(frozen=True, slots=True)
class NumberFailed:
    """An `Originate` came to nothing. `cause` is the Q.850 cause, 0 if there was none; `reason`
    says more for the log."""

    call: str
    outcome: NumberOutcome
    cause: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    device: str
    state: DeviceState


@dataclass(frozen=True, slots=True)
class CallSeen:
    """One live caller in a `Snapshot`. `stage` is where the channel stands in the dialplan; `facts`
    are its ACD_ variables without the prefix, lower case (see `effects.TagCall`); `dev` is the
    device he talks to. `rung`: the devices that ring for him, where that could be seen. `dialling`:
    an outside number that has not answered yet. `summoning`: only the agent is there who makes a
    call; `leg`: how his phone stands in these two and after the answer. `transferred`: given on by
    a flow. `consulted`: the channel of an agent who is being consulted about the call, if it is
    up; `joined`: they are in a conference."""

    call: str
    channel: str
    number: str
    name: str
    did: str
    stage: Literal[
        "agi", "ringing", "talking", "held", "diverted", "dialling", "transferred", "summoning"
    ]
    facts: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    consulted: str = ""
    rung: tuple[str, ...] = ()
    joined: bool = False
    leg: Literal["", "rings", "up"] = ""


@dataclass(frozen=True, slots=True)
class CallMissed:
    """A caller who came and went while the service was away, or too quickly for it, as the dialplan
    noted. Times in UNIX seconds. `place`: who served him alone (fallback, voicemail); empty: he
    hung up before. `trunk`: by which he came, "" when that was not noted."""

    call: str
    number: str
    did: str
    began_at: float
    ended_at: float
    cause: int
    place: Literal["", "fallback", "voicemail"]
    trunk: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is really there, read after every (re)connect to a node. Calls of the node that we know
    and that are not listed are gone. `restarted`: the node is not the process we knew. `missed`:
    calls that may have come and gone without us. `served`: by whom those of `ended` were served
    alone, without us, at their end."""

    node: str
    calls: tuple[CallSeen, ...]
    devices: Mapping[str, DeviceState]
    restarted: bool = False
    ended: Mapping[str, int] = field(default_factory=dict)
    missed: tuple[CallMissed, ...] = ()
    hearers: tuple[HearerSeen, ...] = ()
    served: Mapping[str, Literal["fallback", "voicemail"]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The link to a node went down (nothing can be done there) or came up (a Snapshot follows)."""

    node: str
    up: bool


@dataclass(frozen=True, slots=True)
class ActionFailed:
    """An effect on a call could not be carried out. `not-sent` may be tried again, `unknown` may
    have happened, `refused` was answered with an error."""

    call: str
    what: str
    attempt: int
    kind: Literal["not-sent", "unknown", "refused"]
    reason: str


# -- facts from the store -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CallerKnown:
    """Answer to `LookUpCaller`. No card: a new caller; then `number` is E.164 if it could be read,
    else as dialled. Several cards: the same number belongs to several people."""

    call: str
    number: str
    cards: tuple[CustomerCard, ...] = ()


@dataclass(frozen=True, slots=True)
class DataLookedUp:
    """Answer to a flow's data or HTTP look-up (`AskData`)."""

    call: str
    token: str
    values: Mapping[str, object]
    error: str = ""


@dataclass(frozen=True, slots=True)
class CallbacksFound:
    """The callbacks that the database has as not over, and those that ended lately. Sent at the
    start, before the first snapshot if the database is there; what is known better is left."""

    rows: tuple[RecordCallback, ...]


@dataclass(frozen=True, slots=True)
class ConfigChanged:
    config: Config


# -- commands -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AgentDid:
    """A click. `command` is the browser's id for it and comes back in `Reply`."""

    agent: str
    command: str
    action: AgentAction


@dataclass(frozen=True, slots=True)
class SupervisorDid:
    """A click of somebody who looks after the queues. `by`: his user's id, for the books; who may
    do this is checked where the click comes in."""

    by: str
    command: str
    action: SupervisorAction


@dataclass(frozen=True, slots=True)
class ConsoleChanged:
    """The agent's browser connected, or has been away longer than the grace time."""

    agent: str
    connected: bool


@dataclass(frozen=True, slots=True)
class Quarantined:
    """This call's input made the core fail twice: it goes to the fallback queue, untouched."""

    call: str
    reason: str


@dataclass(frozen=True, slots=True)
class EpochTaken:
    """This process leads from now on, with this epoch. Always the first input of a process."""

    epoch: int


# -- the clock ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Tick:
    """The deadline the core named has come."""


Input = (
    CallArrived
    | CallReturned
    | PromptEnded
    | RecordingEnded
    | DialledOut
    | DialledAnswered
    | AgentRinging
    | AgentRingEnded
    | AgentAnswered
    | HoldChanged
    | ConsultRinging
    | ConsultAnswered
    | ConsultEnded
    | Joined
    | Parted
    | LegReady
    | LegGone
    | AgentLeft
    | RecordingChanged
    | HearerReady
    | HearerGone
    | CallEnded
    | CallMissed
    | CallDiverted
    | NumberRinging
    | NumberAnswered
    | NumberFailed
    | DeviceChanged
    | Snapshot
    | LinkChanged
    | ActionFailed
    | CallerKnown
    | DataLookedUp
    | CallbacksFound
    | ConfigChanged
    | TrialOffered
    | AgentDid
    | SupervisorDid
    | ConsoleChanged
    | Quarantined
    | EpochTaken
    | Tick
)
