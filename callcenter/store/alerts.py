"""Alert rules and what came of them. Whoever judges them (`core.alerts`) tells here what happened:
the alert, its letters and its webhook event are written in one transaction, so that each alert is
told once, or not at all while the database is away, and then later.

Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.alerts import Rule, Turn
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note
from callcenter.store.changes import Changes, Values
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.tables import AlertEvent, AlertRule, Letter
from callcenter.store.times import to_datetime

RULES_MAX = 200
EVENTS_SHOWN_MAX = 200
OPEN_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule with how it is told."""

    rule: Rule
    sound: bool
    mail: tuple[str, ...]
    language: str
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class Event:
    """`ended` None: it stands. `value`: the limit; `found`: the figure when it was raised.
    `given_to`: the user who shall look after it; `taken`: since when he or she does."""

    id: str
    rule: str
    name: str
    metric: str
    operator: str
    value: float
    scope: str
    subject: str
    sound: bool
    found: float | None
    raised: datetime
    ended: datetime | None
    acknowledged: datetime | None
    acknowledged_name: str
    given_to: str | None
    given_name: str
    given_by_name: str
    given: datetime | None
    taken: datetime | None


class Alerts(Changes):
    async def rules(self) -> Sequence[KeptRule]:
        async with self.sessions() as session:
            rows = await session.scalars(select(AlertRule).order_by(AlertRule.name, AlertRule.id))
            return [_rule(row) for row in rows]

    async def put_rule(self, id: str | None, values: Values, *, by: str) -> KeptRule:
        """Make (None) or change a rule; all its values are named. Raises ConfigRefused, NotThere,
        VersionPassed."""
        wanted = dict(values)
        version = wanted.pop("version", None)
        async with self.sessions.begin() as session:
            row = await session.get(AlertRule, as_uuid(id)) if id else AlertRule(version=0)
            if row is None:
                raise NotThere("alert rule", str(id)[:40])
            if id is None and await _count(session) >= RULES_MAX:
                raise ConfigRefused(("name", f"there are {RULES_MAX} rules already"))
            if id is not None and version is not None and version != row.version:
                raise VersionPassed(row.version)
            for name, value in wanted.items():
                setattr(row, name, value)
            row.version += 1
            row.updated = func.now()
            session.add(row)
            await session.flush()
            await note(session, by, "alert.rule", str(row.id), wanted)
            await session.refresh(row)
            return _rule(row)

    async def remove_rule(self, id: str, *, by: str) -> None:
        """What it raised stays in the history; an alert that stands ends. Raises NotThere."""
        async with self.sessions.begin() as session:
            gone = await session.scalar(
                delete(AlertRule).where(AlertRule.id == as_uuid(id)).returning(AlertRule.id)
            )
            if gone is None:
                raise NotThere("alert rule", id[:40])
            await note(session, by, "alert.rule-removed", id, {})

    # -- what happened ----------------------------------------------------------------------------
    async def standing(self) -> Sequence[Event]:
        """Those that are not over."""
        query = select(AlertEvent).where(AlertEvent.ended.is_(None)).order_by(AlertEvent.raised)
        async with self.sessions() as session:
            return [_event(row) for row in await session.scalars(query.limit(RULES_MAX))]

    async def events(self, *, open: bool) -> Sequence[Event]:
        """Newest first. `open`: those that stand, that nobody has acknowledged, or that were given
        to somebody who has not taken them yet."""
        query = select(AlertEvent)
        if open:
            waits = AlertEvent.given_to.is_not(None) & AlertEvent.taken.is_(None)
            query = query.where(
                or_(AlertEvent.ended.is_(None), AlertEvent.acknowledged.is_(None), waits)
            )
        query = query.order_by(AlertEvent.raised.desc(), AlertEvent.id)
        limit = OPEN_SHOWN_MAX if open else EVENTS_SHOWN_MAX
        async with self.sessions() as session:
            return [_event(row) for row in await session.scalars(query.limit(limit))]

    async def event(self, id: str) -> Event | None:
        async with self.sessions() as session:
            row = await session.get(AlertEvent, as_uuid(id) or uuid.UUID(int=0))
            return _event(row) if row else None

    async def acknowledge(self, id: str, *, by: str, name: str) -> None:
        """Once: who was first stays. To whom it was given takes it so."""
        mine = update(AlertEvent).where(
            AlertEvent.id == as_uuid(id), AlertEvent.acknowledged.is_(None)
        )
        taking = update(AlertEvent).where(
            AlertEvent.id == as_uuid(id),
            AlertEvent.given_to == as_uuid(by),
            AlertEvent.taken.is_(None),
        )
        async with self.sessions.begin() as session:
            await session.execute(mine.values(_acknowledged(by, name)))
            await session.execute(taking.values(taken=func.now()))
            await note(session, by, "alert.acknowledge", id, {})

    async def give(
        self, id: str, to: tuple[str, str] | None, *, by: str, name: str
    ) -> tuple[str, str] | None:
        """That `to` (user, name) looks after it; None: whoever gave it does again. Who gives one
        that nobody has acknowledged has seen it. To whom it was given before. Raises NotThere."""
        user = as_uuid(by)
        async with self.sessions.begin() as session:
            row = await session.get(
                AlertEvent, as_uuid(id) or uuid.UUID(int=0), with_for_update=True
            )
            if row is None:
                raise NotThere("alert", id[:40])
            before = None if row.given_to is None else (str(row.given_to), row.given_name)
            if row.acknowledged is None:
                for key, value in _acknowledged(by, name).items():
                    setattr(row, key, value)
            row.given_to = None if to is None else as_uuid(to[0])
            row.given_name = "" if to is None else printable(to[1], 120)
            row.given_by_name = "" if to is None else printable(name, 120)
            row.given = None if to is None else func.now()
            row.taken = func.now() if to is not None and row.given_to == user else None
            detail = {"to": to and to[1], "before": before and before[1]}
            await note(session, by, "alert.give", id, detail)
            return before

    async def tell(self, turn: Turn, kept: KeptRule | None) -> None:
        """Write down that a rule was raised or is over. Twice makes no second one."""
        rule = turn.rule
        async with self.sessions.begin() as session:
            if not turn.raised:
                over = update(AlertEvent).where(
                    AlertEvent.rule_id == as_uuid(rule.id), AlertEvent.ended.is_(None)
                )
                await session.execute(over.values(ended=to_datetime(turn.at)))
                return
            made = insert(AlertEvent).values(
                rule_id=as_uuid(rule.id),
                name=rule.name,
                metric=rule.metric,
                operator=rule.operator,
                value=rule.value,
                scope=rule.scope,
                subject=rule.subject,
                sound=kept.sound if kept else True,
                found=turn.value,
                raised=to_datetime(turn.at),
            )
            event = await session.scalar(made.on_conflict_do_nothing().returning(AlertEvent.id))
            if event is not None and kept is not None:
                for letter in _letters(event, turn, kept):
                    await session.execute(insert(Letter).values(letter).on_conflict_do_nothing())


