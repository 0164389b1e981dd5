"""The customer side in the browser: a file comes in, doubles become one and two again, a customer
is found and changed, and nothing typed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.browser, pytest.mark.anyio]


async def arrived(chrome: Browser, scene: Stage, login: str) -> Person:
    person = await Person.arrive(chrome, scene.url)
    await person.sign_in(login, PASSWORD)
    person.page.set_default_timeout(20_000)
    return person


async def test_a_file_is_tried_taken_in_and_found(
    chrome: Browser, scene: Stage, tmp_path: Path
) -> None:
    file = tmp_path / "客户.csv"
    file.write_text("姓名,电话,颜色\n赵文件,13011112222,红\n坏行,不是号码,蓝\n", "utf-8")
    person = await arrived(chrome, scene, "supervisor")
    page = person.page
    await page.goto(f"{scene.url}/customers?tab=files")
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
    person = await arrived(chrome, scene, "admin")
    page = person.page
    await page.goto(f"{scene.url}/admin")
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
    person = await arrived(chrome, scene, "admin")
    page = person.page
    await page.goto(f"{scene.url}/admin")
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
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("row", name="Idea")).to_be_visible()
    await person.leave()
