"""An administrator erases a person from the record: asked for the name, told what was done."""

from __future__ import annotations

import os

import pytest
from playwright.async_api import Browser, expect

from callcenter.store.demo_data import demo_customers
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.page, pytest.mark.anyio]


async def test_a_person_is_erased_by_name_and_gone_from_the_list(
    chrome: Browser, scene: Stage
) -> None:
    customer = demo_customers()[0]
    person = await Person.arrive(chrome, scene.url)
    await person.sign_in("admin", PASSWORD, at=f"/customers?id={customer.id}")
    page = person.page
    card = page.get_by_test_id("personal-data")
    link = card.get_by_role("link", name="All data as a file")
    await expect(link).to_have_attribute("href", f"/api/customers/{customer.id}/personal-data")
    await card.get_by_role("button", name="Erase…").click()
    dialog = page.get_by_role("dialog")
    forever = dialog.get_by_role("button", name="Erase for good")
    await dialog.get_by_label("Why").fill("asked by letter")
    await dialog.get_by_label("Type the name").fill("Somebody Else")
    await expect(forever).to_be_disabled()
    await dialog.get_by_label("Type the name").fill(customer.name)
    if folder := os.environ.get("CALLCENTER_SCREENSHOTS"):
        await page.screenshot(path=f"{folder}/erase-person.png")
    await forever.click()
    await page.get_by_text("Erased, with").wait_for()
    await expect(page.get_by_test_id("personal-data")).to_have_count(0)
    await page.goto(f"{scene.url}/customers?id={customer.id}")
    await expect(page.get_by_text(customer.name, exact=True)).to_have_count(0)
    await person.leave()
