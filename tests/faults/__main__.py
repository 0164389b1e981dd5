"""`scripts/test faults`: every fault on the real parts, with figures beside goals.

    python -m tests.faults [F1 F3 ...] [--seed N] [--share 0.1] [--soak SECONDS] [--resume]
    python -m tests.faults --check FILE       the verdict over a history once more

Each act leaves its history in var/faults; seed and file are enough to see a failure again. What it
showed is kept in var/faults/results.json: `--resume` goes on after a run that was broken off.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.faults.acts import agents, asterisk, browser, database, disk, links, service
from tests.faults.acts import time as times
from tests.faults.acts.common import Size
from tests.faults.checker import check
from tests.faults.ground import AGENTS, Ground, ground
from tests.faults.history import read
from tests.faults.measured import SECTION
from tests.faults.results import (
    BROKEN_OFF,
    Result,
    figures_of,
    keep,
    kept,
    mark_of,
    said,
    to_run,
)
from tests.figure_table import Figure, plain

Act = Callable[[Ground, Size], Awaitable[list[Figure]]]
ACTS: dict[str, Act] = {
    "F1": service.f1,
    "F2": service.f2,
    "F3": links.f3,
    "F4": links.f4,
    "F5": database.f5,
    "F6": database.f6,
    "F7": asterisk.f7,
    "F12": browser.f12,
    "F13": agents.f13,
    "F14": agents.f14,
    "F15": disk.f15,
    "F16": links.f16,
    "F17": service.f17,
    "F18": times.f18,
    "F19": times.f19,
    "F21": disk.f21,
    "F22": disk.f22,
}
OTHERS = {"F12": AGENTS[1:]}
"""Who is there beside people at browsers of their own."""
ROOT = Path(__file__).parents[2]
HISTORIES = ROOT / "var" / "faults"
RESULTS = HISTORIES / "results.json"
PAGE = ROOT / "docs" / "reliability.md"
SEED = 20_261


async def one(name: str, size: Size, seed: int) -> list[Figure]:
    """An act on a ground of its own; what went wrong with it is a figure as well."""
    path = HISTORIES / f"{name}.jsonl"
    try:
        async with ground(path, seed=seed, agents=OTHERS.get(name, AGENTS)) as place:
            return await ACTS[name](place, size)
    except Exception as error:  # the next act has a right to be seen
        notes = getattr(error, "__notes__", [])
        print("\n".join(each[-1500:] for each in notes), file=sys.stderr)
        why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        return [Figure(name, "the act as a whole", "done", BROKEN_OFF, False, why)]


async def every(
    names: Sequence[str], size: Size, like: Result, done: Callable[[str, Result], None]
) -> None:
    """`done` is shown the result of each act: an hour is long."""
    for name in names:
        began, load = time.monotonic(), os.getloadavg()[0]
        title = (ACTS[name].__doc__ or "").splitlines()[0]
        print(f"== {name}: {title}", file=sys.stderr, flush=True)
        found = await one(name, size, like.seed)
        seconds = time.monotonic() - began
        print(f"{plain(found)}\n   ({seconds:.0f} s)", file=sys.stderr, flush=True)
        loads = (load, os.getloadavg()[0])
        done(name, replace(like, seconds=seconds, load=loads, figures=tuple(found)))


def checked(path: Path) -> int:
    """The checker's verdict over a history that was kept; a run's several verdicts apart."""
    with path.open() as file:
        entries = read(file)
    broken = 0
    for asked in [entry for entry in entries if entry.what == "asked"]:
        part = [e for e in entries if asked["since"] <= e.at <= asked.at and e.what != "wrong"]
        for wrong in check(part):
            broken += 1
            print(f"{wrong.rule}: {wrong.text}")
    print(f"{len(entries)} entries, {broken} rules broken")
    return 1 if broken else 0


def main() -> int:
    arguments = argparse.ArgumentParser(prog="scripts/test faults", description=__doc__)
    arguments.add_argument("acts", nargs="*", metavar="ACT", help=f"of {', '.join(ACTS)}")
    arguments.add_argument("--seed", type=int, default=SEED, help="what chance decides")
    arguments.add_argument("--share", type=float, default=1.0, help="of the full counts")
    arguments.add_argument("--soak", type=float, default=3600.0, help="seconds of F19")
    arguments.add_argument(
        "--resume", action="store_true", help="leave out acts done with the same sources and size"
    )
    arguments.add_argument("--page", type=Path, default=PAGE, help="where the table is written")
    arguments.add_argument("--no-page", action="store_true", help="print the table only")
    arguments.add_argument("--check", type=Path, help="a history, to be judged once more")
    chosen = arguments.parse_args()
    if chosen.check is not None:
        return checked(chosen.check)
    names = chosen.acts or list(ACTS)
    unknown = [name for name in names if name not in ACTS]
    if unknown:
        arguments.error(f"there is no act {', '.join(unknown)}; acts: {', '.join(ACTS)}")
    day, code = time.strftime("%Y-%m-%d"), mark_of(ROOT)
    like = Result(code, day, chosen.seed, chosen.share, 0.0, (0.0, 0.0), ())
    results = kept(RESULTS)
    begun = names
    if chosen.resume:
        names = to_run(names, results, like)
        print(f"done already: {', '.join(sorted(set(begun) - set(names))) or 'none'}", flush=True)

    def done(name: str, result: Result) -> None:
        results[name] = result
        keep(RESULTS, results)
        if not chosen.no_page:
            line = said(results, code, os.cpu_count())
            page = chosen.page.read_text()
            chosen.page.write_text(SECTION.with_table(page, figures_of(results), line))

    asyncio.run(every(names, Size(chosen.share, chosen.soak), like, done))
    figures = figures_of({name: results[name] for name in begun})
    print(plain(figures))
    missed = sum(not figure.met for figure in figures)
    print(f"{len(figures) - missed} figures met, {missed} missed", flush=True)
    return 0 if not missed else 1


if __name__ == "__main__":
    sys.exit(main())
