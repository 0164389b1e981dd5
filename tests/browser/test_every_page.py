"""Every address of the console, read from its router so that none is forgotten, in one language
and theme or the other: nothing axe finds, nothing for the mouse alone, nothing covered or cut,
also with larger text.

With CALLCENTER_SCREENSHOTS=<folder> pictures of all of them are kept there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from callcenter.web.app import default_dist
from tests.browser.judging import at_rest, violations
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(400)]

ROUTER = default_dist().parent / "src" / "app" / "router.tsx"
ALL_LOOKS = [("en", "light"), ("zh", "dark"), ("en", "dark"), ("zh", "light")]
# Each language and each theme once, the pages in turn in the one or the other, so that the gate
# stays short; for pictures, each with each and every page in all.
PICTURES = os.environ.get("CALLCENTER_SCREENSHOTS")
LOOKS = ALL_LOOKS if PICTURES else ALL_LOOKS[:2]
# Width, height, size of text in percent. The widest found nothing of its own when all were judged,
# and costs a quarter of the time: only with pictures.
SIZES = [(1280, 720, 100), (1280, 720, 140), *([(3840, 2160, 100)] if PICTURES else [])]
PATIENCE_MS = 30_000  # a page is loaded in pieces, on a machine that does other things as well
# What stands for a variable part of an address.
EXAMPLES = {"$flow": "demo"}
# Not in the frame, or only an agent's.
OUTSIDE = {"/login", "/first-run", "/", "/wall"}
AGENT = {"/desk", "/dial"}
# Pages that stand in tabs of another.
TABS = {
    "/connections": ["keys", "webhooks", "form", "pops"],
    "/live/floor": ["alerts", "messages", "walls", "ghosts"],
    "/routes": ["routes", "lists"],
    "/staffing": ["needed", "plan", "what-if"],
    "/quality": ["todo", "list", "calibrations", "plans", "forms"],
    "/customers": ["list", "doubles", "files"],
    "/recordings": ["list", "rules"],
    "/admin": [
        *("people", "queues", "groups", "teams", "centre"),
        *("calls", "outbound", "customers", "sign-in"),
    ],
}
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
# Controls that a key never reaches: what one clicks must be focusable, or stand inside what is.
MOUSE_ONLY = """() => {
  const seen = (node) => node.checkVisibility() && node.getBoundingClientRect().width > 0;
  const reach = "a[href], button, input, select, textarea, label, summary, [tabindex], [role=tab]";
  return [...document.querySelectorAll("main *")]
    .filter((node) => seen(node) && getComputedStyle(node).cursor === "pointer")
    .filter((node) => node.closest(reach) === null && node.querySelector(reach) === null)
    .filter((node) => node.closest(".react-flow, svg") === null)
    .map((node) => `mouse only: <${node.tagName.toLowerCase()} class="${node.className}">`);
}"""
# In the window, but something else lies over it, also after it was scrolled to the middle: what a
# foot that stays in sight hides can be had by scrolling.
COVERED = """() => {
  const kinds = "main button, main a[href], main input, header button";
  const controls = document.querySelectorAll(kinds);
  const parts = "[class*=Switch],[class*=Checkbox],[class*=Input],[class*=Segmented]";
  const over = (node) => {
    const box = node.getBoundingClientRect();
    if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return null;
    if (box.width < 8 || box.height < 8 || node.closest(".react-flow") !== null) return null;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return null;
    for (let up = node.parentElement; up !== null; up = up.parentElement) {
      const frame = up.getBoundingClientRect();
      const clips = getComputedStyle(up).overflow !== "visible";
      const beside = x > frame.right || x < frame.left || y > frame.bottom || y < frame.top;
      if (clips && beside) return null;
    }
    const top = document.elementFromPoint(x, y);
    const own = top === null || node.contains(top) || top.contains(node)
      || top.closest("label")?.control === node
      || top.closest(parts) !== null;
    return own ? null : top;
  };
  const found = [...controls].flatMap((node) => {
    if (over(node) === null) return [];
    node.scrollIntoView({ block: "center", behavior: "instant" });
    const top = over(node);
    const name = node.getAttribute("aria-label") ?? node.textContent ?? "";
    return top === null
      ? []
      : [`covered: ${name.slice(0, 40)} by <${top.tagName} ${top.className}>`];
  });
  scrollTo({ top: 0, behavior: "instant" });
  return found;
}"""


def addresses() -> Iterator[str]:
    """Every path of the router, tabs as pages of their own."""
    for path in re.findall(r'^  path: "([^"]+)"', ROUTER.read_text("utf-8"), re.M):
        if path in OUTSIDE:
            continue
        for name, example in EXAMPLES.items():
            path = path.replace(name, example)
        for tab in TABS.get(path, [""]):
            yield f"{path}?tab={tab}" if tab else path


def test_the_router_names_every_page_that_the_rail_does() -> None:
    session = (ROUTER.parents[1] / "state" / "session.ts").read_text("utf-8")
    rail = set(re.findall(r'^  \w+: "(/[^"]+)"', session, re.M))
    assert rail <= {address.partition("?")[0] for address in addresses()}
    assert len(rail) > 12


class Judge:
    def __init__(self, person: Person, look: tuple[str, str]) -> None:
        self.person, self.look = person, look
        self.found: list[str] = []

    async def at(self, address: str) -> None:
        person, page = self.person, self.person.page
        name = re.sub(r"[^a-z]+", "-", address).strip("-")
        await page.goto(person.url + address)
        shown = page.locator("main :is(h1, h2, h3, [data-testid]):visible")
        await shown.first.wait_for(timeout=PATIENCE_MS)
        await page.wait_for_load_state("networkidle")
        await page.locator("main [aria-busy=true]").first.wait_for(
            state="detached", timeout=PATIENCE_MS
        )
        await at_rest(page)
        await self.picture(name)
        self.found += [f"{name}: {one}" for one in await violations(page)]
        self.found += [f"{name}: {one}" for one in await page.evaluate(MOUSE_ONLY)]
        for width, height, text in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            await page.evaluate(f"() => document.documentElement.style.fontSize = '{text}%'")
            await at_rest(page)
            place = f"{name} at {width}x{height}, text {text} %"
            if await page.evaluate(TOO_WIDE) > 0:
                self.found.append(f"{place}: wider than the window")
            self.found += [f"{place}: {one}" for one in await page.evaluate(COVERED)]
            if text > 100 or width > 2000:
                await self.picture(f"{name}-{width}-{text}")
        self.found += [f"{name}: {one}" for one in person.problems]
        person.problems.clear()
        await page.set_viewport_size({"width": 1440, "height": 900})

    async def picture(self, name: str) -> None:
        if PICTURES:
            path = Path(PICTURES) / f"{'-'.join(self.look)}-{name}.png"
            await self.person.page.screenshot(path=path, animations="disabled")


@pytest.mark.parametrize("look", LOOKS, ids=["-".join(look) for look in LOOKS])
async def test_every_page_in_every_look(
    chrome: Browser, scene: Stage, look: tuple[str, str]
) -> None:
    found = []
    for login, mine in (("admin", False), ("ada", True)):
        person = await Person.arrive(chrome, scene.url, language=look[0], scheme=look[1])
        await person.sign_in(login, PASSWORD)
        judge = Judge(person, look)
        for number, address in enumerate(addresses()):
            turn = PICTURES or LOOKS[number % len(LOOKS)] == look
            if turn and (address.partition("?")[0] in AGENT) == mine:
                await judge.at(address)
        found += judge.found
        await person.leave()
    assert "\n".join(found) == ""
