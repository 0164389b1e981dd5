"""A flow is drawn, tried, tested, heard, published and rolled back; real callers follow it.

The administrator works in Chromium; the callers are sipp with real digits; Asterisk, PostgreSQL and
the service are real.
"""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Locator, Page, expect

from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.browser.person import Person, chromium
from tests.service.house import PASSWORD, House, house
from tests.service.phones import caller

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(400)]

DID = "4100"
QUEUED = "select call, data->>'queue' as queue from interaction_events where kind = 'queued'"
HEARD_MIN = 1e-4
SLOW_MS = 30_000


class Designer:
    """The designer's page, by what is on the screen."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page: Page = person.page

    async def begin(self, name: str) -> None:
        await self.page.goto(f"{self.person.url}/flows")
        await self.page.get_by_role("button", name="New flow").click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("Name", exact=True).fill(name)
        await dialog.get_by_role("button", name="Create").click()
        await self.page.get_by_test_id("canvas").wait_for()

    def properties(self) -> Locator:
        return self.page.get_by_test_id("properties")

    async def choose(self, node: str) -> None:
        await self.page.get_by_test_id(f"node-{node}").locator(".fd-head").click()
        await expect(self.properties().get_by_label("Name in the flow")).to_have_value(node)

    async def add(self, kind: str, node: str) -> None:
        """Beside the selected node, as its next way; selected afterwards."""
        await self.page.get_by_test_id(f"kind-{kind}").press("Enter")
        await self.page.get_by_test_id(f"node-{node}").wait_for()
        await expect(self.properties().get_by_label("Name in the flow")).to_have_value(node)

    async def pick(self, label: str, option: str) -> None:
        box = self.properties().get_by_role("combobox", name=label)
        await box.click()
        await box.fill(option)
        await self.page.get_by_role("option", name=option).first.click()

    async def lead(self, node: str, way: str, target: str) -> None:
        await self.choose(node)
        await self.pick(f"{node}, {way}: leads to", target)

    async def says(self, words: str) -> None:
        """A prompt of its own with these words in both languages."""
        add = self.properties().get_by_role("button", name="Prompt", exact=True).first
        await add.click()
        for language in ("Chinese", "English"):
            field = self.properties().get_by_label(f"Words of the prompt, {language}").first
            await field.fill(words)

    async def saved(self) -> None:
        state = self.page.get_by_test_id("saving")
        await expect(state).to_have_attribute("data-state", "saved", timeout=SLOW_MS)

    async def mistakes(self, count: int) -> None:
        status = self.page.get_by_test_id("problems").locator("[data-count]")
        await expect(status).to_have_attribute("data-count", str(count), timeout=SLOW_MS)

    async def tab(self, name: str) -> None:
        await self.page.get_by_role("tab", name=name).click()

    async def publish(self, note: str) -> None:
        await self.page.get_by_role("button", name="Publish", exact=True).click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("Note").fill(note)
        await dialog.get_by_role("button", name="Publish", exact=True).click()
        await dialog.get_by_test_id("published").wait_for(timeout=SLOW_MS)
        await dialog.get_by_role("button", name="Close").last.click()


async def draw(designer: Designer) -> None:
    """Hours, a menu, a look-up and a queue; the first node of the new flow is the queue."""
    page = designer.page
    await designer.choose("start")
    await designer.properties().get_by_label("Name in the flow").fill("agents")
    await page.keyboard.press("Enter")
    await page.get_by_test_id("node-agents").wait_for()
    await designer.pick("Queue", "Support")
    await page.keyboard.press("Escape")
    await page.locator(".react-flow__pane").click(position={"x": 30, "y": 30})
    await designer.add("hours", "hours")
    await designer.properties().get_by_role("button", name="Makes calls begin").count()
    await designer.properties().get_by_role("button", name="Calls begin here").click()
    await designer.properties().get_by_role("button", name="Add: Week").click()
    week = designer.properties().get_by_label("Week 1, key")
    await week.fill("mon-sun")
    await week.press("Enter")
    await designer.properties().get_by_label("Week mon-sun").fill("00:00-24:00")
    await designer.add("menu", "menu")
    await designer.says("Press one for help.")
    await designer.properties().get_by_role("button", name="Add: Choices").click()
    await designer.properties().get_by_label("Choices 1", exact=True).fill("Help")
    await designer.add("lookup", "lookup")
    await designer.pick_source("customer")
