"""What screens see: three tables of plain rows, derived from the centre after every step.

A row is a value; `Show` effects are the difference between the board before and after a step, so
that applying them to an old board gives the new one (a test says so). Times are UNIX seconds;
screens count from them, the core never sends a running clock. The TypeScript types of the console
are generated from these classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from callcenter.core.call import DialPhase
from callcenter.core.commands import CustomerCard
from callcenter.core.effects import Direction
from callcenter.core.in_call import Person
from callcenter.core.monitoring import Mode

CallStage = Literal[
    "dialling",
    "menu",
    "waiting",
    "offered",
    "talking",
    "held",
    "parked",
    "outside",
    "wrap-up",
    "diverted",
]
AgentState = Literal[
    "offline", "available", "offered", "talking", "hold", "wrap-up", "paused", "unreachable"
]


@dataclass(frozen=True, slots=True)
class ConsultRow:
    """`agent` is asked about the call by the agent `by`. *aside*: he hears music while the other
    talks to the caller; *joined*: all three are in a conference; `muted`: who of them is not heard.
    `number`: it is nobody of ours but this outside number, `name` as the directory has it; `give`:
    he has the caller when he answers."""

    agent: str
    by: str
    stage: Literal["ringing", "talking", "aside", "joined"]
    since: float
    number: str = ""
    name: str = ""
    give: bool = False
    muted: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class ParkingRow:
    """The caller stands on this numbered place until then; `by`: the agent who parked him."""

    place: int
    by: str
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """The recording of the talk that goes on. *armed*: on demand, and nobody has asked yet;
    *failed*: it should be recorded, and is not. `until`: the pause ends by itself then."""

    state: Literal["on", "pausing", "paused", "resuming", "armed", "stopped", "failed"]
    until: float | None = None
    may_pause: bool = True
    may_stop: bool = False


@dataclass(frozen=True, slots=True)
class HearerRow:
    """The supervisor `by` at a call. `there`: his browser is on the line; `hears`: he hears it now,
    else it is silent for him: nobody has the caller, or (`private`) card data is spoken. `taken`:
    he has the caller. `told`: agents see this row too."""

    by: str
    name: str
    mode: Mode
    since: float
    there: bool
    hears: bool
    taken: bool
    told: bool
    private: bool = False


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call in the house. An agent sees the rows whose `agent`, or whose consulted one, is he,
    and those `offered_to` him (several phones may ring at once); supervisors see all. A row with
    `part_of` is an agent's writing about a call he gave on.

    `cards`: who the caller may be; exactly one is the answer, none a new caller, several a
    choice. `turn` puts those in one queue's line in order, the lowest first; `position` counts from
    1 and is the one the caller was told last; `priority` is the one in the line. `callback`: the
    callback that this call carries out, also when it is done; `contact`: the interaction it is
    written in. `offered_until`, `wrap_up_until`: deadlines.
    `direction` "out": an agent makes, or made, the call, "internal": to his colleague `peer`;
    `dial_phase`: how far it is, `dial_outcome`: why nobody was reached. `consulted_number`,
    `consulted_name`: who was asked outside, last; `consulted_give`: to be given to. `hearers`: the
    supervisors at it."""

    call: str
    stage: CallStage
    since: float
    started_at: float
    number: str
    name: str
    did: str
    language: str
    queue: str | None = None
    queue_name: str = ""
    joined_at: float | None = None
    turn: float | None = None
    position: int | None = None
    priority: int = 0
    path: tuple[str, ...] = ()
    cards: tuple[CustomerCard, ...] = ()
    known: bool = False
    agent: str | None = None
    offered_to: tuple[str, ...] = ()
    attempt: int = 0
    auto_answer: bool = False
    offered_until: float | None = None
    answered_at: float | None = None
    talk_since: float | None = None
    wrap_up_until: float | None = None
    extensions_left: int = 0
    ended_by: str = ""
    estimate_seconds: tuple[float, float] | None = None
    why: str = ""
    part_of: str = ""
    consult: ConsultRow | None = None
    consult_ended: str = ""
    giving_on: bool = False
    parking: ParkingRow | None = None
    callback: str = ""
    contact: str = ""
    recording: RecordingRow | None = None
    direction: Direction = "in"
    dial_phase: DialPhase = ""
    dial_outcome: str = ""
    shown: str = ""
    peer: str = ""
    consulted_number: str = ""
    consulted_name: str = ""
    consulted_give: bool = False
    hearers: tuple[HearerRow, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent. `device_ready` and `console` say why an agent that wants calls gets none.
    `lost_offer` "elsewhere": a colleague answered the call that rang here last.
    `lost_dial`: why the call he wanted to make came to nothing, if it left nothing to write
    about."""

    agent: str
    name: str
    team: str
    state: AgentState
    since: float
    reason: str = ""
    limit_seconds: float | None = None
    next_state: str = ""
    next_reason: str = ""
    device: str = ""
    device_ready: bool = False
    console: bool = False
    call: str | None = None
    queue: str | None = None
    queues: tuple[str, ...] = ()
    handled: int = 0
    talk_seconds: float = 0.0
    wrap_up_seconds: float = 0.0
    missed: int = 0
    lost_offer: str = ""
    lost_dial: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One queue, with the day's counters (they restart at the centre's midnight or start).

    `oldest_joined_at`: when the longest-waiting caller joined. `scheduled`: callbacks agreed for a
    time that has not come or asked for after hours, the first at `next_scheduled_at`; they do not
    wait, and are in no other figure. `callbacks_due`: those whose time has come and who have not
    talked with an agent yet. Service level: of all offered.
    `agents_choose`: agents may take who waits, whatever the order."""

    queue: str
    name: str
    waiting: int = 0
    oldest_joined_at: float | None = None
    scheduled: int = 0
    next_scheduled_at: float | None = None
    callbacks_due: int = 0
    available: int = 0
    offered_agents: int = 0
    talking: int = 0
    wrap_up: int = 0
    paused: int = 0
    offered: int = 0
    answered: int = 0
    answered_in_target: int = 0
    abandoned: int = 0
    diverted: int = 0
    service_level_seconds: float = 20.0
    service_level_percent: float = 80.0
    estimate_seconds: tuple[float, float] | None = None
    agents_choose: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """All rows at one moment, each table keyed by id."""

    calls: Mapping[str, CallRow] = field(default_factory=dict)
    agents: Mapping[str, AgentRow] = field(default_factory=dict)
    queues: Mapping[str, QueueRow] = field(default_factory=dict)
