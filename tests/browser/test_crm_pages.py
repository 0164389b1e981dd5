"""Pages of the customer side with something open, in both languages and themes: nothing axe finds,
nothing cut. (The lists: `test_every_page`.)"""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from callcenter.store.demo_data import demo_customers
from tests.browser.stage import PASSWORD, Stage
from tests.browser.test_pages import Look, arrive, look

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(240)]

__all__ = ["look"]  # the fixture

CUSTOMER = demo_customers()[0]


async def test_the_pages_of_the_customer_side(chrome: Browser, scene: Stage, look: Look) -> None:
    person = await arrive(chrome, scene, look)
    await person.sign_in("supervisor", PASSWORD)
    page = person.page
    for path, name in (
        (f"/customers?id={CUSTOMER.id}", "customer"),
        ("/customers?id=new", "customer-new"),
        ("/tickets?id=new", "ticket-new"),
    ):
        await page.goto(scene.url + path)
        await page.locator("main h2, main h3, main p").first.wait_for()
        await look.at(person, name)
    await page.goto(f"{scene.url}/tickets?id=new")
    form = page.get_by_test_id("new-ticket")
    await form.locator("input[required]").first.fill("一个问题 A question")
    await form.locator('button[type="submit"]').click()
    await page.get_by_test_id("ticket").wait_for()
    await look.at(person, "ticket")
    await person.leave()
    assert "\n".join(look.found) == ""
