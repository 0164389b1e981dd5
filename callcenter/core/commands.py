"""What agents and supervisors ask of the centre: the unions `AgentAction` and `SupervisorAction`.

Commands may be refused (`core.refusals`); `inputs.AgentDid` and `inputs.SupervisorDid` carry them.
They are frozen, hold only plain values, and go to the journal like all inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from callcenter.core.in_call import InCallAction
from callcenter.core.monitoring import MonitoringAction


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """What routing and the screen need of a customer. `record` is opaque to the core: the whole
    record as JSON-able values, made by the store for the screen."""

    id: str
    name: str
    vip: bool = False
    blocked: bool = False
    language: str = ""
    priority: int = 0
    value_seconds: float = 0.0
    owner_agent: str | None = None
    last_agent: str | None = None
    record: Mapping[str, object] = field(default_factory=dict)


# -- agents -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LogIn:
    """`device` is the endpoint that will ring."""

    device: str


@dataclass(frozen=True, slots=True)
class LogOut:
    pass


@dataclass(frozen=True, slots=True)
class GoAvailable:
    pass


@dataclass(frozen=True, slots=True)
class Pause:
    """While busy this becomes the next state."""

    reason: str


@dataclass(frozen=True, slots=True)
class RejectOffer:
    call: str


@dataclass(frozen=True, slots=True)
class HangUpCall:
    call: str


@dataclass(frozen=True, slots=True)
class HoldCall:
    call: str
    hold: bool


@dataclass(frozen=True, slots=True)
class ChooseCustomer:
    """The agent picked, or just made, the customer that this call belongs to."""

    call: str
    card: CustomerCard


@dataclass(frozen=True, slots=True)
class FinishWrapUp:
    """Close the interaction. `then`: state afterwards."""

    call: str
    disposition: str
    note: str = ""
    then: Literal["available", "pause"] = "available"


@dataclass(frozen=True, slots=True)
class ExtendWrapUp:
    call: str


@dataclass(frozen=True, slots=True)
class TransferCall:
    """Give the caller on, without asking first. `target`: a queue, an agent or a flow."""

    call: str
    to: Literal["queue", "agent", "flow"]
    target: str


@dataclass(frozen=True, slots=True)
class ConsultAgent:
    """Ask another agent while the caller is on hold."""

    call: str
    agent: str


@dataclass(frozen=True, slots=True)
class DialNumber:
    """Call an outside number: first the agent's own phone, then the number. `number` is E.164 and
    was checked, `country` (ISO 3166) is its. `role`: the user's, which the rules look at. `queue`:
    in whose name, "" for the agent's first; `shown`: the number to show, "" for the usual one.
    `card`: the customer, if he was chosen."""

    number: str
    country: str
    role: str
    queue: str = ""
    shown: str = ""
    name: str = ""
    card: CustomerCard | None = None


@dataclass(frozen=True, slots=True)
class CallColleague:
    """Call another agent; no customer is there."""

    agent: str


@dataclass(frozen=True, slots=True)
class ConsultNumber:
    """Ask somebody outside while the caller is on hold. `give`: the caller is his as soon as he
    answers; if he does not, the caller comes back to the agent. `name`: as the directory has it."""

    call: str
    number: str
    country: str
    role: str
    name: str = ""
    give: bool = False


@dataclass(frozen=True, slots=True)
class DropMessage:
    """Leave this recorded message with whoever, or whatever, is there; the agent is free of it."""

    call: str
    message: str


@dataclass(frozen=True, slots=True)
class EndConsultation:
    """Back to the caller; by the one who was asked: out of it. `machine`: the agent says that it is
    a voicemail that answered outside, and that is how the consultation ended."""

    call: str
    machine: bool = False


@dataclass(frozen=True, slots=True)
class HandOverCall:
    """The agent who was asked gets the caller; the one who asked is out."""

    call: str


@dataclass(frozen=True, slots=True)
class SwapParties:
    """Talk to the other of the two: caller and consulted agent."""

    call: str


@dataclass(frozen=True, slots=True)
class ReturnToCall:
    """The agent's browser has lost its end of the talk (a reload): ring it again."""

    call: str


@dataclass(frozen=True, slots=True)
class JoinParties:
    """All three together."""

    call: str


@dataclass(frozen=True, slots=True)
class PauseTalkRecording:
    """Silence in the recording, or no more of it (on demand: begin it). `card`: a payment page asks
    for it; `seconds`: it ends by itself then, at the latest when the queue's rule says so."""

    call: str
    paused: bool
    card: bool = False
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RefuseRecording:
    """The caller does not want to be recorded: no more of this call is."""

    call: str


AgentAction = (
    LogIn
    | LogOut
    | GoAvailable
    | Pause
    | RejectOffer
    | HangUpCall
    | HoldCall
    | ChooseCustomer
    | FinishWrapUp
    | ExtendWrapUp
    | TransferCall
    | ConsultAgent
    | EndConsultation
    | HandOverCall
    | SwapParties
    | JoinParties
    | ReturnToCall
    | PauseTalkRecording
    | RefuseRecording
    | InCallAction
    | DialNumber
    | CallColleague
    | ConsultNumber
    | DropMessage
)


# -- supervisors --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reprioritise:
    """Give a waiting caller this priority in the line, in place of the one he has."""

    call: str
    priority: int


@dataclass(frozen=True, slots=True)
class MoveCaller:
    """A waiting caller goes to the line of another queue, with the time waited already."""

    call: str
    queue: str


@dataclass(frozen=True, slots=True)
class ForceState:
    """Put an agent into this state; while he is busy it is what comes next. `reason`: the code of
    the pause."""

    agent: str
    state: Literal["available", "paused", "offline"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GiveCaller:
    """A caller who waits goes to this agent at once, whatever the order says: who asks for it is
    that agent. He may serve other queues."""

    call: str
    agent: str


@dataclass(frozen=True, slots=True)
class ClearCall:
    """A call that is no longer there in Asterisk is over in the books, too."""

    call: str


@dataclass(frozen=True, slots=True)
class ClearAgent:
    """An agent who is busy with a call that does not exist is free again; and the books are told
    his state once more."""

    agent: str


@dataclass(frozen=True, slots=True)
class AskCallback:
    """Call this customer back, as if he had asked for it in the queue now. `id` is new and ours;
    `number` was checked and is E.164. `not_before`: UNIX seconds, None for as soon as it is his
    turn."""

    id: str
    queue: str
    number: str
    name: str = ""
    language: str = "en"
    customer: str | None = None
    time_zone: str = ""
    not_before: float | None = None


@dataclass(frozen=True, slots=True)
class CancelCallback:
    id: str


@dataclass(frozen=True, slots=True)
class PostponeCallback:
    """Not before this moment; the place in line stays."""

    id: str
    not_before: float


@dataclass(frozen=True, slots=True)
class DialCallbackNow:
    """At once, whoever is before him in the line; within the hours all the same."""

    id: str


SupervisorAction = (
    Reprioritise
    | MoveCaller
    | ForceState
    | GiveCaller
    | ClearCall
    | ClearAgent
    | AskCallback
    | CancelCallback
    | PostponeCallback
    | DialCallbackNow
    | PauseTalkRecording
    | RefuseRecording
    | MonitoringAction
)
