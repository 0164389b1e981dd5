"""The state of the centre and the few verbs by which all parts of the core change it.

The parts (`arrival`, `queueing`, `talking`, `desk`, `resync`) are functions over this value. They
ask the world for things through `ask`, write history through `record`, and say which rows of the
board are stale through the `touch` verbs; `centre` turns that into the list of effects. Nothing
here knows Asterisk, a clock or a database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from acd.model import Agent
from acd.presence import Presence
from acd.router import Router
from callcenter.core.call import Call
from callcenter.core.callback import Request, Schedule
from callcenter.core.config import Config
from callcenter.core.effects import Alarm, Effect, RecordEvent, RecordPresence, Reply, TagCall
from callcenter.core.inputs import DeviceState
from callcenter.core.monitoring import Mode
from callcenter.core.timers import Timers
from callcenter.core.toll import Meter
from ivr.flow import Flow

EPOCH_SHIFT = 20  # a leader may write about a million events a call before its numbers run out
REVISIONS = 1000  # and so often about the call as a whole
GONE_MAX = 2_000  # ended calls remembered, so that a doubled arrival does not bring one back
DEVICES_MAX = 50_000
QUARANTINE_MAX = 1_000
SERVICE_LEVEL_SECONDS = 20.0  # of a queue that is no longer configured
CALLS_MAX = 20_000  # live calls and open wrap-ups; above this the dialplan must serve callers alone


@dataclass(slots=True)
class Seat:
    """An agent's place: who sits there now, by which phone, and his day so far.

    `device` is the endpoint that rings, "" before log-in. `missed_in_row` counts offers missed
    since the last answer. `lost_offer`: why the last offer was taken back, if that is of interest
    to him ("elsewhere": a colleague was faster). `lost_dial`: why the last call he made came to
    nothing when it left no call to write about."""

    agent: str
    presence: Presence
    device: str = ""
    call: str | None = None
    back_off_until: float = 0.0
    limit_seconds: float | None = None
    missed_in_row: int = 0
    missed: int = 0
    handled: int = 0
    talk_seconds: float = 0.0
    wrap_up_seconds: float = 0.0
    sequence: int = 0
    lost_offer: str = ""
    lost_dial: str = ""


@dataclass(slots=True)
class QueueDay:
    """Counters of one queue for one day."""

    offered: int = 0
    answered: int = 0
    answered_in_target: int = 0
    abandoned: int = 0
    diverted: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """A flow to be heard by one call until a moment (UNIX seconds); `number`: whose call it is said
    to be."""

    flow: Flow
    number: str
    until: float


@dataclass(slots=True)
class Hearer:
    """The user `by` at a live call, see `core.hearing`. `channel`: his, "" before his browser has
    dialled `token`. `since`: he is on the line, before that: he asked. `aim`: what he is tuned to,
    None for silence; `not_before`: when he may be tuned again. `taking`: as soon as he is in
    silence he has the caller; `taken`: he has him;
    `caller_back`: had, and why it is over comes to be known."""

    by: str
    name: str
    role: str
    token: str
    call: str
    mode: Mode
    since: float
    channel: str = ""
    aim: object | None = None
    not_before: float = 0.0
    taking: bool = False
    taken: bool = False
    caller_back: bool = False


@dataclass(slots=True)
class Stale:
    """Names of the board's rows that changed in this step, in the order they were touched."""

    calls: dict[str, None] = field(default_factory=dict)
    agents: dict[str, None] = field(default_factory=dict)
    queues: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """`removed`: agents no longer configured whose call is still going on. `orphaned`: queues no
    longer configured in which somebody may still wait. `gone`: calls that ended lately.
    `presence_sequences`: the last numbers of agents whose seat is gone; who is configured again
    goes on from there. `dialled`: how many outside numbers were dialled in this epoch,
    `dialled_numbers` when each was lately,
    `by_hand` who dialled by hand. `callbacks`: those that are not over, `callers_back` by
    queue and number, `callbacks_open` how many by queue, `schedules` those whose time has not come,
    by queue, `callbacks_gone` ended lately, looked at again from `callbacks_look_at` on.
    `consoles`: open ones of people whom the configuration does not know yet.
    `trials`: flows offered to be heard once, by token. `hearers`: supervisors at calls, by user.
    `quarantined`: calls whose input made the core fail. `blame`: the call a step is working on,
    for whoever has to say which call made the step fail."""

    epoch: int = 0
    linked: bool = False
    config: Config = field(default_factory=Config)
    calls: dict[str, Call] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    devices: dict[str, DeviceState] = field(default_factory=dict)
    router: Router = field(default_factory=Router)
    timers: Timers = field(default_factory=Timers)
    days: dict[str, QueueDay] = field(default_factory=dict)
    day: int = 0
    stale: Stale = field(default_factory=Stale)
    out: list[Effect] = field(default_factory=list)
    removed: dict[str, Agent] = field(default_factory=dict)
    orphaned: dict[str, None] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)
    quarantined: dict[str, None] = field(default_factory=dict)
    presence_sequences: dict[str, int] = field(default_factory=dict)
    consoles: dict[str, None] = field(default_factory=dict)
    dialled: int = 0
    trials: dict[str, Trial] = field(default_factory=dict)
    hearers: dict[str, Hearer] = field(default_factory=dict)
    dialled_numbers: dict[str, tuple[float, ...]] = field(default_factory=dict)
    by_hand: Meter = field(default_factory=Meter)
    callbacks: dict[str, Request] = field(default_factory=dict)
    callers_back: dict[tuple[str, str], str] = field(default_factory=dict)
    callbacks_open: Counter[str] = field(default_factory=Counter)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    callbacks_look_at: float = 0.0
    callbacks_gone: dict[str, None] = field(default_factory=dict)
    blame: str = ""

    def forget(self, call: Call) -> None:
        """The call is closed: it leaves the house, its id is remembered for a while."""
        del self.calls[call.id]
        remember(self.gone, call.id, GONE_MAX)

    # -- asking the world ---------------------------------------------------------------------
    def ask(self, effect: Effect) -> None:
        self.out.append(effect)

    def tag(self, call: Call, facts: Mapping[str, str]) -> None:
        """Put facts on the channel; only those that are not there already."""
        news = {name: value for name, value in facts.items() if call.tags.get(name) != value}
        if news:
            call.tags.update(news)
            self.out.append(TagCall(call.id, news))

    def reply(self, agent: str, command: str, refusal: str | None = None) -> None:
        self.out.append(Reply(agent, command, refusal))

    def alarm(self, code: str, text: str) -> None:
        self.out.append(Alarm(code, text))

    # -- history ------------------------------------------------------------------------------
    def record(
        self, call: Call, kind: str, now: float, data: Mapping[str, object] | None = None
    ) -> None:
        """One line of the call's timeline. The number grows over restarts as the epoch does.
        A trial call leaves none."""
        if call.trial:
            return
        line = self.next_line(call)
        self.out.append(RecordEvent(call.books, line, now, kind, data or {}))

    def next_line(self, call: Call) -> int:
        """The number of the call's next line. Of two calls that write in the same books (who asked
        for a callback may be on the line still, and the number be dialled already), the later one
        is numbered from half way up."""
        later = 0 if call.books == call.id else 1 << (EPOCH_SHIFT - 1)
        call.sequence = max(call.sequence + 1, (self.epoch << EPOCH_SHIFT) + later)
        return call.sequence

    def next_revision(self, call: Call) -> int:
        """Of what is written about the call as a whole; as `next_line`."""
        later = 0 if call.books == call.id else REVISIONS // 2
        call.revision = max(call.revision + 1, self.epoch * REVISIONS + later)
        return call.revision

    def record_presence(self, seat: Seat, now: float) -> None:
        seat.sequence = max(seat.sequence + 1, self.epoch << EPOCH_SHIFT)
        presence = seat.presence
        self.out.append(
            RecordPresence(
                seat.agent,
                seat.sequence,
                now,
                presence.state.value,
                presence.reason,
                seat.call or "",
            )
        )

    # -- the board ----------------------------------------------------------------------------
    def touch_call(self, call: str) -> None:
        self.stale.calls[call] = None

    def touch_agent(self, agent: str) -> None:
        self.stale.agents[agent] = None
        known = self.config.agents.get(agent)
        for queue in known.queues if known else ():
            self.stale.queues[queue] = None

    def touch_queue(self, queue: str | None) -> None:
        if queue is not None:
            self.stale.queues[queue] = None

    # -- the day's figures --------------------------------------------------------------------
    def queue_day(self, queue: str) -> QueueDay:
        return self.days.setdefault(queue, QueueDay())

    def target_of(self, queue: str) -> float:
        """Within how many seconds the queue wants callers answered; it goes into the books with the
        call, so that a later change of the target does not change the past."""
        known = self.config.queues.get(queue)
        return known.service_level_seconds if known else SERVICE_LEVEL_SECONDS

    def count_left(self, call: Call, how: Literal["abandoned", "diverted"]) -> None:
        """The caller leaves the line unserved. Whoever was answered once is counted as that, so
        that offered = answered + abandoned + diverted + still waiting."""
        if call.answered_at is None and call.queue is not None:
            day = self.queue_day(call.queue)
            if how == "abandoned":
                day.abandoned += 1
            else:
                day.diverted += 1
            self.touch_queue(call.queue)


def remember(names: dict[str, None], name: str, most: int) -> None:
    """A set in the order of arrival that forgets its oldest."""
    names[name] = None
    while len(names) > most:
        del names[next(iter(names))]
