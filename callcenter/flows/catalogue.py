"""The kinds of nodes as the designer needs them: settings with types and defaults, ways out, words.

Made from the interpreter's own table, so that there is no second list to keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callcenter.flows import words
from callcenter.flows.meanings import CHINESE
from ivr.nodes import KINDS
from ivr.nodes.kind import Field, Kind, Port
from ivr.variables import GIVEN


@dataclass(frozen=True, slots=True)
class Said:
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Setting:
    """`type`: text, number, whole, boolean, choice, key, speech, words, expression, variable,
    names, table. `names`: what sort of thing is picked (queue, calendar, ...), for type names and
    tables keyed by it. `row`: the type of a table's values. `schema`: JSON Schema 2020-12."""

    name: str
    type: str
    title: Said
    about: Said
    required: bool
    default: object
    names: str
    row: str
    options: tuple[str, ...]
    schema: Mapping[str, object]
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WayOut:
    name: str
    title: Said
    about: Said
    optional: bool
    acts: bool


@dataclass(frozen=True, slots=True)
class PortRule:
    """Ways out that follow from a setting: one for each key of the table `setting` (`port` empty),
    or the one named `port` when `setting` is not empty."""

    setting: str
    port: str = ""


@dataclass(frozen=True, slots=True)
class NodeKind:
    name: str
    group: str
    title: Said
    about: Said
    settings: tuple[Setting, ...]
    ports: tuple[WayOut, ...]
    more_ports: tuple[PortRule, ...]


PORT_RULES: Mapping[str, tuple[PortRule, ...]] = {
    "menu": (PortRule("choices"), PortRule("operator_key", "operator")),
    "switch": (PortRule("cases"),),
    "split": (PortRule("shares"),),
    "subflow": (PortRule("exits"),),
}


def said(english: str) -> Said:
    """A meaning from the table of kinds, in both languages."""
    return Said(english, CHINESE.get(english, english))


def titled(table: words.Words, name: str) -> Said:
    return Said(*table.get(name, (name, name)))


def type_of(schema: Mapping[str, object]) -> str:
    """What sort of input a setting wants, from its schema."""
    for mark in ("x-speech", "x-words", "x-expression", "x-variable"):
        if mark in schema:
            return mark[2:]
    if "enum" in schema:
        return "choice"
    kind = schema.get("type")
    if kind == "object":
        return "table"
    if "x-names" in schema:
        return "names"
    if schema.get("pattern") == "^[0-9*#]$":
        return "key"
    return {"integer": "whole", "number": "number", "boolean": "boolean"}.get(str(kind), "text")


def _row(schema: Mapping[str, object]) -> str:
    rows = schema.get("patternProperties")
    if not isinstance(rows, Mapping):
        return ""
    inner = next(iter(rows.values()))
    return type_of(inner) if isinstance(inner, Mapping) else ""


def _setting(one: Field[object]) -> Setting:
    schema = one.type.schema
    options = schema.get("enum")
    return Setting(
        name=one.name,
        type=type_of(schema),
        title=titled(words.SETTINGS, one.name),
        about=said(one.about),
        required=one.required,
        default=None if one.required and one.default in ("", {}) else one.default,
        names=str(schema.get("x-names", "")),
        row=_row(schema),
        options=tuple(map(str, options)) if isinstance(options, list) else (),
        schema=schema,
        extra=one.extra,
    )


def _port(port: Port) -> WayOut:
    title = titled(words.PORTS, port.name)
    return WayOut(port.name, title, said(port.about), port.optional, port.acts)


def _kind(kind: Kind) -> NodeKind:
    return NodeKind(
        name=kind.name,
        group=kind.group,
        title=titled(words.KINDS, kind.name),
        about=said(kind.about),
        settings=tuple(_setting(one) for one in kind.fields),
        ports=tuple(_port(port) for port in kind.ports),
        more_ports=PORT_RULES.get(kind.name, ()),
    )


def node_kinds() -> tuple[NodeKind, ...]:
    """All kinds, in the order of the palette."""
    return tuple(_kind(kind) for kind in KINDS.values())


def untranslated() -> Iterator[str]:
    """What of the table has no title or no Chinese."""
    for kind in KINDS.values():
        if kind.name not in words.KINDS or kind.group not in words.GROUPS:
            yield kind.name
        yield from (one.name for one in kind.fields if one.name not in words.SETTINGS)
        yield from (port.name for port in kind.ports if port.name not in words.PORTS)
        abouts = [kind.about, *(f.about for f in kind.fields), *(p.about for p in kind.ports)]
        yield from (about for about in abouts if about not in CHINESE)
    yield from (about for _, about in GIVEN.values() if about not in CHINESE)


def given_variables() -> dict[str, tuple[object, Said]]:
    """The variables every flow may read: name -> (value when not known, meaning)."""
    return {name: (value, said(about)) for name, (value, about) in GIVEN.items()}
