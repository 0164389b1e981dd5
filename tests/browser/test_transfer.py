"""Two agents and a caller: ask, to and fro, all three, hand over, give on, park, take, a conference
person by person; who hears whom, what is in the books, and how each leg sounded.

The caller's telephone sends a steady tone, both browsers' microphones beep. Who is muted is silent,
so that what is heard can only come from the third.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.browser.ears import HEARD_MIN, hears, mute, tone_in
from tests.browser.person import Person, chromium
from tests.browser.supervising import listened_to, supervisor_in, taken_over
from tests.service.house import DIRECT_DID, PASSWORD, House, house
from tests.service.phones import caller

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(240)]

TONE = 440.0
KNOWN = "13000000108"


@dataclass(frozen=True, slots=True)
class Pair:
    """Ada and Chloé at work, in one centre; each test leaves both ready."""

    centre: House
    browser: Browser
    ada: Person
    chloe: Person

    def no_problems(self) -> None:
        assert self.ada.problems == []
        assert self.chloe.problems == []


@pytest.fixture(scope="module")
async def pair() -> AsyncIterator[Pair]:
    async with house() as centre, chromium() as browser:
        ada = await at_work(browser, centre, "ada")
        yield Pair(centre, browser, ada, await at_work(browser, centre, "chloe"))


async def test_a_colleague_declines_is_asked_again_and_takes_over(
    pair: Pair, tmp_path: Path
) -> None:
    centre, ada, chloe = pair.centre, pair.ada, pair.chloe
    async with adas_talk(pair) as (call, phone):
        await keys_reach_the_caller(ada, phone)
        await ask(ada, "chloe")
        await chloe.offered()
        await chloe.page.get_by_test_id("incoming").get_by_role("button", name="Reject").click()
        await ada.page.get_by_text("You are back with the caller").wait_for()
        await ada.stage("talking")
        await hears(ada, True)
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
    pair.no_problems()


async def test_given_on_to_a_queue_and_from_there_to_a_colleague(pair: Pair) -> None:
    ada, chloe = pair.ada, pair.chloe
    async with adas_talk(pair) as (call, _):
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
        await ada.state("available")
        await asked_in_vain(chloe, ada)
        await straight_to(ada, chloe, call)
    await parts_are(
        pair.centre,
        call,
        [
            ("ada", "given-on", "resolved"),
            ("chloe", "given-on", "resolved"),
            ("ada", "ended", "resolved"),
        ],
        consulted=False,
    )
    pair.no_problems()


async def asked_in_vain(chloe: Person, ada: Person) -> None:
    """Chloé thinks better of it while it rings at Ada: the caller hears her again."""
    await ask(chloe, "ada")
    await ada.offered()
    await move(chloe, "Back to the caller", None)
    await chloe.stage("talking")
    await hears(chloe, True)
    await ada.state("available")


async def straight_to(ada: Person, chloe: Person, call: str) -> None:
    """Without a question: it rings at Ada, Chloé writes meanwhile."""
    dialog = await transfer(chloe)
    row = dialog.get_by_test_id("colleague-ada")
    await row.get_by_role("button", name="Transfer").click()
    assert await ada.offered() == call
    await ada.answer()
    await ada.stage("talking")
    await hears(ada, True)
    assert await tone_in(ada), "the caller's steady tone"
    await chloe.stage("wrap-up")
    await chloe.close_call("Resolved", "")
    await chloe.state("available")
    await ada.hang_up()
    await ada.close_call("Resolved", "")
    await ada.state("available")


async def test_heard_parked_taken_a_conference_and_taken_over(pair: Pair, tmp_path: Path) -> None:
    centre, ada, chloe = pair.centre, pair.ada, pair.chloe
    async with adas_talk(pair) as (call, phone):
        boss = await supervisor_in(pair.browser, centre)
        await listened_to(boss, ada, phone, tmp_path)
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
        await taken_over(boss, chloe, "Chloé Martin", phone, tmp_path)
        await chloe.close_call("Resolved", "")
        await chloe.state("available")
    await books(centre, call)
    pair.no_problems()
    assert boss.problems == []


@asynccontextmanager
async def talk_with(person: Person, centre: House) -> AsyncIterator[tuple[str, Media]]:
    """The person talks to a caller: the call's id, and the caller's telephone."""
    async with caller(centre.ports["sip"], DIRECT_DID, KNOWN, "He Yang", tone=TONE) as phone:
        call = await person.offered()
        await person.answer()
        await person.stage("talking")
        yield call, phone


@asynccontextmanager
async def adas_talk(pair: Pair) -> AsyncIterator[tuple[str, Media]]:
    """Ada has the caller: Chloé is away at that moment, whoever is idle longer."""
    menu = pair.chloe.page.get_by_test_id("own-state")
    await menu.click()
    await pair.chloe.page.get_by_role("menuitem", name="Lunch").click()
    await pair.chloe.state("paused")
    async with talk_with(pair.ada, pair.centre) as talk:
        await pair.chloe.go_ready()
        yield talk


async def at_work(browser: Browser, centre: House, login: str, url: str = "") -> Person:
    person = await Person.arrive(browser, url or centre.url)
    await person.sign_in(login, PASSWORD)
    await person.start_shift()
    await person.go_ready()
    return person


async def keys_reach_the_caller(person: Person, phone: Media) -> None:
    """By mouse and by keyboard, from the phone in the browser."""
    await person.page.get_by_role("button", name="Keypad").click()
    await person.page.get_by_role("button", name="7", exact=True).click()
    await until(lambda: phone.keys_heard == ["7"], 15)
    await person.page.keyboard.press("#")
    await until(lambda: phone.keys_heard == ["7", "#"], 15)
    await person.page.keyboard.press("Escape")


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


async def parts_are(
    centre: House, call: str, wanted: list[tuple[str, str, str]], *, consulted: bool = True
) -> None:
    query = f"""select agent, ended, disposition, talk_seconds, hold_seconds, consult_seconds
                from interaction_parts where call = '{call}' order by part"""
    rows = []
    for _ in range(100):
        rows = await centre.rows(query)
        if [(row["agent"], row["ended"], row["disposition"]) for row in rows] == wanted:
            break
    assert [(row["agent"], row["ended"], row["disposition"]) for row in rows] == wanted
    assert all(row["talk_seconds"] > 1 for row in rows)
    assert rows[0]["hold_seconds"] >= rows[0]["consult_seconds"]
    assert (rows[0]["consult_seconds"] > 0) == consulted
    (whole,) = await centre.rows(f"select * from interactions where call = '{call}'")
    assert whole["agent"] == wanted[-1][0]
    spent = sum(row["talk_seconds"] for row in rows)
    assert abs(whole["talk_seconds"] - spent) < 0.01


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
    wanted = [("ada", "parked"), ("chloe", "parked"), ("ada", "given-on"), ("chloe", "given-on")]
    rows = []
    for _ in range(100):
        rows = await centre.rows(query)
        if [(row["agent"], row["ended"]) for row in rows] == wanted:
            break
        await asyncio.sleep(0.1)
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
