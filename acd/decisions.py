"""Decision records: who was considered for an entry, and why each other was not chosen.

A record is a value made of plain words; it is stored with the interaction. The texts are written
for a supervisor who asks "why did this caller wait?".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# So many agents are named in a text; all are counted.
NAMED_MAX = 12


@dataclass(frozen=True, slots=True)
class Considered:
    """One agent as seen at the moment of the decision. `code` is one of: chosen, not-first,
    turn-of-another, not-free, back-off, missed-this-caller, lacks-skill, ring-later,
    kept-for-preferred, reserved, no-room, unknown."""

    agent: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about one entry at one moment. `chosen` None: nobody could take it. `considered`
    names those who came nearest to getting it, `counts` counts all members of the queue. `also`:
    those whose phones ring at the same time as that of `chosen`."""

    entry: str
    queue: str
    at: float
    chosen: str | None
    attempt: int
    ring: int
    strategy: str
    waited_seconds: float
    position: int | None
    considered: tuple[Considered, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    also: tuple[str, ...] = ()

    def to_text(self) -> str:
        """The record in a few lines of plain words."""
        to = ", ".join((self.chosen, *self.also)) if self.chosen else "nobody"
        head = (
            f"{self.entry} in queue {self.queue}: offered to {to} after "
            f"{self.waited_seconds:.1f} s of waiting "
            f"(attempt {self.attempt}, ring {self.ring}, {self.strategy})"
        )
        lines = [head]
        if self.note:
            lines.append(f"  {self.note}")
        lines += [f"  {one.agent}: {one.text}" for one in self.considered[:NAMED_MAX]]
        rest = sum(self.counts.values()) - min(len(self.considered), NAMED_MAX)
        if rest > 0:
            summary = ", ".join(f"{code} {n}" for code, n in sorted(self.counts.items()))
            lines.append(f"  and {rest} more; in all: {summary}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """The record as JSON-able values."""
        return {
            "entry": self.entry,
            "queue": self.queue,
            "at": self.at,
            "chosen": self.chosen,
            "attempt": self.attempt,
            "ring": self.ring,
            "strategy": self.strategy,
            "waited_seconds": self.waited_seconds,
            "position": self.position,
            "considered": [
                {"agent": one.agent, "code": one.code, "text": one.text} for one in self.considered
            ],
            "counts": dict(self.counts),
            "note": self.note,
            "also": list(self.also),
        }


def from_json(values: Mapping[str, Any]) -> Decision:
    """A record as `to_json` wrote it. Raises KeyError, TypeError for something else."""
    considered = tuple(
        Considered(str(one["agent"]), str(one["code"]), str(one["text"]))
        for one in values["considered"]
    )
    lists = {"considered": considered, "also": tuple(values.get("also", ()))}
    return Decision(**{**values, **lists, "counts": dict(values["counts"])})
