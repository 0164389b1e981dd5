"""Takes pictures of one person's page for the guides, in the language the page is in."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from pathlib import Path

from tests.browser.person import Person

LOCALES = Path(__file__).resolve().parents[2] / "agent_console" / "web" / "src" / "locales"
SETTLE_SECONDS = 0.8
QUALITY = 84  # of the picture format, WebP; letters stay sharp, a page has 30 to 60 kB


class Camera:
    def __init__(self, folder: Path, language: str, person: Person) -> None:
        self.folder, self.language, self.person = folder, language, person
        self.page = person.page
        self.texts: dict[str, str] = {}
        for name in ("", "flows.", "reports."):
            self.texts |= json.loads((LOCALES / f"{name}{language}.json").read_text("utf-8"))

    async def of_another(self) -> Camera:
        """A camera of somebody else, in the same language and folder."""
        browser = self.person.context.browser
        assert browser is not None
        person = await Person.arrive(browser, self.person.url, language=self.language)
        return Camera(self.folder, self.language, person)

    async def take(self, name: str) -> None:
        page = self.page
        await page.mouse.move(0, 0)
        await page.wait_for_load_state("networkidle")
        await page.locator("main [aria-busy=true]").first.wait_for(state="detached")
        await asyncio.sleep(SETTLE_SECONDS)  # what slides in has arrived
        session = await page.context.new_cdp_session(page)
        asked = {"format": "webp", "quality": QUALITY}
        taken = await session.send("Page.captureScreenshot", asked)
        await session.detach()
        path = self.folder / f"{name}.{self.language}.webp"
        path.write_bytes(base64.b64decode(taken["data"]))
        sys.stdout.write(f"{path} {path.stat().st_size // 1024} kB\n")
        sys.stdout.flush()

    async def at(self, address: str, name: str) -> None:
        await self.page.goto(self.person.url + address)
        await self.page.locator("main :is(h1, h2, h3, table, form):visible").first.wait_for()
        await self.take(name)

    async def press(self, text: str) -> None:
        button = self.page.get_by_role("button", name=self.texts[text], exact=True)
        await button.first.click()

    async def tab(self, place: int) -> None:
        await self.page.get_by_role("tab").nth(place).click()
