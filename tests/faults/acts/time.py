"""Clocks that jump, and hours that pass."""

from __future__ import annotations

import asyncio
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests.faults.acts.common import BOOKS, DOUBLE, GHOSTS, LOST, ORDER, STUCK, TWICE, Size, counted
from tests.faults.ground import Ground
from tests.faults.measured import at_most, quantile, slope
from tests.figure_table import Figure

ROOT = Path(__file__).parents[3]
CLOCK_TESTS = ("tests/runtime/test_clock.py", "tests/test_clock_changes.py", "tests/reports")
SAMPLE_SECONDS = 10.0
SOAK_PER_SECOND = 2.0
AT_ONCE_MAX = 60
"""If nobody is served, the line must not grow until the machine is of no use."""
WARM_SHARE = 0.3
"""The first part of a soak, in which memories of the last 2,000 calls fill, is left out."""
MEMORY, LAG = "process_resident_memory_bytes", "callcenter_loop_lag_seconds"
FLAT = {
    "process_open_fds": "open files",
    "callcenter_tasks": "tasks",
    "connections": "database connections",
    "channels": "channels",
    "callcenter_outbox_depth": "lines in the outbox",
}
SLOPE_MAX = 2.0
LAG_MS_MAX = 200.0
CONNECTIONS = "select count(*) from pg_stat_activity where datname is not null"
Sample = dict[str, float]


async def f18(ground: Ground, size: Size) -> list[Figure]:
    """This machine's clock cannot be set, so the tests of what reads it are run."""
    report = ground.history.path.with_suffix(".clock.xml")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", "-q", "-m", "pure", *CLOCK_TESTS,
        f"--junitxml={report}",
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await process.wait()
    suite = next(ElementTree.parse(report).iter("testsuite"))
    tests = int(suite.get("tests", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    report.unlink()
    what = "tests of clock jumps, time zones and daylight saving that fail"
    return [
        at_most("F18", what, failed, 0, reason=f"of {tests}; no clock was set on a live system")
    ]


async def f19(ground: Ground, size: Size) -> list[Figure]:
    """Calls for a long time: what grows?"""
    began = time.time()
    samples: list[Sample] = []
    count = round(SOAK_PER_SECOND * size.seconds)
    async with ground.staffed(talk_ms=1000):
        async with ground.crowd(
            count, per_second=SOAK_PER_SECOND, at_once_max=AT_ONCE_MAX
        ) as callers:
            while len(callers.over) < count and time.time() - began < size.seconds * 1.2 + 60:
                await asyncio.sleep(SAMPLE_SECONDS)
                sample = await _sampled(ground, began)
                if sample and len(callers.up) < count:  # the end is no part of the load
                    samples.append(sample)
    wrong = await ground.verdict(began)
    return [
        *_slopes(samples, size.seconds),
        *counted("F19", wrong, LOST, BOOKS, ORDER, DOUBLE, TWICE, GHOSTS, STUCK),
    ]


async def _sampled(ground: Ground, began: float) -> Sample:
    """Empty when the service does not answer: the checker tells why."""
    figures = await ground.figures()
    if figures is None:
        return {}
    rows = await ground.centre.rows(CONNECTIONS)
    sample: Sample = {
        "after": time.time() - began,
        "channels": len(await ground.channels()),
        "connections": rows[0]["count"] - 1,  # this one
        MEMORY: figures[MEMORY],
        LAG: figures[LAG],
    } | {name: figures[name] for name in FLAT if name in figures}
    ground.history.add("sample", **sample)
    return sample


def _slopes(samples: list[Sample], seconds: float) -> list[Figure]:
    warm = [sample for sample in samples if sample["after"] > WARM_SHARE * seconds]

    def grown(name: str) -> float:
        return slope([(sample["after"] / 3600, sample[name]) for sample in warm])

    def between(name: str) -> str:
        values = [sample[name] for sample in warm]
        return f"{min(values, default=0):g} to {max(values, default=0):g}"

    mean = sum(sample[MEMORY] for sample in warm) / max(1, len(warm))
    share = grown(MEMORY) / mean * 100 if mean else 0.0
    span = f"memory, growth an hour over {seconds / 60:.0f} min at {SOAK_PER_SECOND:g} calls/s"
    late = quantile([sample[LAG] for sample in warm], 0.99) * 1000
    return [
        at_most("F19", span, share, SLOPE_MAX, " %", f"mean {mean / 1e6:.0f} MB"),
        *(
            at_most("F19", f"{what}, growth an hour", grown(name), SLOPE_MAX, "", between(name))
            for name, what in FLAT.items()
        ),
        at_most("F19", "loop lag, 99 of 100 looks", late, LAG_MS_MAX, " ms"),
    ]
