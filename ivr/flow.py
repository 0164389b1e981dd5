"""A call flow as data: nodes with ports.

A flow is a plain value: it can be compared, stored as JSON, exported as text and read back. It must
not know how a node works (`ivr.nodes`) or where its text comes from (`ivr.reading`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` says what happens; `settings` are its values; `ports` lead to the next node's id."""

    id: str
    kind: str
    settings: Mapping[str, object] = field(default_factory=dict)
    ports: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flow:
    """`version` is the published one; a running call keeps the one it began with.

    `prompts` gives each prompt id its words per language, so that a prompt maker can speak what
    nobody has recorded. `fallback` is the queue for callers whom a mistake in the flow would leave
    stranded; without one the call is ended. `variables` are the flow's own with their first values.
    `tests` are callers to try the flow with (`ivr.trying`); `layout` is where the designer shows
    each node (x, y), `notes` are what it shows beside them (text, x, y)."""

    id: str
    name: str
    version: int = 1
    start: str = "start"
    nodes: Mapping[str, Node] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    prompts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fallback: str = ""
    timezone: str = "UTC"
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    variables: Mapping[str, object] = field(default_factory=dict)
    tests: tuple[Mapping[str, object], ...] = ()
    layout: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, float, float]] = field(default_factory=dict)
