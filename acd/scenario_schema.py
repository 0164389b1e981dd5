"""The JSON schema of a scenario (draft 2020-12), for editors and for people.

`acd.scenario_reading` checks more than a schema can say (names that must exist, order of times).
"""

from __future__ import annotations

from typing import Any, Final, get_args

from acd.model import RINGS_MAX, SKILL_MAX, OverflowAction, Strategy
from acd.scenario_times import ALSO, ALSO_LOGNORMAL, FLAT, WORDS

Schema = dict[str, Any]


def _table(needed: list[str], **properties: Schema) -> Schema:
    table: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**table, "required": needed} if needed else table


def _says(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text}


SECONDS: Final[Schema] = {"type": "number", "minimum": 0}
MORE_THAN_0: Final[Schema] = {"type": "number", "exclusiveMinimum": 0}
WHOLE: Final[Schema] = {"type": "integer", "minimum": 0}
SHARE: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 1}
NAME: Final[Schema] = {"type": ["string", "integer"], "minLength": 1}
SKILLS: Final[Schema] = {
    "type": "object",
    "additionalProperties": {"type": "integer", "minimum": 0, "maximum": SKILL_MAX},
}


def _words(word: str) -> list[str]:
    """All that a parameter of the lognormal distribution may be called, the usual word first."""
    return [word, *(also for also, usual in ALSO_LOGNORMAL.items() if usual == word)]


# A lognormal distribution by two parameters, each with its limits.
LOGNORMAL: Final = [
    {first: MORE_THAN_0, second: limits}
    for middle, second_word, limits in (
        ("mean_seconds", "deviation_seconds", MORE_THAN_0),
        ("mean_seconds", "cv", MORE_THAN_0),
        ("mean_seconds", "sigma", SECONDS),
        ("median_seconds", "sigma", SECONDS),
    )
    for first in _words(middle)
    for second in _words(second_word)
] + [{"mu": {"type": "number"}, "sigma": SECONDS}]
LISTED: Final[Schema] = {"type": "array", "minItems": 1, "items": SECONDS}
TIMES: Final[dict[str, Schema]] = {
    "exponential_mean_seconds": MORE_THAN_0,
    "deterministic_seconds": SECONDS,
    "lognormal": {"oneOf": [_table(list(two), **two) for two in LOGNORMAL]},
    "uniform": _table(["low_seconds", "high_seconds"], low_seconds=SECONDS, high_seconds=SECONDS),
    "empirical_seconds": LISTED,
}


def _distribution(forever: bool, timed: bool) -> Schema:
    kinds = {**TIMES, "none": {"const": True}} if forever else TIMES
    forms = [{kind: schema} for kind, schema in kinds.items()]
    forms += [{also: kinds[usual]} for also, usual in ALSO.items()]
    forms += [{f"{FLAT}{word}": limits for word, limits in two.items()} for two in LOGNORMAL]
    extra = {"until_seconds": SECONDS} if timed else {}
    return {"oneOf": [_table(list(form), **form, **extra) for form in forms]}


def _times(forever: bool = False) -> Schema:
    one, item = _distribution(forever, False), _distribution(forever, True)
    return {"anyOf": [one, {"type": "array", "minItems": 1, "items": item}]}


def _changing(value: Schema, key: str) -> Schema:
    item = _table([key], until_seconds=SECONDS, **{key: value})
    return {"anyOf": [value, {"type": "array", "minItems": 1, "items": item}]}


