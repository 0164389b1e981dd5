"""What may be dialled by hand, by whom and how often: the guards against toll fraud, as values.

Deny by default. A number has passed `callcenter.dialling` before it comes here (complete, of a
country and a kind that the installation allows); here stand the rules that the administrator sets
while the centre runs: a switch for all, roles, countries, caps, and which numbers may be shown.
What is refused has a code (`core.refusals`). Asterisk's side checks the number once more, last of
all.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from callcenter.core import refusals

HOUR_SECONDS = 3600.0
KEPT_MAX = 100_000  # more hand-dialled calls an hour than any cap allows


@dataclass(frozen=True, slots=True)
class CallerId:
    """A number that may be shown to who is called, E.164. Empty `roles`, `queues`: all of them."""

    number: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()

    def fits(self, role: str, queue: str) -> bool:
        return (not self.roles or role in self.roles) and (not self.queues or queue in self.queues)


@dataclass(frozen=True, slots=True)
class Message:
    """What an agent may leave on a machine with one click: a prompt, by its id."""

    prompt: str
    name: str
    name_zh: str = ""


@dataclass(frozen=True, slots=True)
class OutboundRules:
    """`enabled`: the kill switch; off, nobody dials by hand. `roles`: who may. `countries` (ISO
    3166): narrower than the installation's, empty: all of those. `at_once_max`: calls to outside
    numbers under way, all together; `hour_max`: begun in the last 60 minutes, all together,
    `agent_hour_max`: by one agent. `minutes_max`: no call lasts longer."""

    enabled: bool = False
    roles: frozenset[str] = frozenset({"agent", "supervisor", "administrator"})
    countries: frozenset[str] = frozenset()
    at_once_max: int = 30
    hour_max: int = 600
    agent_hour_max: int = 60
    minutes_max: int = 120
    ring_seconds: float = 45.0
    caller_ids: tuple[CallerId, ...] = ()
    messages: tuple[Message, ...] = ()

    def shown(self, wanted: str, role: str, queue: str) -> str | None:
        """The number to show: the one wanted if it may be, without a wish the first that may be
        ("" is the trunk's own). None: that one may not be shown."""
        allowed = [one.number for one in self.caller_ids if one.fits(role, queue)]
        if not wanted:
            return allowed[0] if allowed else ""
        return wanted if wanted in allowed else None

    def message(self, prompt: str) -> Message | None:
        return next((one for one in self.messages if one.prompt == prompt), None)


@dataclass(slots=True)
class Meter:
    """Who dialled when in the last hour, oldest first."""

    dialled: deque[tuple[float, str]] = field(default_factory=deque)

    def note(self, agent: str, now: float) -> None:
        self._forget(now)
        self.dialled.append((now, agent))
        while len(self.dialled) > KEPT_MAX:
            self.dialled.popleft()

    def _forget(self, now: float) -> None:
        while self.dialled and self.dialled[0][0] <= now - HOUR_SECONDS:
            self.dialled.popleft()

    def refusal(self, rules: OutboundRules, agent: str, under_way: int, now: float) -> str | None:
        self._forget(now)
        if under_way >= rules.at_once_max:
            return refusals.OUTBOUND_AT_ONCE
        if len(self.dialled) >= rules.hour_max:
            return refusals.OUTBOUND_HOUR_ALL
        if sum(1 for _, who in self.dialled if who == agent) >= rules.agent_hour_max:
            return refusals.OUTBOUND_HOUR
        return None


def refusal(rules: OutboundRules, possible: bool, role: str, country: str) -> str | None:
    """Why this role may not dial a number of this country. `possible`: there is a trunk."""
    if not possible or not rules.enabled:
        return refusals.OUTBOUND_OFF
    if role not in rules.roles:
        return refusals.OUTBOUND_NOT_YOU
    if rules.countries and country not in rules.countries:
        return refusals.OUTBOUND_COUNTRY
    return None
