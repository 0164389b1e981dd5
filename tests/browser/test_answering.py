"""Calls that are answered without a click, and by a desk phone that is driven from the console.

A real Asterisk; Ada has her phone in the browser, Chloé a SIP telephone on the desk. What each of
them hears is measured, the short tone before an automatic answer too.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.browser.ears import HEARD_MIN, hears
from tests.browser.person import Person, chromium
from tests.browser.test_transfer import KNOWN, TONE, ask, asking, at_work, move
from tests.service.house import DIRECT_DID, PASSWORD, House, house
from tests.service.phones import caller, desk_phone

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(240)]

DESK_TONE = 620.0
ZIP_HERTZ = 880.0
PATIENCE_SECONDS = 20.0


async def test_answered_by_itself_and_on_the_desk() -> None:
    async with house(start=False) as centre:
        await answered_by_themselves(centre)
        secret = await centre.desk_phone("chloe")
        centre.start_service()
        await centre.ready()
        async with chromium() as browser:
            ada = await at_work(browser, centre, "ada")
            await announced_and_answered(ada, centre)
            async with (
                Media(DESK_TONE) as desk,
                desk_phone(
                    centre.ports["sip"],
                    "dchloe",
                    secret,
                    ring_ms=300,
                    talk_ms=600_000,
                    sound=desk,
                ),
            ):
                await driven_from_the_console(browser, centre, ada, desk)
            assert ada.problems == []


async def answered_by_themselves(centre: House) -> None:
    engine = make_engine(centre.database.url)
    await Directory(engine).put_queue("support", {"auto_answer": True}, by="tests")
    await engine.dispose()


async def announced_and_answered(ada: Person, centre: House) -> None:
    """First the tone in her headset and a word on the screen, then the caller."""
    async with caller(centre.ports["sip"], DIRECT_DID, KNOWN, "He Yang", tone=TONE) as phone:
        await ada.page.get_by_test_id("incoming").get_by_text("Connecting").wait_for()
        assert (await ada.heard()).energy_in == 0
        await ada.stage("talking")
        zips = [hertz for energy, hertz in await ada.played() if energy > HEARD_MIN]
        assert zips, "no tone before the caller"
        assert all(abs(hertz - ZIP_HERTZ) < 60 for hertz in zips), zips
        await hears(ada, True)
        phone.listen_anew()
        await until(lambda: phone.energy() > HEARD_MIN, PATIENCE_SECONDS)
        await ada.hang_up()
        await ada.close_call("Resolved", "")
        await ada.state("available")


async def driven_from_the_console(
    browser: Browser, centre: House, ada: Person, desk: Media
) -> None:
    await pause(ada)
    chloe = await Person.arrive(browser, centre.url)
    await chloe.sign_in("chloe", PASSWORD)
    await chloe.choose_desk_phone()
    await chloe.start_shift()
    await chloe.go_ready()
    async with caller(centre.ports["sip"], DIRECT_DID, KNOWN, "He Yang", tone=TONE) as phone:
        await chloe.stage("talking")
        await both_hear(phone, desk)
        await chloe.page.get_by_role("button", name="Hold", exact=True).click()
        await chloe.stage("held")
        await until(lambda: not phone.hears(DESK_TONE) and phone.energy() > HEARD_MIN / 10, 15)
        desk.listen_anew()
        await chloe.page.get_by_role("button", name="Resume").click()
        await chloe.stage("talking")
        await both_hear(phone, desk)
        await chloe.page.get_by_role("button", name="Keypad").click()
        one = chloe.page.get_by_role("button", name="1", exact=True)
        await expect(one).to_be_focused()  # it listens from now on
        await press(chloe, phone, "4")
        await press(chloe, phone, "2")
        assert phone.keys_heard == ["4", "2"]
        await chloe.page.keyboard.press("Escape")
        await ada.go_ready()
        await ask(chloe, "ada")
        await ada.offered()
        await ada.answer()
        await asking(chloe, "talking")
        await hears(ada, True)  # the desk phone's tone
        await move(chloe, "All together", "joined")
        await until(lambda: phone.energy() > HEARD_MIN, PATIENCE_SECONDS)
        await move(chloe, "Leave them together", None)
        await chloe.stage("wrap-up")
        await chloe.close_call("Resolved", "")
        await ada.stage("talking")
        await hears(ada, True)
        await ada.hang_up()
        await ada.close_call("Resolved", "")
        await pause(ada)
    async with caller(centre.ports["sip"], DIRECT_DID, KNOWN, "He Yang", tone=TONE) as phone:
        await chloe.stage("talking")
        await both_hear(phone, desk)
        await chloe.hang_up()
        await chloe.stage("wrap-up")
        await until(lambda: centre.channels() == 0, PATIENCE_SECONDS)
        await chloe.close_call("Resolved", "")
    await expect(chloe.page.get_by_test_id("call-desk")).to_have_count(0)
    assert chloe.problems == []


async def both_hear(phone: Media, desk: Media) -> None:
    """Each the other's own tone."""
    phone.listen_anew()
    desk.listen_anew()
    await until(lambda: phone.hears(DESK_TONE) and desk.hears(TONE), PATIENCE_SECONDS)


async def press(person: Person, phone: Media, key: str) -> None:
    """By her keyboard, while the keypad is open; the caller's telephone hears it."""
    await person.page.keyboard.press(key)
    await until(lambda: phone.keys_heard[-1:] == [key], PATIENCE_SECONDS)


async def pause(person: Person) -> None:
    await person.page.get_by_test_id("own-state").click()
    await person.page.get_by_role("menuitem", name="Lunch").click()
    await person.state("paused")
