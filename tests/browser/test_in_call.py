"""Two agents and a caller with a steady tone on a real Asterisk: parked, taken, given back, a
conference person by person; who hears whom, what is in the books, and how each leg sounded.

The browsers' microphones beep; who is muted is silent.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.browser.person import Person, chromium
from tests.browser.test_transfer import (
    HEARD_MIN,
    ask,
    asking,
    at_work,
    hears,
    move,
    mute,
    talk_with,
    tone_in,
)
from tests.service.house import House, house

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(300)]


async def test_inside_a_talk_and_at_its_edges(tmp_path: Path) -> None:
    async with house() as centre, chromium() as browser:
        ada = await at_work(browser, centre, "ada")
        async with talk_with(ada, centre) as (call, phone):
            chloe = await at_work(browser, centre, "chloe")
            await parked_and_taken(ada, chloe, call, phone)
            await chloe_to_ada(chloe, ada, call)
            await ask(ada, "chloe")
            await chloe.offered()
            await chloe.answer()
            await asking(ada, "talking")
            await move(ada, "All together", "joined")
            await person_by_person(ada, chloe, phone, tmp_path)
            await ada.hang_up()
            await ada.close_call("Resolved", "parked, taken, together")
            await ada.state("available")
            await chloe.hang_up()
            await chloe.close_call("Resolved", "")
        await books(centre, call)
        assert ada.problems == []
        assert chloe.problems == []


async def parked_and_taken(ada: Person, chloe: Person, call: str, phone: Media) -> None:
    """Ada parks the caller and is free; Chloé takes him from the list; he hears her."""
    await ada.page.get_by_role("button", name="Park", exact=True).click()
    row = ada.page.locator(f'[data-testid="parked"][data-call="{call}"]')
    await row.get_by_text("Place 1").wait_for()
    await ada.state("available")
    phone.listen_anew()
    await until(lambda: phone.energy() > HEARD_MIN / 10, 15)  # music
    await chloe.page.get_by_role("button", name="Calls you can take").click()
    item = chloe.page.locator(f'[data-testid="shelf-parked"][data-call="{call}"]')
    await item.get_by_role("button", name="Take").click()
    await chloe.stage("talking")
    await hears(chloe, True)
    assert await tone_in(chloe), "the caller's steady tone"
    await expect(row).to_have_count(0)


async def chloe_to_ada(chloe: Person, ada: Person, call: str) -> None:
    """Back the same way, so that Ada has the call."""
    await chloe.page.get_by_role("button", name="Park", exact=True).click()
    await chloe.page.get_by_test_id("parked").wait_for()
    await chloe.state("available")
    await ada.page.get_by_role("button", name="Calls you can take").click()
    item = ada.page.locator(f'[data-testid="shelf-parked"][data-call="{call}"]')
    await item.get_by_role("button", name="Take").click()
    await ada.stage("talking")
    await hears(ada, True)


async def person_by_person(ada: Person, chloe: Person, phone: Media, folder: Path) -> None:
    """The caller is not heard, then Chloé is on hold, then the caller, then all again."""
    await mute(ada)
    him = ada.page.get_by_test_id("person-caller")
    her = ada.page.get_by_test_id("person-colleague")
    await hears(chloe, True)
    await him.get_by_role("button", name="Mute").click()
    await hears(chloe, False)  # neither Ada nor the caller
    await ada.page.screenshot(path=folder / "conference.png")
    await him.get_by_role("button", name="Unmute").click()
    await hears(chloe, True)
    await her.get_by_role("button", name="Hold").click()
    await asking(ada, "aside")
    assert await tone_in(ada)
    await move(ada, "All together", "joined")
    await him.get_by_role("button", name="Hold").click()
    await asking(ada, "talking")
    await mute(chloe)
    await hears(ada, False)
    await mute(chloe)
    phone.listen_anew()
    await until(lambda: phone.energy() > HEARD_MIN / 10, 15)  # music
    await move(ada, "All together", "joined")
    await mute(ada)


async def books(centre: House, call: str) -> None:
    """Each part with its own time, and how each leg sounded."""
    query = f"""select agent, ended, park_seconds, conference_seconds, talk_seconds
                from interaction_parts where call = '{call}' order by part"""
    wanted = [("ada", "parked"), ("chloe", "parked"), ("ada", "given-on"), ("chloe", "ended")]
    rows = []
    for _ in range(100):
        rows = await centre.rows(query)
        if [(row["agent"], row["ended"]) for row in rows] == wanted:
            break
    assert [(row["agent"], row["ended"]) for row in rows] == wanted
    assert rows[0]["park_seconds"] > 0
    assert rows[1]["park_seconds"] > 0
    assert rows[2]["conference_seconds"] > 1
    (whole,) = await centre.rows(f"select * from interactions where call = '{call}'")
    assert abs(whole["talk_seconds"] - sum(row["talk_seconds"] for row in rows)) < 0.01
    assert abs(whole["park_seconds"] - sum(row["park_seconds"] for row in rows)) < 0.01
    legs = await centre.rows(f"select * from leg_quality where call = '{call}'")
    assert {leg["agent"] for leg in legs} == {"ada", "chloe"}
    assert all(leg["packets_received"] > 50 and 1 <= leg["mos"] <= 4.5 for leg in legs)
