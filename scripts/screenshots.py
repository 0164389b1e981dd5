"""Makes the pictures of the guides: a real centre, a real browser, real callers, both languages.

scripts/python scripts/screenshots.py [folder [part ...]]

Parts: agent, more, live, admin, designer, rules (all of them, when none is named).
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

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
SETTLE_SECONDS = 0.8
WAIT_SECONDS = 30.0
SPOKEN_SECONDS = 16.0
QUALITY = 84  # of the picture format, WebP; letters stay sharp, a page has 30 to 60 kB
AGENTS = {"en": "ada", "zh": "liwei"}
CALLERS = {"en": ("00447700900073", "Charlie Roberts"), "zh": ("13000000108", "He Yang")}
QUEUE_KEY = {"en": "1", "zh": "2"}
MESSAGE_DID = "4009"
MESSAGE_FLOW = """
id: message
name: Leave a message
languages: [en, zh]
start: leave
fallback: support
nodes:
  leave: {kind: voicemail, box: support}
"""
OFFICE = {
    "name": "Office",
    "timezone": "Asia/Shanghai",
    "week": {"mon-fri": "09:00-12:00, 13:30-18:00", "sat": "10:00-16:00"},
    "country": "CN",
    "holidays": {"2026-12-11": "Stocktaking"},
    "overrides": {"2026-12-31": "09:00-12:00"},
}
VIPS = "13800138000, Zhang Wei\n+44770090*, the numbers of one company\n"
ROUTES: list[dict[str, Any]] = [
    {"id": "vips", "flow": "direct", "lists": ["vip"], "note": "Good customers wait for no menu"},
    {
        "id": "after-hours",
        "did": "4000",
        "flow": "message",
        "calendar": "office",
        "while_": "closed",
    },
    {"id": "new-menu", "did": "400*", "flow": "shop", "percent": 20, "note": "Trial, until Friday"},
    {"id": "beijing", "did": "4000", "callers": ["+8610*"], "flow": "direct"},
]

Pages = Callable[[House, "Camera"], Awaitable[None]]


class Camera:
    """Takes pictures of one person's page, in the language the page is in."""

    def __init__(self, folder: Path, language: str, person: Person) -> None:
        self.folder, self.language, self.person = folder, language, person
        self.page = person.page
        self.texts: dict[str, str] = {}
        for name in ("", "flows."):
            self.texts |= json.loads((LOCALES / f"{name}{language}.json").read_text("utf-8"))

    async def take(self, name: str) -> None:
        page = self.page
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


# -- what is there to be seen -------------------------------------------------------------------
async def furnish(centre: House) -> None:
    """What the demonstration has not: hours, a list, a message, a callback, tickets, tasks."""
    engine = make_engine(centre.database.url)
    directory = Directory(engine)
    await directory.publish_flow("message", MESSAGE_FLOW, note="for pictures", by="admin")
    await directory.put_route(MESSAGE_DID, "message", by="admin")
    await engine.dispose()
    async with administrator(centre) as web:
        await send(web, "PUT", "/api/callback-policies/support", {"enabled": True})
        await send(web, "PUT", "/api/calendars/office", OFFICE)
        await send(web, "PUT", "/api/number-lists/vip", {"name": "VIP"})
        await send(web, "POST", "/api/number-lists/vip/numbers", {"text": VIPS})
        customers = (await web.get("/api/customers", params={"limit": 5})).json()["items"]
        for place, subject in enumerate(
            ("The invoice has two pages 账单有两页", "Kettle leaks", "Wants a new tariff")
        ):
            ticket = {"type": "question", "subject": subject, "customer": customers[place]["id"]}
            await send(
                web, "POST", "/api/tickets", ticket | {"owner_agent": "ada", "queue": "support"}
            )
        for agent in AGENTS.values():
            for hours, title in ((-2, "Send the offer"), (3, "Ask whether the line works")):
                due = datetime.now(UTC) + timedelta(hours=hours)
                task = {"title": title, "due": due.isoformat(), "owner_agent": agent}
                await send(web, "POST", "/api/tasks", task | {"customer": customers[0]["id"]})
        later = datetime.now(UTC) + timedelta(hours=20)
        asked = {"queue": "support", "number": "+8613911110003", "not_before": later.isoformat()}
        await send(web, "POST", "/api/callbacks", asked)
    await leave_message(centre)


