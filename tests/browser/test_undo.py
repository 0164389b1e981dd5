"""What is removed with one press comes back with one press: a team, a rule of an alert, a
wallboard, a sampling plan; as it was, not only by its name."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import APIResponse, Browser, Page, expect

from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(180)]

SLOW_MS = 30_000
# The page, its button, the list of the service; what it may lose on the way back.
REMOVED = [
    ("/admin?tab=teams", "Remove team Spring 春", "/api/teams", set()),
    ("/live/floor?tab=alerts", "Remove rule Spring 春", "/api/alert-rules", {"id"}),
    ("/live/floor?tab=walls", "Remove wallboard Spring 春", "/api/walls", {"id"}),
    ("/quality?tab=plans", "Remove the plan Spring 春", "/api/sampling-plans", {"id"}),
]
TILE = {"id": "a", "kind": "figure", "metric": "waiting", "x": 0, "y": 0, "w": 4, "h": 3}
QUESTION = {"code": "q1", "kind": "yes-no", "text": "Greets"}
FORM = {
    "code": "spring",
    "name": "Spring",
    "sections": [{"code": "s1", "name": "Talk", "questions": [QUESTION]}],
}


async def test_what_is_removed_comes_back_as_it_was(chrome: Browser, scene: Stage) -> None:
    admin = await Person.arrive(chrome, scene.url)
    admin.page.set_default_timeout(SLOW_MS)
    await admin.sign_in("admin", PASSWORD)
    page = admin.page
    await _made(page, scene)
    for address, button, path, other in REMOVED:
        before = await _listed(page, scene, path)
        await page.goto(f"{scene.url}{address}")
        await page.get_by_role("button", name=button).click()
        undo = page.get_by_role("button", name="Undo").last
        await undo.wait_for()
        await expect(page.get_by_role("button", name=button)).to_have_count(0)
        assert await _listed(page, scene, path) is None, path
        await undo.click()
        await page.get_by_role("button", name=button).wait_for()
        again = await _listed(page, scene, path)
        assert before is not None
        assert again is not None
        other = {*other, "version"}
        kept = [{k: v for k, v in one.items() if k not in other} for one in (before, again)]
        assert kept[0] == kept[1], path
        await page.reload()
        await page.get_by_role("button", name=button).wait_for()
    assert admin.problems == []
    await admin.leave()


async def _made(page: Page, scene: Stage) -> None:
    """One of each, with something to lose."""
    name = {"name": "Spring 春"}

    async def sent(way: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        ask = page.request.put if way == "put" else page.request.post
        answer: APIResponse = await ask(
            f"{scene.url}{path}", data=body, headers={"Origin": scene.url}
        )
        assert answer.ok, await answer.text()
        found: dict[str, Any] = await answer.json()
        return found

    await sent("put", "/api/teams/spring", name | {"agents": ["ben"], "queues": ["support"]})
    rule = {"metric": "waiting", "operator": "over", "value": 99, "seconds": 40}
    place = {"scope": "queue", "subject": "support", "sound": False, "language": "zh"}
    await sent("post", "/api/alert-rules", name | rule | place)
    layout = {"pages": [{"tiles": [TILE]}]}
    await sent("post", "/api/walls", name | {"team": "spring", "layout": layout})
    kept = await sent("put", "/api/evaluation-forms/spring", {"form": FORM})
    publish = {"revision": kept["revision"], "note": ""}
    await sent("post", "/api/evaluation-forms/spring/publish", publish)
    plan = {"form": "spring", "team": "spring", "per_agent": 3, "queues": ["support"]}
    await sent("post", "/api/sampling-plans", name | plan | {"seconds_min": 60})


async def _listed(page: Page, scene: Stage, path: str) -> dict[str, Any] | None:
    answer = await page.request.get(f"{scene.url}{path}")
    items = (await answer.json())["items"]
    return next((one for one in items if one["name"] == "Spring 春"), None)
