"""Every message of the console websocket, in both directions; TypeScript types come from here.

The server sends one `Snapshot`, then deltas with a sequence number that grows by one. A gap, or an
epoch that changed, means: ask for a new snapshot (`Resume`). A browser that connects again may say
where it stopped, /ws/console?epoch=E&seq=S: it gets `Resumed` and what it missed when that is still
there, else a `Snapshot`. The client sends commands; each gets one `Reply` with its `id`. `Links`
follows every snapshot. What a socket may see is decided in `view`, not here.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from callcenter.core.board import AgentRow, CallRow, QueueRow
from callcenter.core.in_call import Person

MESSAGE_MAX_BYTES = 16 * 1024
COMMANDS_PER_SECOND = 20
PING_SECONDS = 5.0
SOCKETS_PER_USER = 5
BROKEN_MESSAGES_MAX = 5


class CloseCode(IntEnum):
    """Why the server closed a console (RFC 6455 7.4.2: 4000-4999 are for private use).

    On SESSION_ENDED the browser goes to the login page, on TOO_MANY_CONSOLES it says so and waits
    for the user; after all others it connects again with back-off."""

    BINARY = 1003
    TOO_BIG = 1009
    GOING_DOWN = 1012
    BROKEN_MESSAGES = 4400
    SESSION_ENDED = 4401
    SILENT = 4408
    TOO_MANY_CONSOLES = 4409
    TOO_FAST = 4429


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# -- to the browser -----------------------------------------------------------------------------
class Snapshot(Message):
    """Everything this user may see. `clock` is the server's time at sending. `border`: what he sees
    beside his own: nothing, what belongs to the teams he leads, or everything."""

    type: Literal["snapshot"] = "snapshot"
    epoch: int
    seq: int
    clock: float
    user: str
    role: Literal["agent", "supervisor", "administrator"]
    agent: str | None
    border: Literal["none", "teams", "everything"]
    calls: list[CallRow]
    agents: list[AgentRow]
    queues: list[QueueRow]


class CallDelta(Message):
    type: Literal["call"] = "call"
    seq: int
    key: str
    row: CallRow | None


class AgentDelta(Message):
    type: Literal["agent"] = "agent"
    seq: int
    key: str
    row: AgentRow | None


class QueueDelta(Message):
    type: Literal["queue"] = "queue"
    seq: int
    key: str
    row: QueueRow | None


class Reply(Message):
    """The answer to a command. `refusal`: None, or a code (`core.refusals`, `hub`) that the browser
    has a sentence for; for a command that cannot be read it is that sentence itself."""

    type: Literal["reply"] = "reply"
    id: str
    refusal: str | None = None


class Links(Message):
    """Health of what stands behind the console: Asterisk and the database."""

    type: Literal["links"] = "links"
    asterisk: bool
    database: bool


class AlarmRaised(Message):
    type: Literal["alarm"] = "alarm"
    code: str
    text: str
    at: float


class News(Message):
    """Something changed that is fetched over HTTP: messages to this desk, or alerts."""

    type: Literal["news"] = "news"
    what: Literal["messages", "alerts"]


class Pong(Message):
    type: Literal["pong"] = "pong"
    clock: float


class Resumed(Message):
    """The answer to `Resume` when nothing was lost: the missing deltas follow this, no snapshot."""

    type: Literal["resumed"] = "resumed"
    epoch: int
    seq: int
    clock: float


class Problem(Message):
    """A message of the browser could not be read and had no usable id to reply to."""

    type: Literal["problem"] = "problem"
    text: str


ServerMessage = Annotated[
    Snapshot
    | CallDelta
    | AgentDelta
    | QueueDelta
    | Reply
    | Links
    | AlarmRaised
    | News
    | Pong
    | Resumed
    | Problem,
    Field(discriminator="type"),
]

# -- from the browser ---------------------------------------------------------------------------
CommandId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")]
CallKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,80}$")]


class Resume(Message):
    """Ask for what came after (epoch, seq); a snapshot is sent where that is not possible."""

    type: Literal["resume"] = "resume"
    epoch: int
    seq: int


class Ping(Message):
    """The browser's heartbeat, every 5 s, from a worker so that a hidden tab keeps it."""

    type: Literal["ping"] = "ping"


class LogIn(Message):
    type: Literal["log_in"] = "log_in"
    id: CommandId
    device: Literal["browser", "desk"] = "browser"


class LogOut(Message):
    type: Literal["log_out"] = "log_out"
    id: CommandId


class GoAvailable(Message):
    type: Literal["go_available"] = "go_available"
    id: CommandId


class Pause(Message):
    type: Literal["pause"] = "pause"
    id: CommandId
    reason: Annotated[str, Field(max_length=32)]


class RejectOffer(Message):
    type: Literal["reject_offer"] = "reject_offer"
    id: CommandId
    call: CallKey


class HangUp(Message):
    type: Literal["hang_up"] = "hang_up"
    id: CommandId
    call: CallKey


class Hold(Message):
    type: Literal["hold"] = "hold"
    id: CommandId
    call: CallKey
    hold: bool


class ChooseCustomer(Message):
    type: Literal["choose_customer"] = "choose_customer"
    id: CommandId
    call: CallKey
    customer: Annotated[str, Field(max_length=40)]


class FinishWrapUp(Message):
    type: Literal["finish_wrap_up"] = "finish_wrap_up"
    id: CommandId
    call: CallKey
    disposition: Annotated[str, Field(max_length=32)]
    note: Annotated[str, Field(max_length=8000)] = ""
    then: Literal["available", "pause"] = "available"


class ExtendWrapUp(Message):
    type: Literal["extend_wrap_up"] = "extend_wrap_up"
    id: CommandId
    call: CallKey


