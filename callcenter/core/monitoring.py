"""A supervisor at a live call: what he may ask for, what Asterisk is asked for, what it tells.

*listen*: he hears both and nobody hears him; *whisper*: the agent hears him; *barge*: both do. One
user hears one call at a time, so commands after the first name him and no call. `token` is ours: it
is what his browser dials, once, and what stands on his channel. The rules are in `core.hearing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["listen", "whisper", "barge"]


# -- commands -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Hear:
    """Let the user into this call; his browser dials `token` until `until` (UNIX seconds). `name`:
    how the agent sees him; `agent`: whom he is himself, "" for no agent; `role`: for the border of
    his teams."""

    call: str
    token: str
    name: str
    agent: str
    role: str
    mode: Mode
    until: float


@dataclass(frozen=True, slots=True)
class ChangeHearing:
    mode: Mode


@dataclass(frozen=True, slots=True)
class TakeOverCall:
    """The user has the caller from now on; the agent writes."""


@dataclass(frozen=True, slots=True)
class StopHearing:
    """Out of the call; who has taken it over ends it."""


MonitoringAction = Hear | ChangeHearing | TakeOverCall | StopHearing


# -- effects ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TuneIn:
    """Let the supervisor's channel hear the call's agent, wherever he stands now. `together`: to
    barge in he enters their conference. Answer: HearerReady when there is nothing to hear (any
    more)."""

    call: str
    token: str
    channel: str
    mode: Mode
    together: bool = False


@dataclass(frozen=True, slots=True)
class TuneOut:
    """Silence for him, and he is heard by nobody. Answer: HearerReady."""

    call: str
    token: str
    channel: str


@dataclass(frozen=True, slots=True)
class DropHearer:
    """End his channel. `call` "": it is not known any more. Answer: HearerGone."""

    call: str
    token: str
    channel: str


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Bring the caller and the supervisor's channel, which is in silence, together; the agent's leg
    ends. Answer: DialledOut with `transfer` as its token, when the supervisor is gone."""

    call: str
    transfer: str
    channel: str
    seconds_max: float


MonitoringEffect = TuneIn | TuneOut | DropHearer


# -- facts --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class HearerReady:
    """The supervisor's channel is on the line, in silence."""

    token: str
    channel: str


@dataclass(frozen=True, slots=True)
class HearerGone:
    """His channel is gone. `cause`: Q.850."""

    token: str
    cause: int = 16


@dataclass(frozen=True, slots=True)
class HearerSeen:
    """His channel in a `Snapshot`. `taken`: he has a caller."""

    token: str
    channel: str
    taken: bool = False
