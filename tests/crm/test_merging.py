"""Two records of one customer made one: nothing is lost, the caller is found, and it is undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.schemas import (
    Changed,
    Customer,
    CustomerDraft,
    Merge,
    NotMergeable,
)
from callcenter.crm.customers.service import Customers
from callcenter.store.customer_record import records_by_number
from callcenter.store.ledger_rows import WRITE, grouped, to_line
from callcenter.store.quick import Quick
from tests.store.records import interaction

pytestmark = [pytest.mark.db, pytest.mark.anyio]

BY = "8a4f0d8e-52b5-4c94-9d2e-d9d5c7a2b111"
OLD = CustomerDraft(
    "王小明",
    (("13800138000", "手机"),),
    (("wang@example.com", ""),),
    notes="first",
    tags=("a", "b"),
    custom={"contract": "K-1", "size": 3},
    consent={"call": "granted"},
)
NEW = CustomerDraft(
    "Wang Xiaoming",
    (("13800138000", ""), ("13900139000", "办公")),
    (("WANG@example.com", ""), ("xm@example.com", "")),
    company="青松",
    notes="second",
    tags=("b", "c"),
    vip=True,
    custom={"size": 4, "colour": "red"},
    consent={"call": "refused"},
)


@pytest.fixture
async def customers(engine: AsyncEngine) -> Customers:
    async with engine.begin() as connection:
        await connection.execute(text("truncate customers, interactions cascade"))
    return Customers(engine, "CN")


async def made(customers: Customers, draft: CustomerDraft) -> Customer:
    customer = await customers.create(draft, by=BY)
    assert isinstance(customer, Customer)
    return customer


async def merged(customers: Customers, kept: Customer, other: Customer) -> tuple[Merge, Customer]:
    versions = (kept.version, other.version)
    done = await customers.merge(kept.id, other.id, versions=versions, by=BY, name="Sofia")
    assert done is not None
    return done


async def records(engine: AsyncEngine, number: str) -> list[dict[str, object]]:
    quick = Quick(engine.url.render_as_string(hide_password=False))
    try:
        return await records_by_number(quick, number)
    finally:
        await quick.close()


async def write(engine: AsyncEngine, call: str, customer: str, **more: float) -> None:
    quick = Quick(engine.url.render_as_string(hide_password=False))
    try:
        line = to_line(interaction(call, 1, customer=customer, **more))
        await quick.fetch(WRITE, *grouped([line]))
    finally:
        await quick.close()


async def test_the_kept_one_has_what_either_had(customers: Customers) -> None:
    old, new = await made(customers, OLD), await made(customers, NEW)
    merge, kept = await merged(customers, old, new)
    assert (merge.merged_name, merge.by) == ("Wang Xiaoming", "Sofia")
    assert (kept.name, kept.company, kept.vip) == ("王小明", "青松", True)
    assert [n.e164 for n in kept.numbers] == ["+8613800138000", "+8613900139000"]
    assert [e.address for e in kept.emails] == ["wang@example.com", "xm@example.com"]
    assert kept.notes == "first\n\nsecond"
    assert kept.tags == ("a", "b", "c")
    assert kept.custom == {"contract": "K-1", "size": 3, "colour": "red"}
    assert kept.consent["call"]["state"] == "refused"
    found, _ = await customers.search("wang")
    assert [one.id for one in found] == [old.id]


async def test_a_caller_is_found_once_with_the_calls_of_both(
    customers: Customers, engine: AsyncEngine
) -> None:
    old, new = await made(customers, OLD), await made(customers, NEW)
    await write(engine, "1.1", old.id)
    await write(engine, "2.1", new.id, started_at=1_790_000_100.0)
    await merged(customers, old, new)
    await write(engine, "3.1", new.id, started_at=1_790_000_200.0)  # went on during the merge
    [record] = await records(engine, "+8613900139000")
    assert record["id"] == old.id
    calls = record["interactions"]
    assert isinstance(calls, list)
    assert [call["call"] for call in calls] == ["3.1", "2.1", "1.1"]
    by_old_id = await customers.record(new.id)
    assert by_old_id is not None
    assert by_old_id["id"] == old.id


async def test_undoing_gives_both_back_as_they_were(
    customers: Customers, engine: AsyncEngine
) -> None:
    old, new = await made(customers, OLD), await made(customers, NEW)
    merge, _ = await merged(customers, old, new)
    undone = await customers.undo_merge(merge.id, by=BY)
    assert undone is not None

    def plain(customer: Customer) -> Customer:
        return replace(customer, version=0, updated=None)

    assert (plain(undone[0]), plain(undone[1])) == (plain(old), plain(new))
    assert {r["id"] for r in await records(engine, "+8613800138000")} == {old.id, new.id}
    assert [m.undone_at is None for m in await customers.merges(old.id)] == [False]
    with pytest.raises(NotMergeable, match="already"):
        await customers.undo_merge(merge.id, by=BY)


async def test_what_was_changed_since_the_merge_stays(customers: Customers) -> None:
    old, new = await made(customers, OLD), await made(customers, NEW)
    merge, kept = await merged(customers, old, new)
    draft = replace(
        OLD,
        numbers=(("13900139000", ""), ("13700137000", "")),
        company="红松",
        tags=("c", "d"),
        custom=dict(kept.custom),
    )
    await customers.update(old.id, draft, version=kept.version, by=BY)
    undone = await customers.undo_merge(merge.id, by=BY)
    assert undone is not None
    assert undone[0].company == "红松"
    assert [n.e164 for n in undone[0].numbers] == ["+8613700137000"]
    assert undone[0].tags == ("d",)
    assert undone[0].custom == OLD.custom


async def test_merges_of_merges_are_undone_from_the_last(customers: Customers) -> None:
    one, two, three = [
        await made(customers, CustomerDraft(name, ((f"1380013800{at}", ""),)))
        for at, name in enumerate(("one", "two", "three"))
    ]
    first, two_kept = await merged(customers, two, three)
    second, kept = await merged(customers, one, two_kept)
    assert len(kept.numbers) == 3
    with pytest.raises(NotMergeable, match="later merge first"):
        await customers.undo_merge(first.id, by=BY)
    assert await customers.undo_merge(second.id, by=BY) is not None
    again = await customers.undo_merge(first.id, by=BY)
    assert again is not None
    assert [len(c.numbers) for c in again] == [1, 1]
    assert (await customers.customer(one.id) or one).numbers == one.numbers


async def test_a_merge_of_what_was_changed_meanwhile_is_refused(customers: Customers) -> None:
    old, new = await made(customers, OLD), await made(customers, NEW)
    await customers.update(new.id, replace(NEW, notes="x"), version=1, by=BY)
    with pytest.raises(Changed):
        await customers.merge(old.id, new.id, versions=(1, 1), by=BY, name="")
    with pytest.raises(NotMergeable, match="itself"):
        await customers.merge(old.id, old.id, versions=(1, 1), by=BY, name="")
    nobody = "00000000-0000-0000-0000-000000000000"
    assert await customers.merge(old.id, nobody, versions=(1, 1), by=BY, name="") is None
    _, kept = await merged(customers, old, replace(new, version=2))
    with pytest.raises(Changed):
        await customers.update(new.id, NEW, version=3, by=BY)
    with pytest.raises(NotMergeable, match="already"):
        await customers.merge(new.id, old.id, versions=(3, kept.version), by=BY, name="")
