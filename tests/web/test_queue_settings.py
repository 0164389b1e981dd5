"""Everything a queue can be set to: kept, shown, applied; and what does not fit, with its cure."""

from __future__ import annotations

import pytest
from httpx import AsyncClient

from acd.model import Overflow, Ring
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

ALL: dict[str, object] = {
    "name": "Support 支持",
    "enabled": True,
    "strategy": "most-skilled",
    "order": "deadline",
    "service_level_seconds": 30.0,
    "service_level_percent": 90.0,
    "waiting_max": 50,
    "wait_max_seconds": 600.0,
    "overflow": [
        {
            "action": "queue",
            "target": "sales",
            "after_seconds": 60.0,
            "when_waiting_over": 10,
            "when_estimate_over_seconds": 300.0,
            "unless_idle_in": "support",
            "other_estimate_under_seconds": 120.0,
            "unless_idle_in_group": "first",
            "if_idle_in": "sales",
            "if_idle_in_group": "second",
            "idle_min": 2,
            "estimate_of": "support",
        },
        {
            "action": "voicemail",
            "target": "night",
            "after_seconds": 300.0,
            "when_waiting_over": None,
            "when_estimate_over_seconds": None,
            "unless_idle_in": None,
            "other_estimate_under_seconds": None,
            "unless_idle_in_group": None,
            "if_idle_in": None,
            "if_idle_in_group": None,
            "idle_min": 1,
            "estimate_of": "",
        },
    ],
    "rings": [{"after_seconds": 20.0, "minima": {"billing": 3}, "groups": ["second"]}],
    "groups": ["first"],
    "ring_seconds": 15.0,
    "rona_pause_after": 2,
    "rona_back_off_seconds": 5.0,
    "broadcast": 3,
    "auto_answer": False,
    "preferred_wait_seconds": 20.0,
    "after_talk_flow": "",
    "priority_seconds": 30.0,
    "value_offset_max_seconds": 60.0,
    "resume_place_seconds": 300.0,
    "reserved_idle": 1,
    "wrap_up_mode": "timed",
    "wrap_up_seconds": 45.0,
    "wrap_up_extension_seconds": 15.0,
    "wrap_up_extensions_max": 1,
    "park_seconds": 90.0,
    "agents_choose": True,
}


NOBODY: dict[str, object] = {"id": "support", "members": [], "by_group": []}


async def made(client: AsyncClient) -> None:
    """The queues and groups that the settings name."""
    for group in ("first", "second"):
        told = await client.put(f"/api/groups/{group}", json={"name": group.title()})
        assert told.status_code == 200, told.text
    await client.put("/api/queues/sales", json={"name": "Sales"})
    await client.put("/api/queues/support", json={"name": "Support"})


