"""Everything the core asks of the world: one closed union, `Effect`.

Shells carry these out and decide nothing. An effect on a call that fails comes back as
`inputs.ActionFailed`, never as an exception. `epoch` and `attempt` travel in the redirect so that
the dialplan can refuse a stale or doubled one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from callcenter.core.in_call import InCallEffect
from callcenter.core.monitoring import MonitoringEffect, TakeOver
from ivr.asks import Collect, PromptItem

Direction = Literal["in", "out", "internal"]

# -- towards Asterisk ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlayPrompt:
    """Say `items` one after the other in `language`; with `collect`, take digits (also while
    speaking, and those typed ahead). A key cuts it short only if `interruptible`. Answer:
    `PromptEnded` with the same token. A new PlayPrompt, RecordCaller or Connect for the call makes
    the old answer void."""

    call: str
    token: str
    items: tuple[PromptItem, ...]
    language: str
    collect: Collect | None = None
    interruptible: bool = True


@dataclass(frozen=True, slots=True)
class RecordCaller:
    """Record the caller into the file `<id>.wav` of the folder of recordings, until silence, #, or
    the limit; what is there already is kept and gone on with. Less than `seconds_min` counts as
    nothing, and is not kept. Answer: `RecordingEnded`, before `CallEnded` if the caller hangs up.
    `id` matches `^[A-Za-z0-9][A-Za-z0-9._-]{0,103}$`; nothing of it comes from the caller."""

    call: str
    token: str
    id: str
    seconds_max: float
    silence_seconds: float
    seconds_min: float = 0.0
    beep: bool = True


@dataclass(frozen=True, slots=True)
class DialOut:
    """Ring an extension (a device of that name) or, if the rules for numbers allow it, an outside
    number for the caller, and bridge the two. Answer: `DialledOut`, when the far end is gone too.
    `number` matches `^\\+?[0-9*#]{1,32}$`."""

    call: str
    token: str
    number: str
    ring_seconds: float


@dataclass(frozen=True, slots=True)
class SetMusic:
    """Music while waiting, on or off. It must come back by itself after a prompt."""

    call: str
    on: bool
    music_class: str = "default"


@dataclass(frozen=True, slots=True)
class TagCall:
    """Write facts on the channel as ACD_<NAME>, so that a restart can read them back. Names match
    `^[a-z_]{1,16}$`, values `^[A-Za-z0-9_.:;/+@-]{0,200}$`."""

    call: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Connect:
    """Ring `device` for the caller; answers: AgentRinging, then AgentAnswered or CallReturned.
    `others` (agent to device) ring at the same time; who answers first has the call, the rest stop
    at once. Of these, AgentRingEnded tells who rings no longer while others do."""

    call: str
    attempt: int
    agent: str
    device: str
    ring_seconds: float
    auto_answer: bool = False
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StopRinging:
    """End the ringing of one device of several; the others of the offer ring on. Nothing happens
    when it rings no longer."""

    call: str
    attempt: int
    agent: str
    device: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Stop ringing and bring the caller back to AGI. Answer: CallReturned."""

    call: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Divert:
    """Send the caller to a place the dialplan serves alone. Answer: CallDiverted."""

    call: str
    place: Literal["fallback", "voicemail"]
    box: str = ""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the caller's channel (and with it the agent's leg)."""

    call: str
    cause: int = 16


@dataclass(frozen=True, slots=True)
class Hold:
    """Put the caller on music and the agent on silence, or bring them together again.
    Answer: HoldChanged."""

    call: str
    hold: bool


@dataclass(frozen=True, slots=True)
class Originate:
    """Dial an outside number; who answers comes to AGI and is a call like any caller's.

    `call` is chosen by us, as `core.calling_back.call_id` makes it, and is never used again:
    Asterisk takes no second channel with the id of one that lives, so asking twice dials once.
    `number` is E.164 with +; whether it may be dialled is checked once more before it is sent.
    `shown`: the number the far end sees, E.164, "" for the trunk's own. `facts` stand on the
    channel from its first moment (see `TagCall`). `detect_machine`: listen for an answering
    machine first, which takes up to five seconds.

    `device`: ring a colleague's phone, and no number. `seconds_max`: Asterisk ends the talk after
    so long even without us, 0 for no limit.

    Answers: NumberRinging, then NumberAnswered or NumberFailed. `HangUp` ends the attempt."""

    call: str
    number: str
    ring_seconds: float
    shown: str = ""
    did: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    detect_machine: bool = False
    device: str = ""
    seconds_max: float = 0.0


@dataclass(frozen=True, slots=True)
class Summon:
    """Ring the agent who makes a call, before anybody else is dialled; his browser answers at once.
    `call` and `facts` as for `Originate`, which follows when he is there. Answers: LegReady,
    LegGone. `HangUp` ends it."""

    call: str
    agent: str
    device: str
    ring_seconds: float
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConnectLeg:
    """Who was dialled has answered, and is brought to the agent who was summoned; from then on this
    is offer `attempt`. Answer: AgentAnswered, or CallReturned when the agent is there no more."""

    call: str
    attempt: int
    agent: str
    device: str


@dataclass(frozen=True, slots=True)
class Recall:
    """Take the caller back from the agent, whose leg ends. Answer: CallReturned, "recalled"."""

    call: str


@dataclass(frozen=True, slots=True)
class Consult:
    """Put the caller on hold and let the agent's leg ring `device`. Answers: HoldChanged unless
    held already; ConsultRinging, ConsultAnswered, ConsultEnded. `serial` counts the call's.
    `number`: dial this outside number (E.164) instead, showing `shown`; at most `seconds_max`."""

    call: str
    serial: int
    agent: str
    device: str
    ring_seconds: float
    number: str = ""
    shown: str = ""
    seconds_max: float = 0.0


@dataclass(frozen=True, slots=True)
class EndConsult:
    """Let the consulted one go; in a conference the others stay in it. Answer: ConsultEnded."""

    call: str
    serial: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """Bring the consulted one and the caller together; the other agent's leg ends. From then on
    this is offer `attempt`. Answer: HoldChanged(False), in a conference none."""

    call: str
    attempt: int
    agent: str
    device: str


@dataclass(frozen=True, slots=True)
class HandOut:
    """Bring the consulted one, who is outside, and the caller together; the agent's leg ends.
    Answer: DialledOut, when the far end is gone."""

    call: str
    token: str
    seconds_max: float


@dataclass(frozen=True, slots=True)
class Swap:
    """The agent talks to the caller again, the consulted one hears music; or the other way round.
    Answer: HoldChanged."""

    call: str
    to_caller: bool


@dataclass(frozen=True, slots=True)
class Join:
    """All three into a conference. Answer: Joined."""

    call: str


@dataclass(frozen=True, slots=True)
class NameRecording:
    """The talk of offer `attempt` goes into the file `<id>.raw` of the folder of talks, two
    channels, only while the caller is with somebody; asked before that offer, or hand-over. `id`
    matches `^[A-Za-z0-9][A-Za-z0-9._-]{0,103}$`. Answer: RecordingChanged, "started"."""

    call: str
    attempt: int
    id: str


@dataclass(frozen=True, slots=True)
class MuteRecording:
    """Silence in place of what both say, or no more of it. Answer: RecordingChanged, "paused" or
    "resumed"."""

    call: str
    muted: bool


@dataclass(frozen=True, slots=True)
class StopRecording:
    """For good. Answer: RecordingChanged, "stopped"."""

    call: str


# -- towards the store --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookUpCaller:
    """Who is this? Answer: CallerKnown. `country` is the region numbers are read in."""

    call: str
    number: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AskData:
    """A flow's look-up in our data or over HTTP. Answer: DataLookedUp."""

    call: str
    token: str
    source: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordEvent:
    """One line of an interaction's timeline. (call, sequence) is unique for ever: the sequence is
    the leader's epoch * 2^20 + a counter, so it also grows over a restart."""

    call: str
    sequence: int
    at: float
    kind: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordInteraction:
    """The interaction as a whole, written by call id; a later one with a higher `revision` wins
    (the end of the call writes one, the end of wrap-up another). Seconds are sums. `direction`: who
    began it, "internal" between agents (then `peer` is the other); `dial_outcome`: what came of
    dialling, `shown` the number that was shown."""

    call: str
    revision: int
    started_at: float
    ended_at: float
    number: str
    did: str
    customer: str | None
    queue: str | None
    agent: str | None
    flow: str | None
    outcome: Literal[
        "answered",
        "abandoned",
        "ivr",
        "diverted",
        "refused",
        "node_restart",
        "callback",
        "not-reached",
    ]
    ended_by: Literal["caller", "agent", "system"]
    path: tuple[str, ...]
    wait_seconds: float
    ring_seconds: float
    talk_seconds: float
    hold_seconds: float
    wrap_up_seconds: float
    offers: int
    language: str
    disposition: str = ""
    note: str = ""
    park_seconds: float = 0.0
    direction: Direction = "in"
    dial_outcome: str = ""
    shown: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class RecordPart:
    """One agent's part in a call, numbered from 1 in the order of the agents; time is charged to
    who spent it. A later one with a higher `revision` wins. `ended`: how it ended for this agent;
    `hold_seconds` includes `consult_seconds`, for the caller was on hold then, `talk_seconds` the
    `conference_seconds`. *parked*: he put the caller on a numbered place; how long the caller stood
    there is `park_seconds`."""

    call: str
    part: int
    revision: int
    agent: str
    queue: str | None
    began_at: float
    ended_at: float
    ended: Literal["ended", "given-on", "lost", "parked"]
    ring_seconds: float
    talk_seconds: float
    hold_seconds: float
    consult_seconds: float
    wrap_up_seconds: float
    disposition: str = ""
    note: str = ""
    conference_seconds: float = 0.0
    park_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordPresence:
    """An agent entered a state (for the agent reports). Unique by (agent, sequence)."""

    agent: str
    sequence: int
    at: float
    state: str
    reason: str = ""
    call: str = ""


