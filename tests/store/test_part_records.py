"""An agent's part in a call is in the database once, and the latest word about it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.core.effects import RecordPart
from tests.store.records import START
from tests.store.test_menu_records import rows, write

pytestmark = [pytest.mark.db, pytest.mark.anyio, pytest.mark.timeout(60)]

PART = RecordPart(
    call="c1",
    part=1,
    revision=1000,
    agent="ada",
    queue="support",
    began_at=START,
    ended_at=START + 60,
    ended="given-on",
    ring_seconds=2.0,
    talk_seconds=40.0,
    hold_seconds=20.0,
    consult_seconds=15.0,
    wrap_up_seconds=0.0,
)


async def test_the_latest_revision_counts(database_url: str) -> None:
    closed = replace(PART, revision=1001, wrap_up_seconds=5.0, disposition="sold", note="给张三")
    other = replace(PART, part=2, agent="bob", ended="ended")
    await write(database_url, PART, closed, other)
    await write(database_url, PART)
    query = """select part, agent, ended, wrap_up_seconds, disposition, note
               from interaction_parts where call = 'c1' order by part"""
    assert await rows(database_url, query) == [
        (1, "ada", "given-on", 5.0, "sold", "给张三"),
        (2, "bob", "ended", 0.0, "", ""),
    ]
