"""A12: what people write, and callers send, is shown and never run: in a real Chromium.

Names, notes, subjects, articles, callers' names: each page that shows them is opened. A script that
runs leaves a mark, a template that is worked out shows its product, and what the browser's policy
had to stop is counted as well: it should have had nothing to stop.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.schemas import CustomerDraft
from callcenter.crm.services import make_crm
from tests.abuse.figures import Abuse
from tests.browser.person import chromium
from tests.browser.stage import PASSWORD, Stage, stage

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(1800)]

RUN = "window.__ran=1"
PRODUCT = "11229867"  # 8399 * 1337: nothing else of the pages says it
SCRIPTS, TEMPLATES = (
    Path(__file__).with_name(f"{name}.txt").read_text("utf-8").splitlines()
    for name in ("scripts", "templates")
)
COVERS = ["{}", "a {} b", "\n\n{}\n", "**{}**", "> {}", "`{}`", "王{}伟"]
WATCH = """
  window.__stopped = [];
  addEventListener("securitypolicyviolation", (event) =>
    window.__stopped.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
WAIT_MS = 30_000
FIELDS = 5


def payloads(count: int) -> list[str]:
    hearts = [one.replace("{}", RUN) for one in SCRIPTS] + TEMPLATES
    made = [cover.replace("{}", heart) for cover in COVERS for heart in hearts]
    made += [one.replace("<", "＜", 1) for one in hearts] + [one.upper() for one in hearts]
    made += [one.replace("<", "<\x09", 1) for one in hearts]
    return list(dict.fromkeys(made))[:: max(1, len(made) // count)][:count]


@pytest.fixture(scope="module")
async def chrome() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
async def scene(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("stage")
    async with stage(database_url, folder) as made:
        yield made


async def written(page: Page, scene: Stage, engine: AsyncEngine, evil: list[str]) -> list[str]:
    """Each payload in a field of a customer, a ticket or an article; the addresses to look at."""
    crm = make_crm(engine, "CN")
    addresses = ["/customers", "/tickets", "/tasks", "/live/queues", "/calls", "/callbacks"]
    for at in range(0, len(evil), FIELDS):
        name, notes, company, subject, text = (evil[at : at + FIELDS] * FIELDS)[:FIELDS]
        made = await crm.customers.create(
            CustomerDraft(name[:200], company=company[:200], notes=notes, tags=(name[:40],)),
            by=str(uuid.uuid4()),
        )
        assert hasattr(made, "id"), made
        asked = {"type": "complaint", "subject": subject[:200], "description": text}
        ticket = await _post(page, scene, "/api/tickets", {**asked, "customer": made.id})
        article = await _post(
            page, scene, "/api/articles", {"title": name[:150] or "x", "text": f"{text}\n\n{notes}"}
        )
        await _post(page, scene, f"/api/articles/{article}/publish", {"revision": 1})
        addresses += [
            f"/customers?id={made.id}",
            f"/tickets?id={ticket}",
            f"/knowledge?id={article}",
        ]
    return addresses


async def _post(page: Page, scene: Stage, path: str, body: dict[str, object]) -> str:
    answer = await page.request.post(scene.url + path, data=body, headers={"Origin": scene.url})
    assert answer.ok, (path, await answer.text())
    said = await answer.json()
    return str(said.get("id", ""))


async def test_a12_scripts_and_templates_in_texts(
    chrome: Browser, scene: Stage, engine: AsyncEngine, abuse: Abuse
) -> None:
    evil = payloads(abuse.count(10, 500))
    context = await chrome.new_context(locale="en")
    await context.add_init_script(WATCH)
    page = await context.new_page()
    page.set_default_timeout(WAIT_MS)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await page.request.post(
        f"{scene.url}/api/login",
        data={"login": "admin", "password": PASSWORD},
        headers={"Origin": scene.url},
    )
    addresses = await written(page, scene, engine, evil)
    for number, name in enumerate(evil[:20]):
        scene.telephone.arrive(f"17000099{number}.1", "+447700900999", name=name[:80], digits="11")
    ran, worked_out, stopped, shown = 0, list[str](), list[str](), 0
    for address in addresses:
        await page.goto(scene.url + address)
        await page.locator("main h2, main h3, main p, main table").first.wait_for()
        await page.wait_for_load_state("networkidle")
        ran += await page.evaluate("() => window.__ran === 1")
        text = await page.locator("body").inner_text()
        shown += "__ran" in text or "8399" in text
        worked_out += [address] if PRODUCT in text or "&lt;class" in text else []
        stopped += await page.evaluate("() => window.__stopped")
    await context.close()
    abuse.reached(
        "A12",
        f"{len(evil)} scripts and templates in names, notes, subjects, articles, callers' names; "
        f"{len(addresses)} pages in Chromium",
        "0 executed, 0 policy reports",
        f"{ran + len(dialogs)} executed, {len(worked_out)} worked out, {len(stopped)} reports; "
        f"the texts were seen on {shown} pages",
        not ran and not dialogs and not worked_out and not stopped and shown >= len(evil) // FIELDS,
        "; ".join([*dialogs, *worked_out, *stopped])[:300],
    )
