"""`scripts/test abuse`: every abuse test in its long form, with figures beside goals.

    python -m tests.abuse [A1 A3 ...] [--share 0.1]

Prints the table and writes it to docs/reliability.md. What was said on the way is in var/abuse.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.abuse.figures import FULL, NOTES, SECTION, read_notes
from tests.figure_table import Figure, in_order, plain

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "var" / "abuse"
PAGE = ROOT / "docs" / "reliability.md"
PAGE_BEGINS = "# Reliability in figures\n"
TESTS = {
    "A1": "malformed frames of the manager interface",
    "A2": "evil texts in every field that reaches Asterisk",
    "A3": "malformed messages on websockets",
    "A4": "websockets of strangers, and slow ones",
    "A5": "every route against its description",
    "A6": "every route, role, own and foreign object",
    "A7": "malformed SIP",
    "A8": "toll fraud",
    "A9": "guessing of passwords",
    "A10": "evil uploads",
    "A11": "formulas in exports",
    "A12": "scripts in texts",
    "A13": "erasure of a person",
    "A14": "changed audit",
}


def one(name: str, notes: Path, share: float) -> list[Figure]:
    """One test; that it broke off is a figure as well."""
    notes.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-k", f"test_{name.lower()}_", "tests/abuse"]
    environment = os.environ | {FULL: str(share), NOTES: str(notes)}
    with (KEPT / f"{name}.txt").open("wb") as said:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT, check=False
        )
    figures = read_notes(notes)
    if done.returncode != 0 and all(figure.met for figure in figures):
        figures.append(
            Figure(name, TESTS[name], "done", "broken off", False, f"see var/abuse/{name}.txt")
        )
    return figures


def every(names: Sequence[str], share: float) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        began = time.monotonic()
        print(f"== {name}: {TESTS[name]}", file=sys.stderr, flush=True)
        found = one(name, KEPT / f"{name}.jsonl", share)
        print(
            f"{plain(found)}\n   ({time.monotonic() - began:.0f} s)",
            file=sys.stderr,
            flush=True,
        )
        figures += found
    return figures


def main() -> int:
    arguments = argparse.ArgumentParser(prog="scripts/test abuse", description=__doc__)
    arguments.add_argument("tests", nargs="*", metavar="TEST", help=f"of {', '.join(TESTS)}")
    arguments.add_argument("--share", type=float, default=1.0, help="of the full counts")
    arguments.add_argument("--page", type=Path, default=PAGE, help="where the table is written")
    arguments.add_argument("--no-page", action="store_true", help="print the table only")
    chosen = arguments.parse_args()
    names = chosen.tests or list(TESTS)
    unknown = [name for name in names if name not in TESTS]
    if unknown:
        arguments.error(f"there is no test {', '.join(unknown)}; tests: {', '.join(TESTS)}")
    KEPT.mkdir(parents=True, exist_ok=True)
    began, load = time.strftime("%Y-%m-%d"), os.getloadavg()[0]
    figures = every(names, chosen.share)
    print(plain(in_order(figures)))
    if not chosen.no_page:
        said = f"Last run of {', '.join(names)}: {began}, {_machine(load)}."
        page = chosen.page.read_text() if chosen.page.exists() else PAGE_BEGINS
        chosen.page.write_text(SECTION.with_table(page, figures, said))
    missed = sum(not figure.met for figure in figures)
    print(f"{len(figures) - missed} figures met, {missed} missed", flush=True)
    return 0 if figures and not missed else 1


def _machine(load: float) -> str:
    return f"{os.cpu_count()} cores, load {load:.1f} before and {os.getloadavg()[0]:.1f} after"


if __name__ == "__main__":
    sys.exit(main())
