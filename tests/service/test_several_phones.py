"""Several phones ring for one caller, on a real Asterisk; the agent who knows the caller; and the
caller who stays when the agent has hung up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.asterisk.lab import until
from tests.service.floor import Floor, Line, floor

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

ALL = ("ada", "ben", "chloe", "liwei")
THREE = Line("4201", "three", ALL, {"broadcast": 3, "ring_seconds": 30})
SHORT = Line("4202", "short", ALL, {"broadcast": 2, "ring_seconds": 4})
LAST = Line(
    "4203",
    "last",
    ("ada", "chloe"),
    {"strategy": "linear", "preferred_wait_seconds": 30},
    greeted=True,
)
RATED = Line(
    "4204",
    "rated",
    ("ada",),
    {"wrap_up_mode": "mandatory"},
    flow="""
id: rated
name: Asked afterwards
languages: [en]
start: rated
fallback: rated
prompts:
  rate-us: {en: "Please rate our service from one to five."}
nodes:
  rated: {kind: queue, queue: rated, ports: {served: ask}}
  ask: {kind: survey, prompt: rate-us, question: csat, ports: {next: bye, timeout: bye}}
  bye: {kind: hangup}
""",
)
KNOWN = "+8613000000004"  # a customer of the demo


@pytest.fixture(scope="module")
async def at_work() -> AsyncIterator[Floor]:
    async with floor(THREE, SHORT, LAST, RATED) as made:
        yield made


def rung(at_work: Floor, agent: str) -> int:
    """Channels to this agent's phone."""
    assert at_work.centre.asterisk is not None
    lines = at_work.centre.asterisk.ask("core show channels concise").splitlines()
    return sum(1 for line in lines if line.startswith(f"PJSIP/d{agent}-"))


async def test_the_first_answer_takes_the_call_and_the_other_phones_stop(at_work: Floor) -> None:
    await at_work.available("ben", "liwei", "chloe")
    async with at_work.calling(THREE, "+8613911120001") as call:
        await at_work.reaches(call, "talking", "chloe")
        (offered,) = await at_work.events(call, "offered")
        assert (offered["agent"], offered["also"]) == ("ben", ["chloe", "liwei"])
        assert offered["why"]["also"] == ["liwei", "chloe"]
        ended = await at_work.events(call, "offer-ended", 2)
        assert {(one["agent"], one["outcome"]) for one in ended} == {
            ("ben", "elsewhere"),
            ("liwei", "elsewhere"),
        }
        for agent in ("ben", "liwei"):
            row = at_work.people[agent].rows["agent"][agent]
            assert (row["state"], row["missed"], row["lost_offer"]) == ("available", 0, "elsewhere")
            assert call not in at_work.people[agent].rows["call"], "it is not his any more"
            await until(lambda agent=agent: rung(at_work, agent) == 0, 10)  # type: ignore[misc]
        assert rung(at_work, "chloe") == 1


async def test_two_who_answer_at_the_same_moment_and_one_talks(at_work: Floor) -> None:
    await at_work.available("ada", "chloe")
    async with at_work.calling(THREE, "+8613911120002") as call:
        await at_work.reaches(call, "talking")
        winner = at_work.row(call)["agent"]
        loser = {"ada": "chloe", "chloe": "ada"}[winner]
        await until(lambda: at_work.people[loser].state == "available", 10)
        await until(lambda: rung(at_work, loser) == 0, 10)
        assert at_work.people[winner].state == "talking"
        assert at_work.people[loser].rows["agent"][loser]["missed"] == 0


async def test_one_rejects_the_service_dies_and_the_other_phone_rings_on(at_work: Floor) -> None:
    await at_work.available("ben", "liwei")
    async with at_work.calling(THREE, "+8613911120003") as call:
        await at_work.reaches(call, "offered", "ben")
        await until(lambda: rung(at_work, "ben") == rung(at_work, "liwei") == 1, 10)
        at_work.centre.kill_service()
        at_work.centre.start_service()
        await at_work.centre.ready()
        await until(lambda: at_work.row(call).get("offered_to") == ["ben", "liwei"], 20)
        assert rung(at_work, "ben") == rung(at_work, "liwei") == 1, "neither noticed"
        assert await at_work.people["ben"].do("reject_offer", call=call) is None
        await until(lambda: rung(at_work, "ben") == 0, 10)
        assert rung(at_work, "liwei") == 1
        await until(lambda: at_work.row(call).get("offered_to") == ["liwei"], 10)
        await until(lambda: at_work.people["ben"].state == "available", 10)


