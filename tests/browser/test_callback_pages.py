"""Callbacks in the browser: the rules of a queue switched on in its form, a callback asked for
by hand, rescheduled and cancelled; one from a voicemail; both languages, nothing axe finds."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Locator, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage
from tests.browser.test_pages import Look
from tests.media.test_voicemails import leave_message

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(240)]

SLOW_MS = 20_000
TOMORROW = datetime.now() + timedelta(days=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED_TODAY = {DAYS[(TOMORROW + timedelta(days=1)).weekday()]: "10:00-11:00"}
REFUSED = (
    "status of 409",
    "status of 422",
)  # the browser logs each refusal


async def arrived(
    chrome: Browser, scene: Stage, login: str, language: str = "en", at: str = "/"
) -> Person:
    person = await Person.arrive(chrome, scene.url, language=language)
    await person.sign_in(login, PASSWORD, at=at)
    person.page.set_default_timeout(SLOW_MS)
    return person


def unexpected(person: Person) -> list[str]:
    found = [one for one in person.problems if not any(code in one for code in REFUSED)]
    person.problems.clear()
    return found


async def support_calls_back(scene: Stage, hours: dict[str, str] | None = None) -> None:
    """The queue's rule is on, at any time or in these hours, whichever tests ran before."""
    async with httpx.AsyncClient(base_url=scene.url, headers={"Origin": scene.url}) as web:
        told = await web.post("/api/login", json={"login": "admin", "password": PASSWORD})
        assert told.status_code == 200, told.text
        rules = {"enabled": True, "hours": hours or {}}
        told = await web.put("/api/callback-policies/support", json=rules)
        assert told.status_code == 200, told.text


async def queue_form(person: Person, queue: str, tab: str) -> Locator:
    """The form of a queue, on this tab."""
    page = person.page
    await page.goto(f"{person.url}/admin")
    await page.get_by_role("tab").nth(1).click()
    row = page.get_by_role("row").filter(has=page.get_by_text(queue, exact=True))
    await row.get_by_role("button").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("tab", name=tab, exact=True).click()
    return form


async def test_an_administrator_sets_the_rules_of_a_queue(chrome: Browser, scene: Stage) -> None:
    admin = await arrived(chrome, scene, "admin")
    page = admin.page
    form = await queue_form(admin, "support", "Callback")
    await form.get_by_role("switch", name="Call customers back").click()
    await form.get_by_role("textbox", name="Minutes between tries").fill("7.5")
    await form.get_by_role("button", name="Add hours").click()
    times = form.get_by_role("textbox", name="Times", exact=True)
    await times.fill("9 to 5")
    await form.get_by_role("tab", name="General").click()
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("Past midnight: split it")).to_be_visible()  # its tab is shown
    await form.get_by_role("combobox", name="Days").click()
    await page.get_by_role("option", name="Mon – Sun").click()
    await times.fill("00:00-24:00")
    look = Look("en", "light")
    await look.at(admin, "queue-callback")
    assert look.found == []
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    rules = scene.loop.centre.state.config.callbacks["support"]
    assert (rules.enabled, rules.retry_seconds) == (True, 450)
    assert rules.hours == {"mon-sun": "00:00-24:00"}
    form = await queue_form(admin, "support", "Callback")
    await expect(form.get_by_role("textbox", name="Minutes between tries")).to_have_value("7.5")
    await expect(form.get_by_role("textbox", name="Times", exact=True)).to_have_value("00:00-24:00")
    await page.keyboard.press("Escape")
    assert unexpected(admin) == []
    await admin.leave()