@asynccontextmanager
async def administrator(centre: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=centre.url, headers={"Origin": centre.url}) as web:
        await send(web, "POST", "/api/login", {"login": "admin", "password": PASSWORD})
        yield web


async def add_routes(centre: House) -> None:
    """They would lead the callers of the other pictures astray."""
    async with administrator(centre) as web:
        table = (await web.get("/api/routes")).json()
        others = [one for one in table["items"] if one["id"] not in {own["id"] for own in ROUTES}]
        body = {"items": [*ROUTES, *others], "base_version": table["version"]}
        await send(web, "PUT", "/api/routes", body)


async def send(web: httpx.AsyncClient, method: str, path: str, body: Mapping[str, object]) -> None:
    told = await web.request(method, path, json=body)
    assert told.is_success, f"{method} {path}: {told.text}"


async def leave_message(centre: House) -> None:
    """A caller speaks (a tone) into the mailbox of support, and hangs up."""
    number, name = CALLERS["en"]
    async with caller(centre.ports["sip"], MESSAGE_DID, number, name, tone=440.0) as phone:
        await until(lambda: phone.packets > 50, WAIT_SECONDS)
        await asyncio.sleep(SPOKEN_SECONDS)
        await all_hang_up(centre)
    await rows_come(centre, "select id from voicemails where seconds is not null")


async def all_hang_up(centre: House) -> None:
    assert centre.asterisk is not None
    await asyncio.to_thread(centre.asterisk.ask, "channel request hangup all")


async def rows_come(centre: House, query: str, more_than: int = 0) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while len(await centre.rows(query)) <= more_than:  # noqa: ASYNC110 - the database does not tell
            await asyncio.sleep(0.1)


# -- the pages ----------------------------------------------------------------------------------
async def agent_pages(centre: House, camera: Camera) -> None:
    person, language = camera.person, camera.language
    await person.sign_in(AGENTS[language], PASSWORD)
    await person.page.get_by_test_id("pre-flight").wait_for()
    await camera.take("pre-flight")
    await person.start_shift()
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
        await all_hang_up(centre)
        await person.stage("wrap-up")
        await camera.take("wrap-up")
    await camera.at("/calls", "calls")


async def choose(centre: House, phone: Media, language_key: str) -> None:
    """Language, then support, as the menus come."""
    await until(lambda: phone.packets > 50, WAIT_SECONDS)
    asked = "select 1 from interaction_events where kind = 'menu' and call like 'local-%'"
    before = len(await centre.rows(asked))
    phone.press(language_key)
    await rows_come(centre, asked, before)
    phone.press("2")


async def more_agent_pages(centre: House, camera: Camera) -> None:
    await camera.person.sign_in(AGENTS[camera.language], PASSWORD)
    for page in ("tasks", "tickets", "knowledge", "customers", "dial"):
        await camera.at(f"/{page}", page)
    await camera.page.goto(f"{centre.url}/tickets")
    await camera.page.locator("main table tbody tr").first.click()
    await camera.take("ticket")
    await camera.page.goto(f"{centre.url}/customers")
    await camera.page.locator("main table tbody tr").first.click()
    await camera.take("customer")


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


async def admin_pages(centre: House, camera: Camera) -> None:
    page = camera.page
    await camera.person.sign_in("admin", PASSWORD)
    await camera.at("/admin", "admin")
    names = (
        "admin-queues",
        "admin-groups",
        "admin-centre",
        "admin-calls",
        "admin-outgoing",
        "admin-customers",
    )
    for place, name in enumerate(names, 1):
        await camera.tab(place)
        await camera.take(name)
    await camera.tab(1)
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
    await camera.at("/prompts", "prompts")
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
    await page.get_by_test_id("version-1").wait_for()
    await camera.take("designer-versions")


PARTS: Mapping[str, Pages] = {
    "agent": agent_pages,
    "more": more_agent_pages,
    "live": live_pages,
    "admin": admin_pages,
    "designer": designer_pages,
    "rules": rule_pages,
}


async def main(folder: Path, parts: list[str]) -> None:
    async with house() as centre, chromium() as browser:
        await furnish(centre)
        for part in parts or PARTS:
            for language in ("en", "zh"):
                person = await Person.arrive(browser, centre.url, language=language)
                await PARTS[part](centre, Camera(folder, language, person))
                await person.leave()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "guide" / "images"
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target, sys.argv[2:]))