async def test_nobody_takes_it_and_the_caller_waits_on_at_his_place(at_work: Floor) -> None:
    await at_work.available("ben", "liwei")
    async with at_work.calling(SHORT, "+8613911120004") as call:
        await at_work.reaches(call, "offered")
        joined = at_work.row(call)["joined_at"]
        await until(lambda: at_work.people["ben"].state == "paused", 20)
        assert at_work.people["liwei"].state == "paused"
        await at_work.reaches(call, "waiting")
        ended = await at_work.events(call, "offer-ended", 2)
        assert {one["outcome"] for one in ended} == {"no-answer"}
        await at_work.goes_available("ada")
        await at_work.reaches(call, "talking", "ada")
        assert at_work.row(call)["joined_at"] == joined


async def test_the_caller_gets_the_agent_he_talked_to_last(at_work: Floor) -> None:
    await at_work.centre.rows(
        "update customers set owner_agent = null where id ="
        f" (select customer_id from customer_numbers where e164 = '{KNOWN}') returning id"
    )
    await at_work.available("chloe")
    async with at_work.calling(LAST, KNOWN) as first:
        await at_work.reaches(first, "talking", "chloe")
        assert await at_work.people["chloe"].do("hang_up", call=first) is None
        await until(lambda: not at_work.row(first), 20)
    found = (
        "select agent from interactions i join customer_numbers n on n.customer_id = i.customer_id"
        f" where n.e164 = '{KNOWN}' order by started_at desc limit 1"
    )
    deadline = asyncio.get_running_loop().time() + 20
    while [row["agent"] for row in await at_work.centre.rows(found)] != ["chloe"]:
        assert asyncio.get_running_loop().time() < deadline, "the call is not in the books"
        await asyncio.sleep(0.05)
    await at_work.available("ada", "chloe")
    async with at_work.calling(LAST, KNOWN) as second:
        await at_work.reaches(second, "talking", "chloe")
        (offered,) = await at_work.events(second, "offered")
        considered = {one["agent"]: one["code"] for one in offered["why"]["considered"]}
        assert considered == {"chloe": "chosen", "ada": "kept-for-preferred"}


async def test_the_agent_hangs_up_and_the_caller_gives_a_score_by_key(at_work: Floor) -> None:
    await at_work.available("ada")
    async with at_work.calling(RATED, "+8613911120006") as call:
        await at_work.reaches(call, "talking", "ada")
        telephone = at_work.telephone
        assert telephone is not None
        telephone.listen_anew()
        assert await at_work.people["ada"].do("hang_up", call=call) is None
        await at_work.reaches(call, "menu")
        assert rung(at_work, "ada") == 0, "his telephone is free"
        assert at_work.people["ada"].state == "wrap-up"
        # The question, spoken; his leg sends silence.
        await until(lambda: len(telephone.heard) > 4000 and telephone.energy() > 0.0002, 20)
        telephone.press("4")
        await until(lambda: not at_work.row(call), 20)
        done = {"call": f"{call}:1", "disposition": "resolved", "note": "asked for a score"}
        assert await at_work.people["ada"].do("finish_wrap_up", **done) is None
        query = (
            "select i.agent, i.outcome, i.disposition, i.note, s.score, s.queue, s.agent as rated,"
            " (select ended from interaction_parts p where p.call = i.call) as ended"
            f" from interactions i join survey_answers s using (call) where call = '{call}'"
        )
        expected = ("ada", "answered", "resolved", done["note"], 4, "rated", "ada", "ended")
        deadline = asyncio.get_running_loop().time() + 20
        while [tuple(row) for row in await at_work.centre.rows(query)] != [expected]:
            assert asyncio.get_running_loop().time() < deadline, await at_work.story(call)
            await asyncio.sleep(0.05)
