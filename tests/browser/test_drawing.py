"""A flow drawn in the browser is heard there, published, followed by real callers, rolled back.

The administrator works in Chromium; callers are sipp with real digits; Asterisk, PostgreSQL and the
service are real.
"""

from __future__ import annotations

import asyncio
import re
import time

import pytest
from playwright.async_api import expect

from tests.asterisk.lab import until
from tests.browser.designing import SLOW_MS, Designer, draw_help_line
from tests.browser.person import Person, chromium
from tests.service.house import PASSWORD, House, house
from tests.service.phones import caller

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(420)]

DID = "4100"
QUEUED = """select data->>'queue' as queue from interaction_events
  where kind = 'queued' and at > to_timestamp({}) order by at"""
BOOKED = "select (select count(*) from interaction_events) + (select count(*) from interactions)"
HEARD_MIN = 1e-4  # mean energy a second; silence measures 0
PATIENCE_SECONDS = 60.0


async def test_callers_follow_what_was_drawn_and_the_old_one_after_a_rollback() -> None:
    async with house() as centre, chromium() as browser:
        person = await Person.arrive(browser, centre.url)
        await person.sign_in("admin", PASSWORD)
        designer = Designer(person)
        await designer.begin("Help line")
        await draw_help_line(designer)
        await designer.saved()
        before = await centre.rows(BOOKED)
        await _hear(designer)
        assert await centre.rows(BOOKED) == before
        await designer.publish("first")
        await _lead_number(designer, "help-line")
        assert await _queue_of_a_caller(centre) == "support"

        await designer.choose("agents")
        await designer.pick("Queue", "Sales")
        await page_settles(designer)
        await designer.publish("help is sold now")
        assert await _queue_of_a_caller(centre) == "sales"

        await _roll_back(designer, 1)
        assert await _queue_of_a_caller(centre) == "support"
        assert centre.asterisk is not None
        centre.asterisk.ask("channel request hangup all")  # a way is counted when its call is over
        await _see_counts(designer)
        assert person.problems == []


async def page_settles(designer: Designer) -> None:
    await designer.page.keyboard.press("Escape")
    await designer.mistakes(0)
    await designer.saved()


async def _hear(designer: Designer) -> None:
    """The draft, in this browser's own ear, to its end at the queue."""
    page = designer.page
    await designer.tab("Simulator")
    await page.get_by_role("button", name="Call me from the browser").click()
    trial = page.get_by_test_id("trial")
    await expect(trial).to_have_attribute("data-phase", "up", timeout=SLOW_MS)
    sound = await designer.person.heard_within(3.0)
    assert sound.energy_in > HEARD_MIN, f"the menu is not heard: {sound}"
    await page.get_by_role("button", name="Press 1", exact=True).click()
    await expect(trial).to_have_attribute("data-phase", "over", timeout=SLOW_MS)
    await designer.tab("Properties")


async def _lead_number(designer: Designer, flow: str) -> None:
    """The dialled number leads to the flow."""
    status = await designer.page.evaluate(
        """async ([did, flow]) => {
          const { version, items } = await (await fetch("/api/routes")).json();
          const route = { id: "drawn", did, flow };
          return (await fetch("/api/routes", {
            method: "PUT", headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ items: [route, ...items], base_version: version }),
          })).status;
        }""",
        [DID, flow],
    )
    assert status == 200, status


async def _queue_of_a_caller(centre: House) -> str:
    """Where a caller comes to who presses one at the menu."""
    dialled_at = time.time()
    async with caller(centre.ports["sip"], DID, "13900000042", "Caller") as phone:
        await until(lambda: phone.packets > 50)
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_SECONDS:
            phone.press("1")
            for _ in range(10):
                found = await centre.rows(QUEUED.format(dialled_at))
                if found:
                    return str(found[0]["queue"])
                await asyncio.sleep(0.2)
    raise AssertionError("the caller came to no queue")


async def _see_counts(designer: Designer) -> None:
    """Three callers pressed one at the menu; that is shown on the way."""
    page = designer.page
    await page.get_by_role("button", name="Callers on the ways").click()
    await page.get_by_role("switch", name="Show how many callers went each way").click()
    way = page.locator('.react-flow__edge[data-id="menu/1"] .react-flow__edge-text')
    await expect(way).to_have_text(re.compile("^3 ·"), timeout=SLOW_MS)


async def _roll_back(designer: Designer, version: int) -> None:
    page = designer.page
    await page.get_by_role("button", name="Versions").click()
    card = page.get_by_test_id(f"version-{version}")
    await card.get_by_role("button", name="Go back to it").click()
    await card.get_by_label("Note").fill("sales has nobody today")
    await card.get_by_role("button", name=f"Use version {version} again").click()
    await expect(card.get_by_text("In use")).to_be_visible(timeout=SLOW_MS)
    await page.keyboard.press("Escape")
