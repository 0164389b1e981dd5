"""When Python looks for garbage: little at a time while calls go on, all of it when nobody calls.

Python counts objects made less objects given up, of whatever age. Where calls come and go, both are
as many: it looks seldom, and then at all that was made since. Measured with 10,000 agents and
100,000 callers in line: 40 to 108 ms, and 400 ms for the old ones. So after so many steps we let it
look at what is young, in both young generations, which leaves the old one as all that lives long;
and at that only in a quiet moment. Calls leave no reference cycles behind (a test holds the engine
to it); what does are odd ends of connections and requests, a few a day.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

# For what is made between two of our looks: the youngest when 700 more objects were made than given
# up, the middle at each 11th time, the old one not by itself.
THRESHOLDS = (700, 10, 1_000_000)
YOUNG_STEPS = 200
LOOK_SECONDS = 60.0
OLD_SECONDS = 3600.0  # in a quiet moment at most so often
OLD_SECONDS_MAX = 6 * 3600.0  # even if there is none


def begin() -> None:
    """What exists at the start lives as long as the service: never looked through again. To be
    called when all of it is loaded; until then nobody looks (`callcenter.__main__`). It is not
    looked through for a last time either: some 3,000 objects of garbage are not worth 0.2 s."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()


def after(steps: int) -> None:
    """To be called after each step, with how many there were: what they left behind is young."""
    if steps % YOUNG_STEPS == 0:
        gc.collect(1)


def due(quiet: bool, since_last: float) -> bool:
    """Shall the old generation be looked through now?"""
    return since_last >= (OLD_SECONDS if quiet else OLD_SECONDS_MAX)


async def collect_old(quiet: Callable[[], bool]) -> None:
    """Until cancelled. `quiet`: is nobody there who would notice?"""
    last = time.monotonic()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        began = time.monotonic()
        if due(quiet(), began - last):
            found = gc.collect()
            last = time.monotonic()
            log.info("%d objects of garbage were old; looking took %.3f s", found, last - began)
