"""What acts have shown so far, kept between runs, so that a long run that was broken off goes on
where it stopped. A result is of one state of the product's sources; the page says when not all are
of the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.figure_table import Figure, in_order

SOURCES = ("acd", "ivr", "callcenter", "agent_console", "asterisk-config")
ENDINGS = frozenset({".py", ".conf"})
MARK_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Result:
    """`code`: a mark of the sources. `day`: when, `share`: of the full counts, `seconds`: how long
    it took, `load`: of the machine before and after."""

    code: str
    day: str
    seed: int
    share: float
    seconds: float
    load: tuple[float, float]
    figures: tuple[Figure, ...]

    @property
    def done(self) -> bool:
        """The act came to its end, whatever it showed."""
        return all(figure.seen != BROKEN_OFF for figure in self.figures)


BROKEN_OFF = "broken off"
Results = dict[str, Result]


def mark_of(root: Path) -> str:
    """Of everything that runs in the service or is read by Asterisk."""
    digest = hashlib.sha256()
    for name in SOURCES:
        for path in sorted((root / name).rglob("*")):
            if path.suffix in ENDINGS and "node_modules" not in path.parts:
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:MARK_LETTERS]


def kept(path: Path) -> Results:
    """Those of earlier runs; none if there were none."""
    if not path.exists():
        return {}
    found: Results = {}
    for name, row in json.loads(path.read_text()).items():
        figures = tuple(Figure(**figure) for figure in row.pop("figures"))
        before, after = row.pop("load")
        found[name] = Result(**row, load=(before, after), figures=figures)
    return found


def keep(path: Path, results: Mapping[str, Result]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({name: asdict(result) for name, result in results.items()}, indent=1)
    path.write_text(text + "\n")


def to_run(names: Iterable[str], results: Mapping[str, Result], like: Result) -> list[str]:
    """Without those done already in the same way: same sources, chance and size as `like`."""

    def is_done(name: str) -> bool:
        found = results.get(name)
        return (
            found is not None
            and found.done
            and (found.code, found.seed, found.share) == (like.code, like.seed, like.share)
        )

    return [name for name in names if not is_done(name)]


def figures_of(results: Mapping[str, Result]) -> list[Figure]:
    return in_order(figure for result in results.values() for figure in result.figures)


def said(results: Mapping[str, Result], code: str, cores: int | None) -> str:
    """The line above the table: what was run when, how, and on what."""
    parts = []
    ordered = sorted(results, key=lambda name: int(name[1:]))
    for name in ordered:
        one = results[name]
        size = "" if one.share == 1 else f", at {one.share:g} of its size"
        low, high = sorted(one.load)
        took = f"{one.seconds:.0f} s, " if one.seconds else ""
        parts.append(f"{name} ({took}load {low:.0f} to {high:.0f}{size})")
    days = sorted({one.day for one in results.values()})
    seeds = sorted({one.seed for one in results.values()})
    when = " and ".join(dict.fromkeys((days[0], days[-1]))) if days else "never"
    seed = ", ".join(map(str, seeds))
    older = [name for name in ordered if results[name].code != code]
    which = f" On older sources than the last one: {', '.join(older)}." if older else ""
    return f"Run {when} on {cores} cores, seed {seed}: {', '.join(parts)}.{which}"
