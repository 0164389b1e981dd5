"""Two agents, callers and a telephone outside: given to a menu, a second call and a colleague's
taken, a colleague called, a number called with a caller id chosen and a message left, somebody
asked who does not answer, or whose voicemail does. At each step it is measured who hears whom.

The callers' telephones send a steady tone, both browsers' microphones beep; who is muted is silent.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from callcenter.store.outbound import Contact, Outbound
from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.browser.ears import HEARD_MIN, hears, mute, tone_in
from tests.browser.person import Person, chromium
from tests.browser.supervising import silent
from tests.browser.test_outgoing import give, outside, whole
from tests.browser.test_transfer import (
    TONE,
    Pair,
    adas_talk,
    asking,
    at_work,
    parts_are,
    transfer,
)
from tests.service.house import DIRECT_DID, House, house
from tests.service.phones import caller

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(300)]

PATIENCE_SECONDS = 20.0
NUMBER = "+8613911110003"
CALLER_IDS = ("+862088880001", "+862088880002")
MENU = """
id: which-help
name: What is it about
languages: [en]
start: ask
fallback: support
prompts:
  ask:  # long enough to be still heard when a busy machine comes to listen
    en: >-
      You are with the service centre. Please tell us what your question is about, and we will find
      who can answer it. For a question about an invoice that you have got from us, this month or
      at any time before, or one that you have not got although you were told that it was sent,
      press 1. You need not wait for the end of this text to do so.
  we-called: {en: "This is your service centre. We have called you, and will call you again."}
nodes:
  ask:
    kind: menu
    label: About
    prompt: ask
    choices: {1: Invoice}
    timeout_seconds: 30
    ports: {1: billing, timeout: billing}
  billing: {kind: queue, queue: billing, ports: {}}
