"""Which files of tests a lane of the gate gets, and in which order.

A lane reads only the files it runs: importing the others, to leave them out by their marks, took
every process of the test runner some twelve seconds. The longest come first, so that no worker is
left with a long one at the end; how long they are is known from an earlier run (`longest.txt`).
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = Path(__file__).with_name("longest.txt")
SECONDS_MIN = 3.0  # shorter files are not worth a line
KINDS = ("pure", "db", "web", "sound", "asterisk", "browser", "page")
_KIND = re.compile(rf"^pytestmark\b.*\bpytest\.mark\.({'|'.join(KINDS)})\b", re.MULTILINE)


def kind_of(path: Path) -> str | None:
    """What the module of tests says that it needs; a test holds all modules to saying it so."""
    found = _KIND.search(path.read_text())
    return found[1] if found else None


def files_of(kinds: Collection[str], *, longest_first: bool = True) -> list[str]:
    """The files of these kinds, relative to the root: in the order of their names, or so that
    those that take longest come first."""
    paths = [path for path in (ROOT / "tests").rglob("test_*.py") if kind_of(path) in kinds]
    names = sorted(str(path.relative_to(ROOT)) for path in paths)
    if not longest_first:
        return names
    place = {name: number for number, name in enumerate(LONGEST.read_text().split())}
    return sorted(names, key=lambda name: place.get(name, len(place)))


def longest(reports: Iterable[Path]) -> list[str]:
    """The files that took longest, by the reports of a run."""
    seconds: dict[str, float] = defaultdict(float)
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            if case.get("file"):  # else the console's, which has its own runner
                seconds[str(case.get("file"))] += float(case.get("time") or 0)
    by_length = sorted(seconds.items(), key=lambda item: -item[1])
    return [name for name, took in by_length if took >= SECONDS_MIN]


if __name__ == "__main__":
    LONGEST.write_text("\n".join(longest(Path(each) for each in sys.argv[1:])) + "\n")
