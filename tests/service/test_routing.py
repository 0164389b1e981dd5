"""Who gets the call, on a real Asterisk: the routing policies as callers and agents live them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.asterisk.lab import until
from tests.service.floor import Floor, Line, floor

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

RINGS = Line(
    "4101",
    "rings",
    ("ada", "chloe"),
    {"rings": [{"after_seconds": 3.0, "minima": {"en": 5}}]},
    skills="{en: 9}",
)
RONA = Line("4102", "rona", ("ben", "ada"), {"strategy": "linear", "ring_seconds": 3})
REJECT = Line(
    "4103", "reject", ("ben", "liwei"), {"strategy": "linear", "rona_back_off_seconds": 0}
)
OWNER = Line(
    "4104",
    "owner",
    ("ada", "chloe"),
    {"strategy": "linear", "preferred_wait_seconds": 3},
    greeted=True,
)
OVER = Line(
    "4105",
    "over",
    ("ben",),
    {"overflow": [{"action": "queue", "target": "other", "after_seconds": 2.0}]},
)
OTHER = Line("4106", "other", ("chloe",), {})
PLAIN = Line("4107", "plain", ("ada",), {"resume_place_seconds": 60.0})

KNOWN = "+8613000000002"  # a customer of the demo


@pytest.fixture(scope="module")
async def at_work() -> AsyncIterator[Floor]:
    async with floor(RINGS, RONA, REJECT, OWNER, OVER, OTHER, PLAIN) as made:
        yield made


async def test_a_less_skilled_agent_is_offered_when_the_ring_opens_and_not_before(
    at_work: Floor,
) -> None:
    await at_work.available("chloe")
    async with at_work.calling(RINGS, "+8613911110001") as call:
        await at_work.reaches(call, "talking", "chloe")
        (offered,) = await at_work.events(call, "offered")
        (queued,) = await at_work.events(call, "queued")
        assert 3.0 <= offered["at"] - queued["at"] < 4.5
        assert offered["why"]["ring"] == 1
    await at_work.available("chloe", "ada")
    async with at_work.calling(RINGS, "+8613911110002") as call:
        await at_work.reaches(call, "talking", "ada")
        (offered,) = await at_work.events(call, "offered")
        considered = {one["agent"]: one for one in offered["why"]["considered"]}
        assert offered["why"]["ring"] == 0
        assert considered["chloe"]["code"] == "lacks-skill"
        assert considered["chloe"]["text"] == "lacks skill en:9 (has 6)"


async def test_who_does_not_answer_is_paused_and_the_caller_keeps_the_place(
    at_work: Floor,
) -> None:
    await at_work.available("ben")
    async with (
        at_work.calling(RONA, "+8613911110003") as first,
        at_work.calling(RONA, "+8613911110004") as second,
    ):
        await at_work.reaches(first, "offered", "ben")
        waits = (await at_work.web.get(f"/api/routing/why/call/{second}")).json()["now"]
        reasons = {one["agent"]: one["text"] for one in waits["considered"]}
        assert (waits["chosen"], waits["position"]) == (None, 2)
        assert reasons["ben"].startswith("offered for")
        assert reasons["ada"].startswith("break for")
        joined = at_work.row(first)["joined_at"]
        await until(lambda: at_work.people["ben"].state == "paused", 15)
        assert at_work.people["ben"].rows["agent"]["ben"]["reason"] == "rona"
        (ended,) = await at_work.events(first, "offer-ended")
        assert (ended["agent"], ended["outcome"]) == ("ben", "no-answer")
        await at_work.goes_available("ada")
        await at_work.reaches(first, "talking", "ada")
        assert at_work.row(first)["joined_at"] == joined
        assert at_work.row(second)["stage"] == "waiting"
        assert await at_work.people["ada"].do("hang_up", call=first) is None
        await at_work.reaches(second, "talking", "ada")


async def test_who_rejected_a_caller_is_not_offered_him_while_another_can_take_him(
    at_work: Floor,
) -> None:
    ben, liwei = at_work.people["ben"], at_work.people["liwei"]
    await at_work.available("ben", "liwei")
    async with at_work.calling(REJECT, "+8613911110005") as call:
        await at_work.reaches(call, "offered", "ben")
        assert await ben.do("reject_offer", call=call) is None
        await at_work.reaches(call, "offered", "liwei")
        assert ben.state == "available"
        offers = await at_work.events(call, "offered", 2)
        considered = {one["agent"]: one["code"] for one in offers[1]["why"]["considered"]}
        assert considered == {"liwei": "chosen", "ben": "missed-this-caller"}
        assert await liwei.do("reject_offer", call=call) is None
        third = (await at_work.events(call, "offered", 3))[2]
        assert third["agent"] in {"ben", "liwei"}  # nobody else is there: better than nobody


async def test_the_owner_of_the_customer_is_first_and_after_a_while_it_is_anybody(
    at_work: Floor,
) -> None:
    await at_work.centre.rows(
        "update customers set owner_agent = 'chloe' where id ="
        f" (select customer_id from customer_numbers where e164 = '{KNOWN}') returning id"
    )
    await at_work.available("ada", "chloe")
    async with at_work.calling(OWNER, KNOWN) as first:
        await at_work.reaches(first, "talking", "chloe")
        (offered,) = await at_work.events(first, "offered")
        considered = {one["agent"]: one["code"] for one in offered["why"]["considered"]}
        assert considered == {"chloe": "chosen", "ada": "kept-for-preferred"}
        async with at_work.calling(OWNER, KNOWN) as second:
            assert at_work.row(second)["stage"] == "waiting"  # ada is free, and kept from him
            await at_work.reaches(second, "talking", "ada")
            (offered,) = await at_work.events(second, "offered")
            (queued,) = await at_work.events(second, "queued")
            assert 3.0 <= offered["at"] - queued["at"] < 4.5


async def test_a_supervisor_puts_a_waiting_caller_before_the_others(at_work: Floor) -> None:
    ada, supervisor = at_work.people["ada"], at_work.supervisor
    await at_work.available()
    async with (
        at_work.calling(PLAIN, "+8613911110008") as first,
        at_work.calling(PLAIN, "+8613911110009") as second,
    ):
        assert await ada.do("reprioritise", call=second, priority=5) == "not-allowed"
        assert await supervisor.do("reprioritise", call=second, priority=5) is None
        await until(lambda: at_work.row(second)["priority"] == 5)
        await at_work.goes_available("ada")
        await at_work.reaches(second, "talking", "ada")
        assert at_work.row(first)["stage"] == "waiting"
        assert await supervisor.do("reprioritise", call=second, priority=1) == "not-waiting"
        (told,) = await at_work.events(second, "priority")
        assert told["priority"] == 5
        assert await ada.do("move_caller", call=first, queue="nowhere") == "not-allowed"
        assert await supervisor.do("move_caller", call=first, queue="nowhere") == "unknown-queue"
        assert await supervisor.do("move_caller", call=second, queue="sales") == "not-waiting"


async def test_who_was_cut_off_and_calls_again_is_served_before_who_came_meanwhile(
    at_work: Floor,
) -> None:
    cut_off = "+8613911110010"
    await at_work.available()
    async with at_work.calling(PLAIN, cut_off) as first:
        joined = at_work.row(first)["joined_at"]
    async with (
        at_work.calling(PLAIN, "+8613911110011") as other,
        at_work.calling(PLAIN, cut_off) as again,
    ):
        assert at_work.row(again)["joined_at"] == joined < at_work.row(other)["joined_at"]
        await at_work.goes_available("ada")
        await at_work.reaches(again, "talking", "ada")
        assert at_work.row(other)["stage"] == "waiting"


async def test_who_waits_too_long_is_sent_to_another_queue_or_to_voicemail(
    at_work: Floor,
) -> None:
    await at_work.available("chloe")
    async with at_work.calling(OVER, "+8613911110006") as call:
        joined = at_work.row(call)["joined_at"]
        await at_work.reaches(call, "talking", "chloe")
        assert at_work.row(call)["queue"] == "other"
        assert at_work.row(call)["joined_at"] == joined
        (overflow,) = await at_work.events(call, "overflow")
        assert (overflow["action"], overflow["target"]) == ("queue", "other")
    # Set while the centre runs: the next caller is treated by it.
    told = await at_work.web.put("/api/queues/other", json={"name": "other", "wait_max_seconds": 2})
    assert told.status_code == 200, told.text
    await at_work.available()
    async with at_work.calling(OTHER, "+8613911110007") as call:
        await until(lambda: at_work.row(call)["stage"] == "menu")
        (message,) = await at_work.events(call, "voicemail")
        assert (message["box_kind"], message["box"]) == ("queue", "other")
