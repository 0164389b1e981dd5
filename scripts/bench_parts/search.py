"""How long it takes to find calls among very many, by kind of search.

In a year of a large house (`_year`, which tells how many calls and where they are kept), with the
product's own search, many different searches of each kind; each asks for a page of 50:

* `number` as it is, in a national form, and a `part` of one; `name`: a customer's, a common one;
  `word`: rare, frequent, several, `chinese`, and one that nobody has written;
* `agent`; with a word within a month; a supervisor's `team` with a word; an outcome; a `month`.

`p95_ms` of all of them counts against the goal. `listed` are the pages of calls without a text: of
an agent, of a team, of a queue. Run it with `python -m scripts.bench_parts.search` from the
repository's root.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from callcenter.core.teams import EVERYTHING, Reach
from callcenter.crm.interactions.finding import Sought
from callcenter.crm.interactions.service import Interactions
from callcenter.store.engine import make_engine
from scripts.bench_parts._year import COUNT, say, year
from scripts.bench_parts._year_rows import (
    AGENTS,
    CHINESE,
    CUSTOMERS,
    FAMILY,
    FIRST,
    FREQUENT,
    LAST_NAMES,
    QUEUES,
    SEED,
    SYLLABLES,
    names,
    number_of,
    rare,
)

SEARCHES, PAGE = 40, 50


def national(number: str) -> str:
    """As people write it: without the country, with marks."""
    return f"{number[3:6]}-{number[6:10]} {number[10:]}"


def a_team(rng: random.Random) -> Reach:
    queue = rng.randrange(QUEUES)
    agents = frozenset(f"a{(queue * 5 + n) % AGENTS}" for n in range(20))
    return Reach(teams=frozenset({"t"}), agents=agents, queues=frozenset({f"q{queue}"}))


def lists(rng: random.Random) -> dict[str, Callable[[], dict[str, Any]]]:
    """Pages of calls without a text. `nobody`: an agent who never had a call."""

    def agent() -> str:
        return f"a{rng.randrange(AGENTS)}"

    def queue() -> str:
        return f"q{rng.randrange(QUEUES)}"

    return {
        "newest": dict,
        "agent": lambda: {"agent": agent()},
        "agent_nobody": lambda: {"agent": f"new-{rng.randrange(AGENTS)}"},
        "agent_of_a_day": lambda: {
            "agent": agent(),
            "since": (since := FIRST + timedelta(days=rng.randrange(365))),
            "until": since + timedelta(days=1),
        },
        "queue": lambda: {"queue": queue()},
        "agent_in_queue": lambda: {"agent": agent(), "queue": queue()},
        "team": lambda: {"reach": a_team(rng)},
        "agent_of_a_team": lambda: {"agent": agent(), "reach": a_team(rng)},
    }


def searches(rng: random.Random, names: list[str]) -> dict[str, Callable[[], Sought]]:
    def month() -> dict[str, Any]:
        since = FIRST + timedelta(days=rng.randrange(330))
        return {"since": since, "until": since + timedelta(days=31)}

    def number() -> str:
        return number_of(rng.randrange(CUSTOMERS * 2))

    return {
        "number": lambda: Sought(number()),
        "number_national": lambda: Sought(national(number())),
        "number_part": lambda: Sought(number()[-6:]),
        "name": lambda: Sought(rng.choice(names)),
        "name_common": lambda: Sought(rng.choice(FAMILY + LAST_NAMES)),
        "word_rare": lambda: Sought(rare(rng.randrange(5000))),
        "word_frequent": lambda: Sought(rng.choice(FREQUENT)),
        "words": lambda: Sought(f"{rng.choice(FREQUENT)} {rare(rng.randrange(5000))}"),
        "word_of_one_call": lambda: Sought(f"{rng.randrange(COUNT):08}"),
        "chinese": lambda: Sought(rng.choice(CHINESE)[rng.randrange(4) :]),
        "chinese_of_one_call": lambda: Sought(f"工单{rng.randrange(COUNT):08}"),
        "nobody_wrote": lambda: Sought(f"{rng.choice(SYLLABLES)}xylophone 退货"),
        "agent": lambda: Sought(agent=f"a{rng.randrange(AGENTS)}"),
        "agent_word_month": lambda: Sought(
            rng.choice(FREQUENT), agent=f"a{rng.randrange(AGENTS)}", **month()
        ),
        "team_word": lambda: Sought(rng.choice(FREQUENT), reach=a_team(rng)),
        "team_rare": lambda: Sought(rare(rng.randrange(5000)), reach=a_team(rng)),
        "abandoned_in_queue": lambda: Sought(
            queue=f"q{rng.randrange(QUEUES)}", outcome="abandoned", reach=EVERYTHING
        ),
        "month": lambda: Sought(**month()),
    }


async def measure(url: str) -> dict[str, Any]:
    engine = make_engine(url)
    books, rng = Interactions(engine), random.Random(SEED)
    found: dict[str, Any] = {}
    everything: list[float] = []
    try:
        for kind, make in searches(rng, names()).items():

            async def one(make: Callable[[], Sought] = make) -> tuple[int, str]:
                sought = make()
                page, _, _ = await books.find(sought, "CN", limit=PAGE)
                return len(page), sought.text

            found[kind], took = await timed(one)
            say(f"   {kind}: {found[kind]}")
            everything += took
        listed = {}
        for kind, wanted in lists(rng).items():

            async def page(wanted: Callable[[], dict[str, Any]] = wanted) -> tuple[int, str]:
                calls, _ = await books.interactions(**wanted(), limit=PAGE)
                return len(calls), ""

            listed[kind], _ = await timed(page)
            say(f"   listed, {kind}: {listed[kind]}")
    finally:
        await engine.dispose()
    everything.sort()
    return {
        "p50_ms": percentile(everything, 0.5),
        "p95_ms": percentile(everything, 0.95),
        "worst_kind_p95_ms": max(one["p95_ms"] for one in found.values()),
        "worst_list_p95_ms": max(one["p95_ms"] for one in listed.values()),
        "kinds": found,
        "listed": listed,
    }


def percentile(ordered: list[float], share: float) -> float:
    return round(ordered[int(len(ordered) * share)], 1)


async def timed(
    work: Callable[[], Awaitable[tuple[int, str]]],
) -> tuple[dict[str, Any], list[float]]:
    """Of one kind: milliseconds, how many were found on average, and the slowest text; and all that
    was measured."""
    took: list[tuple[float, str]] = []
    hits = 0
    for turn in range(SEARCHES + 3):
        began = time.perf_counter()
        many, asked = await work()
        spent = 1000 * (time.perf_counter() - began)
        if turn >= 3:  # the first ones read what is not in memory yet
            took.append((spent, asked))
            hits += many
    took.sort()
    ordered = [spent for spent, _ in took]
    figures = {
        "p50_ms": percentile(ordered, 0.5),
        "p95_ms": percentile(ordered, 0.95),
        "found": round(hits / SEARCHES, 1),
        "slowest": took[-1][1],
    }
    return figures, ordered


def main() -> None:
    with year("people", "calls", "parts", "search") as (url, spent):
        figures = {"interactions": COUNT, **spent, **asyncio.run(measure(url))}
    print(json.dumps(figures, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
