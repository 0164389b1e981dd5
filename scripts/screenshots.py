"""Makes the pictures of the guides: a real centre, a real browser, a real caller, both languages.

scripts/python scripts/screenshots.py [folder]
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from callcenter.store.directory import Directory  # noqa: E402
from callcenter.store.engine import make_engine  # noqa: E402
from tests.asterisk.lab import until  # noqa: E402
from tests.asterisk.media import Media  # noqa: E402
from tests.browser.person import Person, chromium  # noqa: E402
from tests.service.house import DIRECT_DID, PASSWORD, House, house  # noqa: E402
from tests.service.phones import caller, callers  # noqa: E402

LOCALES = ROOT / "agent_console" / "web" / "src" / "locales"
SETTLE_SECONDS = 1.0
ASKS_MAX = 1000
AGENTS = {"en": "ada", "zh": "liwei"}
CALLERS = {"en": ("00447700900073", "Charlie Roberts"), "zh": ("13000000108", "He Yang")}
MESSAGE_DID = "4009"
MESSAGE_FLOW = """
id: message
name: Leave a message
languages: [en]
start: leave
fallback: support
nodes:
  leave: {kind: voicemail, box: support}
"""
CONFIG_SECONDS = 6.0
SPOKEN_SECONDS = 20.0
QUEUE_KEY = {"en": "1", "zh": "2"}


class Camera:
    """Takes pictures of one person's page, in the language the page is in."""

    def __init__(self, folder: Path, language: str, person: Person) -> None:
        self.folder, self.language, self.person = folder, language, person
        self.texts: dict[str, str] = json.loads((LOCALES / f"{language}.json").read_text())
        flows = (LOCALES / f"flows.{language}.json").read_text()
        self.flow_texts: dict[str, str] = json.loads(flows)

    async def take(self, name: str) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        path = self.folder / f"{name}.{self.language}.png"
        await self.person.page.screenshot(path=path)
        sys.stdout.write(f"{path}\n")

    async def press(self, text: str) -> None:
        button = self.person.page.get_by_role("button", name=self.texts[text], exact=True)
        await button.first.click()


async def agent_pages(centre: House, camera: Camera) -> None:
    person, language = camera.person, camera.language
    await person.sign_in(AGENTS[language], PASSWORD)
    await camera.take("pre-flight")
    await camera.press("preflight.start")
    await person.state("paused")
    await camera.press("action.goReady")
    await person.state("available")
    await camera.take("idle")
    number, name = CALLERS[language]
    async with caller(centre.ports["sip"], "4000", number, name, tone=440.0) as phone:
        await choose(centre, phone, QUEUE_KEY[language])
        await person.offered()
        await camera.take("incoming")
        await person.page.keyboard.press("Alt+a")
        await person.stage("talking")
        await camera.take("on-call")
        await person.page.keyboard.press("Alt+q")
        await asyncio.sleep(0.3)
        await person.page.keyboard.press("Alt+q")
        await person.stage("wrap-up")
        await camera.take("wrap-up")
    await person.page.goto(f"{centre.url}/calls")
    await camera.take("calls")


async def choose(centre: House, phone: Media, language_key: str) -> None:
    """Language, then support, as the menus come."""
    await until(lambda: phone.packets > 50)
    phone.press(language_key)
    asked = "select count(*) from interaction_events where kind = 'menu'"
    before = (await centre.rows(asked))[0][0]
    for _ in range(ASKS_MAX):
        if (await centre.rows(asked))[0][0] > before:
            break
    phone.press("2")


async def other_pages(centre: House, camera: Camera) -> None:
    person = camera.person
    await person.sign_in("supervisor", PASSWORD)
    async with callers(centre.ports["sip"], DIRECT_DID, 3):
        await until(lambda: centre.channels() >= 3)
        for page in ("queues", "agents"):
            await person.page.goto(f"{centre.url}/live/{page}")
            await camera.take(page)


async def admin_pages(centre: House, camera: Camera) -> None:
    person = camera.person
    await person.sign_in("admin", PASSWORD)
    for page in ("admin", "health"):
        await person.page.goto(f"{centre.url}/{page}")
        await camera.take(page)


async def rule_pages(centre: House, camera: Camera) -> None:
    """Where calls go, when it is open, what is said, and what callers left."""
    person = camera.person
    await person.sign_in("admin", PASSWORD)
    if not await centre.rows("select id from voicemails"):
        await leave_message(centre)
    for page in ("routes", "hours", "prompts", "voicemail"):
        await person.page.goto(f"{centre.url}/{page}")
        await camera.take(page)
    await person.page.goto(f"{centre.url}/flows")
    await person.page.get_by_test_id("texts").click()
    await camera.take("texts")


async def leave_message(centre: House) -> None:
    """A caller speaks (a tone) into the mailbox of support, and hangs up."""
    engine = make_engine(centre.database.url)
    directory = Directory(engine)
    await directory.publish_flow("message", MESSAGE_FLOW, note="for pictures", by="pictures")
    await directory.put_route(MESSAGE_DID, "message", by="pictures")
    await engine.dispose()
    await asyncio.sleep(CONFIG_SECONDS)
    number, name = CALLERS["en"]
    async with caller(centre.ports["sip"], MESSAGE_DID, number, name, tone=440.0):
        await asyncio.sleep(SPOKEN_SECONDS)
        assert centre.asterisk is not None
        await asyncio.to_thread(centre.asterisk.ask, "channel request hangup all")
    for _ in range(ASKS_MAX):
        if await centre.rows("select id from voicemails where seconds is not null"):
            break


async def designer_pages(centre: House, camera: Camera) -> None:
    """The demo's flow: drawn, in a simulated call, as an outline, and its versions."""
    person = camera.person
    page = person.page
    await person.sign_in("admin", PASSWORD)
    await page.goto(f"{centre.url}/flows")
    await camera.take("flows")
    await page.goto(f"{centre.url}/flows/demo")
    await page.get_by_test_id("node-greeting").wait_for()
    await page.keyboard.press("Control+f")
    await page.keyboard.type("main-menu")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await camera.take("designer")
    await page.get_by_role("tab").nth(1).click()
    await page.get_by_test_id("simulate").click()
    for key in ("1", "2"):
        await page.locator(".fd-key", has_text=key).first.click()
        await asyncio.sleep(SETTLE_SECONDS)
    await camera.take("designer-simulator")
    await page.locator(".mantine-SegmentedControl-label").nth(1).click()
    await page.get_by_role("tab").nth(0).click()
    await page.locator('[data-row="main"]').click()
    await camera.take("designer-outline")
    await page.locator(".mantine-SegmentedControl-label").nth(0).click()
    await page.get_by_label(camera.flow_texts["flow.countersShow"]).check()
    await camera.take("designer-counters")


async def main(folder: Path) -> None:
    async with house() as centre, chromium() as browser:
        for pages in (agent_pages, admin_pages, rule_pages, designer_pages, other_pages):
            for language in ("en", "zh"):
                person = await Person.arrive(browser, centre.url, language=language)
                await pages(centre, Camera(folder, language, person))
                await person.leave()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "guide" / "images"
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
