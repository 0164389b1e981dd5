"""All that a queue can be set to, as the API speaks it, and whether it fits the rest of the centre.

Bounds of single values stand in the bodies; what depends on other values or on other queues and
flows is checked in `check` against the queue as it would be after the change. Each refusal names
the field and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from acd.model import (
    RINGS_MAX,
    SKILL_MAX,
    Order,
    Overflow,
    OverflowAction,
    Queue,
    Strategy,
    WrapUpMode,
)
from callcenter.core.config import Config
from callcenter.web.body import Body
from callcenter.web.errors import ApiError

OVERFLOWS_MAX = 10
OWN_FAREWELL = "goodbye"  # has a sound without anybody recording it
BOX = re.compile(r"[a-z0-9]{1,32}")
SKILL = re.compile(r"[a-z0-9_-]{1,32}")
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Level = Annotated[int, Field(ge=0, le=SKILL_MAX)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]


def known_skills(skills: dict[str, int]) -> dict[str, int]:
    for skill in skills:
        if not SKILL.fullmatch(skill):
            raise ValueError(f"{skill[:40]!r} is not a skill: use a-z, 0-9, - and _, at most 32")
    return skills


Skills = Annotated[dict[str, Level], AfterValidator(known_skills), Field(max_length=100)]
Group = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Version = Annotated[int, Field(ge=0, le=10**9)]


class RingBody(Body):
    """From `after_seconds` of waiting on: lower minima for skills, and agents of more groups."""

    after_seconds: Annotated[float, Field(gt=0, le=7200)]
    minima: Annotated[Skills, Field(default_factory=dict)]
    groups: Annotated[list[Group], Field(max_length=50, default_factory=list)]


class OverflowBody(Body):
    """When a stated limit is passed and the conditions hold, callers are sent on. `target`: a
    queue, a flow, a mailbox or (hangup) a prompt that is said before, as `action` asks for.
    Conditions: no agent is idle in the queue or group of `unless_idle_in`, `unless_idle_in_group`;
    at least `idle_min` are in those of `if_idle_in`, `if_idle_in_group`; the wait in the queue
    `estimate_of` ("": the target) is short. They are looked at again as long as a caller waits."""

    action: OverflowAction
    target: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] = ""
    after_seconds: Annotated[float, Field(ge=0, le=7200)] | None = None
    when_waiting_over: Annotated[int, Field(ge=0, le=10_000)] | None = None
    when_estimate_over_seconds: Annotated[float, Field(ge=0, le=7200)] | None = None
    unless_idle_in: Annotated[str, StringConstraints(max_length=32)] | None = None
    other_estimate_under_seconds: Annotated[float, Field(gt=0, le=7200)] | None = None
    unless_idle_in_group: Group | None = None
    if_idle_in: Annotated[str, StringConstraints(max_length=32)] | None = None
    if_idle_in_group: Group | None = None
    idle_min: Annotated[int, Field(ge=1, le=1000)] = 1
    estimate_of: Annotated[str, StringConstraints(max_length=32)] = ""


class QueueBody(Body):
    """What is not named keeps its value."""

    name: Name
    enabled: bool = True
    strategy: Strategy = "longest-idle"
    order: Order = "fcfs"
    service_level_seconds: Annotated[float, Field(gt=0, le=3600)] = 20.0
    service_level_percent: Annotated[float, Field(gt=0, le=100)] = 80.0
    waiting_max: Annotated[int, Field(ge=1, le=10_000)] = 500
    wait_max_seconds: Annotated[float, Field(gt=0, le=7200)] | None = None
    overflow: Annotated[list[OverflowBody], Field(max_length=OVERFLOWS_MAX, default_factory=list)]
    rings: Annotated[list[RingBody], Field(max_length=RINGS_MAX, default_factory=list)]
    groups: Annotated[list[Group], Field(max_length=50, default_factory=list)]
    ring_seconds: Annotated[float, Field(ge=3, le=120)] = 20.0
    rona_pause_after: Annotated[int, Field(ge=1, le=100)] = 1
    rona_back_off_seconds: Annotated[float, Field(ge=0, le=3600)] = 10.0
    broadcast: Annotated[int, Field(ge=1, le=20)] = 1
    auto_answer: bool = False
    preferred_wait_seconds: Annotated[float, Field(ge=0, le=3600)] = 0.0
    priority_seconds: Seconds = 60.0
    value_offset_max_seconds: Seconds = 120.0
    resume_place_seconds: Seconds = 0.0
    reserved_idle: Annotated[int, Field(ge=0, le=1000)] = 0
    wrap_up_mode: WrapUpMode = "timed-extendable"
    wrap_up_seconds: Annotated[float, Field(ge=0, le=3600)] = 30.0
    wrap_up_extension_seconds: Annotated[float, Field(ge=0, le=3600)] = 30.0
    wrap_up_extensions_max: Annotated[int, Field(ge=0, le=20)] = 3
    after_talk_flow: Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)] = ""
    park_seconds: Annotated[float, Field(ge=10, le=3600)] = 180.0
    agents_choose: bool = False


class QueueChange(QueueBody):
    """`version`: what was read; the change is refused when somebody else has changed the queue
    since. Without it, or with null, it goes above whatever there is."""

    version: Version | None = None


class QueueRead(QueueBody):
    """`members` in their order, those who were named; `by_group` serve it as well."""

    id: str
    members: list[str]
    by_group: list[str]
    version: int


def check(queue: Queue, config: Config, prompts: Collection[str]) -> None:
    """`queue` as it would be; `prompts` have a sound. Raises ApiError, the first mistake with its
    field and its cure."""
    if queue.broadcast > 1 and queue.auto_answer:
        raise _refused(
            "auto_answer",
            "phones that ring together cannot all answer by themselves",
            "ring one phone at a time (broadcast 1), or switch automatic answering off",
        )
    times = [ring.after_seconds for ring in queue.rings]
    if len(set(times)) != len(times):
        raise _refused(
            "rings", "two rings open at the same moment", "give each ring a time of its own"
        )
    if queue.after_talk_flow and queue.after_talk_flow not in config.flows:
        raise _refused(
            "after_talk_flow",
            f"no flow {queue.after_talk_flow!r} is published",
            "publish it first, or leave it empty",
        )
    _check_groups(queue.groups, "groups", config)
    for place, ring in enumerate(queue.rings):
        _check_groups(ring.groups, f"rings.{place}.groups", config)
    for place, rule in enumerate(queue.overflow):
        _check_overflow(queue, rule, f"overflow.{place}", config, prompts)


def _check_groups(groups: frozenset[str], where: str, config: Config) -> None:
    for group in sorted(groups):
        if group not in config.groups:
            raise _refused(
                where, f"there is no group {group!r}", "make the group first, or take it out here"
            )


def _check_overflow(
    queue: Queue, rule: Overflow, where: str, config: Config, prompts: Collection[str]
) -> None:
    match rule.action:
        case "queue" if rule.target not in config.queues:
            text = f"there is no queue {rule.target!r}" if rule.target else "no queue is named"
            raise _refused(f"{where}.target", text, "choose one of the queues")
        case "queue" if rule.target == queue.id:
            raise _refused(
                f"{where}.target", "the queue would send callers to itself", "choose another queue"
            )
        case "flow" if rule.target and rule.target not in config.flows:
            raise _refused(
                f"{where}.target",
                f"no flow {rule.target!r} is published",
                "publish it first, or leave it empty to go on in the caller's own flow",
            )
        case "voicemail" if rule.target and not BOX.fullmatch(rule.target):
            raise _refused(
                f"{where}.target",
                f"{rule.target!r} is not a mailbox",
                "use a-z and 0-9, at most 32",
            )
        case "hangup" if rule.target and rule.target not in {OWN_FAREWELL, *prompts}:
            raise _refused(
                f"{where}.target",
                f"there is no prompt {rule.target!r} with a sound",
                f"record one, say {OWN_FAREWELL!r}, or leave it empty to hang up without a word",
            )
        case _:
            pass
    _check_conditions(rule, where, config)
    stated = (
        rule.after_seconds,
        rule.when_waiting_over,
        rule.when_estimate_over_seconds,
        rule.unless_idle_in,
        rule.other_estimate_under_seconds,
        rule.unless_idle_in_group,
        rule.if_idle_in,
        rule.if_idle_in_group,
    )
    if all(one is None for one in stated):
        raise _refused(
            where,
            "this rule would send everybody on at once",
            "state a limit: a time, a number of callers, or an expected wait",
        )


def _check_conditions(rule: Overflow, where: str, config: Config) -> None:
    for name in ("unless_idle_in", "if_idle_in", "estimate_of"):
        queue = getattr(rule, name)
        if queue and queue not in config.queues:
            text = f"there is no queue {queue!r}"
            raise _refused(f"{where}.{name}", text, "choose one of the queues")
    for name in ("unless_idle_in_group", "if_idle_in_group"):
        group = getattr(rule, name)
        if group is not None:
            _check_groups(frozenset({group}), f"{where}.{name}", config)
    limit = rule.other_estimate_under_seconds
    if limit is not None and rule.action != "queue" and not rule.estimate_of:
        raise _refused(
            f"{where}.other_estimate_under_seconds",
            "only another queue has a wait to look at",
            "name the queue, leave it empty, or send callers to a queue",
        )


def _refused(where: str, message: str, todo: str) -> ApiError:
    return ApiError(422, "invalid", message, where=where, todo=todo)
