"""The JSON Schema of the console websocket, from which the console's TypeScript types are made."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from agent_console import wire


def document() -> dict[str, Any]:
    """One object type with two properties: `server` and `client`, every message of each side. The
    limits and close codes stand beside them as `x-` keys."""
    server: TypeAdapter[Any] = TypeAdapter(wire.ServerMessage)
    client: TypeAdapter[Any] = TypeAdapter(wire.ClientMessage)
    made, definitions = TypeAdapter.json_schemas(
        [("server", "serialization", server), ("client", "validation", client)],
        ref_template="#/$defs/{model}",
    )
    for name, definition in definitions["$defs"].items():
        _require_what_is_always_there(
            definition, client=name in _names(made["client", "validation"])
        )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wire",
        "type": "object",
        "additionalProperties": False,
        "required": ["server", "client"],
        "properties": {
            "server": made["server", "serialization"],
            "client": made["client", "validation"],
        },
        "$defs": definitions["$defs"],
        "x-close-codes": {code.name: int(code) for code in wire.CloseCode},
        "x-limits": {
            "message_max_bytes": wire.MESSAGE_MAX_BYTES,
            "messages_per_second": wire.COMMANDS_PER_SECOND,
            "ping_seconds": wire.PING_SECONDS,
            "sockets_per_user": wire.SOCKETS_PER_USER,
        },
    }


def _names(union: dict[str, Any]) -> set[str]:
    return {option["$ref"].rpartition("/")[2] for option in union["oneOf"]}


def _require_what_is_always_there(definition: dict[str, Any], *, client: bool) -> None:
    """What the server sends has every field; the client may leave out those with a default, but
    never the type."""
    properties = definition.get("properties", {})
    if not client:
        definition["required"] = sorted(properties)
    else:
        definition["required"] = sorted({*definition.get("required", []), "type"})