RING: Final = _table(
    ["after_seconds"],
    after_seconds=SECONDS,
    minima=SKILLS,
    groups={"type": "array", "items": NAME},
)
OVERFLOW: Final = _table(
    ["action"],
    action={"enum": list(get_args(OverflowAction))},
    target=NAME,
    after_seconds=SECONDS,
    when_waiting_over=WHOLE,
    when_estimate_over_seconds=SECONDS,
    unless_idle_in=NAME,
    other_estimate_under_seconds=SECONDS,
    unless_idle_in_group=NAME,
    if_idle_in=NAME,
    if_idle_in_group=NAME,
    idle_min={"type": "integer", "minimum": 1},
    estimate_of=NAME,
)
QUEUE: Final = _table(
    [],
    strategy=_says({"enum": list(get_args(Strategy))}, "Which free agent (longest-idle)."),
    order=_says(
        {"enum": ["fcfs", "deadline", "priority"]},
        "fcfs: priority is worth priority_seconds of waiting; deadline: earliest service-level "
        "deadline first; priority: priority before any waiting.",
    ),
    service_level=_table(
        [], seconds=SECONDS, percent={"type": "number", "minimum": 0, "maximum": 100}
    ),
    waiting_max=WHOLE,
    wait_max_seconds=SECONDS,
    ring_seconds=SECONDS,
    rona_back_off_seconds=SECONDS,
    priority_seconds=SECONDS,
    ageing=_says(
        {
            "type": "object",
            "propertyNames": {"pattern": "^-?[0-9]+$"},
            "additionalProperties": {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
        },
        "For how many seconds of waiting a second counts, by priority (others: 1); with fcfs only.",
    ),
    value_offset_max_seconds=SECONDS,
    reserved_idle=WHOLE,
    rings={"type": "array", "maxItems": RINGS_MAX, "items": RING},
    overflow={"type": "array", "items": OVERFLOW},
)
CALLERS: Final = _table(
    ["name", "queue", "arrivals_per_hour", "handling"],
    name=NAME,
    queue=NAME,
    arrivals_per_hour=_says(_changing(SECONDS, "per_hour"), "A Poisson stream."),
    patience=_says(_times(forever=True), "Gives up after so long; drawn on arrival."),
    patience_zero_probability=_says(SHARE, "Leaves at once if nobody is free."),
    handling=_says(
        {
            "anyOf": [
                _times(),
                {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"not": {"enum": [*WORDS, "until_seconds"]}},
                    "additionalProperties": _times(),
                },
            ]
        },
        "Talking and wrap-up; or a table from agent group to that.",
    ),
    skills=_says(SKILLS, "The least level asked for, by skill."),
    priority={"type": "integer"},
    value_seconds=SECONDS,
)
AGENTS: Final = _table(
    ["group", "count", "queues"],
    group=NAME,
    count=_says(_changing(WHOLE, "count"), "Agents on duty; who is talking finishes first."),
    queues={"type": "array", "minItems": 1, "items": NAME},
    skills=SKILLS,
    groups=_says(
        {"type": "array", "items": NAME}, "Groups that rings and overflow rules may name."
    ),
    weight=WHOLE,
    answer=_says(_distribution(False, False), "From the first ring to picking up (at once)."),
    miss_probability=SHARE,
)
SCHEMA: Final[Schema] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A contact centre to be simulated",
    **_table(
        ["horizon_seconds", "queues", "callers", "agents"],
        horizon_seconds=_says(MORE_THAN_0, "Callers arrive until then, in each replication."),
        warmup_seconds=_says(SECONDS, "Callers who arrive before do not count."),
        replications={"type": "integer", "minimum": 1},
        busyness=_says(
            {
                "oneOf": [
                    _table(["gamma_shape"], gamma_shape=MORE_THAN_0),
                    _table(["none"], none={"const": True}),
                ]
            },
            "A gamma factor of mean 1 on all arrivals of a replication.",
        ),
        drain=_says({"type": "boolean"}, "After the horizon, serve who is in the system (true)."),
        short_abandon_seconds=SECONDS,
        queues={"type": "object", "minProperties": 1, "additionalProperties": QUEUE},
        callers={"type": "array", "minItems": 1, "items": CALLERS},
        agents={"type": "array", "minItems": 1, "items": AGENTS},
    ),
}
