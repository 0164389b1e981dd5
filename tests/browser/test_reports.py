"""Two real calls: what a supervisor's live page shows, what the report says, and what is counted
from the raw event log are the same numbers; each number leads to its calls."""

from __future__ import annotations

import asyncio
import json
import os
from collections import defaultdict
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.asterisk.lab import until
from tests.browser.judging import violations
from tests.browser.person import Person, chromium
from tests.reports import recomputed
from tests.service.house import DIRECT_DID, PASSWORD, House, house
from tests.service.phones import caller, callers

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(300)]

TONE = 440.0
GIVES_UP_MS = 5000
NAMES = ("offered", "answered", "abandoned")


async def test_screen_report_and_raw_log_say_the_same() -> None:
    async with house() as centre, chromium() as browser:
        ada = await Person.arrive(browser, centre.url)
        await ada.sign_in("ada", PASSWORD)
        await ada.start_shift()
        await ada.go_ready()
        await _one_answered_one_gave_up(centre, ada)
        boss = await Person.arrive(browser, centre.url)
        await boss.sign_in("supervisor", PASSWORD)
        live = await _live(boss.page)
        counted = await _counted(centre)
        assert live == {name: counted[name] for name in NAMES}
        assert (counted["offered"], counted["answered"], counted["abandoned"]) == (2, 1, 1)
        await _report_says(boss.page, centre, counted)
        await _behind(boss.page)
        await _back_keeps_what_was_asked(boss.page)
        await _cards_and_plots_lead_to_calls(boss.page)
        await _hours_of_the_week_lead_to_calls(boss.page)
        await _trunks_say(boss.page, centre)
        await _every_report_opens(boss, centre)
        assert boss.problems == []


async def _one_answered_one_gave_up(centre: House, ada: Person) -> None:
    async with caller(centre.ports["sip"], DIRECT_DID, "13900000771", "One", tone=TONE) as phone:
        await ada.offered()
        await ada.answer()
        await ada.stage("talking")
        await until(lambda: phone.packets > 50)
        await ada.hang_up()
        await ada.stage("wrap-up")
    async with callers(centre.ports["sip"], DIRECT_DID, 1, talk_ms=GIVES_UP_MS):
        await _happened(centre, "queued", 2)
        await _happened(centre, "ended", 2)
    await ada.close_call("Resolved", "all said")


async def _happened(centre: House, kind: str, times: int) -> None:
    query = f"select count(*) from interaction_events where kind = '{kind}' and call !~ '^demo'"
    for _ in range(300):
        if (await centre.rows(query))[0][0] >= times:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{kind} did not happen {times} times")


async def _counted(centre: House) -> dict[str, int]:
    """From the raw event log, all days: the demo's own history has no events of this kind."""
    sums: dict[str, int] = defaultdict(int)
    for (_, queue), found in recomputed.of_queues(await _events(centre), [], "UTC").items():
        assert queue == "support"
        for name, value in found.items():
            sums[name] += value
    return sums


async def _events(centre: House) -> dict[str, list[recomputed.Event]]:
    rows = await centre.rows(
        "select call, at, kind, data from interaction_events where call !~ '^demo'"
        " order by call, sequence"
    )
    calls: dict[str, list[recomputed.Event]] = defaultdict(list)
    for row in rows:
        calls[row["call"]].append((row["at"], row["kind"], json.loads(row["data"])))
    return calls


async def _live(page: Page) -> dict[str, int]:
    await page.goto(page.url.rsplit("/live", 1)[0] + "/live/queues")
    card = page.locator("button", has_text="Support").first
    await card.wait_for()
    await card.get_by_role("img", name="in the last hour").wait_for()
    text = [line for line in (await card.inner_text()).split("\n") if line]
    words = {"offered": "Offered", "answered": "Answered", "abandoned": "Abandoned"}
    return {name: _above(text, word) for name, word in words.items()}


def _above(lines: list[str], word: str) -> int:
    """The number that stands above a word."""
    return int(lines[lines.index(word) - 1])


async def _report_says(page: Page, centre: House, counted: dict[str, int]) -> None:
    link = page.locator('a[href="/reports"]')
    await link.click()
    row = page.locator('[data-table="queues"] [data-row="support"]')
    await page.get_by_role("button", name="Today").click()
    await row.wait_for()
    for name in (*NAMES, "in_target"):
        cell = row.locator(f'[data-figure="{name}"]')
        assert await cell.get_attribute("data-value") == str(counted[name]), name
    level = await row.locator('[data-figure="sl_offered"]').get_attribute("data-value")
    assert float(level or -1) == counted["in_target"] / counted["offered"]
    asa = await page.locator('[data-card="asa"] [data-value]').get_attribute("data-value")
    assert float(asa or -1) == counted["wait_answered_ms"] / 1000 / counted["answered"]
    await _shot(page, "reports-queues")


async def _behind(page: Page) -> None:
    cell = page.locator('[data-table="queues"] [data-row="support"] [data-figure="abandoned"]')
    await cell.click()
    behind = page.get_by_test_id("calls-behind")
    await behind.locator("tbody tr").first.wait_for()
    assert await behind.locator("tbody tr").count() == 1
    assert "1" in await behind.locator("h2").inner_text()
    await page.reload()
    await behind.locator("tbody tr").first.wait_for()


async def _back_keeps_what_was_asked(page: Page) -> None:
    await page.go_back()
    await page.locator('[data-table="queues"] [data-row="support"]').wait_for()
    assert "first=" in page.url


