"""The flow designer in a real browser on a real service: drawing, undoing, keeping, agreeing."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.browser.designing import Designer, draw_help_line
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(240)]


async def administrator(chrome: Browser, scene: Stage, **looks: str) -> Designer:
    person = await Person.arrive(chrome, scene.url, **looks)  # type: ignore[arg-type]
    await person.sign_in("admin", PASSWORD)
    return Designer(person)


async def test_a_flow_is_drawn_tried_tested_and_published(chrome: Browser, scene: Stage) -> None:
    designer = await administrator(chrome, scene)
    page = designer.page
    await designer.begin("Help line")
    await draw_help_line(designer)
    await designer.saved()
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
    await designer.person.leave()
