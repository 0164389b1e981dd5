"""An agent's part in a call is in the database once, and the latest word about it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.core.effects import RecordPart, RecordTalk, TalkPause
from tests.store.records import START
from tests.store.test_menu_records import rows, write

pytestmark = [pytest.mark.db, pytest.mark.anyio]

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


async def test_a_recorded_talk_is_there_once_with_its_pauses(database_url: str) -> None:
    talk = RecordTalk(
        id="c1.1",
        revision=1000,
        call="c1",
        part=1,
        agents=("ada", "bob"),
        queue="support",
        customer=None,
        number="+8613800138000",
        reason="always",
        wanted=True,
        began_at=START,
        ended_at=START + 60,
        spoken=((START, START + 20), (START + 30, START + 60)),
        pauses=(TalkPause(START + 5, START + 5.1, START + 9, "card"),),
    )
    await write(database_url, talk, replace(talk, revision=1001, ended_at=START + 70))
    await write(database_url, talk)
    query = """select id, agents, state, extract(epoch from ended_at - began_at)::float8,
                      jsonb_array_length(spoken), pauses->0->>'why' from recordings"""
    assert await rows(database_url, query) == [("c1.1", ["ada", "bob"], "waiting", 70.0, 2, "card")]
