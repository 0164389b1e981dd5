"""Messages: who sees which, what people do with them, what ends by itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.media.voicemail.schemas import Mailbox, Scope
from callcenter.media.voicemail.service import DAY, DELETED_DAYS, Voicemails
from callcenter.store import tables
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from tests.sound.odd_files import samples, wav

pytestmark = [pytest.mark.db, pytest.mark.anyio]

BY = "00000000-0000-0000-0000-000000000000"
ALL = Scope(everything=True)
ADA = Scope(everything=False, agents=frozenset({"ada"}), queues=frozenset({"support"}))


async def leave_message(engine: AsyncEngine, folder: Path, id: str, **values: Any) -> None:
    """As the ledger writes one, with a recording of a second."""
    (folder / f"{id}.wav").write_bytes(wav(samples(8_000, 1.0), 8_000))
    row: dict[str, Any] = {
        "id": id,
        "call": id.rpartition(".")[0] or id,
        "box_kind": "queue",
        "box": "support",
        "number": "+8613800138000",
        "name": "",
        "language": "en",
        "file": f"{id}.wav",
        "seconds": 12.0,
        "created": datetime.now(UTC),
    }
    async with engine.begin() as connection:
        await connection.execute(insert(tables.Voicemail).values(**row | values))


@dataclass
class Boxes:
    engine: AsyncEngine
    folder: Path

    def __post_init__(self) -> None:
        self.voicemails = Voicemails(self.engine, self.folder)

    async def leave(self, id: str, **values: Any) -> None:
        await leave_message(self.engine, self.folder, id, **values)

    async def ids(self, scope: Scope, **query: Any) -> list[str]:
        found, _ = await self.voicemails.messages(scope, limit=50, **query)
        return [one.id for one in found]

    async def audited(self, id: str) -> list[str]:
        async with self.engine.begin() as connection:
            query = text("select action from audit where subject = :id order by id")
            return [row[0] for row in await connection.execute(query, {"id": id})]


@pytest.fixture
async def boxes(engine: AsyncEngine, tmp_path: Path) -> Boxes:
    async with engine.begin() as connection:
        for table in ("voicemails", "mailboxes", "letters"):
            await connection.execute(text(f"delete from {table}"))
    return Boxes(engine, tmp_path)


async def test_an_agent_sees_the_own_box_the_own_queues_and_what_was_given(boxes: Boxes) -> None:
    now = datetime.now(UTC)
    for age, (id, values) in enumerate(
        {
            "1.1": {"box": "support"},
            "2.1": {"box": "sales"},
            "3.1": {"box_kind": "agent", "box": "ada"},
            "4.1": {"box_kind": "agent", "box": "bob"},
            "5.1": {"box": "sales", "assigned_to": "ada"},
            "6.1": {"box_kind": "general", "box": "general"},
        }.items()
    ):
        await boxes.leave(id, created=now - timedelta(minutes=age), **values)
    assert await boxes.ids(ADA) == ["1.1", "3.1", "5.1"]
    assert await boxes.ids(ALL) == ["1.1", "2.1", "3.1", "4.1", "5.1", "6.1"]
    assert await boxes.ids(Scope(everything=False)) == []
    assert await boxes.ids(ALL, box=("queue", "sales")) == ["2.1", "5.1"]
    assert await boxes.voicemails.count_new(ADA) == 3
    with pytest.raises(NotThere):
        await boxes.voicemails.message("4.1", ADA)
    with pytest.raises(NotThere):
        await boxes.voicemails.listen("4.1", ADA, by=BY, action="voicemail.play")
    with pytest.raises(NotThere):
        await boxes.voicemails.set_deleted("4.1", ADA, True, by=BY)


async def test_pages_neither_repeat_nor_hide(boxes: Boxes) -> None:
    moment = datetime.now(UTC)
    for number in range(7):
        await boxes.leave(f"p{number}.1", created=moment)
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        found, cursor = await boxes.voicemails.messages(ALL, limit=3, cursor=cursor)
        seen += [one.id for one in found]
    assert cursor is None
    assert sorted(seen) == [f"p{number}.1" for number in range(7)]
    assert len(await boxes.ids(ALL, cursor="nonsense|\0")) == 7


async def test_listening_is_audited_once_a_minute_and_makes_it_heard(boxes: Boxes) -> None:
    await boxes.leave("heard.1")
    for _ in range(3):
        found, path = await boxes.voicemails.listen("heard.1", ADA, by=BY, action="voicemail.play")
    assert (found.state, path.name) == ("heard", "heard.1.wav")
    await boxes.voicemails.listen("heard.1", ADA, by=BY, action="voicemail.download")
    assert await boxes.audited("heard.1") == ["voicemail.play", "voicemail.download"]
    assert await boxes.voicemails.count_new(ADA) == 0


async def test_state_note_and_hand_over_by_version(boxes: Boxes) -> None:
    await boxes.leave("work.1")
    change = boxes.voicemails.change
    one = await change("work.1", ALL, {"assigned_to": "bob"}, version=1, by=BY)
    two = await change("work.1", ALL, {"note": "打回去 rang him"}, version=one.version, by=BY)
    assert (two.assigned_to, two.note, two.state) == ("bob", "打回去 rang him", "new")
    with pytest.raises(VersionPassed):
        await change("work.1", ALL, {"state": "done"}, version=1, by=BY)
    three = await change(
        "work.1", ALL, {"state": "done", "assigned_to": None}, version=two.version, by=BY
    )
    assert (three.state, three.assigned_to) == ("done", None)
    assert await boxes.ids(ALL, open_only=True) == []
    assert await boxes.ids(ALL, state="done") == ["work.1"]


async def test_deleted_comes_back_or_goes_for_good_after_a_week(boxes: Boxes) -> None:
    for id in ("back.1", "gone.1", "kept.1"):
        await boxes.leave(id)
    await boxes.voicemails.set_deleted("back.1", ALL, True, by=BY)
    await boxes.voicemails.set_deleted("gone.1", ALL, True, by=BY)
    assert await boxes.ids(ALL) == ["kept.1"]
    await boxes.voicemails.set_deleted("back.1", ALL, False, by=BY)
    assert await boxes.voicemails.purge(time.time()) == 0
    assert await boxes.voicemails.purge(time.time() + DELETED_DAYS * DAY + 60) == 1
    assert sorted(await boxes.ids(ALL)) == ["back.1", "kept.1"]
    assert sorted(path.name for path in boxes.folder.iterdir()) == ["back.1.wav", "kept.1.wav"]


async def test_a_mailbox_keeps_messages_as_long_as_it_says(boxes: Boxes) -> None:
    await boxes.leave("young.1")
    await boxes.leave("old.1", created=datetime.now(UTC) - timedelta(days=31))
    await boxes.leave("other.1", box="sales", created=datetime.now(UTC) - timedelta(days=31))
    await boxes.voicemails.put_mailbox(Mailbox("queue", "support", keep_days=30), by=BY)
    assert await boxes.voicemails.purge(time.time()) == 1
    assert sorted(await boxes.ids(ALL)) == ["other.1", "young.1"]


async def test_a_recording_that_is_gone_or_oddly_named_is_told(boxes: Boxes) -> None:
    await boxes.leave("lost.1")
    (boxes.folder / "lost.1.wav").unlink()
    await boxes.leave("odd.1", file="../../etc/passwd.wav")
    for id in ("lost.1", "odd.1"):
        assert not (await boxes.voicemails.message(id, ALL)).there
        with pytest.raises(NotThere, match="recording"):
            await boxes.voicemails.listen(id, ALL, by=BY, action="voicemail.play")


@pytest.mark.parametrize(
    "email", ["no", "a@b\r\nBcc: x@y.z", "a b@c.d", "@x.y", "a@", "a@b.c,d@e.f", "<a@b.c>"]
)
async def test_an_address_that_is_none_is_refused(boxes: Boxes, email: str) -> None:
    with pytest.raises(ConfigRefused):
        await boxes.voicemails.put_mailbox(Mailbox("queue", "support", email=email), by=BY)


async def test_a_mailbox_is_changed_by_version(boxes: Boxes) -> None:
    put = boxes.voicemails.put_mailbox
    await put(Mailbox("agent", "ada", "ada@example.com", notify=True), by=BY)
    with pytest.raises(VersionPassed):
        await put(Mailbox("agent", "ada"), by=BY)
    await put(Mailbox("agent", "ada", "a@example.com", version=1), by=BY)
    (one,) = await boxes.voicemails.mailboxes()
    assert (one.email, one.notify, one.version) == ("a@example.com", False, 2)
    with pytest.raises(ConfigRefused):
        await put(Mailbox("agent", "bob", notify=True), by=BY)