@dataclass(frozen=True, slots=True)
class RecordVoicemail:
    """A message was left. `id` names its recording (see `RecordCaller`). It may come again when the
    service lost its memory; the longer one is right then. `box_kind`: whose mailbox.
    `seconds` None: how long it is was not heard of; the file has to be measured."""

    id: str
    call: str
    at: float
    box_kind: Literal["queue", "agent", "general"]
    box: str
    number: str
    name: str
    customer: str | None
    language: str
    file: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class TalkPause:
    """Silence in a recording, UNIX seconds: asked for, confirmed (None: never), ended; and why."""

    asked_at: float
    since: float | None
    until: float
    why: str


@dataclass(frozen=True, slots=True)
class RecordTalk:
    """A talk was recorded into the file `<id>.raw`. A later one with a higher `revision` wins (the
    end of a journal may be lost with the machine). `agents` were heard, in the order they came.
    `spoken`: (from, until) of what the file holds, one after the other; hold is not in it. `wanted`
    False: armed for nothing, the file is thrown away. `trouble`: what went wrong, a code."""

    id: str
    revision: int
    call: str
    part: int
    agents: tuple[str, ...]
    queue: str | None
    customer: str | None
    number: str
    reason: str
    wanted: bool
    began_at: float
    ended_at: float
    spoken: tuple[tuple[float, float], ...]
    pauses: tuple[TalkPause, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class RecordJourney:
    """One call's way through one flow. (call, sequence) is unique as in `RecordEvent`; `visits` are
    (node, port) in order, `last` is the node it ended at, `ended` how (`ivr.analytics.End`).
    `contained`: the caller was served without an agent."""

    call: str
    sequence: int
    flow: str
    version: int
    started_at: float
    ended_at: float
    visits: tuple[tuple[str, str], ...]
    last: str
    ended: str
    contained: bool
    language: str


@dataclass(frozen=True, slots=True)
class RecordSurvey:
    """A caller's score. (call, sequence) is unique as in `RecordEvent`."""

    call: str
    sequence: int
    at: float
    question: str
    score: int
    flow: str
    customer: str | None
    queue: str | None
    agent: str | None


CallbackOutcome = Literal[
    "",  # not over yet
    "served",  # he talked with an agent
    "returned",  # he called by himself and took his place
    "gave-up",  # tried often enough
    "cancelled",
    "diverted",  # his call went to voicemail or the fallback queue
    "queue-gone",
]


@dataclass(frozen=True, slots=True)
class CallbackAttempt:
    """One try to reach the customer. `outcome` is that of `inputs.NumberFailed`, or "machine",
    "unconfirmed", "hung-up", "reached"; "" while it goes on."""

    call: str
    at: float
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class RecordCallback:
    """A callback as a whole, by id; a later one with a higher `revision` wins. With these rows a
    centre that has forgotten everything finds its callbacks again (`inputs.CallbacksFound`).
    `contact`: the interaction it belongs to, which began at `started_at`; `call`: the live one;
    `next_at`: no try before."""

    id: str
    revision: int
    contact: str
    queue: str
    number: str
    name: str
    did: str
    language: str
    mode: Literal["customer-first", "agent-first"]
    state: str
    outcome: CallbackOutcome
    started_at: float
    asked_at: float
    asked_by: str
    joined_at: float
    changed_at: float
    next_at: float | None
    time_zone: str
    flow: str | None
    path: tuple[str, ...]
    skills: Mapping[str, int]
    asked_priority: int
    priority: int
    value_seconds: float
    customer: str | None
    call: str
    tries: int
    attempts: tuple[CallbackAttempt, ...]


# -- towards screens ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Show:
    """A row of the board changed (`row` as in `core.board`), or is gone (None)."""

    table: Literal["queues", "agents", "calls"]
    key: str
    row: object | None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a command: accepted (`refusal` None), or the reason why not."""

    agent: str
    command: str
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something an administrator must know."""

    code: str
    text: str


CallEffect = (
    PlayPrompt
    | RecordCaller
    | DialOut
    | SetMusic
    | TagCall
    | Connect
    | StopRinging
    | Withdraw
    | Divert
    | HangUp
    | Hold
    | Recall
    | Consult
    | EndConsult
    | HandOver
    | HandOut
    | Swap
    | Join
    | NameRecording
    | MuteRecording
    | StopRecording
    | InCallEffect
    | ConnectLeg
    | TakeOver
)
"""On a call that is there."""
AsteriskEffect = CallEffect | Originate | Summon | MonitoringEffect
History = (
    RecordEvent
    | RecordInteraction
    | RecordPart
    | RecordPresence
    | RecordVoicemail
    | RecordTalk
    | RecordJourney
    | RecordSurvey
    | RecordCallback
)
StoreEffect = LookUpCaller | AskData | History
ScreenEffect = Show | Reply | Alarm
Effect = AsteriskEffect | StoreEffect | ScreenEffect
