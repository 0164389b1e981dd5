"""Recordings in an S3-compatible store: moved there, played and erased there, lost nowhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text, update

from callcenter.bootstrap.bucket import bucket_check
from callcenter.media.recordings.keeping import KeepingFailed
from callcenter.media.recordings.moving import Mover
from callcenter.media.recordings.retention import DAY, Rule
from callcenter.store.tables import Recording
from tests.asterisk.lab import until
from tests.web.object_store import ObjectStore, object_store
from tests.web.place import BY, Place
from tests.web.test_recordings import START, raw, recorded

pytestmark = [pytest.mark.web, pytest.mark.anyio]

SOUND = "/api/recordings/{}/audio?reason=quality"


@pytest.fixture
async def store(place: Place, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    async with place.engine.begin() as connection:
        for table in ("recordings", "retention_rules", "retention_runs"):
            await connection.execute(text(f"delete from {table}"))
    async with object_store(tmp_path / "s3") as made:
        place.kept.bucket = made.bucket()
        yield made


def mover_of(place: Place, store: ObjectStore) -> Mover:
    return Mover(place.engine, place.kept.disk, store.bucket(), place._alarm, retry_seconds=0.1)


async def kept(place: Place, *ids: str, seconds: int = 1) -> None:
    """Recorded, encoded and sealed on the disk."""
    for id in ids:
        await recorded(place, id, raw(seconds), spoken=[[START, START + seconds]])
    for _ in ids:
        assert await place.recorder.work(time.time())


async def places(place: Place) -> dict[str, str]:
    async with place.engine.begin() as connection:
        rows = await connection.execute(text("select id, place from recordings order by id"))
        return {row.id: row.place for row in rows}


async def says(place: Place, id: str, where: str) -> None:
    """As a service left it that died, or a backup."""
    async with place.engine.begin() as connection:
        await connection.execute(update(Recording).where(Recording.id == id).values(place=where))


def on_disk(place: Place) -> list[str]:
    return sorted(file.stem for file in (place.folder / "kept").rglob("*.talk"))


async def test_a_recording_moves_is_played_by_parts_and_erased(
    place: Place, store: ObjectStore
) -> None:
    await kept(place, "c1.1", seconds=20)
    await kept(place, "c2.1")
    mover = mover_of(place, store)
    async with await place.signed_in("administrator") as boss:
        before = await boss.get(SOUND.format("c1.1"))
        assert await mover.move(time.time())
        assert await mover.move(time.time())
        assert not await mover.move(time.time())
        assert await places(place) == {"c1.1": "bucket", "c2.1": "bucket"}
        assert on_disk(place) == []
        assert store.files() == ["centre/c1.1.talk", "centre/c2.1.talk"]
        assert b"LAME" not in (store.folder / "centre/c1.1.talk").read_bytes()

        whole = await boss.get(SOUND.format("c1.1"))
        assert whole.content == before.content
        part = await boss.get(SOUND.format("c1.1"), headers={"Range": "bytes=65000-66000"})
        assert part.status_code == 206
        assert part.content == whole.content[65000:66001]

        erased = await boss.post("/api/recordings/c1.1/erase", json={"why": "he asked for it"})
        assert erased.status_code == 204
        assert store.files() == ["centre/c2.1.talk"]
        assert (await boss.get(SOUND.format("c1.1"))).status_code == 404
    retention = place.recordings.retention
    await retention.put_rules([Rule(1)], by=BY)
    report = await retention.run(time.time() + 2 * DAY)
    assert (report.removed, report.failed, store.files()) == (1, 0, [])


async def test_a_store_that_is_away_costs_no_recording(place: Place, store: ObjectStore) -> None:
    await kept(place, "c1.1")
    mover = mover_of(place, store)
    assert await mover.move(time.time())
    store.way.refuse = True
    store.way.cut()
    await kept(place, "c2.1")
    moving = asyncio.create_task(mover.run())
    try:
        await until(lambda: mover.standing.trouble and mover.standing.waiting == 1)
        [check] = bucket_check(mover)
        assert not check.ok
        assert not check.needed  # calls are taken all the same
        assert "cannot be used" in check.text
        assert "1 recordings wait" in check.text
        assert [code for code, _ in place.alarms] == ["recordings-bucket"]
        async with await place.signed_in("administrator") as boss:
            assert (await boss.get(SOUND.format("c2.1"))).status_code == 200
            await _away(boss)
        assert (await places(place))["c1.1"] == "bucket"
        store.way.mend()
        await until(lambda: not mover.standing.trouble and mover.standing.waiting == 0)
        [check] = bucket_check(mover)
        assert check.ok
        assert check.values["waiting"] == 0
        assert on_disk(place) == []
        assert store.files() == ["centre/c1.1.talk", "centre/c2.1.talk"]
    finally:
        moving.cancel()
        await asyncio.gather(moving, return_exceptions=True)


async def _away(boss: httpx.AsyncClient) -> None:
    told = await boss.get(SOUND.format("c1.1"))
    assert (told.status_code, told.json()["code"]) == (503, "recordings_away")
    assert "127.0.0.1" not in told.text  # where it lies is for administrators alone
    erased = await boss.post("/api/recordings/c1.1/erase", json={"why": "he asked for it"})
    assert (erased.status_code, erased.json()["code"]) == (503, "recordings_away")


async def test_what_arrived_otherwise_than_it_was_sent_does_not_count(
    place: Place, store: ObjectStore
) -> None:
    await kept(place, "c1.1")
    mover = mover_of(place, store)
    store.spoil = True
    with pytest.raises(KeepingFailed):
        await mover.move(time.time())
    assert on_disk(place) == ["c1.1"]
    assert await places(place) == {"c1.1": "copying"}
    store.spoil = False
    assert await mover.move(time.time())
    assert await places(place) == {"c1.1": "bucket"}
    assert on_disk(place) == []


async def test_moving_goes_on_wherever_it_stopped(place: Place, store: ObjectStore) -> None:
    await kept(place, "c1.1", "c2.1", "c3.1", "c4.1")
    bucket, mover = store.bucket(), mover_of(place, store)
    await says(place, "c1.1", "copying")
    for id in ("c2.1", "c3.1"):
        size = (place.folder / "kept" / "_1" / f"{id}.talk").stat().st_size
        await bucket.put(id, [await place.kept.disk.read(id, 0, size)])
    await says(place, "c2.1", "copied")
    # A backup said "disk" a moment before it was moved; and one that is nowhere any more.
    for id in ("c3.1", "c4.1"):
        await place.kept.disk.remove(id)
    async with await place.signed_in("administrator") as boss:
        assert (await boss.get(SOUND.format("c3.1"))).status_code == 200
    for _ in range(4):
        assert await mover.move(time.time())
    assert not await mover.move(time.time())
    found = await places(place)
    assert [found[f"c{number}.1"] for number in (1, 2, 3)] == ["bucket"] * 3
    assert on_disk(place) == []
    assert [alarm for alarm in place.alarms if alarm[0] == "recording-lost"] == [
        ("recording-lost", "recording c4.1: it is neither on the disk nor in the bucket")
    ]


async def test_one_erased_on_its_way_is_not_left_in_the_bucket(
    place: Place, store: ObjectStore
) -> None:
    await kept(place, "c1.1")
    await says(place, "c1.1", "copying")
    await store.bucket().put("c1.1", [b"all of it, but nobody has said so yet"])
    await place.recordings.retention.erase("c1.1", by=BY, why="he asked for it")
    assert (store.files(), on_disk(place)) == ([], [])


async def test_wrong_keys_and_a_missing_bucket_are_told_in_words(
    place: Place, store: ObjectStore
) -> None:
    with pytest.raises(KeepingFailed, match="the keys are refused") as refused:
        await store.bucket(secret="another").probe()
    assert "another" not in str(refused.value)
    with pytest.raises(KeepingFailed, match="there is no such bucket"):
        await store.bucket("elsewhere").probe()
    await store.bucket().probe()
    assert store.files() == []
    place.kept.bucket = None
    await kept(place, "c1.1")
    await says(place, "c1.1", "bucket")
    with pytest.raises(KeepingFailed, match="none is set"):
        await place.recordings.retention.erase("c1.1", by=BY, why="he asked for it")
