"""Runs the parts of the gate, four lanes side by side, and reports each; stops at nothing.

A tool that checks the whole tree (ruff, mypy, ...) counts as one; a test runner counts its tests,
and a skipped test or a part without any test counts as failed. The last line is the sum.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import bootstrap
import second_look
import spread
import warm
from outcome import PART_SECONDS_MAX, PATIENT, Outcome, nice, runner, tool

ROOT = bootstrap.ROOT
BIN = ROOT / ".venv" / "bin"
REPORTS = ROOT / "var" / "test"
BUILD = (str(ROOT / "scripts/bootstrap.py"), "--for", "test", "--console", "build")
NIGHT_SECONDS_MAX = 8 * 3600
BEGAN = time.monotonic()
MARKS = spread.KINDS
BESIDE = ("faults", "abuse")
CALLS = "asterisk"  # these take the time they take, and mostly wait
DESKS = "browser"  # calls too, with a real browser at one end
IN_REAL_TIME = {CALLS, DESKS, "page"}
FILLING = ("pure", "web")  # one run for each two: they import the same
AFTER_CALLS = ("db", "sound")
WORKERS = 2
# Two calls in browsers at a time would miss their moments on two cores.
WORKERS_OF = {DESKS: 1}
# Calls and their sound go first; pages can wait a little, what lives in no real time can wait (but
# database and converter begin late).
KINDNESS = {CALLS: 0, DESKS: 3, "db": 8, "page": 8}


def pytest(marks: Sequence[str], more: Sequence[str] = (), said: Path | None = None) -> Outcome:
    """The tests that need one of `marks`; each file by one of the workers."""
    name, workers = ", ".join(marks), WORKERS_OF.get(marks[0], WORKERS)
    report = REPORTS / f"{'-'.join(marks)}.xml"
    beside = ("-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder")
    several = workers > 1 and "-k" not in more
    outcome = runner(
        name,
        *nice(
            KINDNESS.get(marks[0], PATIENT),
            str(BIN / "python"),
            "-m",
            "pytest",
            "-q",
            "-m",
            " or ".join(marks),
            f"--junitxml={report}",
            *("-o", "junit_family=xunit1"),
            "--continue-on-collection-errors",
            *(beside if several else ()),
            *more,
            *spread.files_of(marks, longest_first=several),
        ),
        report=report,
        said=said,
        seconds_max=NIGHT_SECONDS_MAX if "--nightly" in more else PART_SECONDS_MAX,
        cwd=ROOT,
    )
    if not outcome.failed or outcome.note or not IN_REAL_TIME.intersection(marks):
        return outcome
    return replace(outcome, again=tuple(second_look.failed_tests(report)))


def alone(outcome: Outcome) -> Outcome:
    """What failed beside others, now on its own; `second_look` says why."""
    began = time.monotonic()

    def once(tests: Sequence[str]) -> bool:
        print(f"\n== once more, alone: {', '.join(tests)}", flush=True)
        command = [str(BIN / "python"), "-m", "pytest", "-q", *tests]
        return (
            subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode == 0
        )

    if not second_look.passes_alone(outcome.again, once):
        return outcome
    return Outcome(
        outcome.name,
        outcome.passed + len(outcome.again),
        0,
        outcome.seconds + time.monotonic() - began,
        f"failed on the busy machine, passed alone: {', '.join(outcome.again)}",
    )


def python_checks() -> list[Callable[[], Outcome]]:
    return [
        lambda: tool("ruff check", str(BIN / "ruff"), "check", "."),
        lambda: tool("ruff format", str(BIN / "ruff"), "format", "--check", "."),
        mypy,
        lambda: tool("import contracts", str(BIN / "lint-imports")),
    ]


def mypy() -> Outcome:
    """What it found in another checkout holds here for every file that is the same."""
    found, key = ROOT / ".mypy_cache", bootstrap.digest([bootstrap.LOCK], "")
    warm.take("mypy", key, found)
    outcome = tool("mypy", str(BIN / "python"), "-m", "mypy")
    if not outcome.failed:
        warm.keep("mypy", key, found)
    return outcome


def console_checks() -> list[Callable[[], Outcome]]:
    node = bootstrap.node_environment()
    node["PATH"] = f"{BIN}:{node['PATH']}"  # the types are made from the Python side
    report = REPORTS / "console.xml"

    def npm(name: str, *words: str) -> Outcome:
        return tool(name, "npm", "run", "--silent", *words, folder=bootstrap.CONSOLE, env=node)

    def vitest() -> Outcome:
        options = ["--reporter=default", "--reporter=junit", f"--outputFile.junit={report}"]
        return runner(
            "console",
            *nice(PATIENT, "npm", "test", "--silent", "--", *options),
            report=report,
            cwd=bootstrap.CONSOLE,
            env=os.environ | node,
        )

    return [
        lambda: npm("biome", "lint"),
        lambda: npm("wire and API types", "types:check"),
        vitest,
    ]


def build() -> Outcome:
    return tool("tsc and build", sys.executable, *BUILD, kindness=0)


def parts(more: Sequence[str]) -> dict[str, Callable[[], list[Callable[[], Outcome]]]]:
    made: dict[str, Callable[[], list[Callable[[], Outcome]]]] = {
        "python": python_checks,
        "console": lambda: [build, *console_checks()],
    }
    for mark in MARKS:
        made[mark] = lambda mark=mark: [lambda: pytest([mark], more)]  # type: ignore[misc]
    return made


def beside(name: str, words: Sequence[str]) -> int:
    """What takes too long for the gate; it needs the built console, as browsers get it."""
    if build().failed:
        return 1
    return subprocess.call([str(BIN / "python"), "-m", f"tests.{name}", *words], cwd=ROOT)


def main() -> int:
    # Where it is set, every program of every test would compile all our code anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if sys.argv[1:2] and sys.argv[1] in BESIDE:
        return beside(sys.argv[1], sys.argv[2:])
    arguments = argparse.ArgumentParser(
        description="Runs the whole gate, or parts of it.",
        epilog="Beside the gate: `scripts/test faults`, `scripts/test abuse` (hours).",
    )
    names = ("python", "console", *MARKS)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(names)}")
    arguments.add_argument(
        "-k", metavar="WORDS", help="only the tests whose names match (handed to pytest)"
    )
    arguments.add_argument(
        "--nightly", action="store_true", help="many more and longer stories (hours)"
    )
    chosen = arguments.parse_args()
    unknown = set(chosen.parts) - set(names)
    if unknown:
        arguments.error(f"there is no part {', '.join(sorted(unknown))}; parts: {', '.join(names)}")
    REPORTS.mkdir(parents=True, exist_ok=True)
    words = ["-k", chosen.k] if chosen.k else []
    more = [*words, "--nightly"] if chosen.nightly else words
    all_parts = parts(more)
    outcomes: list[Outcome] = []
    if chosen.parts:
        for name in chosen.parts:
            part(name, all_parts[name](), outcomes)
    else:
        whole(all_parts, more, outcomes)
        outcomes = [alone(outcome) if outcome.again else outcome for outcome in outcomes]
    return report(outcomes)


def part(name: str, checks: Sequence[Callable[[], Outcome]], outcomes: list[Outcome]) -> None:
    print(f"\n== {name}", flush=True)
    for check in checks:
        outcomes.append(check())
        show(outcomes[-1])


def whole(
    all_parts: dict[str, Callable[[], list[Callable[[], Outcome]]]],
    more: Sequence[str],
    outcomes: list[Outcome],
) -> None:
    """Everything, in four lanes: calls, which mostly wait; calls in browsers, one at a time; pages;
    and what lives in no real time, in what those leave of the machine. What is said in the others
    is shown when they are over."""
    built = threading.Event()

    def run(*marks: str) -> None:
        outcomes.append(pytest(marks, more, said=REPORTS / f"{'-'.join(marks)}.txt"))
        show(outcomes[-1])

    def calls() -> None:
        run(CALLS)
        run(*AFTER_CALLS)

    def desks() -> None:
        try:
            outcomes.append(build())
            show(outcomes[-1])
        finally:
            built.set()  # or the others would wait for ever
        run(DESKS)

    def pages() -> None:
        built.wait()
        run("page")

    beside = [threading.Thread(target=lane) for lane in (calls, desks, pages)]
    for each in beside:
        each.start()
    part("python", all_parts["python"](), outcomes)
    part("console", console_checks(), outcomes)
    built.wait()  # the console is served in tests of the web, too
    part(", ".join(FILLING), [partial(pytest, FILLING, more)], outcomes)
    for each in beside:
        each.join()


def show(outcome: Outcome) -> None:
    verdict = "FAILED" if outcome.failed else "ok"
    note = f"  {outcome.note}" if outcome.note else ""
    count = f"{outcome.passed} passed, {outcome.failed} failed"
    print(f"   {outcome.name:<20} {verdict:<7} {count} ({outcome.seconds:.1f} s){note}", flush=True)


def report(outcomes: list[Outcome]) -> int:
    print("\n== all parts")
    for outcome in outcomes:
        show(outcome)
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"\nin {time.monotonic() - BEGAN:.0f} s")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 0 if failed == 0 and passed else 1


if __name__ == "__main__":
    sys.exit(main())
