"""Voicemail over HTTP: who may hear, keep and change what; mailboxes; and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from tests.media.test_voicemails import leave_message
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


@pytest.fixture
async def support(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """An agent of the queue support; messages for support, for another queue, and a general one."""
    async with place.engine.begin() as connection:
        for table in ("voicemails", "mailboxes", "letters"):
            await connection.execute(text(f"delete from {table}"))
    agent = await place.agent()
    for queue in ("support", "sales"):
        await place.directory.put_queue(queue, {"name": queue.title()}, by=BY)
    await place.directory.put_members("support", [agent], by=BY)
    await place.reload()
    await leave_message(place.engine, place.folder, "100.1", name="王伟")
    await leave_message(place.engine, place.folder, "200.1", box="sales")
    await leave_message(place.engine, place.folder, "300.1", box_kind="general", box="general")
    async with await place.client(await place.user("agent", agent)) as client:
        yield client


def ids(answer: httpx.Response) -> set[str]:
    return {one["id"] for one in answer.json()["items"]}


async def test_an_agent_sees_the_own_queues_alone_supervisors_all(
    support: httpx.AsyncClient, place: Place
) -> None:
    assert ids(await support.get("/api/voicemails")) == {"100.1"}
    assert (await support.get("/api/voicemails/new")).json() == {"new": 1}
    async with await place.signed_in("supervisor") as supervisor:
        assert ids(await supervisor.get("/api/voicemails")) == {"100.1", "200.1", "300.1"}
        only = {"box_kind": "queue", "box": "sales"}
        assert ids(await supervisor.get("/api/voicemails", params=only)) == {"200.1"}
    for path in ("", "/audio"):
        assert (await support.get(f"/api/voicemails/200.1{path}")).status_code == 404
    changed = await support.put("/api/voicemails/200.1", json={"version": 1, "state": "done"})
    assert changed.status_code == 404
    assert (await support.delete("/api/voicemails/200.1")).status_code == 404


async def test_listening_with_seek_is_audited_and_makes_it_heard(
    support: httpx.AsyncClient, place: Place
) -> None:
    whole = await support.get("/api/voicemails/100.1/audio")
    assert whole.headers["content-type"] == "audio/wav"
    assert whole.headers["accept-ranges"] == "bytes"
    part = await support.get("/api/voicemails/100.1/audio", headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, whole.content[1000:2000])
    assert (await support.get("/api/voicemails/100.1")).json()["state"] == "heard"
    async with place.engine.begin() as connection:
        query = text("select count(*) from audit where action = 'voicemail.play'")
        assert (await connection.execute(query)).scalar_one() == 1


async def test_keeping_a_recording_is_a_right_of_its_own(
    support: httpx.AsyncClient, place: Place
) -> None:
    assert (await support.get("/api/voicemails/100.1/file")).status_code == 403
    async with await place.signed_in("supervisor") as supervisor:
        kept = await supervisor.get("/api/voicemails/100.1/file")
    assert kept.headers["content-disposition"].startswith('attachment; filename="voicemail-')


async def test_a_message_is_given_noted_and_done_by_version(
    support: httpx.AsyncClient, place: Place
) -> None:
    agent = next(iter(place.config.agents))
    address = "/api/voicemails/100.1"
    given = await support.put(address, json={"version": 1, "assigned_to": agent, "note": "回电"})
    assert (given.json()["assigned_to"], given.json()["note"]) == (agent, "回电")
    stale = await support.put(address, json={"version": 1, "state": "done"})
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    nobody = await support.put(address, json={"version": 2, "assigned_to": "nobody"})
    assert nobody.status_code == 422
    done = await support.put(address, json={"version": 2, "state": "done", "assigned_to": None})
    assert (done.json()["state"], done.json()["assigned_to"], done.json()["note"]) == (
        "done", None, "回电",
    )  # fmt: skip
    assert ids(await support.get("/api/voicemails")) == set()
    assert ids(await support.get("/api/voicemails", params={"state": "done"})) == {"100.1"}


async def test_a_deleted_message_can_be_brought_back(support: httpx.AsyncClient) -> None:
    assert (await support.delete("/api/voicemails/100.1")).status_code == 204
    assert ids(await support.get("/api/voicemails", params={"state": "all"})) == set()
    assert ids(await support.get("/api/voicemails", params={"state": "deleted"})) == {"100.1"}
    assert (await support.post("/api/voicemails/100.1/restore")).status_code == 204
    assert ids(await support.get("/api/voicemails")) == {"100.1"}


async def test_a_mailbox_is_set_up_tested_and_guarded(
    support: httpx.AsyncClient, place: Place
) -> None:
    async with await place.signed_in("administrator") as admin:
        listed = (await admin.get("/api/mailboxes")).json()
        assert listed["mail_server"]
        assert {"general", "support", "sales"} <= {one["box"] for one in listed["items"]}
        address = "/api/mailboxes/queue/support"
        assert (await admin.post(f"{address}/test")).json()["code"] == "no_address"
        wanted = {"email": "desk@example.com", "notify": True, "language": "zh", "keep_days": 30}
        assert (await admin.put(address, json=wanted)).status_code == 204
        assert (await admin.put(address, json=wanted)).json()["code"] == "conflict"
        wrong = await admin.put(address, json={"email": "a@b\r\nBcc: c@d.e", "version": 1})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
        assert (await admin.post(f"{address}/test")).status_code == 204
        assert (await admin.put("/api/mailboxes/queue/none", json={})).status_code == 404
        listed = (await admin.get("/api/mailboxes")).json()
        (one,) = [each for each in listed["items"] if each["box"] == "support"]
        assert (one["name"], one["email"], one["waiting"]) == ("Support", "desk@example.com", 1)
