"""kill -9 of the service with callers waiting, again and again, and a start at once each time.

Callers wait in Asterisk; after the kills four agents take them. Counted: callers whose call broke
off before an agent had it, interactions that are missing or there twice, callers who were
overtaken, and the seconds until the service could take calls again.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sys
import time

from tests.asterisk.lab import until
from tests.service.house import DIRECT_DID, PASSWORD, House, house
from tests.service.phones import callers, desk_phone
from tests.service.robot import robot

CALLERS = 50
KILLS = 5
SERVED_SECONDS_MAX = 180.0
WRITTEN_SECONDS_MAX = 30.0
AGENTS = ("ada", "chloe", "liwei", "zhangmin")
ROWS = f"""
    select i.call, i.outcome,
           min(e.at) filter (where e.kind = 'queued') as joined,
           min(e.at) filter (where e.kind = 'offered') as offered,
           (select count(*) from interactions j where j.call = i.call) as written
    from interactions i left join interaction_events e using (call)
    where i.did = '{DIRECT_DID}' group by 1, 2 order by joined
"""


async def main() -> dict[str, object]:
    async with house() as centre:
        secrets = {agent: await centre.desk_phone(agent) for agent in AGENTS}
        async with callers(centre.ports["sip"], DIRECT_DID, CALLERS, per_second=10):
            await until(lambda: centre.channels() == CALLERS, 60)
            back = [await _kill(centre) for _ in range(KILLS)]
            after_kills = centre.channels()
            say(f"{after_kills} of {CALLERS} still wait after {KILLS} kills")
            await _serve(centre, secrets)
        rows = await _written(centre)
    offered = [row["offered"] for row in rows if row["offered"] is not None]
    return {
        "callers": CALLERS,
        "kills": KILLS,
        "callers_lost": CALLERS - sum(row["outcome"] == "answered" for row in rows),
        "channels_lost_in_kills": CALLERS - after_kills,
        "interactions_lost_or_doubled": abs(CALLERS - len(rows))
        + sum(row["written"] != 1 for row in rows),
        "overtaken": sum(later < earlier for earlier, later in itertools.pairwise(offered)),
        "seconds_until_ready": {"median": sorted(back)[len(back) // 2], "worst": max(back)},
    }


async def _kill(centre: House) -> float:
    centre.kill_service()
    began = time.monotonic()
    centre.start_service()
    await centre.ready()
    return round(time.monotonic() - began, 2)


async def _serve(centre: House, secrets: dict[str, str]) -> None:
    """All agents take calls until nobody waits."""
    async with contextlib.AsyncExitStack() as stack:
        for agent, secret in secrets.items():
            phone = desk_phone(centre.ports["sip"], f"d{agent}", secret, talk_ms=500)
            await stack.enter_async_context(phone)
            one = await stack.enter_async_context(robot(centre.url, agent, PASSWORD))
            one.close_calls_at_once()
            await one.begin_shift()
        await until(lambda: centre.channels() == 0, SERVED_SECONDS_MAX)
        await asyncio.sleep(1)  # the last wrap-up


async def _written(centre: House) -> list[dict[str, object]]:
    deadline = time.monotonic() + WRITTEN_SECONDS_MAX
    while True:
        rows = [dict(row) for row in await centre.rows(ROWS)]
        if len(rows) >= CALLERS or time.monotonic() > deadline:
            return rows
        await asyncio.sleep(0.2)


def say(text: str) -> None:
    print(f"   {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main()), indent=2))
