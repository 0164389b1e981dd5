"""A flow as text, for export, diff and configuration as code; and what changed between two.

`read_flow(write_flow(flow))` gives the same flow again; a fuzz test says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import yaml

from ivr.calendar import Calendar
from ivr.flow import Flow, Node

WIDTH = 100


class _Dumper(yaml.SafeDumper):
    """Never anchors; texts that other readers could take for something else are quoted."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    plain = value[:1].isalpha() and value.isascii() and value.replace("-", "").isalnum()
    style = None if plain and value.lower() not in ("true", "false", "null") else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def as_values(flow: Flow) -> dict[str, object]:
    """The flow as plain JSON values, in the form that `read_flow` takes; defaults left out."""
    out: dict[str, object] = {"id": flow.id, "name": flow.name, "version": flow.version}
    out["languages"] = list(flow.languages)
    out["timezone"] = flow.timezone
    if flow.fallback:
        out["fallback"] = flow.fallback
    out["start"] = flow.start
    if flow.variables:
        out["variables"] = dict(flow.variables)
    if flow.calendars:
        out["calendars"] = {k: calendar_values(c) for k, c in flow.calendars.items()}
    if flow.prompts:
        out["prompts"] = {prompt: dict(words) for prompt, words in flow.prompts.items()}
    out["nodes"] = {node.id: node_values(node) for node in flow.nodes.values()}
    if flow.tests:
        out["tests"] = [dict(test) for test in flow.tests]
    if flow.layout:
        out["layout"] = {node: list(place) for node, place in flow.layout.items()}
    if flow.notes:
        out["notes"] = {id: {"text": said, "at": [x, y]} for id, (said, x, y) in flow.notes.items()}
    return out


def node_values(node: Node) -> dict[str, object]:
    """One node as it is written in a flow."""
    out: dict[str, object] = {"kind": node.kind, **node.settings}
    if set(node.ports) == {"next"}:
        out["next"] = node.ports["next"]
    elif node.ports:
        out["ports"] = dict(node.ports)
    return out


def calendar_values(calendar: Calendar) -> dict[str, object]:
    """A calendar as it is written in a flow. Country holidays that were filled in are written
    out with the others."""
    out: dict[str, object] = {}
    if calendar.timezone:
        out["timezone"] = calendar.timezone
    if calendar.week:
        out["week"] = dict(calendar.week)
    if calendar.country:
        out["country"] = calendar.country
    if calendar.holidays:
        out["holidays"] = dict(calendar.holidays)
    if calendar.overrides:
        out["overrides"] = dict(calendar.overrides)
    if calendar.emergency:
        out["emergency"] = True
    return out


def write_flow(flow: Flow) -> str:
    """The flow as YAML."""
    return write_values(as_values(flow))


def write_values(values: Mapping[str, object]) -> str:
    """The values of a flow as YAML, also of one that is not finished."""
    return yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


# -- what changed -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Change:
    """`where` is a path such as nodes/main/choices/2; `before`/`after` are None where there was or
    is nothing."""

    what: Literal["added", "removed", "changed"]
    where: str
    before: object = None
    after: object = None


def changes(before: Flow, after: Flow) -> list[Change]:
    """What the newer flow has differently, places in the designer left aside."""
    return value_changes(as_values(before), as_values(after))


def value_changes(before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
    """The same between the values of two flows, which need not be finished."""
    old, new = (
        {key: value for key, value in values.items() if key not in ("layout", "notes", "version")}
        for values in (before, after)
    )
    return list(_changes("", old, new))


def _changes(where: str, before: object, after: object) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (*before, *(key for key in after if key not in before)):
            inner = f"{where}/{key}" if where else str(key)
            if key not in after:
                yield Change("removed", inner, before[key])
            elif key not in before:
                yield Change("added", inner, None, after[key])
            else:
                yield from _changes(inner, before[key], after[key])
    elif before != after or type(before) is not type(after):
        yield Change("changed", where, before, after)
