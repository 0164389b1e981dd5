"""Views of reports that people saved, and reports sent by e-mail at set times.

A schedule is due at a minute of the day on the clock of its time zone: each day for the day before,
each Monday for the week before, each first for the month before. Its letters are written in one
transaction with the note of what they were for, and each letter has a key: however often the
service dies, everybody gets each report once. Sending is the business of `media.voicemail.letters`.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.reports.asking import Report, Scope, Wanted
from callcenter.reports.files import Language, Names, as_csv, as_xlsx
from callcenter.reports.periods import Interval, Period
from callcenter.reports.service import REPORTS, Reports, TooLong
from callcenter.reports.words import REPORT_TITLES
from callcenter.store.ledger import first_line
from callcenter.store.ledger_rows import plain
from callcenter.store.letters import put_letter

log = logging.getLogger(__name__)

VIEWS_MAX = 50
SCHEDULES_MAX = 50
RECIPIENTS_MAX = 20
MAIL_ADDRESS = re.compile(r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,188}$")

Every = Literal["day", "week", "month"]
INTERVAL_OF: Mapping[Every, Interval] = {"day": "hour", "week": "day", "month": "day"}


class NotKept(ValueError):
    """It cannot be saved: `where`, and in words why and what to do."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


# (role, user): what its owner may see.
ScopeOf = Callable[[str, str], Scope]


@dataclass(frozen=True, slots=True)
class View:
    """`filter` is the console's own; `mine`: the asker made it and may remove it."""

    id: str
    name: str
    report: str
    filter: Mapping[str, Any]
    shared: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """`at_minute` of the day. `sent_for`: the moment it was last due and sent; `trouble`: why the
    latest could not be made."""

    id: str
    name: str
    report: str
    queues: tuple[str, ...]
    agents: tuple[str, ...]
    every: Every
    at_minute: int
    time_zone: str
    recipients: tuple[str, ...]
    form: Literal["xlsx", "csv"]
    language: Language
    active: bool
    sent_for: datetime | None = None
    trouble: str = ""
    created: datetime = datetime(1970, 1, 1, tzinfo=UTC)


def due_before(schedule: Schedule, now: datetime) -> datetime:
    """The latest moment, not after `now`, at which it was to be sent."""
    zone = ZoneInfo(schedule.time_zone)
    today = now.astimezone(zone).date()
    for back in range(63):
        day = today - timedelta(days=back)
        begins = {"day": True, "week": day.weekday() == 0, "month": day.day == 1}[schedule.every]
        if begins:
            hour, minute = divmod(schedule.at_minute, 60)
            local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
            at = local.astimezone(UTC)
            if at <= now:
                return at
    raise AssertionError("every two months have a first")


def period_of(schedule: Schedule, due: datetime) -> Period:
    """What a letter that is due then tells of."""
    day = due.astimezone(ZoneInfo(schedule.time_zone)).date()
    last = day - timedelta(days=1)
    if schedule.every == "day":
        first = last
    elif schedule.every == "week":
        first = day - timedelta(days=7)
    else:
        first = date(last.year, last.month, 1)
    return Period(first, last, schedule.time_zone)