def _acknowledged(by: str, name: str) -> dict[str, Any]:
    return {
        "acknowledged": func.now(),
        "acknowledged_by": as_uuid(by),
        "acknowledged_name": printable(name, 120),
    }


async def _count(session: AsyncSession) -> int:
    return await session.scalar(select(func.count(AlertRule.id))) or 0


def _letters(event: uuid.UUID, turn: Turn, kept: KeptRule) -> list[dict[str, Any]]:
    rule, zh = turn.rule, kept.language == "zh"
    found = "–" if turn.value is None else f"{turn.value:g}"
    sign = ">" if rule.operator == "over" else "<"
    at = f"{to_datetime(turn.at):%Y-%m-%d %H:%M:%S} UTC"
    figure = f"{rule.metric} {sign} {rule.value:g}"
    if zh:
        subject = f"告警：{rule.name}"
        body = f"{rule.name}\n\n指标：{figure}\n当前值：{found}\n时间：{at}\n"
    else:
        subject = f"Alert: {rule.name}"
        body = f"{rule.name}\n\nFigure: {figure}\nNow: {found}\nAt: {at}\n"
    return [
        {
            "key": f"alert {event} {recipient}"[:160],
            "recipient": recipient,
            "subject": subject[:300],
            "body": body,
        }
        for recipient in kept.mail
    ]


def _rule(row: AlertRule) -> KeptRule:
    rule = Rule(
        id=str(row.id),
        name=row.name,
        metric=row.metric,  # type: ignore[arg-type]
        operator="over" if row.operator == "over" else "under",
        value=row.value,
        seconds=row.seconds,
        scope=row.scope,  # type: ignore[arg-type]
        subject=row.subject,
    )
    return KeptRule(rule, row.sound, tuple(row.mail), row.language, row.active, row.version)


def _event(row: AlertEvent) -> Event:
    return Event(
        id=str(row.id),
        rule=str(row.rule_id),
        name=row.name,
        metric=row.metric,
        operator=row.operator,
        value=row.value,
        scope=row.scope,
        subject=row.subject,
        sound=row.sound,
        found=row.found,
        raised=row.raised,
        ended=row.ended,
        acknowledged=row.acknowledged,
        acknowledged_name=row.acknowledged_name,
        given_to=None if row.given_to is None else str(row.given_to),
        given_name=row.given_name,
        given_by_name=row.given_by_name,
        given=row.given,
        taken=row.taken,
    )
