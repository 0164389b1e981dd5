"""The flow designer, worked by what is on the screen: add, fill in, connect, save, publish."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.browser.person import Person

SLOW_MS = 30_000


class Designer:
    """One flow in the designer of a person; English names."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page: Page = person.page

    async def begin(self, name: str) -> None:
        """A new flow, small to begin with."""
        await self.page.goto(f"{self.person.url}/flows")
        await self.page.get_by_role("button", name="New flow").click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("Name", exact=True).fill(name)
        await dialog.get_by_role("button", name="Create").click()
        await self.page.get_by_test_id("canvas").wait_for()

    async def open(self, flow: str) -> None:
        await self.page.goto(f"{self.person.url}/flows/{flow}")
        await self.page.get_by_test_id("canvas").wait_for()

    @property
    def properties(self) -> Locator:
        return self.page.get_by_test_id("properties")

    def node(self, node: str) -> Locator:
        return self.page.get_by_test_id(f"node-{node}")

    async def chosen(self, node: str) -> None:
        await expect(self.properties.get_by_label("Name in the flow")).to_have_value(node)

    async def choose(self, node: str) -> None:
        """By its row in the outline, wherever it stands on the canvas."""
        await self.page.get_by_text("Outline", exact=True).click()
        await self.page.locator(f'[data-row="{node}"]').click()
        await self.chosen(node)
        await self.page.get_by_text("Drawing", exact=True).click()
        await self.page.get_by_test_id("canvas").wait_for()

    async def add(self, kind: str, node: str) -> None:
        """By the keyboard, as the next way of what is selected."""
        await self.page.get_by_test_id(f"kind-{kind}").press("Enter")
        await self.chosen(node)

    async def rename(self, to: str) -> None:
        await self.properties.get_by_label("Name in the flow").fill(to)
        await self.page.keyboard.press("Enter")
        await self.chosen(to)

    async def fill(self, label: str, text: str) -> None:
        plain = self.properties.get_by_role("textbox", name=label, exact=True)
        listed = self.properties.get_by_role("combobox", name=label, exact=True)
        await plain.or_(listed).fill(text)
        await self.page.keyboard.press("Tab")

    async def pick(self, label: str, option: str) -> None:
        box = self.properties.get_by_role("combobox", name=label, exact=True)
        await box.click()
        await box.fill(option)
        await self.page.get_by_role("option", name=option).first.click()

    async def row(self, table: str, key: str, value: str) -> None:
        """One more row of a table."""
        await self.properties.get_by_role("button", name=f"Add: {table}").click()
        left = self.properties.locator(f'input[aria-label^="{table} "][aria-label$=", key"]').last
        await left.fill(key)
        await left.press("Enter")
        await self.properties.get_by_label(f"{table} {key}", exact=True).fill(value)

    async def lead(self, node: str, way: str, target: str) -> None:
        """A way of the selected node, by the keyboard's means."""
        await self.pick(f"{node}, {way}: leads to", target)

    async def say(self, english: str, chinese: str) -> None:
        """A prompt of its own for the first setting that speaks."""
        await self.properties.get_by_role("button", name="Prompt", exact=True).first.click()
        for language, words in (("English", english), ("Chinese", chinese)):
            await self.properties.get_by_label(f"Words of the prompt, {language}").first.fill(words)

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
        await dialog.get_by_test_id("test-results").wait_for(timeout=SLOW_MS)
        await dialog.get_by_label("Note").fill(note)
        await dialog.get_by_role("button", name="Publish", exact=True).click()
        await dialog.get_by_test_id("published").wait_for(timeout=SLOW_MS)
        await dialog.get_by_role("button", name="Close").last.click()
        await expect(dialog).to_have_count(0)


async def draw_help_line(designer: Designer) -> None:
    """Open all day: a menu, a look-up of the caller, the queue support. A new flow begins with one
    node `start`, a queue."""
    page = designer.page
    await designer.choose("start")
    await designer.rename("agents")
    await designer.pick("Queue", "Support")
    await page.keyboard.press("Escape")
    await page.locator(".react-flow__pane").click(position={"x": 12, "y": 12})
    await designer.add("hours", "hours")
    await designer.properties.get_by_role("button", name="Calls begin here").click()
    await designer.row("Week", "mon-sun", "00:00-24:00")
    await designer.add("menu", "menu")
    await designer.say("Press one for help.", "需要帮助请按 1。")
    await designer.row("Choices", "1", "Help")
    await designer.add("lookup", "lookup")
    await designer.fill("Source", "customer")
    await designer.fill("Into variable", "found")
    await designer.row("Arguments", "number", "caller_number")
    for way in ("Found", "None", "Error"):
        await designer.lead("lookup", way, "agents")
    await designer.choose("menu")
    await designer.lead("menu", "Nothing pressed", "agents")
    await designer.choose("hours")
    await designer.lead("hours", "Closed", "agents")
    await designer.mistakes(0)
