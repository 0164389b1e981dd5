"""What the demonstration has not and the pictures of the guides shall show: hours, lists, routes,
a message of a caller, a callback, tickets, tasks, a spoken prompt, another version of a flow.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from tests.asterisk.lab import until
from tests.service.house import PASSWORD, House
from tests.service.phones import caller

AGENTS = {"en": "ada", "zh": "liwei"}
CALLERS = {"en": ("00447700900073", "Charlie Roberts"), "zh": ("13000000108", "He Yang")}
CUSTOMERS = {"en": "Charlie Roberts", "zh": "何洋"}
SUBJECTS = {
    "en": ("The invoice has two pages", "The kettle leaks", "Wants another tariff"),
    "zh": ("账单有两页", "水壶漏水", "想换套餐"),
}
TASKS = {
    "en": ("Ask whether the line works", "Send the offer"),
    "zh": ("回访：线路是否正常", "发送报价"),
}
ARTICLES = {"en": "The router has no connection", "zh": "路由器无法上网"}
SPOKEN = {"en": "Welcome. For English, press one.", "zh": "欢迎致电，中文服务请按二。"}
MESSAGE_DID = "4009"
MESSAGE_FLOW = """
id: message
name: Leave a message
languages: [en, zh]
start: leave
fallback: support
nodes:
  leave: {kind: voicemail, box: support}
"""
OFFICE = {
    "name": "Office",
    "timezone": "Asia/Shanghai",
    "week": {"mon-fri": "09:00-12:00, 13:30-18:00", "sat": "10:00-16:00"},
    "country": "CN",
    "holidays": {"2026-12-11": "Stocktaking"},
    "overrides": {"2026-12-31": "09:00-12:00"},
}
VIPS = "13800138000, Zhang Wei\n+44770090*, the numbers of one company\n"
ROUTES: list[dict[str, Any]] = [
    {"id": "vips", "flow": "direct", "lists": ["vip"], "note": "Good customers wait for no menu"},
    {
        "id": "after-hours",
        "did": "4000",
        "flow": "message",
        "calendar": "office",
        "while_": "closed",
    },
    {"id": "new-menu", "did": "400*", "flow": "shop", "percent": 20, "note": "Trial, until Friday"},
    {"id": "beijing", "did": "4000", "callers": ["+8610*"], "flow": "direct"},
]
WAIT_SECONDS = 30.0
SPOKEN_SECONDS = 16.0


async def furnish(centre: House) -> None:
    """What the demonstration has not: hours, a list, a message, a callback, tickets, tasks."""
    engine = make_engine(centre.database.url)
    directory = Directory(engine)
    await directory.publish_flow("message", MESSAGE_FLOW, note="for pictures", by="admin")
    _, demo = await directory.flow_text("demo") or (0, "")
    changed = demo.replace("Welcome to the demo line", "Welcome to the demonstration")
    await directory.publish_flow("demo", changed, note="Friendlier words", by="admin")
    await directory.put_route(MESSAGE_DID, "message", by="admin")
    await directory.put_queue("support", {"agents_choose": True}, by="admin")
    await engine.dispose()
    async with administrator(centre) as web:
        await send(web, "PUT", "/api/callback-policies/support", {"enabled": True})
        await send(web, "PUT", "/api/calendars/office", OFFICE)
        await send(web, "PUT", "/api/number-lists/vip", {"name": "VIP"})
        await send(web, "POST", "/api/number-lists/vip/numbers", {"text": VIPS})
        for language, agent in AGENTS.items():
            asked = {"q": CUSTOMERS[language], "limit": "1"}
            (customer,) = (await web.get("/api/customers", params=asked)).json()["items"]
            own = {"customer": customer["id"], "owner_agent": agent}
            for subject in SUBJECTS[language]:
                ticket = {"type": "question", "subject": subject, "queue": "support"}
                await send(web, "POST", "/api/tickets", ticket | own)
            for hours, title in zip((-2, 3), TASKS[language], strict=True):
                due = datetime.now(UTC) + timedelta(hours=hours)
                await send(
                    web, "POST", "/api/tasks", {"title": title, "due": due.isoformat()} | own
                )
        await send(web, "PUT", "/api/prompts/welcome", {"name": "Welcome"})
        for language, words in SPOKEN.items():
            await send(web, "POST", f"/api/prompts/welcome/{language}/speech", {"text": words})
        await send(web, "PUT", "/api/outbound-rules", {"enabled": True})
        later = datetime.now(UTC) + timedelta(hours=20)
        asked = {"queue": "support", "number": "+8613911110003", "not_before": later.isoformat()}
        await send(web, "POST", "/api/callbacks", asked)
    await leave_message(centre)


@asynccontextmanager
async def administrator(centre: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=centre.url, headers={"Origin": centre.url}) as web:
        await send(web, "POST", "/api/login", {"login": "admin", "password": PASSWORD})
        yield web


async def add_routes(centre: House) -> None:
    """They would lead the callers of the other pictures astray."""
    async with administrator(centre) as web:
        table = (await web.get("/api/routes")).json()
        others = [one for one in table["items"] if one["id"] not in {own["id"] for own in ROUTES}]
        body = {"items": [*ROUTES, *others], "base_version": table["version"]}
        await send(web, "PUT", "/api/routes", body)


async def send(web: httpx.AsyncClient, method: str, path: str, body: Mapping[str, object]) -> None:
    told = await web.request(method, path, json=body)
    assert told.is_success, f"{method} {path}: {told.text}"


async def leave_message(centre: House) -> None:
    """A caller speaks (a tone) into the mailbox of support, and hangs up."""
    number, name = CALLERS["en"]
    async with caller(centre.ports["sip"], MESSAGE_DID, number, name, tone=440.0) as phone:
        await until(lambda: phone.packets > 50, WAIT_SECONDS)
        await asyncio.sleep(SPOKEN_SECONDS)
        await all_hang_up(centre)
    await rows_come(centre, "select id from voicemails where seconds is not null")


async def all_hang_up(centre: House) -> None:
    assert centre.asterisk is not None
    await asyncio.to_thread(centre.asterisk.ask, "channel request hangup all")


async def rows_come(centre: House, query: str, more_than: int = 0) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while len(await centre.rows(query)) <= more_than:  # noqa: ASYNC110 - the database does not tell
            await asyncio.sleep(0.1)
