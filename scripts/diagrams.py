#!/usr/bin/env python3
"""Draws the state tables of the code as diagrams: call-stages.md, presence.md and recording.md
in docs/generated.

    .venv/bin/python scripts/diagrams.py            writes them
    .venv/bin/python scripts/diagrams.py --check    says which are not current; exit status 1

The tables are the truth; a test holds the pages to them. The diagrams are Mermaid, which the web
pages of code hosts draw by themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "generated"
sys.path.insert(0, str(ROOT))

from acd import presence  # noqa: E402
from callcenter.core import tape  # noqa: E402
from callcenter.core.call import STAGES, Call  # noqa: E402

Edge = tuple[str, str, str]  # from, event, to

NOTE = "Made by `scripts/diagrams.py` from {table}; change that table, then run the script."


def call_edges() -> list[Edge]:
    return [
        (stage, event.value, after) for stage, row in STAGES.items() for event, after in row.items()
    ]


def tape_edges() -> list[Edge]:
    return [
        (state, event.value, after)
        for state, row in tape.TABLE.items()
        for event, after in row.items()
    ]


def presence_edges() -> list[Edge]:
    """What leads back to what the agent wished for is drawn to one node of that name."""
    return [
        (state.value, event.value, "as wished" if after is None else after.value)
        for state, row in presence.TABLE.items()
        for event, after in row.items()
    ]


def diagram(edges: Iterable[Edge], first: str, last: str | None) -> str:
    """Events with the same two ends share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for before, event, after in edges:
        arrows.setdefault((before, after), []).append(event.replace("_", " "))
    names = list(dict.fromkeys(name for pair in arrows for name in pair))
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{name}" as {key(name)}' for name in names if key(name) != name]
    lines.append(f"    [*] --> {key(first)}")
    for (before, after), events in arrows.items():
        lines.append(f"    {key(before)} --> {key(after)} : {', '.join(events)}")
    if last is not None:
        lines.append(f"    {key(last)} --> [*]")
    return "\n".join([*lines, "```"])


def key(name: str) -> str:
    return name.replace("-", "_").replace(" ", "_")


def table(rows: Mapping[str, Mapping[str, str]]) -> str:
    lines = ["| in | event | becomes |", "|---|---|---|"]
    for state, row in rows.items():
        lines += [f"| {state} | {event} | {after} |" for event, after in row.items()]
    return "\n".join(lines)


def as_rows(edges: Iterable[Edge]) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for before, event, after in edges:
        rows.setdefault(before, {})[event.replace("_", " ")] = after
    return rows


def page(title: str, source: str, edges: list[Edge], first: str, last: str | None) -> str:
    parts = [
        f"# {title}",
        NOTE.format(table=source),
        diagram(edges, first, last),
        "What is not listed cannot happen, or changes nothing.",
        table(as_rows(edges)),
    ]
    return "\n\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    """File name to text."""
    first = Call.__dataclass_fields__["stage"].default
    return {
        "call-stages.md": page(
            "The stages of a call", "`callcenter.core.call.STAGES`", call_edges(), first, "closed"
        ),
        "recording.md": page(
            "The recording of a talk",
            "`callcenter.core.tape.TABLE`",
            tape_edges(),
            "asked",
            "stopped",
        ),
        "presence.md": page(
            "The presence of an agent",
            "`acd.presence.TABLE`",
            presence_edges(),
            presence.State.OFFLINE.value,
            None,
        ),
    }


def main(arguments: list[str]) -> int:
    stale = 0
    for name, text in pages().items():
        file = FOLDER / name
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if "--check" in arguments:
            print(f"{file.relative_to(ROOT)} is not current: run scripts/diagrams.py")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"wrote {file.relative_to(ROOT)}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
