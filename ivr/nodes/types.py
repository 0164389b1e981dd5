"""The types of settings: each reads a raw value or says what is wrong with it.

A type gives back plain JSON values only, so that a flow can be stored and compared as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ivr.nodes.kind import Type, Wrong

NODE_ID = re.compile(r"^[A-Za-z0-9_-]{1,32}$")
NAME = re.compile(r"^[A-Za-z0-9_.-]{1,64}$")
VARIABLE = re.compile(r"^[a-z][a-z0-9_]{0,31}$")
LANGUAGE = re.compile(r"^[a-z]{2,3}(_[A-Z]{2})?$")
KEYS = "0123456789*#"
TEXT_MAX = 1000


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def read_text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{_shown(value)} is not text", "write a text, in quotes if it is a number")
    if len(value) > TEXT_MAX:
        raise Wrong(f"the text has {len(value)} characters", f"use at most {TEXT_MAX}")
    return value


def text() -> Type[str]:
    return Type(read_text, {"type": "string", "maxLength": TEXT_MAX})


def matching(pattern: re.Pattern[str], what: str) -> Type[str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Wrong(f"{_shown(value)} is not {what}", f"it must match {pattern.pattern}")
        return value

    return Type(read, {"type": "string", "pattern": pattern.pattern})


def number(low: float, high: float) -> Type[float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Wrong(f"{_shown(value)} is not a number", f"write one from {low:g} to {high:g}")
        if not low <= value <= high:
            raise Wrong(f"{value} is out of range", f"use {low:g} to {high:g}")
        return value

    return Type(read, {"type": "number", "minimum": low, "maximum": high})


def whole(low: int, high: int) -> Type[int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong(f"{_shown(value)} is not a whole number", f"write one from {low} to {high}")
        if not low <= value <= high:
            raise Wrong(f"{value} is out of range", f"use {low} to {high}")
        return value

    return Type(read, {"type": "integer", "minimum": low, "maximum": high})


def yes_no() -> Type[bool]:
    def read(value: object) -> bool:
        if not isinstance(value, bool):
            raise Wrong(f"{_shown(value)} is neither true nor false", "write true or false")
        return value

    return Type(read, {"type": "boolean"})


def one_of(*words: str) -> Type[str]:
    def read(value: object) -> str:
        if value not in words:
            raise Wrong(f"{_shown(value)} is not known here", "write one of: " + ", ".join(words))
        return str(value)

    return Type(read, {"enum": list(words)})


def scalar() -> Type[object]:
    def read(value: object) -> object:
        if value is not None and not isinstance(value, (str, int, float, bool)):
            raise Wrong(f"{_shown(value)} is not a single value", "write a text, number or true")
        return value

    return Type(read, {"type": ["string", "number", "boolean", "null"]})


def table(
    key: re.Pattern[str], what: str, value: Type[object] | Type[str] | Type[int], most: int = 50
) -> Type[Mapping[str, object]]:
    """A mapping whose keys match `key`."""

    def read(raw: object) -> Mapping[str, object]:
        if not isinstance(raw, Mapping):
            raise Wrong(f"{_shown(raw)} is not a table", f"write a table from {what} to values")
        if len(raw) > most:
            raise Wrong(f"the table has {len(raw)} rows", f"use at most {most}")
        out: dict[str, object] = {}
        for name, item in raw.items():
            if not isinstance(name, str) or not key.fullmatch(name):
                raise Wrong(f"{_shown(name)} is not {what}", f"it must match {key.pattern}")
            out[name] = value.read(item)
        return out

    return Type(
        read,
        {
            "type": "object",
            "patternProperties": {key.pattern: value.schema},
            "additionalProperties": False,
            "maxProperties": most,
        },
    )


def prompt() -> Type[str]:
    return matching(NAME, "a prompt id")


VARIABLE_NAME = matching(VARIABLE, "a variable's name (lower case, digits, _)")
ID = matching(NAME, "an id (letters, digits, _ . -)")
