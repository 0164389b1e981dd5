"""An agent's day at the desk, as seen in the browser: every step by what is on the screen."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Browser, expect

from callcenter.store.demo_data import demo_customers
from callcenter.web.app import default_dist
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.page, pytest.mark.anyio]

CUSTOMERS = demo_customers()


async def on_shift(chrome: Browser, scene: Stage, agent: str) -> Person:
    """An agent with a desk phone, ready for calls."""
    person = await Person.arrive(chrome, scene.url)
    await person.sign_in(agent, PASSWORD)
    scene.telephone.device(f"d{agent}")
    await person.choose_desk_phone()
    await person.start_shift()
    await person.go_ready()
    return person


async def leave(person: Person) -> None:
    """End the shift, so that the next test's calls go elsewhere."""
    await person.page.get_by_test_id("own-state").click()
    await person.page.get_by_role("menuitem", name="End shift").click()
    await person.page.get_by_test_id("pre-flight").wait_for()
    assert person.problems == []
    await person.leave()


async def test_a_call_from_the_ring_to_the_history(chrome: Browser, scene: Stage) -> None:
    ada = await on_shift(chrome, scene, "ada")
    caller = CUSTOMERS[0]
    scene.telephone.arrive("story-1", caller.numbers[0][0], digits="11")

    assert await ada.offered() == "story-1"
    card = ada.page.get_by_test_id("incoming")
    await expect(card).to_contain_text(caller.name)
    await expect(card).to_contain_text("Sales")
    await expect(ada.page.get_by_test_id("customer-name")).to_have_text(caller.name)
    assert {"offer-row", "pop-painted"} <= set(await ada.marks("story-1"))

    scene.telephone.answer("story-1")
    await ada.stage("talking")
    await expect(card).to_have_count(0)
    note = ada.page.get_by_role("textbox", name="Note", exact=True)
    await note.fill("Wants the contract by e-mail. 合同发邮件。")
    await ada.page.get_by_role("button", name="Hold").click()
    await ada.stage("held")
    await ada.page.get_by_role("button", name="Resume").click()
    await ada.stage("talking")
    await ada.hang_up()
    await ada.stage("wrap-up")
    assert scene.telephone.ended_by_us == ["story-1"]
    await expect(ada.page.get_by_text("Hung up by the agent")).to_be_visible()

    await ada.page.get_by_role("button", name="Finish and go ready").click()
    await expect(ada.page.get_by_text("Choose an outcome.")).to_be_visible()
    await ada.page.get_by_text("Follow-up needed", exact=True).last.click()
    await note.press("Control+Enter")
    await ada.state("available")

    first = ada.page.locator(".cc-row").first
    await expect(first).to_contain_text(caller.name)
    await expect(first).to_contain_text("Follow-up needed")
    await first.click()
    drawer = ada.page.get_by_role("dialog")
    await expect(drawer).to_contain_text("合同发邮件。")
    for event in ("Call arrived", "Joined the queue", "Answered", "On hold", "Call ended"):
        await expect(drawer).to_contain_text(event)
    await drawer.get_by_role("button", name="Close").click()
    await leave(ada)


async def test_all_scripts_that_a_desk_fetches_are_counted(chrome: Browser, scene: Stage) -> None:
    """`npm run size` weighs those it knows: one that it does not know would come unweighed."""
    ada = await Person.arrive(chrome, scene.url)
    await ada.sign_in("ada", PASSWORD)
    fetched: set[str] = set()
    ada.page.on("request", lambda request: fetched.add(request.url.rpartition("/")[2]))
    await ada.page.reload()
    await ada.start_shift()
    await ada.page.get_by_test_id("my-tickets").wait_for()
    await ada.page.wait_for_load_state("networkidle")
    await leave(ada)
    size = default_dist().parent / "scripts" / "size.mjs"
    asked = await asyncio.create_subprocess_exec(
        "node", size, "--names", stdout=asyncio.subprocess.PIPE
    )
    told, _ = await asked.communicate()
    scripts = {name for name in fetched if name.endswith(".js")}
    assert len(scripts) > 15
    assert scripts - set(told.decode().split()) == set()


async def test_a_new_caller_becomes_a_customer(chrome: Browser, scene: Stage) -> None:
    ben = await on_shift(chrome, scene, "ben")
    scene.telephone.arrive("story-2", "+447700900999", name="J Doe", digits="11")
    await ben.offered()
    await expect(ben.page.get_by_test_id("incoming")).to_contain_text("new caller")
    scene.telephone.answer("story-2")
    await ben.stage("talking")
    panel = ben.page.get_by_test_id("caller")
    await expect(panel.get_by_label("Telephone number").first).to_have_value("+447700900999")
    await panel.get_by_label(re.compile("^Name")).fill("Jane Doe-Featherstonehaugh 简")
    await panel.get_by_role("button", name="Create customer").click()
    name = ben.page.get_by_test_id("customer-name")
    await expect(name).to_have_text("Jane Doe-Featherstonehaugh 简")
    await panel.get_by_role("button", name="Edit").click()
    await panel.get_by_role("combobox", name="Company").fill("Acorn Foods")
    await panel.get_by_role("button", name="Save").click()
    await expect(panel).to_contain_text("Acorn Foods")
    scene.telephone.caller_hangs_up("story-2")
    await ben.stage("wrap-up")
    await ben.close_call("Resolved", "First call.")
    await ben.state("available")
    await expect(ben.page.locator(".cc-row").first).to_contain_text("Jane Doe-Featherstonehaugh 简")
    await leave(ben)