class Transfer(Message):
    """Give the caller on without asking first; `target` is the id of a queue, agent or flow."""

    type: Literal["transfer"] = "transfer"
    id: CommandId
    call: CallKey
    to: Literal["queue", "agent", "flow"]
    target: Annotated[str, Field(min_length=1, max_length=80)]


class Consult(Message):
    """Ask another agent; the caller hears music meanwhile."""

    type: Literal["consult"] = "consult"
    id: CommandId
    call: CallKey
    agent: Annotated[str, Field(min_length=1, max_length=32)]


class Dial(Message):
    """Call an outside number, in any form it can be read in. `queue`: in whose name, "" for the
    first of the agent's; `shown`: the number to show, "" for the usual one; `customer`: his id, if
    he was chosen."""

    type: Literal["dial"] = "dial"
    id: CommandId
    number: Annotated[str, Field(min_length=1, max_length=80)]
    queue: Annotated[str, Field(max_length=32)] = ""
    shown: Annotated[str, Field(max_length=20)] = ""
    name: Annotated[str, Field(max_length=120)] = ""
    customer: Annotated[str, Field(max_length=40)] = ""


class CallColleague(Message):
    type: Literal["call_colleague"] = "call_colleague"
    id: CommandId
    agent: Annotated[str, Field(min_length=1, max_length=32)]


class ConsultNumber(Message):
    """Ask somebody outside; `give`: he has the caller as soon as he answers."""

    type: Literal["consult_number"] = "consult_number"
    id: CommandId
    call: CallKey
    number: Annotated[str, Field(min_length=1, max_length=80)]
    name: Annotated[str, Field(max_length=120)] = ""
    give: bool = False


class DropMessage(Message):
    """Leave a recorded message with whoever is there; `message` is the prompt's id."""

    type: Literal["drop_message"] = "drop_message"
    id: CommandId
    call: CallKey
    message: Annotated[str, Field(min_length=1, max_length=64)]


class EndConsult(Message):
    """Back to the caller; from the one who was asked: out of it. `machine`: his voicemail answered
    outside."""

    type: Literal["end_consult"] = "end_consult"
    id: CommandId
    call: CallKey
    machine: bool = False


class HandOver(Message):
    type: Literal["hand_over"] = "hand_over"
    id: CommandId
    call: CallKey


class Swap(Message):
    type: Literal["swap"] = "swap"
    id: CommandId
    call: CallKey


class ReturnToCall(Message):
    """The page was loaded anew in the middle of a talk: ring its phone again."""

    type: Literal["return_to_call"] = "return_to_call"
    id: CommandId
    call: CallKey


class Join(Message):
    type: Literal["join"] = "join"
    id: CommandId
    call: CallKey


class PauseRecording(Message):
    """Silence in the recording of the talk, or no more of it (on demand: begin it). `card`: the
    caller is about to say card data."""

    type: Literal["pause_recording"] = "pause_recording"
    id: CommandId
    call: CallKey
    paused: bool
    card: bool = False


class RefuseRecording(Message):
    """The caller does not want to be recorded."""

    type: Literal["refuse_recording"] = "refuse_recording"
    id: CommandId
    call: CallKey


class Park(Message):
    """The caller on a numbered place, with music; any agent of the queue may take him."""

    type: Literal["park"] = "park"
    id: CommandId
    call: CallKey


class PickUp(Message):
    """Take this call oneself: parked, ringing at a colleague, or chosen in the line."""

    type: Literal["pick_up"] = "pick_up"
    id: CommandId
    call: CallKey


class MutePerson(Message):
    """In a conference: this person is heard by nobody, or by everybody again."""

    type: Literal["mute_person"] = "mute_person"
    id: CommandId
    call: CallKey
    who: Person
    on: bool


class PartParties(Message):
    """Out of the conference: talk with one of the two, the other one hears music."""

    type: Literal["part_parties"] = "part_parties"
    id: CommandId
    call: CallKey
    talk_to: Literal["caller", "colleague"]


class SendDigits(Message):
    """Keys towards the caller, from a console whose phone is on the desk."""

    type: Literal["send_digits"] = "send_digits"
    id: CommandId
    call: CallKey
    digits: Annotated[str, Field(pattern=r"^[0-9*#]{1,32}$")]


class Reprioritise(Message):
    """Give a waiting caller this priority; supervisors and administrators alone."""

    type: Literal["reprioritise"] = "reprioritise"
    id: CommandId
    call: CallKey
    priority: Annotated[int, Field(ge=-100, le=100)]


class MoveCaller(Message):
    """A waiting caller goes to the line of another queue and keeps the time waited; supervisors and
    administrators alone."""

    type: Literal["move_caller"] = "move_caller"
    id: CommandId
    call: CallKey
    queue: Annotated[str, Field(min_length=1, max_length=32)]


class TakeCaller(Message):
    """Take a waiting caller oneself, whatever the order and the queue: supervisors and
    administrators who are agents."""

    type: Literal["take_caller"] = "take_caller"
    id: CommandId
    call: CallKey


ClientMessage = Annotated[
    Resume
    | Ping
    | LogIn
    | LogOut
    | GoAvailable
    | Pause
    | RejectOffer
    | HangUp
    | Hold
    | ChooseCustomer
    | FinishWrapUp
    | ExtendWrapUp
    | Transfer
    | Consult
    | EndConsult
    | HandOver
    | Swap
    | Join
    | ReturnToCall
    | PauseRecording
    | RefuseRecording
    | Park
    | PickUp
    | MutePerson
    | PartParties
    | SendDigits
    | Dial
    | CallColleague
    | ConsultNumber
    | DropMessage
    | Reprioritise
    | MoveCaller
    | TakeCaller,
    Field(discriminator="type"),
]
