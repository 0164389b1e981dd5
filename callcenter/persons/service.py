"""A person's data given out as one file, and erased from every store. For the web layer.

Erasing goes from the outside in: sound first (a recording's key is forgotten with it), then the
database in one transaction, then what the service itself remembers on its disk. It can be repeated:
what is gone is not missed. What is under legal hold stays, and is told. Numbers that another
customer has as well are not taken for this one's.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import phonenumbers
from phonenumbers import NumberParseException
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.core.teams import EVERYTHING
from callcenter.media.recordings.keeping import KeepingFailed
from callcenter.media.recordings.retention import Held
from callcenter.media.recordings.sealing import SealBroken
from callcenter.media.recordings.service import Recordings
from callcenter.media.voicemail.service import FILE
from callcenter.persons.holdings import HOLDINGS
from callcenter.reports.feeding import LOCK
from callcenter.store.accounts import as_uuid
from callcenter.store.audit import note as audit
from callcenter.store.config_values import NotThere
from callcenter.store.engine import make_sessions

ROWS_MAX = 20_000  # of a table, in what is given out
NOT_SHOWN = ("grams", "search_text", "peaks", "key", "sha256", "pin_salt", "pin_digest")
SPOOL_BYTES = 8_000_000
NATIONAL_DIGITS_MIN = 7


@dataclass(frozen=True, slots=True)
class Person:
    """By what rows are known to be about him."""

    ids: Sequence[str]
    name: str
    numbers: Sequence[str]
    words: Sequence[str]
    calls: Sequence[str]
    messages: Sequence[str]

    @property
    def keys(self) -> dict[str, Any]:
        return {
            "ids": [as_uuid(id) for id in self.ids],
            "names": list(self.ids),
            "numbers": list(self.numbers),
            "words": list(self.words),
            "calls": list(self.calls),
            "messages": list(self.messages),
        }


@dataclass(slots=True)
class Report:
    """What was erased: rows by table, recordings and messages; `held`: recordings that stay."""

    rows: dict[str, int] = field(default_factory=dict)
    recordings: int = 0
    messages: int = 0
    held: int = 0


class Persons:
    """`voicemail_folder`: of callers' messages. `forget`: makes the service drop what it remembers
    of past calls on its disk."""

    def __init__(
        self,
        engine: AsyncEngine,
        recordings: Recordings,
        voicemail_folder: Path,
        forget: Callable[[], None],
    ) -> None:
        self._sessions = make_sessions(engine)
        self._recordings = recordings
        self._folder = voicemail_folder
        self._forget = forget

    async def person(self, customer: str) -> Person:
        """Raises NotThere."""
        async with self._sessions() as session:
            return await _person(session, customer)

    async def counted(self, customer: str) -> dict[str, int]:
        """How many rows erasing would touch, by table. Raises NotThere."""
        async with self._sessions() as session:
            person = await _person(session, customer)
            return {
                one.table: await session.scalar(
                    text(f"select count(*) from {one.table} where {one.which}"), person.keys
                )
                or 0
                for one in HOLDINGS
            }

    # -- given out ------------------------------------------------------------------------------
    async def export(self, customer: str, *, by: str) -> IO[bytes]:
        """A ZIP file: everything as JSON, and all sound. Audited. Raises NotThere."""
        async with self._sessions.begin() as session:
            person = await _person(session, customer)
            known = {
                one.table: await _rows(session, one.table, one.which, person)
                for one in HOLDINGS
                if one.shown
            }
            await audit(session, by, "person.export", person.ids[0], {"calls": len(person.calls)})
        made: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOL_BYTES)
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
            words = json.dumps(known, ensure_ascii=False, indent=1, default=str)
            out.writestr("data.json", words.encode("utf-8", "replace"))
            for row in known["voicemails"]:
                if (path := self._sound(row["file"])) is not None:
                    out.write(path, f"messages/{row['file']}")
            for row in known["recordings"]:
                await self._add_recording(out, str(row["id"]))
        made.seek(0)
        return made

    async def _add_recording(self, out: zipfile.ZipFile, id: str) -> None:
        row, _ = await self._recordings.recording(id, EVERYTHING)
        if row.state != "stored" or row.key is None:
            return
        try:
            with out.open(f"recordings/{id}.mp3", "w") as file:
                async for part in self._recordings.sound(row, 0, self._recordings.plain_size(row)):
                    file.write(part)
        except (KeepingFailed, SealBroken) as error:
            out.writestr(f"recordings/{id}.missing.txt", str(error))

    # -- erased ---------------------------------------------------------------------------------
    async def erase(self, customer: str, *, by: str, why: str) -> Report:
        """Raises NotThere, and KeepingFailed when sound cannot be removed now (nothing else is
        erased then)."""
        person = await self.person(customer)
        report = Report()
        async with self._sessions() as session:
            ids = await session.scalars(_select("recordings", "id"), person.keys)
            stored = [str(id) for id in ids]
        for id in stored:
            try:
                await self._recordings.retention.erase(id, by=by, why="a person's data are erased")
                report.recordings += 1
            except Held:
                report.held += 1
            except NotThere:
                continue
        async with self._sessions.begin() as session:
            # Figures that are being worked out from what stood there would be written after us.
            await session.execute(text("set local lock_timeout = '20s'"))
            await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
            files = await session.scalars(_select("voicemails", "file"), person.keys)
            for name in list(files):
                if (path := self._sound(str(name))) is not None:
                    path.unlink(missing_ok=True)
                    report.messages += 1
            for one in HOLDINGS:
                which = one.which
                if one.table in ("recordings", "recording_comments") and report.held:
                    kept = "id" if one.table == "recordings" else "recording_id"
                    which += f" and {kept} not in (select id from recordings where held)"
                statement = (
                    f"update {one.table} set {one.blanked} where {which}"
                    if one.blanked
                    else f"delete from {one.table} where {which}"
                )
                done: Any = await session.execute(text(statement), person.keys)
                if done.rowcount:
                    report.rows[one.table] = done.rowcount
            detail = {"why": why[:300], "recordings": report.recordings, "held": report.held}
            await audit(session, by, "person.erase", person.ids[0], detail | {"rows": report.rows})
        self._forget()
        return report

    def _sound(self, name: str) -> Path | None:
        path = self._folder / name
        return path if FILE.fullmatch(name) and path.is_file() else None


def _select(table: str, column: str) -> Any:
    which = next(one.which for one in HOLDINGS if one.table == table)
    return text(f"select {column} from {table} where {which}")


async def _rows(
    session: AsyncSession, table: str, which: str, person: Person
) -> list[dict[str, Any]]:
    query = text(f"select to_jsonb(t) from {table} t where {which} limit {ROWS_MAX}")
    rows = await session.scalars(query, person.keys)
    return [{name: row[name] for name in row if name not in NOT_SHOWN} for row in rows]


async def _person(session: AsyncSession, customer: str) -> Person:
    key = as_uuid(customer)
    row = (
        await session.execute(
            text("select id, name, merged, merged_into from customers where id = :id"), {"id": key}
        )
    ).first()
    if row is None:
        raise NotThere("customer", customer[:40])
    ids = [row.id, *row.merged]
    asked = {"ids": ids}
    own = set(await session.scalars(text(_OWN_NUMBERS), asked))
    numbers = sorted({form for number in own for form in forms(number)})
    emails = set(await session.scalars(text(_EMAILS), asked))
    asked |= {"numbers": numbers}
    calls = sorted(set(await session.scalars(text(_CALLS), asked)))
    asked |= {"calls": calls}
    messages = sorted(set(await session.scalars(text(_MESSAGES), asked)))
    words = sorted(
        {*(n for n in numbers if len(n) >= NATIONAL_DIGITS_MIN), *emails, *map(str, ids)}
    )
    return Person([str(id) for id in ids], row.name, numbers, words, calls, messages)


_OWN_NUMBERS = """
    select e164 from customer_numbers n where customer_id = any(:ids) and not exists (
        select 1 from customer_numbers o join customers c on c.id = o.customer_id
        where o.e164 = n.e164 and o.customer_id <> all(:ids) and c.merged_into is null)
"""
_EMAILS = """
    select address from customer_emails where customer_id = any(:ids)
    union select typed from customer_emails where customer_id = any(:ids)
"""
_CALLS = """
    select call from interactions where customer_id = any(:ids)
        or (customer_id is null and number = any(:numbers))
    union select call from voicemails where customer_id = any(:ids) or number = any(:numbers)
    union select call from callbacks where customer_id = any(:ids) or number = any(:numbers)
    union select call from recordings where customer_id = any(:ids)
"""
_MESSAGES = """
    select id from voicemails where customer_id = any(:ids) or number = any(:numbers)
        or call = any(:calls)
"""


def forms(number: str) -> set[str]:
    """How a telephone number may stand in what carriers send and people type."""
    found = {number}
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return found  # an extension
    national = phonenumbers.national_significant_number(parsed)
    found |= {number.lstrip("+"), "00" + number.lstrip("+")}
    if len(national) >= NATIONAL_DIGITS_MIN:
        found |= {national, "0" + national}
    return found