"""


@pytest.fixture(scope="module")
async def pair() -> AsyncIterator[Pair]:
    async with house(start=False) as centre, chromium() as browser:
        await furnish(centre)
        centre.start_service()
        await centre.ready()
        ada = await at_work(browser, centre, "ada")
        yield Pair(centre, browser, ada, await at_work(browser, centre, "chloe"))


async def furnish(centre: House) -> None:
    """A menu to give callers to, numbers to show, a message to leave, somebody outside."""
    engine = make_engine(centre.database.url)
    directory = Directory(engine)
    await directory.publish_flow("which-help", MENU, note="for tests", by="tests")
    await directory.put_queue("support", {"ring_seconds": 60}, by="tests")
    book = Outbound(engine)
    await book.put_rules(
        {
            "enabled": True,
            "ring_seconds": 10,
            "caller_ids": [{"number": one, "name": ""} for one in CALLER_IDS],
            "messages": [{"prompt": "we-called", "name": "We called"}],
        },
        by="tests",
    )
    await book.put_contact(Contact(str(uuid.uuid4()), "Repair shop", NUMBER), by="tests")
    await engine.dispose()


async def heard_by(phone: Media, least: float = HEARD_MIN) -> None:
    """From now on something comes to this telephone: speech or, quieter, music."""
    phone.listen_anew()
    await until(lambda: phone.energy() > least, PATIENCE_SECONDS)


async def closes(person: Person) -> None:
    await person.stage("wrap-up")
    await person.close_call("Resolved", "")
    await person.state("available")


async def test_given_to_a_menu_and_by_his_choice_to_a_colleague(pair: Pair, tmp_path: Path) -> None:
    ada, chloe = pair.ada, pair.chloe
    async with adas_talk(pair) as (call, phone):
        await hears(ada, True)
        dialog = await transfer(ada)
        await dialog.get_by_role("tab", name="Menus").click()
        row = dialog.get_by_role("row").filter(has_text="What is it about")
        await ada.page.screenshot(path=tmp_path / "menus.png")
        await row.get_by_role("button", name="Transfer").click()
        await ada.stage("wrap-up")
        await heard_by(phone)  # the menu speaks; nobody else is there
        phone.press("1")
        assert await chloe.offered() == call
        await chloe.page.get_by_test_id("incoming").get_by_text("About: 1 Invoice").wait_for()
        await chloe.answer()
        await chloe.stage("talking")
        await hears(chloe, True)
        assert await tone_in(chloe), "the caller's steady tone"
        await heard_by(phone)
        await closes(ada)
        await chloe.hang_up()
        await closes(chloe)
    ended = [("ada", "given-on", "resolved"), ("chloe", "ended", "resolved")]
    await parts_are(pair.centre, call, ended, consulted=False)
    pair.no_problems()


async def test_a_second_call_is_taken_from_a_colleague_and_the_first_waits(
    pair: Pair, tmp_path: Path
) -> None:
    """Only one call is ever active: the other one stands parked, with music."""
    centre, ada, chloe = pair.centre, pair.ada, pair.chloe
    async with (
        adas_talk(pair) as (first, one),
        caller(centre.ports["sip"], DIRECT_DID, "13000000104", "Second", tone=TONE) as two,
    ):
        second = await chloe.offered()
        await take(ada, "ringing", second, tmp_path)
        await has(ada, second)
        await parked(ada, first)
        await chloe.state("available")
        await ada.page.screenshot(path=tmp_path / "second.png")
        assert await tone_in(ada)
        await heard_by(two)
        await heard_by(one, HEARD_MIN / 10)  # music
        two.tone = None
        await hears(ada, False)  # nothing of the first one
        two.tone = TONE
        await (await parked(ada, first)).get_by_role("button", name="Back to this caller").click()
        await has(ada, first)
        await parked(ada, second)
        assert await tone_in(ada)
        await heard_by(one)
        await take(chloe, "parked", second, tmp_path)
        await has(chloe, second)
        assert await tone_in(chloe)
        await heard_by(two)
        one.tone = None
        await hears(ada, False)  # nothing of the second one
        for person in (ada, chloe):
            await person.hang_up()
            await closes(person)
    await two_parts(centre, first, [("ada", "parked"), ("ada", "ended")])
    await two_parts(centre, second, [("ada", "parked"), ("chloe", "ended")])
    pair.no_problems()


async def take(person: Person, kind: str, call: str, folder: Path) -> None:
    await person.page.get_by_role("button", name="Calls you can take").click()
    item = person.page.locator(f'[data-testid="shelf-{kind}"][data-call="{call}"]')
    await item.wait_for()
    await person.page.screenshot(path=folder / f"{kind}.png")
    await item.get_by_role("button", name="Take").click()


async def has(person: Person, call: str) -> None:
    """This call is the one the person talks in."""
    desk = f'[data-testid="call-desk"][data-call="{call}"][data-stage="talking"]'
    await person.page.locator(desk).wait_for()


async def parked(person: Person, call: str) -> Locator:
    row = person.page.locator(f'[data-testid="parked"][data-call="{call}"]')
    await row.wait_for()
    return row


async def two_parts(centre: House, call: str, wanted: list[tuple[str, str]]) -> None:
    query = f"""select agent, ended, talk_seconds, park_seconds from interaction_parts
                where call = '{call}' order by part"""
    row = await whole(centre, f"call = '{call}'")
    rows = await centre.rows(query)
    assert [(part["agent"], part["ended"]) for part in rows] == wanted
    assert rows[0]["park_seconds"] > 1
    assert all(part["talk_seconds"] > 1 for part in rows)
    assert row["agent"] == wanted[-1][0]


async def test_sound_devices_are_chosen_at_work_and_a_colleague_calls(
    pair: Pair, tmp_path: Path
) -> None:
    ada, chloe = pair.ada, pair.chloe
    speaker, other, ringer = await choose_devices(ada, tmp_path)
    box = chloe.page.get_by_test_id("dial-box")
    await box.get_by_label("Call somebody").fill("Ada")
    await chloe.page.get_by_role("option", name="Ada Byrne").click()
    await box.get_by_role("button", name="Call", exact=True).click()
    call = await ada.offered()
    incoming = ada.page.get_by_test_id("incoming")
    await incoming.get_by_text("Chloé Martin").wait_for()
    await incoming.get_by_text("Internal").wait_for()
    await ada.page.screenshot(path=tmp_path / "internal.png")
    await ada.plays_on("own", ringer)
    await ada.answer()
    for person in (ada, chloe):
        await person.stage("talking")
        await hears(person, True)
    await ada.plays_on("call", speaker)
    dialog = await devices(ada)
    await dialog.get_by_label("Speaker").select_option(other)
    await ada.plays_on("call", other)
    await ada.page.keyboard.press("Escape")
    await mute(chloe)
    await hears(ada, False)
    await mute(chloe)
    await hears(ada, True)
    await ada.hang_up()
    for person in (ada, chloe):  # as they were, with nothing to write
        await person.state("available")
        await expect(person.page.get_by_test_id("call-desk")).to_have_count(0)
    row = await whole(pair.centre, f"call = '{call}'")
    assert (row["direction"], row["agent"], row["peer"]) == ("internal", "chloe", "ada")
    assert float(str(row["talk_seconds"])) > 3
    await ada.page.reload()
    dialog = await devices(ada)
    await expect(dialog.get_by_label("Speaker")).to_have_value(other)
    await expect(dialog.get_by_label("Ring on")).to_have_value(ringer)
    await ada.page.keyboard.press("Escape")
    await ada.state("available")
    pair.no_problems()


async def devices(person: Person) -> Locator:
    await person.page.get_by_role("button", name="Microphone, speaker and ring").click()
    dialog = person.page.get_by_test_id("sound-devices")
    await dialog.wait_for()
    return dialog


async def choose_devices(person: Person, folder: Path) -> tuple[str, str, str]:
    """Others than before; the meter moves. The speaker, one more, and the ring."""
    dialog = await devices(person)
    await person.page.screenshot(path=folder / "devices.png")
    await moves(person)
    ids = (
        await dialog.get_by_label("Speaker")
        .locator("option")
        .evaluate_all(
            "(all) => all.map((one) => one.value).filter((one) => one !== '' && one !== 'default')"
        )
    )
    assert len(ids) >= 2, ids
    microphones = dialog.get_by_label("Microphone", exact=True)
    await microphones.select_option(index=1)
    await moves(person)
    await dialog.get_by_label("Speaker").select_option(ids[0])
    await dialog.get_by_label("Ring on").select_option(ids[1])
    await person.page.keyboard.press("Escape")
    return ids[0], ids[1], ids[1]


async def moves(person: Person) -> None:
    """Loud, silent and loud again, as the microphone's beeps come and go."""
    bar = await person.page.wait_for_selector('[data-testid="sound-devices"] .cc-meter > div')
    shown = "([bar, loud]) => (new DOMMatrix(getComputedStyle(bar).transform).a > 0.3) === loud"
    for loud in (True, False, True):
        await person.page.wait_for_function(shown, arg=[bar, loud])


