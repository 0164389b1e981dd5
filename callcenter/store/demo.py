"""Fills a database for the demonstration, so that a newcomer takes a call within a minute.

May be run at each start: what is there already stays as it is, changes made by hand included.
"""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import ivr
from callcenter.core.config import Config
from callcenter.core.effects import RecordEvent, RecordInteraction, RecordPart
from callcenter.store.demo_data import (
    AGENTS,
    DISPOSITIONS,
    PAUSE_REASONS,
    QUEUES,
    SEED,
    STAFF,
    TEAMS,
    DemoCustomer,
    demo_customers,
)
from callcenter.store.demo_knowledge import seed_knowledge
from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from callcenter.store.ledger_rows import WRITE, Record, grouped, to_line
from callcenter.store.quick import Quick
from callcenter.store.searching import customer_search
from callcenter.store.tables import Customer, CustomerNumber, User
from callcenter.store.times import to_datetime

FLOW = "demo"
SELF_SERVICE = "shop"
SELF_SERVICE_DID = "4500"
EXAMPLES = Path(ivr.__file__).parent / "examples"
BY = "demo"
DAYS = 30
WITHIN_SECONDS = 20.0
CALLS_MAX = 4
BALANCES = text(
    "insert into balances (account, pin_salt, pin_digest, amount, currency)"
    " select account, salt, flow_sources.pin_digest(salt, '1234'), amount, 'CNY'"
    " from (values ('100001', 'demo-1'::bytea, 120.50), ('100002', 'demo-2', 0),"
    " ('100003', 'demo-3', 98765.43)) as shown(account, salt, amount)"
    " on conflict do nothing"
)
"""Three accounts with the PIN 1234, for the self-service line."""


async def seed_demo(url: str, *, password_hash: str | None, now: float) -> None:
    """`password_hash`: of the one password of all demo logins (None: they have none and cannot log
    in). `now` dates the past calls. Raises OSError or SQLAlchemyError."""
    engine, quick = make_engine(url), Quick(url)
    try:
        await _configuration(engine)
        async with engine.begin() as connection:
            await _users(connection, password_hash)
        await _teams(engine)
        async with engine.begin() as connection:
            await _customers(connection, now)
            await connection.execute(BALANCES)
            await seed_knowledge(connection, now)
        await _history(quick, now)
    finally:
        await quick.close()
        await engine.dispose()


async def _configuration(engine: AsyncEngine) -> None:
    directory = Directory(engine)
    present: Config = await directory.config()
    for id, name, team, skills, _, _ in AGENTS:
        if id not in present.agents:
            values = {"name": name, "team": team, "skills": skills}
            await directory.put_agent(id, values, by=BY)
    for id, name, settings in QUEUES:
        if id not in present.queues:
            await directory.put_queue(id, {"name": name} | settings, by=BY)
            members = [agent for agent, _, _, _, queues, _ in AGENTS if id in queues]
            await directory.put_members(id, members, by=BY)
    if not present.pause_reasons:
        await directory.put_pause_reasons(PAUSE_REASONS, by=BY)
    if not present.dispositions:
        await directory.put_dispositions(DISPOSITIONS, by=BY)
    if FLOW not in present.flows:
        await _publish(directory, FLOW)
    if not present.routes:
        await directory.put_route("*", FLOW, by=BY)
    if SELF_SERVICE not in present.flows:
        await _publish(directory, SELF_SERVICE)
        await directory.put_route(SELF_SERVICE_DID, SELF_SERVICE, by=BY)


async def _teams(engine: AsyncEngine) -> None:
    """Two with the queues that their agents serve, and one whose leader, the supervisor, looks
    after the whole house."""
    directory = Directory(engine)
    present = await directory.config()
    async with engine.connect() as connection:
        query = select(User.id).where(User.role == "supervisor", User.login == STAFF[0][0])
        leaders = [str(user) for user in await connection.scalars(query)]
    for id, name, everything in TEAMS:
        if id not in present.teams:
            served = [queues for _, _, team, _, queues, _ in AGENTS if team == id]
            values = {
                "name": name,
                "queues": sorted({queue for queues in served for queue in queues}),
                "leaders": leaders if everything else [],
                "everything": everything,
            }
            await directory.put_team(id, values, by=BY)


async def _publish(directory: Directory, flow: str) -> None:
    source = (EXAMPLES / f"{flow}.yaml").read_text("utf-8")
    await directory.publish_flow(flow, source, note="the demonstration's flow", by=BY)


async def _users(connection: AsyncConnection, password_hash: str | None) -> None:
    people: list[dict[str, str | None]] = [
        {"login": id, "name": name, "role": "agent", "locale": locale, "agent_id": id}
        for id, name, _, _, _, locale in AGENTS
    ]
    people += [
        {"login": login, "name": name, "role": role, "locale": locale, "agent_id": None}
        for login, name, role, locale in STAFF
    ]
    rows = [person | {"password_hash": password_hash} for person in people]
    await connection.execute(upsert(User).on_conflict_do_nothing(), rows)


