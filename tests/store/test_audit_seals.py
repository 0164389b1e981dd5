"""Nothing sealed can be changed, removed or put in between unseen; sealing disturbs nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.audit import note
from callcenter.store.audit_seals import seal, verify
from callcenter.store.engine import make_sessions

pytestmark = [pytest.mark.db, pytest.mark.anyio]


async def written(engine: AsyncEngine, *subjects: str) -> None:
    async with make_sessions(engine)() as session:
        for subject in subjects:
            await note(session, "tests", "changed", subject, {"name": "张伟", "n": 1.5})
            await session.flush()
        await session.commit()


async def forced(engine: AsyncEngine, statement: str) -> None:
    """As somebody does who is the master of the database: without the trigger."""
    async with engine.begin() as connection:
        await connection.execute(text("alter table audit disable trigger user"))
        await connection.execute(text(statement))
        await connection.execute(text("alter table audit enable trigger user"))


async def test_each_way_of_changing_what_is_sealed_is_found(engine: AsyncEngine) -> None:
    assert not await seal(engine)
    await written(engine, "one", "two", "three")
    assert await seal(engine)
    await written(engine, "four", "five")
    assert await seal(engine)
    await written(engine, "six")
    whole = await verify(engine)
    assert (whole.lines, whole.seals, whole.unsealed, whole.wrong) == (5, 2, 1, "")
    other = "update audit set subject = '{}' where subject = '{}'"
    await forced(engine, other.format("other", "two"))
    assert "lines 1 to 3" in (await verify(engine)).wrong
    await forced(engine, other.format("two", "other"))
    assert (await verify(engine)).wrong == ""
    later = "update audit set at = at {} interval '1 second' where subject = 'five'"
    await forced(engine, later.format("+"))
    assert "lines 4 to 5" in (await verify(engine)).wrong
    await forced(engine, later.format("-"))
    assert (await verify(engine)).wrong == ""
    await forced(engine, "delete from audit where subject = 'four'")
    assert "1 lines where 2 were sealed" in (await verify(engine)).wrong


@pytest.mark.parametrize("table", ["audit", "audit_seals"])
@pytest.mark.parametrize("change", ["delete from {}", "truncate {}", "update {} set at = now()"])
async def test_the_product_itself_cannot_change_a_line(
    engine: AsyncEngine, table: str, change: str
) -> None:
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            await connection.execute(text(change.format(table)))


async def test_it_does_not_seal_over_somebody_who_is_writing(engine: AsyncEngine) -> None:
    await written(engine, "before")
    async with make_sessions(engine)() as session:
        await note(session, "tests", "slow", "", {})
        await session.flush()
        assert not await seal(engine)
        await session.commit()
    assert await seal(engine)