async def test_one_number_of_two_customers_asks_which(chrome: Browser, scene: Stage) -> None:
    one, other = CUSTOMERS[10], CUSTOMERS[11]
    chloe = await on_shift(chrome, scene, "chloe")
    scene.telephone.arrive("story-3", one.numbers[0][0], digits="12")
    await chloe.offered()
    await expect(chloe.page.get_by_test_id("incoming")).to_contain_text("2 possible customers")
    scene.telephone.answer("story-3")
    await chloe.stage("talking")
    panel = chloe.page.get_by_test_id("caller")
    await expect(panel).to_contain_text("Who is calling?")
    await panel.get_by_text(other.name, exact=True).click()
    await expect(chloe.page.get_by_test_id("customer-name")).to_have_text(other.name)
    scene.telephone.caller_hangs_up("story-3")
    await chloe.stage("wrap-up")
    await chloe.close_call("Resolved", "")
    await chloe.state("available")
    await leave(chloe)


async def test_a_reload_loses_neither_the_call_nor_the_note(chrome: Browser, scene: Stage) -> None:
    ada = await on_shift(chrome, scene, "ada")
    scene.telephone.arrive("story-4", CUSTOMERS[2].numbers[0][0], digits="11")
    await ada.offered()
    scene.telephone.answer("story-4")
    await ada.stage("talking")
    await ada.page.get_by_role("textbox", name="Note", exact=True).fill("half a sent")
    await ada.page.reload()
    await ada.stage("talking")
    await expect(ada.page.get_by_role("textbox", name="Note", exact=True)).to_have_value(
        "half a sent"
    )
    await expect(ada.page.get_by_test_id("customer-name")).to_have_text(CUSTOMERS[2].name)
    scene.telephone.caller_hangs_up("story-4")
    await ada.stage("wrap-up")
    await ada.close_call("Resolved", "half a sentence, finished")
    await ada.state("available")
    await leave(ada)


async def test_a_missed_call_pauses_and_one_button_brings_back(
    chrome: Browser, scene: Stage
) -> None:
    ada = await on_shift(chrome, scene, "ada")
    scene.telephone.arrive("story-5", CUSTOMERS[4].numbers[0][0], digits="11")
    await ada.offered()
    scene.telephone.no_answer("story-5")
    await ada.state("paused")
    await expect(ada.page.get_by_role("heading", name="Call not answered")).to_be_visible()
    scene.telephone.caller_hangs_up("story-5")
    await ada.page.get_by_role("button", name="I'm back").click()
    await ada.state("available")
    await leave(ada)


async def test_a_rejected_call_goes_away_and_the_agent_stays(chrome: Browser, scene: Stage) -> None:
    ada = await on_shift(chrome, scene, "ada")
    scene.telephone.arrive("story-6", CUSTOMERS[6].numbers[0][0], digits="11")
    await ada.offered()
    await ada.page.get_by_role("button", name="Reject").click()
    await expect(ada.page.get_by_test_id("incoming")).to_have_count(0)
    await ada.state("available")
    scene.telephone.caller_hangs_up("story-6")
    await leave(ada)


async def test_a_pause_asked_for_in_a_call_comes_after_it(chrome: Browser, scene: Stage) -> None:
    ada = await on_shift(chrome, scene, "ada")
    scene.telephone.arrive("story-7", CUSTOMERS[8].numbers[0][0], digits="11")
    await ada.offered()
    scene.telephone.answer("story-7")
    await ada.stage("talking")
    await ada.page.keyboard.press("Alt+p")
    await ada.page.get_by_role("menuitem", name="Lunch").click()
    await expect(ada.page.get_by_text("Next: Lunch")).to_be_visible()
    scene.telephone.caller_hangs_up("story-7")
    await ada.stage("wrap-up")
    await ada.close_call("Resolved", "")
    await ada.state("paused")
    await expect(ada.page.get_by_role("heading", name="Lunch")).to_be_visible()
    await leave(ada)


async def test_language_and_theme_change_without_a_reload(chrome: Browser, scene: Stage) -> None:
    ada = await Person.arrive(chrome, scene.url)
    await ada.sign_in("ada", PASSWORD)
    await ada.page.get_by_test_id("pre-flight").wait_for()
    await ada.page.evaluate("() => { window.__same = true }")
    await ada.page.get_by_role("button", name="Language").click()
    await ada.page.get_by_role("menuitem", name="中文").click()
    await expect(ada.page.get_by_role("button", name="开始上班")).to_be_visible()
    assert await ada.page.evaluate("() => document.documentElement.lang") == "zh-CN"
    await ada.page.get_by_role("button", name="浅色或深色").click()
    await ada.page.get_by_role("menuitem", name="深色").click()
    await expect(ada.page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    assert await ada.page.evaluate("() => window.__same") is True
    assert ada.problems == []
    await ada.leave()
