"""What several acts do: count what the checker found, serve everybody, watch from outside."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from tests.faults.checker import Wrong
from tests.faults.ground import Ground
from tests.faults.measured import at_most
from tests.faults.telephones import Crowd
from tests.figure_table import Figure

LOOK_SECONDS = 0.05
LONG_FROM = 0.5
"""From this share on, what lasts a time lasts the whole of it."""


@dataclass(frozen=True, slots=True)
class Size:
    """`share` of the full counts; `seconds` of the soak."""

    share: float = 1.0
    seconds: float = 3600.0

    def of(self, count: int, least: int = 4) -> int:
        return max(least, round(count * self.share))


def counted(test: str, wrong: Iterable[Wrong], *rules: tuple[str, str]) -> list[Figure]:
    """One figure for each pair of the checker's rule and a name, and one for all other rules."""
    wrong = list(wrong)
    count = Counter(each.rule for each in wrong)
    named = {rule for rule, _ in rules}
    first = {each.rule: each.text for each in reversed(wrong)}
    figures = [
        at_most(test, name, count[rule], 0, reason=first.get(rule, "")) for rule, name in rules
    ]
    others = [each for each in wrong if each.rule not in named]
    said = "; ".join(dict.fromkeys(f"{each.rule}: {each.text}" for each in others[:2]))
    figures.append(at_most(test, "all other rules of the checker broken", len(others), 0, "", said))
    return figures


LOST = ("nobody is dropped", "callers dropped")
BOOKS = ("one interaction per call", "interactions lost or doubled")
ORDER = ("order is kept", "callers overtaken")
TWICE = ("nothing is sent twice", "doubled Redirect or Originate")
DOUBLE = ("no agent is offered two calls", "double offers")
GHOSTS = ("no ghosts", "ghost calls")
STUCK = ("no agent is stuck", "stuck agents")


async def all_up(ground: Ground, callers: Crowd, seconds: float = 60) -> None:
    count = len(callers.numbers)
    await ground.until(f"{count} callers in line", lambda: len(callers.up) == count, seconds)


async def all_over(ground: Ground, callers: Crowd, seconds: float = 240) -> None:
    count = len(callers.numbers)
    await ground.until(f"{count} callers served", lambda: len(callers.over) == count, seconds)


def since(ground: Ground, began: float, event: str, **fits: str) -> list[float]:
    """When the observer saw this."""
    return [
        entry.at
        for entry in ground.history.of("seen", began)
        if entry["event"] == event and all(entry.get(k) == v for k, v in fits.items())
    ]


def offer_seconds(ground: Ground, begin: float, end: float) -> list[float]:
    """From each caller's coming into line to the first ring of a phone for him."""
    came: dict[str, float] = {}
    took: dict[str, float] = {}
    for entry in ground.history.of("seen", begin):
        call = entry.get("call", "")
        if entry["event"] == "line" and entry.at < end:
            came.setdefault(call, entry.at)
        elif entry["event"] == "rings" and call in came:
            took.setdefault(call, entry.at - came[call])
    return list(took.values())


@dataclass
class Readiness:
    """When /readyz changed: (time, names of what is missing; "?" no answer)."""

    changes: list[tuple[float, str]] = field(default_factory=list)

    def first(self, after: float, part: str) -> float:
        """Seconds until this part was said to be missing; infinite: never."""
        return next((at - after for at, said in self.changes if part in said), float("inf"))


@asynccontextmanager
async def readiness(ground: Ground) -> AsyncIterator[Readiness]:
    made, last = Readiness(), ""

    async def look() -> None:
        nonlocal last
        async with httpx.AsyncClient(base_url=ground.centre.url) as web:
            while True:
                try:
                    page = await web.get("/readyz", timeout=2)
                    said = page.text if page.status_code != 200 else ""
                except httpx.HTTPError:
                    said = "?"
                if said != last:
                    made.changes.append((time.time(), said))
                    ground.history.add("ready", said=said)
                    last = said
                await asyncio.sleep(LOOK_SECONDS)

    task = asyncio.create_task(look())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
