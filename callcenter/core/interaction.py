"""The interaction: the record of one call as a whole, for the customer's history and reports."""

from __future__ import annotations

from typing import Literal

from callcenter.core.call import Call
from callcenter.core.effects import RecordInteraction
from callcenter.core.state import State

Outcome = Literal["answered", "abandoned", "ivr", "diverted", "refused", "node_restart"]


def outcome(call: Call) -> Outcome:
    """How the contact ended, seen from the caller."""
    if call.restarted:
        return "node_restart"
    if call.answered_at is not None:
        return "answered"
    if call.was_diverted:
        return "diverted"
    if call.customer is not None and call.customer.blocked and call.ended_by == "system":
        return "refused"
    if call.joined_at is not None:
        return "refused" if call.ended_by == "system" else "abandoned"
    return "ivr"


def write(state: State, call: Call) -> None:
    """Write the interaction by call id; each later writing has a higher revision."""
    if call.trial:
        return
    call.revision = max(call.revision + 1, state.epoch * 1000)
    state.ask(
        RecordInteraction(
            call=call.id,
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
        )
    )
