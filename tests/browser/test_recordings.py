"""Recordings in a real browser: found, played with both sides in sight, remarked on, held."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.settings import Settings
from callcenter.store.engine import make_engine
from callcenter.store.tables import InteractionEvent, Recording
from callcenter.store.times import to_datetime
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, stage
from tests.web.test_recordings import raw

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(240)]

SLOW_MS = 30_000
SECONDS = 20


async def leave_talk(engine: AsyncEngine, folder: Path, id: str, agent: str) -> None:
    """As Asterisk and the ledger leave it: silent from 5.2 to 8 s, on hold after 12."""
    began = time.time() - 60
    talks = Settings(data_directory=folder).talks
    talks.mkdir(parents=True, exist_ok=True)
    (talks / f"{id}.raw").write_bytes(raw(SECONDS, silent=(5.2, 8)))
    row = {
        "id": id,
        "revision": 1000,
        "call": id.rpartition(".")[0],
        "part": int(id.rpartition(".")[2]),
        "agents": [agent],
        "queue": "support",
        "number": "+8613800138000",
        "reason": "always",
        "wanted": True,
        "began_at": to_datetime(began),
        "ended_at": to_datetime(began + 22),
        "spoken": [[began, began + 12], [began + 14, began + 22]],
        "pauses": [
            {"asked_at": began + 5, "since": began + 5.1, "until": began + 8, "why": "card"}
        ],
    }
    async with engine.begin() as connection:
        await connection.execute(insert(Recording).values(**row))
        if row["part"] == 1:  # asked a colleague, then gave the caller on
            turn = {"call": row["call"], "data": {"agent": "chloe", "by": agent}}
            for number, (at, kind) in enumerate([(10, "consult"), (17, "handed-over")], 1):
                when = to_datetime(began + at)
                event = turn | {"sequence": number, "at": when, "kind": kind}
                await connection.execute(insert(InteractionEvent).values(**event))


async def test_a_recording_is_found_played_remarked_on_and_held(
    chrome: Browser, database_url: str, tmp_path: Path
) -> None:
    async with stage(database_url, tmp_path) as scene:
        engine = make_engine(database_url)
        await leave_talk(engine, tmp_path, "r1.1", "ada")
        await leave_talk(engine, tmp_path, "r1.2", "chloe")
        boss = await Person.arrive(chrome, scene.url)
        await boss.sign_in("admin", PASSWORD)
        await prepared(boss.page, scene.url)
        await _found(boss.page)
        await _played(boss.page, tmp_path)
        await _remarked(boss.page)
        await _held(boss.page)
        await _rules(boss.page, scene.url, tmp_path)
        query = text("select action from audit where subject = 'r1.1' order by id")
        async with engine.connect() as connection:
            actions = [row[0] for row in await connection.execute(query)]
        assert actions == ["recording.play", "recording.comment", "recording.hold"]
        assert boss.problems == []
        await boss.leave()
        await _only_ones_own(chrome, scene.url)
        await engine.dispose()


async def prepared(page: Page, url: str) -> None:
    """The service has made both ready to be heard."""
    for _ in range(20):
        await page.goto(f"{url}/recordings")
        stored = page.locator('[data-recording][data-state="stored"]')
        try:
            await expect(stored).to_have_count(2, timeout=3_000)
        except AssertionError:
            continue
        return
    raise AssertionError("the recordings are not ready")


async def _found(page: Page) -> None:
    rows = page.locator("tr[data-recording]")
    await page.get_by_role("combobox", name="Agent").fill("Ada")
    await page.get_by_role("option", name="Ada Byrne").click()
    await expect(rows).to_have_count(1)
    await page.reload()
    await expect(rows).to_have_count(1)
    await page.get_by_label("Name or number").fill("no such caller")
    await page.get_by_text("No recordings found").wait_for()
    await page.get_by_label("Name or number").fill("")
    await expect(rows).to_have_count(1)
    # Typed and chosen faster than any of it is looked for: nothing takes away the other.
    await page.get_by_label("Name or number").fill("138")
    await page.get_by_label("Silence, at least (s)").fill("1")
    await page.get_by_label("Minutes").fill("1")
    await page.get_by_label("Legal hold").check()
    wanted = [re.compile(part) for part in ("text=[^&]*138", "silence=[^&]*1", "minutes=", "held=")]
    await page.wait_for_url(lambda url: all(part.search(url) for part in wanted))
    await page.get_by_text("No recordings found").wait_for()
    await page.go_back()
    await expect(rows).to_have_count(1)
    await expect(page.get_by_label("Name or number")).to_have_value("")
    await expect(page.get_by_label("Minutes")).to_have_value("")


async def _played(page: Page, folder: Path) -> None:
    await page.locator("tr[data-recording]").get_by_role("button", name="Listen").click()
    player = page.get_by_test_id("recording")
    await player.get_by_text("2×", exact=True).click()
    await player.get_by_role("button", name="Play", exact=True).click()
    await expect(player).to_have_attribute("data-playing", "true", timeout=SLOW_MS)
    waves = player.get_by_test_id("waveform")
    await page.wait_for_function("() => document.querySelector('audio').currentTime > 2")
    await player.get_by_role("button", name="Pause", exact=True).click()
    await expect(player).to_have_attribute("data-playing", "false")
    await player.get_by_role("button", name="Silent 00:04").click()
    await expect(waves).to_have_attribute("aria-valuenow", "5")
    await player.get_by_role("button", name="Hold 00:12").click()
    await expect(waves).to_have_attribute("aria-valuenow", "12")
    await waves.press("ArrowLeft")
    await expect(waves).to_have_attribute("aria-valuenow", "7")
    # From mark to mark: the consultation, the hold, the transfer; then to the colleague's part.
    for second in ("10", "12", "15"):
        await waves.press("PageDown")
        await expect(waves).to_have_attribute("aria-valuenow", second)
    await waves.press("PageUp")
    await expect(waves).to_have_attribute("aria-valuenow", "12")
    await player.get_by_role("button", name="Handed over · Chloé").click()
    await expect(waves).to_have_attribute("aria-valuenow", "15")
    await player.get_by_role("button", name="To the next part").click()
    await expect(player).to_have_attribute("data-recording", "r1.2")
    await player.get_by_role("button", name="Part 1").click()
    await expect(player).to_have_attribute("data-recording", "r1.1")
    await player.get_by_role("button", name="To the next mark").click()
    await expect(waves).to_have_attribute("aria-valuenow", "5")
    for key in ("PageDown", "PageDown", "ArrowLeft"):
        await waves.press(key)
    await expect(waves).to_have_attribute("aria-valuenow", "7")
    await page.screenshot(path=folder / "player.png")


async def _remarked(page: Page) -> None:
    player = page.get_by_test_id("recording")
    await player.get_by_label("Remark at 00:07").fill("Card data is not in it 没有卡号")
    await player.get_by_role("button", name="Add").click()
    remark = player.get_by_test_id("remark")
    await expect(remark).to_contain_text("没有卡号")
    await expect(remark).to_contain_text("00:07")
    # The keys stop there, too.
    waves = player.get_by_test_id("waveform")
    for key, second in (("Home", "0"), ("PageDown", "5"), ("PageDown", "7")):
        await waves.press(key)
        await expect(waves).to_have_attribute("aria-valuenow", second)


async def _held(page: Page) -> None:
    await page.get_by_role("button", name="Put under legal hold").click()
    dialog = page.get_by_role("dialog", name="Put under legal hold")
    await dialog.get_by_label("Why").fill("complaint 17")
    await dialog.get_by_role("button", name="Put under legal hold").click()
    await page.get_by_text("complaint 17").wait_for()
    await expect(page.get_by_role("button", name="Erase")).to_be_disabled()


async def _rules(page: Page, url: str, folder: Path) -> None:
    await page.goto(f"{url}/recordings")
    await page.get_by_role("tab", name="Rules").click()
    form = page.get_by_test_id("policy")
    await form.get_by_role("combobox", name="What is recorded").click()
    await page.get_by_role("option", name="A share of the calls").click()
    await form.get_by_label("Share").fill("25")
    await form.get_by_role("button", name="Save").click()
    await page.get_by_text("Saved. It holds for calls from now on.").first.wait_for()
    await page.get_by_role("button", name="Another line").click()
    rule = page.get_by_test_id("retention-rule").last
    await rule.get_by_label("Days").fill("30")
    await page.screenshot(path=folder / "rules.png", full_page=True)
    await page.get_by_role("button", name="Save").last.click()
    await page.reload()
    await page.get_by_role("tab", name="Rules").click()
    await expect(form.get_by_label("Share")).to_have_value("25 %")
    await expect(page.get_by_test_id("retention-rule").last.get_by_label("Days")).to_have_value(
        "30"
    )


async def _only_ones_own(chrome: Browser, url: str) -> None:
    """An agent sees the talks he is heard in, and cannot take them home."""
    ada = await Person.arrive(chrome, url)
    await ada.sign_in("ada", PASSWORD, at="/recordings")
    rows = ada.page.locator("tr[data-recording]")
    await expect(rows).to_have_count(1)
    await rows.get_by_role("button", name="Listen").click()
    await ada.page.get_by_test_id("recording").wait_for()
    await expect(ada.page.get_by_role("link", name="Download")).to_have_count(0)
    await ada.leave()
