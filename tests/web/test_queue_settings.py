"""Everything a queue can be set to: kept, shown, applied; and what does not fit, with its cure."""

from __future__ import annotations

import pytest

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
        },
        {
            "action": "voicemail",
            "target": "night",
            "after_seconds": 300.0,
            "when_waiting_over": None,
            "when_estimate_over_seconds": None,
            "unless_idle_in": None,
            "other_estimate_under_seconds": None,
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
    "priority_seconds": 30.0,
    "value_offset_max_seconds": 60.0,
    "resume_place_seconds": 300.0,
    "reserved_idle": 1,
    "wrap_up_mode": "timed",
    "wrap_up_seconds": 45.0,
    "wrap_up_extension_seconds": 15.0,
    "wrap_up_extensions_max": 1,
}


async def test_every_setting_is_kept_shown_and_applied(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        await client.put("/api/queues/sales", json={"name": "Sales"})
        await client.put("/api/queues/support", json={"name": "Support"})
        told = await client.put("/api/queues/support", json=ALL)
        assert told.status_code == 200, told.text
        assert told.json() == {**ALL, "id": "support", "members": []}
        listed = (await client.get("/api/queues")).json()["items"]
        assert {**ALL, "id": "support", "members": []} in listed
        queue = place.config.queues["support"]
        assert queue.rings == (Ring(20.0, {"billing": 3}, frozenset({"second"})),)
        assert queue.overflow[1] == Overflow("voicemail", "night", after_seconds=300.0)
        assert (queue.broadcast, queue.rona_pause_after) == (3, 2)
        assert queue.groups == frozenset({"first"})


async def test_what_is_not_named_keeps_its_value(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        await client.put("/api/queues/sales", json={"name": "Sales"})
        await client.put("/api/queues/support", json={"name": "Support"})
        await client.put("/api/queues/support", json=ALL)
        told = await client.put("/api/queues/support", json={"name": "Help", "enabled": False})
        assert told.json() == {**ALL, "name": "Help", "enabled": False, "id": "support"} | {
            "members": []
        }


RULE = {"action": "queue", "target": "sales", "after_seconds": 5}
WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"broadcast": 2, "auto_answer": True}, "auto_answer", "broadcast 1"),
    ({"overflow": [{**RULE, "target": "nowhere"}]}, "overflow.0.target", "choose one"),
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
