"""Clocks that jump, and hours that pass."""

from __future__ import annotations

import asyncio
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests.faults.acts.common import BOOKS, DOUBLE, GHOSTS, LOST, ORDER, STUCK, TWICE, Size, counted
from tests.faults.figures import Figures
from tests.faults.ground import Ground
from tests.faults.measured import at_most, slope
from tests.figure_table import Figure

ROOT = Path(__file__).parents[3]
CLOCK_TESTS = ("tests/runtime/test_clock.py", "tests/test_clock_changes.py", "tests/reports")
SAMPLE_SECONDS = 10.0
SOAK_PER_SECOND = 2.0
WARM_SHARE = 0.15
"""The first part of a soak, in which caches fill, is left out of slopes."""
WATCHED = (
    ("process_resident_memory_bytes", "memory"),
    ("process_open_fds", "open files"),
)


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
    samples: list[tuple[float, Figures, int]] = []
    count = round(SOAK_PER_SECOND * size.seconds)
    async with ground.staffed(talk_ms=1000):
        async with ground.crowd(count, per_second=SOAK_PER_SECOND) as callers:
            while len(callers.over) < count and time.time() - began < size.seconds * 1.2 + 60:
                await asyncio.sleep(SAMPLE_SECONDS)
                figures = await ground.figures()
                if figures is not None:
                    sample = (time.time() - began, figures, len(await ground.channels()))
                    samples.append(sample)
                    _note(ground, sample)
    wrong = await ground.verdict(began)
    return [
        *_slopes(samples, size.seconds),
        *counted("F19", wrong, LOST, BOOKS, ORDER, DOUBLE, TWICE, GHOSTS, STUCK),
    ]


def _note(ground: Ground, sample: tuple[float, Figures, int]) -> None:
    at, figures, channels = sample
    values = {name: figures[name] for name, _ in WATCHED}
    ground.history.add("sample", after=at, channels=channels, **values)


def _slopes(samples: list[tuple[float, Figures, int]], seconds: float) -> list[Figure]:
    warm = [sample for sample in samples if sample[0] > WARM_SHARE * seconds]
    hours = [at / 3600 for at, _, _ in warm]
    memory = [figures["process_resident_memory_bytes"] for _, figures, _ in warm]
    files = [figures["process_open_fds"] for _, figures, _ in warm]
    channels = [float(count) for _, _, count in warm]
    mean = sum(memory) / max(1, len(memory))
    span = f"over {seconds / 60:.0f} min at {SOAK_PER_SECOND:g} calls/s"
    grown = slope(list(zip(hours, memory, strict=True))) / mean * 100 if mean else 0.0
    return [
        at_most(
            "F19", f"memory, growth an hour {span}", grown, 2, " %", f"mean {mean / 1e6:.0f} MB"
        ),
        at_most(
            "F19", "open files, growth an hour", slope(list(zip(hours, files, strict=True))), 2
        ),
        at_most(
            "F19", "channels, growth an hour", slope(list(zip(hours, channels, strict=True))), 2
        ),
    ]
