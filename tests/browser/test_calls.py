"""The page of calls: as many as one scrolls, found by number, name and words, by address."""

from __future__ import annotations

import re
import time

import pytest
from playwright.async_api import Browser, Page, expect

from callcenter.store.ledger_rows import WRITE, grouped, to_line
from callcenter.store.quick import Quick
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage
from tests.store.records import interaction

pytestmark = [pytest.mark.page, pytest.mark.anyio]

CALLS = 180


async def books(url: str) -> None:
    now = time.time()
    made = [
        interaction(
            f"book-{n:03}",
            started_at=now - 60 * (CALLS - n),
            number=f"+861390000{n:04}",
            agent="ben" if n % 2 else "ada",
            queue="support",
            note="客户申请退款" if n == 7 else "",
            outcome="answered" if n % 10 else "abandoned",
        )
        for n in range(CALLS)
    ]
    database = Quick(url)
    await database.fetch(WRITE, *grouped([to_line(one) for one in made]))
    await database.close()


async def scrolled_to(page: Page, call: str) -> None:
    """Down until this line is there: page after page comes by itself."""
    line = page.locator(f'[data-call="{call}"]')
    box = page.get_by_role("region", name="Calls")
    for _ in range(200):
        if await line.count():
            return
        await box.hover()
        await page.mouse.wheel(0, 500)
        await page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError(f"{call} never came")


async def test_calls_are_scrolled_through_and_found(
    chrome: Browser, scene: Stage, database_url: str
) -> None:
    await books(database_url)
    boss = await Person.arrive(chrome, scene.url)
    await boss.sign_in("admin", PASSWORD, at="/calls")
    page = boss.page
    lines = page.get_by_test_id("call-line")
    await expect(lines.first).to_have_attribute("data-call", f"book-{CALLS - 1:03}")
    await scrolled_to(page, "book-020")
    assert await lines.count() < 60, "only the rows in sight exist"

    # -- another page, and back: the same place
    await page.get_by_role("link", name="Customers").first.click()
    await page.wait_for_url("**/customers")
    await page.go_back()
    await expect(page.locator('[data-call="book-020"]')).to_be_visible()

    # -- words, in the address; a reload leads to the same
    words = page.get_by_label("Number, customer or words")
    await words.fill("申请退款")
    await expect(lines).to_have_count(1)
    await expect(lines).to_have_attribute("data-call", "book-007")
    await page.reload()
    await expect(words).to_have_value("申请退款")
    await expect(lines).to_have_count(1)
    await lines.get_by_role("button", name=re.compile("^Open the call")).click()
    await expect(page.get_by_role("dialog")).to_contain_text("客户申请退款")
    await page.go_back()
    await expect(page.get_by_role("dialog")).to_have_count(0)

    # -- a number as people write it, what the call was, nothing, too little
    await words.fill("139 0000-0042")
    await expect(lines).to_have_count(1)
    await expect(lines).to_have_attribute("data-call", "book-042")
    await page.get_by_label("Result").select_option("abandoned")
    await expect(page.get_by_text("No call fits")).to_be_visible()
    await page.get_by_role("link", name="Show all").click()
    await expect(words).to_have_value("")
    await expect(lines.first).to_have_attribute("data-call", f"book-{CALLS - 1:03}")
    assert boss.problems == []
    await words.fill("ok")
    await page.get_by_role("status").get_by_text("three letters").wait_for()
    await words.fill("1")  # in each of their numbers
    await expect(lines.first).to_have_attribute("data-call", f"book-{CALLS - 1:03}")
    await boss.leave()


async def test_an_agent_finds_the_own_calls_alone(chrome: Browser, scene: Stage) -> None:
    ada = await Person.arrive(chrome, scene.url, language="zh")
    await ada.sign_in("ada", PASSWORD, at="/calls?text=%221390000%22")
    lines = ada.page.get_by_test_id("call-line")
    await expect(lines.first).to_have_attribute("data-call", f"book-{CALLS - 2:03}")
    shown = await lines.evaluate_all("all => all.map((one) => one.dataset.call)")
    assert all(int(call[-3:]) % 2 == 0 for call in shown)
    assert ada.problems == []
    await ada.leave()
