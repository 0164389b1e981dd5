"""What every process does that works in the background (`background.lines_of`): it lowers itself,
reads its task, and is bounded. And the dice of its simulations.
"""

from __future__ import annotations

import os
import pickle
import random
import resource
import sys
from collections.abc import Callable
from typing import Protocol, TypeVar

from acd.happened import Dice

NICE = 10  # calls go before; on a busy machine it still gets on
MEMORY_BYTES = 2 * 1024**3


class Bounded(Protocol):
    """`seconds`: after which nothing new is begun."""

    @property
    def seconds(self) -> float: ...


Task = TypeVar("Task", bound=Bounded)


def task_of(kind: type[Task]) -> Task:
    """The task from standard input, which only the service writes. From now on the process has so
    much processor time and memory, and no more."""
    os.nice(NICE)
    task = pickle.load(sys.stdin.buffer)
    assert isinstance(task, kind)
    most = int(task.seconds) * 2 + 60
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    return task


def dice_of(seed: int, number: int) -> Callable[[str], Dice]:
    """The streams of a replication, by purpose: they depend on these three alone, so that the same
    question has the same answer on a page and on the command line."""
    return lambda purpose: random.Random(f"{seed}/{number}/{purpose}")
