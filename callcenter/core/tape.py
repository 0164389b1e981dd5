"""The recording of one talk ("tape", to be told from the messages that callers leave): its states.

Asterisk opens a file for each offer and writes only while the caller is with somebody. It can be
muted, which writes silence in place of what is said: that is a pause. Nothing is believed before
Asterisk has said it, and a mute that is not confirmed in time stops the whole recording: rather
none than one with a card number in it. A pair (state, event) that is absent from the table changes
nothing; events from Asterisk carry no name, so a late one must be harmless.

    asked      the offer went out with the file's name
    on         what is said is written
    pausing    silence was asked for, and is not confirmed
    paused     silence is written
    resuming   the end of the silence was asked for, and is not confirmed
    stopping   the end was asked for, and is not confirmed
    stopped    nothing is written any more
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

TapeState = Literal["asked", "on", "pausing", "paused", "resuming", "stopping", "stopped"]
Reason = Literal["always", "percent", "on-demand"]
# Why it is silent. *armed*: nobody has asked for the recording yet (on demand).
Why = Literal["armed", "hand", "card", "flow", "carried"]


class Event(Enum):
    STARTED = "started"
    PAUSE = "pause"
    PAUSED = "paused"
    RESUME = "resume"
    RESUMED = "resumed"
    STOP = "stop"
    STOPPED = "stopped"


TABLE: dict[TapeState, dict[Event, TapeState]] = {
    "asked": {Event.STARTED: "on", Event.STOP: "stopping"},
    "on": {Event.PAUSE: "pausing", Event.STOP: "stopping", Event.STOPPED: "stopped"},
    "pausing": {
        Event.PAUSED: "paused",
        Event.RESUME: "resuming",
        Event.STOP: "stopping",
        Event.STOPPED: "stopped",
    },
    "paused": {
        Event.PAUSE: "pausing",  # asked again after the link was away
        Event.RESUME: "resuming",
        Event.STOP: "stopping",
        Event.STOPPED: "stopped",
    },
    "resuming": {
        Event.RESUMED: "on",
        Event.PAUSE: "pausing",
        Event.RESUME: "resuming",
        Event.STOP: "stopping",
        Event.STOPPED: "stopped",
    },
    "stopping": {Event.STOP: "stopping", Event.STOPPED: "stopped"},
    "stopped": {},
}


@dataclass(slots=True)
class Pause:
    """A stretch of silence, UNIX seconds. What is said from `asked_at` on is cut out of what is
    kept; from `since` on Asterisk itself wrote silence (None: never confirmed)."""

    asked_at: float
    why: Why
    since: float | None = None
    until: float | None = None


@dataclass(slots=True)
class Tape:
    """`id` is the name of the file. `attempt`: the offer it belongs to. `agents` were heard in it,
    the first to answer first. `spoken`: when the caller was with an agent, (from, until), the last
    one open while it lasts. `wanted`: somebody asked for it, or the rule did; what nobody wanted is
    thrown away. `part`: of the interaction. `resume_at`: when a pause ends by itself."""

    id: str
    attempt: int
    part: int
    reason: Reason
    queue: str
    state: TapeState = "asked"
    agents: list[str] = field(default_factory=list)
    spoken: list[tuple[float, float | None]] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    wanted: bool = True
    at_start: Why | None = None
    resume_at: float | None = None
    tries: int = 0
    trouble: str = ""

    def enter(self, event: Event) -> bool:
        """Take the step if the table has it."""
        after = TABLE[self.state].get(event)
        if after is None:
            return False
        self.state = after
        return True

    @property
    def silent(self) -> bool:
        """Confirmed: nothing that is said now is kept."""
        return self.state in ("paused", "resuming")

    @property
    def going_on(self) -> bool:
        return self.state not in ("stopping", "stopped")

    @property
    def armed(self) -> bool:
        """Runs in silence until somebody asks for it."""
        return not self.wanted and self.going_on
