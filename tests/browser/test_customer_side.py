"""The customer side in the browser: a file comes in, doubles become one and two again, a customer
is found and changed, and nothing typed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import text

from callcenter.store.engine import make_engine
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.page, pytest.mark.anyio]


async def arrived(chrome: Browser, scene: Stage, login: str, at: str = "/") -> Person:
    person = await Person.arrive(chrome, scene.url)
    await person.sign_in(login, PASSWORD, at=at)
    person.page.set_default_timeout(20_000)
    return person


async def test_a_file_is_tried_taken_in_and_found(
    chrome: Browser, scene: Stage, tmp_path: Path
) -> None:
    file = tmp_path / "客户.csv"
    file.write_text("姓名,电话,颜色\n赵文件,13011112222,红\n坏行,不是号码,蓝\n", "utf-8")
    person = await arrived(chrome, scene, "supervisor", at="/customers?tab=files")
    page = person.page
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Choose a file").click()
    await (await choosing.value).set_files(file)
    imported = page.get_by_test_id("import")
    await expect(imported.get_by_role("combobox", name="Where 姓名 goes")).to_have_value("Name")
    await imported.get_by_role("button", name="Try, keep nothing").click()
    await expect(imported).to_have_attribute("data-state", "finished", timeout=20_000)
    await expect(imported).to_contain_text("1 new, 0 changed, 0 left out, 1 not possible")
    await expect(imported).to_contain_text("is not a telephone number")
    await imported.get_by_role("button", name="Take in").click()
    await expect(imported.get_by_text("Trial")).to_have_count(0, timeout=20_000)
    await expect(imported).to_have_attribute("data-state", "finished", timeout=20_000)
    await page.goto(f"{scene.url}/customers")
    await page.get_by_label("Search customers").fill("文件")
    await page.get_by_role("button", name="赵文件").click()
    await expect(page.get_by_test_id("customer")).to_contain_text("+86 130 1111 2222")
    address = page.url
    await page.get_by_label("Search customers").fill("")
    await page.get_by_test_id("customer").get_by_role("button", name="Edit").click()
    await page.get_by_label("Notes").fill("half a sentence")
    await page.reload()
    assert page.url == address
    await page.get_by_test_id("customer").get_by_role("button", name="Edit").click()
    await expect(page.get_by_label("Notes")).to_have_value("half a sentence")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_test_id("customer")).to_contain_text("half a sentence")
    assert person.problems == []
    await person.leave()


async def test_doubles_become_one_and_two_again(chrome: Browser, scene: Stage) -> None:
    person = await arrived(chrome, scene, "supervisor")
    page = person.page
    for name in ("Double One", "Double Two"):
        await page.goto(f"{scene.url}/customers?id=new")
        await page.get_by_role("textbox", name="Name", exact=True).fill(name)
        await page.get_by_role("button", name="Add a number").click()
        await page.get_by_role("textbox", name="Telephone number").fill("130 9999 8888")
        if name == "Double Two":
            await expect(page.get_by_role("status").filter(has_text="Double One")).to_be_visible()
        await page.get_by_role("button", name="Create").click()
        await expect(page.get_by_test_id("customer")).to_contain_text(name)
    await page.goto(f"{scene.url}/customers?tab=doubles")
    double = page.get_by_test_id("double").filter(has_text="Double One")
    await double.get_by_role("radio", name="Double Two").check()
    await double.get_by_role("button", name="Merge into this one").click()
    await expect(double).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(double).to_have_count(1)
    assert person.problems == []
    await person.leave()


async def test_an_own_field_is_defined_and_filled_in(chrome: Browser, scene: Stage) -> None:
    person = await arrived(chrome, scene, "admin", at="/admin")
    page = person.page
    await page.get_by_role("tab", name="Customer side").click()
    await page.get_by_role("button", name="New field").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox", name="Code").fill("contract")
    await form.get_by_role("textbox", name="Name", exact=True).fill("Contract number")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("cell", name="Contract number")).to_be_visible()
    await page.goto(f"{scene.url}/customers?id=new")
    await page.get_by_role("textbox", name="Name", exact=True).fill("With a contract")
    await page.get_by_label("Contract number").fill("K-77")
    await page.get_by_role("button", name="Create").click()
    await expect(page.get_by_test_id("customer")).to_contain_text("K-77")
    assert person.problems == []
    await person.leave()


async def test_a_kind_of_tickets_is_changed_and_mistakes_are_named(
    chrome: Browser, scene: Stage
) -> None:
    person = await arrived(chrome, scene, "admin", at="/admin")
    page = person.page
    await page.get_by_role("tab", name="Customer side").click()
    await page.get_by_role("row", name="Suggestion").get_by_role("button", name="Edit").click()
    form = page.get_by_role("dialog")
    meaning = form.get_by_test_id("stage").first.get_by_role("combobox", name="What it means")
    for kind in ("Solved", "Being worked on"):
        await meaning.click()
        await page.get_by_role("option", name=kind).click()
        if kind == "Solved":
            await form.get_by_role("button", name="Save").click()
            await expect(form.get_by_role("alert")).to_contain_text("first stage must be an open")
    await form.get_by_role("textbox", name="Name", exact=True).first.fill("Idea")
    told = form.get_by_label("Tell these addresses")
    for address in ("office", "office@example.com"):
        await told.fill(address)
        await told.press("Enter")
        await form.get_by_role("button", name="Save").click()
        if address == "office":
            await expect(form.get_by_role("alert")).to_contain_text("mail")
            await told.press("Backspace")
    await expect(page.get_by_role("row", name="Idea")).to_be_visible()
    await page.get_by_role("row", name="Idea").get_by_role("button", name="Edit").click()
    await expect(form.get_by_text("office@example.com")).to_be_visible()
    await expect(form.get_by_role("checkbox", name="late", exact=True)).to_be_checked()
    await person.leave()


MANY = 10_000
FILL = """insert into customers (name, search_text, grams)
    select 'Row ' || lpad(n::text, 5, '0'), 'row ' || n, array['ro', 'ow', 'row']
    from generate_series(1, :many) n"""
GROWN = """(before) => {
  const place = document.querySelector(".cc-endless");
  place.scrollTo(0, place.scrollHeight);  // again and again: more rows may have come meanwhile
  return [...place.querySelectorAll("li")].some((row) => Number(row.dataset.index) > before + 5);
}"""
ROWS_MAX = 60  # of which the page consists at any moment


async def test_ten_thousand_rows_and_the_way_back(
    chrome: Browser, scene: Stage, database_url: str
) -> None:
    """Only rows in sight exist; the back button leads to the same search and the same rows."""
    engine = make_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text(FILL), {"many": MANY})
    await engine.dispose()
    person = await arrived(chrome, scene, "supervisor", at="/customers")
    page = person.page
    search = page.get_by_label("Search customers")
    await search.fill("row")
    rows = page.locator(".cc-endless li")
    await expect(rows.filter(has_text="Row 0").first).to_be_visible()
    place = page.locator(".cc-endless")
    for _ in range(8):
        before = int(await rows.last.get_attribute("data-index") or 0)
        await page.wait_for_function(GROWN, arg=before)
        assert await rows.count() < ROWS_MAX
    await place.evaluate("(node) => node.scrollBy(0, -900)")
    await page.wait_for_timeout(400)  # the place is kept when scrolling has come to rest
    top = await place.evaluate("(node) => node.scrollTop")
    assert top > 5_000
    await page.get_by_role("link", name="Tickets").click()
    await expect(page.get_by_label("Search tickets")).to_be_visible()
    await page.go_back()
    await expect(search).to_have_value("row")
    await expect(rows.first).to_be_visible()
    assert abs(await place.evaluate("(node) => node.scrollTop") - top) < 100
    await page.get_by_role("link", name="Customers").click()
    await page.get_by_role("link", name="Tickets").click()
    await page.get_by_role("link", name="Customers").click()
    await expect(search).to_have_value("")
    assert person.problems == []
    await person.leave()
