"""What axe finds wrong on a page, and when a page has come to rest so that it can be judged."""

from __future__ import annotations

from playwright.async_api import Page

from callcenter.web.app import default_dist

AXE = default_dist().parent / "node_modules" / "axe-core" / "axe.min.js"
# Of what is right, axe need not name every element: that is half of its work.
_RUN = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    resultTypes: ["violations"],
  });
  return found.violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.any[0]?.message ?? ""}`));
}"""
# Some frames in which nothing moves that will ever end; what turns while one waits does not count,
# and nobody waits longer than this for what begins again and again.
_AT_REST = """async () => {
  const until = performance.now() + 5_000;
  const moving = () => document.getAnimations().filter((one) =>
    one.playState === "running" && one.effect?.getComputedTiming().endTime !== Infinity);
  for (let frames = 0; frames < 4 && performance.now() < until; frames += 1) {
    await new Promise(requestAnimationFrame);
    if (moving().length === 0) continue;
    const over = Promise.allSettled(moving().map((one) => one.finished));
    await Promise.race([over, new Promise((done) => setTimeout(done, 1_000))]);
    frames = 0;
  }
}"""


async def violations(page: Page) -> list[str]:
    """What axe finds: rule, element, and why."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = await page.evaluate(_RUN)
    return found


async def at_rest(page: Page) -> None:
    """Wait until nothing slides or fades any more: what moves has no contrast yet."""
    await page.evaluate(_AT_REST)
