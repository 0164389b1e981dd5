"""Pictures of every address of the console, for looking at: each language with each theme, in the
smallest window that is promised, once more with larger text, and a sample on a large screen.

The addresses are those of the router, as the test of every page reads them: none is forgotten.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.async_api import Browser, Page
from playwright.async_api import Error as PageError

from scripts.screenshot_parts.furnishing import AGENTS
from tests.browser.person import Person
from tests.browser.test_every_page import AGENT, ALL_LOOKS, PATIENCE_MS, addresses
from tests.service.house import PASSWORD, House

SMALL = {"width": 1280, "height": 720}
LARGE = {"width": 3840, "height": 2160}
LARGER_TEXT = 140  # percent
LARGE_SAMPLE = {"/live/agents", "/live/queues", "/reports", "/tickets", "/flows/demo", "/desk"}
SETTLE_MS = 400
OUTSIDE = ("/login",)


async def every_page(browser: Browser, centre: House, folder: Path) -> None:
    for language, scheme in ALL_LOOKS:
        taken = Pictures(folder, f"{language}-{scheme}")
        for login in ("admin", AGENTS[language]):
            person = await Person.arrive(
                browser, centre.url, language=language, scheme=scheme, **SMALL
            )
            if login == "admin":
                for address in OUTSIDE:
                    await taken.at(person, address)
            await person.sign_in(login, PASSWORD)
            for address in addresses():
                if (address.partition("?")[0] in AGENT) == (login != "admin"):
                    await taken.at(person, address)
            await person.leave()


class Pictures:
    def __init__(self, folder: Path, look: str) -> None:
        self.folder, self.look = folder, look

    async def at(self, person: Person, address: str) -> None:
        page = person.page
        await page.goto(person.url + address)
        try:
            shown = page.locator(":is(main, form) :is(h1, h2, h3, [data-testid]):visible, form")
            await shown.first.wait_for(timeout=PATIENCE_MS)
            await page.wait_for_load_state("networkidle")
            busy = page.locator("main [aria-busy=true]").first
            await busy.wait_for(state="detached", timeout=PATIENCE_MS)
        except PageError as error:  # a picture of what is there says more
            sys.stderr.write(f"{self.look} {address}: {error}\n")
        name = re.sub(r"[^a-z0-9]+", "-", address).strip("-")
        await self.take(page, name)
        await self.text(page, LARGER_TEXT)
        await self.take(page, f"{name}-text-{LARGER_TEXT}")
        await self.text(page, 100)
        if address in LARGE_SAMPLE:
            await page.set_viewport_size(LARGE)  # type: ignore[arg-type]
            await self.take(page, f"{name}-4k")
            await page.set_viewport_size(SMALL)  # type: ignore[arg-type]

    async def text(self, page: Page, percent: int) -> None:
        await page.evaluate(f"() => document.documentElement.style.fontSize = '{percent}%'")

    async def take(self, page: Page, name: str) -> None:
        await page.wait_for_timeout(SETTLE_MS)
        path = self.folder / f"{self.look}-{name}.png"
        await page.screenshot(path=path, animations="disabled")
