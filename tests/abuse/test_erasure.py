"""A13: of a person who is erased nothing is found in any store: database, files, journal, outbox.

Marks are put into every place where something about a person may stand; a table that is not known
to be of a person or not fails this module.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import time
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.persons.holdings import HOLDINGS, NOT_OF_CUSTOMERS
from callcenter.persons.service import forms
from callcenter.store import tables
from tests.abuse.figures import Abuse
from tests.browser.stage import PASSWORD, Stage, stage

pytestmark = [pytest.mark.web, pytest.mark.anyio]

MARK = "Zzmarker7f3a"
NUMBER = "+8613900777123"
EMAIL = "zzmarker7f3a@example.com"
NEEDLES = (MARK, MARK.lower(), "13900777123", EMAIL)
CALL = "1700000777.1"
PATIENCE = 20.0


def test_a13_every_table_is_of_customers_or_not(abuse: Abuse) -> None:
    known = {one.table for one in HOLDINGS} | set(NOT_OF_CUSTOMERS)
    there = set(tables.Base.metadata.tables) | {"reports.facts", "search.calls"}
    odd = known ^ there
    abuse.reached(
        "A13",
        "tables that stand in the list of what is kept about persons, or beside it with a reason",
        f"all {len(there)}",
        f"all but {len(odd)}" if odd else "all",
        not odd,
        " ".join(sorted(odd)),
    )


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Stage, Path]]:
    async with stage(database_url, tmp_path) as made:
        yield made, tmp_path


async def marked(engine: AsyncEngine, folder: Path) -> str:
    """Marks everywhere; the customer's id."""
    now, at = datetime.now(UTC), {"started_at": datetime.now(UTC), "ended_at": datetime.now(UTC)}
    seconds = dict.fromkeys(
        ("wait_seconds", "ring_seconds", "talk_seconds", "hold_seconds", "wrap_up_seconds"), 1.0
    )
    with contextlib.suppress(ProgrammingError):  # the service has just done the same
        async with engine.begin() as connection:
            await connection.execute(text("select reports.make_month(now())"))
    async with engine.begin() as connection:

        async def put(table: Any, **values: Any) -> Any:
            made = insert(table).values(**values).returning(*table.__table__.primary_key.columns)
            return (await connection.execute(made)).first()[0]  # type: ignore[index]

        t = tables
        id = await put(
            t.Customer,
            name=MARK,
            company=MARK,
            notes=MARK,
            tags=[MARK],
            custom={"x": MARK},
            search_text=MARK.lower(),
            grams=[MARK],
        )
        merged = await put(t.Customer, name=MARK, merged_into=id)
        await connection.execute(
            text("update customers set merged = array[cast(:m as uuid)] where id = :id"),
            {"m": merged, "id": id},
        )
        await put(t.CustomerMerge, kept_id=id, merged_id=merged, detail={"before": MARK})
        await put(t.CustomerNumber, customer_id=id, e164=NUMBER, typed="139 0077 7123", label=MARK)
        await put(t.CustomerEmail, customer_id=merged, address=EMAIL, typed=EMAIL)
        await put(t.CustomerNote, customer_id=id, text=MARK)
        await put(
            t.Interaction,
            call=CALL,
            revision=1,
            number=NUMBER,
            did="4000",
            customer_id=id,
            queue="support",
            agent="ada",
            outcome="answered",
            ended_by="caller",
            path=["Menu"],
            offers=1,
            language="en",
            disposition="",
            note=MARK,
            **at,
            **seconds,
        )
        await put(
            t.InteractionEvent,
            call=CALL,
            sequence=1,
            at=now,
            kind="input",
            data={"digits": MARK, "queue": "support", "number": NUMBER},
        )
        await put(
            t.InteractionPart,
            call=CALL,
            part=1,
            revision=1,
            agent="ada",
            began_at=now,
            ended_at=now,
            ended="caller",
            consult_seconds=0.0,
            disposition="",
            note=MARK,
            **{name: 0.0 for name in seconds if name != "wait_seconds"},
        )
        await put(t.Draft, call=CALL, agent="ada", text=MARK, form={"x": MARK}, updated=now)
        await put(
            t.CallForm,
            call=CALL,
            agent="ada",
            customer_id=id,
            disposition="",
            path=[],
            fields=[],
            values={"x": MARK},
            complete=True,
            filed=now,
        )
        await put(
            t.ScriptRun,
            call=CALL,
            script="x",
            number=1,
            trail=[["a", MARK]],
            agent="ada",
            updated=now,
        )
        await put(
            t.SurveyAnswer,
            call=CALL,
            sequence=1,
            at=now,
            question="q",
            score=5,
            flow="f",
            customer_id=id,
        )
        await put(
            t.CallbackRecord,
            id="cb-777",
            revision=1,
            contact="cb-777",
            queue="support",
            number=NUMBER,
            name=MARK,
            did="",
            language="en",
            mode="customer-first",
            state="done",
            outcome="served",
            started_at=now,
            asked_at=now,
            asked_by="caller",
            joined_at=1.0,
            changed_at=now,
            time_zone="",
            path=[],
            skills={},
            asked_priority=0,
            priority=0,
            value_seconds=0.0,
            customer_id=id,
            call=CALL,
            tries=1,
        )
        recording = f"{CALL}.1"
        await put(
            t.Recording,
            id=recording,
            revision=1,
            call=CALL,
            part=1,
            agents=["ada"],
            customer_id=id,
            number=NUMBER,
            reason="always",
            wanted=True,
            began_at=now,
            ended_at=now,
        )
        await put(t.RecordingComment, recording_id=recording, at_seconds=1.0, text=MARK)
        message = f"{CALL}.9"
        await put(
            t.Voicemail,
            id=message,
            call=CALL,
            box_kind="general",
            box="general",
            number=NUMBER,
            name=MARK,
            customer_id=id,
            language="en",
            file=f"{message}.wav",
            seconds=3.0,
            created=now,
            note=MARK,
            transcript=MARK,
        )
        await put(
            t.Letter,
            key=f"voicemail {message}",
            recipient="box@example.com",
            subject=MARK,
            body=f"{MARK} {NUMBER}",
        )
        await put(t.TextMessage, key="k777", call=CALL, recipient=NUMBER, words=MARK)
        ticket = await put(
            t.Ticket,
            type="case",
            subject=MARK,
            description=MARK,
            customer_id=id,
            stage="new",
            stage_kind="open",
            stage_since=now,
            fields={"x": MARK},
            created=now,
            search_text=MARK.lower(),
            grams=[MARK],
        )
        await put(t.TicketEvent, ticket_id=ticket, at=now, kind="comment", data={"text": MARK})
        await put(t.TicketLink, ticket_id=ticket, kind="call", target=CALL)
        await put(
            t.Task, title=MARK, note=MARK, customer_id=id, number=NUMBER, due=now, created=now
        )
        hook = await put(t.Webhook, name="shop", url="https://x.example", secret=b"x")
        await put(
            t.WebhookEvent, kind="customer.changed", subject=str(id), at=now, data={"name": MARK}
        )
        await put(
            t.WebhookDelivery,
            webhook_id=hook,
            event=id,
            kind="call.ended",
            subject=CALL,
            body=json.dumps({"name": MARK, "number": NUMBER}),
        )
        await put(t.DeskMessage, agent_id="ada", body=f"Call back {NUMBER}", by_name="Sofia")
        await put(t.NumberList, id="zz", name="List")
        await put(t.NumberListEntry, list_id="zz", number=NUMBER, note=MARK)
        await put(t.ArticleSearch, at=now, query=EMAIL, results=0)
        await put(t.CustomerImport, file_name="x.csv", flaws=[{"row": 1, "message": EMAIL}])
        await put(
            t.Order,
            number="O777",
            customer_id=id,
            phone=NUMBER,
            product="bed",
            quantity=1,
            total=1,
            currency="CNY",
        )
        await put(
            t.Booking,
            day=now.date(),
            slot=now.time().replace(microsecond=0),
            phone=NUMBER,
            customer_id=id,
        )
        await put(
            t.Balance,
            account=f"A{MARK}",
            customer_id=id,
            pin_salt=b"",
            pin_digest=b"",
            amount=1,
            currency="CNY",
        )
        await connection.execute(
            text(
                "insert into reports.facts (at, call, leg, kind, until, outcome, number, customer)"
                " values (now(), :call, 1, 'call', now(), 'answered', :number, :id)"
            ),
            {"call": CALL, "number": NUMBER, "id": id},
        )
    messages = folder / "recordings"
    messages.mkdir(exist_ok=True)
    (messages / f"{message}.wav").write_bytes(MARK.encode())
    return str(id)


