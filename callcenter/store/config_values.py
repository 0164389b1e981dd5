"""Values of the configuration: checked before they are stored, made the core's types when read.

What a queue can be set to is exactly what `acd.model.Queue` has; this file adds the bounds, so that
a new setting of the engine needs no change here unless it has a bound of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter, ValidationError

from acd.groups import CLAUSES_MAX, Clause, Group
from acd.model import RINGS_MAX, SKILL_MAX, Agent, Overflow, Queue, Ring

QUEUE_COLUMNS = ("name", "media", "enabled")
NAME_MAX = 120

# Inclusive bounds; a setting without a line here may be any finite number from 0 to a million.
LIMITS: dict[str, tuple[float, float]] = {
    "service_level_seconds": (1, 3600),
    "service_level_percent": (1, 100),
    "waiting_max": (1, 100_000),
    "wait_max_seconds": (1, 86_400),
    "ring_seconds": (3, 300),
    "rona_pause_after": (0, 100),
    "rona_back_off_seconds": (0, 3600),
    "broadcast": (1, 20),
    "wrap_up_seconds": (0, 3600),
    "wrap_up_extension_seconds": (0, 3600),
    "wrap_up_extensions_max": (0, 20),
    "park_seconds": (10, 3600),
}
NUMBER_MAX = 1_000_000
# How many times faster than others a priority may age.
PACE_MAX = 100

Flaws = tuple[tuple[str, str], ...]


class ConfigRefused(ValueError):
    """The change cannot be kept. `flaws`: field and reason pairs, for people."""

    def __init__(self, *flaws: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{where}: {reason}" for where, reason in flaws))
        self.flaws: Flaws = flaws


class NotThere(LookupError):
    """What should be changed does not exist. `what` and `key` say what."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"there is no {what} {key}")
        self.what = what
        self.key = key


class VersionPassed(Exception):
    """Somebody else changed the thing since it was read; it is at version `current` now."""

    def __init__(self, current: int) -> None:
        super().__init__(f"it was changed meanwhile and is at version {current}")
        self.current = current


_QUEUE = TypeAdapter(Queue)
_AGENT = TypeAdapter(Agent)
_GROUP = TypeAdapter(Group)
_NAMES: dict[type, set[str]] = {
    kind: {field.name for field in fields(kind)}
    for kind in (Queue, Agent, Ring, Overflow, Group, Clause)
}


def queue_of(id: str, values: Mapping[str, object]) -> Queue:
    """A queue with `values` for its settings. Raises ConfigRefused, naming each mistake."""
    flaws = _unknown(Queue, values, "")
    for name, kind in (("rings", Ring), ("overflow", Overflow)):
        items = values.get(name)
        for place, item in enumerate(items if isinstance(items, list | tuple) else []):
            if isinstance(item, Mapping):
                flaws += _unknown(kind, item, f"{name}.{place}.")
    flaws += _out_of_bounds(values)
    if not str(values.get("name", "")).strip() or len(str(values.get("name"))) > NAME_MAX:
        flaws.append(("name", f"must have 1 to {NAME_MAX} characters"))
    if flaws:
        raise ConfigRefused(*flaws)
    queue: Queue = _validated(_QUEUE, dict(values) | {"id": id})
    if len(queue.rings) > RINGS_MAX:
        raise ConfigRefused(("rings", f"at most {RINGS_MAX} are possible"))
    return queue


def queue_settings(queue: Queue) -> dict[str, Any]:
    """What is stored as JSON: everything but the id and the columns."""
    values: dict[str, Any] = _QUEUE.dump_python(queue, mode="json")
    values["groups"] = sorted(values["groups"])
    return {k: v for k, v in values.items() if k != "id" and k not in QUEUE_COLUMNS}


def agent_of(id: str, values: Mapping[str, object]) -> Agent:
    """An agent. Raises ConfigRefused."""
    flaws = _unknown(Agent, values, "")
    skills = values.get("skills", {})
    for skill, level in (skills if isinstance(skills, Mapping) else {}).items():
        if not isinstance(level, int) or not 0 <= level <= SKILL_MAX:
            flaws.append((f"skills.{skill}", f"must be a whole number from 0 to {SKILL_MAX}"))
    if not str(values.get("name", "")).strip() or len(str(values.get("name"))) > NAME_MAX:
        flaws.append(("name", f"must have 1 to {NAME_MAX} characters"))
    if flaws:
        raise ConfigRefused(*flaws)
    agent: Agent = _validated(_AGENT, dict(values) | {"id": id})
    return agent


def group_of(id: str, values: Mapping[str, object]) -> Group:
    """A group of agents. Raises ConfigRefused."""
    flaws = _unknown(Group, values, "")
    items = values.get("clauses", ())
    for place, item in enumerate(items if isinstance(items, list | tuple) else []):
        if isinstance(item, Mapping):
            flaws += _unknown(Clause, item, f"clauses.{place}.")
    if not str(values.get("name", "")).strip() or len(str(values.get("name"))) > NAME_MAX:
        flaws.append(("name", f"must have 1 to {NAME_MAX} characters"))
    if flaws:
        raise ConfigRefused(*flaws)
    group: Group = _validated(_GROUP, dict(values) | {"id": id})
    if len(group.clauses) > CLAUSES_MAX:
        raise ConfigRefused(("clauses", f"at most {CLAUSES_MAX} are possible"))
    for place, clause in enumerate(group.clauses):
        if not 0 <= clause.low <= clause.high <= SKILL_MAX:
            reason = f"levels go from 0 to {SKILL_MAX}, the lower one first"
            raise ConfigRefused((f"clauses.{place}.low", reason))
    return group


def group_condition(group: Group) -> dict[str, Any]:
    """What is stored as JSON: everything but the id and the name."""
    values: dict[str, Any] = _GROUP.dump_python(group, mode="json")
    return {name: value for name, value in values.items() if name not in ("id", "name")}


def text_of(values: Mapping[str, object], name: str, length: int, *, needed: bool = True) -> str:
    """A short text out of `values`. Raises ConfigRefused."""
    text = str(values.get(name) or "").strip()
    if needed and not text:
        raise ConfigRefused((name, "must not be empty"))
    if len(text) > length or "\0" in text:
        raise ConfigRefused((name, f"must have at most {length} characters"))
    return text


def _validated(adapter: TypeAdapter[Any], values: Mapping[str, object]) -> Any:
    try:
        return adapter.validate_python(values)
    except ValidationError as problem:
        flaws = [
            (".".join(map(str, error["loc"])) or "value", error["msg"])
            for error in problem.errors(include_url=False, include_input=False)
        ]
        raise ConfigRefused(*flaws) from None


def _unknown(kind: type, values: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    known = _NAMES[kind]
    return [(f"{prefix}{name}", "there is no such setting") for name in values if name not in known]


def _out_of_bounds(values: Mapping[str, object]) -> list[tuple[str, str]]:
    flaws = []
    paces = values.get("ageing")
    for priority, pace in paces.items() if isinstance(paces, Mapping) else ():
        if isinstance(pace, int | float) and not 0 < pace <= PACE_MAX:
            flaws.append((f"ageing.{priority}", f"must be more than 0 and at most {PACE_MAX}"))
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        low, high = LIMITS.get(name, (0, NUMBER_MAX))
        if not math.isfinite(value) or not low <= value <= high:
            flaws.append((name, f"must be between {low:g} and {high:g}"))
    return flaws
