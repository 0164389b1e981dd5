"""Prompts and voicemail in a real browser: record, upload, speak, roll back; listen, seek, note."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from callcenter.store.engine import make_engine
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, stage
from tests.media.test_voicemails import leave_message
from tests.sound import odd_files
from tests.sound.odd_files import samples, wav

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(240)]

SLOWLY = 30_000.0


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "audio/mpeg", "buffer": content}


async def versions(page: Page, count: int) -> None:
    rows = page.get_by_test_id("versions").locator("[data-version]")
    await expect(rows).to_have_count(count, timeout=SLOWLY)


async def test_a_prompt_is_recorded_uploaded_spoken_and_rolled_back(
    chrome: Browser, database_url: str, tmp_path: Path
) -> None:
    async with stage(database_url, tmp_path) as scene:
        person = await Person.arrive(chrome, scene.url)
        page = person.page
        await person.sign_in("admin", PASSWORD, at="/prompts")
        await page.get_by_role("button", name="New prompt").click()
        form = page.get_by_role("dialog", name="New prompt")
        await form.get_by_label("Id").fill("../x")
        await expect(form.get_by_role("button", name="Create")).to_be_disabled()
        await form.get_by_label("Id").fill("hello")
        await form.get_by_label("What it is").fill("Greeting 问候")
        await form.get_by_role("button", name="Create").click()

        drawer = page.get_by_role("dialog", name="hello")
        await drawer.get_by_role("button", name="Record", exact=True).click()
        await expect(drawer.get_by_text("00:02")).to_be_visible(timeout=SLOWLY)
        await drawer.get_by_role("button", name="Stop").click()
        await drawer.get_by_label("Listen to the recording").wait_for()
        await drawer.get_by_role("button", name="Keep and use").click()
        await versions(page, 1)

        await drawer.get_by_text("File", exact=True).click()
        picker = drawer.locator('input[type="file"]')
        await picker.set_input_files(file("notes.txt", b"not a sound"))
        await expect(drawer.get_by_role("alert").first).to_contain_text("not a sound file")
        await picker.set_input_files(file("tone.mp3", odd_files.encoded("mp3")))
        await versions(page, 2)

        await drawer.get_by_text("Machine voice", exact=True).first.click()
        await drawer.get_by_label("What is said").fill("Welcome to our centre.")
        await drawer.get_by_role("button", name="Listen first").click()
        await drawer.get_by_label("Listen to the machine voice").wait_for(timeout=SLOWLY)
        await drawer.get_by_role("button", name="Keep and use").click()
        await versions(page, 3)
        await drawer.get_by_role("button", name="Use this one 1").click()
        first = page.get_by_test_id("versions").locator('[data-version="1"]')
        await expect(first).to_contain_text("callers hear it")
        (refused,) = person.problems
        assert "422" in refused  # the text file
        await person.leave()


async def test_several_files_go_up_at_once_and_each_tells_how_it_fared(
    chrome: Browser, database_url: str, tmp_path: Path
) -> None:
    async with stage(database_url, tmp_path) as scene:
        person = await Person.arrive(chrome, scene.url)
        page = person.page
        await person.sign_in("admin", PASSWORD, at="/prompts")
        await page.get_by_role("button", name="Upload").wait_for()
        await page.locator('input[type="file"]').set_input_files(
            [
                file("closed.zh.mp3", odd_files.encoded("mp3")),
                file("quiet.en.wav", wav(samples(8_000, 1.0, level=0))),
            ]
        )
        files = page.get_by_role("dialog", name="Upload files")
        await files.get_by_role("button", name="Upload").click()
        good = files.get_by_role("row").filter(has_text="closed.zh.mp3")
        await expect(good).to_contain_text("Taken", timeout=SLOWLY)
        bad = files.get_by_role("row").filter(has_text="quiet.en.wav")
        await expect(bad).to_contain_text("Nothing can be heard", timeout=SLOWLY)
        await files.get_by_role("button", name="Close").first.click()
        row = page.get_by_role("row").filter(has_text="closed")
        await expect(row).to_contain_text("zh: recorded")
        await person.leave()


async def test_a_message_is_heard_noted_given_and_done(
    chrome: Browser, database_url: str, tmp_path: Path
) -> None:
    async with stage(database_url, tmp_path) as scene:
        folder = tmp_path / "recordings"
        await asyncio.to_thread(folder.mkdir, exist_ok=True)
        engine = make_engine(database_url)
        await leave_message(engine, folder, "500.1", box="support", name="王伟")
        await engine.dispose()
        person = await Person.arrive(chrome, scene.url)
        page = person.page
        await person.sign_in("supervisor", PASSWORD)
        await expect(page.get_by_label("1 new message")).to_be_visible()
        await page.goto(f"{scene.url}/voicemail?open=500.1")
        await page.get_by_test_id("linked").get_by_text("王伟").wait_for()
        await page.get_by_test_id("linked").get_by_role("button", name="Close").click()
        message = page.locator('[data-message="500.1"]')
        sound = message.locator("audio")
        await sound.evaluate("one => one.play()")
        await page.wait_for_function(
            "() => document.querySelector('[data-message] audio').currentTime > 0.1"
        )
        await sound.evaluate("one => { one.currentTime = 0.8 }")
        heard = page.locator('[data-message="500.1"][data-state="heard"]')
        await heard.wait_for(timeout=SLOWLY)
        await message.get_by_label("Note").fill("回电：明天上午")
        await message.get_by_role("button", name="Save").click()
        await expect(message.get_by_role("button", name="Save")).to_have_count(0)
        await message.get_by_role("button", name="Done").click()
        await expect(message).to_have_count(0)
        await page.get_by_text("Done", exact=True).first.click()
        await expect(message.get_by_label("Note")).to_have_value("回电：明天上午")
        await message.get_by_role("button", name="Delete").click()
        await page.get_by_text("Deleted", exact=True).first.click()
        await message.get_by_role("button", name="Bring back").click()
        await expect(message).to_have_count(0)
        assert person.problems == []
        await person.leave()
