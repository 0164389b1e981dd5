"""Supervisors' channels in the model of Asterisk: each hears an agent, a caller, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callcenter.core.inputs import Input
from callcenter.core.monitoring import (
    DropHearer,
    HearerGone,
    HearerReady,
    HearerSeen,
    MonitoringEffect,
    TuneIn,
    TuneOut,
)

NORMAL = 16


@dataclass
class Ear:
    """`at`: the call, agent and way of what is heard. `taken`: the call he has."""

    token: str
    channel: str
    at: tuple[str, str, str] | None = None
    together: bool = False
    taken: str = ""


class Supervisors:
    """`talks_with` gives the agent of a call, "" for none; `taken_back` is told whose supervisor is
    gone."""

    def __init__(
        self,
        tell: Callable[[Input], None],
        talks_with: Callable[[str], str],
        taken_back: Callable[[str], None],
    ) -> None:
        self._tell, self._talks_with, self._taken_back = tell, talks_with, taken_back
        self.ears: dict[str, Ear] = {}
        self._count = 0

    def dials(self, token: str) -> Ear:
        self._count += 1
        ear = Ear(token, f"PJSIP/h1-{self._count}")
        self.ears[ear.channel] = ear
        self._tell(HearerReady(token, ear.channel))
        return ear

    def hangs_up(self, ear: Ear, cause: int = NORMAL) -> None:
        if self.ears.pop(ear.channel, None) is not None:
            if ear.taken:
                self._taken_back(ear.taken)
            self._tell(HearerGone(ear.token, cause))

    def execute(self, effect: MonitoringEffect) -> None:
        ear = self.ears.get(effect.channel)
        if ear is None:
            self._tell(HearerGone(effect.token))
            return
        match effect:
            case TuneIn():
                agent = self._talks_with(effect.call)
                if agent:
                    ear.at, ear.together = (effect.call, agent, effect.mode), effect.together
                else:
                    self._silence(ear)
            case TuneOut():
                self._silence(ear)
            case DropHearer():
                self.hangs_up(ear)

    def takes(self, call: str, channel: str) -> None:
        ear = self.ears.get(channel)
        if ear is not None:
            ear.at, ear.taken = None, call

    def look_again(self) -> None:
        """Some agent's leg, or some caller, may be gone."""
        for ear in list(self.ears.values()):
            if ear.at is not None and self._talks_with(ear.at[0]) != ear.at[1]:
                self._silence(ear)

    def caller_gone(self, call: str) -> None:
        for ear in self.ears.values():
            if ear.taken == call:
                ear.taken = ""
                self._silence(ear)

    def _silence(self, ear: Ear) -> None:
        ear.at = None
        self._tell(HearerReady(ear.token, ear.channel))

    def seen(self) -> tuple[HearerSeen, ...]:
        return tuple(
            HearerSeen(ear.token, ear.channel, bool(ear.taken)) for ear in self.ears.values()
        )
