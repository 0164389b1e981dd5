"""Checking plain values: every mistake is noted with its place, and reading goes on.

A wrong value is replaced by one that is harmless, so that all mistakes of a text are found at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from acd.model import SKILL_MAX

T = TypeVar("T")

LIST_MAX = 100_000
SECONDS_MAX = 10_000_000.0


@dataclass(frozen=True, slots=True)
class Mistake:
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(slots=True)
class Reader:
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, place: str, text: str) -> None:
        self.mistakes.append(Mistake(place or "the scenario", text))

    def table(self, value: object, place: str, known: Sequence[str]) -> Mapping[str, object]:
        """A table with no other keys than `known`."""
        if not isinstance(value, Mapping):
            self.wrong(place, f"must be a table, not {said(value)}")
            return {}
        for key in value:
            if key not in known:
                self.wrong(inside(place, str(key)), f"is not known here; known: {', '.join(known)}")
        return value

    def items(self, value: object, place: str, least: int = 1) -> list[tuple[str, object]]:
        """A list, as (place, item)."""
        if not isinstance(value, (list, tuple)):
            self.wrong(place, f"must be a list, not {said(value)}")
            return []
        if not least <= len(value) <= LIST_MAX:
            self.wrong(place, f"must have {least} to {LIST_MAX} items, not {len(value)}")
            return []
        return [(f"{place}[{n}]", item) for n, item in enumerate(value)]

    def number(
        self, value: object, place: str, low: float = 0.0, high: float = SECONDS_MAX
    ) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.wrong(place, f"must be a number, not {said(value)}")
            return low
        if not low <= value <= high:  # nor not-a-number
            self.wrong(place, f"must be between {low:g} and {high:g}, not {said(value)}")
            return low
        return float(value)

    def above_zero(self, value: object, place: str, high: float = SECONDS_MAX) -> float:
        number = self.number(value, place, 0.0, high)
        if number == 0.0:
            if not self.mistakes or self.mistakes[-1].place != place:
                self.wrong(place, "must be more than 0")
            return 1.0
        return number

    def whole(self, value: object, place: str, low: int, high: int) -> int:
        number = self.number(value, place, low, high)
        if number != int(number):
            self.wrong(place, f"must be a whole number, not {value}")
        return int(number)

    def word(self, value: object, place: str) -> str:
        if not isinstance(value, (str, int)) or isinstance(value, bool) or value == "":
            self.wrong(place, f"must be a name, not {said(value)}")
            return ""
        return str(value)

    def flag(self, value: object, place: str) -> bool:
        if not isinstance(value, bool):
            self.wrong(place, f"must be true or false, not {said(value)}")
            return False
        return value

    def choice(self, value: object, place: str, choices: Sequence[str]) -> str:
        if value not in choices:
            self.wrong(place, f"must be one of {', '.join(choices)}, not {said(value)}")
            return choices[0]
        return str(value)

    def levels(self, value: object, place: str) -> dict[str, int]:
        """Skills with their levels."""
        if not isinstance(value, Mapping):
            self.wrong(place, f"must be a table of skills and levels, not {said(value)}")
            return {}
        return {
            str(name): self.whole(level, inside(place, str(name)), 0, SKILL_MAX)
            for name, level in value.items()
        }

    def optional(
        self, table: Mapping[str, object], key: str, place: str, read: Callable[[object, str], T]
    ) -> T | None:
        if table.get(key) is None:
            return None
        return read(table[key], inside(place, key))


def inside(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def said(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