async def _trunks_say(page: Page, centre: House) -> None:
    """The two callers came one after the other, by the trunk of that address."""
    calls = await _events(centre)
    taken = recomputed.of_trunks(calls)
    edges = min(one.at for one in taken), max(one.until or one.at for one in taken)
    most, _, used = recomputed.in_use(taken, *edges)
    assert (len(taken), most) == (2, 1)
    await page.get_by_role("button", name="Trunks").click()
    row = page.locator('[data-table="trunks"] [data-row="callers"]')
    await row.wait_for()
    said = {"trunk_in": "2", "trunk_in_talked": "1", "trunk_out": "0", "most_at_once": "1"}
    for name, value in said.items():
        cell = row.locator(f'[data-figure="{name}"]')
        assert await cell.get_attribute("data-value") == value, name
    spent = await row.locator('[data-figure="trunk_in_time"]').get_attribute("data-value")
    assert float(spent or 0) == pytest.approx(used.total_seconds(), abs=0.002)
    when = await row.locator('[data-figure="most_at"]').get_attribute("data-value")
    assert float(when or 0) == pytest.approx(edges[0].timestamp(), abs=0.001)
    await row.locator('[data-figure="trunk_in"]').click()
    behind = page.get_by_test_id("calls-behind")
    await behind.locator("tbody tr").nth(1).wait_for()
    assert await behind.locator("tbody tr").count() == 2
    assert "callers" in await behind.inner_text()
    await page.go_back()
    await row.wait_for()


async def _scrolled_to(page: Page, pixels: int) -> None:
    for _ in range(150):
        there = await page.evaluate("window.scrollY")
        if abs(there - pixels) < 3:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"the page is at {there}, not at {pixels}")


async def _listed(page: Page, number: int) -> None:
    """The list that opened has as many lines as the number says; then back to the report."""
    behind = page.get_by_test_id("calls-behind")
    await behind.locator("tbody tr").first.wait_for()
    assert await behind.get_attribute("data-count") == str(number)
    assert await behind.locator("tbody tr").count() == number
    await page.get_by_role("link", name="Back to the report").click()
    await page.locator("[data-card]").first.wait_for()


async def _cards_and_plots_lead_to_calls(page: Page) -> None:
    low = page.locator('[data-table="intervals"] tfoot [data-figure="offered"]')
    await low.focus()
    scrolled = await page.evaluate("window.scrollY")
    assert scrolled > 200
    await low.press("Enter")
    await _listed(page, 2)
    await _scrolled_to(page, scrolled)
    await page.locator('[data-card="offered"] a').first.press("Enter")
    await _listed(page, 2)
    await page.locator('[data-card="answered"]').click(position={"x": 100, "y": 60})
    await _listed(page, 1)
    assert await page.locator('[data-card="sl_offered"] a').count() == 1
    plot = page.get_by_role("slider", name="Offered, Answered, Abandoned")
    await plot.focus()
    for _ in range(24):
        if "Offered: 0" not in str(await plot.get_attribute("aria-valuetext")):
            break
        await plot.press("ArrowRight")
    said = str(await plot.get_attribute("aria-valuetext"))
    many = int(said.rsplit(" ", 1)[1])
    await _shot(page, "reports-plot")
    await plot.press("Enter")
    await _listed(page, many)
    # By mouse: on the point that the keys had gone to.
    await plot.scroll_into_view_if_needed()
    spot = await page.evaluate(POINT, many)
    await page.mouse.move(spot["x"], spot["y"])
    await page.locator(".u-over.cc-leads").wait_for()
    await page.mouse.click(spot["x"], spot["y"])
    await _listed(page, many)


POINT = """(many) => {
  const over = document.querySelector("[data-testid=plot] .u-over").getBoundingClientRect();
  const rows = [...document.querySelectorAll("[data-table=intervals] tbody tr")];
  const at = rows.findIndex((row) =>
    row.querySelector("[data-figure=offered]").dataset.value === String(many));
  return { x: over.left + (over.width * at) / (rows.length - 1), y: over.top + over.height * 0.1 };
}"""


async def _hours_of_the_week_lead_to_calls(page: Page) -> None:
    await page.get_by_role("button", name="Hours of the week").click()
    heat = page.locator(".cc-heat")
    first = heat.locator("a[tabindex='0']")
    await first.wait_for()
    assert "Offered" in str(await first.get_attribute("aria-label"))
    assert await violations(page) == []
    await _shot(page, "reports-heat")
    many = int(str(await first.get_attribute("data-value")))
    await first.press("Enter")
    await _listed(page, many)
    await page.get_by_label("Shown").first.click()
    await page.get_by_role("option", name="Abandoned", exact=True).click()
    lead = heat.locator("a[tabindex='0']")
    await page.wait_for_url("**shown=abandoned**")
    assert await lead.get_attribute("data-value") == "1"
    await lead.click()
    await _listed(page, 1)
    assert "shown=abandoned" in page.url


async def _every_report_opens(boss: Person, centre: House) -> None:
    page = boss.page
    names = page.get_by_role("navigation", name="Reports").get_by_role("button")
    for number in range(await names.count()):
        await names.nth(number).click()
        await page.locator("[data-table]").first.wait_for()
        await _shot(page, f"reports-{number}")
    await page.evaluate("localStorage.setItem('cc-language', 'zh')")
    await page.goto(f"{centre.url}/reports?report=agents")
    await page.get_by_text("占用率").first.wait_for()
    await _shot(page, "reports-agents.zh")


async def _shot(page: Page, name: str) -> None:
    """For whoever wants to look: CALLCENTER_SHOTS names a folder."""
    folder = os.environ.get("CALLCENTER_SHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
