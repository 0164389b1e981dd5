"""Prompts over HTTP: uploads of all kinds, listening, versions, what is refused and why."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.sound import odd_files
from tests.sound.odd_files import samples, wav
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

FLOW = """
id: main
name: Main
languages: [en, zh]
start: hello
fallback: bye
prompts:
  welcome: {en: Welcome, zh: 欢迎}
nodes:
  hello: {kind: play, prompt: [welcome, news], next: bye}
  bye: {kind: hangup}
"""


@pytest.fixture
async def admin(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    async with place.engine.begin() as connection:
        await connection.execute(text("delete from prompts"))
    async with await place.signed_in("administrator") as client:
        yield client


async def upload(
    client: httpx.AsyncClient, content: bytes, prompt: str = "welcome", **query: Any
) -> httpx.Response:
    await client.put(f"/api/prompts/{prompt}", json={"name": "Greeting 问候"})
    return await client.post(f"/api/prompts/{prompt}/en/audio", content=content, params=query)


@pytest.mark.parametrize("kind", odd_files.GOOD)
async def test_a_file_of_each_kind_is_taken_and_can_be_heard(
    admin: httpx.AsyncClient, kind: str
) -> None:
    answer = await upload(
        admin, odd_files.encoded(kind), name=f"起始 welcome.{kind}", text="Welcome"
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["version"], made["active"], made["there"]) == (1, True, True)
    assert -19.5 < made["loudness"] < -18.5
    sound = await admin.get("/api/prompts/welcome/en/versions/1/audio")
    assert sound.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(sound.content)) as file:
        assert file.getframerate() == 16_000


async def test_a_part_of_the_sound_is_given_for_seeking(admin: httpx.AsyncClient) -> None:
    await upload(admin, wav(samples(16_000, 1.0)))
    address = "/api/prompts/welcome/en/versions/1/audio"
    whole = (await admin.get(address)).content
    part = await admin.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])


async def test_versions_go_forward_and_back(admin: httpx.AsyncClient) -> None:
    await upload(admin, wav(samples(16_000, 1.0)), note="first")
    await upload(admin, wav(samples(16_000, 1.5)), note="second", active=False)
    (language,) = (await admin.get("/api/prompts/welcome")).json()["languages"]
    assert (language["language"], language["active"]) == ("en", 1)
    assert [one["note"] for one in language["versions"]] == ["second", "first"]
    assert language["versions"][0]["by_name"].startswith("administrator")
    for wanted in (2, 1, None):
        answer = await admin.put("/api/prompts/welcome/en/active", json={"version": wanted})
        assert answer.status_code == 204
        (language,) = (await admin.get("/api/prompts/welcome")).json()["languages"]
        assert language["active"] == wanted
    wrong = await admin.put("/api/prompts/welcome/en/active", json={"version": 9})
    assert wrong.status_code == 404


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sound_empty"),
        (b"hello", "sound_not_audio"),
        (wav(samples(8_000, 1.0, level=0)), "sound_silent"),
        (odd_files.hours_of_silence(), "sound_too_long"),
    ],
)
async def test_a_file_of_no_use_is_refused_with_a_reason_and_a_cure(
    admin: httpx.AsyncClient, place: Place, content: bytes, code: str
) -> None:
    answer = await upload(admin, content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["todo"]
    assert (await admin.get("/api/prompts/welcome")).json()["languages"] == []
    assert list(place.prompts.incoming.iterdir()) == []


async def test_a_file_that_is_too_large_is_refused_with_and_without_its_length(
    admin: httpx.AsyncClient, place: Place
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(21):
            yield bytes(1024 * 1024)

    await admin.put("/api/prompts/large", json={})
    whole = await admin.post("/api/prompts/large/en/audio", content=bytes(22 * 1024 * 1024))
    chunked = await admin.post("/api/prompts/large/en/audio", content=pieces())
    assert (whole.status_code, chunked.status_code) == (413, 413)
    assert chunked.json()["code"] == "sound_too_large"
    assert list(place.prompts.incoming.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b.wav", ".hidden", "a\nb.wav", "a\0.wav"])
async def test_a_name_with_a_path_in_it_is_refused(admin: httpx.AsyncClient, name: str) -> None:
    answer = await upload(admin, wav(samples(16_000, 0.5)), name=name)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_name")


@pytest.mark.parametrize("prompt", ["..%2Fx", "a%20b", "%00", "x" * 65, ".x"])
async def test_an_id_that_is_none_is_refused(admin: httpx.AsyncClient, prompt: str) -> None:
    answer = await admin.put(f"/api/prompts/{prompt}", json={})
    assert answer.status_code in {404, 405, 422}


async def test_the_list_says_where_a_prompt_is_used_and_what_is_missing(
    admin: httpx.AsyncClient, place: Place
) -> None:
    await place.directory.publish_flow("main", FLOW, note="", by=BY)
    await place.reload()
    await upload(admin, wav(samples(16_000, 0.5)), "news")
    found = (await admin.get("/api/prompts")).json()
    assert found["languages"] == ["en", "zh"]
    assert found["missing"] == [{"prompt": "news", "language": "zh", "flow": "main"}]
    (news,) = found["items"]
    assert news["used_in"] == ["flow main, node hello"]
    used = await admin.delete("/api/prompts/news")
    assert (used.status_code, used.json()["code"]) == (409, "prompt_used")
    assert used.json()["flaws"][0]["where"] == "flow main, node hello"
    await upload(admin, wav(samples(16_000, 0.5)), "unused")
    rule = {"action": "hangup", "target": "unused", "after_seconds": 600}
    body = {"name": "Support", "overflow": [rule]}
    assert (await admin.put("/api/queues/support", json=body)).status_code == 200
    said = (await admin.get("/api/prompts/unused")).json()["used_in"]
    assert said == ["queue support, overflow rule 1"]
    assert (await admin.delete("/api/prompts/unused")).status_code == 409
    # A sound that is gone does not keep the queue from being closed.
    await admin.put("/api/prompts/unused/en/active", json={"version": None})
    closed = await admin.put("/api/queues/support", json={"name": "Support", "enabled": False})
    assert closed.status_code == 200, closed.text
    await admin.put("/api/queues/support", json={"name": "Support", "overflow": []})
    assert (await admin.delete("/api/prompts/unused")).status_code == 204
    assert (await admin.get("/api/prompts/unused")).json()["deleted"]
    assert (await admin.post("/api/prompts/unused/restore")).status_code == 204
    assert (await admin.get("/api/prompts/unused")).json()["deleted"] is None


async def test_text_is_spoken_first_to_listen_then_kept(admin: httpx.AsyncClient) -> None:
    heard = await admin.post("/api/speech", json={"text": "欢迎致电。", "language": "zh"})
    assert heard.content[:4] == b"RIFF"
    await admin.put("/api/prompts/spoken", json={"name": ""})
    made = await admin.post("/api/prompts/spoken/zh/speech", json={"text": "欢迎致电。"})
    assert (made.status_code, made.json()["kind"]) == (201, "speech")
    assert made.json()["text"] == "欢迎致电。"
    nothing = await admin.post("/api/speech", json={"text": "...", "language": "en"})
    assert nothing.status_code == 422
    nowhere = await admin.post("/api/prompts/absent/zh/speech", json={"text": "a"})
    assert nowhere.status_code == 404
