"""What pages show while something goes on, in both languages and both themes: no script error, no
text cut, nothing axe finds. (`test_every_page` judges each page as one finds it.)

With CALLCENTER_SCREENSHOTS=<folder> the pictures are kept there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from callcenter.store.demo_data import demo_customers
from tests.browser.judging import AXE, at_rest, violations
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.page, pytest.mark.anyio]

LOOKS = [("en", "light"), ("zh", "dark")]
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
CUSTOMERS = demo_customers()


class Look:
    """One language and theme, and what was found wrong in it."""

    def __init__(self, language: str, scheme: str) -> None:
        self.language, self.scheme = language, scheme
        self.found: list[str] = []

    async def at(self, person: Person, name: str) -> None:
        """Judge the page that is open now."""
        page: Page = person.page
        await page.wait_for_load_state("networkidle")
        await at_rest(page)
        folder = os.environ.get("CALLCENTER_SCREENSHOTS")
        if folder:
            path = Path(folder) / f"{self.language}-{self.scheme}-{name}.png"
            await page.screenshot(path=path, animations="disabled")
        self.found += [f"{name}: {one}" for one in await violations(page)]
        if await page.evaluate(TOO_WIDE) > 0:
            self.found.append(f"{name}: wider than the window")
        self.found += [f"{name}: {one}" for one in person.problems]
        person.problems.clear()


@pytest.fixture(params=LOOKS, ids=["-".join(look) for look in LOOKS])
def look(request: pytest.FixtureRequest) -> Look:
    assert AXE.is_file(), "axe-core is missing: cd agent_console/web && npm ci"
    return Look(*request.param)


async def arrive(chrome: Browser, scene: Stage, look: Look, width: int = 1440) -> Person:
    return await Person.arrive(
        chrome, scene.url, language=look.language, scheme=look.scheme, width=width
    )


async def test_the_agents_pages(chrome: Browser, scene: Stage, look: Look) -> None:
    agent = "liwei" if look.language == "zh" else "ada"
    call = f"page-{look.language}"
    person = await arrive(chrome, scene, look)
    await person.page.goto(f"{scene.url}/login")
    await person.page.locator("form").wait_for()
    await look.at(person, "login")
    await person.sign_in(agent, PASSWORD)
    await person.page.get_by_test_id("pre-flight").wait_for()
    await look.at(person, "pre-flight")
    scene.telephone.device(f"b{agent}")
    await person.page.get_by_test_id("start-shift").click()
    await person.state("paused")
    await look.at(person, "paused")
    await person.page.get_by_test_id("go-ready").click()
    await person.state("available")
    await look.at(person, "ready")
    scene.telephone.arrive(call, CUSTOMERS[0].numbers[0][0], digits="11")
    await person.offered()
    await look.at(person, "incoming")
    scene.telephone.answer(call)
    await person.stage("talking")
    await look.at(person, "on-call")
    scene.telephone.caller_hangs_up(call)
    await person.stage("wrap-up")
    await look.at(person, "wrap-up")
    await person.page.goto(f"{scene.url}/none")
    await person.page.locator("main h2, a[href='/']").first.wait_for()
    await look.at(person, "not-found")
    await person.leave()
    assert "\n".join(look.found) == ""


async def test_the_supervisors_pages(chrome: Browser, scene: Stage, look: Look) -> None:
    person = await arrive(chrome, scene, look)
    await person.sign_in("supervisor", PASSWORD)
    for place in range(3):
        number = CUSTOMERS[2 * place + 1].numbers[0][0]
        scene.telephone.arrive(f"wait-{look.language}-{place}", number, digits="11")
    await person.page.locator(".cc-cards button").first.wait_for()
    await look.at(person, "queues")
    await person.page.locator(".cc-cards button").first.click()
    await person.page.get_by_role("dialog").locator("table").wait_for()
    await look.at(person, "queue")
    await person.page.goto(f"{scene.url}/live/agents")
    await person.page.locator(".cc-cards-small > *").first.wait_for()
    await look.at(person, "agents")
    for place in range(3):
        scene.telephone.caller_hangs_up(f"wait-{look.language}-{place}")
    await person.leave()
    assert "\n".join(look.found) == ""


async def test_the_administrators_pages(chrome: Browser, scene: Stage, look: Look) -> None:
    person = await arrive(chrome, scene, look)
    await person.let_in("admin", PASSWORD)
    for tab, name in (("people", "person"), ("queues", "admin-queue")):
        await person.page.goto(f"{scene.url}/admin?tab={tab}")
        await person.page.locator("table button").first.click()
        await person.page.get_by_role("dialog").locator("form").wait_for()
        await look.at(person, name)
    await person.leave()
    assert "\n".join(look.found) == ""


async def test_a_narrow_window_shows_everything(chrome: Browser, scene: Stage, look: Look) -> None:
    person = await arrive(chrome, scene, look, width=420)
    await person.sign_in("supervisor", PASSWORD)
    await person.page.locator(".cc-cards button").first.wait_for()
    await look.at(person, "narrow-queues")
    await person.page.goto(f"{scene.url}/customers")
    await person.page.locator("h2").first.wait_for()
    await look.at(person, "narrow-customers")
    await person.leave()
    assert "\n".join(look.found) == ""


async def test_what_keys_open_is_there_with_the_first_press(chrome: Browser, scene: Stage) -> None:
    """Neither is loaded before: each opens as it comes, and again by the same keys."""
    person = await Person.arrive(chrome, scene.url)
    page = person.page
    await person.sign_in("admin", PASSWORD)
    await page.get_by_role("navigation", name="Pages").wait_for()
    for _ in range(2):
        await page.keyboard.press("Control+k")
        search = page.get_by_placeholder("A page, an action")
        await search.fill("Prompts")
        await page.get_by_role("button", name="Prompts").first.wait_for()
        await page.keyboard.press("Escape")
        await search.wait_for(state="hidden")
        await page.keyboard.press("Alt+/")
        sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
        await sheet.wait_for()
        await page.keyboard.press("Escape")
        await sheet.wait_for(state="hidden")
    assert person.problems == []
    await person.leave()
