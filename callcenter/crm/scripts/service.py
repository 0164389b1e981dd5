"""Scripts for the web layer: each method is one transaction. Times are arguments, in UNIX seconds.

A call's way through its script is kept by call, so that a reload or a transfer goes on where it
was; it stays with the version it began with. Raises OSError or SQLAlchemyError when the database is
away.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.crm.scripts import repository
from callcenter.crm.scripts.checking import problems_of
from callcenter.crm.scripts.schemas import (
    Run,
    Script,
    ScriptChanged,
    ScriptVersion,
    ScriptWrong,
    StoredScript,
)
from callcenter.store import tables
from callcenter.store.accounts import printable
from callcenter.store.audit import note as audit
from callcenter.store.engine import make_sessions
from callcenter.store.ledger_rows import plain
from callcenter.store.times import to_datetime

NOTE_MAX = 300


class Scripts:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def all(self) -> Sequence[StoredScript]:
        async with self._sessions() as session:
            return await repository.all_scripts(session)

    async def save(
        self, script: Script, *, active: bool, revision: int, now: float, name: str
    ) -> StoredScript:
        """A new state of the draft, with whatever is wrong with it; `revision` 0: a new script.
        Raises ScriptChanged."""
        async with self._sessions.begin() as session:
            row = await _locked(session, script.code, revision)
            row = row or tables.ScriptRecord(code=script.code, revision=0)
            row.draft, row.active = plain(script.model_dump(mode="json")), active
            _touch(row, now, name, ahead=True)
            session.add(row)
            await session.flush()
            await session.refresh(row)
            return repository.value_of(row)

    async def publish(
        self, code: str, note: str, *, revision: int, now: float, by: str, name: str
    ) -> StoredScript | None:
        """Make the draft the version that new calls follow. None: there is none. Raises
        ScriptChanged, ScriptWrong."""
        async with self._sessions.begin() as session:
            row = await _locked(session, code, revision)
            if row is None:
                return None
            script = Script.model_validate(row.draft)
            errors = [problem for problem in problems_of(script) if problem.error]
            if errors:
                raise ScriptWrong(errors)
            number = await repository.last_number(session, code) + 1
            session.add(
                tables.ScriptVersionRecord(
                    code=code,
                    number=number,
                    body=row.draft,
                    note=printable(note, NOTE_MAX).strip(),
                    user_name=printable(name, 120),
                    at=to_datetime(now),
                )
            )
            row.published, row.language, row.queues = number, script.language, list(script.queues)
            _touch(row, now, name, ahead=False)
            await audit(session, by, "script.publish", code, {"version": number})
            await session.flush()
            return repository.value_of(row)

    async def restore(
        self, code: str, number: int, *, revision: int, now: float, name: str
    ) -> StoredScript | None:
        """A former version becomes the draft. None: there is none. Raises ScriptChanged."""
        async with self._sessions.begin() as session:
            row = await _locked(session, code, revision)
            body = await repository.body(session, code, number)
            if row is None or body is None:
                return None
            row.draft = plain(body.model_dump(mode="json"))
            _touch(row, now, name, ahead=number != row.published)
            await session.flush()
            return repository.value_of(row)

    async def versions(self, code: str) -> Sequence[ScriptVersion]:
        async with self._sessions() as session:
            return await repository.versions(session, code)

    # -- calls -----------------------------------------------------------------------------------
    async def of_call(
        self, call: str, queue: str | None, language: str
    ) -> tuple[Script, int, Run | None] | None:
        """The script of a call with its version, and how far it has come; None: there is none for
        this queue."""
        async with self._sessions() as session:
            row = await repository.run(session, call)
            if row is not None:
                begun = await repository.body(session, row.script, row.number)
                if begun is not None:
                    return begun, row.number, repository.run_of(row)
            found = await repository.fitting(session, queue, language)
            script = found and await repository.body(session, *found)
            return (script, found[1], None) if script and found else None

    async def go(self, call: str, agent: str, run: Run, *, now: float) -> Run | None:
        """Keep how far the call has come. `run.revision`: the one that was read, 0 for a beginning.
        None: there is no such version. Raises ScriptChanged."""
        async with self._sessions.begin() as session:
            row = await repository.run(session, call, lock=True)
            if (row.revision if row else 0) != run.revision:
                raise ScriptChanged("the script of this call went on meanwhile")
            if await repository.body(session, run.script, run.number) is None:
                return None
            if row is None:
                row = tables.ScriptRun(call=call, revision=0)
                session.add(row)
            row.script, row.number, row.agent = run.script, run.number, agent
            row.trail = [[step, plain(said)] for step, said in run.trail]
            row.revision, row.updated = row.revision + 1, to_datetime(now)
            await session.flush()
            return repository.run_of(row)


async def _locked(session: AsyncSession, code: str, revision: int) -> tables.ScriptRecord | None:
    row = await repository.find(session, code, lock=True)
    if (row.revision if row else 0) != revision:
        raise ScriptChanged("somebody else changed this script meanwhile")
    return row


def _touch(row: tables.ScriptRecord, now: float, name: str, *, ahead: bool) -> None:
    row.draft_ahead, row.revision = ahead, row.revision + 1
    row.updated, row.user_name = to_datetime(now), printable(name, 120)
