"""A ghost made by hand on a real Asterisk, found and cleared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.service.floor import Floor, Line, floor

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio, pytest.mark.timeout(120)]

GHOST_SECONDS = 80.0  # it has to be there for half a minute
PLAIN = Line("4107", "plain", ("ada",), {})


@pytest.fixture(scope="module")
async def at_work() -> AsyncIterator[Floor]:
    async with floor(PLAIN) as made:
        yield made


async def test_a_channel_that_no_call_knows_is_found_as_a_ghost_and_cleared(
    at_work: Floor,
) -> None:
    """The phone of an agent is up and with nobody: made by hand in Asterisk, seen, hung up."""
    asterisk, web = at_work.centre.asterisk, at_work.web
    assert asterisk is not None
    await at_work.available()
    talk = "channel originate PJSIP/dada application Wait 300"
    await asyncio.to_thread(asterisk.ask, talk)

    async def ghosts() -> list[dict[str, Any]]:
        answer = await web.get("/api/ghosts")
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return [one for one in items if one["kind"] == "channel"]

    async with asyncio.timeout(GHOST_SECONDS):
        while not (found := await ghosts()):  # noqa: ASYNC110 - the list is asked for
            await asyncio.sleep(1.0)
    (ghost,) = found
    assert ghost["subject"].startswith("PJSIP/dada-")
    clear = "/api/ghosts/clear"
    asked = await web.post(clear, params={"ghost": ghost["id"]}, json={"why": "made by a test"})
    assert asked.status_code == 204, asked.text
    assert await ghosts() == []
    channels = await asyncio.to_thread(asterisk.ask, "core show channels concise")
    assert "PJSIP/dada-" not in channels
    again = await web.post(clear, params={"ghost": ghost["id"]}, json={"why": "once more"})
    assert again.status_code == 404
    (line,) = await at_work.centre.rows(
        "select detail->>'why' as why from audit where action = 'ghost.clear'"
    )
    assert line["why"] == "made by a test"
