"""How fresh is a supervisor's screen? From an event's coming to the row that was painted.

The whole service with its database, journal and web server, a stand-in telephone for Asterisk's
manager link, 200 agents, 20 calls a second, and a real Chromium on the queue's list of waiting
callers. `event_to_painted`: from the moment the event of the call is handed to the loop to the
frame in which the caller's number is on the screen. What lies before, Asterisk and the parsing of
its event, the part `queueing` measures (`our_share`).

Run it with `python -m scripts.bench_parts.live [calls]` from the root of the repository.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser

from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from tests.browser.person import Person, chromium
from tests.browser.stage import PASSWORD, Stage, stage
from tests.database import fresh_database, running_server

AGENTS = 200
CALLS = 1000
CALLS_A_SECOND = 20
STAYS_SECONDS = 3.0
# The moment after the first frame in which each number is on the screen, in the page's own clock.
# What is changed within a frame's own callbacks is in that frame, all else in the next one.
WATCH = """() => {
  window.__painted = {};
  const look = () => {
    for (const cell of document.querySelectorAll("[role=dialog] td")) {
      const digits = cell.textContent.replace(/\\D/g, "");
      if (digits.length > 9 && !(digits in window.__painted))
        window.__painted[digits] = performance.timeOrigin + performance.now();
    }
  };
  const after = new MessageChannel();
  let within = false;
  after.port1.onmessage = () => { within = false; look(); };
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (deed) => frame((at) => {
    within = true;
    after.port2.postMessage(null);
    deed(at);
  });
  new MutationObserver(() => within || window.requestAnimationFrame(() => {})).observe(
    document.body, { childList: true, subtree: true, characterData: true });
}"""


async def main(url: str, calls: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        async with stage(url, Path(name)) as made, chromium() as browser:
            await _hire(url)
            return await _measure(made, browser, calls)


async def _hire(url: str) -> None:
    engine = make_engine(url)
    directory = Directory(engine)
    for number in range(AGENTS):
        await directory.put_agent(f"bench{number}", {"name": f"Bench {number}"}, by="bench")
    await engine.dispose()


async def _measure(made: Stage, browser: Browser, calls: int) -> dict[str, object]:
    """All callers go to one queue, whose list a supervisor has open; each gives up soon."""
    boss = await Person.arrive(browser, made.url)
    await boss.sign_in_by_hand("supervisor", PASSWORD)
    page = boss.page
    await page.get_by_role("button", name="Sales").first.click()
    await page.get_by_role("dialog").wait_for()
    await page.evaluate(WATCH)
    came: dict[str, float] = {}
    began = time.time()
    leaving: list[tuple[float, str]] = []
    for number in range(calls):
        await asyncio.sleep(max(0.0, began + number / CALLS_A_SECOND - time.time()))
        digits = f"4477009{number:05d}"
        came[digits] = 1000 * time.time()
        made.telephone.arrive(f"live-{number}", f"+{digits}", digits="11")
        leaving.append((time.time() + STAYS_SECONDS, f"live-{number}"))
        while leaving and leaving[0][0] < time.time():
            made.telephone.caller_hangs_up(leaving.pop(0)[1])
        if number % 200 == 199:
            print(f"   {number + 1} calls", file=sys.stderr, flush=True)
    await asyncio.sleep(1.0)
    painted: dict[str, float] = await page.evaluate("() => window.__painted")
    took = sorted(painted[digits] - at for digits, at in came.items() if digits in painted)
    return {
        "calls": calls,
        "seen": len(took),
        "event_to_painted": {
            "p50_ms": round(took[len(took) // 2], 1),
            "p99_ms": round(took[min(len(took) - 1, int(0.99 * len(took)))], 1),
            "max_ms": round(took[-1], 1),
        },
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("calls", nargs="?", type=int, default=CALLS)
    given = parser.parse_args()
    with running_server() as server, fresh_database(server, "live") as at:
        print(json.dumps(asyncio.run(main(at, given.calls))))
