"""Two agents and a caller: ask, to and fro, all three, hand over, give on; who hears whom.

The caller's telephone sends a steady tone, both browsers' microphones beep. Who is muted is silent,
so that what is heard can only come from the third.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator

from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.browser.person import Person, chromium
from tests.service.house import PASSWORD, House, house
from tests.service.phones import caller

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(240)]

TONE = 440.0
HEARD_MIN = 1e-4
KNOWN = "13000000108"


async def test_a_colleague_is_asked_and_takes_over(tmp_path: Path) -> None:
    async with house() as centre, chromium() as browser:
        ada = await at_work(browser, centre, "ada")
        async with talk_with(ada, centre) as (call, phone):
            chloe = await at_work(browser, centre, "chloe")
            await ask(ada, "chloe")
            assert await chloe.offered() == call
            incoming = chloe.page.get_by_test_id("incoming")
            await incoming.get_by_text("Ada Byrne asks you").wait_for()
            await chloe.answer()
            await asking(ada, "talking")
            await chloe.stage("talking")
            await hears(ada, True)
            await hears(chloe, True)
            await mute(chloe)
            await hears(ada, False)  # the caller, too, is not heard
            await move(ada, "Swap", "aside")
            await hears(ada, True)
            assert await tone_in(ada), "the caller's steady tone"
            await move(ada, "All together", "joined")
            await mute(ada)
            await hears(chloe, True)  # the caller's tone alone
            await hears(ada, True)
            await mute(ada)
            await mute(chloe)
            await move(ada, "Leave them together", None)
            await ada.stage("wrap-up")
            await chloe.stage("talking")
            await hears(chloe, True)
            phone.listen_anew()
            await until(lambda: phone.energy() > HEARD_MIN)
            await ada.page.screenshot(path=tmp_path / "given-on.png")
            await ada.close_call("Follow-up needed", "Chloé knows the contract")
            await ada.state("available")
            await chloe.hang_up()
            await chloe.stage("wrap-up")
            await chloe.close_call("Resolved", "solved it")
            await chloe.state("available")
        await parts_are(
            centre, call, [("ada", "given-on", "follow-up"), ("chloe", "ended", "resolved")]
        )
        assert ada.problems == []
        assert chloe.problems == []


async def test_given_on_to_a_queue_and_a_colleague_who_declines() -> None:
    async with house() as centre, chromium() as browser:
        ada = await at_work(browser, centre, "ada")
        async with talk_with(ada, centre) as (call, _):
            chloe = await at_work(browser, centre, "chloe")
            await ask(ada, "chloe")
            await chloe.offered()
            await chloe.page.get_by_test_id("incoming").get_by_role("button", name="Reject").click()
            await ada.page.get_by_text("You are back with the caller").wait_for()
            await ada.stage("talking")
            await hears(ada, True)
            dialog = await transfer(ada)
            await dialog.get_by_role("tab", name="Queues").click()
            await dialog.get_by_test_id("queue-billing").get_by_role("button").click()
            await ada.stage("wrap-up")
            assert await chloe.offered() == call
            await chloe.answer()
            await chloe.stage("talking")
            await hears(chloe, True)
            await ada.close_call("Resolved", "billing")
            await chloe.hang_up()
            await chloe.close_call("Resolved", "")
            await chloe.state("available")
        await parts_are(
            centre, call, [("ada", "given-on", "resolved"), ("chloe", "ended", "resolved")]
        )
        assert ada.problems == []


@asynccontextmanager
async def talk_with(person: Person, centre: House) -> AsyncIterator[tuple[str, Media]]:
    """The person talks to a caller: the call's id, and the caller's telephone."""
    async with caller(centre.ports["sip"], "4000", KNOWN, "He Yang", tone=TONE) as phone:
        await until(lambda: phone.packets > 20)
        phone.press("1")
        await _press_until_queued(centre, phone)
        call = await person.offered()
        await person.answer()
        await person.stage("talking")
        yield call, phone


async def at_work(browser: Browser, centre: House, login: str) -> Person:
    person = await Person.arrive(browser, centre.url)
    await person.sign_in(login, PASSWORD)
    await person.start_shift()
    await person.go_ready()
    return person


async def transfer(person: Person) -> Locator:
    await person.page.get_by_role("button", name="Transfer", exact=True).click()
    dialog = person.page.get_by_test_id("transfer")
    await dialog.wait_for()
    return dialog


async def ask(person: Person, agent: str) -> None:
    dialog = await transfer(person)
    row = dialog.get_by_test_id(f"colleague-{agent}")
    await row.get_by_role("button", name="Ask first").click()
    await asking(person, "ringing")


async def asking(person: Person, stage: str) -> None:
    await person.page.locator(f'[data-testid="consult"][data-stage="{stage}"]').wait_for()


async def move(person: Person, name: str, stage: str | None) -> None:
    bar = person.page.get_by_test_id("consult")
    await bar.get_by_role("button", name=name).click()
    if stage is not None:
        await asking(person, stage)


async def mute(person: Person) -> None:
    await person.page.keyboard.press("Alt+m")


async def hears(person: Person, sound: bool) -> None:
    """Energy arrives, or none any more; what is under way may take a moment to change."""
    for _ in range(8):
        heard = await person.heard_within(1.0)
        if (heard.energy_in > HEARD_MIN) == sound:
            return
    raise AssertionError(f"{heard}, expected {'sound' if sound else 'silence'}")


async def tone_in(person: Person) -> bool:
    """A steady tone: sound in each of several short moments; the microphones beep once a second."""
    moments = [await person.heard_within(0.3) for _ in range(4)]
    return all(moment.energy_in > HEARD_MIN / 10 for moment in moments)


async def parts_are(centre: House, call: str, wanted: list[tuple[str, str, str]]) -> None:
    query = f"""select agent, ended, disposition, talk_seconds, hold_seconds, consult_seconds
                from interaction_parts where call = '{call}' order by part"""
    rows = []
    for _ in range(100):
        rows = await centre.rows(query)
        if [(row["agent"], row["ended"], row["disposition"]) for row in rows] == wanted:
            break
    assert [(row["agent"], row["ended"], row["disposition"]) for row in rows] == wanted
    assert all(row["talk_seconds"] > 1 for row in rows)
    assert rows[0]["consult_seconds"] > 0
    assert rows[0]["hold_seconds"] >= rows[0]["consult_seconds"]
    (whole,) = await centre.rows(f"select * from interactions where call = '{call}'")
    assert whole["agent"] == wanted[-1][0]
    spent = sum(row["talk_seconds"] for row in rows)
    assert abs(whole["talk_seconds"] - spent) < 0.01


async def _press_until_queued(centre: House, phone: Media) -> None:
    asked = "select count(*) from interaction_events where kind = 'menu'"
    for _ in range(100):
        if (await centre.rows(asked))[0][0]:
            break
    phone.press("2")


async def test_a_page_loaded_anew_in_the_middle_of_a_talk_goes_on_talking() -> None:
    async with house() as centre, chromium() as browser:
        ada = await at_work(browser, centre, "ada")
        async with talk_with(ada, centre) as (call, phone):
            await hears(ada, True)
            note = ada.page.get_by_role("textbox", name="Note", exact=True)
            await note.fill("half a sentence")
            await ada.page.reload()
            again = f"""select count(*) from interaction_events
                        where call = '{call}' and kind = 'answered'"""
            for _ in range(200):
                if (await centre.rows(again))[0][0] == 2:
                    break
            await ada.stage("talking")
            await hears(ada, True)
            phone.listen_anew()
            await until(lambda: phone.energy() > HEARD_MIN)
            assert await note.input_value() == "half a sentence"
            moments = f"""select kind, extract(epoch from at) as at from interaction_events
                          where call = '{call}' and kind in ('leg-asked-again', 'answered')
                          order by sequence"""
            asked, answered = (await centre.rows(moments))[-2:]
            assert answered["at"] - asked["at"] < 5, "he waits for long"
            assert (asked["kind"], answered["kind"]) == ("leg-asked-again", "answered")
            await ada.hang_up()
            await ada.close_call("Resolved", "the whole sentence")
            await ada.state("available")
