"""From the centre's state to the rows of the board: plain reading, nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from acd.presence import State as PresenceState
from callcenter.core import hearing, taping, writing
from callcenter.core.board import (
    AgentRow,
    Board,
    CallRow,
    ConsultRow,
    ParkingRow,
    QueueRow,
    RecordingRow,
)
from callcenter.core.call import Call
from callcenter.core.effects import Show
from callcenter.core.state import QueueDay, Seat, State
from callcenter.core.tape import TapeState

RecordingShown = Literal["on", "pausing", "paused", "resuming", "armed", "stopped", "failed"]
SHOWN: dict[TapeState, RecordingShown] = {
    "asked": "on",
    "on": "on",
    "pausing": "pausing",
    "paused": "paused",
    "resuming": "resuming",
    "stopping": "stopped",
    "stopped": "stopped",
}

Row = TypeVar("Row", CallRow, AgentRow, QueueRow)


def call_row(state: State, call: Call) -> CallRow | None:
    if call.stage == "closed" or call.trial:
        return None
    queue = state.config.queues.get(call.queue or "")
    return CallRow(
        call=call.id,
        stage=call.stage,
        since=call.since,
        started_at=call.started_at,
        number=call.number,
        name=call.name,
        did=call.did,
        language=call.language,
        queue=call.queue,
        queue_name=queue.name if queue else "",
        joined_at=call.joined_at,
        turn=state.router.turn(call.id),
        position=call.position if call.stage in ("waiting", "offered") else None,
        priority=call.priority_of(call.asked_priority),
        path=call.path,
        cards=call.cards,
        known=call.known,
        agent=call.agent,
        offered_to=call.ringing if call.stage == "offered" else (),
        attempt=call.attempt,
        auto_answer=call.auto_answer,
        offered_until=call.offered_until,
        answered_at=call.answered_at,
        talk_since=call.since if call.stage == "talking" else None,
        wrap_up_until=call.wrap_up_until if call.stage == "wrap-up" else None,
        extensions_left=writing.extensions_left(call, queue),
        ended_by=call.ended_by or "",
        why=call.why,
        part_of=call.part_of,
        consult=consult_row(call),
        consult_ended=call.consult_ended,
        giving_on=call.giving_on is not None,
        parking=parking_row(call),
        direction=call.direction,
        dial_phase=call.dial_phase,
        dial_outcome=call.dial_outcome,
        shown=call.shown,
        peer=call.peer,
        consulted_number=call.consulted_number,
        consulted_name=call.consulted_name,
        consulted_give=call.consulted_give,
        callback=call.called_back,
        contact=call.books,
        recording=recording_row(state, call),
        hearers=hearing.rows(state, call) if state.hearers else (),
    )


def recording_row(state: State, call: Call) -> RecordingRow | None:
    """Before anybody talks there is nothing to show."""
    tape = call.tape
    if tape is None or call.stage not in ("talking", "held"):
        return None
    rule = taping.policy(state, tape.queue)
    shown: RecordingShown
    if tape.armed:
        shown = "armed"
    elif tape.trouble in ("not-started", "pause-unconfirmed"):
        shown = "failed"
    else:
        shown = SHOWN[tape.state]
    return RecordingRow(shown, tape.resume_at, rule.agent_may_pause, rule.agent_may_stop)


def consult_row(call: Call) -> ConsultRow | None:
    consult = call.consult
    if consult is None:
        return None
    aside = consult.stage == "talking" and call.stage == "talking"
    stage = "aside" if aside else consult.stage
    return ConsultRow(
        consult.agent,
        consult.by,
        stage,
        consult.since,
        number=consult.number,
        name=consult.name,
        give=consult.give,
        muted=consult.muted,
    )


def parking_row(call: Call) -> ParkingRow | None:
    where = call.parking
    return None if where is None else ParkingRow(where.place, where.by, where.since, where.until)


def agent_row(state: State, agent: str) -> AgentRow | None:
    known = state.config.agents.get(agent) or state.removed.get(agent)
    if known is None:
        return None
    seat = state.seats.get(agent)
    team = state.config.teams.get(known.team)
    team_name = team.name if team is not None else known.team
    if seat is None:
        return AgentRow(agent, known.name, team_name, "offline", 0.0, queues=tuple(known.queues))
    presence = seat.presence
    call = state.calls.get(seat.call or "")
    return AgentRow(
        agent=agent,
        name=known.name,
        team=team_name,
        state=presence.state.value,
        since=presence.since,
        reason=presence.reason,
        limit_seconds=seat.limit_seconds,
        next_state=presence.next_state.value if presence.next_state else "",
        next_reason=presence.next_reason,
        device=seat.device,
        device_ready=presence.device_ready,
        console=presence.console,
        call=seat.call,
        queue=call.queue if call else None,
        queues=tuple(known.queues),
        handled=seat.handled,
        talk_seconds=seat.talk_seconds,
        wrap_up_seconds=seat.wrap_up_seconds,
        missed=seat.missed,
        lost_offer=seat.lost_offer,
        lost_dial=seat.lost_dial,
    )


def queue_row(state: State, queue_id: str, members: Mapping[str, Seat | None]) -> QueueRow | None:
    """`members`: the seats of the agents who serve this queue."""
    queue = state.config.queues.get(queue_id)
    if queue is None:
        return None
    counts: dict[PresenceState, int] = {}
    for seat in members.values():
        if seat is not None:
            counts[seat.presence.state] = counts.get(seat.presence.state, 0) + 1
    day = state.days.get(queue_id) or QueueDay()
    schedule = state.schedules.get(queue_id)
    scheduled = 0 if schedule is None else len(schedule.times)
    return QueueRow(
        queue=queue_id,
        name=queue.name,
        waiting=state.router.waiting(queue_id),
        oldest_joined_at=state.router.oldest(queue_id),
        scheduled=scheduled,
        next_scheduled_at=None if schedule is None else schedule.next_at,
        callbacks_due=state.callbacks_open[queue_id] - scheduled,
        available=counts.get(PresenceState.AVAILABLE, 0),
        offered_agents=counts.get(PresenceState.OFFERED, 0),
        talking=counts.get(PresenceState.TALKING, 0) + counts.get(PresenceState.HOLD, 0),
        wrap_up=counts.get(PresenceState.WRAP_UP, 0),
        paused=counts.get(PresenceState.PAUSED, 0),
        offered=day.offered,
        answered=day.answered,
        answered_in_target=day.answered_in_target,
        abandoned=day.abandoned,
        diverted=day.diverted,
        service_level_seconds=queue.service_level_seconds,
        service_level_percent=queue.service_level_percent,
        agents_choose=queue.agents_choose,
    )


@dataclass(slots=True)
class Screens:
    """Keeps the rows last shown, so that only real differences go out."""

    calls: dict[str, CallRow] = field(default_factory=dict)
    agents: dict[str, AgentRow] = field(default_factory=dict)
    queues: dict[str, QueueRow] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def board(self) -> Board:
        return Board(dict(self.calls), dict(self.agents), dict(self.queues))

    def all_rows(self) -> list[Show]:
        """Every row, for screens that have seen nothing yet."""
        return [
            *(Show("queues", key, row) for key, row in self.queues.items()),
            *(Show("agents", key, row) for key, row in self.agents.items()),
            *(Show("calls", key, row) for key, row in self.calls.items()),
        ]

    def configured(self, state: State) -> None:
        """Who serves which queue, worked out once for each configuration."""
        members: dict[str, list[str]] = {}
        for agent in state.config.agents.values():
            for queue in agent.queues:
                members.setdefault(queue, []).append(agent.id)
        self.members = {queue: tuple(agents) for queue, agents in members.items()}

    def changes(self, state: State) -> list[Show]:
        """The rows of this step that differ from what was shown; the stale marks are used up."""
        shows: list[Show] = []
        stale, seats = state.stale, state.seats
        for key in stale.calls:
            call = state.calls.get(key)
            row = call_row(state, call) if call is not None else None
            _update(self.calls, "calls", key, row, shows)
        for key in stale.agents:
            _update(self.agents, "agents", key, agent_row(state, key), shows)
        for key in stale.queues:
            members = {agent: seats.get(agent) for agent in self.members.get(key, ())}
            _update(self.queues, "queues", key, queue_row(state, key, members), shows)
        stale.calls.clear()
        stale.agents.clear()
        stale.queues.clear()
        return shows


def _update(
    table: dict[str, Row],
    name: Literal["calls", "agents", "queues"],
    key: str,
    row: Row | None,
    shows: list[Show],
) -> None:
    if table.get(key) == row:
        return
    if row is None:
        del table[key]
    else:
        table[key] = row
    shows.append(Show(name, key, row))
