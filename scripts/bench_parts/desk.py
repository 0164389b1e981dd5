"""How quick is the console itself? Real service, real Chromium, on the loopback.

* `first_paint`: from the address to the first text or picture, and to the agent's state on the
  screen, with nothing in the browser's cache.
* `javascript_kb`: all scripts that an agent's browser has fetched by itself once the shift has
  begun and the desk stands idle, as they came over the wire (compressed by the server).
* `frames`: the page of agents while 200 of them change state each second: time between two frames,
  by `requestAnimationFrame`. `frames_a_second`: the mean.
* `resume`: the page is loaded anew in the middle of a talk; until the agent hears again, and until
  the caller does. A real Asterisk, sound in both directions.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser

from callcenter.core.board import AgentRow
from callcenter.core.effects import Show
from tests.asterisk.lab import until
from tests.browser.person import Person, chromium
from tests.browser.stage import PASSWORD, Stage, stage
from tests.browser.test_transfer import HEARD_MIN, KNOWN, TONE, at_work, hears
from tests.database import fresh_database, running_server
from tests.service.house import DIRECT_DID, house
from tests.service.phones import caller

OPENINGS = 9
AGENTS = 200
FRAME_SECONDS = 10
RESUMES = 7
WAIT_SECONDS = 20.0
STATES = ("available", "offered", "talking", "hold", "wrap-up", "paused")

PAINTED = """async () => {
  for (;;) {
    const seen = performance.getEntriesByName("first-contentful-paint")[0];
    if (seen) return seen.startTime;
    await new Promise((done) => setTimeout(done, 10));
  }
}"""
SCRIPTS = """() => performance.getEntriesByType("resource")
  .filter((one) => one.name.endsWith(".js"))
  .reduce((sum, one) => sum + one.encodedBodySize, 0) / 1000"""
FRAMES = """(seconds) => new Promise((done) => {
  const times = [];
  const until = performance.now() + 1000 * seconds;
  const one = (now) => {
    times.push(now);
    if (now < until) requestAnimationFrame(one);
    else done(times.slice(1).map((at, n) => at - times[n]));
  };
  requestAnimationFrame(one);
})"""


def of(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def openings(browser: Browser, scene: Stage) -> dict[str, float]:
    """Each in a new profile: signed in, then the address is opened with an empty cache."""
    painted, shown = [], []
    for _ in range(OPENINGS):
        person = await Person.arrive(browser, scene.url)
        await person.sign_in("ada", PASSWORD)
        cdp = await person.context.new_cdp_session(person.page)
        await cdp.send("Network.clearBrowserCache")
        began = time.monotonic()
        await person.page.goto(scene.url, wait_until="commit")
        await person.page.get_by_test_id("own-state").wait_for()
        shown.append(1000 * (time.monotonic() - began))
        painted.append(float(await person.page.evaluate(PAINTED)))
        await person.leave()
    return {
        "p50_ms": round(of(painted, 0.5)),
        "max_ms": round(max(painted)),
        "state_shown_p50_ms": round(of(shown, 0.5)),
    }


async def scripts(browser: Browser, scene: Stage) -> float:
    person = await Person.arrive(browser, scene.url)
    await person.sign_in("ada", PASSWORD)
    await person.page.reload()  # without what only signing in needs
    await person.start_shift()
    await person.page.wait_for_load_state("networkidle")
    found = round(float(await person.page.evaluate(SCRIPTS)), 1)
    await person.leave()
    return found


async def frames(browser: Browser, scene: Stage) -> dict[str, float]:
    boss = await Person.arrive(browser, scene.url, width=1920, height=1080)
    await boss.sign_in("admin", PASSWORD)
    await boss.page.goto(f"{scene.url}/live/agents")
    show(scene, 0, range(AGENTS))
    await boss.page.get_by_text("Agent 199").wait_for()
    changing = asyncio.create_task(change(scene))
    between = await boss.page.evaluate(FRAMES, FRAME_SECONDS)
    changing.cancel()
    quiet = await boss.page.evaluate(FRAMES, FRAME_SECONDS)
    await boss.leave()
    return {
        "frames_a_second": round(1000 * len(between) / sum(between), 1),
        "p99_ms": round(of(between, 0.99), 1),
        "longest_ms": round(max(between), 1),
        "frames_a_second_when_nothing_changes": round(1000 * len(quiet) / sum(quiet), 1),
    }


def show(scene: Stage, turn: int, agents: range) -> None:
    for number in agents:
        row = AgentRow(
            f"a{number}",
            f"Agent {number}",
            "sales",
            STATES[(turn + number) % len(STATES)],
            time.time(),
            queues=("sales",),
            handled=turn,
        )
        scene.hub.perform(Show("agents", row.agent, row))


async def change(scene: Stage) -> None:
    """All 200 in each second, spread over it."""
    turn = 0
    while True:
        turn += 1
        for number in range(0, AGENTS, 10):
            show(scene, turn, range(number, number + 10))
            await asyncio.sleep(1 / (AGENTS / 10))


async def resumes(browser: Browser) -> dict[str, float]:
    agent, customer = [], []
    async with house() as centre:
        ada = await at_work(browser, centre, "ada")
        async with caller(centre.ports["sip"], DIRECT_DID, KNOWN, "He Yang", tone=TONE) as phone:
            await ada.offered()
            await ada.answer()
            await ada.stage("talking")
            await hears(ada, True)
            for _ in range(RESUMES):
                began = time.monotonic()
                await ada.page.reload(wait_until="commit")
                while (await ada.heard()).energy_in < HEARD_MIN:
                    assert time.monotonic() - began < WAIT_SECONDS, "nothing is heard any more"
                agent.append(time.monotonic() - began)
                phone.listen_anew()
                await until(lambda: phone.energy() > HEARD_MIN, WAIT_SECONDS)
                customer.append(time.monotonic() - began)
                await asyncio.sleep(2)
    return {
        "agent_hears_p50_s": round(of(agent, 0.5), 2),
        "agent_hears_max_s": round(max(agent), 2),
        "caller_hears_p50_s": round(of(customer, 0.5), 2),
    }


async def main(url: str) -> dict[str, object]:
    found: dict[str, object] = {"agents": AGENTS}
    folder = Path(tempfile.mkdtemp(prefix="cc-bench-desk-"))
    async with chromium() as browser, stage(url, folder) as scene:
        found["first_paint"] = await openings(browser, scene)
        print("   opened", file=sys.stderr, flush=True)
        found["javascript_kb"] = await scripts(browser, scene)
        found["frames"] = await frames(browser, scene)
        print("   frames counted", file=sys.stderr, flush=True)
    async with chromium() as browser:
        found["resume"] = await resumes(browser)
    return found


if __name__ == "__main__":
    with running_server() as server, fresh_database(server, "bench_desk") as made:
        print(json.dumps(asyncio.run(main(made)), indent=2))
