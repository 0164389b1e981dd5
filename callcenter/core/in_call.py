"""What an agent may ask for inside a talk and at its edges: park, take, per person, keys.

Commands like those of `inputs` (they may be refused, they are journaled), effects and facts beside
them, so that the vocabulary of one subject stands in one place. Who a person of a call is:
*caller*; *agent*, who has the call; *colleague*, who is asked about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Person = Literal["caller", "agent", "colleague"]
PERSONS: tuple[Person, ...] = ("caller", "agent", "colleague")
DIGITS_MAX = 32


# -- commands -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ParkCall:
    """Put the caller on a numbered place, with music, from where any agent of the queue may take
    him. After the queue's `park_seconds` he goes back to the head of the line."""

    call: str


@dataclass(frozen=True, slots=True)
class PickUpCall:
    """Take this call oneself: a parked one, one that rings at a colleague, or one that waits in a
    queue whose agents may choose. The talk one has is parked first."""

    call: str


@dataclass(frozen=True, slots=True)
class MutePerson:
    """In a conference: nobody hears this person, or everybody does again."""

    call: str
    who: Person
    on: bool


@dataclass(frozen=True, slots=True)
class PartParties:
    """Out of the conference, to talk with one of the two; the other one is on hold."""

    call: str
    talk_to: Literal["caller", "colleague"]


@dataclass(frozen=True, slots=True)
class SendDigits:
    """Press keys towards the caller, for agents whose phone is not the browser."""

    call: str
    digits: str


InCallAction = ParkCall | PickUpCall | MutePerson | PartParties | SendDigits


# -- effects on a call --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Mute:
    """Nobody hears what this person says, or everybody does again. No answer."""

    call: str
    who: Person
    on: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Out of the conference: the agent talks to the caller while the colleague hears music, or the
    other way round. Answer: Parted."""

    call: str
    to_caller: bool


@dataclass(frozen=True, slots=True)
class PlayDigits:
    """DTMF towards the caller. `digits` matches `^[0-9*#]{1,32}$`. No answer."""

    call: str
    digits: str


InCallEffect = Mute | Part | PlayDigits


# -- facts --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Parted:
    """The conference is over, all three are still there; the agent talks to one of the two."""

    call: str
    to_caller: bool
