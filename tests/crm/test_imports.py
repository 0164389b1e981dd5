"""Customers from files: as people have them, tried first, then in, with each wrong row named."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.schemas import Customer, CustomerDraft, Wanted
from callcenter.crm.fields.schemas import OwnField
from callcenter.crm.imports.schemas import Duplicates, Import, NotRunnable
from callcenter.crm.services import Crm, make_crm
from callcenter.sheets import csv_lines, xlsx
from callcenter.store.directory import Directory

pytestmark = [pytest.mark.db, pytest.mark.anyio]

BY = "8a4f0d8e-52b5-4c94-9d2e-d9d5c7a2b111"


@pytest.fixture
async def crm(engine: AsyncEngine) -> Crm:
    async with engine.begin() as connection:
        await connection.execute(text("truncate customers, customer_imports, definitions cascade"))
    await Directory(engine).put_agent("ada", {"name": "Ada"}, by="test")
    made = make_crm(engine, "CN")
    field = OwnField(code="since", name="Customer since", name_zh="开户日期", kind="date")
    body = field.model_dump(mode="json")
    await made.definitions.put("customer_field", "since", body, position=0, version=0, by=BY)
    return made


def sheet(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def through(
    crm: Crm,
    content: bytes,
    name: str = "a.csv",
    duplicates: Duplicates = "skip",
    dry_run: bool = False,
    targets: Sequence[str] | None = None,
) -> Import:
    taken = await crm.imports.take(name, content, by=BY, name="Sofia")
    wanted = targets or [column.target for column in taken.columns]
    await crm.imports.start(taken.id, wanted, duplicates, dry_run=dry_run, by=BY)
    while await crm.import_worker.work_once():
        pass
    done = await crm.imports.one(taken.id)
    assert done is not None
    return done


async def everybody(crm: Crm) -> dict[str, Customer]:
    found, _ = await crm.customers.search("", limit=200)
    return {customer.name: customer for customer in found}


async def test_a_chinese_excel_file_comes_in(crm: Crm) -> None:
    rows: list[list[object]] = [
        ["姓名", "手机", "座机", "邮箱", "公司", "标签", "客户经理", "开户日期", "VIP", "颜色"],
        ["王小明", 13800138000, "010-88888888", "w@x.cn", "青松", "老客户；大户", "ada",
         date(2020, 5, 1), "是", "red"],
        ["李芳", "", None, None, None, None, None, "2021/1/2", "否", None],
    ]  # fmt: skip
    taken = await crm.imports.take("客户.xlsx", sheet(rows), by=BY, name="Sofia")
    assert [column.target for column in taken.columns] == [
        *("name", "numbers", "numbers", "emails", "company", "tags", "owner_agent"),
        *("custom.since", "vip", ""),
    ]
    assert taken.columns[1].samples == ("13800138000",)
    done = await through(crm, sheet(rows), "客户.xlsx")
    assert (done.state, done.made, done.failed, done.flaws) == ("finished", 2, 0, ())
    wang = (await everybody(crm))["王小明"]
    assert [n.e164 for n in wang.numbers] == ["+8613800138000", "+861088888888"]
    assert (wang.vip, wang.owner_agent, wang.tags) == (True, "ada", ("老客户", "大户"))
    assert wang.custom == {"since": "2020-05-01"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
async def test_csv_in_any_usual_form(crm: Crm, encoding: str, mark: str) -> None:
    lines = [("姓名", "电话", "备注"), ("王小明", "138 0013 8000", '"两行\n备注"')]
    content = "\r\n".join(mark.join(line) for line in lines).encode(encoding)
    done = await through(crm, content)
    assert (done.made, done.failed) == (1, 0)
    assert (await everybody(crm))["王小明"].notes == "两行\n备注"


async def test_a_dry_run_keeps_nothing_and_says_what_would_be(crm: Crm) -> None:
    await crm.customers.create(CustomerDraft("Here", (("13800138000", ""),)), by=BY)
    content = csv_lines(
        [
            ["name", "phone", "customer since", "owner"],
            ["One", "13900139001", "2020-01-01", ""],
            ["Two", "not a number", "someday", ""],
            ["", "13900139002", "", ""],
            ["Same", "0138-0013-8000", "", ""],
            ["One again", "+86 139 0013 9001", "", ""],
            ["Owned", "13900139003", "", "nobody"],
        ]
    )
    dry = await through(crm, content, dry_run=True)
    assert (dry.total, dry.done, dry.made, dry.skipped, dry.failed) == (6, 6, 1, 2, 3)
    assert sorted((flaw.row, flaw.where) for flaw in dry.flaws) == [
        (3, "custom.since"),
        (3, "numbers.0"),
        (4, "name"),
        (7, "owner_agent"),
    ]
    assert set(await everybody(crm)) == {"Here"}
    targets = [column.target for column in dry.columns]
    await crm.imports.start(dry.id, targets, "skip", dry_run=False, by=BY)
    while await crm.import_worker.work_once():
        pass
    real = await crm.imports.one(dry.id)
    assert real is not None
    assert (real.made, real.skipped, real.failed) == (dry.made, dry.skipped, dry.failed)
    assert set(await everybody(crm)) == {"Here", "One"}
    with pytest.raises(NotRunnable, match="imported already"):
        await crm.imports.start(dry.id, targets, "skip", dry_run=False, by=BY)


async def test_updating_adds_and_fills_and_empties_nothing(crm: Crm) -> None:
    before = CustomerDraft("Wang", (("13800138000", "home"),), notes="kept", tags=("a",))
    await crm.customers.create(before, by=BY)
    content = csv_lines(
        [
            ["name", "phone 1", "phone 2", "tags", "notes", "customer since"],
            ["Wang Xiaoming", "13800138000", "13900139000", "b", "", "2020-01-01"],
        ]
    )
    done = await through(crm, content, duplicates="update")
    assert (done.made, done.changed) == (0, 1)
    wang = (await everybody(crm))["Wang Xiaoming"]
    assert [(n.e164, n.label) for n in wang.numbers] == [
        ("+8613800138000", "home"),
        ("+8613900139000", ""),
    ]
    assert (wang.notes, wang.tags, wang.version) == ("kept", ("a", "b"), 2)
    twice = await through(crm, content, duplicates="create")
    assert (twice.made, len(await everybody(crm))) == (1, 1)  # two of the same name


async def test_a_row_that_fits_several_customers_is_left_to_people(crm: Crm) -> None:
    for name in ("A", "B"):
        await crm.customers.create(CustomerDraft(name, (("13800138000", ""),)), by=BY)
    content = csv_lines([["name", "phone"], ["C", "13800138000"]])
    done = await through(crm, content, duplicates="update")
    assert (done.changed, done.failed) == (0, 1)
    assert "several customers" in done.flaws[0].message


async def test_a_long_file_goes_in_by_pieces_and_on_after_a_restart(
    crm: Crm, engine: AsyncEngine
) -> None:
    rows = [["name", "phone"], *([f"P{n}", f"+86139{n:08d}"] for n in range(450))]
    taken = await crm.imports.take("long.csv", csv_lines(rows), by=BY, name="Sofia")
    await crm.imports.start(taken.id, ["name", "numbers"], "skip", dry_run=False, by=BY)
    assert await crm.import_worker.work_once()
    half = await crm.imports.one(taken.id)
    assert half is not None
    assert (half.state, half.done, half.made) == ("running", 200, 200)
    restarted = make_crm(engine, "CN").import_worker
    while await restarted.work_once():
        pass
    done = await crm.imports.one(taken.id)
    assert done is not None
    assert (done.state, done.made, done.skipped) == ("finished", 450, 0)


async def test_a_cancelled_import_stops_where_it_is(crm: Crm) -> None:
    rows = [["name"], *([f"P{n}"] for n in range(450))]
    taken = await crm.imports.take("long.csv", csv_lines(rows), by=BY, name="Sofia")
    await crm.imports.start(taken.id, ["name"], "skip", dry_run=False, by=BY)
    await crm.import_worker.work_once()
    await crm.imports.cancel(taken.id, by=BY)
    assert not await crm.import_worker.work_once()
    done = await crm.imports.one(taken.id)
    assert done is not None
    assert (done.state, done.made) == ("cancelled", 200)


@pytest.mark.parametrize(
    ("targets", "reason"),
    [
        (["numbers", ""], "name"),
        (["name"], "2 columns"),
        (["name", "custom.none"], "no field"),
        (["name", "name"], "two columns"),
    ],
)
async def test_a_mapping_that_makes_no_sense_is_refused(
    crm: Crm, targets: list[str], reason: str
) -> None:
    content = csv_lines([["a", "b"], ["x", "y"]])
    taken = await crm.imports.take("a.csv", content, by=BY, name="")
    with pytest.raises(NotRunnable, match=reason):
        await crm.imports.start(taken.id, targets, "skip", dry_run=True, by=BY)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_what_goes_out_computes_nothing_and_comes_back_the_same(crm: Crm, form: str) -> None:
    draft = CustomerDraft(
        '=HYPERLINK("http://x","y")',
        (("13800138000", ""), ("1001", "")),
        (("a@b.cc", ""),),
        company="@SUM(A1)",
        vip=True,
        language="zh",
        priority=-3,
        owner_agent="ada",
        notes="-1\n+2",
        tags=("+x", "y"),
        custom={"since": "2020-01-01"},
        consent={"call": "refused"},
    )
    await crm.customers.create(draft, by=BY)
    before = await everybody(crm)
    rows = await crm.imports.export("", Wanted(), by=BY)
    content = csv_lines(rows, first=True) if form == "csv" else xlsx(rows)
    if form == "csv":
        cells = content.decode("utf-8-sig").replace('"', "").split(",")
        assert not [cell for cell in cells if cell.lstrip("\r\n").startswith(("=", "+", "-", "@"))]
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.active is not None
        assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {
            "s",
            "inlineStr",
            "n",
        }
        assert not [c for row in book.active.iter_rows() for c in row if c.data_type == "f"]
    [customer] = before.values()
    await crm.customers.update(customer.id, CustomerDraft("gone"), version=1, by=BY)
    done = await through(crm, content, f"x.{form}", duplicates="create")
    assert (done.made, done.flaws) == (1, ())
    after = (await everybody(crm))[customer.name]

    def plain(one: Customer) -> Customer:
        numbers = tuple(replace(number, typed="") for number in one.numbers)
        consent = {channel: {"state": said["state"]} for channel, said in one.consent.items()}
        return replace(
            one, id="", numbers=numbers, consent=consent, version=0, created=None, updated=None
        )

    assert plain(after) == plain(customer)
