"""How quick is the console itself? Real service, real Chromium, on the loopback.

* `first_paint`: from the address to the first text or picture, and to the agent's state on the
  screen, with nothing in the browser's cache.
* `fetched`: all scripts that an agent's browser has fetched by itself once the shift has begun and
  the desk stands idle: `kb` as they came over the wire (the browser's own count), `gzip_kb` for a
  browser that takes no better packing.
* `frames`: 200 agents change state each second, and with them the figures of the queues, on the
  page of agents, the page of queues and an agent's desk. `frames_a_second`: the mean, by
  `requestAnimationFrame`; `cpu_percent`: of one core, all that the page's own thread did. Frames
  are lost to whatever else the machine does; the CPU says whether the page would have kept up.
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
from typing import Any

from playwright.async_api import Browser

from callcenter.core.board import AgentRow, QueueRow
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
QUEUES = {"sales": "Sales", "support": "Support", "billing": "Billing", "vip": "VIP"}
STATES = ("available", "offered", "talking", "hold", "wrap-up", "paused")

PAINTED = """async () => {
  for (;;) {
    const seen = performance.getEntriesByName("first-contentful-paint")[0];
    if (seen) return seen.startTime;
    await new Promise((done) => setTimeout(done, 10));
  }
}"""
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
        await person.sign_in_by_hand("ada", PASSWORD)
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


async def fetched(browser: Browser, scene: Stage) -> dict[str, float]:
    """Twice: by a browser as it is, and by one that takes gzip only."""
    best = await wire_bytes(browser, scene, None)
    gzip = await wire_bytes(browser, scene, "gzip")
    return {
        "kb": round(sum(best.values()) / 1000, 1),
        "gzip_kb": round(sum(gzip.values()) / 1000, 1),
        "files": len(best),
    }


async def wire_bytes(browser: Browser, scene: Stage, packing: str | None) -> dict[str, float]:
    """Bytes of each script's body until an agent's desk stands idle."""
    person = await Person.arrive(browser, scene.url)
    await person.sign_in_by_hand("ada", PASSWORD)
    if packing is not None:
        await person.context.set_extra_http_headers({"Accept-Encoding": packing})
    cdp = await person.context.new_cdp_session(person.page)
    await cdp.send("Network.enable")
    await cdp.send("Network.clearBrowserCache")
    names: dict[str, str] = {}
    heads: dict[str, float] = {}
    sizes: dict[str, float] = {}

    def answered(event: dict[str, Any]) -> None:
        if event["response"]["url"].endswith(".js"):
            names[event["requestId"]] = event["response"]["url"].rpartition("/")[2]
            heads[event["requestId"]] = event["response"]["encodedDataLength"]

    def finished(event: dict[str, Any]) -> None:
        if (request := event["requestId"]) in names:
            sizes[names[request]] = event["encodedDataLength"] - heads[request]

    cdp.on("Network.responseReceived", answered)
    cdp.on("Network.loadingFinished", finished)
    await person.page.goto(scene.url)  # without what only signing in needs
    await person.start_shift()
    await person.page.wait_for_load_state("networkidle")
    found = dict(sizes)
    await end_shift(person)
    await person.leave()
    return found


async def end_shift(person: Person) -> None:
    """Whoever only closes the browser stays on shift: the next visit would find it begun."""
    await person.page.get_by_test_id("own-state").click()
    await person.page.get_by_role("menuitem", name="End shift").click()
    await person.page.get_by_test_id("start-shift").wait_for()


async def frames(browser: Browser, scene: Stage) -> dict[str, object]:
    show(scene, 0, range(AGENTS))
    boss = await Person.arrive(browser, scene.url, width=1920, height=1080)
    await boss.sign_in_by_hand("admin", PASSWORD)
    found: dict[str, object] = {}
    for page in ("agents", "queues"):
        await boss.page.goto(f"{scene.url}/live/{page}")
        await boss.page.get_by_text(
            {"agents": "Agent 199", "queues": "Sales"}[page]
        ).first.wait_for()
        found[page] = await frames_of(boss, scene)
    found["frames_a_second_when_nothing_changes"] = await quiet_frames(boss)
    await boss.leave()
    ada = await Person.arrive(browser, scene.url, width=1920, height=1080)
    await ada.sign_in_by_hand("ada", PASSWORD)
    await ada.start_shift()
    found["desk"] = await frames_of(ada, scene)
    await ada.leave()
    return found


async def frames_of(person: Person, scene: Stage) -> dict[str, float]:
    cdp = await person.context.new_cdp_session(person.page)
    await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    async def busy() -> float:
        metrics = (await cdp.send("Performance.getMetrics"))["metrics"]
        return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")

    changing = asyncio.create_task(change(scene))
    await asyncio.sleep(1)  # what begins with the first change is over
    before, began = await busy(), time.monotonic()
    between = await person.page.evaluate(FRAMES, FRAME_SECONDS)
    cpu = (await busy() - before) / (time.monotonic() - began)
    changing.cancel()
    return {
        "frames_a_second": round(1000 * len(between) / sum(between), 1),
        "p99_ms": round(of(between, 0.99), 1),
        "longest_ms": round(max(between), 1),
        "cpu_percent": round(100 * cpu, 1),
    }


async def quiet_frames(person: Person) -> float:
    between = await person.page.evaluate(FRAMES, FRAME_SECONDS)
    return round(1000 * len(between) / sum(between), 1)


def show(scene: Stage, turn: int, agents: range) -> None:
    """These change, and with them what their queues count."""
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
    for queue, name in QUEUES.items():
        busy = QueueRow(queue, name, waiting=turn % 5, available=turn % 7, answered=turn)
        scene.hub.perform(Show("queues", queue, busy))


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
        found["fetched"] = await fetched(browser, scene)
        found["frames"] = await frames(browser, scene)
        print("   frames counted", file=sys.stderr, flush=True)
    async with chromium() as browser:
        found["resume"] = await resumes(browser)
    return found


if __name__ == "__main__":
    with running_server() as server, fresh_database(server, "bench_desk") as made:
        print(json.dumps(asyncio.run(main(made)), indent=2))