async def test_a_number_is_called_with_a_chosen_caller_id_and_a_message_is_left(
    pair: Pair, tmp_path: Path
) -> None:
    centre, ada = pair.centre, pair.ada
    letters = tmp_path / "sip.txt"
    async with outside(centre, ring_ms=300, letters=letters) as phone:
        box = ada.page.get_by_test_id("dial-box")
        await box.get_by_label("Number shown").select_option(CALLER_IDS[1])
        await box.get_by_label("Call somebody").fill("139 1111 0003")
        await ada.page.screenshot(path=tmp_path / "dial.png")
        await box.get_by_role("button", name="Call", exact=True).click()
        await ada.stage("talking")
        call = await ada.page.get_by_test_id("call-desk").get_attribute("data-call")
        await hears(ada, True)
        await heard_by(phone)
        invite = letters.read_text().partition("INVITE ")[2]
        (sender,) = [line for line in invite.splitlines() if line.startswith("From:")][:1]
        assert f"<sip:{CALLER_IDS[1]}@" in sender, sender
        await ada.page.get_by_role("button", name="Leave a message").click()
        await ada.page.screenshot(path=tmp_path / "message.png")
        await ada.page.keyboard.press("Escape")
        await mute(ada)
        await silent(phone)
        await ada.page.get_by_role("button", name="Leave a message").click()
        await ada.page.get_by_role("menuitem", name="We called").click()
        await ada.stage("wrap-up")
        # The message, or the end of it: the last second heard stays.
        await until(lambda: phone.energy() > HEARD_MIN, PATIENCE_SECONDS)
        await closes(ada)
        row = await whole(centre, f"call = '{call}'")
    assert (row["direction"], row["number"], row["shown"]) == ("out", NUMBER, CALLER_IDS[1])
    assert row["outcome"] == "answered"
    kinds = f"select kind from interaction_events where call = '{call}'"
    assert "message-left" in [each["kind"] for each in await centre.rows(kinds)]
    parts = f"select agent, ended, disposition from interaction_parts where call = '{call}'"
    assert [tuple(part) for part in await centre.rows(parts)] == [("ada", "given-on", "resolved")]
    pair.no_problems()


async def test_who_is_asked_does_not_answer_and_then_a_voicemail_does(
    pair: Pair, tmp_path: Path
) -> None:
    centre, ada = pair.centre, pair.ada
    async with adas_talk(pair) as (call, phone):
        await hears(ada, True)
        async with outside(centre, ring_ms=60_000):
            await give(ada, "Ask first")
            await asking(ada, "ringing")
            await heard_by(phone, HEARD_MIN / 10)  # music
            why = ada.page.get_by_test_id("consult-ended")
            await why.get_by_text("Repair shop did not answer").wait_for()
        await ada.page.screenshot(path=tmp_path / "no-answer.png")
        await back_with(ada, phone)
        async with outside(centre, ring_ms=300) as machine:
            await why.get_by_role("button", name="Try again").click()
            await asking(ada, "talking")
            await hears(ada, True)
            await heard_by(machine)
            await ada.page.screenshot(path=tmp_path / "asking.png")
            bar = ada.page.get_by_test_id("consult")
            await bar.get_by_role("button", name="Voicemail").click()
            await why.get_by_text("The voicemail of Repair shop answered").wait_for()
        await back_with(ada, phone)
        await ada.page.screenshot(path=tmp_path / "voicemail.png")
        await ada.hang_up()
        await closes(ada)
    query = f"""select data->>'outcome' as outcome from interaction_events
                where call = '{call}' and kind = 'consult-ended' order by sequence"""
    assert [row["outcome"] for row in await centre.rows(query)] == ["no-answer", "voicemail"]
    await parts_are(centre, call, [("ada", "ended", "resolved")])
    pair.no_problems()


async def back_with(ada: Person, phone: Media) -> None:
    """The caller is with her again: each hears the other."""
    await ada.stage("talking")
    assert await tone_in(ada), "the caller's steady tone"
    await heard_by(phone)
