"""What a running flow asks of whoever drives it, and what can be answered: two closed unions.

The interpreter (`ivr.session`) is pure: it is given an answer and returns the next ask. Playing,
collecting, looking up and queueing are somebody else's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class PromptItem:
    """`prompt`: a recorded prompt by id. `number`, `digits`, `date`, `time`, `money`: `value` said
    in the caller's language. `text`: `value` spoken by the prompt maker (cached file)."""

    kind: Literal["prompt", "number", "digits", "date", "time", "money", "text"]
    value: str


@dataclass(frozen=True, slots=True)
class Collect:
    """Take `digits_min` to `digits_max` digits; wait `timeout_seconds` for the first after the
    prompt and `inter_digit_seconds` between; `terminator` ends early and is not returned."""

    digits_max: int = 1
    digits_min: int = 1
    timeout_seconds: float = 5.0
    inter_digit_seconds: float = 2.0
    terminator: str = "#"


# -- asks ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Play:
    """Say these and, with `collect`, take digits. Answer: Played."""

    items: tuple[PromptItem, ...]
    collect: Collect | None = None


@dataclass(frozen=True, slots=True)
class LookUp:
    """Fetch data. Answer: Found."""

    source: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Wait for an agent. The flow ends here unless an overflow sends it on (answer: Overflowed)."""

    queue: str
    skills: Mapping[str, int] = field(default_factory=dict)
    priority: int = 0


@dataclass(frozen=True, slots=True)
class LeaveMessage:
    """To voicemail."""

    box: str


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Hang up."""

    reason: str = ""


Ask = Play | LookUp | Enqueue | LeaveMessage | Disconnect


# -- answers ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Played:
    digits: str = ""
    outcome: Literal["done", "timeout", "missing", "failed"] = "done"


@dataclass(frozen=True, slots=True)
class Found:
    values: Mapping[str, object]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Overflowed:
    reason: str


Answer = Played | Found | Overflowed
