"""Runs one tool or one test runner of the gate, and says in numbers how that ended."""

from __future__ import annotations

import os
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PART_SECONDS_MAX = 1500
LINES_SHOWN = 60
PATIENT = 12  # how nice to others is what can wait


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    passed: int
    failed: int
    seconds: float
    note: str = ""
    again: tuple[str, ...] = ()  # failed, but may be tried again when the machine is quiet


def nice(kindness: int, *command: str) -> tuple[str, ...]:
    return ("nice", "-n", str(kindness), *command)


def tool(
    name: str,
    *command: str,
    folder: Path = ROOT,
    env: dict[str, str] | None = None,
    kindness: int = PATIENT,
) -> Outcome:
    """One check of the whole tree: quiet when it passes, its output when it fails."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            nice(kindness, *command),
            cwd=folder,
            env=os.environ | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PART_SECONDS_MAX,
            check=False,
        )
        good, said = done.returncode == 0, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        good, said = False, f"not done after {PART_SECONDS_MAX} s"
    if not good:
        print("\n".join(said.rstrip().splitlines()[-LINES_SHOWN:]), flush=True)
    return Outcome(name, int(good), int(not good), time.monotonic() - began)


def runner(
    name: str,
    *command: str,
    report: Path,
    said: Path | None = None,
    seconds_max: float = PART_SECONDS_MAX,
    **where: object,
) -> Outcome:
    """A test runner that writes a JUnit file; its output is shown as it comes, or kept in `said`
    and shown at the end."""
    began = time.monotonic()
    report.unlink(missing_ok=True)
    kept = said.open("wb") if said is not None else None
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=kept,
            stderr=subprocess.STDOUT if kept is not None else None,
            timeout=seconds_max,
            check=False,
            **where,  # type: ignore[call-overload]
        )
        code = done.returncode
    except subprocess.TimeoutExpired:
        print(f"not done after {seconds_max} s", flush=True)
        code = -1
    finally:
        if kept is not None and said is not None:
            kept.close()
            print(said.read_text(errors="replace"), flush=True)
    seconds = time.monotonic() - began
    try:
        suites = list(ElementTree.parse(report).iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return Outcome(name, 0, 1, seconds, "the test runner did not finish")
    count = {
        key: sum(int(suite.get(key) or 0) for suite in suites)
        for key in ("tests", "failures", "errors", "skipped")
    }
    bad = count["failures"] + count["errors"]
    failed = bad + count["skipped"]
    note = f"{count['skipped']} skipped" if count["skipped"] else ""
    if count["tests"] == 0:
        return Outcome(name, 0, 1, seconds, "there is no test")
    if code != 0 and failed == 0:
        failed, note = 1, f"the test runner ended with code {code}"
    return Outcome(name, count["tests"] - bad - count["skipped"], failed, seconds, note)
