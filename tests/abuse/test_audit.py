"""A14: the audit cannot be changed by the product, and not unseen by the master of its database."""

from __future__ import annotations

import itertools
import random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.audit import note
from callcenter.store.audit_seals import seal, verify
from callcenter.store.engine import make_sessions
from tests.abuse.figures import SEED, Abuse

pytestmark = [pytest.mark.db, pytest.mark.anyio]

COLUMNS = {
    "at": "at + interval '1 second'",
    "user_id": "gen_random_uuid()",
    "action": "action || 'x'",
    "subject": "subject || 'x'",
    "detail": "detail || '{\"x\": 1}'",
    "ip": "ip || 'x'",
}
WAYS = [
    "delete from {}",
    "truncate {}",
    "truncate {} cascade",
    "update {} set at = now()",
    "with gone as (delete from {} returning id) select * from gone",
    "insert into {0} overriding system value select * from {0} on conflict (id) do update"
    " set at = now()",
    "merge into {0} t using {0} s on t.id = s.id when matched then delete",
    "merge into {0} t using {0} s on t.id = s.id when matched then update set at = now()",
]


async def written(engine: AsyncEngine, count: int) -> None:
    for _ in range(3):
        async with make_sessions(engine)() as session:
            for number in range(count // 3 + 1):
                await note(session, "tests", "changed", f"thing {number}", {"name": "张伟"})
                await session.flush()
            await session.commit()
        assert await seal(engine)


async def test_a14_changing_the_audit(engine: AsyncEngine, abuse: Abuse) -> None:
    await written(engine, abuse.count(12, 300))
    refused = 0
    ways = [way.format(table) for way, table in itertools.product(WAYS, ("audit", "audit_seals"))]
    ways += [f"update audit set {name} = {value} where id = 2" for name, value in COLUMNS.items()]
    for way in ways:
        async with engine.connect() as connection:
            try:
                await connection.execute(text(way))
            except DBAPIError as error:
                refused += "append-only" in str(error)
    abuse.note(
        "A14",
        "statements that alter or delete lines, as the product's own user",
        f"{len(ways)} refused",
        f"{refused} refused",
        refused == len(ways),
        "who owns the tables can switch the trigger off: that the chain shows",
    )
    found, tried = await _forged(engine, abuse.count(14, 300))
    abuse.reached(
        "A14",
        "lines changed or removed by the tables' owner without the trigger",
        f"{tried} chain breaks found",
        f"{found} found",
        found == tried and refused == len(ways),
    )


async def _forged(engine: AsyncEngine, count: int) -> tuple[int, int]:
    """Each forgery alone, rolled back after the chain was worked out: (found, tried)."""
    dice = random.Random(SEED)
    async with engine.connect() as connection:
        top = await connection.scalar(text("select max(id) from audit"))
    found = 0
    for number in range(count):
        id = dice.randint(1, top)
        name, value = dice.choice(list(COLUMNS.items()))
        kept = "create table kept as select * from audit"
        forge = f"update audit set {name} = {value} where id = {id}"
        if number % 3 == 0:
            forge = f"delete from audit where id = {id}"
        await _as_owner(engine, kept, forge)
        found += bool((await verify(engine)).wrong)
        back = "insert into audit overriding system value select * from kept"
        await _as_owner(engine, "delete from audit", back, "drop table kept")
        assert (await verify(engine)).wrong == ""
    return found, count


async def _as_owner(engine: AsyncEngine, *statements: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("alter table audit disable trigger user"))
        for statement in statements:
            await connection.execute(text(statement))
        await connection.execute(text("alter table audit enable trigger user"))
