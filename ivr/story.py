"""A test case of a flow: who calls when, what they do, and what must come of it.

    - name: a Chinese customer reaches billing
      at: tue 09:05                      # or 2026-11-24 09:05, at the flow's place
      caller: "+8613800138000"
      with: {customer_vip: true}         # other variables of the call
      data: {balance: {amount: 12.5}}    # what look-ups by this source find
      steps: [{press: "2"}, silence, {press: "31"}, {wait: 40}, overflow]
      expect: {queue: billing, skills: {zh: 5}, language: zh, hears: [welcome, main-menu]}

This file only reads it; `ivr.trying` carries it out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from ivr.calendar import DAYS
from ivr.localtime import is_date
from ivr.nodes.kind import Type, Wrong
from ivr.nodes.types import (
    NAME,
    VARIABLE,
    keyed,
    matching,
    number,
    shown,
    table,
    text,
    whole,
    yes_no,
)
from ivr.variables import CLOCK

StepKind = Literal[
    "press", "silence", "wait", "found", "error", "overflow", "served", "recorded", "transfer"
]
STEPS_MAX = 100
WHEN = re.compile(r"^(?:(\d{4}-\d{2}-\d{2})|([a-z]{3})) ([01]\d|2[0-3]):([0-5]\d)$")
PRESSED = re.compile(r"^[0-9*#]{1,40}$")
ANY_DAY: Final = "2026-11-23"  # a Monday; weekdays without a date are counted from it


@dataclass(frozen=True, slots=True)
class StoryStep:
    """`press`: keys. `silence`: nothing is pressed. `wait`: seconds pass. `found`/`error`: what the
    look-up answers. `overflow`: the queue sends the caller on. `served`: the agent has hung up
    after the talk, the caller has not. `recorded`: seconds spoken. `transfer`: how the far end
    takes it."""

    kind: StepKind
    value: object = None


@dataclass(frozen=True, slots=True)
class Expected:
    """None or empty: not looked at. `ends` is where the call must come to."""

    ends: Literal["queue", "voicemail", "hangup"] | None = None
    target: str | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    priority: int | None = None
    language: str | None = None
    hears: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """`day` (YYYY-MM-DD) and `minute` are on the clocks of the flow's place; `emergency`: the
    emergency switch of every calendar is on."""

    name: str
    day: str = ANY_DAY
    minute: int = 600
    variables: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    steps: tuple[StoryStep, ...] = ()
    expected: Expected = Expected()
    emergency: bool = False


_TABLE: Type[Mapping[str, object]] = table(NAME, "a name", Type(lambda value: value, {}), 100)
_VARIABLES: Type[Mapping[str, object]] = table(
    VARIABLE, "a variable", Type(lambda value: value, {}), 50
)
_KEYS = ("name", "at", "caller", "did", "with", "data", "steps", "expect", "emergency")
_EXPECT = (
    "queue",
    "voicemail",
    "hangup",
    "skills",
    "priority",
    "language",
    "hears",
    "passes",
    "path",
    "variables",
)


def read_story(raw: object) -> Story:
    """The test case as written in a flow. Raises Wrong."""
    if not isinstance(raw, Mapping):
        raise Wrong(f"{shown(raw)} is not a test", "write name, steps and expect")
    _only(raw, _KEYS, "a test")
    name = text(120).read(raw.get("name", ""))
    if not name:
        raise Wrong("the test has no name", "write 'name: ...'")
    day, minute = _read_when(raw.get("at", f"{ANY_DAY} 10:00"))
    variables = dict(_VARIABLES.read(raw.get("with", {})))
    for clock in CLOCK & set(variables):
        raise Wrong(f"{clock!r} follows from 'at'", "remove it from 'with'")
    for short, full in (("caller", "caller_number"), ("did", "did")):
        if short in raw:
            variables[full] = text(40).read(raw[short])
    return Story(
        name,
        day,
        minute,
        variables,
        _TABLE.read(raw.get("data", {})),
        _read_steps(raw.get("steps", [])),
        _read_expected(raw.get("expect")),
        yes_no().read(raw.get("emergency", False)),
    )


def _only(raw: Mapping[object, object], known: tuple[str, ...], what: str) -> None:
    for key in raw:
        if key not in known:
            raise Wrong(f"{what} has no {shown(key)}", "use: " + ", ".join(known))


def _read_when(raw: object) -> tuple[str, int]:
    found = WHEN.fullmatch(raw) if isinstance(raw, str) else None
    cure = "write 2026-11-24 09:05, or tue 09:05"
    if found is None:
        raise Wrong(f"{shown(raw)} is no time", cure)
    day, weekday = found[1], found[2]
    if weekday:
        if weekday not in DAYS:
            raise Wrong(f"{shown(raw)} is no time", cure)
        day = f"2026-11-{23 + DAYS.index(weekday)}"
    elif not is_date(day):
        raise Wrong(f"{shown(raw)} is no day", cure)
    return day, int(found[3]) * 60 + int(found[4])


def _read_steps(raw: object) -> tuple[StoryStep, ...]:
    if not isinstance(raw, list) or len(raw) > STEPS_MAX:
        raise Wrong(f"steps is not a list of at most {STEPS_MAX}", "write '- press: 1' lines")
    return tuple(_read_step(item) for item in raw)


def _read_step(raw: object) -> StoryStep:
    if raw in ("silence", "overflow", "served", "error"):
        return StoryStep(raw)
    if isinstance(raw, Mapping) and len(raw) == 1:
        kind, value = next(iter(raw.items()))
        reader = _STEP_TYPES.get(str(kind))
        if reader is not None:
            try:
                return StoryStep(cast(StepKind, kind), reader.read(value))
            except Wrong as wrong:
                raise Wrong(f"{kind}: {wrong.reason}", wrong.cure) from None
    cure = (
        "write one of: silence, overflow, served, {press: 1}, {wait: 40}, {found: {...}},"
        " {error: slow}"
    )
    raise Wrong(f"{shown(raw)} is no step", cure)


def _read_pressed(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        value = str(value)
    return matching(PRESSED, "keys (0-9 * #)").read(value)


_STEP_TYPES: Final[Mapping[str, Type[object]]] = {
    "press": Type(_read_pressed, {}),
    "wait": number(0, 86400),
    "found": _TABLE,
    "error": text(80),
    "recorded": number(0, 3600),
    "transfer": matching(
        re.compile("^(answered|busy|no-answer|failed)$"), "answered, busy, no-answer or failed"
    ),
}


def _read_names(raw: object, what: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise Wrong(f"{what} is not a list of names", f"write {what}: [one, two]")
    return tuple(raw)


def _read_expected(raw: object) -> Expected:
    if not isinstance(raw, Mapping) or not raw:
        raise Wrong("the test expects nothing", "write for example: expect: {queue: support}")
    _only(raw, _EXPECT, "expect")
    ends = [key for key in ("queue", "voicemail", "hangup") if key in raw]
    if len(ends) > 1:
        raise Wrong(f"a call cannot end in {ends[0]} and in {ends[1]}", "keep one of them")
    target = raw[ends[0]] if ends else None
    language = raw.get("language")
    return Expected(
        ends=cast("Literal['queue', 'voicemail', 'hangup']", ends[0]) if ends else None,
        target=text(80).read(target) if isinstance(target, str) else None,
        skills=cast("Mapping[str, int]", keyed("skill", whole(0, 10)).read(raw.get("skills", {}))),
        priority=whole(-10, 10).read(raw["priority"]) if "priority" in raw else None,
        language=text(8).read(language) if language is not None else None,
        hears=_read_names(raw.get("hears", []), "hears"),
        passes=_read_names(raw.get("passes", []), "passes"),
        path=_read_names(raw.get("path", []), "path"),
        variables=_VARIABLES.read(raw.get("variables", {})),
    )
