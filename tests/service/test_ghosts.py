"""A ghost made by hand on a real Asterisk, found and cleared."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from callcenter.cli import installation
from tests.asterisk.media import Media
from tests.service.house import PASSWORD, House, house
from tests.service.phones import desk_phone

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

GHOST_SECONDS = 90.0  # it has to be there for half a minute
NEVER_MS = 600_000


async def test_a_channel_that_no_call_knows_is_found_as_a_ghost_and_cleared() -> None:
    """The phone of an agent is up and with nobody: made by hand in Asterisk, seen, hung up."""
    async with house(start=False) as centre, Media(620.0) as sound:
        secret = await centre.desk_phone("chloe")
        centre.start_service()
        await centre.ready()
        port = centre.ports["sip"]
        async with (
            desk_phone(port, "dchloe", secret, talk_ms=NEVER_MS, sound=sound),
            httpx.AsyncClient(base_url=centre.url, headers={"Origin": centre.url}) as web,
        ):
            told = await web.post("/api/login", json={"login": "admin", "password": PASSWORD})
            assert told.status_code == 200, told.text
            await rung_by_hand(centre, "dchloe")
            ghost = await first_ghost(web)
            assert ghost["subject"].startswith("PJSIP/dchloe-")
            await cleared(centre, web, ghost)


async def rung_by_hand(centre: House, device: str) -> None:
    """A phone answers a call that nobody knows of."""
    _, secret = installation.manager_secrets(centre.settings)
    user = centre.settings.asterisk_control_user
    actions = (
        f"Action: Login\nUsername: {user}\nSecret: {secret}\nEvents: off",
        f"Action: Originate\nChannel: PJSIP/{device}\nApplication: Wait\nData: 300",
        "Action: Logoff",
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", centre.ports["ami"])
    writer.write("".join(f"{one}\n\n" for one in actions).replace("\n", "\r\n").encode())
    answers = (await asyncio.wait_for(reader.read(), 20)).decode()
    writer.close()
    assert "Originate successfully" in answers, answers


async def ghosts(web: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await web.get("/api/ghosts")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return [one for one in items if one["kind"] == "channel"]


async def first_ghost(web: httpx.AsyncClient) -> dict[str, Any]:
    async with asyncio.timeout(GHOST_SECONDS):
        while not (found := await ghosts(web)):  # noqa: ASYNC110 - the list is asked for
            await asyncio.sleep(1.0)
    (ghost,) = found
    return ghost


async def cleared(centre: House, web: httpx.AsyncClient, ghost: dict[str, Any]) -> None:
    """Once, with its reason in the audit; the second one who asks is told that it is gone."""
    clear, asked_for = "/api/ghosts/clear", {"ghost": ghost["id"]}
    done = await web.post(clear, params=asked_for, json={"why": "made by a test"})
    assert done.status_code == 204, done.text
    assert await ghosts(web) == []
    assert centre.asterisk is not None
    channels = await asyncio.to_thread(centre.asterisk.ask, "core show channels concise")
    assert "PJSIP/dchloe-" not in channels
    again = await web.post(clear, params=asked_for, json={"why": "once more"})
    assert again.status_code == 404
    (line,) = await centre.rows(
        "select detail->>'why' as why from audit where action = 'ghost.clear'"
    )
    assert line["why"] == "made by a test"
