"""An agent calls from the desk, and gives a caller on to somebody outside: a real browser, a real
Asterisk, a telephone behind the trunk."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from callcenter.store.engine import make_engine
from callcenter.store.outbound import Contact, Outbound
from tests.asterisk.lab import OUTSIDE_ADDRESS, until
from tests.asterisk.media import Media
from tests.browser.ears import HEARD_MIN, hears
from tests.browser.person import Person, chromium
from tests.browser.test_transfer import asking, at_work, move, talk_with, transfer
from tests.service.house import House, house
from tests.service.phones import sipp

pytestmark = [pytest.mark.browser, pytest.mark.anyio, pytest.mark.timeout(300)]

NUMBER = "+8613911110003"
TONE = 620.0


@asynccontextmanager
async def outside(
    centre: House,
    *,
    ring_ms: int = 1500,
    talk_ms: int = 600_000,
    refuse: str = "",
    letters: Path | None = None,
) -> AsyncIterator[Media]:
    """Every number outside is this telephone. `letters`: where its SIP is kept."""
    async with Media(TONE) as media:
        values = {
            "RING": str(ring_ms),
            "TALK": str(talk_ms),
            "STATUS": refuse,
            "MEDIA_ADDRESS": media.address,
            "MEDIA_PORT": str(media.port),
        }
        port = (centre.settings.outbound_trunk or "").rpartition(":")[2]
        scenario = "refuse" if refuse else "agent"
        options = ["-p", port]
        if letters is not None:
            options += ["-trace_msg", "-message_file", str(letters)]
        async with sipp(scenario, values, OUTSIDE_ADDRESS, centre.ports["sip"], *options):
            yield media


@asynccontextmanager
async def dialling() -> AsyncIterator[House]:
    """A centre in which agents may call, with one contact in the directory."""
    async with house(start=False) as centre:
        engine = make_engine(centre.database.url)
        book = Outbound(engine)
        await book.put_rules(
            {"enabled": True, "caller_ids": [{"number": "+862088880001", "name": "Main"}]},
            by="tests",
        )
        await book.put_contact(
            Contact(str(uuid.uuid4()), "Repair shop", NUMBER, "9 to 17"), by="tests"
        )
        await engine.dispose()
        centre.start_service()
        await centre.ready()
        yield centre


async def dial(person: Person, text: str) -> None:
    box = person.page.get_by_test_id("dial-box")
    await box.get_by_label("Call somebody").fill(text)
    await box.get_by_role("button", name="Call", exact=True).click()


async def whole(centre: House, where: str) -> dict[str, object]:
    rows = []
    for _ in range(100):
        rows = await centre.rows(f"select * from interactions where {where}")
        if rows:
            break
        await asyncio.sleep(0.1)
    (row,) = rows
    return dict(row)


async def test_an_agent_calls_a_customer_and_the_service_dies_meanwhile(tmp_path: Path) -> None:
    async with dialling() as centre, chromium() as browser:
        ada = await at_work(browser, centre, "ada")
        box = ada.page.get_by_test_id("dial-box")
        await box.get_by_label("Call somebody").fill("110")
        await box.get_by_text("not a complete number").wait_for()
        await box.get_by_label("Call somebody").fill("139 1111 0003")
        await box.get_by_text("139 1111 0003 · CN").wait_for()
        await ada.page.screenshot(path=tmp_path / "dial-box.png")
        async with outside(centre) as phone:
            await dial(ada, "139-1111-0003")
            await ada.page.locator('[data-phase="ringing"]').wait_for()
            await ada.page.screenshot(path=tmp_path / "ringing.png")
            await ada.stage("talking")
            await hears(ada, True)
            await until(lambda: phone.energy() > HEARD_MIN)
            centre.kill_service()
            centre.start_service()
            await centre.ready()
            phone.listen_anew()
            await until(lambda: phone.energy() > HEARD_MIN)
            await ada.stage("talking")
            await hears(ada, True)
            centre.kill_service()
            await ada.page.get_by_text("Reconnecting").first.wait_for()
            await ada.hang_up()
            await ada.page.get_by_text("ends as soon as the server is back").wait_for()
            centre.start_service()
            await centre.ready()
            await ada.stage("wrap-up")
            await ada.close_call("Resolved", "told him")
            await ada.state("available")
        row = await whole(centre, "direction = 'out' and disposition = 'resolved'")
        assert (row["number"], row["outcome"], row["agent"], row["shown"]) == (
            NUMBER,
            "answered",
            "ada",
            "+862088880001",
        )
        async with outside(centre, refuse="486 Busy Here"):
            await dial(ada, "139-1111-0003")
            await ada.page.get_by_test_id("dial-outcome").get_by_text("Busy").wait_for()
            await ada.page.screenshot(path=tmp_path / "busy.png")
        async with outside(centre, ring_ms=300, talk_ms=1500):
            await ada.page.get_by_role("button", name="Call again").click()
            await ada.stage("talking")
            await ada.stage("wrap-up")
            await ada.close_call("Resolved", "")
        busy = await whole(centre, "dial_outcome <> ''")
        assert (busy["outcome"], busy["dial_outcome"]) == ("not-reached", "busy")


async def test_a_caller_is_given_to_somebody_outside(tmp_path: Path) -> None:
    async with dialling() as centre, chromium() as browser:
        ada = await at_work(browser, centre, "ada")
        async with talk_with(ada, centre) as (call, caller):
            ended = ada.page.get_by_test_id("consult-ended")
            for refuse, how, told in (
                ("486 Busy Here", "Ask first", "Repair shop is busy"),
                ("603 Decline", "Ask first", "Repair shop declined"),
                ("503 Service Unavailable", "Transfer", "trunk fault"),
            ):
                async with outside(centre, refuse=refuse):
                    await give(ada, how)
                    await ended.get_by_text(told).wait_for()
                    await ada.page.screenshot(path=tmp_path / f"{refuse[:3]}.png")
                    await ada.stage("talking")
                    await hears(ada, True)
            async with outside(centre, ring_ms=500) as shop:
                await ended.get_by_role("button", name="Try again").click()
                await ada.stage("wrap-up")
                caller.listen_anew()
                shop.listen_anew()
                await until(lambda: caller.hears(TONE) and shop.hears(440.0))
                await ada.close_call("Resolved", "to the shop")
                await ada.state("available")
                assert centre.asterisk is not None
                await asyncio.to_thread(centre.asterisk.ask, "channel request hangup all")
        row = await whole(centre, f"call = '{call}'")
        assert (row["outcome"], row["agent"], row["direction"]) == ("answered", "ada", "in")
        (part,) = await centre.rows(f"select * from interaction_parts where call = '{call}'")
        assert (part["ended"], part["note"]) == ("given-on", "to the shop")
        async with talk_with(ada, centre), outside(centre, ring_ms=300) as shop:
            await give(ada, "Ask first")
            await asking(ada, "talking")
            await hears(ada, True)
            await move(ada, "All together", "joined")
            await until(lambda: shop.energy() > HEARD_MIN)
            await ada.page.get_by_role("group", name="Repair shop").wait_for()
            await ada.page.screenshot(path=tmp_path / "with-the-shop.png")
            await move(ada, "Drop", None)
            await ada.stage("talking")


async def give(person: Person, how: str) -> None:
    dialog = await transfer(person)
    await dialog.get_by_role("tab", name="Outside").click()
    row = dialog.get_by_role("row").filter(has_text="Repair shop")
    await row.get_by_role("button", name=how).click()
