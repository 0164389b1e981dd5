"""Filed forms in the database, in the session that is given."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.call_forms.schemas import CallFormDefinition, FiledForm
from callcenter.crm.definitions import repository as definitions
from callcenter.store import tables

Row = tables.CallForm
LOOKED_BACK = 200


async def forms(session: AsyncSession) -> list[CallFormDefinition]:
    return [
        CallFormDefinition.model_validate({**one.body, "code": one.code})
        for one in await definitions.read(session, "call_form")
    ]


async def one(session: AsyncSession, call: str, agent: str) -> Row | None:
    return await session.get(Row, (call, agent), with_for_update=True)


async def of_call(session: AsyncSession, call: str) -> list[FiledForm]:
    rows = await session.scalars(select(Row).where(Row.call == call).order_by(Row.filed))
    return [value_of(row) for row in rows]


async def chosen_lately(session: AsyncSession, agent: str) -> list[str]:
    """The agent's last dispositions, newest first, each as often as he chose it."""
    part = tables.InteractionPart
    query = (
        select(part.disposition)
        .where(part.agent == agent, part.disposition != "")
        .order_by(part.began_at.desc())
        .limit(LOOKED_BACK)
    )
    return list(await session.scalars(query))


def value_of(row: Row) -> FiledForm:
    return FiledForm(
        agent=row.agent,
        queue=row.queue,
        disposition=row.disposition,
        path=row.path,
        fields=row.fields,
        values=row.values,
        follow_up=row.follow_up,
        complete=row.complete,
        filed=row.filed,
    )