class Kept:
    """Views and schedules in the database. Raises OSError or SQLAlchemyError when it is away."""

    def __init__(self, engine: AsyncEngine, reports: Reports) -> None:
        self._engine, self._reports = engine, reports

    async def _all(self, sql: str, **values: Any) -> list[Any]:
        async with self._engine.begin() as connection:
            result = await connection.execute(text(sql), values)
            return list(result) if result.returns_rows else [result.rowcount]

    # -- views --------------------------------------------------------------------------------
    async def views(self, user: str) -> list[View]:
        """Own ones, and those that others share."""
        found = await self._all(
            "select * from reports.views where user_id = :user or shared order by name, id"
            f" limit {VIEWS_MAX * 4}",
            user=uuid.UUID(user),
        )
        return [
            View(str(r.id), r.name, r.report, r.filter, r.shared, str(r.user_id) == user)
            for r in found
        ]

    async def save_view(
        self, user: str, name: str, report: str, filter: Mapping[str, Any], *, shared: bool
    ) -> View:
        """Raises NotKept."""
        name = _name(name)
        await self._room("views", VIEWS_MAX, user)
        (row,) = await self._all(
            "insert into reports.views (user_id, name, shared, report, filter)"
            " values (:user, :name, :shared, :report, cast(:filter as jsonb)) returning id",
            user=uuid.UUID(user),
            name=name,
            shared=shared,
            report=report,
            filter=json.dumps(plain(filter)),
        )
        return View(str(row.id), name, report, filter, shared, True)

    async def remove_view(self, user: str, id: str) -> bool:
        """Only one's own; False: there is none."""
        (count,) = await self._all(
            "delete from reports.views where id = :id and user_id = :user",
            id=uuid.UUID(id),
            user=uuid.UUID(user),
        )
        return bool(count)

    async def _room(self, table: str, most: int, user: str) -> None:
        (row,) = await self._all(
            f"select count(*) as count from reports.{table} where user_id = :user",
            user=uuid.UUID(user),
        )
        if row.count >= most:
            raise NotKept("name", f"you have {most} already: remove one first")

    # -- schedules ----------------------------------------------------------------------------
    async def schedules(self, user: str) -> list[Schedule]:
        found = await self._all(
            "select * from reports.schedules where user_id = :user order by name, id",
            user=uuid.UUID(user),
        )
        return [_schedule(row) for row in found]

    async def put_schedule(self, user: str, wanted: Schedule) -> Schedule | None:
        """A new one (no id), or a change of one's own. None: there is none. Raises NotKept."""
        name = _name(wanted.name)
        if not wanted.recipients or len(wanted.recipients) > RECIPIENTS_MAX:
            raise NotKept("recipients", f"name 1 to {RECIPIENTS_MAX} addresses")
        for address in wanted.recipients:
            if not MAIL_ADDRESS.match(address):
                raise NotKept("recipients", f"{address[:60]!r} is no e-mail address")
        values = {
            "user": uuid.UUID(user),
            "name": name,
            "report": wanted.report,
            "filter": json.dumps({"queues": wanted.queues, "agents": wanted.agents}),
            "every": wanted.every,
            "minute": wanted.at_minute,
            "zone": wanted.time_zone,
            "recipients": list(wanted.recipients),
            "form": wanted.form,
            "language": wanted.language,
            "active": wanted.active,
        }
        if wanted.id:
            found = await self._all(
                "update reports.schedules set name = :name, report = :report,"
                " filter = cast(:filter as jsonb), every = :every, at_minute = :minute,"
                " time_zone = :zone, recipients = cast(:recipients as text[]), form = :form,"
                " language = :language, active = :active, trouble = ''"
                " where id = :id and user_id = :user returning *",
                id=uuid.UUID(wanted.id),
                **values,
            )
            return _schedule(found[0]) if found else None
        await self._room("schedules", SCHEDULES_MAX, user)
        (row,) = await self._all(
            "insert into reports.schedules (user_id, name, report, filter, every, at_minute,"
            " time_zone, recipients, form, language, active) values (:user, :name, :report,"
            " cast(:filter as jsonb), :every, :minute, :zone, cast(:recipients as text[]), :form,"
            " :language, :active) returning *",
            **values,
        )
        return _schedule(row)

    async def remove_schedule(self, user: str, id: str) -> bool:
        (count,) = await self._all(
            "delete from reports.schedules where id = :id and user_id = :user",
            id=uuid.UUID(id),
            user=uuid.UUID(user),
        )
        return bool(count)

    async def send_due(self, now: datetime, names: Names, scope_of: ScopeOf) -> int:
        """Write the letters of all schedules that are due, each with what its owner may see now.
        Returns how many letters."""
        found = await self._all(
            "select s.*, u.role from reports.schedules s join users u on u.id = s.user_id"
            " where s.active and u.active"
        )
        sent = 0
        for row in found:
            schedule = _schedule(row)
            due = due_before(schedule, now)
            if due > schedule.created and (schedule.sent_for is None or schedule.sent_for < due):
                wanted = replace(
                    wanted_of(schedule, due), scope=scope_of(row.role, str(row.user_id))
                )
                sent += await self._send(schedule, wanted, due, names)
        return sent

    async def _send(self, schedule: Schedule, wanted: Wanted, due: datetime, names: Names) -> int:
        try:
            report = await self._reports.report(schedule.report, wanted)
        except TooLong:
            trouble = "it takes too long"
        except (SQLAlchemyError, OSError, TimeoutError):
            raise
        except Exception as problem:
            log.exception("a scheduled report cannot be made")
            trouble = first_line(problem)
        else:
            return await self._write(schedule, due, report, names)
        await self._all(
            "update reports.schedules set trouble = :trouble, sent_for = :due where id = :id",
            trouble=trouble[:200],
            due=due,
            id=uuid.UUID(schedule.id),
        )
        return 0

    async def _write(self, schedule: Schedule, due: datetime, report: Report, names: Names) -> int:
        subject, body, name, content = letter_of(schedule, report, names)
        async with self._engine.begin() as connection:
            for recipient in schedule.recipients:
                await put_letter(
                    connection,
                    f"report {schedule.id} {due:%Y-%m-%dT%H:%MZ} {recipient}"[:160],
                    recipient,
                    subject,
                    body,
                    content=content,
                    content_name=name,
                )
            await connection.execute(
                text("update reports.schedules set sent_for = :due, trouble = '' where id = :id"),
                {"due": due, "id": uuid.UUID(schedule.id)},
            )
        return len(schedule.recipients)


def wanted_of(schedule: Schedule, due: datetime) -> Wanted:
    return Wanted(
        period_of(schedule, due),
        INTERVAL_OF[schedule.every],
        schedule.queues,
        schedule.agents,
        "before",
    )


def letter_of(schedule: Schedule, report: Report, names: Names) -> tuple[str, str, str, bytes]:
    """Subject, body, name of the file, file."""
    period = report.wanted.period
    zh = schedule.language == "zh"
    title = REPORT_TITLES[schedule.report][zh]
    days = str(period.first) if period.first == period.last else f"{period.first} – {period.last}"
    subject = f"{schedule.name}: {title}, {days}" if not zh else f"{schedule.name}：{title}，{days}"
    body = (
        f"报表“{title}”，{days}（{period.zone}），见附件。\n"
        if zh
        else f"The report “{title}” for {days} ({period.zone}) is attached.\n"
    )
    name = f"{schedule.report}-{period.first}.{schedule.form}"
    if schedule.form == "csv":
        content = as_csv(report, "", schedule.language, names)
    else:
        content = as_xlsx(report, schedule.language, names)
    return subject, body, name, content


def _name(name: str) -> str:
    made = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:80]
    if not made:
        raise NotKept("name", "give it a name")
    return made


def _schedule(row: Any) -> Schedule:
    kept: Mapping[str, Sequence[str]] = row.filter
    return Schedule(
        id=str(row.id),
        name=row.name,
        report=row.report if row.report in REPORTS else "queues",
        queues=tuple(kept.get("queues", ())),
        agents=tuple(kept.get("agents", ())),
        every=row.every,
        at_minute=row.at_minute,
        time_zone=row.time_zone,
        recipients=tuple(row.recipients),
        form=row.form,
        language=row.language,
        active=row.active,
        sent_for=row.sent_for,
        trouble=row.trouble,
        created=row.created,
    )
