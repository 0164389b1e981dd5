"""How long does a flow of 500 nodes take to open in the designer? Real service, real Chromium.

From the click in the list of flows to the frame in which nodes and ways are painted; `placed` with
places that are saved, `unplaced` when all are worked out first.
"""

from __future__ import annotations

import asyncio
import json

from playwright.async_api import Page

from tests.browser.person import Person, chromium
from tests.service.house import PASSWORD, house

NODES = 500
OPENINGS = 7
WAIT_MS = 30_000
OPEN = """async (name) => {
  const link = document.querySelector(`a[href="/flows/${name}"]`);
  const began = performance.now();
  link.click();
  for (;;) {
    await new Promise(requestAnimationFrame);
    const drawn = document.querySelector('[data-testid="canvas"] .fd-node');
    if (drawn && document.querySelector(".react-flow__edge-path")) break;
  }
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""
SAVE = """async ([name, flow]) => {
  const send = async (method, path, body) => {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const made = await send("POST", "/api/flows", { name, title: name });
  const body = { flow, base_revision: made.draft_revision };
  await send("PUT", `/api/flows/${name}/draft`, body);
}"""


def large_flow(placed: bool) -> dict[str, object]:
    """A tree of menus with three choices each; every leaf is a queue."""
    nodes: dict[str, object] = {}
    menus = NODES // 3
    for number in range(NODES):
        after = [3 * number + way for way in (1, 2, 3)]
        if number < menus and after[-1] < NODES:
            ports = {str(key): f"n{to}" for key, to in enumerate(after, 1)}
            nodes[f"n{number}"] = {
                "kind": "menu",
                "prompt": "ask",
                "label": f"Menu {number}",
                "choices": {"1": "one", "2": "two", "3": "three"},
                "ports": ports | {"timeout": ports["1"]},
            }
        else:
            nodes[f"n{number}"] = {"kind": "queue", "queue": "support"}
    flow: dict[str, object] = {
        "languages": ["en"],
        "start": "n0",
        "prompts": {"ask": {"en": "One, two or three?"}},
        "nodes": nodes,
    }
    if placed:
        flow["layout"] = {f"n{n}": [320 * (n % 25), 200 * (n // 25)] for n in range(NODES)}
    return flow


async def openings(page: Page, url: str, name: str) -> dict[str, int]:
    """`first`: with the designer's own code still to be loaded. `cpu`: of the page's main thread,
    which says more than the clock on a machine that is busy with other things."""
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Performance.enable")

    async def busy() -> float:
        metrics = (await cdp.send("Performance.getMetrics"))["metrics"]
        return next(1000 * one["value"] for one in metrics if one["name"] == "TaskDuration")

    await page.goto(f"{url}/flows")
    took, cpu = [], []
    for _ in range(OPENINGS + 1):
        await page.locator(f'a[href="/flows/{name}"]').wait_for()
        before = await busy()
        took.append(float(await page.evaluate(OPEN, name)))
        cpu.append(await busy() - before)
        await page.locator('[data-testid="designer"] a[href="/flows"]').click()
    first, *took = took
    first_cpu, *cpu = cpu
    return {
        "first_ms": round(first),
        "first_cpu_ms": round(first_cpu),
        "p50_ms": round(sorted(took)[len(took) // 2]),
        "max_ms": round(max(took)),
        "cpu_p50_ms": round(sorted(cpu)[len(cpu) // 2]),
    }


async def main() -> dict[str, object]:
    found: dict[str, object] = {"nodes": NODES, "openings": OPENINGS}
    async with house() as centre, chromium() as browser:
        person = await Person.arrive(browser, centre.url)
        person.page.set_default_timeout(WAIT_MS)
        await person.sign_in_by_hand("admin", PASSWORD)
        for name, placed in (("placed", True), ("unplaced", False)):
            await person.page.evaluate(SAVE, [name, large_flow(placed)])
            found[name] = await openings(person.page, centre.url, name)
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main()), indent=2))
