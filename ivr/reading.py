"""Text to flow: every mistake of form is found at once and named with its line.

What only shows when nodes are seen together (unreachable ones, unknown queues, endless loops) is
`ivr.checking`'s business; this file must not know what is configured in the centre.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ivr.calendar import Calendar
from ivr.flow import Flow, Node
from ivr.nodes import KINDS
from ivr.nodes.hours import CALENDAR_FIELDS, ZONE_TYPE, calendar_of
from ivr.nodes.kind import Field, Type, Wrong
from ivr.nodes.types import (
    LANGUAGE,
    NAME,
    NODE_ID,
    VARIABLE_NAME,
    matching,
    shown,
    text,
    whole,
)
from ivr.problems import Code, Problem
from ivr.story import read_story
from ivr.text import Marked, plain, read_text

__all__ = ["Problem", "located", "read_flow"]

NODES_MAX = 2000
TESTS_MAX = 500
LAYOUT_MAX = 100_000
TOP = (
    "id",
    "name",
    "version",
    "start",
    "languages",
    "timezone",
    "fallback",
    "variables",
    "calendars",
    "prompts",
    "nodes",
    "tests",
    "layout",
    "notes",
)
ID = matching(NAME, "an id (letters, digits, _ . -)")
NODE_REF = matching(NODE_ID, "a node's id (letters, digits, _ -, at most 32)")
LANGUAGE_NAME = matching(LANGUAGE, "a language (en, zh, ...)")
T = TypeVar("T")


@dataclass(slots=True)
class _Reader:
    problems: list[Problem] = field(default_factory=list)

    def wrong(
        self,
        at: Marked | None,
        reason: str,
        cure: str,
        node: str = "",
        port: str = "",
        setting: str = "",
        code: Code = "form",
    ) -> None:
        line = at.line if at else None
        self.problems.append(Problem(line, node, port, reason, cure, setting, code))

    def read(
        self,
        at: Marked | None,
        what: str,
        kind: Type[T],
        default: T,
        node: str = "",
        setting: str = "",
    ) -> T:
        """The value, or the default when it is not there or (with a problem noted) wrong."""
        if at is None:
            return default
        try:
            return kind.read(plain(at))
        except Wrong as wrong:
            reason = f"{what}: {wrong.reason}"
            self.wrong(at, reason, wrong.cure, node, setting=setting, code="value")
            return default

    def table(self, at: Marked | None, what: str, node: str = "") -> dict[str, Marked]:
        if at is None or at.value is None:
            return {}
        if isinstance(at.value, dict):
            return at.value
        self.wrong(at, f"{what} is not a table", "write 'key: value' lines below it", node)
        return {}


def read_flow(text: str) -> tuple[Flow | None, list[Problem]]:
    """The flow in `text` (YAML or JSON) and all problems; no flow when there is any problem."""
    flow, problems = read_draft(text)
    return (flow, []) if not problems else (None, problems)


def read_draft(text: str) -> tuple[Flow | None, list[Problem]]:
    """The same for a flow that is still being drawn: what could be read of it, although there are
    problems; settings that could not be read are left out. No flow: the text is none at all."""
    marked, problems = read_text(text)
    reader = _Reader(problems)
    if marked is None:
        return None, reader.problems
    if not isinstance(marked.value, dict):
        reader.wrong(marked, "a flow is a table", "begin with 'id: my-flow'")
        return None, reader.problems
    flow = _flow(reader, marked)
    reader.problems.sort(key=lambda problem: problem.line or 0)
    return flow, reader.problems


def _flow(reader: _Reader, marked: Marked) -> Flow:
    top = reader.table(marked, "the flow")
    for key, item in top.items():
        if key not in TOP:
            reader.wrong(item, f"{key!r} is not known here", "use: " + ", ".join(TOP))
    if "id" not in top:
        reader.wrong(marked, "the flow has no id", "write 'id: my-flow' at the top")
    flow_id = reader.read(top.get("id"), "id", ID, "")
    languages = _languages(reader, top.get("languages"))
    start = reader.read(top.get("start"), "start", NODE_REF, "start")
    nodes = _nodes(reader, top.get("nodes"), marked)
    return Flow(
        id=flow_id,
        name=reader.read(top.get("name"), "name", text(), flow_id),
        version=reader.read(top.get("version"), "version", whole(1, 10**9), 1),
        start=start,
        nodes=nodes,
        languages=languages,
        prompts=_prompts(reader, top.get("prompts")),
        fallback=reader.read(top.get("fallback"), "fallback", ID, ""),
        timezone=reader.read(top.get("timezone"), "timezone", ZONE_TYPE, "UTC") or "UTC",
        calendars=_calendars(reader, top.get("calendars")),
        variables=_variables(reader, top.get("variables")),
        tests=_tests(reader, top.get("tests")),
        layout=_layout(reader, top.get("layout"), nodes),
        notes=_notes(reader, top.get("notes")),
    )


def _languages(reader: _Reader, at: Marked | None) -> tuple[str, ...]:
    if at is None:
        return ("en",)
    if not isinstance(at.value, list) or not at.value:
        reader.wrong(at, "languages is not a list", "write: languages: [en, zh]")
        return ("en",)
    return tuple(reader.read(item, "languages", LANGUAGE_NAME, "") for item in at.value)


def _prompts(reader: _Reader, at: Marked | None) -> Mapping[str, Mapping[str, str]]:
    out: dict[str, dict[str, str]] = {}
    for name, item in reader.table(at, "prompts").items():
        if not NAME.fullmatch(name):
            reader.wrong(item, f"{name!r} is no prompt id", f"it must match {NAME.pattern}")
        words = out.setdefault(name, {})
        for language, said in reader.table(item, f"prompt {name}").items():
            if not LANGUAGE.fullmatch(language):
                reader.wrong(said, f"{language!r} is no language", "write en, zh, ...")
            words[language] = reader.read(said, f"prompt {name}, {language}", text(), "")
    return out


def _calendars(reader: _Reader, at: Marked | None) -> Mapping[str, Calendar]:
    out = {}
    for name, item in reader.table(at, "calendars").items():
        if not NAME.fullmatch(name):
            reader.wrong(item, f"{name!r} is no calendar's name", f"it must match {NAME.pattern}")
        rows = reader.table(item, f"calendar {name}")
        settings = _settings(reader, "", f"calendar {name}", CALENDAR_FIELDS, rows, item)
        out[name] = calendar_of(Node("", "", settings))
    return out


def _variables(reader: _Reader, at: Marked | None) -> Mapping[str, object]:
    out: dict[str, object] = {}
    for name, item in reader.table(at, "variables").items():
        try:
            VARIABLE_NAME.read(name)
        except Wrong as wrong:
            reader.wrong(item, wrong.reason, wrong.cure)
        out[name] = plain(item)
    return out


def _tests(reader: _Reader, at: Marked | None) -> tuple[Mapping[str, object], ...]:
    """Kept as they are written; whether they can be understood is asked of `ivr.story`."""
    if at is None or at.value is None:
        return ()
    if not isinstance(at.value, list) or len(at.value) > TESTS_MAX:
        reader.wrong(at, f"tests is not a list of at most {TESTS_MAX}", "write '- name: ...'")
        return ()
    out = []
    for item in at.value:
        raw = plain(item)
        try:
            read_story(raw)
        except Wrong as wrong:
            reader.wrong(item, f"test: {wrong.reason}", wrong.cure)
        if isinstance(raw, dict):
            out.append(raw)
    return tuple(out)


def _layout(
    reader: _Reader, at: Marked | None, nodes: Mapping[str, Node]
) -> Mapping[str, tuple[float, float]]:
    out = {}
    for name, item in reader.table(at, "layout").items():
        place = plain(item)
        if name not in nodes:
            continue  # the node is gone; its place is of no use
        if not isinstance(place, list) or len(place) != 2 or not all(map(_is_place, place)):
            reader.wrong(item, f"layout: the place of {name} is not [x, y]", "write [120, 80]")
            continue
        out[name] = (place[0], place[1])
    return out


def _notes(reader: _Reader, at: Marked | None) -> Mapping[str, tuple[str, float, float]]:
    """What the designer shows beside the nodes: `{text: ..., at: [x, y]}` by id."""
    out = {}
    for name, item in reader.table(at, "notes").items():
        rows = reader.table(item, f"note {name}")
        place = plain(rows["at"]) if "at" in rows else [0, 0]
        if not NODE_ID.fullmatch(name) or set(rows) - {"text", "at"}:
            reader.wrong(item, f"{name!r} is no note", "write 'id: {text: ..., at: [x, y]}'")
        elif not isinstance(place, list) or len(place) != 2 or not all(map(_is_place, place)):
            reader.wrong(item, f"note {name}: its place is not [x, y]", "write [120, 80]")
        else:
            out[name] = (reader.read(rows.get("text"), f"note {name}", text(), ""), *place)
    return out


def _is_place(value: object) -> bool:
    right = isinstance(value, (int, float)) and not isinstance(value, bool)
    return right and abs(float(str(value))) <= LAYOUT_MAX


def _nodes(reader: _Reader, at: Marked | None, top: Marked) -> Mapping[str, Node]:
    nodes = reader.table(at, "nodes")
    if not nodes:
        reader.wrong(at or top, "the flow has no nodes", "write them under 'nodes:'")
    if len(nodes) > NODES_MAX:
        reason = f"the flow has {len(nodes)} nodes, more than {NODES_MAX}"
        reader.wrong(at, reason, "split it into sub-flows")
        return {}
    out = {}
    for node_id, item in nodes.items():
        if not NODE_ID.fullmatch(node_id):
            reader.wrong(item, f"{node_id!r} is no node's id", f"it must match {NODE_ID.pattern}")
        out[node_id] = _node(reader, node_id, item)
    return out


def _node(reader: _Reader, node_id: str, at: Marked) -> Node:
    rows = reader.table(at, "the node", node_id)
    named = rows.get("kind")
    name = str(plain(named)) if named else ""
    kind = KINDS.get(name)
    if kind is None:
        reason = f"{shown(name)} is no kind of node" if named else "the node has no kind"
        reader.wrong(named or at, reason, "use one of: " + ", ".join(sorted(KINDS)), node_id)
        return Node(node_id, name)
    ports = _ports(reader, node_id, rows)
    settings = _settings(reader, node_id, f"a {name} node", kind.fields, rows, at)
    return Node(node_id, name, settings, ports)


def _ports(reader: _Reader, node_id: str, rows: Mapping[str, Marked]) -> Mapping[str, str]:
    """`ports: {yes: a, no: b}`; `next: a` is short for the port next."""
    marked = dict(reader.table(rows.get("ports"), "ports", node_id))
    if "next" in rows:
        if "next" in marked:
            reader.wrong(rows["next"], "next is there twice", "remove one", node_id, "next")
        marked["next"] = rows["next"]
    out = {}
    for port, target in marked.items():
        out[port] = reader.read(target, f"port {port}", NODE_REF, "", node_id)
    return {port: target for port, target in out.items() if target}


def _settings(
    reader: _Reader,
    node_id: str,
    what: str,
    fields: tuple[Field[object], ...],
    rows: Mapping[str, Marked],
    at: Marked,
) -> Mapping[str, object]:
    known = {field.name: field for field in fields}
    out: dict[str, object] = {}
    for key, item in rows.items():
        if node_id and key in ("kind", "ports", "next"):
            continue
        if key not in known:
            cure = "use: " + ", ".join(known) if known else "remove it"
            reason = f"{what} has no setting {key!r}"
            reader.wrong(item, reason, cure, node_id, setting=key, code="unknown-setting")
            continue
        value = reader.read(item, key, known[key].type, None, node_id, key)
        if value is not None:
            out[key] = value
    for key, wanted in known.items():
        if wanted.required and key not in rows:
            reason = f"{what} needs {key!r} ({wanted.about})"
            cure = f"write '{key}: ...'"
            reader.wrong(at, reason, cure, node_id, setting=key, code="needed")
    return out


def lines_of(text: str) -> Mapping[str, int]:
    """Where each node begins in the text, for mistakes that are found later."""
    marked, _ = read_text(text)
    nodes = marked.value.get("nodes") if marked and isinstance(marked.value, dict) else None
    if nodes is None or not isinstance(nodes.value, dict):
        return {}
    return {name: item.line for name, item in nodes.value.items()}


def located(problems: list[Problem], text: str) -> list[Problem]:
    """The problems with the lines of their nodes, in the order of the text."""
    lines = lines_of(text)
    out = []
    for problem in problems:
        own = problem.node.split(".")[0]  # a node of a sub-flow belongs to the node that calls it
        line = problem.line or lines.get(problem.node) or lines.get(own)
        out.append(replace(problem, line=line))
    return sorted(out, key=lambda problem: problem.line or 0)
