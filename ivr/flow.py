"""A call flow as data: nodes with ports. (First form; `ivr.reading` makes it from text.)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` says what happens; `settings` are its values; `ports` lead to the next node's id."""

    id: str
    kind: str
    settings: Mapping[str, object] = field(default_factory=dict)
    ports: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flow:
    """`version` is the published one; a running call keeps the one it began with."""

    id: str
    name: str
    version: int = 1
    start: str = "start"
    nodes: Mapping[str, Node] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
