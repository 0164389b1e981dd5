"""Callers who hang up and are called back, on a real Asterisk: the place is kept, whatever dies."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from tests.asterisk.lab import OUTSIDE_ADDRESS, until
from tests.asterisk.media import Media
from tests.service.floor import Floor, Line, floor
from tests.service.phones import caller, sipp

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio, pytest.mark.timeout(240)]

BACK = Line("4201", "back", ("ada",), {})
OFFER_DID, OFFER = (
    "4202",
    """
id: offerback
name: A callback is offered
languages: [en]
start: offer
fallback: back
prompts:
  offer: {en: "Press 1 to be called back."}
  booked: {en: "We will call you."}
nodes:
  offer:
    kind: callback
    queue: back
    prompt: offer
    booked_prompt: booked
    timeout_seconds: 20
    ports: {booked: bye, declined: line, failed: line, timeout: line}
  line: {kind: queue, queue: back, ports: {}}
  bye: {kind: hangup, reason: booked}
""",
)
SLOW = 60.0
ZOE, XU, AN, MO, TU = (f"+86139222200{n:02d}" for n in range(5))


@pytest.fixture(scope="module")
async def at_work() -> AsyncIterator[Floor]:
    async with floor(BACK) as made:
        engine = make_engine(made.centre.database.url)
        directory = Directory(engine)
        await directory.publish_flow("offerback", OFFER, note="for tests", by="tests")
        await directory.put_route(OFFER_DID, "offerback", by="tests")
        await engine.dispose()
        yield made


async def policy(at_work: Floor, **settings: object) -> None:
    told = await at_work.web.put("/api/callback-policies/back", json={"enabled": True, **settings})
    assert told.status_code == 200, told.text


@asynccontextmanager
async def outside(at_work: Floor, refuse: str = "") -> AsyncIterator[Media]:
    """Every number outside is this telephone."""
    trunk = at_work.centre.settings.outbound_trunk or ""
    async with Media() as media:
        values = {
            "RING": "300",
            "TALK": "600000",
            "STATUS": refuse,
            "MEDIA_ADDRESS": media.address,
            "MEDIA_PORT": str(media.port),
        }
        scenario = "refuse" if refuse else "agent"
        port = trunk.rpartition(":")[2]
        sip = at_work.centre.ports["sip"]
        async with sipp(scenario, values, OUTSIDE_ADDRESS, sip, "-p", port):
            yield media


async def asks(at_work: Floor, number: str) -> dict[str, Any]:
    """Dials, presses 1, is hung up on; the callback as the books have it."""
    async with caller(at_work.centre.ports["sip"], OFFER_DID, number, "Somebody") as media:
        await until(lambda: media.packets > 20, SLOW)
        media.press("1")
        row = await written(at_work, number, lambda one: True)
        contact = row["contact"]
        await until(lambda: contact not in at_work.supervisor.rows["call"], SLOW)
    return row


async def written(at_work: Floor, number: str, fits: Any) -> dict[str, Any]:
    """The newest callback of this number, once it is as it should be."""
    rows: list[Any] = []
    for _ in range(int(SLOW / 0.1)):
        rows = await at_work.centre.rows(
            f"select *, attempts::text as tried from callbacks where number = '{number}'"
            " order by asked_at desc limit 1"
        )
        if rows and fits(dict(rows[0])):
            return dict(rows[0])
        await asyncio.sleep(0.1)
    raise AssertionError(f"the callback of {number}: {[dict(row) for row in rows]}")


def tried(row: dict[str, Any]) -> list[str]:
    return [one["outcome"] for one in json.loads(row["tried"])]


async def the_call(at_work: Floor, callback: str, stage: str) -> str:
    """The call that carries the callback out, once it has come so far."""

    def found() -> str:
        for id, row in at_work.supervisor.rows["call"].items():
            if row["callback"] == callback and row["stage"] == stage:
                return str(id)
        return ""

    await until(found, SLOW)
    return found()


async def test_he_hangs_up_the_service_is_killed_and_he_is_served_before_who_came_later(
    at_work: Floor,
) -> None:
    await at_work.available()
    await policy(at_work, mode="customer-first", confirm=True)
    asked = await asks(at_work, ZOE)
    assert (asked["state"], asked["outcome"], asked["tries"]) == ("waiting", "", 0)
    async with at_work.calling(BACK, XU) as later:
        at_work.centre.kill_service()
        at_work.centre.start_service()
        await at_work.centre.ready()
        await until(lambda: at_work.row(later).get("stage") == "waiting", SLOW)
        async with outside(at_work) as customer:
            await until(lambda: at_work.people["ada"].rows["agent"]["ada"]["console"], SLOW)
            await at_work.goes_available("ada")
            await the_call(at_work, asked["id"], "menu")
            await until(lambda: customer.packets > 20, SLOW)
            customer.press("1")
            # Ada may be with the later caller by now: he was on the line when she came.
            row = await written(at_work, ZOE, lambda one: one["state"] == "reached")
            assert row["joined_at"] == asked["joined_at"]
            call = await the_call(at_work, asked["id"], "waiting")
            assert at_work.row(call)["joined_at"] == asked["joined_at"]
            assert at_work.row(call)["joined_at"] < at_work.row(later)["joined_at"]
            assert await at_work.people["ada"].do("hang_up", call=later) is None
            await at_work.reaches(call, "talking", "ada")
            assert await at_work.people["ada"].do("hang_up", call=call) is None
            served = await written(at_work, ZOE, lambda one: one["outcome"] == "served")
    assert tried(served) == ["reached"]
    (interaction,) = await at_work.centre.rows(
        f"select outcome, agent from interactions where call = '{served['contact']}'"
    )
    assert (interaction["outcome"], interaction["agent"]) == ("answered", "ada")


async def test_agent_first_busy_then_reached_while_the_agent_sees_who_it_is(
    at_work: Floor,
) -> None:
    await at_work.available()
    await policy(at_work, mode="agent-first", retry_seconds=3600)
    asked = await asks(at_work, AN)
    again = await asks(at_work, AN)
    assert (again["id"], again["joined_at"]) == (asked["id"], asked["joined_at"])
    async with outside(at_work, refuse="486 Busy Here"):
        await at_work.goes_available("ada")
        resting = await written(at_work, AN, lambda one: one["state"] == "resting")
    assert tried(resting) == ["busy"]
    assert resting["next_at"] is not None
    await until(lambda: at_work.people["ada"].state == "available", SLOW)
    async with outside(at_work):
        told = await at_work.web.post(f"/api/callbacks/{asked['id']}/dial")
        assert told.status_code == 204, told.text
        served = await written(at_work, AN, lambda one: one["outcome"] == "served")
        await until(lambda: at_work.people["ada"].state == "talking", SLOW)
    assert tried(served) == ["busy", "reached"]
    await at_work.clear()


async def test_who_calls_again_while_he_waits_for_us_gets_his_place_back(at_work: Floor) -> None:
    await at_work.available()
    await policy(at_work, mode="customer-first")
    asked = await asks(at_work, MO)
    async with at_work.calling(BACK, MO) as call:
        returned = await written(at_work, MO, lambda one: one["outcome"] == "returned")
        assert returned["id"] == asked["id"]
        await until(lambda: at_work.row(call).get("joined_at") == asked["joined_at"], SLOW)


async def test_who_was_busy_is_dialled_again_by_itself_also_when_the_journal_is_lost(
    at_work: Floor,
) -> None:
    ada = at_work.people["ada"]
    await at_work.available()
    await policy(at_work, mode="customer-first", confirm=False, retry_seconds=5)
    asked = await asks(at_work, TU)
    async with outside(at_work, refuse="486 Busy Here"):
        await at_work.goes_available("ada")
        resting = await written(at_work, TU, lambda one: one["state"] == "resting")
    assert tried(resting) == ["busy"]
    at_work.centre.kill_service()
    (journal,) = {path.parent for path in at_work.centre.folders.data.rglob("centre-*.checkpoint")}
    shutil.rmtree(journal)
    ada.rows["agent"].clear()
    at_work.centre.start_service()
    await at_work.centre.ready()
    async with outside(at_work):
        await until(lambda: ada.rows["agent"].get("ada", {}).get("console"), SLOW)
        if ada.state == "offline":
            await ada.begin_shift()
        else:
            await at_work.goes_available("ada")
        call = await the_call(at_work, asked["id"], "talking")
        assert at_work.row(call)["joined_at"] == asked["joined_at"]
        assert await ada.do("hang_up", call=call) is None
        served = await written(at_work, TU, lambda one: one["outcome"] == "served")
    assert tried(served) == ["busy", "reached"]
    assert (served["contact"], served["joined_at"]) == (asked["contact"], asked["joined_at"])
