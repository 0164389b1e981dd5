"""The queues of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, cast, get_args

from acd.checked import Reader, inside, said
from acd.model import RINGS_MAX, Overflow, OverflowAction, Queue, Ring, Strategy

# With `order: priority` a point of priority outweighs any waiting: about 11 days.
STRICT_SECONDS = 1_000_000.0
PACE_MAX = 100.0
NO_LIMIT = 10_000_000
QUEUE = (
    "strategy",
    "order",
    "service_level",
    "waiting_max",
    "wait_max_seconds",
    "ring_seconds",
    "rona_back_off_seconds",
    "priority_seconds",
    "ageing",
    "value_offset_max_seconds",
    "reserved_idle",
    "rings",
    "overflow",
)
ORDERS = ("fcfs", "deadline", "priority")
# Other words that people have for these, after `_spelled`.
ALSO = {
    "most-skilled-first": "most-skilled",
    "ring-order": "linear",
    "weighted-random": "random",
    "strict-priority": "priority",
    "edf": "deadline",
}


def read_queues(reader: Reader, value: object) -> dict[str, Queue]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not value:
        reader.wrong("queues", f"must be a table of queues by name, not {said(value)}")
        return {}
    names = [str(name) for name in value]
    return {
        str(name): _queue(reader, str(name), {} if item is None else item, names)
        for name, item in value.items()
    }


def _queue(reader: Reader, name: str, value: object, names: Sequence[str]) -> Queue:
    place = f"queues.{name}"
    table = reader.table(value, place, QUEUE)
    strategies = get_args(Strategy)
    order = reader.choice(_spelled(table.get("order")) or ORDERS[0], f"{place}.order", ORDERS)
    strategy = reader.choice(
        _spelled(table.get("strategy")) or strategies[0], f"{place}.strategy", strategies
    )
    changes: dict[str, object] = {}
    for key in (
        "wait_max_seconds",
        "ring_seconds",
        "rona_back_off_seconds",
        "priority_seconds",
        "value_offset_max_seconds",
    ):
        number = reader.optional(table, key, place, reader.number)
        if number is not None:
            changes[key] = number
    for key in ("waiting_max", "reserved_idle"):
        count = reader.optional(
            table, key, place, lambda item, at: reader.whole(item, at, 0, NO_LIMIT)
        )
        if count is not None:
            changes[key] = count
    if table.get("ageing") is not None:
        changes["ageing"] = _ageing(reader, table["ageing"], f"{place}.ageing", order)
    if order == "priority":
        changes["priority_seconds"] = STRICT_SECONDS
    if table.get("service_level") is not None:
        at = f"{place}.service_level"
        level = reader.table(table["service_level"], at, ("seconds", "percent"))
        seconds = reader.optional(level, "seconds", at, reader.number)
        changes["service_level_seconds"] = 20.0 if seconds is None else seconds
        if level.get("percent") is not None:
            changes["service_level_percent"] = reader.number(
                level["percent"], f"{at}.percent", 0.0, 100.0
            )
    if table.get("rings") is not None:
        changes["rings"] = _rings(reader, table["rings"], f"{place}.rings")
    if table.get("overflow") is not None:
        changes["overflow"] = _overflow(reader, table["overflow"], f"{place}.overflow", names)
    return Queue(
        name,
        name,
        strategy=cast(Strategy, strategy),
        order="deadline" if order == "deadline" else "fcfs",
        **{"waiting_max": NO_LIMIT, **changes},  # type: ignore[arg-type]
    )


def _spelled(value: object) -> object:
    """`Round_Robin` and `round robin` are `round-robin`."""
    if not isinstance(value, str):
        return value
    word = value.strip().lower().replace("_", "-").replace(" ", "-")
    return ALSO.get(word, word)


def _ageing(reader: Reader, value: object, place: str, order: str) -> dict[int, float]:
    """Priority to pace."""
    if order != "fcfs":
        reader.wrong(place, f"needs the order fcfs, not {order}")
    if not isinstance(value, Mapping):
        reader.wrong(place, f"must be a table of priorities and paces, not {said(value)}")
        return {}
    paces: dict[int, float] = {}
    for name, pace in value.items():
        at = inside(place, str(name))
        try:
            priority = int(str(name))
        except ValueError:
            reader.wrong(at, "must be a priority (a whole number)")
            continue
        paces[priority] = reader.above_zero(pace, at, PACE_MAX)
    return paces


def _rings(reader: Reader, value: object, place: str) -> tuple[Ring, ...]:
    rings: list[Ring] = []
    for at, item in reader.items(value, place, 0):
        table = reader.table(item, at, ("after_seconds", "minima", "groups"))
        after = reader.number(table.get("after_seconds"), f"{at}.after_seconds")
        minima = reader.optional(table, "minima", at, reader.levels) or {}
        names = reader.items(table.get("groups") or [], f"{at}.groups", 0)
        groups = frozenset(reader.word(name, spot) for spot, name in names)
        rings.append(Ring(after, minima, groups))
    if len(rings) > RINGS_MAX:
        reader.wrong(place, f"at most {RINGS_MAX} rings, not {len(rings)}")
    return tuple(rings)


RULE = (
    "action",
    "target",
    "after_seconds",
    "when_waiting_over",
    "when_estimate_over_seconds",
    "unless_idle_in",
    "other_estimate_under_seconds",
    "unless_idle_in_group",
    "if_idle_in",
    "if_idle_in_group",
    "idle_min",
    "estimate_of",
)


def _overflow(
    reader: Reader, value: object, place: str, names: Sequence[str]
) -> tuple[Overflow, ...]:
    rules: list[Overflow] = []
    for at, item in reader.items(value, place, 0):
        table = reader.table(item, at, RULE)
        action = reader.choice(table.get("action"), f"{at}.action", get_args(OverflowAction))
        target = "" if table.get("target") is None else str(table["target"])
        if action == "queue" and target not in names:
            reader.wrong(f"{at}.target", f"there is no queue {target!r}")
        over = reader.optional(
            table, "when_waiting_over", at, lambda one, spot: reader.whole(one, spot, 0, NO_LIMIT)
        )
        others = {
            key: reader.optional(table, key, at, reader.word)
            for key in ("unless_idle_in", "if_idle_in", "estimate_of")
        }
        for key, other in others.items():
            if other is not None and other not in names:
                reader.wrong(f"{at}.{key}", f"there is no queue {other!r}")
        least = reader.optional(
            table, "idle_min", at, lambda one, spot: reader.whole(one, spot, 1, NO_LIMIT)
        )
        rules.append(
            Overflow(
                cast(Literal["queue", "flow", "voicemail", "callback", "hangup"], action),
                target,
                reader.optional(table, "after_seconds", at, reader.number),
                over,
                reader.optional(table, "when_estimate_over_seconds", at, reader.number),
                others["unless_idle_in"],
                reader.optional(table, "other_estimate_under_seconds", at, reader.number),
                reader.optional(table, "unless_idle_in_group", at, reader.word),
                others["if_idle_in"],
                reader.optional(table, "if_idle_in_group", at, reader.word),
                least or 1,
                others["estimate_of"] or "",
            )
        )
    return tuple(rules)
