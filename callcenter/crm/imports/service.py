"""Imports for the web layer: take a file, say how its columns go, watch it work. And exports.

The work itself is done by `imports.working`, in the background. Raises OSError or SQLAlchemyError
when the database is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.schemas import Wanted
from callcenter.crm.customers.service import Customers
from callcenter.crm.fields.repository import customer_fields
from callcenter.crm.imports import mapping, repository
from callcenter.crm.imports.reading import read_table
from callcenter.crm.imports.schemas import DUPLICATES, Duplicates, Import, NotRunnable
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note
from callcenter.store.engine import make_sessions

SAMPLES = 3
SAMPLE_MAX = 80
EXPORTED_MAX = 50_000
EXPORT_PAGE = 200


class Imports:
    def __init__(self, engine: AsyncEngine, customers: Customers) -> None:
        self._sessions = make_sessions(engine)
        self._customers = customers

    async def take(self, file_name: str, content: bytes, *, by: str, name: str) -> Import:
        """Keep a file and guess its columns. Raises FileWrong."""
        table = await asyncio.to_thread(read_table, file_name, content)
        async with self._sessions.begin() as session:
            fields = await customer_fields(session)
            columns = [
                {"name": column[:SAMPLE_MAX], "target": target, "samples": samples}
                for column, target, samples in zip(
                    table.columns,
                    mapping.guessed(table.columns, fields),
                    _samples(table.columns, table.rows),
                    strict=True,
                )
            ]
            row = tables.CustomerImport(
                user_id=as_uuid(by),
                user_name=printable(name, 120),
                file_name=printable(file_name, 200) or "customers",
                content=content,
                total=len(table.rows),
                options={"columns": columns},
            )
            session.add(row)
            await session.flush()
            await session.refresh(row)
            await note(session, by, "import.take", str(row.id), {"file": row.file_name})
            return repository.value_of(row)

    async def imports(self) -> Sequence[Import]:
        async with self._sessions() as session:
            return [repository.value_of(row) for row in await repository.latest(session)]

    async def one(self, id: str) -> Import | None:
        async with self._sessions() as session:
            row = await repository.find(session, id)
            return repository.value_of(row) if row else None

    async def start(
        self, id: str, targets: Sequence[str], duplicates: Duplicates, *, dry_run: bool, by: str
    ) -> Import | None:
        """Put it in line for the background. None: there is none. Raises NotRunnable."""
        assert duplicates in DUPLICATES
        async with self._sessions.begin() as session:
            row = await repository.find(session, id, lock=True)
            if row is None:
                return None
            known = {"", *mapping.targets(await customer_fields(session))}
            columns = row.options["columns"]
            _check_start(row, targets, known, len(columns))
            row.options = {
                "columns": [
                    {**column, "target": target}
                    for column, target in zip(columns, targets, strict=True)
                ],
                "duplicates": duplicates,
                "dry_run": dry_run,
            }
            row.state, row.message, row.flaws = "waiting", "", []
            row.done = row.made = row.changed = row.skipped = row.failed = 0
            row.user_id = as_uuid(by)
            await note(session, by, "import.start", id, {"dry_run": dry_run})
            return repository.value_of(row)

    async def cancel(self, id: str, *, by: str) -> Import | None:
        """What is in already stays in."""
        async with self._sessions.begin() as session:
            row = await repository.find(session, id, lock=True)
            if row is None:
                return None
            if row.state in ("mapping", "waiting", "running"):
                row.state = "cancelled"
                await note(session, by, "import.cancel", id, {"done": row.done})
            return repository.value_of(row)

    async def export(self, text: str, wanted: Wanted, *, by: str) -> list[list[str]]:
        """The customers found, as rows under a row of headings; at most 50,000. Audited."""
        async with self._sessions.begin() as session:
            fields = await customer_fields(session)
            await note(session, by, "customer.export", "", {"search": text})
        rows = [mapping.headings(fields)]
        cursor: str | None = None
        while len(rows) <= EXPORTED_MAX:
            found, cursor = await self._customers.search(
                text, limit=EXPORT_PAGE, cursor=cursor, wanted=wanted
            )
            rows += [mapping.row_of(customer, fields) for customer in found]
            if cursor is None:
                break
        return rows


def _check_start(
    row: tables.CustomerImport, targets: Sequence[str], known: set[str], columns: int
) -> None:
    """Raises NotRunnable."""
    if row.state in ("waiting", "running"):
        raise NotRunnable("the import is at work already")
    if row.content is None:
        raise NotRunnable("this file was imported already; send it again to repeat it")
    if len(targets) != columns:
        raise NotRunnable(f"the file has {columns} columns, {len(targets)} were given")
    unknown = set(targets) - known
    if unknown:
        raise NotRunnable(f"there is no field {', '.join(sorted(unknown))}")
    if "name" not in targets:
        raise NotRunnable("no column goes to the name, which every customer must have")
    for target in set(targets) - mapping.SEVERAL - {""}:
        if list(targets).count(target) > 1:
            raise NotRunnable(f"two columns go to {target}, which can have one value only")


def _samples(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    return [
        [row[at][:SAMPLE_MAX] for row in rows[:20] if row and row[at]][:SAMPLES]
        for at in range(len(columns))
    ]
