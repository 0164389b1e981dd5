"""Messages, journeys and survey answers reach the database once, and the counts agree with them."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from callcenter.store.ledger_rows import WRITE, Record, grouped, to_line
from callcenter.store.quick import Quick
from ivr.analytics import Journey, path_figures
from ivr.flow import Flow, Node
from tests.store.records import event, journey, survey, voicemail

pytestmark = [pytest.mark.db, pytest.mark.anyio]

FLOW = Flow("main", "Main", nodes={name: Node(name, "play", {}, {}) for name in "abcd"})


async def write(url: str, *records: Record) -> None:
    database = Quick(url)
    try:
        await database.fetch(WRITE, *grouped([to_line(record) for record in records]))
    finally:
        await database.close()


async def rows(url: str, query: str) -> list[tuple[object, ...]]:
    database = Quick(url)
    try:
        return [tuple(row) for row in await database.fetch(query)]
    finally:
        await database.close()


async def test_a_message_is_there_once_and_what_people_made_of_it_stays(database_url: str) -> None:
    message = voicemail("lab-1.5.1048577", seconds=None)
    await write(database_url, message, event("c1", 1), message)
    changed = "update voicemails set state = 'heard', seconds = 3 where id = 'lab-1.5.1048577'"
    await rows(database_url, changed)
    await write(database_url, message)
    query = "select box_kind, box, name, file, state, seconds, assigned_to from voicemails"
    assert await rows(database_url, query) == [
        ("queue", "support", "王小明", "lab-1.5.1048577.wav", "heard", 3.0, None)
    ]


async def test_a_score_is_kept_with_its_call(database_url: str) -> None:
    await write(database_url, survey("s1", score=4), survey("s1", score=4))
    query = "select call, question, score, queue, agent from survey_answers"
    assert await rows(database_url, query) == [("s1", "csat", 4, "support", "ada")]


async def test_counts_agree_with_the_path_figures_of_the_same_journeys(database_url: str) -> None:
    """Whatever the journeys, in whatever batches, and though each line comes twice."""
    draw = random.Random(7)
    made = []
    for number in range(60):
        visits = tuple(
            (draw.choice("abcd"), draw.choice(("next", "1", "timeout")))
            for _ in range(draw.randrange(6))
        )
        ended = draw.choice(("queue", "served", "abandoned", "mistake", "voicemail"))
        last = visits[-1][0] if ended == "mistake" and visits else draw.choice("abcd")
        made.append(journey(f"j{number}", flow="drawn", visits=visits, last=last, ended=ended))
    for begin in range(0, len(made), 7):
        batch = made[begin : begin + 7]
        await write(database_url, *batch, *batch)
        await write(database_url, batch[0])
    figures = path_figures(FLOW, [Journey(each.visits, each.last, each.ended) for each in made])  # type: ignore[arg-type]
    counted = await rows(
        database_url, "select node, what, name, times, callers from journey_counts"
        " where flow = 'drawn' and version = 3",
    )  # fmt: skip
    found = {(node, what, name): (times, callers) for node, what, name, times, callers in counted}
    for node, figure in figures.nodes.items():
        assert found[node, "entered", ""] == (figure.entered, figure.callers)
        assert found.get((node, "ended", "abandoned"), (0, 0))[0] == figure.dropped
        for port, times in figure.left_by.items():
            assert found[node, "left", port][0] == times
    ends = Counter[object]()
    for (_, what, end), (count, _callers) in found.items():
        if what == "ended":
            ends[end] += int(str(count))
    assert ends == figures.ends
