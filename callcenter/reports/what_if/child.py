"""The process in which both days are lived through, so that calls of the house do not wait for it.

It reads one task from standard input, lives through replication after replication of the day as it
is and as it would be, with the same callers, and writes a line of JSON for each pair. It ends when
enough are done, when its time is up, or when nobody reads any more. It runs at a low priority and
may use so much processor time and no more. Only the service starts it.
"""

from __future__ import annotations

import json
import sys
import time

from acd.scenario import Scenario
from acd.simulate import replicate
from acd.tally import Figures
from acd.tally_intervals import interval_figures
from callcenter.reports.child import dice_of, task_of
from callcenter.reports.what_if.task import Task


def lived(scenario: Scenario, task: Task, number: int) -> dict[str, Figures]:
    """One replication; its callers depend on seed and number alone."""
    run = replicate(scenario, dice_of(task.seed, number))
    return interval_figures(scenario, run, task.shown)


def main() -> None:
    task = task_of(Task)
    began = time.monotonic()
    for number in range(task.replications):
        pair = [lived(scenario, task, number) for scenario in (task.base, task.changed)]
        sys.stdout.write(json.dumps(pair) + "\n")
        sys.stdout.flush()
        if time.monotonic() - began >= task.seconds:
            break


if __name__ == "__main__":
    main()
