"""What an agent's end does to a talk: the page loaded anew, links cut, a session ended, a lid that
closes, a browser killed. A real Asterisk, two real browsers, and a caller with a steady tone.

At every step it is measured who hears whom; the caller is never lost.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest
from playwright.async_api import expect

from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.asterisk.proxy import Proxy, proxy
from tests.browser.ears import HEARD_MIN, hears
from tests.browser.person import Person
from tests.browser.processes import Processes, chromium_to_break
from tests.browser.test_transfer import KNOWN, TONE, at_work
from tests.service.house import DIRECT_DID, PASSWORD, House, house
from tests.service.phones import caller

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(300)]

PATIENCE_SECONDS = 30.0
# What a browser says of links that we cut.
CUT = ("WebSocket", "Failed to load resource")


@dataclass(frozen=True, slots=True)
class Talk:
    centre: House
    call: str
    phone: Media

    async def both_hear(self, person: Person) -> None:
        await hears(person, True)
        self.phone.listen_anew()
        await until(lambda: self.phone.energy() > HEARD_MIN, PATIENCE_SECONDS)

    async def events(self) -> list[str]:
        query = f"select kind from interaction_events where call = '{self.call}' order by sequence"
        return [row["kind"] for row in await self.centre.rows(query)]

    async def told(self, kind: str, times: int = 1) -> None:
        """Wait until the books hold this so many times."""
        began = time.monotonic()
        while (found := (await self.events()).count(kind)) < times:
            assert time.monotonic() - began < PATIENCE_SECONDS, f"{kind}: {found} of {times}"


async def test_no_caller_is_lost_by_what_happens_to_an_agents_browser() -> None:
    async with house(start=False) as centre, proxy(centre.settings.listen_port) as line:
        url = f"http://127.0.0.1:{line.port}"
        centre.tell(origins=url)
        centre.start_service()
        await centre.ready()
        async with (
            chromium_to_break() as (first, adas),
            chromium_to_break() as (second, chloes),
            caller(centre.ports["sip"], DIRECT_DID, KNOWN, "He Yang", tone=TONE) as phone,
        ):
            ada = await at_work(first, centre, "ada", url)
            talk = Talk(centre, await ada.offered(), phone)
            await ada.answer()
            await ada.stage("talking")
            await talk.both_hear(ada)
            await loaded_anew(ada, talk)
            await links_cut(ada, talk, line)
            await network_away(ada, talk, adas)
            await microphone_pulled_out(ada)
            assert (await talk.events()).count("leg-lost") == 0
            chloe = await at_work(second, centre, "chloe", centre.url)
            await session_ended(ada, chloe, talk)
            await lid_closed(chloe, chloes, ada, talk)
            await killed(adas, chloe, talk)
            await chloe.hang_up()
            await chloe.close_call("Resolved", "through it all")
            await chloe.state("available")
            for person in (ada, chloe):
                said = [one for one in person.problems if not any(word in one for word in CUT)]
                assert said == []


async def loaded_anew(ada: Person, talk: Talk) -> None:
    note = ada.page.get_by_role("textbox", name="Note", exact=True)
    await note.fill("half a sentence")
    seconds = await silent_until_heard(ada, ada.page.reload)
    await talk.told("leg-asked-again")
    await talk.told("answered", 2)
    await ada.stage("talking")
    await talk.both_hear(ada)
    await expect(note).to_have_value("half a sentence")
    assert seconds < 8, "2 on a machine that has nothing else to do; see scripts/bench console"


async def silent_until_heard(person: Person, deed: Callable[[], Awaitable[object]]) -> float:
    """Seconds from this deed until the person's browser hears something again."""
    began = time.monotonic()
    await deed()
    while (await person.heard()).energy_in < HEARD_MIN:
        assert time.monotonic() - began < PATIENCE_SECONDS, "nothing is heard any more"
    return time.monotonic() - began


