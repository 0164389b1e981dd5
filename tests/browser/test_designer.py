"""The flow designer in a real browser on a real service: drawing, undoing, keeping, agreeing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.designing import SLOW_MS, Designer
from tests.browser.judging import AXE
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage
from tests.browser.test_pages import LOOKS, Look

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
async def administrator(chrome: Browser, scene: Stage) -> AsyncIterator[Person]:
    """Signs in once for all that is drawn here."""
    person = await Person.arrive(chrome, scene.url)
    await person.sign_in("admin", PASSWORD)
    yield person
    await person.leave()


@pytest.fixture
async def designer(administrator: Person) -> AsyncIterator[Designer]:
    person = await administrator.another_page()
    yield Designer(person)
    await person.page.close()


IMPORTED = """
id: brought-along
name: Brought along
languages: [en, zh]
start: menu
prompts: {menu: {en: Press one for help., zh: 需要帮助请按 1。}}
nodes:
  menu: {kind: menu, prompt: menu, choices: {1: Help}, ports: {1: customer, timeout: agents}}
  customer:
    kind: lookup
    source: customer
    with: {number: caller_number}
    into: found
    ports: {found: agents, none: agents, error: agents}
  agents: {kind: queue, queue: support}
"""


async def test_a_flow_is_brought_along_tried_tested_and_published(designer: Designer) -> None:
    """As a file; that one can be drawn is seen in test_drawing."""
    page = designer.page
    await page.goto(f"{designer.person.url}/flows")
    file = {"name": "flow.yaml", "mimeType": "text/yaml", "buffer": IMPORTED.encode()}
    await page.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
    await designer.mistakes(0)
    await designer.tab("Simulator")
    await page.get_by_test_id("simulate").click()
    await page.get_by_role("button", name="Press 1", exact=True).click()
    await page.get_by_role("button", name="Found nothing").click()
    end = page.get_by_test_id("simulated-end")
    await expect(end).to_have_attribute("data-target", "support")
    await page.get_by_label("Name of the test case").fill("one leads to support")
    await page.get_by_role("button", name="Save as a test case").click()
    await page.get_by_role("button", name="Step back").click()
    await expect(end).to_have_count(0)
    await designer.tab("Tests")
    await page.get_by_role("button", name="Run all").click()
    await expect(page.get_by_test_id("test-results")).to_have_attribute("data-passed", "true")
    await designer.publish("first")
    assert designer.person.problems == []


async def test_changes_are_undone_copied_and_led_on(designer: Designer) -> None:
    page = designer.page
    await designer.begin("Undo line")
    await designer.choose("start")
    await page.keyboard.press("Escape")
    await page.locator(".react-flow__pane").click(position={"x": 12, "y": 12})
    await designer.add("play", "play")
    await designer.lead("play", "Next", "start")
    await designer.properties.get_by_role("button", name="Calls begin here").click()
    await page.locator(".react-flow__pane").click(position={"x": 12, "y": 12})
    await designer.add("play", "play-2")
    await designer.lead("play-2", "Next", "play")
    await designer.choose("play")
    await designer.properties.get_by_role("button", name="Delete").click()
    await expect(designer.node("play")).to_have_count(0)
    await page.get_by_role("button", name="Lead them to start").click()
    await designer.choose("play-2")
    target = designer.properties.get_by_role("combobox", name="play-2, Next: leads to")
    await expect(target).to_have_value(re.compile("^start"))
    await page.locator(".react-flow__pane").click(position={"x": 12, "y": 12})
    for _ in range(2):  # leading on, and the deletion
        await page.keyboard.press("Control+z")
    await expect(designer.node("play")).to_have_count(1)
    await page.keyboard.press("Control+y")
    await expect(designer.node("play")).to_have_count(0)
    await page.keyboard.press("Control+z")
    await page.keyboard.press("Control+a")
    await page.keyboard.press("Control+c")
    await page.keyboard.press("Control+v")
    await expect(page.locator('[data-testid^="node-"]')).to_have_count(6)
    await page.keyboard.press("Control+f")
    await page.get_by_role("textbox", name="Find in the flow").fill("play-3")
    await page.keyboard.press("Enter")
    await designer.chosen("play-3")
    await designer.saved()


async def test_nothing_drawn_is_lost_when_the_server_is_away(designer: Designer) -> None:
    page = designer.page
    await designer.begin("Offline line")
    await designer.saved()
    await page.route("**/api/flows/*/draft", lambda route: route.abort())
    await page.get_by_label("Name", exact=True).fill("Written while away")
    state = page.get_by_test_id("saving")
    await expect(state).to_have_attribute("data-state", "offline", timeout=SLOW_MS)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await page.unroute("**/api/flows/*/draft")
    await page.get_by_test_id("canvas").wait_for()
    await expect(page.get_by_label("Name", exact=True)).to_have_value(
        "Written while away", timeout=SLOW_MS
    )
    await designer.saved()
    await page.reload()
    await expect(page.get_by_label("Name", exact=True)).to_have_value(
        "Written while away", timeout=SLOW_MS
    )
    await page.go_back()
    await page.get_by_role("heading", name="Call flows").wait_for()


async def test_two_people_at_one_flow_agree(
    chrome: Browser, scene: Stage, designer: Designer
) -> None:
    first = designer
    await first.begin("Shared line")
    await first.saved()
    second = Designer(await Person.arrive(chrome, scene.url))  # a browser of its own
    await second.person.sign_in("admin", PASSWORD)
    await second.open("shared-line")
    await first.choose("start")
    await first.pick("Queue", "Sales")
    await first.saved()
    await second.choose("start")
    await second.fill("Priority", "3")
    conflict = second.page.get_by_test_id("conflict")
    await conflict.wait_for(timeout=SLOW_MS)
    await expect(conflict.get_by_test_id("difference")).to_contain_text("priority")
    await conflict.get_by_label("Mine").check()
    await conflict.get_by_role("button", name="Put both together").click()
    await second.saved()
    await expect(second.properties.get_by_role("textbox", name="Priority")).to_have_value("3")
    await first.open("shared-line")
    await first.choose("start")
    await expect(first.properties.get_by_role("textbox", name="Priority")).to_have_value("3")
    await second.person.leave()


async def test_mistakes_lead_to_their_nodes(designer: Designer) -> None:
    page = designer.page
    await designer.begin("Wrong line")
    await designer.page.locator(".react-flow__pane").click(position={"x": 12, "y": 12})
    await designer.add("condition", "condition")
    problems = page.get_by_test_id("problems")
    await expect(problems.locator("[data-count]")).not_to_have_attribute("data-count", "0")
    await expect(designer.node("condition")).to_have_attribute("data-wrong", "true")
    await page.locator(".react-flow__pane").click(position={"x": 12, "y": 12})
    await problems.get_by_role("button").first.click()
    await problems.get_by_role("button", name="condition, yes").first.click()
    await designer.chosen("condition")
    await designer.fill("When", "1 +")
    await expect(designer.properties.get_by_text("expression")).not_to_have_count(0)
    await page.get_by_role("button", name="Publish", exact=True).click()
    publish = page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True)
    await expect(publish).to_be_disabled()


@pytest.mark.parametrize("look", LOOKS, ids=["-".join(look) for look in LOOKS])
async def test_its_pages_are_fit_for_everybody(
    chrome: Browser, scene: Stage, look: tuple[str, str]
) -> None:
    """The list and the plain canvas are judged with every other page (test_every_page)."""
    assert AXE.is_file()
    seen = Look(*look)
    person = await Person.arrive(chrome, scene.url, language=look[0], scheme=look[1])
    await person.sign_in("admin", PASSWORD, at="/flows/demo")
    page = person.page
    await page.get_by_test_id("node-greeting").locator(".fd-head").click()
    await page.get_by_test_id("properties").wait_for()
    await seen.at(person, "designer-node")
    await page.get_by_role("tab").nth(1).click()
    await page.get_by_test_id("simulate").click()
    await page.get_by_test_id("transcript").wait_for()
    await page.mouse.move(0, 0)  # a button under the mouse has another colour
    await seen.at(person, "designer-simulator")
    await page.locator(".mantine-SegmentedControl-label").nth(1).click()
    await page.get_by_test_id("outline").wait_for()
    await seen.at(person, "designer-outline")
    await person.leave()
    assert "\n".join(seen.found) == ""


async def test_the_mouse_draws_as_well(designer: Designer) -> None:
    page = designer.page
    await designer.begin("Mouse line")
    pane = page.locator(".react-flow__pane")
    await page.get_by_test_id("kind-play").drag_to(pane, target_position={"x": 150, "y": 120})
    await designer.chosen("play")
    dot = designer.node("play").locator('.react-flow__handle[data-handleid="next"]')
    await _drag(page, dot, designer.node("start").locator(".react-flow__handle-left"))
    target = designer.properties.get_by_role("combobox", name="play, Next: leads to")
    await expect(target).to_have_value(re.compile("^start"))
    way = page.locator('.react-flow__edge[data-id="play/next"]')
    await expect(way).to_have_count(1)
    before = await designer.node("play").bounding_box()
    head = designer.node("play").locator(".fd-head")
    await head.hover()
    await page.mouse.down()
    await page.mouse.move(700, 300, steps=8)
    await page.mouse.up()
    after = await designer.node("play").bounding_box()
    assert before is not None
    assert after is not None
    assert (before["x"], before["y"]) != (after["x"], after["y"])
    await designer.saved()
    await pane.click(position={"x": 12, "y": 12})
    await way.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Delete")
    await expect(way).to_have_count(0)
    await page.get_by_role("button", name="Note", exact=True).click()
    await page.get_by_label("Note", exact=True).fill("Why it is so")
    await designer.saved()
    await page.reload()
    await expect(page.get_by_test_id("note-note")).to_have_text("Why it is so")


async def test_all_of_it_works_without_a_mouse(designer: Designer) -> None:
    page = designer.page
    await designer.begin("Keys line")
    await page.get_by_role("radio", name="Outline").press("Space")
    row = page.locator('[data-row="start"]')
    await row.focus()
    await designer.chosen("start")
    await page.get_by_test_id("kind-play").press("Enter")
    await designer.chosen("play")
    way = designer.properties.get_by_role("combobox", name="play, Next: leads to")
    await way.focus()
    await page.keyboard.type("New: Hang up")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await designer.chosen("hangup")
    await row.focus()
    await page.keyboard.press("ArrowDown")
    await designer.chosen("play")
    await page.keyboard.press("ArrowDown")
    await designer.chosen("hangup")
    await page.keyboard.press("Delete")
    await expect(page.locator('[data-row="hangup"]')).to_have_count(0)
    await page.keyboard.press("Control+z")
    await expect(page.locator('[data-row="hangup"]')).to_have_count(1)


async def _drag(page: Page, start: Locator, end: Locator) -> None:
    """As a hand does it: in steps."""
    places = [await one.bounding_box() for one in (start, end)]
    (x, y), (to_x, to_y) = (
        (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        for place in places
        if place is not None
    )
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(to_x, to_y, steps=10)
    await page.mouse.up()
