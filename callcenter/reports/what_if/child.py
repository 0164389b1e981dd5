"""The process in which both days are lived through, so that calls of the house do not wait for it.

It reads one task from standard input, lives through replication after replication of the day as it
is and as it would be, with the same callers, and writes a line of JSON for each pair. It ends when
enough are done, when its time is up, or when nobody reads any more. It runs at a low priority and
may use so much processor time and no more. Only the service starts it.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import resource
import sys
import time

from acd.happened import Dice
from acd.scenario import Scenario
from acd.simulate import replicate
from acd.tally import Figures
from acd.tally_intervals import interval_figures
from callcenter.reports.what_if.task import Task

NICE = 10  # calls go before; on a busy machine it still gets on
MEMORY_BYTES = 2 * 1024**3


def lived(scenario: Scenario, task: Task, number: int) -> dict[str, Figures]:
    """One replication; its callers depend on seed and number alone."""

    def stream(purpose: str) -> Dice:
        return random.Random(f"{task.seed}/{number}/{purpose}")

    return interval_figures(scenario, replicate(scenario, stream), task.shown)


def main() -> None:
    os.nice(NICE)
    task = pickle.load(sys.stdin.buffer)
    assert isinstance(task, Task)
    most = int(task.seconds) * 2 + 60
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    began = time.monotonic()
    for number in range(task.replications):
        pair = [lived(scenario, task, number) for scenario in (task.base, task.changed)]
        sys.stdout.write(json.dumps(pair) + "\n")
        sys.stdout.flush()
        if time.monotonic() - began >= task.seconds:
            break


if __name__ == "__main__":
    main()
