"""What an agent did lately, for decision records asked for later.

Kept flat, four values a moment: they are written several times for each call, and a tuple each
would be most of what the engine gives the garbage collector to look at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import chain

# Past states kept per agent.
MOMENTS_MAX = 32
SIZE = 4

# (serial, at, why, back-off until): what an agent did from `at` on.
Moment = tuple[int, float, str, float]


class History(deque[int | float | str]):
    """The last moments of one agent. Add one with `extend(moment)`."""

    __slots__ = ()

    def __init__(self, moments: Iterable[Moment] = ()) -> None:
        super().__init__(chain.from_iterable(moments), SIZE * MOMENTS_MAX)

    @property
    def full(self) -> bool:
        """May there have been moments before the first one?"""
        return len(self) == SIZE * MOMENTS_MAX

    def moments(self) -> list[Moment]:
        """The oldest first."""
        values = iter(self)
        return list(zip(values, values, values, values, strict=True))  # type: ignore[arg-type]

    def at(self, serial: int) -> Moment | None:
        """What the agent was doing at `serial`; None if the history does not reach back."""
        if not self:
            return (0, 0.0, "offline", 0.0)
        if self[-SIZE] <= serial:  # type: ignore[operator]
            return self[-4], self[-3], self[-2], self[-1]  # type: ignore[return-value]
        for moment in reversed(self.moments()):
            if moment[0] <= serial:
                return moment
        return None if self.full else (0, 0.0, "offline", 0.0)
