"""Forms of calls for the web layer: each method is one transaction. Times are arguments, in UNIX
seconds.

A form is filed before the call is closed, and may be filed again until then; what follows from it
is made once. Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.crm.call_forms import asking, repository
from callcenter.crm.call_forms.schemas import RECENT_MAX, FiledForm, Filing, FollowUp, FormWrong
from callcenter.crm.customers.checking import one_line
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.engine import make_sessions
from callcenter.store.ledger_rows import plain
from callcenter.store.times import to_datetime

NOTE_MAX = 4000
TITLE_MAX = 200


class CallForms:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def check(self, filing: Filing, now: float) -> None:
        """Raises FormWrong; writes nothing."""
        async with self._sessions() as session:
            await self._checked(session, filing, now)

    async def file(
        self, filing: Filing, *, now: float, by: str, name: str, made: str | None = None
    ) -> FiledForm:
        """Keep the form, and make the task that follows. `made`: the callback that was made of it.
        Raises FormWrong."""
        async with self._sessions.begin() as session:
            clean, fields, complete = await self._checked(session, filing, now)
            row = await repository.one(session, filing.call, filing.agent)
            if row is None:
                row = tables.CallForm(
                    call=filing.call, agent=filing.agent, revision=0, follow_up={}
                )
                session.add(row)
            row.queue, row.customer_id = filing.queue, as_uuid(filing.customer or "")
            row.disposition = filing.path[-1].code if filing.path else ""
            row.path = [asdict(step) for step in filing.path]
            row.fields, row.values, row.complete = fields, clean, complete
            row.filed, row.revision = to_datetime(now), row.revision + 1
            if filing.follow_up is not None and not row.follow_up:
                wanted = filing.follow_up
                id = made or await _task(session, filing, wanted, now=now, by=by, name=name)
                row.follow_up = {"kind": wanted.kind, "id": id, "due": wanted.due}
            await session.flush()
            return repository.value_of(row)

    async def lacks(self, call: str, agent: str, queue: str | None, path: Sequence[str]) -> bool:
        """Whether something that this agent's call must have, closed this way (codes from the root
        to the disposition), is not filed."""
        async with self._sessions() as session:
            fields = asking.fields_for(await repository.forms(session), queue, path)
            if not any(field.required for field in fields):
                return False
            found = await repository.of_call(session, call)
        values = next((form.values for form in found if form.agent == agent), {})
        return bool(asking.checked(fields, values, may_lack=False)[1])

    async def of_call(self, call: str) -> Sequence[FiledForm]:
        async with self._sessions() as session:
            return await repository.of_call(session, call)

    async def filed(self, call: str, agent: str) -> FiledForm | None:
        found = await self.of_call(call)
        return next((form for form in found if form.agent == agent), None)

    async def recent(self, agent: str) -> Sequence[str]:
        """The dispositions this agent chose last, without doubles."""
        async with self._sessions() as session:
            lately = await repository.chosen_lately(session, agent)
        return list(dict.fromkeys(lately))[: RECENT_MAX * 4]

    async def _checked(
        self, session: AsyncSession, filing: Filing, now: float
    ) -> tuple[dict[str, object], list[dict[str, object]], bool]:
        forms = await repository.forms(session)
        fields = asking.fields_for(forms, filing.queue, [step.code for step in filing.path])
        values = plain(dict(filing.values))
        assert isinstance(values, dict)
        clean, flaws, complete = asking.checked(fields, values, may_lack=filing.may_lack)
        late = filing.follow_up and asking.flaw_of(filing.follow_up, now)
        if late:
            flaws.append(late)
        if flaws:
            raise FormWrong(flaws)
        return clean, [field.model_dump(mode="json") for field in fields], complete


async def _task(
    session: AsyncSession, filing: Filing, wanted: FollowUp, *, now: float, by: str, name: str
) -> str:
    names = [step.name for step in filing.path]
    row = tables.Task(
        kind=wanted.kind,
        title=(one_line(wanted.title) or " › ".join(names) or "Follow-up")[:TITLE_MAX],
        note=printable(wanted.note, NOTE_MAX).strip(),
        customer_id=as_uuid(filing.customer or ""),
        number=one_line(filing.number)[:80],
        owner_agent=wanted.owner_agent,
        due=to_datetime(wanted.due),
        created=to_datetime(now),
        user_id=as_uuid(by),
        user_name=printable(name, 120),
    )
    session.add(row)
    await session.flush()
    return str(row.id)
