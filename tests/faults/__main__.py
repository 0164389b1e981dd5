"""`scripts/test faults`: every fault on the real parts, with figures beside goals.

    python -m tests.faults [F1 F3 ...] [--seed N] [--share 0.1] [--soak SECONDS]
    python -m tests.faults --check FILE       the verdict over a history once more

Each act leaves its history in var/faults; seed and file are enough to see a failure again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tests.faults.acts import agents, asterisk, browser, database, disk, links, service
from tests.faults.acts import time as times
from tests.faults.acts.common import Size
from tests.faults.checker import check
from tests.faults.ground import AGENTS, Ground, ground
from tests.faults.history import read
from tests.faults.measured import SECTION
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
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        return [Figure(name, "the act as a whole", "done", "broken off", False, said)]


async def every(
    names: Sequence[str], size: Size, seed: int, done: Callable[[Sequence[Figure]], None]
) -> list[Figure]:
    """`done` is shown the figures so far after each act: an hour is long."""
    figures: list[Figure] = []
    for name in names:
        began = time.monotonic()
        title = (ACTS[name].__doc__ or "").splitlines()[0]
        print(f"== {name}: {title}", file=sys.stderr, flush=True)
        found = await one(name, size, seed)
        print(f"{plain(found)}\n   ({time.monotonic() - began:.0f} s)", file=sys.stderr, flush=True)
        figures += found
        done(figures)
    return figures


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
    began, load = time.strftime("%Y-%m-%d"), os.getloadavg()[0]
    share = "" if chosen.share == 1 else f" at {chosen.share:g} of their size"

    def done(figures: Sequence[Figure]) -> None:
        ran = ", ".join(dict.fromkeys(figure.test for figure in figures))
        said = f"Last run: {ran}{share}, {began}, seed {chosen.seed}, {_machine(load)}."
        if not chosen.no_page:
            chosen.page.write_text(SECTION.with_table(chosen.page.read_text(), figures, said))

    figures = asyncio.run(every(names, Size(chosen.share, chosen.soak), chosen.seed, done))
    print(plain(figures))
    missed = sum(not figure.met for figure in figures)
    print(f"{len(figures) - missed} figures met, {missed} missed", flush=True)
    return 0 if not missed else 1


def _machine(load: float) -> str:
    return f"{os.cpu_count()} cores, load {load:.1f} before and {os.getloadavg()[0]:.1f} after"


if __name__ == "__main__":
    sys.exit(main())