async def test_a_callback_is_made_rescheduled_and_cancelled(chrome: Browser, scene: Stage) -> None:
    await support_calls_back(scene)
    person = await arrived(chrome, scene, "supervisor", at="/callbacks")
    page = person.page
    await page.get_by_role("button", name="New callback").click()
    form = page.get_by_test_id("new-callback")
    number = form.get_by_role("textbox", name="Number", exact=True)
    await number.fill("110")
    await form.get_by_role("button", name="Call this customer back").click()
    await expect(form.get_by_text("Choose the queue whose agents call back.")).to_be_visible()
    await form.get_by_role("combobox", name="Queue").click()
    await page.get_by_role("option", name="Billing").click()
    await form.get_by_role("button", name="Call this customer back").click()
    await expect(form.get_by_text("This number is not complete")).to_be_visible()
    await number.fill("139 1111 0003")
    await form.get_by_role("button", name="Call this customer back").click()
    await expect(form.get_by_role("alert")).to_contain_text("This queue calls nobody back.")
    await form.get_by_role("combobox", name="Queue").click()
    await page.get_by_role("option", name="Support").click()
    await form.get_by_role("button", name="Call this customer back").click()
    await expect(form).to_have_count(0)
    line = page.locator("[data-callback]").filter(has_text="+86 139 1111 0003")
    await expect(line).to_contain_text("Support", timeout=SLOW_MS)
    await expect(line).to_have_attribute("data-state", "waiting", timeout=SLOW_MS)
    look = Look("en", "light")
    person.problems[:] = unexpected(person)
    await look.at(person, "callbacks")
    await line.get_by_role("button", name="Reschedule").click()
    await page.get_by_label("Not before").fill(f"{TOMORROW:%Y-%m-%dT10:00}")
    await look.at(person, "callback-later")
    assert look.found == []
    await page.get_by_role("button", name="Save").click()
    await expect(line).to_contain_text("not before", timeout=SLOW_MS)
    await expect(line).to_have_attribute("data-state", "scheduled", timeout=SLOW_MS)
    row = scene.loop.centre.board().queues["support"]
    at = TOMORROW.replace(hour=10, minute=0, second=0, microsecond=0)
    assert (row.waiting, row.next_scheduled_at) == (0, at.timestamp())
    await page.goto(f"{scene.url}/live/queues")
    card = page.get_by_role("button").filter(has_text="Support")
    await expect(card.get_by_test_id("scheduled")).to_contain_text("callback")
    await look.at(person, "queues-scheduled")
    assert look.found == []
    await page.goto(f"{scene.url}/callbacks")
    await line.get_by_role("button", name="Cancel callback").click()
    await expect(line).to_have_count(0, timeout=SLOW_MS)
    await page.get_by_text("Closed", exact=True).click()
    await expect(line).to_contain_text("Cancelled", timeout=SLOW_MS)
    await page.reload()
    await expect(line).to_contain_text("Cancelled", timeout=SLOW_MS)
    await page.goto(f"{scene.url}/reports?report=callbacks")
    await page.locator('[data-card="callbacks_lost"] a').click()
    await expect(page.get_by_test_id("behind-head")).to_have_attribute("data-count", "1")
    await expect(line).to_contain_text("Cancelled", timeout=SLOW_MS)
    assert unexpected(person) == []
    await person.leave()


async def test_a_voicemail_is_answered_by_a_callback_in_chinese(
    chrome: Browser, scene: Stage, engine: AsyncEngine, tmp_path: Path
) -> None:
    """After hours: it waits until they begin."""
    await support_calls_back(scene, CLOSED_TODAY)
    await leave_message(engine, tmp_path, "700.1", box="support", name="王伟")
    person = await arrived(chrome, scene, "supervisor", "zh", at="/voicemail")
    page = person.page
    await page.get_by_role("button", name="回电", exact=True).first.click()
    form = page.get_by_test_id("new-callback")
    await expect(form.get_by_role("combobox", name="队列")).to_have_value("Support")
    look = Look("zh", "light")
    await look.at(person, "voicemail-callback")
    await form.get_by_role("button", name="为该客户回电").click()
    await expect(form).to_have_count(0)
    await page.goto(f"{scene.url}/callbacks")
    line = page.locator("[data-callback]")
    await expect(line).to_contain_text("王伟", timeout=SLOW_MS)
    await expect(line.get_by_role("button", name="改期")).to_be_visible()
    await expect(line).to_contain_text("等待服务时间")
    await look.at(person, "callbacks")
    assert look.found == []
    row = scene.loop.centre.board().queues["support"]
    assert (row.waiting, row.scheduled, row.callbacks_due) == (0, 1, 0)
    await support_calls_back(scene)
    await expect(line).to_contain_text("排队中", timeout=SLOW_MS)
    await person.leave()
