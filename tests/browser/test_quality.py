"""Quality in a real browser: a form is published, a sample drawn, the recording evaluated beside
its player, disputed by the agent, answered; judges are compared; the report leads back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from callcenter.store.engine import make_engine
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, stage
from tests.browser.test_recordings import leave_talk, prepared

pytestmark = [pytest.mark.page, pytest.mark.anyio]


async def test_a_recording_is_drawn_evaluated_disputed_and_answered(
    chrome: Browser, database_url: str, tmp_path: Path
) -> None:
    async with stage(database_url, tmp_path) as scene:
        engine = make_engine(database_url)
        await leave_talk(engine, tmp_path, "r1.1", "ada")
        await leave_talk(engine, tmp_path, "r2.1", "chloe")
        boss = await Person.arrive(chrome, scene.url)
        await boss.sign_in("admin", PASSWORD)
        await prepared(boss.page, scene.url)
        await _form(boss.page, scene.url)
        await _drawn(boss.page, scene.url)
        await _evaluated(boss.page, tmp_path)
        ada = await Person.arrive(chrome, scene.url, language="zh")
        await ada.sign_in("ada", PASSWORD)
        await _disputed(ada.page, scene.url, tmp_path)
        await _answered(boss.page, scene.url)
        await ada.page.reload()
        await ada.page.get_by_role("button", name="我已阅读").click()
        await expect(ada.page.get_by_test_id("evaluation")).to_have_attribute(
            "data-state", "acknowledged"
        )
        await _reported(boss.page, scene.url)
        await _calibrated(boss.page, scene.url, tmp_path)
        assert ada.problems == []
        assert boss.problems == []
        await ada.leave()
        await boss.leave()
        await engine.dispose()


async def _form(page: Page, url: str) -> None:
    await page.goto(f"{url}/quality?tab=forms")
    await page.get_by_role("button", name="New form").click()
    editor = page.get_by_test_id("form-editor")
    await editor.get_by_label("Code").fill("service")
    await editor.get_by_label("Name").fill("Service")
    await editor.get_by_role("textbox", name="Section", exact=True).fill("Talk")
    first = editor.get_by_test_id("form-question").first
    await first.get_by_role("textbox", name="Question", exact=True).fill("Greets the caller")
    await first.get_by_label("In Chinese").fill("问候来电者")
    await first.get_by_label("May not apply").check()
    await editor.get_by_role("button", name="Another question").click()
    second = editor.get_by_test_id("form-question").last
    await second.get_by_role("textbox", name="Question", exact=True).fill("Keeps card data safe")
    await second.get_by_label("Fails all").check()
    await page.reload()  # what was typed is still there
    await page.get_by_role("button", name="New form").click()
    await expect(second.get_by_role("textbox", name="Question", exact=True)).to_have_value(
        "Keeps card data safe"
    )
    await editor.get_by_role("button", name="Another question").click()
    third = editor.get_by_test_id("form-question").last
    await third.get_by_role("textbox", name="Question", exact=True).fill("Listens")
    await third.get_by_role("combobox", name="Answer").click()
    await page.get_by_role("option", name="Scale").click()
    await editor.get_by_role("button", name="Save the draft").click()
    await editor.get_by_role("button", name="Publish").click()
    await editor.get_by_role("cell", name="v1", exact=True).wait_for()
    await expect(editor.get_by_role("button", name="Publish")).to_be_disabled()


async def _drawn(page: Page, url: str) -> None:
    await page.goto(f"{url}/quality?tab=plans")
    await page.get_by_role("button", name="New plan").click()
    await page.get_by_label("Name of the plan").fill("One a week 每周一段")
    await page.get_by_label("Recordings of each agent").fill("1")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Draw now").click()
    await page.get_by_text("2 recordings added").wait_for()
    await page.get_by_role("tab", name="To do").click()
    lines = page.locator("tr[data-sample]")
    await expect(lines).to_have_count(2)
    await lines.filter(has_text="Martin").get_by_role("button", name="Leave out").click()
    dialog = page.get_by_role("dialog", name="Leave out")
    await dialog.get_by_label("Why").fill("wrong number")
    await dialog.get_by_role("button", name="Leave out").click()
    await expect(lines).to_have_count(1)
    await lines.get_by_role("button", name="Evaluate").click()


async def _evaluated(page: Page, folder: Path) -> None:
    sheet = page.get_by_test_id("evaluation")
    await page.get_by_test_id("recording").wait_for()  # the player is beside it
    await sheet.locator("[data-question]").first.get_by_text("N/A", exact=True).click()
    await sheet.locator("[data-question=q2]").get_by_text("No", exact=True).click()
    await sheet.get_by_label("Remark: Keeps card data safe").fill("spoken at 0:05")
    await expect(sheet.locator("[data-kept=true]")).to_contain_text("1 question left")
    await page.reload()  # the draft is kept by the service
    await expect(sheet.get_by_label("Remark: Keeps card data safe")).to_have_value("spoken at 0:05")
    await expect(sheet.get_by_role("button", name="Hand in")).to_be_disabled()
    await sheet.locator("[data-question=q3]").get_by_text("4", exact=True).click()
    await page.screenshot(path=folder / "evaluating.png")
    await sheet.get_by_role("button", name="Hand in").click()
    await expect(sheet).to_have_attribute("data-state", "submitted")
    await expect(sheet.get_by_test_id("score")).to_have_text("0")


async def _disputed(page: Page, url: str, folder: Path) -> None:
    """The agent sees his own, in his language, and no draft and no tab of others."""
    await page.goto(f"{url}/quality")
    await expect(page.get_by_role("tab")).to_have_count(0)
    rows = page.locator("tr[data-evaluation]")
    await expect(rows).to_have_count(1)
    await rows.get_by_role("link", name="打开").click()
    sheet = page.get_by_test_id("evaluation")
    await sheet.get_by_text("问候来电者").wait_for()
    await sheet.get_by_label("如有异议").fill("那段时间录音是暂停的")
    await page.screenshot(path=folder / "disputing.png")
    await sheet.get_by_role("button", name="我有异议").click()
    await expect(sheet).to_have_attribute("data-state", "disputed")


async def _answered(page: Page, url: str) -> None:
    await page.goto(f"{url}/quality?tab=list&state=disputed")
    await page.locator("tr[data-evaluation]").get_by_role("link", name="Open").click()
    sheet = page.get_by_test_id("evaluation")
    await sheet.get_by_text("那段时间录音是暂停的").wait_for()
    await sheet.get_by_role("button", name="Change the answers").click()
    await sheet.locator("[data-question=q2]").get_by_text("Yes", exact=True).click()
    await sheet.get_by_label("Your answer").fill("You are right, it was paused.")
    await sheet.get_by_role("button", name="Answer, and change the score").click()
    await expect(sheet).to_have_attribute("data-state", "answered")
    # q1 does not apply; (1 + 3/4) / 2
    await expect(sheet.get_by_test_id("score")).to_have_text("87.5")
    await sheet.get_by_text("before: 0").wait_for()


async def _reported(page: Page, url: str) -> None:
    await page.goto(f"{url}/reports?report=quality")
    row = page.locator('[data-table=agents] [data-row="ada"]')
    await expect(row.locator("[data-figure=quality_score]")).to_have_attribute("data-value", "87.5")
    await row.locator("a[data-figure=evaluations]").click()
    await expect(page.locator("tr[data-evaluation]")).to_have_count(1)
    await page.go_back()
    await row.wait_for()


async def _calibrated(page: Page, url: str, folder: Path) -> None:
    await page.goto(f"{url}/recordings?open=r1.1")
    box = page.get_by_test_id("evaluate")
    await box.get_by_role("link", name="Ada").wait_for()
    await box.get_by_role("button", name="Calibrate").click()
    dialog = page.get_by_role("dialog", name="Calibrate")
    await dialog.get_by_label("Title").fill("June 六月")
    judges = dialog.get_by_role("combobox", name="Judges")
    await judges.click()
    options = page.get_by_role("option")
    await options.first.click()
    await options.nth(1).click()
    await page.keyboard.press("Escape")
    await dialog.get_by_role("button", name="Begin").click()
    found = page.get_by_test_id("calibration")
    await found.get_by_text("Nobody sees what others gave").wait_for()
    await expect(found).to_have_attribute("data-closed", "false")
    await page.screenshot(path=folder / "calibration.png")
    await found.get_by_role("button", name="Close").click()
    await expect(found).to_have_attribute("data-closed", "true")
