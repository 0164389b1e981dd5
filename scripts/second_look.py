"""A call that failed while both processors were full is tried again on the quiet machine.

Calls, and browsers with calls, live in real time: a packet that a full machine sends late is a gap
in a tone, and an answer that comes late was no answer. Such a failure says nothing of the change
that is being checked; a fault that is one shows itself on a quiet machine too. So a test of these
parts that failed beside the others has to pass three times over, alone; otherwise it stays failed.
It is named in the sum, so that what fails often under load is seen and looked into.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from pathlib import Path

TIMES = 3
TESTS_MAX = 5  # more than that is not a busy machine


def failed_tests(report: Path) -> list[str]:
    """The names by which pytest finds the failed tests of a JUnit file (family xunit1, which has
    the file of each); empty where a failure is not a test's own (a module that cannot be read)."""
    found: list[str] = []
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is None and case.find("error") is None:
            continue
        file, owner = case.get("file"), case.get("classname") or ""
        if not file or not owner:
            return []
        module = file.removesuffix(".py").replace("/", ".")
        within = owner.removeprefix(module).strip(".").split(".") if owner != module else []
        name = "::".join([file, *within, case.get("name") or ""])
        if name not in found:
            found.append(name)
    return found


def passes_alone(tests: Sequence[str], run: Callable[[Sequence[str]], bool]) -> bool:
    """Whether these tests pass `TIMES` times over. `run` gives whether all of them passed once."""
    return 0 < len(tests) <= TESTS_MAX and all(run(tests) for _ in range(TIMES))
