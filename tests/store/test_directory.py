"""The configuration: what goes in comes out, what is wrong is named, each change is counted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import ivr
from acd.model import Overflow, Queue, Ring
from callcenter.core.config import Disposition, PauseReason
from callcenter.store.config_reading import load_config
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.directory import Directory
from ivr.routes import Route

pytestmark = [pytest.mark.db, pytest.mark.anyio]

FLOW = (Path(ivr.__file__).parent / "examples" / "demo.yaml").read_text("utf-8")
BY = "test"


@pytest.fixture
async def directory(engine: AsyncEngine) -> Directory:
    async with engine.begin() as connection:
        tables = (
            "agents, queues, pause_reasons, dispositions, flows, flow_drafts, flow_publications,"
            " routes"
        )
        await connection.execute(text(f"truncate {tables} cascade"))
    return Directory(engine)


async def test_an_empty_centre_is_a_configuration(directory: Directory) -> None:
    config = await directory.config()
    assert (config.queues, config.agents, config.flows, config.routes) == ({}, {}, {}, ())


async def test_all_settings_of_a_queue_come_back(directory: Directory, engine: AsyncEngine) -> None:
    queue = Queue(
        id="support",
        name="技术支持",
        strategy="least-occupied",
        order="deadline",
        enabled=False,
        service_level_seconds=30.0,
        waiting_max=50,
        wait_max_seconds=600.0,
        overflow=(Overflow("queue", "sales", after_seconds=60.0, when_waiting_over=9),),
        rings=(Ring(30.0, {"en": 3}, frozenset({"blue"})), Ring(60.0)),
        groups=frozenset({"red", "blue"}),
        ring_seconds=12.5,
        wrap_up_mode="mandatory",
    )
    values: dict[str, object] = {
        name: getattr(queue, name) for name in Queue.__slots__ if name != "id"
    }
    values["overflow"] = [
        {"action": "queue", "target": "sales", "after_seconds": 60, "when_waiting_over": 9}
    ]
    values["rings"] = [
        {"after_seconds": 30, "minima": {"en": 3}, "groups": ["blue"]},
        {"after_seconds": 60},
    ]
    await directory.put_queue("support", values, by=BY)
    assert (await load_config(engine)).queues == {"support": queue}


async def test_what_is_not_named_stays(directory: Directory) -> None:
    await directory.put_queue("q", {"name": "Q", "ring_seconds": 33}, by=BY)
    await directory.put_queue("q", {"name": "New name"}, by=BY)
    queue = (await directory.config()).queues["q"]
    assert (queue.name, queue.ring_seconds) == ("New name", 33)
    await directory.put_agent("ada", {"name": "Ada", "skills": {"en": 5}, "team": "Blue"}, by=BY)
    await directory.put_agent("ada", {"team": "Red"}, by=BY)
    agent = (await directory.config()).agents["ada"]
    assert (agent.name, agent.skills, agent.team) == ("Ada", {"en": 5}, "Red")


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Q", "ring_seconds": 1}, "ring_seconds"),
        ({"name": "Q", "ring_seconds": float("nan")}, "ring_seconds"),
        ({"name": "Q", "waiting_max": 0}, "waiting_max"),
        ({"name": "Q", "strategy": "loudest"}, "strategy"),
        ({"name": "Q", "colour": "red"}, "colour"),
        ({"name": "Q", "rings": [{"after_seconds": 5, "speed": 3}]}, "rings.0.speed"),
        ({"name": "Q", "rings": [{"after_seconds": 5}] * 7}, "rings"),
        ({"name": "Q", "overflow": [{"action": "explode"}]}, "overflow.0.action"),
    ],
)
async def test_a_wrong_queue_is_refused_with_the_place(
    directory: Directory, values: Mapping[str, object], where: str
) -> None:
    before = (await directory.config()).version
    with pytest.raises(ConfigRefused) as refused:
        await directory.put_queue("q", values, by=BY)
    assert [place for place, _ in refused.value.flaws] == [where]
    config = await directory.config()
    assert (config.queues, config.version) == ({}, before)


@pytest.mark.parametrize("id", ["", "Sales", "a b", "x" * 33, "a,b", "队列", "a\n"])
async def test_an_id_reaches_asterisk_so_it_is_plain(directory: Directory, id: str) -> None:
    with pytest.raises(ConfigRefused, match="must match"):
        await directory.put_queue(id, {"name": "Q"}, by=BY)
    with pytest.raises(ConfigRefused, match="must match"):
        await directory.put_agent(id, {"name": "A"}, by=BY)


async def test_skills_have_levels(directory: Directory) -> None:
    for level in (-1, 11, "expert", 2.5):
        with pytest.raises(ConfigRefused, match=r"skills\.en"):
            await directory.put_agent("ada", {"name": "Ada", "skills": {"en": level}}, by=BY)


async def test_every_change_is_counted_and_audited(
    directory: Directory, engine: AsyncEngine
) -> None:
    before = (await directory.config()).version
    user = "8a4f0d8e-52b5-4c94-9d2e-d9d5c7a2b111"
    await directory.put_agent("ada", {"name": "Ada"}, by=user)
    await directory.put_queue("q", {"name": "Q"}, by="demo")
    assert (await directory.config()).version == before + 2
    async with engine.connect() as connection:
        query = "select user_id::text, action, subject, detail from audit order by id desc limit 2"
        rows = [tuple(row) for row in await connection.execute(text(query))]
    assert rows == [
        (None, "queue.put", "q", {"name": "Q", "by": "demo"}),
        (user, "agent.put", "ada", {"name": "Ada"}),
    ]


async def test_two_people_do_not_overwrite_each_other(directory: Directory) -> None:
    await directory.put_queue("q", {"name": "Q"}, by=BY)
    await directory.put_queue("q", {"name": "First", "version": 1}, by=BY)
    with pytest.raises(VersionPassed) as passed:
        await directory.put_queue("q", {"name": "Second", "version": 1}, by=BY)
    assert passed.value.current == 2
    assert (await directory.config()).queues["q"].name == "First"


async def test_members_keep_their_order(directory: Directory) -> None:
    await directory.put_queue("q", {"name": "Q"}, by=BY)
    for id in ("ada", "ben", "eve"):
        await directory.put_agent(id, {"name": id}, by=BY)
    await directory.put_members("q", ["eve", "ada"], by=BY)
    agents = (await directory.config()).agents
    assert {id: dict(agent.queues) for id, agent in agents.items()} == {
        "ada": {"q": 2},
        "ben": {},
        "eve": {"q": 1},
    }
    with pytest.raises(ConfigRefused, match="agents does not exist"):
        await directory.put_members("q", ["nobody"], by=BY)
    with pytest.raises(ConfigRefused, match="twice"):
        await directory.put_members("q", ["ada", "ada"], by=BY)
    with pytest.raises(NotThere, match="no queue none"):
        await directory.put_members("none", [], by=BY)
    await directory.put_agent("eve", {"active": False}, by=BY)
    assert "eve" not in (await directory.config()).agents
    await directory.put_agent("eve", {"name": "Eve"}, by=BY)
    assert "eve" not in (await directory.config()).agents


async def test_reasons_and_dispositions_keep_their_order(directory: Directory) -> None:
    reasons: list[dict[str, object]] = [
        {"code": "lunch", "name": "Lunch", "name_zh": "午餐", "limit_seconds": 3600},
        {"code": "break", "name": "Break"},
    ]
    await directory.put_pause_reasons(reasons, by=BY)
    dispositions: list[dict[str, object]] = [
        {"code": "sale", "name": "Sale", "queues": ["sales", "new"]},
        {"code": "done", "name": "Done", "name_zh": "完成", "default": True},
    ]
    await directory.put_dispositions(dispositions, by=BY)
    config = await directory.config()
    assert config.pause_reasons == (
        PauseReason("lunch", "Lunch", "午餐", 3600),
        PauseReason("break", "Break"),
    )
    assert config.dispositions == (
        Disposition("sale", "Sale", "", frozenset({"sales", "new"})),
        Disposition("done", "Done", "完成", default=True),
    )
    both = [values | {"default": True, "queues": []} for values in dispositions]
    with pytest.raises(ConfigRefused, match="only one"):
        await directory.put_dispositions(both, by=BY)
    with pytest.raises(ConfigRefused, match="twice"):
        await directory.put_pause_reasons([reasons[0], reasons[0]], by=BY)
    with pytest.raises(ConfigRefused, match="limit_seconds"):
        await directory.put_pause_reasons([reasons[0] | {"limit_seconds": -1}], by=BY)


async def test_flows_have_versions_and_go_back(directory: Directory) -> None:
    assert await directory.publish_flow("demo", FLOW, note="first", by=BY) == 1
    assert await directory.publish_flow("demo", FLOW, note="the same", by=BY) == 1
    second = FLOW.replace("name: Demo line", "name: 新名字")
    assert await directory.publish_flow("demo", second, note="second", by=BY) == 2
    assert (await directory.config()).flows["demo"].name == "新名字"
    assert (await directory.config()).flows["demo"].version == 2
    await directory.publish_version("demo", 1, by=BY)
    assert (await directory.config()).flows["demo"].version == 1
    assert await directory.flow_text("demo") == (1, FLOW)
    assert await directory.flow_text("demo", 2) == (2, second)
    assert await directory.flow_text("none") is None
    (entry,) = await directory.flows()
    assert (entry.id, entry.published, entry.newest) == ("demo", 1, 2)
    with pytest.raises(NotThere, match="demo 9"):
        await directory.publish_version("demo", 9, by=BY)


async def test_a_flow_with_a_mistake_leaves_the_old_one(directory: Directory) -> None:
    await directory.publish_flow("demo", FLOW, by=BY)
    with pytest.raises(ConfigRefused, match="line"):
        await directory.publish_flow("demo", FLOW.replace("kind: menu", "kind: dance"), by=BY)
    with pytest.raises(ConfigRefused):
        await directory.publish_flow("demo", "a: [", by=BY)
    assert (await directory.config()).flows["demo"].version == 1


async def test_what_this_program_cannot_read_is_left_out(
    directory: Directory, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    await directory.publish_flow("demo", FLOW, by=BY)
    await directory.put_queue("q", {"name": "Q"}, by=BY)
    async with engine.begin() as connection:
        await connection.execute(text("update flows set text = 'from: the future'"))
        await connection.execute(text("update queues set settings = '{\"warp\": 9}'"))
    config = await directory.config()
    assert (config.flows, config.queues) == ({}, {})
    assert "flow demo version 1 is left out" in caplog.text
    assert "queue q is left out" in caplog.text


async def test_routes_lead_to_published_flows(directory: Directory) -> None:
    with pytest.raises(NotThere, match="no flow demo"):
        await directory.put_route("*", "demo", by=BY)
    await directory.publish_flow("demo", FLOW, by=BY)
    await directory.put_route("*", "demo", by=BY)
    await directory.put_route("4000", "demo", by=BY)
    await directory.put_route("4000", "demo", by=BY)
    assert (await directory.config()).routes == (
        Route("to-4000", "demo", "4000"),
        Route("rest", "demo"),
    )
    assert await directory.remove_route("4000", by=BY)
    assert not await directory.remove_route("4000", by=BY)
    with pytest.raises(ConfigRefused, match="must match"):
        await directory.put_route("4 000; x", "demo", by=BY)
