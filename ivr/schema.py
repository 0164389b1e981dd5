"""The published JSON schema of the flow format, made from the table of node kinds.

`python -m ivr.schema` writes it; a test holds `schema.json` to it. Beside what the standard knows
(JSON Schema 2020-12), `x-` words tell a designer what a setting is: `x-names` a kind of thing to
pick from, `x-expression`, `x-speech`, `x-words`, `x-variable`; and `x-ports` a kind's ways out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from ivr.nodes import KINDS
from ivr.nodes.hours import CALENDAR_FIELDS
from ivr.nodes.kind import Field, Kind
from ivr.nodes.speech import SPEECH, WORDS
from ivr.nodes.types import LANGUAGE, NAME, NODE_ID, VARIABLE

Schema = dict[str, object]


def _setting(setting: Field[object]) -> Schema:
    schema = setting.type.schema
    for long in ("x-speech", "x-words"):
        if long in schema:
            schema = {"$ref": f"#/$defs/.{long[2:]}"}
    out: Schema = {"description": setting.about, **schema}
    if not setting.required and setting.default not in ("", None, {}):
        out["default"] = setting.default
    return out


def _kind(kind: Kind) -> Schema:
    properties: Schema = {"kind": {"const": kind.name}}
    properties.update({setting.name: _setting(setting) for setting in kind.fields})
    target = {"type": "string", "pattern": NODE_ID.pattern}
    properties["ports"] = {"type": "object", "additionalProperties": target}
    if any(port.name == "next" for port in kind.ports):
        properties["next"] = {"description": "short for the port next", **target}
    return {
        "type": "object",
        "description": kind.about,
        "x-group": kind.group,
        "x-ports": [{"name": p.name, "about": p.about, "optional": p.optional} for p in kind.ports],
        "properties": properties,
        "required": ["kind", *(setting.name for setting in kind.fields if setting.required)],
        "additionalProperties": False,
    }


def _keyed(pattern: str, value: Mapping[str, object]) -> Schema:
    return {
        "type": "object",
        "patternProperties": {pattern: value},
        "additionalProperties": False,
    }


def flow_schema() -> Schema:
    """The schema of a flow file's values."""
    text = {"type": "string"}
    place = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    calendar = {
        "type": "object",
        "properties": {setting.name: _setting(setting) for setting in CALENDAR_FIELDS},
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Call flow",
        "description": "A flow of menus, prompts and queues; see docs/flows.md.",
        "type": "object",
        "required": ["id", "nodes"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "pattern": NAME.pattern},
            "name": {"type": "string", "maxLength": 1000},
            "version": {"type": "integer", "minimum": 1, "default": 1},
            "start": {"type": "string", "pattern": NODE_ID.pattern, "default": "start"},
            "languages": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "pattern": LANGUAGE.pattern},
                "default": ["en"],
            },
            "timezone": {"type": "string", "default": "UTC"},
            "fallback": {"type": "string", "pattern": NAME.pattern, "x-names": "queue"},
            "variables": _keyed(VARIABLE.pattern, {}),
            "calendars": _keyed(NAME.pattern, calendar),
            "prompts": _keyed(NAME.pattern, _keyed(LANGUAGE.pattern, text)),
            "nodes": _keyed(NODE_ID.pattern, {"$ref": "#/$defs/node"}),
            "tests": {"type": "array", "maxItems": 500, "items": {"type": "object"}},
            "layout": {"type": "object", "additionalProperties": place},
            "notes": _keyed(
                NODE_ID.pattern,
                {
                    "type": "object",
                    "properties": {"text": text, "at": place},
                    "additionalProperties": False,
                },
            ),
        },
        "$defs": {
            "node": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in sorted(KINDS)]},
            ".speech": dict(SPEECH.schema),
            ".words": dict(WORDS.schema),
            **{name: _kind(KINDS[name]) for name in sorted(KINDS)},
        },
    }


def schema_text() -> str:
    """The schema as it is published in schema.json."""
    return json.dumps(flow_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