async def found_in_database(engine: AsyncEngine) -> dict[str, int]:
    """Rows with a needle in them, by table, of all schemas."""
    names = text(
        "select format('%I.%I', table_schema, table_name) from information_schema.tables"
        " where table_schema in ('public', 'reports') and table_type = 'BASE TABLE'"
    )
    found: dict[str, int] = {}
    async with engine.connect() as connection:
        for name in list(await connection.scalars(names)):
            where = " or ".join(f"position('{needle}' in t::text) > 0" for needle in NEEDLES)
            count = await connection.scalar(text(f"select count(*) from {name} t where {where}"))
            if count:
                found[name] = count
    return found


def found_in_files(folder: Path) -> list[str]:
    needles = [needle.encode() for needle in NEEDLES]
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]


async def until(condition: Any, seconds: float = PATIENCE) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - it does not tell
            await asyncio.sleep(0.05)


async def test_a13_an_erased_person_is_nowhere(
    scene: tuple[Stage, Path], engine: AsyncEngine, abuse: Abuse
) -> None:
    place, folder = scene
    customer = await marked(engine, folder)
    place.telephone.arrive("1700000778.1", NUMBER, name=MARK)

    async def journaled() -> bool:
        found = folder.rglob("inputs-*.jsonl")
        return any("13900777123" in path.read_text() for path in found)

    await until(journaled)
    place.telephone.caller_hangs_up("1700000778.1")

    async def written() -> bool:
        async with engine.connect() as connection:
            query = text("select count(*) from interactions where call = '1700000778.1'")
            return bool(await connection.scalar(query))

    await until(written)
    seeded = await found_in_database(engine)
    on_disk = found_in_files(folder)
    async with httpx.AsyncClient(
        base_url=place.url, headers={"Origin": place.url}, timeout=60
    ) as admin:
        signed = await admin.post("/api/login", json={"login": "admin", "password": PASSWORD})
        assert signed.status_code == 200, signed.text
        given = await admin.get(f"/api/customers/{customer}/personal-data")
        with zipfile.ZipFile(io.BytesIO(given.content)) as file:
            data = json.loads(file.read("data.json"))
            sound = [name for name in file.namelist() if name.startswith("messages/")]
        wrong = await admin.post(
            f"/api/customers/{customer}/erase", json={"name": "another", "why": "asked"}
        )
        began = time.perf_counter()
        done = await admin.post(
            f"/api/customers/{customer}/erase", json={"name": MARK, "why": "asked for it"}
        )
        took = time.perf_counter() - began
    assert (wrong.status_code, done.status_code) == (422, 200), done.text
    assert len(sound) == 1

    async def settled() -> bool:
        return not found_in_files(folder)

    with contextlib.suppress(TimeoutError):
        await until(settled, 10)
    left, left_files = await found_in_database(engine), found_in_files(folder)
    exported = sum(bool(rows) for rows in data.values())
    abuse.reached(
        "A13",
        f"marks in {len(seeded)} tables and {len(on_disk)} files of a person; given out "
        f"({exported} tables, with sound), then erased in {took:.1f} s",
        "0 hits in database, files, journal, outbox",
        f"{sum(left.values())} hits in the database, {len(left_files)} in files",
        not left and not left_files and len(seeded) >= 28 and len(on_disk) >= 1 and exported >= 20,
        "; ".join([*map(str, left.items()), *left_files])[:300]
        or "not reached: Asterisk's ring of the last 4000 hangups, which turns by itself, and "
        "backups made before",
    )


def test_a_number_is_known_in_the_forms_carriers_and_people_write() -> None:
    assert forms(NUMBER) >= {NUMBER, "8613900777123", "13900777123", "013900777123"}
    assert forms("1001") == {"1001"}
