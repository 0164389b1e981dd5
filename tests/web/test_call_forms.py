"""Forms of calls over HTTP: what is asked for, filed with what follows, read long afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from callcenter.core.board import CallRow
from callcenter.core.commands import AskCallback, CustomerCard
from callcenter.core.effects import Show
from callcenter.crm.customers.schemas import Customer, CustomerDraft
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

TREE = {
    "items": [
        {"code": "delivery", "name": "Delivery", "name_zh": "配送"},
        {"code": "late", "name": "Late", "name_zh": "迟到", "parent": "delivery", "keywords": "慢"},
        {"code": "other", "name": "Other", "default": True},
    ]
}
FORM = {
    "value": {
        "code": "delivery",
        "name": "Delivery",
        "dispositions": ["delivery"],
        "fields": [
            {"code": "order", "name": "Order number", "name_zh": "订单号", "required": True},
            {"code": "days", "name": "Days late", "kind": "number"},
        ],
    }
}


async def house(place: Place) -> tuple[str, str]:
    """An agent and his queue, with the tree and the form above."""
    agent = await place.agent()
    await place.directory.put_queue("support", {"name": "Support"}, by=BY)
    await place.directory.put_members("support", [agent], by=BY)
    await place.reload()
    async with await place.signed_in("administrator") as client:
        assert (await client.put("/api/dispositions", json=TREE)).status_code == 200
        known = (await client.get("/api/call-forms")).json()["items"]
        body = FORM | {"version": known[0]["version"] if known else 0}
        assert (await client.put("/api/call-forms/delivery", json=body)).status_code == 200
    return agent, "support"


async def call_of(place: Place, agent: str, call: str, **more: Any) -> CallRow:
    made = await place.crm.customers.create(CustomerDraft("王小明", ()), by=BY)
    assert isinstance(made, Customer)
    row = CallRow(
        call=call, stage="wrap-up", since=0.0, started_at=0.0, number="+8613800138000", name="",
        did="4000", language="zh", queue="support", agent=agent,
        cards=(CustomerCard(made.id, made.name),),
    )  # fmt: skip
    row = replace(row, **more)
    place.hub.perform(Show("calls", call, row))
    return row


async def test_a_form_is_filed_with_its_follow_up_once(place: Place) -> None:
    agent, _ = await house(place)
    row = await call_of(place, agent, "form-1")
    place.clock.ahead = 1_924_990_000 - place.clock.now()
    due = "2031-01-01T10:00:00Z"
    async with await place.client(await place.user("agent", agent)) as client:
        address = "/api/calls/form-1/form"
        lacking = await client.put(address, json={"disposition": "late", "time_over": True})
        assert lacking.status_code == 422
        assert [flaw["where"] for flaw in lacking.json()["flaws"]] == ["values.order"]
        for code in ("delivery", "unknown"):
            refused = await client.put(address, json={"disposition": code})
            assert (refused.status_code, refused.json()["where"]) == (422, "disposition")
        body = {
            "disposition": "late",
            "values": {"order": "A-1", "days": "3", "of-another": "x"},
            "follow_up": {"kind": "call", "due": due, "owner_agent": agent},
        }
        past = body | {"follow_up": {"kind": "task", "due": "2001-01-01T10:00:00Z"}}
        assert (await client.put(address, json=past)).json()["where"] == "follow_up.due"
        filed = await client.put(address, json=body)
        assert filed.status_code == 200, filed.text
        assert filed.json()["values"] == {"order": "A-1", "days": 3}
        again = await client.put(address, json=body | {"values": {"order": "A-2"}})
        assert again.json()["values"] == {"order": "A-2"}
        [task] = (await client.get("/api/tasks", params={"owner": agent})).json()["items"]
        assert (task["kind"], task["title"], task["number"], task["customer"]) == (
            "call",
            "Delivery › Late",
            "+8613800138000",
            row.cards[0].id,
        )
        assert (await client.put("/api/calls/form-2/form", json=body)).status_code == 404


async def test_what_a_disposition_asks_for_is_missing_until_it_is_filed(place: Place) -> None:
    agent, queue = await house(place)
    await call_of(place, agent, "form-6")
    lacks = place.crm.call_forms.lacks
    assert await lacks("form-6", agent, queue, ["delivery", "late"])
    assert not await lacks("form-6", agent, queue, ["other"])
    async with await place.client(await place.user("agent", agent)) as client:
        body = {"disposition": "late", "values": {"order": "A-1"}}
        assert (await client.put("/api/calls/form-6/form", json=body)).status_code == 200
    assert not await lacks("form-6", agent, queue, ["delivery", "late"])
    assert await lacks("form-6", "somebodyelse", queue, ["delivery", "late"])


async def test_names_of_a_filed_form_outlive_the_tree(place: Place) -> None:
    agent, _ = await house(place)
    await call_of(place, agent, "form-3", wrap_up_until=place.clock.now() + 1)
    async with await place.client(await place.user("agent", agent)) as client:
        body = {"disposition": "late", "values": {"days": "soon"}, "time_over": True}
        filed = (await client.put("/api/calls/form-3/form", json=body)).json()
        assert (filed["complete"], filed["values"]) == (False, {"days": "soon"})
    async with await place.signed_in("administrator") as boss:
        renamed = [{"code": "other", "name": "All else", "default": True}]
        assert (await boss.put("/api/dispositions", json={"items": renamed})).status_code == 200
        [known] = [
            one
            for one in (await boss.get("/api/choices")).json()["dispositions"]
            if one["code"] == "late"
        ]
        assert (known["name_zh"], known["active"]) == ("迟到", False)
    [form] = await place.crm.call_forms.of_call("form-3")
    assert [(step["name"], step["name_zh"]) for step in form.path] == [
        ("Delivery", "配送"),
        ("Late", "迟到"),
    ]
    assert form.fields[0]["name_zh"] == "订单号"


async def test_a_callback_is_asked_for_in_an_own_queue(place: Place) -> None:
    agent, queue = await house(place)
    await call_of(place, agent, "form-4")
    place.clock.ahead = 1_924_990_000 - place.clock.now()
    wish = {"kind": "callback", "due": "2031-01-01T10:00:00Z", "queue": queue}
    async with await place.client(await place.user("agent", agent)) as client:
        body = {"disposition": "other", "follow_up": wish}
        strange = body | {"follow_up": wish | {"queue": "billing"}}
        answer = await client.put("/api/calls/form-4/form", json=strange)
        assert answer.json()["where"] == "follow_up.queue"
        for _ in range(2):
            assert (await client.put("/api/calls/form-4/form", json=body)).status_code == 200
    [(_, action)] = place.commands
    assert isinstance(action, AskCallback)
    assert (action.queue, action.number, action.not_before) == (
        "support",
        "+8613800138000",
        1_925_028_000.0,
    )


async def test_the_last_three_come_first_and_the_draft_comes_back(place: Place) -> None:
    agent, _ = await house(place)
    async with place.engine.begin() as connection:
        for at, code in enumerate(("late", "other", "late", "gone", "delivery")):
            await connection.execute(
                text(
                    "insert into interaction_parts (call, part, revision, agent, began_at,"
                    " ended_at, ended, ring_seconds, talk_seconds, hold_seconds, consult_seconds,"
                    " wrap_up_seconds, disposition, note) values (:call, 1, 1, :agent,"
                    " now() + :at * interval '1 minute', now(), 'caller', 0, 0, 0, 0, 0, :code, '')"
                ),
                {"call": f"r{at}", "agent": agent, "at": at, "code": code},
            )
    async with await place.client(await place.user("agent", agent)) as client:
        recent = await client.get("/api/dispositions/recent", params={"queue": "support"})
        assert recent.json()["items"] == ["late", "other"]
        draft = {"text": "两天没到", "form": {"disposition": "late", "values": {"order": "A"}}}
        assert (await client.put("/api/drafts/form-5", json=draft)).status_code == 204
        assert (await client.get("/api/drafts/form-5")).json() == draft
        large = {"text": "", "form": {"values": {"order": "x" * 40_000}}}
        assert (await client.put("/api/drafts/form-5", json=large)).status_code == 422
