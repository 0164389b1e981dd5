"""A real call from dial tone to the customer's history: sipp caller, Asterisk, service, Chromium.

Both ears are checked: the browser's own counters, and the tone analysis of the caller's telephone.
"""

from __future__ import annotations

import pytest

from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.browser.person import Person, chromium
from tests.service.house import PASSWORD, House, house
from tests.service.phones import caller

pytestmark = [pytest.mark.browser, pytest.mark.anyio]

TONE = 440.0
HEARD_MIN = 1e-4  # mean energy a second; silence measures 0, speech some hundredths
KNOWN = "13000000108"  # 何洋 of the demo's customers
TIMELINE = "select kind from interaction_events where call = '{}' order by sequence"


async def test_a_known_caller_is_served_from_menu_to_history() -> None:
    async with house() as centre, chromium() as browser:
        ada = await Person.arrive(browser, centre.url)
        await ada.sign_in_by_hand("ada", PASSWORD)
        await ada.start_shift()
        await ada.go_ready()
        async with caller(centre.ports["sip"], "4000", KNOWN, "He Yang", tone=TONE) as phone:
            await until(lambda: phone.packets > 20)
            phone.press("1")
            await _press_until_queued(centre, phone)
            call = await ada.offered()
            await ada.answer()
            await ada.stage("talking")
            await _both_hear(ada, phone)
            await ada.page.keyboard.press("Alt+h")
            await ada.stage("held")
            await _silence(ada)
            await ada.page.keyboard.press("Alt+h")
            await ada.stage("talking")
            await _both_hear(ada, phone)
            await ada.hang_up()
            await ada.stage("wrap-up")
        await ada.close_call("Resolved", "asked for a copy of the invoice")
        await ada.state("available")
        marks = await ada.marks(call)
        assert marks["pop-painted"] <= marks["sip-invite"] + 60
        assert ada.problems == []
        await _is_in_the_books(centre, call)


async def _press_until_queued(centre: House, phone: Media) -> None:
    """Two for support, once the second menu speaks: a caller waits for the words, too."""
    asked = "select count(*) from interaction_events where kind = 'menu'"
    for _ in range(100):
        if (await centre.rows(asked))[0][0]:
            break
    phone.press("2")


async def _both_hear(ada: Person, phone: Media) -> None:
    phone.listen_anew()
    sound = await ada.heard_within(2.0)
    assert sound.packets_in > 60, sound
    assert sound.energy_in > HEARD_MIN, "the agent hears nothing"
    assert phone.energy() > HEARD_MIN, "the caller hears nothing"


async def _silence(ada: Person) -> None:
    """The agent hears nothing any more, once what was under way has been played."""
    for _ in range(5):
        sound = await ada.heard_within(1.0)
        if sound.energy_in < HEARD_MIN:
            return
    raise AssertionError(f"the agent still hears the caller: {sound}")


async def _is_in_the_books(centre: House, call: str) -> None:
    kinds: list[str] = []
    for _ in range(100):
        kinds = [row["kind"] for row in await centre.rows(TIMELINE.format(call))]
        if "closed" in kinds:
            break
    for kind in ("arrived", "menu", "queued", "offered", "answered", "held", "unheld", "closed"):
        assert kind in kinds, kinds
    (row,) = await centre.rows(f"select * from interactions where call = '{call}'")
    assert (row["outcome"], row["agent"], row["queue"]) == ("answered", "ada", "support")
    assert row["disposition"] == "resolved"
    assert row["note"] == "asked for a copy of the invoice"
    assert row["customer_id"] is not None
    assert row["talk_seconds"] > 3
    assert row["hold_seconds"] > 1
