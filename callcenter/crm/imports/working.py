"""The background work on imports: batch after batch, each one transaction with its own count.

A batch is done once and counted with what it made, so a restart goes on with the next one; the row
of the import is locked meanwhile, so that two services never do the same one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.crm.customers import repository as customers_repository
from callcenter.crm.customers.checking import Checked, checked
from callcenter.crm.customers.schemas import Rejected
from callcenter.crm.customers.service import Customers, refused_by_the_database
from callcenter.crm.fields.repository import customer_fields
from callcenter.crm.fields.schemas import OwnField
from callcenter.crm.imports import repository
from callcenter.crm.imports.mapping import CellWrong, draft_of, joined
from callcenter.crm.imports.reading import read_table
from callcenter.crm.imports.schemas import FileWrong, RowFlaw, Table
from callcenter.store import tables
from callcenter.store.audit import note
from callcenter.store.engine import make_sessions
from callcenter.store.ledger import first_line
from callcenter.store.ledger_rows import plain

log = logging.getLogger(__name__)

BATCH = 200
FLAWS_MAX = 1000
EACH_SECONDS = 1.0
FIRST_ROW = 2  # as a spreadsheet counts: the names are row 1


@dataclass
class _Open:
    """The file in hand. `seen`: numbers and e-mails of the rows so far, which a dry run does not
    find in the database."""

    id: str
    table: Table
    seen: set[str] = field(default_factory=set)


class ImportWorker:
    def __init__(self, engine: AsyncEngine, customers: Customers, country: str) -> None:
        self._sessions = make_sessions(engine)
        self._customers = customers
        self._country = country
        self._open: _Open | None = None

    async def run(self) -> None:
        """Until cancelled. While the database is away it waits."""
        while True:
            try:
                busy = await self.work_once()
            except (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError) as problem:
                log.warning("an import waits: %s", first_line(problem))
                busy = False
            await asyncio.sleep(0 if busy else EACH_SECONDS)

    async def work_once(self) -> bool:
        """One batch of the oldest import. False: there is nothing to do."""
        async with self._sessions.begin() as session:
            row = await repository.next_to_do(session)
            if row is None:
                self._open = None
                return False
            opened = await self._opened(row)
            if opened is None:
                return True
            fields = await customer_fields(session)
            batch = opened.table.rows[row.done : row.done + BATCH]
            flaws: list[RowFlaw] = []
            for at, cells in enumerate(batch, row.done + FIRST_ROW):
                if not cells:
                    row.skipped += 1
                    continue
                flaws += await self._one(session, row, opened, at, cells, fields)
            kept = [*row.flaws, *(plain(flaw) for flaw in flaws)]
            row.flaws = kept[:FLAWS_MAX]
            row.done += len(batch)
            row.state = "running"
            if row.done >= row.total:
                await self._finish(session, row)
        return True

    async def _opened(self, row: tables.CustomerImport) -> _Open | None:
        """The file read; None: it cannot be, and the import has failed."""
        if self._open is None or self._open.id != str(row.id) or row.done == 0:
            try:
                content = row.content or b""
                table = await asyncio.to_thread(read_table, row.file_name, content)
            except FileWrong as wrong:
                row.state, row.message = "failed", str(wrong)
                return None
            self._open = _Open(str(row.id), table)
        return self._open

    async def _finish(self, session: AsyncSession, row: tables.CustomerImport) -> None:
        row.state = "finished"
        self._open = None
        if not row.options["dry_run"]:
            row.content = None
        counts = {"made": row.made, "changed": row.changed, "failed": row.failed}
        await note(session, str(row.user_id or "import"), "import.done", str(row.id), counts)

    # -- one row ------------------------------------------------------------------------------
    async def _one(
        self,
        session: AsyncSession,
        row: tables.CustomerImport,
        opened: _Open,
        at: int,
        cells: Sequence[str],
        fields: Sequence[OwnField],
    ) -> list[RowFlaw]:
        """Do one row and count it; what is wrong with it."""
        wanted = [column["target"] for column in row.options["columns"]]
        try:
            draft = draft_of(cells, wanted)
        except CellWrong as wrong:
            return _failed(row, at, (wrong.args,))
        policy, dry = row.options["duplicates"], row.options["dry_run"]
        right = checked(draft, self._country, fields)
        # A row that only adds to somebody may lack what a new customer needs.
        optional = [one for one in fields if not one.required] if policy == "update" else fields
        partly = checked(draft, self._country, optional)
        if isinstance(partly, Rejected):
            return _failed(row, at, partly.flaws)
        keys = _keys(partly)
        found = [] if policy == "create" else await _same(session, partly)
        twice = dry and not found and policy != "create" and not keys.isdisjoint(opened.seen)
        opened.seen |= keys if dry else set()
        if twice or (found and policy == "skip"):
            row.skipped += 1 if policy == "skip" else 0
            row.changed += 1 if policy == "update" else 0
            return []
        if len(found) > 1:
            names = ", ".join(one.name for one in found[:3])
            return _failed(row, at, (("numbers", f"several customers have this: {names}"),))
        if found:
            before = customers_repository.value_of(found[0])
            right = checked(joined(before, draft, wanted), self._country, fields)
        if isinstance(right, Rejected):
            return _failed(row, at, right.flaws)
        refused = await self._kept(session, row, found[0] if found else None, right, dry)
        return _failed(row, at, refused.flaws) if refused else []

    async def _kept(
        self,
        session: AsyncSession,
        row: tables.CustomerImport,
        found: tables.Customer | None,
        right: Checked,
        dry: bool,
    ) -> Rejected | None:
        by = str(row.user_id or "import")
        owner = right.draft.owner_agent
        if owner and await session.get(tables.AgentRecord, owner) is None:
            return Rejected((("owner_agent", f"there is no agent {owner!r}"),))
        if not dry:
            try:
                async with session.begin_nested():
                    if found is None:
                        await self._customers.made(session, right, by)
                    else:
                        self._customers.changed(found, right, by)
                    await session.flush()
            except IntegrityError as problem:
                return refused_by_the_database(problem)
        if found is None:
            row.made += 1
        else:
            row.changed += 1
        return None


def _failed(row: tables.CustomerImport, at: int, flaws: Sequence[tuple[str, str]]) -> list[RowFlaw]:
    row.failed += 1
    return [RowFlaw(at, where, message) for where, message in flaws]


def _keys(right: Checked) -> set[str]:
    return {n.e164 for n in right.numbers} | {e.address for e in right.emails}


async def _same(session: AsyncSession, right: Checked) -> list[tables.Customer]:
    """Customers who have one of the numbers or e-mails."""
    numbers = [number.e164 for number in right.numbers]
    emails = [email.address for email in right.emails]
    if not numbers and not emails:
        return []
    row, number, email = tables.Customer, tables.CustomerNumber, tables.CustomerEmail
    query = (
        select(row)
        .where(
            row.merged_into.is_(None),
            or_(
                row.id.in_(select(number.customer_id).where(number.e164.in_(numbers))),
                row.id.in_(select(email.customer_id).where(email.address.in_(emails))),
            ),
        )
        .order_by(row.id)
        .limit(5)
    )
    return list(await session.scalars(query))