async def _customers(connection: AsyncConnection, now: float) -> None:
    found = await connection.execute(select(Customer.id))
    present = set(found.scalars())
    new = [customer for customer in demo_customers() if customer.id not in present]
    if not new:
        return
    await connection.execute(insert(Customer), [_row(customer, now) for customer in new])
    numbers = [
        {"customer_id": c.id, "e164": e164, "label": label, "typed": e164, "position": place}
        for c in new
        for place, (e164, label) in enumerate(c.numbers)
    ]
    await connection.execute(insert(CustomerNumber), numbers)


def _row(customer: DemoCustomer, now: float) -> dict[str, object]:
    numbers = [e164 for e164, _ in customer.numbers]
    search_text, grams = customer_search(
        customer.name,
        customer.company,
        numbers,
        customer.tags,
        customer.custom,
        customer.notes,
    )
    return {
        "id": customer.id,
        "name": customer.name,
        "company": customer.company,
        "vip": customer.vip,
        "priority": 1 if customer.vip else 0,
        "language": "zh" if customer.chinese else "en",
        "notes": customer.notes,
        "tags": list(customer.tags),
        "custom": dict(customer.custom),
        "search_text": search_text,
        "grams": grams,
        "created": to_datetime(now - DAYS * 86_400),
        "updated": to_datetime(now - DAYS * 86_400),
    }


# -- what happened before -----------------------------------------------------------------------
async def _history(database: Quick, now: float) -> None:
    if await database.fetch("select 1 from interactions where call like 'demo-%' limit 1"):
        return
    draw = random.Random(SEED)
    records: list[Record] = []
    for place, customer in enumerate(demo_customers()):
        for count in range(draw.choice((0, 0, 1, 2, CALLS_MAX))):
            records += _call(f"demo-{place}-{count}", customer, now, draw)
    await database.fetch(WRITE, *grouped([to_line(record) for record in records]))


def _call(call: str, customer: DemoCustomer, now: float, draw: random.Random) -> list[Record]:
    """One past call with its timeline."""
    queue, title, _ = draw.choice(QUEUES)
    serving = [
        id for id, _, _, skills, queues, _ in AGENTS if queue in queues and _fits(customer, skills)
    ]
    started = now - draw.uniform(1, DAYS) * 86_400
    wait, ring = draw.uniform(1, 60), draw.uniform(1, 8)
    answered = draw.random() < 0.85
    talk, wrap_up = (draw.uniform(30, 600), draw.uniform(5, 30)) if answered else (0.0, 0.0)
    agent = draw.choice(serving) if answered else None
    times = {"queued": 12.0, "offered": 12 + wait, "answered": 12 + wait + ring}
    ended = times["answered"] + talk if answered else times["offered"]
    steps = [("arrived", 0.0), ("queued", 12.0)]
    steps += [("offered", times["offered"]), ("answered", times["answered"])] if answered else []
    steps.append(("ended", ended))
    said: dict[str, dict[str, object]] = {
        "arrived": {"trunk": "callers"},
        "queued": {"within": WITHIN_SECONDS},
        "offered": {"agent": agent},
        "answered": {
            "agent": agent,
            "waited": round(wait + ring, 3),
            "within": WITHIN_SECONDS,
        },
        "ended": {"stage": "talking" if answered else "waiting"},
    }
    events: list[Record] = [
        RecordEvent(call, sequence, started + after, kind, {"queue": queue} | said.get(kind, {}))
        for sequence, (kind, after) in enumerate(steps, 1)
    ]
    note = ("已说明费用。" if customer.chinese else "Explained the charges.") if answered else ""
    return [
        *events,
        RecordInteraction(
            call=call,
            revision=1,
            started_at=started,
            ended_at=started + ended,
            number=customer.numbers[0][0],
            did="4000",
            customer=str(customer.id),
            queue=queue,
            agent=agent,
            flow=FLOW,
            outcome="answered" if answered else "abandoned",
            ended_by="caller" if draw.random() < 0.7 or not answered else "agent",
            path=("Main menu", title),
            wait_seconds=wait,
            ring_seconds=ring if answered else 0.0,
            talk_seconds=talk,
            hold_seconds=0.0,
            wrap_up_seconds=wrap_up,
            offers=1 if answered else 0,
            language="zh" if customer.chinese else "en",
            disposition=str(draw.choice(DISPOSITIONS[:2])["code"]) if answered else "",
            note=note if draw.random() < 0.5 else "",
        ),
        *_parts(call, agent, queue, started + times["answered"], (ring, talk, wrap_up)),
    ]


def _parts(
    call: str, agent: str | None, queue: str, began: float, spent: tuple[float, float, float]
) -> list[Record]:
    """What the agent did in a past call; nothing without one."""
    if agent is None:
        return []
    ring, talk, wrap_up = spent
    return [
        RecordPart(
            call=call,
            part=1,
            revision=1,
            agent=agent,
            queue=queue,
            began_at=began,
            ended_at=began + talk,
            ended="ended",
            ring_seconds=ring,
            talk_seconds=talk,
            hold_seconds=0.0,
            consult_seconds=0.0,
            wrap_up_seconds=wrap_up,
        )
    ]


def _fits(customer: DemoCustomer, skills: dict[str, int]) -> bool:
    return ("zh" if customer.chinese else "en") in skills
