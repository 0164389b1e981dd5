"""Recordings end to end behind the telephone: the raw file encoded, sealed, played, erased."""

from __future__ import annotations

import array
import io
import math
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import av
import httpx
import pytest
from sqlalchemy import insert, text

from callcenter.core.commands import PauseTalkRecording, RefuseRecording
from callcenter.media.recordings.retention import DAY
from callcenter.media.recordings.worker import LEFT_BEHIND_SECONDS, NO_ROOM_SECONDS, TRIES_MAX
from callcenter.store.tables import Recording
from callcenter.store.times import to_datetime
from tests.faults.acts.disk import full, small_disk
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

RATE = 8000
START = time.time() - 600
CALLER, AGENT = 880, 440


def raw(seconds: float, silent: tuple[float, float] = (0, 0)) -> bytes:
    """The caller speaks all the time, the agent in the first half."""
    samples = array.array("h")
    for i in range(int(seconds * RATE)):
        at, still = i / RATE, silent[0] <= i / RATE < silent[1]
        left = 0 if still else round(9000 * math.sin(2 * math.pi * CALLER * at))
        right = 0 if still or at > seconds / 2 else round(9000 * math.sin(2 * math.pi * AGENT * at))
        samples.extend((left, right))
    return samples.tobytes()


async def recorded(place: Place, id: str, sound: bytes | None, **values: object) -> None:
    """As the ledger and Asterisk leave it."""
    if sound is not None:
        (place.folder / f"{id}.raw").write_bytes(sound)
    row: dict[str, object] = {
        "id": id,
        "revision": 1000,
        "call": id.rpartition(".")[0],
        "part": 1,
        "agents": ["ada"],
        "queue": "support",
        "number": "+8613800138000",
        "reason": "always",
        "wanted": True,
        "began_at": to_datetime(START),
        "ended_at": to_datetime(START + 20),
        "spoken": [[START, START + 12], [START + 14, START + 22]],
        "pauses": [],
    }
    async with place.engine.begin() as connection:
        await connection.execute(insert(Recording).values(**row | values))


def levels(sound: bytes, begin: float, end: float) -> tuple[float, float]:
    """Root mean square of both sides between two moments."""
    pcm = array.array("h")
    resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
    for frame in av.open(io.BytesIO(sound), "r").decode(audio=0):
        for out in resampler.resample(frame):
            pcm.frombytes(bytes(out.planes[0])[: out.samples * 4])
    part = pcm[int(begin * RATE) * 2 : int(end * RATE) * 2]
    left, right = part[0::2], part[1::2]
    return tuple(math.sqrt(sum(s * s for s in side) / len(side)) for side in (left, right))  # type: ignore[return-value]


