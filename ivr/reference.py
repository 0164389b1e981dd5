"""The node reference of docs/flows.md, made from the table of node kinds.

`python -m ivr.reference` writes it; a test holds the page to it.
"""

from __future__ import annotations

import json
import sys

from ivr.nodes import KINDS
from ivr.nodes.kind import Field, Kind
from ivr.variables import GIVEN

GROUPS = {
    "speak": "Speaking",
    "ask": "Asking",
    "decide": "Deciding",
    "data": "Data and other systems",
    "offer": "Offers",
    "end": "Where callers go",
}


def _default(setting: Field[object]) -> str:
    if setting.required:
        return "**needed**"
    default = setting.default
    return "" if default in ("", None, {}) else f"`{json.dumps(default, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _kind(kind: Kind) -> list[str]:
    out = [f"#### {kind.name}", "", kind.about, ""]
    if kind.fields:
        out += ["| setting | meaning | default |", "|---|---|---|"]
        out += [
            f"| `{setting.name}` | {_cell(setting.about)} | {_cell(_default(setting))} |"
            for setting in kind.fields
        ]
        out.append("")
    ports = [f"`{port.name}` ({port.about})" for port in kind.ports]
    if kind.name in _OWN_PORTS:
        ports.insert(0, _OWN_PORTS[kind.name])
    out += ["Ports: " + "; ".join(ports) + "." if ports else "No ports.", ""]
    return out


_OWN_PORTS = {
    "menu": "each key of `choices`; `operator` when there is an `operator_key`",
    "switch": "each name in `cases`",
    "split": "each name in `shares`",
    "subflow": "each name in `exits`",
}


def reference_text() -> str:
    """The reference as Markdown."""
    out: list[str] = []
    for group, title in GROUPS.items():
        out += [f"### {title}", ""]
        for kind in KINDS.values():
            if kind.group == group:
                out += _kind(kind)
    out += ["### Variables given by the call", "", "| variable | meaning |", "|---|---|"]
    out += [f"| `{name}` | {about} |" for name, (_, about) in GIVEN.items()]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference_text())
