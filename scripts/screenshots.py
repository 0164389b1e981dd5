"""Makes the pictures of the guides: a real centre, a real browser, real callers, both languages.

.venv/bin/python scripts/screenshots.py [folder [part ...]]

Parts: entry, agent, more, live, quality, planning, trunks, admin, designer, rules (all of them,
when none is named). The part `pages`, by its name only: every address of the console in both
languages and themes, 1280x720, with larger text, and a sample in 4K; for looking at, not for the
guides.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.screenshot_parts.camera import SETTLE_SECONDS, Camera  # noqa: E402
from scripts.screenshot_parts.every_page import every_page  # noqa: E402
from scripts.screenshot_parts.furnishing import (  # noqa: E402
    AGENTS,
    ARTICLES,
    CALLERS,
    SUBJECTS,
    WAIT_SECONDS,
    add_routes,
    all_hang_up,
    furnish,
    rows_come,
)
from scripts.screenshot_parts.leading import planning_pages, quality_pages, trunk_pages  # noqa: E402
from tests.asterisk.lab import until  # noqa: E402
from tests.asterisk.media import Media  # noqa: E402
from tests.browser.person import Person, chromium  # noqa: E402
from tests.service.house import DIRECT_DID, PASSWORD, House, house  # noqa: E402
from tests.service.phones import caller, callers  # noqa: E402

TALK_SECONDS = 5.0
SECOND = {"en": ("00447700900075", "Second"), "zh": ("13000000104", "Second")}
QUEUE_KEY = {"en": "1", "zh": "2"}

Pages = Callable[[House, Camera], Awaitable[None]]


# -- the pages ----------------------------------------------------------------------------------
async def entry_pages(centre: House, camera: Camera) -> None:
    await camera.page.set_viewport_size({"width": 960, "height": 600})
    await camera.page.goto(f"{centre.url}/login")
    await camera.page.locator("form").wait_for()
    await camera.take("sign-in")


async def agent_pages(centre: House, camera: Camera) -> None:
    person, language = camera.person, camera.language
    await person.sign_in(AGENTS[language], PASSWORD)
    await person.page.get_by_test_id("pre-flight").wait_for()
    await camera.take("pre-flight")
    await person.start_shift()
    await camera.press("action.goReady")
    await person.state("available")
    await camera.take("idle")
    await camera.press("sound.devices")
    await person.page.get_by_test_id("sound-devices").locator("select").nth(2).wait_for()
    await camera.take("devices")
    await person.page.keyboard.press("Escape")
    number, name = CALLERS[language]
    async with caller(centre.ports["sip"], "4000", number, name, tone=440.0) as phone:
        await choose(centre, phone, QUEUE_KEY[language])
        await person.offered()
        await camera.take("incoming")
        await person.page.keyboard.press("Alt+a")
        await person.stage("talking")
        await asyncio.sleep(TALK_SECONDS)
        await camera.take("on-call")
        await second_call(centre, camera)
        await all_hang_up(centre)
        await person.stage("wrap-up")
        await camera.take("wrap-up")
    await camera.at("/calls", "calls")


async def second_call(centre: House, camera: Camera) -> None:
    """Chosen in the line; the first caller waits on a place."""
    person = camera.person
    async with caller(centre.ports["sip"], DIRECT_DID, *SECOND[camera.language]):
        await camera.press("shelf.title")
        await person.page.get_by_test_id("shelf-waiting").get_by_role("button").click()
        await person.page.get_by_test_id("parked").wait_for()
        await person.stage("talking")
        await asyncio.sleep(TALK_SECONDS)
        await camera.take("second-call")


async def choose(centre: House, phone: Media, language_key: str) -> None:
    """Language, then support, as the menus come."""
    await until(lambda: phone.packets > 50, WAIT_SECONDS)
    asked = "select 1 from interaction_events where kind = 'menu' and call like 'local-%'"
    before = len(await centre.rows(asked))
    phone.press(language_key)
    await rows_come(centre, asked, before)
    phone.press("2")


async def more_agent_pages(centre: House, camera: Camera) -> None:
    page, language = camera.page, camera.language
    await camera.person.sign_in(AGENTS[language], PASSWORD)
    await camera.at("/account", "account")
    await camera.at("/tasks", "tasks")
    chosen = {"tickets": SUBJECTS[language][0], "knowledge": ARTICLES[language]}
    for address, name in chosen.items():
        await page.goto(f"{centre.url}/{address}")
        await page.locator("main").get_by_text(name, exact=True).first.click()
        await camera.take(address)


async def live_pages(centre: House, camera: Camera) -> None:
    await camera.person.sign_in("supervisor", PASSWORD)
    async with callers(centre.ports["sip"], DIRECT_DID, 3):
        await until(lambda: centre.channels() >= 3, WAIT_SECONDS)
        await camera.at("/live/queues", "queues")
        await camera.at("/live/agents", "agents")
        await all_hang_up(centre)
    await camera.at("/reports", "reports")
    await camera.at("/callbacks", "callbacks")
    await camera.at("/voicemail", "voicemail")


ADMIN_TABS = {"calls": "admin-calls", "outbound": "admin-outgoing", "customers": "admin-customers"}


async def admin_pages(centre: House, camera: Camera) -> None:
    page = camera.page
    await camera.person.sign_in("admin", PASSWORD)
    await camera.at("/admin", "admin")
    for tab, name in ADMIN_TABS.items():
        await camera.at(f"/admin?tab={tab}", name)
    await page.goto(f"{centre.url}/admin?tab=queues")
    await page.locator("main table button").first.click()
    await page.get_by_role("dialog").locator("form").wait_for()
    await camera.take("admin-queue")
    await camera.at("/connections", "connections")
    await camera.at("/health", "health")


async def rule_pages(centre: House, camera: Camera) -> None:
    """Where calls go, when it is open, what is said, and what callers are told by text."""
    await add_routes(centre)
    await camera.person.sign_in("admin", PASSWORD)
    await camera.at("/routes", "routes")
    await camera.at("/routes?tab=lists", "lists")
    await camera.at("/hours", "hours")
    await camera.page.goto(f"{centre.url}/flows")
    await camera.page.get_by_test_id("texts").click()
    await camera.take("texts")


async def designer_pages(centre: House, camera: Camera) -> None:
    """The demo's flow: drawn, in a simulated call, as an outline, counted, and its versions."""
    page = camera.page
    await camera.person.sign_in("admin", PASSWORD)
    await camera.at("/flows", "flows")
    await page.goto(f"{centre.url}/flows/demo")
    await page.get_by_test_id("node-greeting").wait_for()
    await page.keyboard.press("Control+f")
    await page.keyboard.type("main-menu")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await camera.take("designer")
    await camera.tab(1)
    await page.get_by_test_id("simulate").click()
    for key in ("1", "2"):
        await page.locator(".fd-key", has_text=key).first.click()
        await asyncio.sleep(SETTLE_SECONDS)
    await camera.take("designer-simulator")
    await page.locator(".mantine-SegmentedControl-label").nth(1).click()
    await camera.tab(0)
    await page.locator('[data-row="main"]').click()
    await camera.take("designer-outline")
    await page.locator(".mantine-SegmentedControl-label").nth(0).click()
    await camera.press("flow.counters")
    await page.get_by_role("switch", name=camera.texts["flow.countersShow"]).click()
    await camera.take("designer-counters")
    await page.keyboard.press("Escape")
    await camera.press("flow.versions")
    await page.get_by_test_id("version-1").get_by_role("button").first.click()
    await page.get_by_role("combobox", name=camera.texts["flow.diffFrom"]).click()
    await page.get_by_role("option").last.click()  # the first version, with the draft
    await camera.take("designer-versions")


PARTS: Mapping[str, Pages] = {
    "entry": entry_pages,
    "agent": agent_pages,
    "more": more_agent_pages,
    "live": live_pages,
    "quality": quality_pages,
    "planning": planning_pages,
    "trunks": trunk_pages,
    "admin": admin_pages,
    "designer": designer_pages,
    "rules": rule_pages,
}


async def main(folder: Path, parts: list[str]) -> None:
    async with house() as centre, chromium() as browser:
        await furnish(centre)
        for part in parts or PARTS:
            if part == "pages":
                await add_routes(centre)
                await every_page(browser, centre, folder)
                continue
            for language in ("en", "zh"):
                person = await Person.arrive(browser, centre.url, language=language)
                await PARTS[part](centre, Camera(folder, language, person))
                await person.leave()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "guide" / "images"
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target, sys.argv[2:]))
