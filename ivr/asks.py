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
    """One thing to say, in the caller's language.

    `prompt`: a recorded prompt by id. `text`: `value` spoken by the prompt maker. The others say a
    value: `number` (1234.5), `digits` (one by one), `date` (YYYY-MM-DD), `time` (HH:MM), `money`
    ('12.50' or '12.50 CNY', ISO 4217)."""

    kind: Literal["prompt", "number", "digits", "date", "time", "money", "text"]
    value: str


@dataclass(frozen=True, slots=True)
class Collect:
    """Take `digits_min` to `digits_max` digits; wait `timeout_seconds` for the first after the
    prompt and `inter_digit_seconds` between; `terminator` ends early and is not returned. `secret`:
    the digits are nobody's business (a PIN): never shown, logged or recorded."""

    digits_max: int = 1
    digits_min: int = 1
    timeout_seconds: float = 5.0
    inter_digit_seconds: float = 2.0
    terminator: str = "#"
    secret: bool = False


# -- asks ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Play:
    """Say these and, with `collect`, take digits. A key does not cut the prompt short unless
    `interruptible`. Answer: Played."""

    items: tuple[PromptItem, ...]
    collect: Collect | None = None
    interruptible: bool = True


@dataclass(frozen=True, slots=True)
class LookUp:
    """Fetch data, or have something done, by `source` (see docs/flows.md). Answer: Found."""

    source: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """Record the caller until silence, a key or the limit. Answer: Recorded."""

    name: str
    seconds_max: float = 120.0
    silence_seconds: float = 4.0
    beep: bool = True


@dataclass(frozen=True, slots=True)
class Transfer:
    """Ring an extension or an outside number for the caller. The number has only digits, * # and a
    leading +; whether it may be dialled is the driver's rule. Answer: Transferred."""

    number: str
    ring_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Wait for an agent. The flow ends here unless an overflow sends it on (answer: Overflowed), or
    it wants the caller back after the talk (`Session.after_talk`; answer: Served)."""

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


Ask = Play | LookUp | Record | Transfer | Enqueue | LeaveMessage | Disconnect
Outcome = Enqueue | LeaveMessage | Disconnect  # where a caller's way through the menus ends


@dataclass(frozen=True, slots=True)
class Sealed:
    """Digits that are nobody's business: a handle that stands for them, how many keys there were,
    whether all of them were digits, and whether the last is a right Luhn check digit."""

    handle: str
    length: int
    plain: bool = True
    luhn: bool = False


# -- answers ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Played:
    """`missing`: a prompt had no sound file; `failed`: it could not be played. Keys count all the
    same. `sealed`: what was keyed in for a secret, in place of the digits."""

    digits: str = ""
    outcome: Literal["done", "timeout", "missing", "failed"] = "done"
    sealed: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the look-up gave, as plain JSON values; `error` not empty: it could not be done."""

    values: Mapping[str, object]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """`seconds` 0: nothing was said. `failed`: there is no file."""

    seconds: float
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Transferred:
    """`answered`: they spoke and the far end has hung up."""

    outcome: Literal["answered", "busy", "no-answer", "failed"]


@dataclass(frozen=True, slots=True)
class Overflowed:
    """The queue took nobody, or sent the caller on."""

    reason: str


@dataclass(frozen=True, slots=True)
class Served:
    """The talk is over: the agent has hung up, the caller has not."""


Answer = Played | Found | Recorded | Transferred | Overflowed | Served
