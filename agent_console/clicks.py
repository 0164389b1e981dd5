"""What a click asks of the centre, or why it is refused before the centre hears of it.

A click names things: a customer, a number, a form that must be filled in. They are looked up here,
at the edge, so that the core gets values and never waits. Whether the deed itself is possible the
centre alone decides. This file must not know sockets, feeds or how an answer is sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from agent_console import wire
from agent_console.browser import Visitor
from agent_console.commands import (
    AgentCommand,
    Command,
    Known,
    SupervisorCommand,
    action,
    supervisor_action,
)
from agent_console.view import Tables, call_within
from callcenter.core.board import CallRow
from callcenter.core.commands import CustomerCard, GiveCaller
from callcenter.core.inputs import AgentDid, SupervisorDid
from callcenter.core.refusals import UNKNOWN_AGENT
from callcenter.core.teams import Reach, within
from callcenter.dialling import Dialable, NotDialable, as_typed

# Reasons for refusals that are given here; the others are `core.refusals`.
UNKNOWN_CUSTOMER = "unknown-customer"
DATABASE_AWAY = "database-away"
NOT_ALLOWED = "not-allowed"
# Before the code of `callcenter.dialling` that says why a number is not dialled.
NOT_DIALABLE = "not-dialable-"
FORM_MISSING = "form-missing"
OUTSIDE_TEAM = "outside-team"

SUPERVISING = ("supervisor", "administrator")

Cards = Callable[[str], Awaitable[CustomerCard | None]]
# Whether this agent may close this call with this disposition: what it asks for is filed.
Filed = Callable[[str, CallRow, str], Awaitable[bool]]
CheckNumber = Callable[[str], Dialable | NotDialable]


async def nothing_asked(agent: str, row: CallRow, disposition: str) -> bool:
    """Where no call asks for a form."""
    return True


def no_numbers(text: str) -> NotDialable:
    """Where nothing is dialled."""
    return NotDialable("unreadable", "no numbers are dialled here")


class CardsAway(Exception):
    """The customers cannot be read now."""


class Clicks:
    """`cards` finds a customer by id and may raise CardsAway; `check_number`: may this be dialled?
    `filed` is asked before a call is closed."""

    def __init__(self, cards: Cards, check_number: CheckNumber, filed: Filed) -> None:
        self._cards = cards
        self._check_number = check_number
        self._filed = filed

    async def read(
        self, visitor: Visitor, reach: Reach, number: str, command: Command, tables: Tables
    ) -> AgentDid | SupervisorDid | str:
        """The input for the centre, with `number` for its answer; or the reason of a refusal."""
        if isinstance(command, SupervisorCommand | wire.TakeCaller):
            return _supervised(visitor, reach, number, command, tables)
        if visitor.agent is None:
            return UNKNOWN_AGENT
        known = await self._find_out(visitor.role, command)
        if isinstance(known, str):
            return known
        if isinstance(command, wire.FinishWrapUp) and not await self._complete(
            visitor.agent, command, tables
        ):
            return FORM_MISSING
        return AgentDid(visitor.agent, number, action(command, visitor.agent, known))

    async def _complete(self, agent: str, command: wire.FinishWrapUp, tables: Tables) -> bool:
        """What the outcome asks for is filed; whose call it is the centre judges."""
        row = tables.calls.get(command.call)
        if row is None or row.agent != agent:
            return True
        return await self._filed(agent, row, command.disposition)

    async def _find_out(self, role: str, command: AgentCommand) -> Known | str:
        """What the command is about, or why it cannot be."""
        card, number = None, None
        customer = getattr(command, "customer", "")
        if customer or isinstance(command, wire.ChooseCustomer):
            try:
                card = await self._cards(customer)
            except CardsAway:
                return DATABASE_AWAY
            if card is None:
                return UNKNOWN_CUSTOMER
        if isinstance(command, wire.Dial | wire.ConsultNumber):
            checked = self._check_number(as_typed(command.number))
            if isinstance(checked, NotDialable):
                return f"{NOT_DIALABLE}{checked.code}"
            number = checked
        return Known(role, card, number)


def _supervised(
    visitor: Visitor,
    reach: Reach,
    number: str,
    command: SupervisorCommand | wire.TakeCaller,
    tables: Tables,
) -> SupervisorDid | str:
    """A supervisor who is an agent too may take a caller out of the line, whatever the queue."""
    if visitor.role not in SUPERVISING:
        return NOT_ALLOWED
    if isinstance(command, wire.TakeCaller) and visitor.agent is None:
        return UNKNOWN_AGENT
    if not _inside(reach, command, tables):
        return OUTSIDE_TEAM
    if isinstance(command, wire.TakeCaller):
        return SupervisorDid(visitor.user, number, GiveCaller(command.call, visitor.agent or ""))
    return SupervisorDid(visitor.user, number, supervisor_action(command))


def _inside(reach: Reach, command: SupervisorCommand | wire.TakeCaller, tables: Tables) -> bool:
    """The call, and where it is to go, lie inside the supervisor's border. A call that is not
    there (any more) the centre answers for."""
    row = tables.calls.get(command.call)
    if row is not None and not call_within(reach, row):
        return False
    return not isinstance(command, wire.MoveCaller) or within(reach, queues=(command.queue,))
