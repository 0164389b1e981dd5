"""A supervisor's floor in one story: the border of his teams, a forced state that the agent reads,
a message, an alert with its banner, and a wallboard on a screen without a login."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.judging import violations
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(240)]

SLOW_MS = 30_000
PICTURES = os.environ.get("CALLCENTER_SCREENSHOTS")


async def arrived(chrome: Browser, scene: Stage, login: str, at: str = "/") -> Person:
    person = await Person.arrive(chrome, scene.url)
    person.page.set_default_timeout(SLOW_MS)
    await person.sign_in(login, PASSWORD, at=at)
    return person


async def judged(page: Page, name: str) -> None:
    """Nothing axe finds; a picture where pictures are kept."""
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"floor-{name}.png")
    assert await violations(page) == [], name


async def test_the_floor_from_the_border_to_the_screen_on_the_wall(
    chrome: Browser, scene: Stage
) -> None:
    sofia = await arrived(chrome, scene, "supervisor", at="/live/agents")
    page = sofia.page
    await expect(page.get_by_text("王芳")).to_be_visible(timeout=SLOW_MS)
    await _narrow_the_border(chrome, scene)
    await expect(page.get_by_text("王芳")).to_have_count(0, timeout=SLOW_MS)
    await expect(page.get_by_text("Ben Carter")).to_be_visible()
    await _a_queue_in_the_address(sofia)
    ben = await arrived(chrome, scene, "ben")
    scene.telephone.device("bben")
    await ben.start_shift()
    await _forced_and_told(sofia, ben)
    await _message(sofia, ben)
    await _alert(scene, sofia)
    await _alert_given(chrome, scene, sofia)
    await _wall(chrome, scene, sofia)
    scene.telephone.caller_hangs_up("floor-1")
    await ben.leave()
    await sofia.leave()


async def _a_queue_in_the_address(sofia: Person) -> None:
    """Which one is open is kept by a reload, and left by the way back."""
    page = sofia.page
    await page.goto(f"{sofia.url}/live/queues")
    await page.get_by_role("button").filter(has_text="Sales").click()
    opened = page.get_by_role("dialog", name="Sales")
    await opened.wait_for()
    await page.reload()
    await opened.wait_for()
    await page.go_back()
    await expect(opened).to_have_count(0)
    await page.goto(f"{sofia.url}/live/agents")


async def _narrow_the_border(chrome: Browser, scene: Stage) -> None:
    """An administrator takes the house from Sofia, and gives her the blue team."""
    admin = await arrived(chrome, scene, "admin", at="/admin")
    page = admin.page
    await page.get_by_role("tab", name="Teams").click()
    blue = page.get_by_role("row").filter(has=page.get_by_text("Blue", exact=True))
    house = page.get_by_role("row").filter(has=page.get_by_text("Sofia Rossi"))
    await judged(page, "teams")
    form = page.get_by_role("dialog")
    led = form.get_by_role("combobox", name="Led by")
    await blue.get_by_role("button", name="Edit").click()
    await led.click()
    await page.get_by_role("option", name="Sofia Rossi").click()
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    await expect(blue.get_by_text("Sofia Rossi")).to_be_visible()
    await (
        house.filter(has_not=page.get_by_text("Blue", exact=True))
        .get_by_role("button", name="Edit")
        .click()
    )
    await led.press("Backspace")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    await expect(page.get_by_text("Sofia Rossi")).to_have_count(1)
    await admin.leave()


async def _forced_and_told(sofia: Person, ben: Person) -> None:
    page = sofia.page
    await page.get_by_role("button", name="Actions for Ben Carter").click()
    await page.get_by_role("menuitem", name="Pause").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("combobox", name="Pause reason").click()
    await page.get_by_role("option", name="Lunch").click()
    await form.get_by_role("textbox", name="Why").fill("It is quiet: eat now. 先吃饭吧")
    await form.get_by_role("button", name="Pause").click()
    await expect(form).to_have_count(0)
    told = ben.page.get_by_role("log")
    await expect(told.get_by_text("Sofia Rossi set you to: Paused")).to_be_visible()
    await expect(told.get_by_text("It is quiet: eat now. 先吃饭吧")).to_be_visible()
    await told.get_by_role("button", name="Read").click()
    await expect(told).to_have_count(0)


async def _message(sofia: Person, ben: Person) -> None:
    page = sofia.page
    await page.goto(f"{sofia.url}/live/floor?tab=messages")
    await page.get_by_role("combobox", name="To").click()
    await page.get_by_role("option", name="Blue").click()
    await page.get_by_role("textbox", name="Message").fill("Meeting at five")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("not read").first).to_be_visible()
    await judged(page, "messages")
    told = ben.page.get_by_role("log")
    await expect(told.get_by_text("Meeting at five")).to_be_visible()
    await ben.page.reload()
    await expect(told.get_by_text("Meeting at five")).to_be_visible()


async def _alert(scene: Stage, sofia: Person) -> None:
    page = sofia.page
    await page.goto(f"{sofia.url}/live/floor?tab=alerts")
    await page.get_by_role("button", name="New rule").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox", name="Name").fill("Somebody waits")
    await form.get_by_role("textbox", name="Value").fill("0")
    await form.get_by_role("textbox", name="For seconds").fill("0")
    await form.get_by_role("combobox", name="Of").click()
    await page.get_by_role("option", name="Queue: Sales").click()
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    scene.telephone.arrive("floor-1", "+447700900322", digits="11")
    banner = page.locator("#cc-alerts").get_by_role("alert")
    await expect(banner.get_by_text("Somebody waits")).to_be_visible()
    await expect(page.get_by_role("button", name="1 alert")).to_be_visible()
    await judged(page, "alerts")
    await banner.get_by_role("button", name="I look after it").click()
    await expect(banner).to_have_count(0)
    await expect(page.get_by_role("cell", name="Sofia Rossi")).to_be_visible()


async def _alert_given(chrome: Browser, scene: Stage, sofia: Person) -> None:
    """To an administrator, taken back, given again: he hears of it and takes it up."""
    page = sofia.page
    row = page.get_by_role("row").filter(has_text="Somebody waits")
    admin = await arrived(chrome, scene, "admin")
    me = await admin.page.evaluate("fetch('/api/session').then((answer) => answer.json())")
    name = str(me["name"])
    give = row.get_by_role("button", name="Give to")
    await give.click()
    await page.get_by_role("menuitem", name=name).click()
    told = admin.page.locator("#cc-alerts").get_by_role("alert")
    await expect(told.get_by_text("Sofia Rossi gives you this")).to_be_visible()
    await expect(row.get_by_text("not yet taken up")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(told).to_have_count(0)
    await expect(row.get_by_text("Sofia Rossi")).to_be_visible()
    await give.click()
    await page.get_by_role("menuitem", name=name).click()
    await expect(admin.page.get_by_role("button", name="1 alert")).to_be_visible()
    await judged(admin.page, "alert-given")
    await told.get_by_role("button", name="I look after it").click()
    await expect(told).to_have_count(0)
    await expect(row.get_by_text("not yet taken up")).to_have_count(0)
    await expect(row.get_by_text(name)).to_be_visible()
    await admin.leave()


async def _wall(chrome: Browser, scene: Stage, sofia: Person) -> None:
    page = sofia.page
    await page.goto(f"{sofia.url}/live/floor?tab=walls")
    await page.get_by_role("button", name="New wallboard").click()
    await page.get_by_role("textbox", name="Name").fill("Hall 大厅")
    await page.get_by_role("combobox", name="Of").click()
    await page.get_by_role("option", name="Blue").click()
    tile = page.get_by_role("button", name="Callers waiting")
    before = await tile.bounding_box()
    await tile.focus()
    await tile.press("Shift+ArrowLeft")
    after = await tile.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] < before["width"]
    await judged(page, "wall-editor")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Add screen").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox").fill("Hall")
    await form.get_by_role("button", name="Make address").click()
    address = await form.get_by_role("textbox", name="Address").input_value()
    await form.get_by_role("button", name="Close").click()
    screen = await chrome.new_page(viewport={"width": 1920, "height": 1080})
    screen.set_default_timeout(SLOW_MS)
    await screen.goto(address)
    waiting = screen.locator(".cc-wall-tile").filter(has_text="Callers waiting").first
    await expect(waiting.locator(".cc-wall-figure")).to_have_text("1")
    await expect(screen.get_by_text("Ben Carter")).to_be_visible()
    assert "+447700900322" not in await screen.content()
    await judged(screen, "wall")
    await page.get_by_role("button", name="Remove wallboard").click()
    await expect(screen.get_by_text("This address shows nothing any more")).to_be_visible()
    await page.get_by_role("button", name="Undo").last.click()
    await expect(waiting.locator(".cc-wall-figure")).to_have_text("1", timeout=SLOW_MS)
    await page.get_by_role("button", name="Revoke").click()
    await expect(screen.get_by_text("This address shows nothing any more")).to_be_visible()
    await screen.close()


async def test_a_waiting_caller_is_asked_about_and_moved_by_keyboard(
    chrome: Browser, scene: Stage
) -> None:
    boss = await arrived(chrome, scene, "admin", at="/live/queues")
    page = boss.page
    scene.telephone.arrive("drawer-1", "+447700900345", digits="11")
    await page.get_by_role("button", name="Sales").first.click()
    drawer = page.get_by_role("dialog", name="Sales")
    caller = drawer.get_by_role("row").filter(has_text="+44 7700 900345")
    await expect(caller).to_be_visible()
    why = caller.get_by_role("button", name="Why does this caller wait?")
    await why.press("Enter")
    await expect(why).to_have_attribute("aria-expanded", "true")
    await expect(page.get_by_text("nobody can take the call now")).to_be_visible()
    await judged(page, "why")
    await why.press("Enter")
    await expect(why).to_have_attribute("aria-expanded", "false")
    move = caller.get_by_role("button", name="Move to another queue")
    await move.press("Enter")
    menu = page.get_by_role("menu")
    first = menu.get_by_role("menuitem").first
    await expect(first).to_be_focused()  # else it is not its Escape
    await judged(page, "move")
    await page.keyboard.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(move).to_be_focused()
    await move.press("Enter")
    await expect(first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    await expect(first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(caller).to_have_count(0)
    scene.telephone.caller_hangs_up("drawer-1")
    await boss.leave()
