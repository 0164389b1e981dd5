"""Is the caller's record on the screen before the telephone rings? Real calls, real Chromium.

* `record_first`: calls, of 100 (or as many as `--calls` says, scaled), whose record was painted
  before the browser's phone began to ring aloud.
* `invite_to_painted`: from that INVITE to the painted record; below zero it was painted before.

The page notes the moments itself: `sip-invite` when the phone hears of the call, `pop-painted` in
the frame after the record was laid out. Callers give up while it rings, so no time goes into talk.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from tests.browser.person import Person, chromium
from tests.service.house import DIRECT_DID, PASSWORD, house
from tests.service.phones import callers

CALLS = 100
RING_MS = 2_500


async def main(calls: int) -> dict[str, object]:
    lead: list[float] = []
    first = 0
    async with house() as centre, chromium() as browser:
        ada = await Person.arrive(browser, centre.url)
        await ada.sign_in_by_hand("ada", PASSWORD)
        await ada.start_shift()
        await ada.go_ready()
        for number in range(calls):
            async with callers(centre.ports["sip"], DIRECT_DID, 1, talk_ms=RING_MS) as caller:
                call = await ada.offered()
                await asyncio.wait_for(caller.wait(), 10)
                await ada.state("available")
            marks = await ada.marks(call)
            if "pop-painted" in marks and "sip-invite" in marks:
                lead.append(marks["pop-painted"] - marks["sip-invite"])
                first += marks["pop-painted"] <= marks.get("ring", float("inf"))
            if number % 20 == 19:
                print(f"   {number + 1} calls", file=sys.stderr, flush=True)
    return figures(lead, first, calls)


def figures(painted_after_invite_ms: list[float], first: int, calls: int) -> dict[str, object]:
    ordered = sorted(painted_after_invite_ms)
    return {
        "calls": calls,
        "measured": len(ordered),
        "record_first": round(100 * first / calls, 1),
        "invite_to_painted": {
            "p50_ms": round(ordered[len(ordered) // 2], 1),
            "p99_ms": round(ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))], 1),
            "max_ms": round(ordered[-1], 1),
        },
    }


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--calls", type=int, default=CALLS)
    print(json.dumps(asyncio.run(main(arguments.parse_args().calls)), indent=2))