async def links_cut(ada: Person, talk: Talk, line: Proxy) -> None:
    """Both websockets are gone, the sound is not. What is pressed meanwhile is done afterwards."""
    line.refuse = True
    line.cut()
    await ada.page.get_by_text("Reconnecting to the server").wait_for()
    await talk.both_hear(ada)
    await ada.page.get_by_role("button", name="Hold").click()
    await expect(ada.page.get_by_role("button", name="Hold")).to_have_attribute(
        "data-loading", "true"
    )
    line.refuse = False
    await ada.stage("held")
    await hears(ada, False)
    await ada.page.get_by_role("button", name="Resume").click()
    await ada.stage("talking")
    await talk.both_hear(ada)


async def network_away(ada: Person, talk: Talk, adas: Processes) -> None:
    """For some seconds nothing goes in or out of her browser, not even sound."""
    adas.cut_network()
    try:
        await fell_silent(talk.phone)
    finally:
        adas.mend_network()
    await talk.both_hear(ada)
    await ada.stage("talking")


async def microphone_pulled_out(ada: Person) -> None:
    """She is told; her browser goes on sending, or it would be taken for dead. Plugged in again, it
    is used by itself."""
    await ada.page.evaluate("() => window.__unplug()")
    await ada.page.get_by_text("No microphone was found").wait_for()
    began = time.monotonic()
    while (sent := await ada.heard_within(1.0)).energy_out > HEARD_MIN or sent.packets_out < 25:
        assert time.monotonic() - began < PATIENCE_SECONDS, f"not silence, but {sent}"
    await ada.page.get_by_role("button", name="Try again").wait_for()
    await ada.page.evaluate("() => window.__plug()")
    began = time.monotonic()
    while (await ada.heard_within(1.0)).energy_out < HEARD_MIN:
        assert time.monotonic() - began < PATIENCE_SECONDS, "nobody hears her"
    await expect(ada.page.get_by_text("No microphone was found")).to_have_count(0)


async def fell_silent(phone: Media) -> None:
    """A second without a word, or without anything; what is under way may take a moment to end.
    After ten her phone is taken for dead."""
    for _ in range(8):
        phone.listen_anew()
        await until(lambda: len(phone.heard) >= 8000 or nothing_came(phone), PATIENCE_SECONDS)
        if nothing_came(phone) or phone.energy() < HEARD_MIN / 10:
            return
    raise AssertionError("she is heard although her network is away")


def nothing_came(phone: Media) -> bool:
    return time.monotonic() - phone.last_heard > 1.0


async def session_ended(ada: Person, chloe: Person, talk: Talk) -> None:
    """An administrator ends Ada's session in the talk: she is out at once, her caller is Chloé's.
    She signs in again, and her shift goes on."""
    origin = {"Origin": talk.centre.url}
    async with httpx.AsyncClient(base_url=talk.centre.url, headers=origin) as web:
        told = await web.post("/api/login", json={"login": "admin", "password": PASSWORD})
        assert told.status_code == 200, told.text
        users = (await web.get("/api/users")).json()["items"]
        hers = next(user["id"] for user in users if user["login"] == "ada")
        ended = await web.post(f"/api/users/{hers}/sessions/end")
        assert ended.json() == {"ended": 1}
    await ada.page.wait_for_url("**/login")
    await taken_by(chloe, talk)
    await ada.sign_in("ada", PASSWORD)
    await ada.state("available")


async def taken_by(other: Person, talk: Talk) -> None:
    """The caller waits at the head of the line and is given to who is there."""
    began = time.monotonic()
    assert await other.offered(PATIENCE_SECONDS) == talk.call
    assert time.monotonic() - began < 20, "ten without sound, and a little"
    await other.answer()
    await other.stage("talking")
    await talk.both_hear(other)


async def lid_closed(chloe: Person, chloes: Processes, ada: Person, talk: Talk) -> None:
    """Ada gets the caller. Then Chloé's machine wakes."""
    chloes.close_lid()
    try:
        await taken_by(ada, talk)
    finally:
        chloes.open_lid()
    await expect(chloe.page.get_by_test_id("call-desk")).to_have_count(0, timeout=30_000)
    await chloe.state("available", seconds=30)


async def killed(adas: Processes, chloe: Person, talk: Talk) -> None:
    adas.kill()
    await taken_by(chloe, talk)
    await talk.told("leg-lost", 3)
