"""A sorted list that stays fast when long: insert, remove, first and rank in O(log n + block).

Entries wait in it in the order of their keys. A heap would be as fast for taking the first one, but
cannot tell a caller's position nor drop an abandoned caller without leaving a stale item behind;
stale items are what made worst cases of milliseconds. Items are tuples which begin with (key, seq),
with seq unique, so the rest of a tuple is never compared.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=tuple[object, ...])

# A block is split at twice this length. 256 keeps one insertion's memory move below 4 KiB.
BLOCK = 256


class Line(Generic[Item]):
    """Items in ascending order. `first` is the smallest, or None; read it, do not set it."""

    __slots__ = ("_blocks", "_maxima", "_size", "first")

    def __init__(self) -> None:
        # There is always a block; with nobody in line it is empty, and its maximum says nothing.
        self._blocks: list[list[Item]] = [[]]
        self._maxima: list[Item] = []
        self._size = 0
        self.first: Item | None = None

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Item]:
        for block in self._blocks:
            yield from block

    def add(self, item: Item) -> None:
        """Insert; an item may be in the line only once."""
        maxima = self._maxima
        if not self._size:
            self._size = 1
            self._blocks[0].append(item)
            maxima[:] = (item,)
            self.first = item
            return
        self._size += 1
        if item > maxima[-1]:  # the usual case: the newest caller goes to the end
            at = len(maxima) - 1
            self._blocks[at].append(item)
            maxima[at] = item
        else:
            at = bisect_left(maxima, item)
            insort(self._blocks[at], item)
            if at == 0:
                self.first = self._blocks[0][0]
        if len(self._blocks[at]) > 2 * BLOCK:
            self._split(at)

    def _split(self, at: int) -> None:
        block = self._blocks[at]
        self._blocks.insert(at + 1, block[BLOCK:])
        del block[BLOCK:]
        self._maxima.insert(at, block[-1])

    def remove(self, item: Item) -> None:
        """Take the item out; ValueError if it is not in the line."""
        blocks = self._blocks
        if item is self.first:
            at = place = 0
        else:
            at = bisect_left(self._maxima, item) if self._size else 0
            if not self._size or at == len(self._maxima):
                raise ValueError("not in line")
            place = bisect_left(blocks[at], item)
            if blocks[at][place] != item:
                raise ValueError("not in line")
        block = blocks[at]
        del block[place]
        self._size -= 1
        if not self._size:
            self.first = None
        else:
            if not block:
                del blocks[at], self._maxima[at]
            elif place == len(block):
                self._maxima[at] = block[-1]
            if at == 0:
                self.first = blocks[0][0]

    def rank(self, item: Item) -> int:
        """How many items come before this one."""
        if not self._size or item is self.first:
            return 0
        at = bisect_left(self._maxima, item)
        before = sum(map(len, self._blocks[:at]))
        if at < len(self._blocks):
            before += bisect_left(self._blocks[at], item)
        return before

    def tail(self, start: int) -> list[Item]:
        """The items from rank `start` on."""
        out: list[Item] = []
        for block in self._blocks:
            if start < len(block):
                out += block[max(start, 0) :]
            start -= len(block)
        return out
