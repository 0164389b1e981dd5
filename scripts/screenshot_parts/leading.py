"""Pictures of what supervisors do: a recorded talk is heard and evaluated, agents are worked out
and planned for a week, trunks are looked at."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from scripts.screenshot_parts.camera import Camera
from scripts.screenshot_parts.furnishing import (
    CALLERS,
    WAIT_SECONDS,
    administrator,
    all_hang_up,
    rows_come,
    send,
)
from tests.asterisk.lab import until
from tests.service.house import DIRECT_DID, PASSWORD, House
from tests.service.phones import caller, callers

TALK_SECONDS = 20.0
TRUNK_CALLERS = 3
JUDGED = {"en": "chloe", "zh": "zhangmin"}
FORM: dict[str, Any] = {
    "code": "service",
    "name": "Service",
    "name_zh": "服务",
    "sections": [
        {
            "code": "talk",
            "name": "The talk",
            "name_zh": "通话",
            "questions": [
                {"code": "greets", "text": "Greets the caller", "text_zh": "问候来电者"},
                {"code": "listens", "text": "Lets the caller finish", "text_zh": "让来电者说完"},
                {
                    "code": "finds",
                    "text": "Finds out what it is about",
                    "text_zh": "弄清来电原因",
                    "kind": "scale",
                },
            ],
        },
        {
            "code": "safety",
            "name": "Safety",
            "name_zh": "安全",
            "questions": [
                {
                    "code": "card",
                    "text": "Keeps card data out of the recording",
                    "text_zh": "录音中没有银行卡信息",
                    "may_skip": True,
                    "fails_all": True,
                },
            ],
        },
    ],
}
ANSWERS = {"greets": 1, "listens": 0, "finds": 4, "card": 1}
REMARKS = {
    "en": {"listens": "Twice not, see 0:09"},
    "zh": {"listens": "两次打断，见 0:09"},
}
SHIFTS = {
    "ada": ("08:00", "16:00", "12:00", "12:30"),
    "ben": ("09:00", "17:30", "13:00", "13:45"),
    "chloe": ("12:00", "20:00", "16:00", "16:30"),
    "liwei": ("08:00", "16:00", "11:30", "12:00"),
    "wangfang": ("09:00", "17:30", "12:30", "13:15"),
    "zhangmin": ("22:00", "06:00", "02:00", "02:30"),
}


async def quality_pages(centre: House, camera: Camera) -> None:
    """The recording with its player, the evaluation beside it, and what the agent sees of it."""
    agent, language = JUDGED[camera.language], camera.language
    async with administrator(centre) as web:
        policy = {"mode": "always", "notice": False}
        await send(web, "PUT", "/api/recording-policies/support", policy)
        recording = await recorded(centre, camera, agent)
        evaluation = await begun(web, recording, agent, language)
        boss = await camera.of_another()
        await boss.person.sign_in("admin", PASSWORD)
        await boss.at(f"/recordings?open={recording}", "recordings")
        await boss.at(f"/quality?tab=todo&open={evaluation}", "evaluating")
        await boss.person.leave()
        await send(web, "POST", f"/api/evaluations/{evaluation}/hand-in", {"revision": 2})
    await camera.at(f"/quality?open={evaluation}", "quality")


async def recorded(centre: House, camera: Camera, agent: str) -> str:
    """A talk of this agent; the id of its recording, which can be heard."""
    person = camera.person
    await person.sign_in(agent, PASSWORD)
    await person.start_shift()
    await camera.press("action.goReady")
    await person.state("available")
    number, name = CALLERS[camera.language]
    async with caller(centre.ports["sip"], DIRECT_DID, number, name, tone=440.0):
        call = await person.offered()
        await person.page.keyboard.press("Alt+a")
        await person.stage("talking")
        await asyncio.sleep(TALK_SECONDS)
        await all_hang_up(centre)
    ready = f"select id from recordings where call = '{call}' and state = 'stored'"
    await rows_come(centre, ready)
    ((recording,),) = await centre.rows(ready)
    return str(recording)


async def begun(web: httpx.AsyncClient, recording: str, agent: str, language: str) -> str:
    """An evaluation of it that wants only to be handed in."""
    forms = (await web.get("/api/evaluation-forms")).json()["items"]
    if not forms:
        await send(web, "PUT", "/api/evaluation-forms/service", {"form": FORM})
        await send(web, "POST", "/api/evaluation-forms/service/publish", {"revision": 1})
    about = {"recording": recording, "agent": agent, "form": "service"}
    made = await web.post("/api/evaluations", json=about)
    evaluation = str(made.json()["id"])
    written = {"answers": ANSWERS, "remarks": REMARKS[language], "revision": 1}
    await send(web, "PUT", f"/api/evaluations/{evaluation}", written)
    return evaluation


CALLS = "09:00 40 180\n52 180\n61 190\n58 190\n47 180\n36 180"
SIMULATED_MS = 240_000
OFF_TOP = 70  # the line above the page


async def needed_pages(camera: Camera) -> None:
    """A morning by the formula and by simulation."""
    page, texts = camera.page, camera.texts
    await page.goto(camera.person.url + "/staffing")
    await page.get_by_label(texts["staff.lines"], exact=True).fill(CALLS)
    await page.locator("main form [type=submit]").click()
    card = page.get_by_test_id("simulated")
    await card.get_by_role("button", name=texts["staff.simulate"]).click()
    await page.get_by_test_id("simulated-agents").first.wait_for(timeout=SIMULATED_MS)
    await card.evaluate(f"(one) => window.scrollTo(0, one.offsetTop - {OFF_TOP})")
    await camera.take("needed")


async def trunk_pages(centre: House, camera: Camera) -> None:
    """Three callers at once, by a trunk that has four lines."""
    async with callers(centre.ports["sip"], DIRECT_DID, TRUNK_CALLERS):
        await until(lambda: centre.channels() >= TRUNK_CALLERS, WAIT_SECONDS)
        await asyncio.sleep(TALK_SECONDS)
        await all_hang_up(centre)
    async with administrator(centre) as web:
        noted = (await web.get("/api/trunk-lines")).json()
        lines = [{"trunk": name, "lines": TRUNK_CALLERS + 1} for name in noted["known"]]
        body = {"together": None, "trunks": lines, "version": noted["version"]}
        await send(web, "PUT", "/api/trunk-lines", body)
    await camera.person.sign_in("supervisor", PASSWORD)
    today = datetime.now(UTC).date().isoformat()
    asked = f"report=trunks&first={today}&last={today}&interval=hour&zone=UTC"
    await camera.at(f"/reports?{asked}", "trunks")


async def planning_pages(centre: House, camera: Camera) -> None:
    """A week of all agents, on the plan."""
    today = datetime.now(UTC).date()
    monday = today - timedelta(days=today.weekday())
    days = [
        {
            "agent": agent,
            "day": (monday + timedelta(days=day)).isoformat(),
            "shifts": [{"begins": begins, "ends": ends, "breaks": [{"begins": out, "ends": back}]}],
        }
        for place, (agent, (begins, ends, out, back)) in enumerate(SHIFTS.items())
        for day in range(7)
        if (day + place) % 7 not in (5, 6)
    ]
    async with administrator(centre) as web:
        await send(web, "PUT", "/api/shifts", {"days": days})
    await camera.person.sign_in("supervisor", PASSWORD)
    await camera.at("/staffing?tab=plan", "plan")
    await needed_pages(camera)
