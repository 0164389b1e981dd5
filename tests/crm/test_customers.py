"""Customers: found by anything, kept as typed, changed by one at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.schemas import (
    Alike,
    Changed,
    Customer,
    CustomerDraft,
    Rejected,
    Wanted,
)
from callcenter.crm.customers.service import Customers
from callcenter.store.directory import Directory

pytestmark = [pytest.mark.db, pytest.mark.anyio]

BY = "8a4f0d8e-52b5-4c94-9d2e-d9d5c7a2b111"
WANG = CustomerDraft("王小明", (("138 0013 8000", "手机"),), company="青松科技有限公司")


@pytest.fixture
async def customers(engine: AsyncEngine) -> Customers:
    async with engine.begin() as connection:
        await connection.execute(text("truncate customers cascade"))
    await Directory(engine).put_agent("ada", {"name": "Ada"}, by="test")
    return Customers(engine, "CN")


async def made(customers: Customers, draft: CustomerDraft) -> Customer:
    customer = await customers.create(draft, by=BY)
    assert isinstance(customer, Customer)
    return customer


async def names(customers: Customers, query: str) -> list[str]:
    found, _ = await customers.search(query)
    return [customer.name for customer in found]


async def test_what_is_created_is_read_again(customers: Customers) -> None:
    draft = CustomerDraft(
        name="  王 小明\n",
        numbers=(
            ("138 0013 8000", "手机"),
            ("010-8888 8888", "办公"),
            ("+86 13800138000", "again"),
        ),
        company="青松科技",
        vip=True,
        language="zh",
        priority=2,
        value_seconds=30.0,
        owner_agent="ada",
        notes="第一行\n第二行",
        tags=("老客户", "老客户", " "),
        custom={"contract": "K-1", "nested": {"a": [1, None, True]}},
    )
    customer = await made(customers, draft)
    assert customer == await customers.customer(customer.id)
    assert customer.name == "王 小明"
    assert [(n.e164, n.label, n.typed) for n in customer.numbers] == [
        ("+8613800138000", "手机", "138 0013 8000"),
        ("+861088888888", "办公", "010-8888 8888"),
    ]
    assert (customer.tags, customer.notes) == (("老客户",), "第一行\n第二行")
    assert customer.custom == {"contract": "K-1", "nested": {"a": [1, None, True]}}
    assert (customer.version, customer.vip, customer.owner_agent) == (1, True, "ada")


@pytest.mark.parametrize(
    "query",
    [
        "王小明",
        "小明",
        "王",
        "明",
        "青松",
        "科技有限",
        "13800138000",
        "138 0013 8000",
        "0138-0013",
        "+86 138",
        "8000",
        "王小明 青松",
        "vip-club",
        "VIP-Club",
        "Ｋ－１",
        "k-1",
        "下午",
    ],
)
async def test_any_part_finds_the_customer(customers: Customers, query: str) -> None:
    await made(customers, CustomerDraft("Other Person", (("+442079460958", ""),)))
    draft = replace(WANG, tags=("VIP-Club",), custom={"contract": "K-1"}, notes="喜欢下午联系。")
    await made(customers, draft)
    assert await names(customers, query) == ["王小明"]


@pytest.mark.parametrize(
    "query", ["小红", "%", "_", "王_明", "\\", "xyz", "13900139000", "\x00x", "王小明 红"]
)
async def test_what_is_not_there_is_not_found(customers: Customers, query: str) -> None:
    await made(customers, WANG)
    assert await names(customers, query) == []


async def test_an_empty_search_gives_the_latest_changed_first(customers: Customers) -> None:
    for name in ("a", "b", "c"):
        await made(customers, CustomerDraft(name))
    first = (await customers.search("a"))[0][0]
    await customers.update(first.id, CustomerDraft("a"), version=1, by=BY)
    assert await names(customers, "") == ["a", "c", "b"]


async def test_names_that_begin_so_come_first(customers: Customers) -> None:
    await made(customers, CustomerDraft("Li Wei"))
    await made(customers, CustomerDraft("Oliver Green"))
    assert await names(customers, "li") == ["Li Wei", "Oliver Green"]


@pytest.mark.parametrize("query", ["", "person", "p"])
async def test_pages_lead_through_all_without_repeating(customers: Customers, query: str) -> None:
    for number in range(25):
        prefix = "Person" if number % 2 else "A person"
        await made(customers, CustomerDraft(f"{prefix} {number}"))
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(10):
        found, cursor = await customers.search(query, limit=4, cursor=cursor)
        seen += [customer.id for customer in found]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 25


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "WzEsMl0", "é", "W10", "bnVsbA"])
async def test_a_made_up_cursor_starts_from_the_beginning(
    customers: Customers, cursor: str
) -> None:
    await made(customers, WANG)
    found, _ = await customers.search("", cursor=cursor)
    assert len(found) == 1


async def test_people_may_share_a_telephone_but_are_told(customers: Customers) -> None:
    wang = await made(customers, WANG)
    wife = CustomerDraft("李芳", (("+8613800138000", ""),))
    assert await customers.alike(wife) == [Alike(wang, ("number",))]
    assert await customers.alike(WANG, besides=wang.id) == []
    await made(customers, wife)
    assert sorted(await names(customers, "13800138000")) == sorted(["王小明", "李芳"])


async def test_those_with_most_in_common_are_suggested_first(customers: Customers) -> None:
    mail = (("Wang@Example.com", ""),)
    one = await made(customers, CustomerDraft("王 小明", emails=mail))
    two = await made(customers, replace(WANG, emails=mail))
    await made(customers, CustomerDraft("王小明明", emails=(("other@example.com", ""),)))
    found = await customers.alike(replace(WANG, emails=(("wang@example.COM", ""),)))
    assert found == [Alike(two, ("number", "email", "name")), Alike(one, ("email",))]
    groups = await customers.doubles()
    assert [(shared, {c.id for c in who}) for shared, who in groups] == [
        ("wang@example.com", {one.id, two.id})
    ]


async def test_a_company_its_people_and_their_addresses(customers: Customers) -> None:
    firm = await made(customers, CustomerDraft("青松科技", kind="company"))
    draft = replace(WANG, company_id=firm.id, emails=((" Xiao.Ming@青松.cn ", "office"),))
    wang = await made(customers, draft)
    assert [(e.address, e.label, e.typed) for e in wang.emails] == [
        ("xiao.ming@青松.cn", "office", "Xiao.Ming@青松.cn")
    ]
    assert await names(customers, "ming@青") == ["王小明"]
    people, _ = await customers.search("", wanted=Wanted(company=firm.id))
    assert [one.name for one in people] == ["王小明"]
    companies, _ = await customers.search("", wanted=Wanted(kind="company"))
    assert [one.id for one in companies] == [firm.id]
    rejected = await customers.create(
        replace(WANG, company_id="00000000-0000-0000-0000-000000000000"), by=BY
    )
    assert rejected == Rejected((("company_id", "there is no such company"),))


async def test_a_consent_says_when_and_by_whom(engine: AsyncEngine) -> None:
    times = iter((1_790_000_000.0, 1_790_000_100.0, 1_790_000_200.0))
    customers = Customers(engine, "CN", clock=lambda: next(times))
    said = {"call": "refused", "email": "granted"}
    wang = await made(customers, replace(WANG, consent=said))
    first = wang.consent["call"]
    assert first == {"state": "refused", "at": "2026-09-21T14:13:20+00:00", "by": BY}
    change = replace(WANG, consent={"call": "refused", "email": "", "sms": "granted"})
    after = await customers.update(wang.id, change, version=1, by=BY)
    assert isinstance(after, Customer)
    assert after.consent["call"] == first
    assert set(after.consent) == {"call", "sms"}
    kept = await customers.update(wang.id, WANG, version=2, by=BY)
    assert isinstance(kept, Customer)
    assert kept.consent == after.consent


@pytest.mark.parametrize(
    ("draft", "where"),
    [
        (CustomerDraft(" "), "name"),
        (CustomerDraft("x" * 201), "name"),
        (CustomerDraft("x", (("abc", ""),)), "numbers.0"),
        (CustomerDraft("x", (("13800138000", ""), ("anonymous", ""))), "numbers.1"),
        (CustomerDraft("x", owner_agent="nobody"), "owner_agent"),
        (CustomerDraft("x", emails=(("a@b", ""),)), "emails.0"),
        (CustomerDraft("x", emails=(("a@b.cc", ""), ("x@a.b, y@c.d", ""))), "emails.1"),
        (CustomerDraft("x", consent={"pigeon": "granted"}), "consent"),
        (CustomerDraft("x", consent={"call": "perhaps"}), "consent"),
        (CustomerDraft("x", notes="n" * 9000), "notes"),
        (CustomerDraft("x", tags=("t" * 41,)), "tags"),
        (CustomerDraft("x", custom={"a": "b" * 30_000}), "custom"),
        (CustomerDraft("x", priority=1000), "priority"),
        (CustomerDraft("x", value_seconds=float("nan")), "value_seconds"),
    ],
)
async def test_what_cannot_be_kept_is_named(
    customers: Customers, draft: CustomerDraft, where: str
) -> None:
    rejected = await customers.create(draft, by=BY)
    assert isinstance(rejected, Rejected)
    assert [place for place, _ in rejected.flaws] == [where]
    assert await names(customers, "") == []


async def test_a_change_replaces_everything_and_counts(customers: Customers) -> None:
    wang = await made(customers, WANG)
    draft = CustomerDraft("王大明", (("13800138000", "家"), ("1001", "内线")), notes="new")
    changed = await customers.update(wang.id, draft, version=1, by=BY)
    assert isinstance(changed, Customer)
    assert (changed.name, changed.company, changed.version) == ("王大明", "", 2)
    assert [(n.e164, n.label) for n in changed.numbers] == [
        ("+8613800138000", "家"),
        ("1001", "内线"),
    ]
    assert await names(customers, "小明") == []
    assert await names(customers, "大明") == ["王大明"]
    assert await customers.update("no uuid", draft, version=1, by=BY) is None


async def test_of_two_changes_at_once_the_second_is_told(customers: Customers) -> None:
    wang = await made(customers, WANG)
    first = await customers.update(wang.id, replace(WANG, notes="first"), version=1, by=BY)
    with pytest.raises(Changed) as meanwhile:
        await customers.update(wang.id, replace(WANG, notes="second"), version=1, by=BY)
    assert meanwhile.value.current == 2
    assert meanwhile.value.customer == first
    assert await customers.customer(wang.id) == first


async def test_the_card_has_the_whole_record(customers: Customers) -> None:
    wang = await made(customers, replace(WANG, vip=True, owner_agent="ada"))
    card = await customers.card(wang.id)
    assert card is not None
    assert (card.id, card.name, card.vip, card.owner_agent) == (wang.id, "王小明", True, "ada")
    assert card.record["numbers"] == [
        {"number": "+8613800138000", "label": "手机", "typed": "138 0013 8000"}
    ]
    assert card.record["owner_agent_name"] == "Ada"
    assert card.record["interactions"] == []
    assert await customers.card("00000000-0000-0000-0000-000000000000") is None


async def test_each_change_is_audited(customers: Customers, engine: AsyncEngine) -> None:
    wang = await made(customers, WANG)
    await customers.update(wang.id, WANG, version=1, by=BY)
    async with engine.connect() as connection:
        query = text("select action, user_id::text from audit where subject = :id order by id")
        rows = [tuple(row) for row in await connection.execute(query, {"id": wang.id})]
    assert rows == [("customer.create", BY), ("customer.update", BY)]


async def test_strange_text_is_kept_as_text(customers: Customers) -> None:
    strange = "'; drop table customers; -- <script>alert(1)</script> {{7*7}} \u202e\U0001f600"
    customer = await made(customers, CustomerDraft(strange + "\0\ud800", notes=strange))
    assert customer.name == strange + "?"
    assert await names(customers, "<script>") == [customer.name]
