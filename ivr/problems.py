"""What is wrong with a flow, in one clear sentence with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Code = Literal[
    "",  # the text itself, or a route's mistake
    # reading a flow (`ivr.reading`)
    "form",
    "value",
    "needed",
    "unknown-setting",
    # looking at the whole flow (`ivr.checking`, `ivr.linking`)
    "start",
    "unknown-kind",
    "settings",
    "open-port",
    "unknown-port",
    "lost-port",
    "expression",
    "undefined",
    "secret",
    "no-prompt",
    "no-text",
    "number",
    "stranger",
    "unreachable",
    "endless",
    "sub-flow",
    # routes (`ivr.routes`) and the centre's calendars
    "too-many",
    "twice",
    "shadowed",
    "uncovered",
    "no-flow",
    "no-calendar",
    "no-list",
    "region",
    "percent",
    "holidays",
]
"""The sorts of mistake, for programs."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` counts from 1 (None: not from a text); `node` and `port` are empty where the mistake
    belongs to none; `cure` says what to write or draw instead. `setting` is the setting of the node
    that is wrong (empty: none, or more than one); `code` names the sort of mistake for programs."""

    line: int | None
    node: str
    port: str
    reason: str
    cure: str
    setting: str = ""
    code: Code = ""

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line is not None else []
        if self.node:
            place.append(f"node {self.node}")
        if self.port:
            place.append(f"port {self.port}")
        where = ", ".join(place)
        said = f"{where}: {self.reason}" if where else self.reason
        return f"{said}; {self.cure}." if self.cure else f"{said}."
