"""The interaction: the record of one call as a whole, for the customer's history and reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from callcenter.core.call import Call
from callcenter.core.effects import RecordInteraction, RecordPart
from callcenter.core.state import State

Outcome = Literal[
    "answered",
    "abandoned",
    "ivr",
    "diverted",
    "refused",
    "node_restart",
    "callback",
    "not-reached",
]


def outcome(call: Call) -> Outcome:
    """How the contact ended, seen from the caller."""
    if call.restarted:
        return "node_restart"
    if call.dial_outcome:
        return "not-reached"
    if call.answered_at is not None:
        return "answered"
    if call.was_diverted:
        return "diverted"
    if call.booked:
        return "callback"
    if call.customer is not None and call.customer.blocked and call.ended_by == "system":
        return "refused"
    if call.joined_at is not None:
        return "refused" if call.ended_by == "system" else "abandoned"
    return "ivr"


def write(state: State, call: Call) -> None:
    """Write the interaction by call id; each later writing has a higher revision. An attempt to
    call back that was called off before anybody answered is in nobody's books."""
    called_off = call.called_back and not call.contact and call.answered_at is None
    if call.trial or called_off:
        return
    state.next_revision(call)
    if call.agent is not None and call.served_by is not None and not call.peer:
        given_on = call.part_of and not call.last_part
        _write_part(state, call, "given-on" if given_on else "ended")
    if call.last_part:
        _hand_in(state, call)
    if call.part_of:
        return
    whole = _whole(call)
    state.ask(whole)
    writer = state.calls.get(writing_id(call, call.part - 1))
    if writer is not None and writer.last_part:
        writer.whole = whole  # he has not written yet: it will be added


def writing_id(call: Call, part: int) -> str:
    """The id of the writing of an agent whose part is over while the call goes on."""
    return f"{call.id}:{part}"


def _hand_in(state: State, written: Call) -> None:
    """What the agent who ended the talk has written belongs to the call as a whole, which may still
    go on (a survey) or be over."""
    if written.whole is not None:
        written.whole = replace(
            written.whole,
            revision=written.whole.revision + 1,
            disposition=written.disposition,
            note=written.note,
            wrap_up_seconds=written.seconds.wrap_up,
        )
        state.ask(written.whole)
        return
    call = state.calls.get(written.id.rpartition(":")[0])
    if call is not None and call.agent is None and call.part == written.part + 1:
        call.disposition, call.note = written.disposition, written.note
        call.seconds.wrap_up = written.seconds.wrap_up


def _whole(call: Call) -> RecordInteraction:
    return RecordInteraction(
        call=call.books,
        revision=call.revision,
        started_at=call.started_at,
        ended_at=call.ended_at or call.since,
        number=call.number,
        did=call.did,
        customer=call.customer.id if call.customer else None,
        queue=call.queue,
        agent=call.served_by,
        flow=call.flow,
        outcome=outcome(call),
        ended_by=call.ended_by or "system",
        path=call.path,
        wait_seconds=call.seconds.wait,
        ring_seconds=call.seconds.ring,
        talk_seconds=call.seconds.talk,
        hold_seconds=call.seconds.hold,
        wrap_up_seconds=call.seconds.wrap_up,
        offers=call.offers,
        language=call.language,
        disposition=call.disposition,
        note=call.note,
        park_seconds=call.seconds.park,
        direction=call.direction,
        dial_outcome=call.dial_outcome,
        shown=call.shown,
        peer=call.peer,
    )


def write_parked(state: State, call: Call, now: float) -> None:
    """The part of the agent who parked the caller, who stands there no longer."""
    if call.trial:
        return
    state.next_revision(call)
    _write_part(state, call, "parked", now)
    next_part(call)


def write_lost(state: State, call: Call, now: float) -> None:
    """The part of an agent whose phone died: over for him, the call goes on."""
    state.next_revision(call)
    _write_part(state, call, "lost", now)
    next_part(call)


def write_given_on(state: State, call: Call, now: float) -> None:
    """The part of an agent who gave his caller on while nobody looked: another one has him."""
    state.next_revision(call)
    _write_part(state, call, "given-on", now)
    next_part(call)


def next_part(call: Call) -> None:
    """What is spent from here on is another agent's."""
    call.part += 1
    call.part_from = replace(call.seconds)
    call.talk_charged = call.seconds.talk + call.seconds.hold


def _write_part(
    state: State,
    call: Call,
    ended: Literal["ended", "given-on", "lost", "parked"],
    now: float | None = None,
) -> None:
    spent = call.seconds.since(call.part_from)
    state.ask(
        RecordPart(
            call=call.part_of or call.books,
            part=call.part,
            revision=call.revision,
            agent=call.served_by or "",
            queue=call.queue,
            began_at=call.part_began,
            ended_at=now or call.ended_at or call.since,
            ended=ended,
            ring_seconds=spent.ring,
            talk_seconds=spent.talk,
            hold_seconds=spent.hold,
            consult_seconds=spent.consult,
            wrap_up_seconds=spent.wrap_up,
            disposition=call.disposition,
            note=call.note,
            conference_seconds=spent.conference,
            park_seconds=spent.park,
        )
    )
