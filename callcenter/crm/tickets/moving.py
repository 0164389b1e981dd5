"""How a ticket changes: made, moved along its table, commented, escalated. In the session given.

Each change leaves a line in the history, with what was before. What the type's table does not allow
is refused with a sentence (`NotPossible`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.definitions import repository as definitions
from callcenter.crm.tasks.repository import plan_for
from callcenter.crm.tickets import repository
from callcenter.crm.tickets.clocks import aimed, entered
from callcenter.crm.tickets.letters import Post, tell_customer, tell_staff
from callcenter.crm.tickets.schemas import NotPossible
from callcenter.crm.tickets.types import DEFAULTS, Stage, Target, TicketType
from callcenter.crm.work_hours import WorkHours
from callcenter.store import tables
from callcenter.store.accounts import printable
from callcenter.store.ledger_rows import plain
from callcenter.store.times import to_datetime
from ivr.calendar import Calendar

Row = tables.Ticket
COMMENT_MAX = 8000
REASON_MAX = 2000


@dataclass(frozen=True, slots=True)
class Hand:
    """Who changes something, and when (UNIX seconds)."""

    by: str
    name: str
    now: float


async def ticket_types(session: AsyncSession) -> dict[str, tuple[TicketType, int, int]]:
    """By code: (type, position, version). What comes with the product has version 0 until it is
    changed."""
    found = {kind.code: (kind, at, 0) for at, kind in enumerate(DEFAULTS)}
    for one in await definitions.read(session, "ticket_type"):
        kind = TicketType.model_validate({**one.body, "code": one.code})
        found[one.code] = (kind, one.position, one.version)
    return dict(sorted(found.items(), key=lambda item: (item[1][1], item[0])))


async def type_of(session: AsyncSession, code: str) -> TicketType:
    types = await ticket_types(session)
    if code not in types:
        raise NotPossible("type", f"there is no kind of ticket {code!r}")
    return types[code][0]


async def hours_of(session: AsyncSession, kind: TicketType) -> Calendar | None:
    """The calendar; None: every hour counts, also when the calendar was removed."""
    row = await definitions.one(session, "work_hours", kind.work_hours) if kind.work_hours else None
    return WorkHours.model_validate(row.body).calendar() if row else None


def target_of(kind: TicketType, priority: int) -> Target:
    return kind.targets.get(priority, Target())


async def say(
    session: AsyncSession, row: Row, event: str, data: Mapping[str, object], hand: Hand
) -> None:
    await repository.add_event(
        session, row, event, dict(data), by=hand.by, name=hand.name, now=hand.now
    )


def touched(row: Row) -> None:
    row.version += 1
    row.updated = func.clock_timestamp()


async def change(
    session: AsyncSession, row: Row, kind: TicketType, values: Mapping[str, object], hand: Hand
) -> None:
    """Fields that are not stages; each difference is noted."""
    before = {name: plain(getattr(row, name)) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    after = {name: plain(_text(value)) for name, value in values.items()}
    told = {name: [_text(before[name]), after[name]] for name in values}
    told = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
    if not told:
        return
    if "priority" in told:
        hours = await hours_of(session, kind)
        clocks = aimed(repository.clocks_of(row), target_of(kind, row.priority), hours)
        repository.set_clocks(row, clocks)
    await say(session, row, "changed", told, hand)


def _text(value: object) -> object:
    return value if value is None or isinstance(value, int | float | dict | list) else str(value)


async def move(
    session: AsyncSession,
    row: Row,
    kind: TicketType,
    to: str,
    reason: str,
    hand: Hand,
    post: Post | None = None,
) -> None:
    """Into another stage. Raises NotPossible."""
    here, there = kind.stage(row.stage), kind.stage(to)
    if there is None:
        raise NotPossible("stage", f"there is no stage {to!r}")
    # From a stage that was taken out of the table any way leads back into it.
    if here is not None and to not in here.next:
        raise NotPossible("stage", f"no way leads from {here.name} to {there.name}")
    reason = printable(reason, REASON_MAX).strip()
    _check(row, kind, there, reason)
    told = {"from": row.stage, "to": to, "reason": reason}
    clocks = entered(
        repository.clocks_of(row),
        there.kind,
        there.deadline_minutes,
        hand.now,
        await hours_of(session, kind),
    )
    if there.kind in ("solved", "closed") and clocks.first_answered is None:
        clocks = replace(clocks, first_answered=hand.now)
    before = row.stage_kind
    row.stage, row.stage_kind = to, there.kind
    row.stage_since = to_datetime(hand.now)
    row.reason = reason or row.reason
    row.escalated = [clock for clock in row.escalated if clock != "stage"]
    repository.set_clocks(row, clocks)
    await say(session, row, "stage", told, hand)
    await session.flush()
    was_open = before not in ("solved", "closed")
    if was_open and there.kind in ("solved", "closed"):
        await tell_staff(session, post, row, kind, "solved", hand.now)
    if was_open and there.kind == "solved":
        await tell_customer(session, post, row, kind, "solved", hand.now)
        await plan_for(session, "ticket_solved", row, now=hand.now, by=hand.by, name=hand.name)
    if there.kind == "closed" and before != "closed":
        await plan_for(session, "ticket_closed", row, now=hand.now, by=hand.by, name=hand.name)


def _check(row: Row, kind: TicketType, there: Stage, reason: str) -> None:
    if there.needs_reason and not reason:
        raise NotPossible("reason", f"{there.name} needs a reason")
    names = {field.code: field.name for field in kind.fields}
    missing = [names[code] for code in there.needs if row.fields.get(code) in (None, "")]
    if missing:
        raise NotPossible("fields", f"fill in before {there.name}: {', '.join(missing)}")


async def comment(
    session: AsyncSession,
    row: Row,
    kind: TicketType,
    text: str,
    public: bool,
    hand: Hand,
    post: Post | None = None,
) -> None:
    """`public`: an answer to the customer; the first one stops its clock. Raises NotPossible."""
    text = printable(text, COMMENT_MAX).strip()
    if not text:
        raise NotPossible("text", "the remark is empty")
    if public and row.first_answered is None:
        clocks = replace(repository.clocks_of(row), first_answered=hand.now)
        repository.set_clocks(row, clocks)
    await say(session, row, "comment", {"text": text, "public": public}, hand)
    if public:
        await tell_customer(session, post, row, kind, "answer", hand.now, text)


async def escalate(
    session: AsyncSession,
    row: Row,
    kind: TicketType | None,
    hand: Hand,
    post: Post | None = None,
) -> int:
    """Note each clock that ran out, raise the priority once each, hand it over where the type says
    so. How many clocks it were."""
    late = [one for one in repository.clocks_of(row).late(hand.now) if one not in row.escalated]
    for clock in late:
        row.escalated = [*row.escalated, clock]
        row.priority = min(row.priority + 1, 3)
        to = kind.escalate_to if kind else ""
        if to and to != row.owner_agent:
            row.owner_agent = to
        data = {"clock": clock, "priority": row.priority, "owner": row.owner_agent}
        await say(session, row, "escalated", data, hand)
    if late:
        touched(row)
        await tell_staff(session, post, row, kind, "late", hand.now)
    return len(late)
