"""The types of settings: each reads a raw value or says what is wrong with it.

A type gives back plain JSON values only, so that a flow can be stored and compared as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from ivr.expression import ExpressionWrong, compiled
from ivr.nodes.kind import Ref, Type, Wrong
from ivr.variables import GIVEN

NODE_ID = re.compile(r"^[A-Za-z0-9_-]{1,32}$")
NAME = re.compile(r"^[A-Za-z0-9_.-]{1,64}$")
VARIABLE = re.compile(r"^[a-z][a-z0-9_]{0,31}$")
LANGUAGE = re.compile(r"^[a-z]{2,3}(_[A-Z]{2})?$")
KEY = re.compile(r"^[0-9*#]$")
DIALABLE = re.compile(r"^\+?[0-9*#]{1,32}$")
KEYS = "123456789*0#"  # in the order of a telephone
TEXT_MAX = 1000

# Words that mean something to CEL itself (its specification, section "Syntax").
RESERVED = frozenset(
    "true false null in as break const continue else for function if import let loop package"
    " namespace return var void while has all exists exists_one map filter size int uint double"
    " string bool bytes list type dyn timestamp duration optional matches value max min".split()
)


def shown(value: object) -> str:
    """`value` for a message, cut short."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def text(most: int = TEXT_MAX) -> Type[str]:
    """Any text of at most so many characters."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Wrong(f"{shown(value)} is not text", "write a text, in quotes if it is a number")
        if len(value) > most:
            raise Wrong(f"the text has {len(value)} characters", f"use at most {most}")
        return value

    return Type(read, {"type": "string", "maxLength": most})


def matching(pattern: re.Pattern[str], what: str, kind: str = "") -> Type[str]:
    """Text of a fixed form. `kind`: what sort of thing it names."""

    def read(value: object) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        number = isinstance(value, (int, float)) and pattern.fullmatch(str(value))
        cure = "put it in quotes" if number else f"it must match {pattern.pattern}"
        raise Wrong(f"{shown(value)} is not {what}", cure)

    def refs(value: object) -> Iterable[Ref]:
        return ((kind, str(value)),) if kind and value else ()

    schema: dict[str, object] = {"type": "string", "pattern": pattern.pattern}
    return Type(read, {**schema, "x-names": kind} if kind else schema, refs)


def named(kind: str) -> Type[str]:
    """The id of something the centre has: a queue, a mailbox, ..."""
    return matching(NAME, f"a {kind}'s id (letters, digits, _ . -)", kind)


def number(low: float, high: float) -> Type[float]:
    """A number within limits, both included."""

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Wrong(f"{shown(value)} is not a number", f"write one from {low:g} to {high:g}")
        if not low <= value <= high:
            raise Wrong(f"{value} is out of range", f"use {low:g} to {high:g}")
        return value

    return Type(read, {"type": "number", "minimum": low, "maximum": high})


def whole(low: int, high: int) -> Type[int]:
    """A whole number within limits, both included."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong(f"{shown(value)} is not a whole number", f"write one from {low} to {high}")
        if not low <= value <= high:
            raise Wrong(f"{value} is out of range", f"use {low} to {high}")
        return value

    return Type(read, {"type": "integer", "minimum": low, "maximum": high})


def yes_no() -> Type[bool]:
    """true or false."""

    def read(value: object) -> bool:
        if not isinstance(value, bool):
            raise Wrong(f"{shown(value)} is neither true nor false", "write true or false")
        return value

    return Type(read, {"type": "boolean"})


def one_of(*words: str) -> Type[str]:
    """One of some words."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise Wrong(f"{shown(value)} is not known here", "write one of: " + ", ".join(words))
        return value

    return Type(read, {"enum": list(words)})


def _read_variable(value: object) -> str:
    if not isinstance(value, str) or not VARIABLE.fullmatch(value):
        raise Wrong(
            f"{shown(value)} is no variable's name",
            "use lower-case letters, digits and _, a letter first, at most 32",
        )
    if value in RESERVED:
        raise Wrong(f"{value!r} is a word of the expression language", "choose another name")
    if value in GIVEN:
        raise Wrong(f"{value!r} is given by the call and cannot be set", "choose another name")
    return value


VARIABLE_NAME: Type[str] = Type(
    _read_variable, {"type": "string", "pattern": VARIABLE.pattern, "x-variable": True}
)


def check_expression(value: object) -> str:
    """CEL text; a bare number or true/false is its own expression."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is not an expression", "write one such as: amount > 10")
    try:
        compiled(value)
    except ExpressionWrong as wrong:
        cure = "see 'Expressions' in the guide; fixed text needs quotes of its own: \"'gold'\""
        raise Wrong(f"{shown(value)} is not an expression: {wrong}", cure) from None
    return value


def _expression_refs(value: object) -> Iterable[Ref]:
    return (("expression", str(value)),) if value not in ("", None) else ()


EXPRESSION: Type[str] = Type(
    check_expression,
    {"type": ["string", "number", "boolean"], "maxLength": 500, "x-expression": True},
    _expression_refs,
)


def table(
    key: re.Pattern[str] | Callable[[str], str],
    what: str,
    value: Type[object],
    most: int = 50,
    least: int = 0,
    form: re.Pattern[str] = VARIABLE,
) -> Type[Mapping[str, object]]:
    """A mapping whose keys match `key`, or are read by it and then look like `form`."""
    pattern = key if isinstance(key, re.Pattern) else form

    def read_key(name: object) -> str:
        if not isinstance(key, re.Pattern):
            return key(str(name))
        if not isinstance(name, str) or not key.fullmatch(name):
            raise Wrong(f"{shown(name)} is not {what}", f"it must match {key.pattern}")
        return name

    def read(raw: object) -> Mapping[str, object]:
        if not isinstance(raw, Mapping):
            raise Wrong(f"{shown(raw)} is not a table", f"write a table from {what} to values")
        if not least <= len(raw) <= most:
            raise Wrong(f"the table has {len(raw)} rows", f"use {least} to {most}")
        out: dict[str, object] = {}
        for name, item in raw.items():
            key_read = read_key(name)
            try:
                out[key_read] = value.read(item)
            except Wrong as wrong:
                raise Wrong(f"{name}: {wrong.reason}", wrong.cure) from None
        return out

    def refs(raw: object) -> Iterable[Ref]:
        if not isinstance(raw, Mapping):
            return ()
        return [ref for item in raw.values() for ref in value.refs(item)]

    schema = {
        "type": "object",
        "patternProperties": {pattern.pattern: value.schema},
        "additionalProperties": False,
        "minProperties": least,
        "maxProperties": most,
    }
    return Type(read, schema, refs)


def keyed(kind: str, value: Type[object], most: int = 20) -> Type[Mapping[str, object]]:
    """A table whose keys are ids of `kind` (skills)."""
    inner = table(NAME, f"a {kind}'s id", value, most)

    def refs(raw: object) -> Iterable[Ref]:
        return [(kind, str(key)) for key in raw] if isinstance(raw, Mapping) else ()

    return Type(inner.read, {**inner.schema, "x-names": kind}, refs)


def one_key(what: str) -> Type[str]:
    """One key of a telephone."""
    return matching(KEY, what)
