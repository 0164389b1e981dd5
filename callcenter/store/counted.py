"""Which tickets and callbacks a number of the reports counts: one condition for the report that
adds them up and for the list that shows them, so that both say the same.

Names are those of the figures. A mean lists all that it is of, see `callcenter.reports.behind`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column, or_

from callcenter.core.teams import EVERYTHING, Reach
from callcenter.store.tables import CallbackRecord, Ticket

TICKETS: Mapping[str, str] = {
    "tickets_made": "true",
    "tickets_solved": "tickets.solved is not null",
    "tickets_first_late": "tickets.first_due < coalesce(tickets.first_answered, now())",
    "tickets_late": "tickets.solution_due < coalesce(tickets.solved, now())",
}
CALLBACKS: Mapping[str, str] = {
    "callbacks_asked": "true",
    "callbacks_served": "callbacks.outcome in ('served', 'returned')",
    "callbacks_lost": "callbacks.outcome not in ('', 'served', 'returned')",
    "callbacks_open": "callbacks.outcome = ''",
    "callbacks_scheduled": (
        "callbacks.outcome = '' and callbacks.state in ('scheduled', 'after-hours')"
    ),
}


def columns_of(counted: Mapping[str, str]) -> str:
    """A column of a SELECT for each number, under its name."""
    return ", ".join(f"count(*) filter (where {sql}) as {name}" for name, sql in counted.items())


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of the report: `figure`, of what was made in [since, until), of these queues and
    agents (none: any), within the border of who asks."""

    figure: str
    since: datetime
    until: datetime
    queues: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    reach: Reach = EVERYTHING

    def of_tickets(self) -> ColumnElement[bool]:
        """Owners stand for agents. A ticket that went into another is in no number."""
        within: list[ColumnElement[bool]] = [
            Ticket.merged_into.is_(None),
            *self._asked(Ticket.created, Ticket.queue),
        ]
        if self.agents:
            within.append(Ticket.owner_agent.in_(self.agents))
        if not self.reach.everything:
            seen = Ticket.queue.in_(self.reach.queues), Ticket.owner_agent.in_(self.reach.agents)
            within.append(or_(*seen))
        return and_(literal_column(TICKETS[self.figure]), *within)

    def of_callbacks(self) -> ColumnElement[bool]:
        """They belong to no agent, so agents do not narrow them."""
        within = self._asked(CallbackRecord.asked_at, CallbackRecord.queue)
        if not self.reach.everything:
            within.append(CallbackRecord.queue.in_(self.reach.queues))
        return and_(literal_column(CALLBACKS[self.figure]), *within)

    def _asked(self, at: Any, queue: Any) -> list[ColumnElement[bool]]:
        span: list[ColumnElement[bool]] = [at >= self.since, at < self.until]
        return [*span, queue.in_(self.queues)] if self.queues else span