async def test_every_setting_is_kept_shown_and_applied(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        await made(client)
        told = await client.put("/api/queues/support", json=ALL)
        assert told.status_code == 200, told.text
        version = told.json()["version"]
        assert told.json() == {**ALL, **NOBODY, "version": version}
        listed = (await client.get("/api/queues")).json()["items"]
        assert {**ALL, **NOBODY, "version": version} in listed
        queue = place.config.queues["support"]
        assert queue.rings == (Ring(20.0, {"billing": 3}, frozenset({"second"})),)
        assert queue.overflow[1] == Overflow("voicemail", "night", after_seconds=300.0)
        assert (queue.broadcast, queue.rona_pause_after) == (3, 2)
        assert queue.groups == frozenset({"first"})


async def test_what_is_not_named_keeps_its_value(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        await made(client)
        await client.put("/api/queues/support", json=ALL)
        told = await client.put("/api/queues/support", json={"name": "Help", "enabled": False})
        version = told.json()["version"]
        new = {"name": "Help", "enabled": False, "version": version}
        assert told.json() == {**ALL, **NOBODY, **new}


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        await made(client)
        await client.put("/api/agents/ada", json={"name": "Ada"})
        seen = (await client.put("/api/queues/support", json={"name": "Support"})).json()["version"]
        mine = {"name": "Mine", "version": seen}
        theirs = await client.put("/api/queues/support", json={"name": "Theirs", "version": seen})
        assert theirs.status_code == 200
        late = await client.put("/api/queues/support", json=mine)
        assert (late.status_code, late.json()["where"]) == (409, "version")
        assert place.config.queues["support"].name == "Theirs"
        members = {"agents": ["ada"], "version": seen}
        assert (await client.put("/api/queues/support/members", json=members)).status_code == 409
        now = theirs.json()["version"]
        told = await client.put("/api/queues/support/members", json=members | {"version": now})
        assert told.json()["members"] == ["ada"]
        again = await client.put("/api/queues/support", json=mine | {"version": now})
        assert again.status_code == 409  # the members are part of the queue
        body = {"name": "New", "version": 0}  # two who make the same queue
        assert (await client.put("/api/queues/support", json=body)).status_code == 409
        assert place.config.queues["support"].name == "Theirs"


async def test_groups_by_condition_serve_queues_and_follow_skills(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        await made(client)
        clause = {"kind": "skill", "name": "billing", "low": 7}
        body = {"name": "Experts 专家", "clauses": [clause], "version": 0}
        told = (await client.put("/api/groups/experts", json=body)).json()
        version = told.pop("version")
        assert told == {
            "id": "experts", "name": "Experts 专家", "match": "all",
            "clauses": [clause | {"high": 10}], "members": [], "by_hand": [], "queues": [],
        }  # fmt: skip
        assert (await client.put("/api/groups/experts", json=body)).status_code == 409
        await client.put("/api/queues/support", json={"name": "Support", "groups": ["experts"]})
        await client.put("/api/agents/eva", json={"name": "Eva", "skills": {"billing": 6}})
        hand = {"name": "Bo", "groups": ["experts"], "weight": 3, "capacity": {"chat": 2}}
        bo = (await client.put("/api/agents/bo", json=hand)).json()
        assert (bo["member_of"], bo["serves"], bo["queues"]) == (["experts"], ["support"], [])
        assert place.config.agents["bo"].capacity == {"voice": 1, "chat": 2, "work": 0}
        queues = (await client.get("/api/queues")).json()["items"]
        assert [one["by_group"] for one in queues if one["id"] == "support"] == [["bo"]]
        better = await client.put("/api/agents/eva", json={"name": "Eva", "skills": {"billing": 7}})
        assert better.json()["serves"] == ["support"]
        assert set(place.config.agents["eva"].queues) == {"support"}
        groups = (await client.get("/api/groups")).json()["items"]
        [group] = [one for one in groups if one["id"] == "experts"]
        assert (group["members"], group["by_hand"], group["queues"]) == (
            ["bo", "eva"], ["bo"], ["support"]
        )  # fmt: skip
        used = await client.delete("/api/groups/experts")
        assert (used.status_code, used.json()["where"]) == (409, "group")
        await client.put("/api/queues/support", json={"name": "Support", "groups": []})
        assert (await client.delete("/api/groups/experts")).status_code == 204
        assert place.config.agents["bo"].groups == frozenset()
        assert version == 1


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": "X", "clauses": [{"kind": "queue", "name": "nowhere"}]}, "clauses.0.name"),
        ({"name": "X", "clauses": [{"kind": "skill", "name": "No Skill"}]}, "clauses.0.name"),
        (
            {"name": "X", "clauses": [{"kind": "skill", "name": "en", "low": 5, "high": 2}]},
            "clauses.0.low",
        ),
    ],
)
async def test_a_condition_that_cannot_be_is_refused(
    place: Place, body: dict[str, object], where: str
) -> None:
    async with await place.signed_in("administrator") as client:
        told = await client.put("/api/groups/wrong", json=body)
        assert (told.status_code, told.json()["where"]) == (422, where)
        assert "wrong" not in place.config.groups


RULE = {"action": "queue", "target": "sales", "after_seconds": 5}
WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"broadcast": 2, "auto_answer": True}, "auto_answer", "broadcast 1"),
    ({"overflow": [{**RULE, "target": "nowhere"}]}, "overflow.0.target", "choose one"),
    ({"groups": ["nobody"]}, "groups", "make the group"),
    (
        {"rings": [{"after_seconds": 9, "groups": ["nobody"]}]},
        "rings.0.groups",
        "make the group",
    ),
    (
        {"overflow": [{**RULE, "if_idle_in_group": "nobody"}]},
        "overflow.0.if_idle_in_group",
        "make the group",
    ),
    ({"overflow": [{**RULE, "estimate_of": "nowhere"}]}, "overflow.0.estimate_of", "choose one"),
    ({"overflow": [{**RULE, "target": ""}]}, "overflow.0.target", "choose one"),
    ({"overflow": [RULE, {**RULE, "target": "support"}]}, "overflow.1.target", "another queue"),
    ({"overflow": [{**RULE, "action": "flow", "target": "x"}]}, "overflow.0.target", "publish"),
    ({"overflow": [{**RULE, "action": "voicemail", "target": "A b"}]}, "overflow.0.target", "a-z"),
    ({"overflow": [{**RULE, "unless_idle_in": "x"}]}, "overflow.0.unless_idle_in", "choose one"),
    (
        {"overflow": [{**RULE, "action": "hangup", "other_estimate_under_seconds": 9}]},
        "overflow.0.other_estimate_under_seconds",
        "to a queue",
    ),
    ({"overflow": [{"action": "hangup"}]}, "overflow.0", "state a limit"),
    ({"overflow": [{**RULE, "action": "hangup", "target": "x"}]}, "overflow.0.target", "record"),
    ({"rings": [{"after_seconds": 5}, {"after_seconds": 5}]}, "rings", "time of its own"),
]


@pytest.mark.parametrize(("change", "where", "todo"), WRONG)
async def test_what_does_not_fit_is_refused_with_the_field_and_the_cure(
    place: Place, change: dict[str, object], where: str, todo: str
) -> None:
    async with await place.signed_in("administrator") as client:
        await client.put("/api/queues/sales", json={"name": "Sales"})
        await client.put("/api/queues/support", json={"name": "Support"})
        before = place.config
        told = await client.put("/api/queues/support", json={"name": "Support", **change})
        assert (told.status_code, told.json()["where"]) == (422, where), told.text
        assert todo in told.json()["todo"]
        assert place.config == before


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"ring_seconds": 1}, "body.ring_seconds"),
        ({"broadcast": 0}, "body.broadcast"),
        ({"rona_pause_after": 0}, "body.rona_pause_after"),
        ({"overflow": [{"action": "teleport"}]}, "body.overflow.0.action"),
        ({"rings": [{"after_seconds": 9, "minima": {"x": 11}}]}, "body.rings.0.minima.x"),
        ({"rings": [{"after_seconds": n} for n in range(1, 8)]}, "body.rings"),
        ({"nonsense": 1}, "body.nonsense"),
    ],
)
async def test_what_is_out_of_bounds_is_refused_with_its_place(
    place: Place, change: dict[str, object], where: str
) -> None:
    async with await place.signed_in("administrator") as client:
        told = await client.put("/api/queues/support", json={"name": "Support", **change})
        assert told.status_code == 422
        assert [flaw["where"] for flaw in told.json()["flaws"]] == [where], told.text
