"""The process in which the required agents are found, so that no call of the house waits for it.

It reads one task from standard input and writes a line of JSON for each interval, in their order:
intervals alike are simulated once. It ends when all are done, when its time is up, or when nobody
reads any more. It runs at a low priority and may use so much processor time and no more. Only the
service starts it.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from callcenter.reports.child import task_of
from callcenter.reports.needed.task import Task, answer, to_json


def main() -> None:
    task = task_of(Task)
    began = time.monotonic()
    known: dict[tuple[float, float], dict[str, Any] | None] = {}
    for interval in task.intervals:
        kind = (interval.rate, interval.handling)
        if kind not in known:
            if time.monotonic() - began >= task.seconds:
                break
            known[kind] = to_json(answer(task, interval))
        sys.stdout.write(json.dumps(known[kind]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
