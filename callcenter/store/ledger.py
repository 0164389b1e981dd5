"""The interaction log, exactly once: effects go to the outbox, from there in batches to PostgreSQL.

The database may be away for as long as the outbox lasts; routing goes on and nothing is lost. Every
record has an id of its own, so writing one twice changes nothing. A record that the database
refuses for its content is set aside in `rejected.jsonl` with an alarm and never blocks the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from callcenter.core.effects import RecordInteraction
from callcenter.store.ledger_rows import WRITE, Record, grouped, to_line
from callcenter.store.outbox import Batch, Outbox
from callcenter.store.quick import TROUBLE, Quick

log = logging.getLogger(__name__)

Alarm = Callable[[str, str], None]
Rejected = tuple[bytes, str]

BATCH_LINES_MAX = 500
SYNC_EACH_SECONDS = 0.02
GATHER_SECONDS = 0.2
DISK_RETRY_SECONDS = 0.5
RETRY_SECONDS_MIN = 0.1
RETRY_SECONDS_MAX = 2.0
DEPTH_ALARM = 50_000


@dataclass(frozen=True, slots=True)
class LedgerHealth:
    """`depth`: records not yet in the database. `database`: whether the last try succeeded.
    `trouble`: empty, or what an administrator must know."""

    depth: int
    bytes_on_disk: int
    database: bool
    flushed: int
    rejected: int
    refused: int
    trouble: str


class Ledger:
    """`append` returns at once; `run` syncs and flushes until cancelled. `alarm(code, text)` is
    called once when trouble begins."""

    def __init__(self, database: Quick, outbox: Outbox, alarm: Alarm) -> None:
        self._writing = database
        self._outbox = outbox
        self._alarm = alarm
        self._arrived = asyncio.Event()
        self._urgent = asyncio.Event()
        self._written = asyncio.Event()
        self._alarmed: set[str] = set()
        self._flushed = 0
        self._rejected = 0
        self._database = True
        self._reason = ""

    def append(self, record: Record) -> None:
        """Keep `record`: written to disk (not yet synced) when this returns."""
        self._outbox.append(to_line(record))
        self._check_trouble()
        self._written.set()
        self._arrived.set()
        if isinstance(record, RecordInteraction):
            self._urgent.set()  # somebody may look for the call in the history right now

    def health(self) -> LedgerHealth:
        outbox = self._outbox
        return LedgerHealth(
            depth=outbox.depth,
            bytes_on_disk=outbox.bytes_on_disk,
            database=self._database,
            flushed=self._flushed,
            rejected=self._rejected,
            refused=outbox.counts.refused,
            trouble=outbox.trouble or self._reason,
        )

    # -- the two loops ------------------------------------------------------------------------
    async def run(self) -> None:
        """Sync and flush until cancelled; what is then left is flushed at the next start."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sync_forever())
            tasks.create_task(self._flush_forever())

    async def _sync_forever(self) -> None:
        while True:
            # A disk that refused is tried again, also when nothing new arrives.
            await wait_at_most(self._written, DISK_RETRY_SECONDS if self._outbox.trouble else None)
            self._written.clear()
            self._outbox.write_waiting()
            if self._outbox.needs_sync:
                await asyncio.to_thread(self._outbox.sync)
            self._check_trouble()
            await asyncio.sleep(SYNC_EACH_SECONDS)

    async def _flush_forever(self) -> None:
        retry = RETRY_SECONDS_MIN
        while True:
            if self._outbox.depth == 0:
                self._arrived.clear()
                await self._arrived.wait()
                await wait_at_most(self._urgent, GATHER_SECONDS)  # a few rows cost as much as one
            self._urgent.clear()
            if await self.flush():
                retry = RETRY_SECONDS_MIN
            else:
                await asyncio.sleep(retry)
                retry = min(retry * 2, RETRY_SECONDS_MAX)

    async def flush(self) -> bool:
        """Bring the oldest batch into the database. False: the database is away or unwell."""
        batch = self._outbox.peek(BATCH_LINES_MAX)
        try:
            rejected = await self._write(batch)
        except TROUBLE as problem:
            self._away(problem)
            return False
        for payload, reason in rejected:
            self._reject(payload, reason)
        self._outbox.settle(batch)
        self._flushed += len(batch.payloads)
        if not self._database:
            log.info("the database is back; %d records to go", self._outbox.depth)
        self._database, self._reason = True, ""
        self._alarmed.discard("database-away")
        return True

    def _away(self, problem: BaseException) -> None:
        self._reason = f"the database does not take records: {first_line(problem)}"
        if self._database:
            log.warning("%s; %d records wait in the outbox", self._reason, self._outbox.depth)
        self._database = False
        self._raise_alarm("database-away", self._reason)

    # -- writing ------------------------------------------------------------------------------
    async def _write(self, batch: Batch) -> list[Rejected]:
        """Write the batch as a whole; what can never be written is returned."""
        if not batch.payloads:
            return []
        try:
            await self._writing.fetch(WRITE, *grouped(batch.payloads))
        except (asyncpg.PostgresError, ValueError) as problem:
            if not content_refused(problem):
                raise
            return await self._write_singly(batch)
        return []

    async def _write_singly(self, batch: Batch) -> list[Rejected]:
        """One of the batch is bad: find it, keep the others."""
        rejected: list[Rejected] = []
        for payload in batch.payloads:
            try:
                await self._writing.fetch(WRITE, *grouped([payload]))
            except (asyncpg.PostgresError, ValueError) as problem:
                if not content_refused(problem):
                    raise
                rejected.append((payload, first_line(problem)))
        return rejected

    def _reject(self, payload: bytes, reason: str) -> None:
        path = self._outbox.directory / "rejected.jsonl"
        self._rejected += 1
        append_line(path, payload)
        self._raise_alarm(
            "record-rejected",
            f"the database refuses a record for its content ({reason}); it is kept in {path.name}",
        )

    def _check_trouble(self) -> None:
        trouble = self._outbox.trouble
        if trouble:
            self._raise_alarm("outbox", trouble)
        else:
            self._alarmed.discard("outbox")
        if self._outbox.depth > DEPTH_ALARM:
            self._raise_alarm("outbox-deep", f"{self._outbox.depth} records wait for the database")
        else:
            self._alarmed.discard("outbox-deep")

    def _raise_alarm(self, code: str, text: str) -> None:
        if code not in self._alarmed:
            self._alarmed.add(code)
            log.warning("alarm %s: %s", code, text)
            self._alarm(code, text)


async def wait_at_most(event: asyncio.Event, seconds: float | None) -> None:
    """Until `event` is set, or `seconds` have passed (None: as long as it takes)."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def content_refused(problem: BaseException) -> bool:
    """Whether the database (or its driver) refuses what is in a row, as against being unwell:
    SQLSTATE classes 22 (data) and 23 (integrity), or a value that cannot be encoded at all."""
    if isinstance(problem, asyncpg.PostgresError):
        return str(problem.sqlstate or "")[:2] in ("22", "23")
    return isinstance(problem, ValueError)


def first_line(problem: BaseException) -> str:
    """The first line of an error's text: SQLAlchemy appends statement and values below it."""
    text = str(problem).strip()
    return text.splitlines()[0][:300] if text else type(problem).__name__


def append_line(path: Path, payload: bytes) -> None:
    with path.open("ab") as file:
        file.write(payload + b"\n")