@pytest.fixture
async def supervisor(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    async with place.engine.begin() as connection:
        for table in ("recordings", "retention_rules", "retention_runs", "recording_policies"):
            await connection.execute(text(f"delete from {table}"))
    for file in _raw_files(place.folder):
        file.unlink()
    async with await place.signed_in("supervisor") as client:
        yield client


def _raw_files(folder: Path) -> Iterator[Path]:
    return folder.glob("*.raw")


async def actions(place: Place, subject: str) -> list[str]:
    async with place.engine.begin() as connection:
        query = text("select action from audit where subject = :id order by id")
        return [row[0] for row in await connection.execute(query, {"id": subject})]


async def test_a_recording_is_kept_encrypted_and_played_in_parts(
    supervisor: httpx.AsyncClient, place: Place
) -> None:
    pause = {"asked_at": START + 5, "since": START + 5.1, "until": START + 8, "why": "card"}
    await recorded(place, "c1.1", raw(20, silent=(5.2, 8)), pauses=[pause])
    assert await place.recorder.work(time.time())
    assert not await place.recorder.work(time.time())
    assert not list(_raw_files(place.folder))
    [kept] = (place.folder / "kept").rglob("*.talk")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert b"LAME" not in kept.read_bytes()

    [row] = (await supervisor.get("/api/recordings")).json()["items"]
    assert (row["state"], row["silent"], row["seconds"]) == ("stored", True, 20.0)
    detail = (await supervisor.get("/api/recordings/c1.1")).json()
    assert detail["holds"] == [12.0]
    assert detail["pauses"] == [[4.7, 8.0]]
    assert detail["figures"]["agent_seconds"] == pytest.approx(7.2, abs=0.6)
    assert detail["figures"]["caller_seconds"] == pytest.approx(17.2, abs=0.6)

    refused = await supervisor.get("/api/recordings/c1.1/audio")
    assert refused.status_code == 422  # no reason given
    whole = await supervisor.get("/api/recordings/c1.1/audio?reason=quality")
    assert whole.headers["content-type"] == "audio/mpeg"
    assert "no-store" in whole.headers["cache-control"]
    part = await supervisor.get(
        "/api/recordings/c1.1/audio?reason=quality", headers={"Range": "bytes=65000-66000"}
    )
    assert part.status_code == 206
    assert part.content == whole.content[65000:66001]
    assert part.headers["content-range"] == f"bytes 65000-66000/{len(whole.content)}"
    far = {"Range": "bytes=99999999-"}
    assert (
        await supervisor.get("/api/recordings/c1.1/audio?reason=quality", headers=far)
    ).status_code == 416
    kept_file = await supervisor.get("/api/recordings/c1.1/file?reason=complaint")
    assert "attachment" in kept_file.headers["content-disposition"]
    assert await actions(place, "c1.1") == ["recording.play", "recording.download"]

    left, right = levels(whole.content, 1, 4)
    assert left > 3000
    assert right > 3000
    assert max(levels(whole.content, 5, 7.8)) < 30
    left, right = levels(whole.content, 12, 19)
    assert left > 3000
    assert right < 30


async def test_what_is_not_silent_in_a_pause_is_cut_out_and_told(
    supervisor: httpx.AsyncClient, place: Place
) -> None:
    pause = {"asked_at": START + 5, "since": START + 5.1, "until": START + 8, "why": "card"}
    await recorded(place, "c2.1", raw(20), pauses=[pause])
    await place.recorder.work(time.time())
    sound = await supervisor.get("/api/recordings/c2.1/audio?reason=quality")
    assert max(levels(sound.content, 5, 7.8)) < 30
    assert (await supervisor.get("/api/recordings/c2.1")).json()["silent"] is False
    assert "recording-not-silent" in [code for code, _ in place.alarms]


async def test_agents_hear_what_they_are_heard_in(
    supervisor: httpx.AsyncClient, place: Place
) -> None:
    agent = await place.agent()
    await recorded(place, "c3.1", raw(1), agents=[agent])
    await recorded(place, "c4.1", raw(1))
    while await place.recorder.work(time.time()):
        pass
    async with await place.client(await place.user("agent", agent)) as client:
        found = (await client.get("/api/recordings")).json()["items"]
        assert [row["id"] for row in found] == ["c3.1"]
        assert (await client.get("/api/recordings/c3.1/audio?reason=own")).status_code == 200
        assert (await client.get("/api/recordings/c4.1/audio?reason=own")).status_code == 404
        assert (await client.get("/api/recordings/c3.1/file?reason=own")).status_code == 403
        remark = {"at_seconds": 0.5, "text": "好"}
        assert (await client.post("/api/recordings/c3.1/comments", json=remark)).status_code == 204
    [comment] = (await supervisor.get("/api/recordings/c3.1")).json()["comments"]
    assert (comment["text"], comment["mine"]) == ("好", False)


async def test_nothing_is_lost_between_the_file_and_the_row(
    supervisor: httpx.AsyncClient, place: Place
) -> None:
    """A file without a row gets one; a file that is done already goes; none wanted goes, too."""
    await recorded(place, "c5.1", raw(1), state="stored")
    await recorded(place, "c6.1", raw(1), wanted=False)
    await recorded(place, "c7.1", None)
    (place.folder / "c8.1.raw").write_bytes(raw(2))
    await place.recorder.sweep(time.time() + LEFT_BEHIND_SECONDS + 1)
    for _ in range(4):
        await place.recorder.work(time.time() + 5)
    assert not list(_raw_files(place.folder))
    found = {row["id"]: row for row in (await supervisor.get("/api/recordings")).json()["items"]}
    assert found["c8.1"]["state"] == "stored"
    assert found["c8.1"]["trouble"] == "found"
    assert "c6.1" not in found
    assert "No such file" in found["c7.1"]["problem"]


async def test_a_full_disk_fails_no_recording_and_a_cut_off_one_is_told(
    supervisor: httpx.AsyncClient, place: Place
) -> None:
    await recorded(place, "e1.1", raw(1), spoken=[[START, START + 1]])
    await recorded(place, "e2.1", raw(1), spoken=[[START, START + 9]])  # no room for the rest
    now = time.time()
    with small_disk(place.folder / "kept", 65_536), full(place.folder / "kept"):
        for turn in range(TRIES_MAX + 1):
            assert not await place.recorder.work(now + turn * NO_ROOM_SECONDS)
        rows = (await supervisor.get("/api/recordings")).json()["items"]
        assert {row["state"] for row in rows} == {"waiting"}
        assert [code for code, _ in place.alarms] == ["recordings-kept"]
    now += (TRIES_MAX + 1) * NO_ROOM_SECONDS
    assert await place.recorder.work(now)
    assert await place.recorder.work(now)
    rows = (await supervisor.get("/api/recordings")).json()["items"]
    assert {row["id"]: (row["state"], row["trouble"]) for row in rows} == {
        "e1.1": ("stored", ""),
        "e2.1": ("stored", "short"),
    }
    assert [code for code, _ in place.alarms] == ["recordings-kept", "recording-short"]
    assert not list(_raw_files(place.folder))


async def test_retention_by_rule_hold_and_erasure(
    supervisor: httpx.AsyncClient, place: Place
) -> None:
    kinds: dict[str, dict[str, object]] = {
        "d1.1": {},
        "d2.1": {"held": True},
        "d3.1": {"queue": "sales"},
        "d4.1": {"reason": "on-demand"},
    }
    for id, values in kinds.items():
        await recorded(place, id, raw(1), **values)
    while await place.recorder.work(time.time()):
        pass
    async with await place.signed_in("administrator") as admin:
        rules = [
            {"days": 0, "reason": "on-demand"},
            {"days": 30, "queue": "support"},
            {"days": 400},
        ]
        put = await admin.put("/api/retention-rules", json={"rules": rules})
        assert put.status_code == 204
        await place.recordings.retention.run(time.time() + 31 * DAY)
        rows = (await admin.get("/api/recordings")).json()["items"]
        states = {row["id"]: row["state"] for row in rows}
        assert states == {
            "d1.1": "erased",
            "d2.1": "stored",
            "d3.1": "stored",
            "d4.1": "stored",
        }
        [run] = (await admin.get("/api/retention-runs")).json()["items"]
        assert (run["removed"], run["held"], run["failed"]) == (1, 1, 0)
        gone = await admin.get("/api/recordings/d1.1/audio?reason=quality")
        assert gone.status_code == 404
        why = {"why": "asked for by the customer"}
        assert (await admin.post("/api/recordings/d2.1/erase", json=why)).status_code == 409
        lifted = {"held": False}
        assert (await admin.put("/api/recordings/d2.1/hold", json=lifted)).status_code == 204
        assert (await admin.post("/api/recordings/d2.1/erase", json=why)).status_code == 204
    assert len(list((place.folder / "kept").rglob("d*.talk"))) == 2


async def test_a_queues_rule_and_a_payment_page(
    supervisor: httpx.AsyncClient, place: Place
) -> None:
    await place.directory.put_queue("cards", {"name": "Cards"}, by=BY)
    await place.reload()
    async with await place.signed_in("administrator") as admin:
        body = {"mode": "percent", "percent": 25, "refusable": True}
        assert (await admin.put("/api/recording-policies/cards", json=body)).status_code == 204
        short = {"pause_seconds_max": 3}
        assert (await admin.put("/api/recording-policies/cards", json=short)).status_code == 422
        rules = (await admin.get("/api/recording-policies")).json()["items"]
    [rule] = [one for one in rules if one["queue"] == "cards"]
    assert (rule["mode"], rule["percent"], rule["version"]) == ("percent", 25, 1)
    assert place.config.recording["cards"].refusable
    pause = {"action": "pause", "card": True, "seconds": 60}
    assert (await supervisor.post("/api/calls/c9/recording", json=pause)).status_code == 204
    assert (
        await supervisor.post("/api/calls/c9/recording", json={"action": "stop"})
    ).status_code == 204
    assert [action for _, action in place.commands] == [
        PauseTalkRecording("c9", True, True, 60.0),
        RefuseRecording("c9"),
    ]
    place.refusal = "not-recorded"
    refused = await supervisor.post("/api/calls/c9/recording", json=pause)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-recorded")
